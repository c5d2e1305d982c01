"""`token`: set, clear, look at and try the API token. It is read from standard input, never an argument."""

from __future__ import annotations

import argparse
import sys

from app.assembly import Workstation
from app.cli import out
from app.cli.ask import secret
from app.cli.exits import Exit
from app.credentials.store import Presence
from app.credentials.vault import Where
from app.gate.errors import GateError, GateUnreachable


def token(arguments: argparse.Namespace, station: Workstation) -> Exit:
    return {"set": _set, "clear": _clear, "status": _status, "check": _check}[arguments.action](station)


def _set(station: Workstation) -> Exit:
    if station.set_token(secret("Token: ")) is not Where.KEYRING:
        # Memory would end with this command: saying that it is kept would be a lie.
        sys.stderr.write(f"gate-station: {station.token_state().summary} The token was not kept.\n")
        return Exit.NO_TOKEN
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
