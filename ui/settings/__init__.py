"""The settings page: rows made from the table in app/settings.py, and the token of the gate.

Owns the rows' inputs, the edits that are not saved yet, and the token's form. Values are judged by the rows
of the table and saved by `Workstation.change_settings`. May import app/ and the kit, theme and background of
ui/; no other screen, except scenes.py, which draws the page in its window.
"""
