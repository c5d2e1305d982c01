"""A bundle for support: a few files, each made for it out of a list of what may be in them, and a list of what is not.

Nothing is copied from the data folder: what is not named here cannot get in. Every text is masked once more, and the
names of the user and of their folders are taken out.
"""

from __future__ import annotations

import json
import platform
import re
import sys
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from importlib import metadata
from pathlib import Path

from msgspec import Struct

from app import __version__
from app.journal.errors import JournalError
from app.logs import masked
from app.settings import SETTINGS, Setting, Settings
from app.work.doctor import CHECKS
from app.work.doctor.examine import examine
from app.work.doctor.surroundings import Surroundings
from app.work.fresh import fresh

Files = Mapping[str, str]
"""What is in a bundle: the text of each file, by name."""

LIBRARIES = (
    "PySide6-Essentials", "pyserial", "httpx", "truststore", "keyring", "sqlcipher3", "pydantic", "msgspec", "openpyxl",
    "phonenumberslite", "argon2-cffi", "bcrypt",
)  # fmt: skip
TEXTS_SHOWN = frozenset({"gate.base_url", "update_anchors", "number_country", "device_types"})
"""Settings that are free texts and tell nothing of a person. Of other texts only whether they are set."""

LOG_LINES = 500
LOG_KEYS = ("at", "level", "logger", "message", "error")
CRASH_LETTERS = 20_000

NOT_INSIDE = (
    "submissions, or any value of one: identifiers, numbers, names of users, the gate's answers to them",
    "the API token, passwords, hashes, push keys, PINs, the keys of the journal and of the audit trail",
    "the names of operators, and the name and folders of this computer's user",
    "what was said to devices; a trace is saved separately, from a device's card",
    "the station's id, window positions, exported files",
)


class Sources(Struct, frozen=True, kw_only=True):
    """What a bundle is made of. `journal` gives counts and the schema's version, or raises JournalError."""

    surroundings: Surroundings
    journal: Callable[[], Mapping[str, object]]
    has_policy: bool
    training: bool


def collect(sources: Sources) -> Files:
    """Make the files. Runs the doctor, so it takes as long as that does; the gate is asked once."""
    settings, paths = sources.surroundings.settings, sources.surroundings.paths
    about = {
        "made_at": sources.surroundings.now().isoformat(timespec="seconds"),
        "program": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "frozen": bool(getattr(sys, "frozen", False)),
        "training": sources.training,
        "policy_file": sources.has_policy,
        "libraries": {name: _version(name) for name in LIBRARIES},
    }
    made = {
        "about.json": _json(about),
        "settings.json": _json({row.key: _setting(row, settings) for row in SETTINGS}),
        "doctor.json": _json([line.record for line in examine(CHECKS, sources.surroundings)]),
        "journal.json": _json(_journal(sources.journal)),
        "log.jsonl": "".join(_log(_tail(paths.log_file, LOG_LINES))),
        "crash.txt": "\n".join(_tail(paths.crash_file, 10_000))[-CRASH_LETTERS:],
    }
    clean = _cleaner(sources.surroundings)
    files = {name: clean(text) for name, text in made.items()}
    return files | {"manifest.txt": manifest(files, sources.surroundings.now())}


def save(files: Files, path: Path, *, force: bool) -> None:
    """Write the files as a ZIP archive that its owner only can read. Raises FileNotWritten."""
    with fresh(path, force=force) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)


def _setting(row: Setting, settings: Settings) -> object:
    value = settings.value(row.key)
    if row.choices or isinstance(value, (int, float)) or row.key in TEXTS_SHOWN:
        return value
    if isinstance(value, tuple):
        return f"{len(value)} set"
    return "set" if value else "not set"


def _journal(ask: Callable[[], Mapping[str, object]]) -> Mapping[str, object]:
    try:
        return {"usable": True, **ask()}
    except JournalError as trouble:
        return {"usable": False, "code": trouble.code}


def _log(lines: Iterable[str]) -> Iterable[str]:
    """The lines that this program wrote in its own form, with the keys of that form; others are left out."""
    for line in lines:
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict):
            yield json.dumps({key: found[key] for key in LOG_KEYS if key in found}, ensure_ascii=False) + "\n"


def _tail(path: Path, count: int) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()[-count:]
    except OSError:
        # Nothing was logged yet, or the folder is gone: the doctor's line on the disk tells.
        return []


def _cleaner(surroundings: Surroundings) -> Callable[[str], str]:
    """Takes the user out of a text, and masks every long number in it."""
    paths, operator = surroundings.paths, surroundings.settings.text("operator")
    folders = sorted({str(folder) for folder in (paths.data, paths.config, paths.log)}, key=len, reverse=True)
    names = [*((folder, "<station>") for folder in folders), (str(Path.home()), "~")]
    # As it stands in JSON, where a backslash is written twice, and as it is.
    names = [(form, shown) for name, shown in names for form in (json.dumps(name)[1:-1], name)]
    patterns = [(re.compile(re.escape(name), re.IGNORECASE), shown) for name, shown in names]
    for name, shown in ((surroundings.account.name, "<user>"), (operator, "<operator>")):
        if name:
            patterns.append((re.compile(rf"(?<!\w){re.escape(name)}(?!\w)"), shown))

    def clean(text: str) -> str:
        for pattern, shown in patterns:
            text = pattern.sub(shown, text)
        return masked(text)

    return clean


def manifest(files: Files, now: datetime) -> str:
    """What is inside, and what is not."""
    inside = "\n".join(f"  {name:<14} {len(text.encode()):>8} bytes" for name, text in files.items())
    outside = "\n".join(f"  - {each}" for each in NOT_INSIDE)
    return (
        f"Gate Station, bundle for support, {now:%Y-%m-%d %H:%M} UTC\n\nInside:\n{inside}\n\nNot inside:\n{outside}\n"
    )


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        # Packagers may leave the metadata out.
        return "unknown"


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n"
