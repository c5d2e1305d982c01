"""The disk image out of the frozen application.

Signing wants the name of an identity in the keychain (MACOS_IDENTITY, "Developer ID Application: ..."), notarizing the
name of a profile that `xcrun notarytool store-credentials` made (MACOS_NOTARY_PROFILE): neither is a secret. Without
them the application is signed ad hoc, as PyInstaller leaves it, which is said.
"""

from __future__ import annotations

import os
import platform
import plistlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from dev import Failed, run, say
from installer.metadata import ROOT, Metadata, entitlements
from installer.plan import Build, set_dates

IDENTITY, PROFILE = "MACOS_IDENTITY", "MACOS_NOTARY_PROFILE"
# The magic numbers of a Mach-O file: 64 bits, and of several architectures (Apple, mach-o/loader.h, mach-o/fat.h).
MACH_O = frozenset({b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe"})


def package(build: Build) -> list[Path]:
    """Make the disk image; returns its path. Raises Failed."""
    identity, profile = os.environ.get(IDENTITY, ""), os.environ.get(PROFILE, "")
    if profile and not identity:
        raise Failed(f"{PROFILE} without {IDENTITY}: what is not signed is not notarized")
    app = application(build)
    set_dates(app, build.epoch_s)
    if identity:
        sign(app, identity, build.work)
    else:
        say(f"{IDENTITY} is not set: signed ad hoc only, so that Gatekeeper asks before each first start")
    image = disk_image(build, app)
    if identity:
        run("codesign", "--sign", identity, "--timestamp", image)
    if profile:
        run("xcrun", "notarytool", "submit", image, "--keychain-profile", profile, "--wait")
        run("xcrun", "stapler", "staple", image)
    return [image]


def application(build: Build) -> Path:
    """Where the freeze leaves the application (app.spec)."""
    return build.frozen.parent / f"{build.metadata.name}.app"


def sign(app: Path, identity: str, work: Path) -> None:
    """Sign every binary of the application from the inside out, then the application itself, and look at it."""
    allowed = work / "entitlements.plist"
    allowed.write_bytes(plistlib.dumps(entitlements()))
    hardened = ("--force", "--timestamp", "--options", "runtime", "--entitlements", str(allowed))
    for path in inside_out(binaries(app), app):
        run("codesign", *hardened, "--sign", identity, path)
    run("codesign", "--verify", "--deep", "--strict", app)


def binaries(app: Path) -> list[Path]:
    """The Mach-O files of the application; links are not followed, since what they show is listed itself."""
    return [path for path in app.rglob("*") if path.is_file() and not path.is_symlink() and _is_binary(path)]


def _is_binary(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) in MACH_O


def inside_out(found: Iterable[Path], app: Path) -> Sequence[Path]:
    """The order to sign in: deepest first, as a signature covers those of what is inside; the application last."""
    return [*sorted(found, key=lambda path: (-len(path.parts), str(path))), app]


def disk_image(build: Build, app: Path) -> Path:
    about = build.metadata
    image = build.out / about.file_name("macos", arch(), "dmg")
    image.unlink(missing_ok=True)
    defined = {"app": app, "icon": ROOT / "installer" / "icons" / "gate-station.icns"}
    values = [word for name, value in defined.items() for word in ("-D", f"{name}={value}")]
    build.python.run("-m", "dmgbuild", "-s", "installer/macos/dmg.py", *values, title(about), image)
    return image


def title(about: Metadata) -> str:
    """The name of the volume."""
    return f"{about.name} {about.version}"


def arch() -> str:
    """`arm64` or `x64`: that of the machine that builds."""
    return {"x86_64": "x64"}.get(platform.machine(), platform.machine())
