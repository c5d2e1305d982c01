"""What of the macOS package can be looked at anywhere: what is signed, in which order, and the image's layout."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from dev import Failed
from installer.macos.package import IDENTITY, PROFILE, binaries, inside_out, package
from installer.metadata import ROOT, Metadata, load_metadata
from installer.plan import Build, Python

MACH_O, UNIVERSAL = bytes.fromhex("cffaedfe"), bytes.fromhex("cafebabe")


@pytest.fixture
def app(tmp_path: Path) -> Path:
    folder = tmp_path / "Gate Station.app" / "Contents"
    for name, content in {
        "MacOS/gate-station": MACH_O,
        "Frameworks/PySide6/Qt/lib/QtCore.framework/Versions/A/QtCore": UNIVERSAL,
        "Frameworks/base_library.zip": b"PK\x03\x04",
        "Resources/qt.conf": b"",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / "Frameworks" / "QtCore").symlink_to("PySide6/Qt/lib/QtCore.framework/Versions/A/QtCore")
    return folder.parent


def test_binaries_are_signed_from_the_inside_out_and_links_not_at_all(app: Path) -> None:
    order = [path.name for path in inside_out(binaries(app), app)]
    assert order == ["QtCore", "gate-station", "Gate Station.app"]


def test_nothing_is_notarized_that_is_not_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(IDENTITY, raising=False)
    monkeypatch.setenv(PROFILE, "a profile")
    with pytest.raises(Failed, match=IDENTITY):
        package(Build("macos", Metadata("1.0.0"), 0, Python(["false"])))


def test_the_image_shows_the_application_and_where_to_drag_it() -> None:
    name = f"{load_metadata().name}.app"
    layout = runpy.run_path(
        str(ROOT / "installer" / "macos" / "dmg.py"), {"defines": {"app": f"/x/{name}", "icon": "/x/icon"}}
    )
    assert layout["files"] == [f"/x/{name}"]
    assert layout["symlinks"] == {"Applications": "/Applications"}
    assert set(layout["icon_locations"]) == {name, "Applications"}
    (_, (width, height)) = layout["window_rect"]
    assert all(0 < x < width and 0 < y < height for x, y in layout["icon_locations"].values())
