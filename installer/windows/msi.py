"""The MSI for administrators: for all users of a computer, with msiexec's own switches. Made by wixl (msitools).

The schema is WiX 3's, of which wixl knows a part. Ids and component GUIDs follow from the paths, so that one version's
components are those of the next.
"""

from __future__ import annotations

import hashlib
import os
import re
import struct
import uuid
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree as ET

from dev import Failed, run
from installer.metadata import ROOT, Metadata
from installer.plan import Build

NAMESPACE = uuid.UUID("0d0ca3a6-47cd-5e44-8d0c-2a7f8c6be2a1")
"""Of all GUIDs here. Never to be changed: the upgrade code, by which one version finds another, follows from it."""
_SUMMARY = re.compile(rb"(\x1e\0\0\0'\0\0\0)\{[0-9A-F-]{36}\}(\0\0@\0\0\0).{8}(@\0\0\0).{8}", re.DOTALL)
"""Of the summary's properties (MS-OLEPS, 2.15): a string of 39 bytes, the package code, and two times."""
FILETIME_EPOCH_S = 11_644_473_600
"""From 1601 to 1970."""
SCHEMA = "http://schemas.microsoft.com/wix/2006/wi"
ICON = ROOT / "installer" / "icons" / "gate-station.ico"


def msi(build: Build) -> Path:
    """The MSI of what is frozen."""
    out = build.out / build.metadata.file_name("windows", "x64", "msi")
    source = build.work / "app.wxs"
    files = [path.relative_to(build.frozen).as_posix() for path in build.frozen.rglob("*") if path.is_file()]
    # wixl takes paths from where the description stands, and no other.
    icon, frozen = (os.path.relpath(path, build.work) for path in (ICON, build.frozen))
    source.write_text(description(build.metadata, files, frozen=frozen, icon=icon), encoding="utf-8")
    run("wixl", "-a", "x64", "-o", out, source)
    out.write_bytes(dated(out.read_bytes(), _guid(f"package {_content(build, files)}"), build.epoch_s))
    return out


def _content(build: Build, files: Iterable[str]) -> str:
    """What tells this package from any other: to Windows two packages with one code are one."""
    whole = hashlib.sha256(f"{build.metadata.version} {build.epoch_s}".encode())
    for file in sorted(files):
        whole.update(file.encode() + hashlib.sha256((build.frozen / file).read_bytes()).digest())
    return whole.hexdigest()


def dated(made: bytes, code: str, epoch_s: int) -> bytes:
    """The package with this package code and these times in its summary, where wixl puts a new code and its own clock.

    Raises Failed where the summary is not as wixl 0.101 writes it.
    """
    time = struct.pack("<Q", (epoch_s + FILETIME_EPOCH_S) * 10_000_000)
    whole, found = _SUMMARY.subn(lambda at: b"%b{%b}%b%b%b%b" % (at[1], code.encode(), at[2], time, at[3], time), made)
    if found != 1:
        raise Failed(f"{found} summaries found in the package")
    return whole


def description(about: Metadata, files: Iterable[str], *, frozen: str, icon: str) -> str:
    """What wixl is told, as XML. `files` are relative to the folder `frozen`, with slashes."""
    wix = ET.Element("Wix", xmlns=SCHEMA)
    product = ET.SubElement(
        wix, "Product", Id=_guid(f"product {about.version}"), Name=about.name, Language="1033",
        Version=".".join(map(str, about.numbers[:3])), Manufacturer=about.publisher, UpgradeCode=_guid("upgrade"),
    )  # fmt: skip
    ET.SubElement(
        product, "Package", InstallerVersion="500", Compressed="yes", InstallScope="perMachine",
        Description=about.summary, Manufacturer=about.publisher,
    )  # fmt: skip
    newer = f"A newer version of {about.name} is installed."
    ET.SubElement(product, "MajorUpgrade", DowngradeErrorMessage=newer)
    ET.SubElement(product, "Media", Id="1", Cabinet="files.cab", EmbedCab="yes")
    ET.SubElement(product, "Icon", Id="program.ico", SourceFile=icon)
    for name, value in (("ARPPRODUCTICON", "program.ico"), ("ARPNOMODIFY", "1"), ("ARPNOREPAIR", "1")):
        ET.SubElement(product, "Property", Id=name, Value=value)
    root = ET.SubElement(product, "Directory", Id="TARGETDIR", Name="SourceDir")
    programs = ET.SubElement(root, "Directory", Id="ProgramFiles64Folder")
    top = ET.SubElement(programs, "Directory", Id="INSTALLDIR", Name=about.name)
    components = [*_files(top, files, frozen), _shortcut(root, about)]
    feature = ET.SubElement(product, "Feature", Id="Program", Title=about.name, Level="1")
    for component in components:
        ET.SubElement(feature, "ComponentRef", Id=component)
    ET.indent(wix)
    return ET.tostring(wix, encoding="unicode")


def _files(top: ET.Element, files: Iterable[str], frozen: str) -> list[str]:
    """A component for each file, as the installer's rules want it; their ids."""
    folders = {PurePosixPath(): top}

    def folder(path: PurePosixPath) -> ET.Element:
        if path not in folders:
            folders[path] = ET.SubElement(folder(path.parent), "Directory", Id=_id("d", path), Name=path.name)
        return folders[path]

    ids = []
    for file in sorted(map(PurePosixPath, files)):
        ids.append(_id("c", file))
        component = ET.SubElement(folder(file.parent), "Component", Id=ids[-1], Guid=_guid(str(file)), Win64="yes")
        ET.SubElement(component, "File", Id=_id("f", file), Name=file.name, Source=f"{frozen}/{file}", KeyPath="yes")
    return ids


def _shortcut(root: ET.Element, about: Metadata) -> str:
    menu = ET.SubElement(root, "Directory", Id="ProgramMenuFolder")
    component = ET.SubElement(menu, "Component", Id="shortcut", Guid=_guid("shortcut"), Win64="yes")
    ET.SubElement(
        component, "Shortcut", Id="menu", Name=about.name, Description=about.summary, Icon="program.ico",
        Target=f"[INSTALLDIR]{about.window_command}.exe", WorkingDirectory="INSTALLDIR",
    )  # fmt: skip
    ET.SubElement(
        component, "RegistryValue", Root="HKLM", Key=rf"Software\{about.name}", Name="shortcut", Type="integer",
        Value="1", KeyPath="yes",
    )  # fmt: skip
    return "shortcut"


def _id(kind: str, path: PurePosixPath) -> str:
    """At most 72 letters, digits and dots, the same for the same path (Windows Installer, Identifier)."""
    return f"{kind}{hashlib.sha256(str(path).encode()).hexdigest()[:32]}"


def _guid(name: str) -> str:
    return str(uuid.uuid5(NAMESPACE, name)).upper()
