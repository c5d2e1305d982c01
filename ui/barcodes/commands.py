"""The commands of the scanner as items of a sheet."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QCoreApplication

from app.provisioning.workflows import ROWS
from app.scanning.commands import COMMANDS
from ui.barcodes.sheet import Item


def command_items(workflows: Collection[str]) -> list[Item]:
    """Every command barcode, of jobs only those that are done at this station."""
    return [
        Item(QCoreApplication.translate("Commands", command.label), command.code)
        for command in COMMANDS
        if command.name not in ROWS or command.name in workflows
    ]
