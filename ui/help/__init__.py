"""F1: what the screen in front is for, and its keys."""
