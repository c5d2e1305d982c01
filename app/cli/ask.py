"""Asking for a secret: at the terminal without showing it, else one line of standard input."""

from __future__ import annotations

import getpass
import sys

from app.masked import Secret


def secret(prompt: str) -> Secret:
    if sys.stdin.isatty():
        return Secret(getpass.getpass(prompt).strip())
    # As bytes: the text layer reads ahead, and what follows may be a second secret or the rows of a file.
    return Secret(sys.stdin.buffer.readline().decode(errors="replace").strip())
