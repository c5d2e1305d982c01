"""`doctor`: what the station stands on, one line a check, each with its fix."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping

from app.assembly import Workstation
from app.cli import out
from app.cli.exits import Exit
from app.work.doctor import CHECKS
from app.work.doctor.examine import examine
from app.work.doctor.line import Grade, Line

CODES: Mapping[str, Exit] = {
    "disk": Exit.NO_JOURNAL,
    "journal": Exit.NO_JOURNAL,
    "keyring": Exit.NO_TOKEN,
    "gate": Exit.NOT_DELIVERED,
    "tls": Exit.NOT_DELIVERED,
    "proxy": Exit.NOT_DELIVERED,
    "clock": Exit.NOT_DELIVERED,
    "updates": Exit.NOT_DELIVERED,
}
"""What a problem found by a check ends the command with; any other check is about ports."""


def doctor(arguments: argparse.Namespace, station: Workstation) -> Exit:
    """Run every check; lines in the table's order as JSON, else each as it ends. The station need not be open."""
    lines = []
    for line in examine(CHECKS, station.surroundings()):
        lines.append(line)
        if not arguments.json:
            _show(line)
    if arguments.json:
        order = [check.name for check in CHECKS]
        out.line([line.record for line in sorted(lines, key=lambda line: order.index(line.check))])
    return code(lines)


def code(lines: Iterable[Line]) -> Exit:
    """The exit code: the journal's trouble before the token's, the gate's and the ports'; warnings count as done."""
    found = [CODES.get(line.check, Exit.NO_DEVICE) for line in lines if line.grade is Grade.PROBLEM]
    return max(found, default=Exit.DONE)


def _show(line: Line) -> None:
    out.text(f"{line.grade.value:<8} {line.check:<12} {line.summary}")
    if line.fix:
        out.text(f"{'':<21} -> {line.fix}")
