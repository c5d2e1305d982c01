"""Real peers for tests: what the program talks to, on this machine."""
