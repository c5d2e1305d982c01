"""`journal key`: how the journal is encrypted, its recovery code, its passphrase. Secrets come from standard input."""

from __future__ import annotations

import argparse
import sys

from app.assembly import Workstation
from app.cli import out
from app.cli.ask import secret
from app.cli.exits import Exit
from app.cli.opening import open_journal, show_first_code
from app.credentials.errors import CodeMisspelt, KeyNotOpened, PassphraseWeak
from app.journal.errors import NoPassphrase
from app.journal.salvage import damaged_copies
from app.operators.people import Right
from app.work.keeping import Code, Way, spoken

WAYS = {
    Way.NONE: "There is no journal yet.",
    Way.PLAIN: "The journal is not encrypted.",
    Way.KEYRING: "The journal is encrypted; its key is in the keyring.",
    Way.PASSPHRASE: "The journal is encrypted; it opens with its passphrase.",
    Way.SESSION: "The journal is encrypted; its key is kept nowhere.",
    Way.CLOSED: "The journal is encrypted.",
}
CODES = {
    Code.NONE: "There is no recovery code.",
    Code.UNCONFIRMED: "Its recovery code was shown, but nobody has said that it was written down.",
    Code.KEPT: "Its recovery code was shown once.",
}


def key(arguments: argparse.Namespace, station: Workstation) -> Exit:
    actions = {
        "status": _status,
        "encrypt": _encrypt,
        "new-recovery-code": _new_code,
        "recover": _recover,
        "passphrase": _passphrase,
    }
    try:
        return actions[arguments.key_action](arguments, station)
    except (CodeMisspelt, KeyNotOpened, PassphraseWeak) as fault:
        out.trouble(fault)
        return Exit.INVALID


def _status(arguments: argparse.Namespace, station: Workstation) -> Exit:
    """How it is kept; opens nothing that is encrypted."""
    standing = station.encryption.standing()
    if arguments.json:
        out.line({"journal": standing.way.value, "recovery_code": standing.code.value})
    else:
        out.text(" ".join([WAYS[standing.way], CODES[standing.code] if standing.encrypted else ""]).rstrip())
    if (trouble := spoken(standing)) is not None:
        out.trouble(trouble)
    return Exit.DONE


def _encrypt(arguments: argparse.Namespace, station: Workstation) -> Exit:
    open_journal(arguments, station)
    station.shift.require(Right.JOURNAL)
    if station.encryption.standing().encrypted:
        out.text("The journal is encrypted already; nothing was changed.")
        return Exit.DONE
    station.encryption.encrypt()
    show_first_code(station)
    out.text("The journal is encrypted now; its key is in the keyring.")
    _name_plain_copies(station)
    return Exit.DONE


def _new_code(arguments: argparse.Namespace, station: Workstation) -> Exit:
    """The code alone on standard output. The one before opens nothing any more."""
    open_journal(arguments, station)
    station.shift.require(Right.JOURNAL)
    code = station.encryption.new_code()
    out.text(code.reveal())
    sys.stdout.flush()
    station.encryption.confirm(code)
    return Exit.DONE


def _recover(_: argparse.Namespace, station: Workstation) -> Exit:
    """The first line is the recovery code; where no keyring takes the key, the second a new passphrase."""
    way = station.encryption.recover(secret("Recovery code: "))
    if way is Way.SESSION:
        passphrase = secret("New passphrase of the journal, since no keyring takes its key: ")
        if not passphrase:
            sys.stderr.write(
                "gate-station: The code is right, but no keyring takes the key. Repeat it with a second line: a new"
                " passphrase for the journal.\n"
            )
            return Exit.NO_TOKEN
        station.set_passphrase(passphrase)
    station.open()
    kept = WAYS[station.encryption.standing().way]
    out.text(f"The journal opens again; {station.journal.pending_count()} submissions are to be delivered. {kept}")
    return Exit.DONE


def _passphrase(arguments: argparse.Namespace, station: Workstation) -> Exit:
    """One line, the new passphrase; a journal that opens with one already takes that first (--passphrase-stdin)."""
    first = False
    try:
        open_journal(arguments, station)
    except NoPassphrase:
        first = True
    station.set_passphrase(secret("New passphrase of the journal: "))
    if first:
        station.open()
    show_first_code(station)
    out.text("The journal opens with this passphrase now.")
    _name_plain_copies(station)
    return Exit.DONE


def _name_plain_copies(station: Workstation) -> None:
    for kept in damaged_copies(station.paths.journal):
        sys.stderr.write(f"{kept} may hold what was in the journal then, in clear: delete it once it is not needed.\n")
