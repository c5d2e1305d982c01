# The disk image's layout, read by dmgbuild (its documentation, "Settings"): the application, and where to drag it.
# ruff: noqa: F821 - it is not defined here
from pathlib import Path

# Put there by dmgbuild: what was given with -D.
defines: dict[str, str]

application = Path(defines["app"])

files = [str(application)]
symlinks = {"Applications": "/Applications"}
icon = defines["icon"]
format = "UDZO"
filesystem = "HFS+"
default_view = "icon-view"
icon_size = 112
text_size = 13
window_rect = ((200, 180), (560, 340))
icon_locations = {application.name: (150, 150), "Applications": (410, 150)}
