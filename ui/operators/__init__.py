"""Who is at the window: the lock, lending rights, and the list of operators in the settings."""
