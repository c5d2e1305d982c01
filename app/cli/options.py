"""What can be written on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app import __version__
from app.operators.people import Role
from app.provisioning.fields import Kind
from app.provisioning.submission import State
from app.provisioning.workflows import WORKFLOWS

WINDOW = (None, "demo", "training")
"""Commands that open a window: the entry point runs them, not this package."""

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def moment(text: str) -> datetime:
    """`2026-11-22`, `2026-11-22T09:00Z`, or `90m`, `24h`, `7d` ago. A time without a zone is this computer's."""
    if text[-1:] in _UNITS and text[:-1].isdigit():
        return datetime.now(UTC) - timedelta(**{_UNITS[text[-1]]: int(text[:-1])})
    try:
        found = datetime.fromisoformat(text)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 2026-11-22T09:00 or 24h") from fault
    return found.astimezone(UTC)


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds") from fault
    if not 0 <= number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds")
    return number


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="gate-station", description="Reads phones and modems over serial and registers them at the gate."
    )
    top.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    top.add_argument("--home", metavar="DIR", help="keep settings, journal and logs in DIR")
    top.add_argument(
        "--set", metavar="KEY=VALUE", action="append", default=[], dest="overrides", help="a setting for this run"
    )
    top.add_argument("--self-test", metavar="FILE", help="check this installation, write a JSON report to FILE")
    top.add_argument("--self-test-port", metavar="PORT", help="with --self-test: a serial port that answers or echoes")
    top.add_argument(
        "--forget-secrets",
        action="store_true",
        help="for uninstalling: take the token and the keys of this home out of the keyring",
    )
    top.add_argument(
        "--operator", metavar="NAME", help="sign in for this command; the PIN is the first line of standard input"
    )
    top.add_argument(
        "--passphrase-stdin",
        action="store_true",
        help="the first line of standard input is the journal's passphrase, where it opens with one",
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND")

    ports = commands.add_parser("ports", help="list devices and their ports; opens nothing")
    ports.add_argument("--json", action="store_true")

    read = commands.add_parser("read", help="read the devices on these ports (default: all)")
    read.add_argument("--port", action="append", default=[], metavar="PORT")
    read.add_argument("--timeout", type=_positive, metavar="S")
    read.add_argument("--json", action="store_true")
    _consent(read)
    read.add_argument("--trace", metavar="FILE", help="write what was said on the lines, masked, for support")

    submit = commands.add_parser("submit", help="queue the rows of a file and deliver them")
    submit.add_argument("kind", choices=[kind.value for kind in Kind])
    submit.add_argument("file", metavar="FILE", help=".json, .csv, .xlsx, or - for standard input")
    submit.add_argument("--queue-only", action="store_true", help="queue and leave; deliver later")
    submit.add_argument("--wait", type=_positive, default=30.0, metavar="S", help="how long to wait for outcomes (30)")
    submit.add_argument(
        "--workflow",
        choices=[row.name for row in WORKFLOWS],
        metavar="NAME",
        help="one of " + ", ".join(row.name for row in WORKFLOWS),
    )

    _consent(submit)
    submit.add_argument(
        "--failed-rows",
        type=Path,
        metavar="FILE",
        help="write the rows that failed to FILE (.csv, .xlsx), with reasons",
    )

    deliver = commands.add_parser("deliver", help="deliver what is queued")
    deliver.add_argument("--timeout", type=_positive, metavar="S")

    _journal(commands.add_parser("journal", help="list submissions, newest first; export or verify them"))

    token = commands.add_parser("token", help="the API token in the keyring")
    token.add_argument(
        "action", choices=["set", "clear", "status", "check"], help="set reads one line from standard input"
    )

    _operators(commands.add_parser("operators", help="who may work at this station: list, enter, change them"))

    doctor = commands.add_parser("doctor", help="look at ports, keyring, gate, clock and disk; each line with its fix")
    doctor.add_argument("--json", action="store_true")

    bundle = commands.add_parser("bundle", help="what support needs, without identifiers and secrets, as one file")
    bundle.add_argument("file", metavar="FILE.zip", type=Path)
    bundle.add_argument("--preview", action="store_true", help="print all that would be in it instead")
    bundle.add_argument("--force", action="store_true", help="overwrite FILE")

    demo = commands.add_parser("demo", help="the training station, shown or, without a display, driven and drawn")
    demo.add_argument("--pictures", metavar="DIR", default="build/demo", help="where pictures go (build/demo)")
    commands.add_parser("training", help="the window with simulated devices and a local gate")
    return top


def _consent(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--consent-given",
        action="store_true",
        help="with the setting consent per-shift or per-device: the owners have agreed; written to the audit trail",
    )


def _journal(journal: argparse.ArgumentParser) -> None:
    # Told once before the action or once after it: an option that is not given after it must not undo the one before.
    journal.set_defaults(json=False, state=None, search=None, since=None, limit=None, reveal=False)
    _filters(journal)
    actions = journal.add_subparsers(dest="action", metavar="ACTION", required=False)
    _filters(actions.add_parser("list", help="list them (the same as no action)"))

    export = actions.add_parser("export", help="write them as a spreadsheet")
    export.add_argument("file", metavar="FILE", type=Path, help=".csv or .xlsx")
    export.add_argument("--force", action="store_true", help="overwrite FILE")
    _filters(export, json=False)

    verify = actions.add_parser("verify", help="check the audit trail and the database")
    verify.add_argument("--code", metavar="CODE", help="a code from an export or a receipt that the trail must hold")
    verify.add_argument("--json", action="store_true", default=argparse.SUPPRESS)

    cancel = actions.add_parser("cancel", help="take back submissions that were not sent yet")
    cancel.add_argument("ids", nargs="+", metavar="ID")

    erase = actions.add_parser("erase", help="take what is known of a person out of the journal")
    who = erase.add_mutually_exclusive_group(required=True)
    for name in ("imei", "iccid", "number", "user"):
        who.add_argument(f"--{name}", metavar="TEXT")
    erase.add_argument("--yes", action="store_true", help="do it; without, what would be erased is listed")
    key = actions.add_parser("key", help="how the journal is encrypted, its recovery code and its passphrase")
    key.add_argument(
        "key_action",
        choices=["status", "encrypt", "new-recovery-code", "recover", "passphrase"],
        help="recover reads the recovery code from standard input, passphrase a new passphrase",
    )
    key.add_argument("--json", action="store_true", default=argparse.SUPPRESS)
    actions.add_parser("repair", help="save what can be read of a damaged journal; the damaged file is kept")


def _operators(operators: argparse.ArgumentParser) -> None:
    operators.set_defaults(json=False)
    roles = [role.value for role in Role]
    actions = operators.add_subparsers(dest="action", metavar="ACTION", required=False)
    listed = actions.add_parser("list", help="list them (the same as no action)")
    listed.add_argument("--json", action="store_true", default=argparse.SUPPRESS)
    add = actions.add_parser("add", help="enter one; the PIN is read from standard input")
    add.add_argument("name", metavar="NAME")
    add.add_argument("role", choices=roles, metavar="ROLE", help="one of " + ", ".join(roles))
    change = actions.add_parser("change", help="give one another role, PIN or badge, or let one go")
    change.add_argument("name", metavar="NAME")
    change.add_argument("--role", choices=roles, metavar="ROLE")
    change.add_argument("--pin", action="store_true", help="a new PIN is read from standard input")
    change.add_argument("--badge", action="store_true", help="make a new badge and print its code")
    change.add_argument("--leave", action="store_true", help="does not work here any more")
    actions.add_parser("reset", help="let everybody go, where nobody can sign in any more")


def _filters(command: argparse.ArgumentParser, *, json: bool = True) -> None:
    unset = argparse.SUPPRESS
    if json:
        command.add_argument("--json", action="store_true", default=unset)
    command.add_argument(
        "--state",
        choices=[state.value for state in State],
        default=unset,
        metavar="S",
        help="one of " + ", ".join(state.value for state in State),
    )
    command.add_argument("--search", default=unset, metavar="TEXT", help="part of an identifier, a user, another value")
    command.add_argument("--since", type=moment, default=unset, metavar="T", help="a time, or 90m, 24h, 7d ago")
    command.add_argument("--limit", type=int, default=unset, metavar="N", help="at most N (list: 100; export: all)")
    command.add_argument("--reveal", action="store_true", default=unset, help="show identifiers whole")


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Parse; exits with 2 and a usage message on stderr where that fails."""
    return parser().parse_args(arguments)
