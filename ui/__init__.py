"""The window: PySide6 widgets over the Workstation, and nothing that knows more than it shows.

Owns the look (theme, kit, icons), the doorways between the window's thread and the blocking parts
(background, bridge), and the screens. May import everything of app/ below it; nothing imports ui/, so that the
command line runs on a machine with no display. Screens show models and emit intents; what is right, sent or
kept is decided in app/.
"""
