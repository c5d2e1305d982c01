"""Which files of Qt the frozen program keeps: everything that no row here names is left out.

PyInstaller brings each module that an import reaches and each plugin of it; most of that is for programs that draw
with OpenGL, speak HTTP through Qt, or run without a window system.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from resources import SOURCE, languages

MODULES = frozenset({"Core", "DBus", "Gui", "Network", "PrintSupport", "Svg", "Test", "Widgets"})
"""What the program may import of PySide6; a test holds it against the imports."""

LIBRARIES = MODULES | {
    "XcbQpa",  # the X11 window system
    "OpenGL",  # XcbQpa is linked against it
}

PLUGINS: Mapping[str, frozenset[str]] = {
    "accessiblebridge": frozenset({"qtuiatextbridge"}),
    "iconengines": frozenset({"qsvgicon"}),
    "imageformats": frozenset({"qico", "qsvg"}),
    "platforminputcontexts": frozenset({"composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"}),
    "platforms": frozenset({"qcocoa", "qminimal", "qoffscreen", "qwindows", "qxcb"}),
    "platformthemes": frozenset({"qxdgdesktopportal"}),
    "printsupport": frozenset({"cocoaprintersupport", "cupsprintersupport", "windowsprintersupport"}),
    "styles": frozenset({"qmacstyle", "qmodernwindowsstyle", "qwindowsvistastyle"}),
}

LANGUAGES = frozenset(languages()) - {SOURCE}
"""Languages of the program beside its own, which Qt has by itself."""

DROPPED_FILES = frozenset({"opengl32sw.dll", "d3dcompiler_47.dll", "libegl.dll", "libglesv2.dll"})
"""OpenGL in software and its like: widgets are drawn without."""

_LIBRARY = re.compile(r"(?:lib)?Qt6?(?P<module>[A-Z]\w*?)(?:\.abi3)?\.(?:so(?:\.\d+)*|dll|dylib|pyd)")
_FRAMEWORK = re.compile(r"(?:^|/)Qt(?P<module>[A-Z]\w*)\.framework/")
_PLUGIN = re.compile(r"(?:^|/)plugins/(?P<folder>[\w-]+)/(?:lib)?(?P<name>[\w-]+?)\.(?:so|dll|dylib)$")
_TRANSLATION = re.compile(r"(?:^|/)translations/(?P<name>[a-z]+)_(?P<language>\w+)\.qm$")


def keeps(destination: str) -> bool:
    """Whether the file that would lie at `destination` in the frozen folder is kept. Files beside Qt's all are."""
    path = destination.replace("\\", "/")
    name = path.rsplit("/", 1)[-1]
    if name.lower() in DROPPED_FILES or "/qml/" in path:
        return False
    if plugin := _PLUGIN.search(path):
        return plugin["name"] in PLUGINS.get(plugin["folder"], frozenset())
    if translation := _TRANSLATION.search(path):
        # The buttons of Qt's own dialogs; the program's own texts lie under resources. A country may follow: pt_BR.
        return translation["name"] == "qtbase" and translation["language"].split("_")[0] in LANGUAGES
    found = _FRAMEWORK.search(path) or _LIBRARY.fullmatch(name)
    return found is None or found["module"] in LIBRARIES
