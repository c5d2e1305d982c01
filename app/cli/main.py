"""Runs one command: opens the station, hands over, turns every expected trouble into a message and a code."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable, Mapping

from app.assembly import Workstation
from app.cli import out
from app.cli.bundle import bundle
from app.cli.doctor import doctor
from app.cli.exits import Exit
from app.cli.journal import journal
from app.cli.opening import open_station
from app.cli.operators import operators
from app.cli.read import ports, read
from app.cli.submit import deliver, submit
from app.cli.token import token
from app.crashes import recorded, tell_on_stderr
from app.credentials.errors import CredentialsError, KeyFileUnusable, KeyNotOpened
from app.errors import WorkstationError
from app.journal.errors import JournalError
from app.logs import LEVELS
from app.paths import paths, policy_file
from app.policy import PolicyError, read_policy
from app.settings import SettingsError, load_settings
from app.work.delivering import NoToken

Command = Callable[[argparse.Namespace, Workstation], Exit]

COMMANDS: Mapping[str, Command] = {
    "ports": ports,
    "read": read,
    "submit": submit,
    "deliver": deliver,
    "journal": journal,
    "token": token,
    "operators": operators,
    "doctor": doctor,
    "bundle": bundle,
}
WITHOUT_JOURNAL = frozenset({"ports", "read", "doctor", "bundle"})
ITS_OWN_WAY = frozenset({"repair", "key"})
"""Actions that open the journal themselves, or work where it does not open."""
NOBODY_NEEDED = frozenset({"repair", "status", "recover"})
"""Those of them that sign nobody in."""


FAULTS: tuple[tuple[type[WorkstationError], Exit], ...] = (
    (JournalError, Exit.NO_JOURNAL),
    (KeyNotOpened, Exit.NO_JOURNAL),
    (KeyFileUnusable, Exit.NO_JOURNAL),
    (CredentialsError, Exit.NO_TOKEN),
    (NoToken, Exit.NO_TOKEN),
    (WorkstationError, Exit.USAGE),
)
INTERRUPTED = 130


def run(arguments: argparse.Namespace) -> int:
    """Run the command that `arguments` names; returns the exit code of the contract."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A Windows console that lacks a character shows a question mark instead of ending the program.
        sys.stdout.reconfigure(errors="replace")
    where = paths(arguments.home)
    try:
        settings = load_settings(where.settings, arguments.overrides, read_policy(policy_file()))
        station = Workstation(where, settings)
        where.prepare()
    except (SettingsError, PolicyError) as fault:
        out.trouble(fault)
        return Exit.USAGE
    except OSError as fault:
        sys.stderr.write(f"gate-station: {where.data} cannot be used: {fault.strerror}\n")
        return Exit.NO_JOURNAL
    with recorded(where, LEVELS[settings.text("log_level")], tell_on_stderr):
        return _run(arguments, station)


def _refuse_operator(arguments: argparse.Namespace) -> None:
    if arguments.operator and getattr(arguments, "key_action", arguments.action) in NOBODY_NEEDED:
        raise WorkstationError("Nobody signs in for this command.", remedy="Leave --operator out.")


def _is_watched(arguments: argparse.Namespace, station: Workstation) -> bool:
    """Whether the command does what not everybody may, where there are operators."""
    return bool(getattr(arguments, "trace", None)) and station.paths.journal.exists()


def _run(arguments: argparse.Namespace, station: Workstation) -> int:
    try:
        if getattr(arguments, "action", None) in ITS_OWN_WAY:
            _refuse_operator(arguments)
        elif arguments.command not in WITHOUT_JOURNAL or arguments.operator or _is_watched(arguments, station):
            open_station(arguments, station)
        return COMMANDS[arguments.command](arguments, station)
    except WorkstationError as fault:
        out.trouble(fault)
        return next(code for kind, code in FAULTS if isinstance(fault, kind))
    except KeyboardInterrupt:
        # What was said to be queued is on disk; the rest was not said.
        return INTERRUPTED
    finally:
        station.close()
