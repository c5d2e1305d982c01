"""The licences of what is packed into an installer, as the parts themselves tell them. Runs in the build's Python."""

from __future__ import annotations

import json
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path, PurePosixPath

from installer.plan import Build

PYTHON, PACKER = "python", "pyinstaller"
_NAMES = ("LICEN", "COPYING", "NOTICE")


@dataclass(frozen=True, slots=True)
class Part:
    """One part: `licence` in its own words, `text` what it asks to be handed on; "" where it brings none."""

    name: str
    version: str
    licence: str
    text: str


def parts(build: Build, names: Iterable[str]) -> list[Part]:
    """The parts called `names`, the Python they are frozen with, and the packer, whose loader starts the program."""
    code = f"from installer.licences import tell; tell({[*names, PACKER]!r})"
    return [Part(*row) for row in json.loads(build.python.text(code))]


def tell(names: Iterable[str]) -> None:
    """Print the parts as JSON rows."""
    python = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"
    own = [PYTHON, sys.version.split()[0], "PSF-2.0", python.read_text(encoding="utf-8") if python.exists() else ""]
    print(json.dumps([own, *(_row(distribution(name)) for name in names)]))


def _row(part: Distribution) -> list[str]:
    told = part.metadata
    classified = [line.rsplit(" :: ", 1)[-1] for line in told.get_all("Classifier", []) if line.startswith("License :")]
    stated = [*told.get_all("License-Expression", []), *classified, *told.get_all("License", [])]
    licence = next((line for each in stated for line in each.splitlines() if line), "see its text")
    texts = [
        file.read_text(encoding="utf-8")
        for file in sorted(part.files or [])
        if ".dist-info" in str(file) and PurePosixPath(file).name.upper().startswith(_NAMES)
    ]
    return [part.name, part.version, licence, "\n".join(texts)]
