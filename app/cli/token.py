"""`token`: set, clear, look at and try the API token. It is read from standard input, never an argument."""

from __future__ import annotations

import argparse
import getpass
import sys

from app.assembly import Workstation
from app.cli import out
from app.cli.exits import Exit
from app.credentials.store import Presence
from app.gate.client import GateUnreachable
from app.gate.errors import GateError
from app.masked import Secret


def token(arguments: argparse.Namespace, station: Workstation) -> Exit:
    return {"set": _set, "clear": _clear, "status": _status, "check": _check}[arguments.action](station)


def _set(station: Workstation) -> Exit:
    line = getpass.getpass("Token: ") if sys.stdin.isatty() else sys.stdin.readline()
    station.keep_token(Secret(line.strip()))
    sys.stderr.write("The token is kept in the keyring.\n")
    return Exit.DONE


def _clear(station: Workstation) -> Exit:
    station.clear_token()
    sys.stderr.write("No token is kept any more.\n")
    return Exit.DONE


def _status(station: Workstation) -> Exit:
    state = station.token_state()
    out.text(f"{state.presence}: {state.summary} {state.remedy}".rstrip())
    return Exit.DONE if state.presence is Presence.STORED else Exit.NO_TOKEN


def _check(station: Workstation) -> Exit:
    try:
        organization = station.check_token()
    except GateUnreachable as fault:
        out.trouble(fault)
        return Exit.NOT_DELIVERED
    except GateError as fault:
        out.trouble(fault)
        return Exit.REFUSED
    out.text(organization.name)
    return Exit.DONE
