"""What dpkg and its readers are told: control file, sums, changelog. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from email.utils import formatdate
from pathlib import Path

from installer.metadata import Metadata

MAINTAINER_ADDRESS = "gate-station@packages.invalid"
"""dpkg wants one; where a package is handed out under a real name, its address belongs here (RFC 2606, `.invalid`)."""
OWN_DEPENDS = "debconf (>= 0.5) | debconf-2.0, ca-certificates"
RECOMMENDS = "gnome-keyring | kwalletmanager"
DESCRIPTION = """\
 An operator plugs a phone or modem in; its IMEI, ICCID and number are read over
 serial, checked, completed with the customer and registered at the GATE API.
 What was entered is kept in an encrypted journal until the gate has answered.
 .
 The package brings its own Python and Qt; it asks for the USB hub that
 ModemManager is to leave alone."""


def debian_version(version: str) -> str:
    """The version so that dpkg sorts it as Python does: 1.0.dev2 before 1.0a1 before 1.0."""
    return re.sub(r"\.(dev)(?=\d)", r"~~\1", re.sub(r"(rc|a|b)(?=\d)", r"~\1", version))


def control(about: Metadata, arch: str, depends: str, size_kib: int) -> str:
    """DEBIAN/control; `size_kib` as installed_kib() counts."""
    fields: Mapping[str, str | int] = {
        "Package": about.command,
        "Version": debian_version(about.version),
        "Architecture": arch,
        "Maintainer": f"{about.publisher} <{MAINTAINER_ADDRESS}>",
        "Installed-Size": size_kib,
        "Depends": f"{depends}, {OWN_DEPENDS}",
        "Recommends": RECOMMENDS,
        "Section": "comm",
        "Priority": "optional",
        "Description": f"{about.summary[0].lower()}{about.summary[1:]}\n{DESCRIPTION}",
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items())


def changelog(about: Metadata, epoch_s: int) -> str:
    """A Debian changelog of one entry; what changed for people is in CHANGELOG.md beside it."""
    return (
        f"{about.command} ({debian_version(about.version)}) stable; urgency=medium\n\n"
        f"  * What changed is told in CHANGELOG.md.\n\n"
        f" -- {about.publisher} <{MAINTAINER_ADDRESS}>  {formatdate(epoch_s)}\n"
    )


def installed_kib(tree: Path) -> int:
    """What the files take: each rounded up to KiB, folders as one (deb-substvars, Installed-Size)."""
    paths = [path for path in tree.rglob("*") if "DEBIAN" not in path.relative_to(tree).parts]
    return sum(1 if path.is_dir() else -(-path.lstat().st_size // 1024) for path in paths)


def md5sums(tree: Path) -> str:
    """The sums that `dpkg --verify` compares with, of all files but those of dpkg's own."""
    files = [path for path in sorted(tree.rglob("*")) if path.is_file() and not path.is_symlink()]
    names = [(path, path.relative_to(tree)) for path in files]
    return "".join(
        f"{hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}  {name}\n"
        for path, name in names
        if name.parts[0] != "DEBIAN"
    )
