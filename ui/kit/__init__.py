"""Small widgets that every screen is made of. They name roles and sizes, and know nothing of devices or the gate."""
