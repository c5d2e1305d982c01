"""Opening the station for a command: the passphrase where one is asked for, and what must not go unsaid."""

from __future__ import annotations

import argparse
import sys

from app.assembly import Workstation
from app.cli import out
from app.cli.ask import secret
from app.journal.errors import PassphraseWanted
from app.work.keeping import spoken


def open_station(arguments: argparse.Namespace, station: Workstation) -> None:
    """Open it, and sign in who works.

    The recovery code of a journal that was encrypted just now is shown, this once; one that is in clear without
    anybody having chosen that is told. Raises JournalError, CredentialsError, PinRefused.
    """
    open_journal(arguments, station)
    if (trouble := spoken(station.encryption.standing())) is not None:
        out.trouble(trouble)
    show_first_code(station)


def open_journal(arguments: argparse.Namespace, station: Workstation) -> None:
    """Open it, with the passphrase where it wants one and somebody can give it, and sign in who works. Raises
    JournalError, CredentialsError, PinRefused."""
    try:
        station.open()
    except PassphraseWanted:
        if not (arguments.passphrase_stdin or sys.stdin.isatty()):
            raise
        station.encryption.unlock(secret("Passphrase of the journal: "))
        station.open()
    if arguments.operator:
        who = station.shift.by_name(arguments.operator)
        station.shift.sign_in(who.id, secret(f"PIN of {who.name}: "))


def show_first_code(station: Workstation) -> None:
    """Make and show the recovery code, where there is none yet; then it counts as kept."""
    if (code := station.encryption.first_code()) is None:
        return
    sys.stderr.write(
        "gate-station: The journal is encrypted. If its key is lost, this recovery code opens it. Write it down and"
        f" keep it away from this computer; it is not shown again:\n\n    {code.reveal()}\n\n"
    )
    sys.stderr.flush()
    station.encryption.confirm(code)
