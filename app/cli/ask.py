"""Asking for a secret: at the terminal without showing it, else one line of standard input."""

from __future__ import annotations

import getpass
import sys

from app.masked import Secret


def secret(prompt: str) -> Secret:
    line = getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline()
    return Secret(line.strip())
