"""`journal`: what was submitted and what became of it; as a list, as a spreadsheet, and whether it is whole."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping

from app.assembly import Workstation
from app.cli import out
from app.cli.exits import Exit
from app.cli.key import key
from app.journal.records import Entry, Query
from app.operators.people import Right
from app.provisioning.submission import State

LISTED = 100
"""Submissions in a list where no number is asked for."""


def journal(arguments: argparse.Namespace, station: Workstation) -> Exit:
    return _ACTIONS[arguments.action](arguments, station)


def _query(arguments: argparse.Namespace) -> Query:
    return Query(
        states=(State(arguments.state),) if arguments.state else (),
        search=arguments.search or "",
        since=arguments.since,
    )


def _list(arguments: argparse.Namespace, station: Workstation) -> Exit:
    """Newest first; identifiers masked unless `--reveal`."""
    if arguments.reveal:
        station.shift.require(Right.EXPORT)
    entries = station.journal.page(_query(arguments), LISTED if arguments.limit is None else arguments.limit)
    if arguments.json:
        out.line([entry.to_json(reveal=arguments.reveal) for entry in entries])
    else:
        listed(entries, reveal=arguments.reveal)
    return Exit.DONE


def _export(arguments: argparse.Namespace, station: Workstation) -> Exit:
    """Write the file and print how many rows it has and the code of its audit row."""
    done = station.export(
        _query(arguments), arguments.file, reveal=arguments.reveal, force=arguments.force, limit=arguments.limit
    )
    out.text(f"{done.rows} submissions written to {done.path}; audit code {done.code}")
    return Exit.DONE


def _verify(arguments: argparse.Namespace, station: Workstation) -> Exit:
    """One line a finding, then the short code of the trail's end; what could not be checked goes to stderr."""
    report = station.journal.verify(arguments.code)
    if arguments.json:
        out.line(
            {
                "whole": report.whole,
                "head": report.head,
                "rows": report.rows,
                "submissions": report.submissions,
                "findings": [{"code": each.code, "message": each.message} for each in report.findings],
                "notes": [{"code": each.code, "message": each.message} for each in report.notes],
            }
        )
    else:
        for each in report.findings:
            out.text(f"{each.code}: {each.message}")
        for each in report.notes:
            sys.stderr.write(f"{each.code}: {each.message}\n")
        told = "whole" if report.whole else f"not whole, {len(report.findings)} findings"
        counts = f"{report.rows} audit rows, {report.submissions} submissions"
        out.text(f"The journal is {told}: {counts}, head {report.head or 'none'}")
    return Exit.DONE if report.whole else Exit.NO_JOURNAL


def _repair(_: argparse.Namespace, station: Workstation) -> Exit:
    """Save what can be read of a damaged journal; the damaged file stays beside the new one."""
    salvaged = station.repair()
    if salvaged is None:
        out.text("The journal is sound; nothing was changed.")
        return Exit.DONE
    out.text(f"{salvaged} The damaged file is kept as {salvaged.kept}")
    return Exit.DONE


def _cancel(arguments: argparse.Namespace, station: Workstation) -> Exit:
    """Take each back and say on a line what it is now; one that may have arrived, or is final, stays as it is."""
    ended = Exit.DONE
    for id_ in arguments.ids:
        done = station.cancel(id_)
        entry = station.journal.entry(id_)
        if entry is not None:
            out.line({"id": id_, "state": entry.state.value})
        if not done:
            told = f"is {entry.state.value}: only what was not sent can be taken back" if entry else "is not here"
            sys.stderr.write(f"gate-station: submission {id_} {told}\n")
            ended = Exit.INVALID
    return ended


_NAMED_BY = {
    "imei": ("imei",), "iccid": ("iccid",), "number": ("number",), "user": ("username", "user_external_id"),
}  # fmt: skip


def _erase(arguments: argparse.Namespace, station: Workstation) -> Exit:
    """List, masked, what is known of a person; with `--yes` take it out of the journal."""
    ((name, text),) = ((name, value) for name in _NAMED_BY if (value := getattr(arguments, name)) is not None)
    entries = station.find_person(text, _NAMED_BY[name])
    listed(entries)
    station.shift.require(Right.ERASE)
    if not arguments.yes:
        out.text(f"{len(entries)} submissions would be erased. Repeat with --yes to do it.")
        return Exit.DONE
    erased = station.erase_person([entry.id for entry in entries])
    out.text(f"{erased.count} submissions were erased.")
    for kept in erased.damaged:
        sys.stderr.write(f"{kept} still holds what was in the journal then: delete it once it is not needed.\n")
    return Exit.DONE


_ACTIONS: Mapping[str | None, Callable[[argparse.Namespace, Workstation], Exit]] = {
    None: _list,
    "list": _list,
    "export": _export,
    "verify": _verify,
    "repair": _repair,
    "cancel": _cancel,
    "erase": _erase,
    "key": key,
}


def listed(entries: Iterable[Entry], *, reveal: bool = False) -> None:
    """A table of submissions for people."""
    records = [entry.to_json(reveal=reveal) for entry in entries]
    out.table(
        ("TIME", "STATE", "WORKFLOW", "IMEI", "USER", "MESSAGE"),
        [
            (
                record["created_at"],
                record["state"],
                record["workflow"],
                record["fields"].get("imei", ""),
                record["fields"].get("username", ""),
                record["message"],
            )
            for record in records
        ],
    )
