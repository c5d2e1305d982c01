"""`bundle`: what support needs to know, in one file that can be looked at before it is sent."""

from __future__ import annotations

import argparse
import sys

from app.assembly import Workstation
from app.cli import out
from app.cli.exits import Exit
from app.journal.errors import JournalError
from app.work.bundle import save
from app.work.fresh import refuse_existing


def bundle(arguments: argparse.Namespace, station: Workstation) -> Exit:
    """Write the bundle, or with `--preview` print every file of it. A journal that cannot be used is told in it."""
    if not arguments.preview and not arguments.force:
        refuse_existing(arguments.file)
    try:
        station.open()
    except JournalError as trouble:
        out.trouble(trouble)
    files = station.bundle()
    if arguments.preview:
        for name, text in files.items():
            out.text(f"--- {name}\n{text}")
        return Exit.DONE
    save(files, arguments.file, force=arguments.force)
    out.text(files["manifest.txt"])
    sys.stderr.write(f"Written to {arguments.file}. Look at it before you send it: --preview prints all of it.\n")
    return Exit.DONE
