#!/usr/bin/env python3
"""The release key, and what it signs: the announcement that the program believes (app/updates/announcement.py).

    sign_update.py key FILE                      makes a key, its private half in FILE under a passphrase
    sign_update.py sign FILE --page URL OUT      announces this tree's version, good for --days (90), in OUT

Needs the project's packages: run it with .venv/bin/python. The passphrase is asked for, never an argument.
"""

from __future__ import annotations

import argparse
import base64
import json
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from getpass import getpass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.updates.announcement import CONTEXT, SCHEME, parsed, read, release_keys  # noqa: E402 - the folder comes first
from app.updates.errors import UpdateRefused  # noqa: E402
from app.whole import whole  # noqa: E402
from dev import Failed, say  # noqa: E402
from installer.metadata import load_metadata  # noqa: E402

Ask = Callable[[str], str]
SHORTEST = 12


def make_key(file: Path, ask: Ask) -> str:
    """Make a key pair, the private half in `file`; the public half as a line of release_keys.txt. Raises Failed."""
    if file.exists():
        raise Failed(f"{file} is there already")
    if file.resolve().is_relative_to(ROOT):
        raise Failed("the private half stays out of the project's folder")
    passphrase = ask("Passphrase of the new key: ")
    if len(passphrase) < SHORTEST:
        raise Failed(f"a passphrase has at least {SHORTEST} characters")
    if ask("Once more: ") != passphrase:
        raise Failed("the passphrases differ")
    key = Ed25519PrivateKey.generate()
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.encode()))
    with whole(file) as out:
        out.write(secret)
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def load_key(file: Path, ask: Ask) -> Ed25519PrivateKey:
    """Raises Failed."""
    try:
        key = load_pem_private_key(file.read_bytes(), ask("Passphrase of the key: ").encode())
    except (OSError, TypeError, ValueError) as fault:
        raise Failed(f"{file} cannot be opened: {fault}") from fault
    if not isinstance(key, Ed25519PrivateKey):
        raise Failed(f"{file} is no Ed25519 key")
    return key


def announcement(key: Ed25519PrivateKey, *, version: str, page: str, expires: datetime) -> bytes:
    """The signed announcement of `version`. Raises Failed where the program would not take it."""
    told = {"version": version, "page": page, "expires": expires.isoformat(timespec="seconds")}
    payload = json.dumps(told, indent=1).encode() + b"\n"
    try:
        parsed(payload)
    except ValueError as fault:
        raise Failed(f"the program would not take this: {fault}") from fault
    return SCHEME + base64.b64encode(key.sign(CONTEXT + payload)) + b"\n" + payload


def main(argv: Sequence[str] | None = None, *, ask: Ask = getpass, pinned: Sequence[bytes] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    key = commands.add_parser("key")
    key.add_argument("file", type=Path, metavar="FILE")
    sign = commands.add_parser("sign")
    sign.add_argument("file", type=Path, metavar="FILE")
    sign.add_argument("out", type=Path, metavar="OUT")
    sign.add_argument("--page", required=True, metavar="URL")
    sign.add_argument("--days", type=int, default=90)
    chosen = parser.parse_args(argv)
    try:
        if chosen.command == "key":
            line = make_key(chosen.file, ask)
            say(f"add this line to resources/release_keys.txt: {line}")
            return 0
        now = datetime.now(UTC)
        version = load_metadata().version
        signed = announcement(
            load_key(chosen.file, ask), version=version, page=chosen.page, expires=now + timedelta(days=chosen.days)
        )
        # As the installed programs will read it.
        release = read(signed, release_keys() if pinned is None else pinned, now)
        chosen.out.write_bytes(signed)
        say(f"{chosen.out} announces {release.version} until {release.expires:%Y-%m-%d}")
    except UpdateRefused as refused:
        say(f"FAILED: the program would refuse it: {refused.summary}")
        return 1
    except Failed as failure:
        say(f"FAILED: {failure}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
