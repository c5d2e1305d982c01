"""What the program is called, in each place that a system asks for it. Standard library only, and pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]

MACOS_FLOOR = "13.0"
"""Qt 6.11's own floor: its wheels for macOS are tagged macosx_13_0."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """Names and numbers of one version. `command` is the executable and the package; `app_id` is in reverse DNS."""

    version: str
    name: str = "Gate Station"
    command: str = "gate-station"
    window_command: str = "gate-station-window"
    publisher: str = "The Gate Station authors"
    app_id: str = "com.zequenze.gate-station"
    summary: str = "Reads phones and modems over serial and registers them at the gate"
    license: str = "MIT"
    copyright: str = "Copyright (c) 2026 The Gate Station authors"

    @property
    def numbers(self) -> tuple[int, int, int, int]:
        """The version as Windows counts it; what follows the third number (`0.2.0rc1`) has no place there."""
        parts: list[int] = []
        for part in self.version.split(".")[:3]:
            digits = "".join(character for character in part[: _leading_digits(part)])
            parts.append(int(digits or "0"))
        parts += [0] * (4 - len(parts))
        return parts[0], parts[1], parts[2], parts[3]

    @property
    def windows_version(self) -> str:
        return ".".join(map(str, self.numbers))

    def file_name(self, system: str, arch: str, ending: str) -> str:
        """What a finished package is called, such as `gate-station-0.1.0-windows-x64.exe`."""
        return f"{self.command}-{self.version}-{system}-{arch}.{ending}"


def _leading_digits(text: str) -> int:
    return next((place for place, character in enumerate(text) if not character.isdigit()), len(text))


def load_metadata(root: Path = ROOT) -> Metadata:
    """The metadata with the version of pyproject.toml. Raises KeyError, OSError, tomllib.TOMLDecodeError."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return Metadata(version=project["version"])


def info_plist(metadata: Metadata) -> dict[str, Any]:
    """Info.plist of the macOS application (Apple, Information Property List)."""
    return {
        "CFBundleName": metadata.name,
        "CFBundleDisplayName": metadata.name,
        "CFBundleIdentifier": metadata.app_id,
        "CFBundleExecutable": metadata.command,
        "CFBundleIconFile": "gate-station.icns",
        "CFBundlePackageType": "APPL",
        "CFBundleShortVersionString": ".".join(map(str, metadata.numbers[:3])),
        "CFBundleVersion": ".".join(map(str, metadata.numbers[:3])),
        "CFBundleDevelopmentRegion": "en",
        "LSApplicationCategoryType": "public.app-category.business",
        "LSMinimumSystemVersion": MACOS_FLOOR,
        # A second start from the Finder brings the first window forward.
        "LSMultipleInstancesProhibited": True,
        "NSHighResolutionCapable": True,
        "NSHumanReadableCopyright": metadata.copyright,
        # Light or dark follows the system; Qt asks for it.
        "NSRequiresAquaSystemAppearance": False,
    }


def entitlements() -> dict[str, bool]:
    """What the hardened runtime must allow a frozen Python: code pages of ctypes, and libraries signed by others.

    No sandbox: it would take the serial ports away.
    """
    return {
        "com.apple.security.cs.allow-unsigned-executable-memory": True,
        "com.apple.security.cs.disable-library-validation": True,
    }


def version_strings(metadata: Metadata, file_name: str) -> Mapping[str, str]:
    """The texts of the Windows version resource of one executable."""
    return {
        "CompanyName": metadata.publisher,
        "FileDescription": metadata.name,
        "FileVersion": metadata.windows_version,
        "InternalName": metadata.command,
        "LegalCopyright": metadata.copyright,
        "OriginalFilename": file_name,
        "ProductName": metadata.name,
        "ProductVersion": metadata.version,
    }


def version_resource(metadata: Metadata, file_name: str) -> str:
    """The version resource of one Windows executable, as the text file that PyInstaller reads.

    040904B0 is English (United States) in Unicode (VERSIONINFO resource, Microsoft).
    """
    strings = ", ".join(
        f"StringStruct({key!r}, {text!r})" for key, text in version_strings(metadata, file_name).items()
    )
    return (
        "VSVersionInfo(\n"
        f"  ffi=FixedFileInfo(filevers={metadata.numbers}, prodvers={metadata.numbers}, mask=0x3F, flags=0x0,"
        " OS=0x40004, fileType=0x1, subtype=0x0, date=(0, 0)),\n"
        f"  kids=[StringFileInfo([StringTable('040904B0', [{strings}])]),"
        " VarFileInfo([VarStruct('Translation', [1033, 1200])])])\n"
    )
