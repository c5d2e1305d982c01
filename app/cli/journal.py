"""`journal`: what was submitted and what became of it."""

from __future__ import annotations

import argparse

from app.assembly import Workstation
from app.cli import out
from app.cli.exits import Exit
from app.journal.records import Query
from app.provisioning.submission import State


def journal(arguments: argparse.Namespace, station: Workstation) -> Exit:
    """Newest first; identifiers masked unless `--reveal`."""
    query = Query(
        states=(State(arguments.state),) if arguments.state else (),
        search=arguments.search or "",
        since=arguments.since,
    )
    entries = station.journal.page(query, arguments.limit)
    records = [entry.to_json(reveal=arguments.reveal) for entry in entries]
    if arguments.json:
        out.line(records)
        return Exit.DONE
    out.table(
        ("TIME", "STATE", "WORKFLOW", "IMEI", "USER", "MESSAGE"),
        [
            (
                record["created_at"],
                record["state"],
                record["workflow"],
                record["fields"].get("imei", ""),
                record["fields"].get("username", ""),
                record["message"] or "",
            )
            for record in records
        ],
    )
    return Exit.DONE
