"""`journal`: what was submitted and what became of it."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from app.assembly import Workstation
from app.cli import out
from app.cli.exits import Exit
from app.journal.records import Entry, Query
from app.provisioning.submission import State


def journal(arguments: argparse.Namespace, station: Workstation) -> Exit:
    """Newest first; identifiers masked unless `--reveal`."""
    query = Query(
        states=(State(arguments.state),) if arguments.state else (),
        search=arguments.search or "",
        since=arguments.since,
    )
    entries = station.journal.page(query, arguments.limit)
    if arguments.json:
        out.line([entry.to_json(reveal=arguments.reveal) for entry in entries])
    else:
        listed(entries, reveal=arguments.reveal)
    return Exit.DONE


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
