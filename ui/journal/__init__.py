"""The log: every submission of the station, newest first, with what became of it.

Owns the paged table, its filters and search, and the detail of one submission. Reads the journal in workers
only (ui/background.py) and changes nothing but by `Workstation.resume` and `Workstation.cancel`. May import app/,
the kit, theme and background of ui/, and the words for origins that the form has; no other screen, except
scenes.py, which draws the log in its window.
"""
