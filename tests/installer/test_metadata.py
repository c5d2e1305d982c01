"""Names, versions, the lists that packagers need: one source, and it agrees with the program."""

from __future__ import annotations

import ast
import plistlib
from pathlib import Path

import pytest
from PySide6.QtCore import QLibraryInfo

from app import __version__
from app.paths import NAME
from installer import qtfilter
from installer.metadata import ROOT, Metadata, entitlements, info_plist, load_metadata, version_resource
from resources import SOURCE, languages


def test_one_version_and_one_name() -> None:
    about = load_metadata()
    assert about.version == __version__
    assert about.command == NAME


@pytest.mark.parametrize(
    ("version", "numbers"),
    [("1.2.3", (1, 2, 3, 0)), ("0.2.0rc1", (0, 2, 0, 0)), ("2.0", (2, 0, 0, 0)), ("1.2.3.dev4", (1, 2, 3, 0))],
)
def test_the_version_in_four_numbers(version: str, numbers: tuple[int, ...]) -> None:
    assert Metadata(version).numbers == numbers


def test_the_version_resource_is_what_pyinstaller_evaluates() -> None:
    class Row:
        def __init__(self, *parts: object, **named: object) -> None:
            self.parts, self.named = parts, named

    names = ("VSVersionInfo", "FixedFileInfo", "StringFileInfo", "StringTable", "StringStruct", "VarFileInfo")
    read = eval(version_resource(Metadata("1.2.3"), "x.exe"), dict.fromkeys((*names, "VarStruct"), Row))  # noqa: S307
    assert read.named["ffi"].named["filevers"] == (1, 2, 3, 0)
    table = read.named["kids"][0].parts[0][0]
    strings = dict(row.parts for row in table.parts[1])
    assert strings["OriginalFilename"] == "x.exe"
    assert strings["ProductVersion"] == "1.2.3"
    assert strings["ProductName"] == "Gate Station"


def test_the_property_lists_survive_a_round_trip() -> None:
    for made in (info_plist(Metadata("1.2.3")), entitlements()):
        assert plistlib.loads(plistlib.dumps(made)) == made
    plist = info_plist(Metadata("1.2.3rc1"))
    assert plist["CFBundleShortVersionString"] == "1.2.3"
    assert (ROOT / "installer" / "icons" / plist["CFBundleIconFile"]).exists()


def _imported(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("PySide6.Qt"):
            found.add((node.module or "").removeprefix("PySide6.Qt"))
        if isinstance(node, ast.Import):
            found |= {name.name.removeprefix("PySide6.Qt") for name in node.names if name.name.startswith("PySide6.Qt")}
    return found


def test_each_module_of_qt_that_is_imported_is_kept() -> None:
    used = set().union(*(_imported(file) for file in (ROOT / "ui").rglob("*.py")))
    assert {"Core", "Gui", "Widgets"} <= used
    assert used <= qtfilter.MODULES


@pytest.mark.parametrize(
    "path",
    [
        "PySide6/Qt/lib/libQt6Core.so.6",
        "libQt6XcbQpa.so.6",
        "PySide6\\Qt6Widgets.dll",
        "PySide6/QtSvg.abi3.so",
        "PySide6/QtGui.pyd",
        "PySide6/Qt/lib/QtPrintSupport.framework/Versions/A/QtPrintSupport",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6\\plugins\\platforms\\qwindows.dll",
        "PySide6/Qt/plugins/styles/libqmacstyle.dylib",
        "PySide6/Qt/translations/qtbase_es.qm",
        "PySide6/Qt/translations/qtbase_pt_BR.qm",
        "PySide6/Qt/lib/libicudata.so.73",
        "libpython3.11.so.1.0",
        "resources/window.qss",
        "sqlcipher3/_sqlite3.cpython-311-x86_64-linux-gnu.so",
    ],
)
def test_kept(path: str) -> None:
    assert qtfilter.keeps(path)


@pytest.mark.parametrize(
    "path",
    [
        "PySide6/Qt/lib/libQt6Sql.so.6",
        "PySide6\\Qt6Quick.dll",
        "PySide6/QtSql.abi3.so",
        "PySide6/Qt/lib/QtQml.framework/Versions/A/QtQml",
        "PySide6/Qt/plugins/platforms/libqeglfs.so",
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "PySide6/Qt/plugins/wayland-shell-integration/libxdg-shell.so",
        "PySide6/Qt/translations/qtbase_fi.qm",
        "PySide6/Qt/plugins/tls/libqopensslbackend.so",
        "PySide6/Qt/plugins/imageformats/libqtiff.so",
        "PySide6/Qt/plugins/imageformats/libqjpeg.so",
        "PySide6\\opengl32sw.dll",
        "PySide6\\d3dcompiler_47.dll",
        "PySide6\\libEGL.dll",
        "PySide6\\libGLESv2.dll",
        "PySide6/Qt/translations/qtdeclarative_es.qm",
        "PySide6/Qt/translations/qt_help_pt_BR.qm",
        "PySide6/Qt/qml/QtQuick/qmldir",
    ],
)
def test_left_out(path: str) -> None:
    assert not qtfilter.keeps(path)


def test_qt_speaks_each_language_of_the_program() -> None:
    there = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)).glob("*.qm")
    kept = [file.name for file in there if qtfilter.keeps(f"PySide6/Qt/translations/{file.name}")]
    assert {name.removeprefix("qtbase_")[:2] for name in kept} == set(languages()) - {SOURCE}
