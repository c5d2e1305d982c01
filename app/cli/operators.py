"""`operators`: who may work at this station. PINs are read from standard input, never an argument."""

from __future__ import annotations

import argparse

from msgspec.structs import replace

from app.assembly import Workstation
from app.cli import out
from app.cli.ask import secret
from app.cli.exits import Exit
from app.masked import Secret
from app.operators.people import Operator, Role
from app.work.shift import Shift


def operators(arguments: argparse.Namespace, station: Workstation) -> Exit:
    actions = {None: _list, "list": _list, "add": _add, "change": _change, "reset": _reset}
    return actions[arguments.action](arguments, station.shift)


def _list(arguments: argparse.Namespace, shift: Shift) -> Exit:
    people = shift.people()
    if arguments.json:
        out.line([{"name": who.name, "role": who.role.value, "badge": bool(who.badge)} for who in people])
    else:
        out.table(
            ("NAME", "ROLE", "BADGE"), [(who.name, who.role.value, "yes" if who.badge else "no") for who in people]
        )
    return Exit.DONE


def _add(arguments: argparse.Namespace, shift: Shift) -> Exit:
    who = shift.enter(arguments.name, Role(arguments.role), secret(f"PIN of {arguments.name}: "))
    out.text(f"{who.name} is entered as {who.role}.")
    return Exit.DONE


def _change(arguments: argparse.Namespace, shift: Shift) -> Exit:
    who = shift.by_name(arguments.name)
    if arguments.badge:
        who = shift.new_badge(who)
        out.text(f"The new badge of {who.name}: {who.badge}")
    changed = replace(who, role=Role(arguments.role) if arguments.role else who.role, active=not arguments.leave)
    if arguments.pin or changed != who:
        shift.change(changed, _pin(arguments, who))
        out.text(f"{who.name} is changed.")
    return Exit.DONE


def _pin(arguments: argparse.Namespace, who: Operator) -> Secret | None:
    return secret(f"New PIN of {who.name}: ") if arguments.pin else None


def _reset(_: argparse.Namespace, shift: Shift) -> Exit:
    """For an administrator who can sign in as nobody; what was entered by whom stays in the journal."""
    out.text(f"{shift.reset()} operators were let go; the station is open until a supervisor is entered.")
    return Exit.DONE
