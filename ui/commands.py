"""Every command of the window, for the palette: what it is called, its keys, and what it does."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.work.receipt import has_receipt
from ui.devices.words import name as device_name
from ui.language.speaking import spoken
from ui.main_window import HELP_KEYS, SOUND_KEYS
from ui.palette.commands import Command
from ui.rail import KEYS, LOCK_KEYS

if TYPE_CHECKING:
    from ui.main_window import MainWindow


def _tr(text: str) -> str:
    return QCoreApplication.translate("Commands", text)


def commands(window: MainWindow) -> list[Command]:
    """What can be done now; a thing that cannot be done is not offered."""
    return [*_devices(window), *_jobs(window), *_pages(window), *_station(window)]


def _devices(window: MainWindow) -> Iterable[Command]:
    for place, card in enumerate(view.card for view in window.bench.devices.views()):
        keys = f"Ctrl+{place + 1}" if place < 9 else ""  # noqa: PLR2004 - there are nine digits
        yield Command(device_name(card), "smartphone", partial(window.choose_device, place), keys, _tr("device"))


def _jobs(window: MainWindow) -> Iterable[Command]:
    for workflow in window.bar.workflows:
        yield Command(
            spoken(workflow.label),
            "arrow-right",
            partial(window.choose_workflow, workflow),
            KEYS.get(workflow.name, ""),
            _tr("job"),
        )
    yield Command(_tr("Send"), "send", window.send, "Ctrl+Enter")
    if window.bench.asks_consent:
        yield Command(_tr("They agree: read what waits"), "shield-check", window.bench.consent, "F6")
    yield Command(_tr("Clear the form"), "rotate-ccw", window.bench.header.cleared.emit)


def _pages(window: MainWindow) -> Iterable[Command]:
    for page, icon, label, keys in (
        ("bench", "smartphone", _tr("Bench"), "Alt+1"),
        ("batch", "layers", _tr("Batch"), "F7"),
        ("log", "scroll-text", _tr("Log"), "F9"),
        ("doctor", "stethoscope", _tr("Doctor"), "Alt+3"),
        ("settings", "settings", _tr("Settings"), "Alt+4"),
        ("export", "save", _tr("Export the log"), ""),
        ("erase", "trash-2", _tr("Erase a person"), ""),
        ("bundle", "file-text", _tr("Bundle for support"), ""),
        ("token", "key-round", _tr("Enter a new token"), ""),
        ("setup", "sliders-horizontal", _tr("Set up this station"), ""),
    ):
        yield Command(label, icon, partial(window.show_page, page), keys, _tr("page"))
    if last := next(filter(has_receipt, window.snapshot.entries), None):
        yield Command(_tr("Receipt of the last one"), "file-text", partial(window.show_receipt, last.id))
    end = _tr("end of the shift, waiting, held, sheet, print")
    yield Command(_tr("What is not sent"), "printer", partial(window.show_page, "unsent"), "", end)


def _station(window: MainWindow) -> Iterable[Command]:
    station = window.station
    if station is None:
        return
    if station.shift.staffed:
        yield Command(_tr("Lock, or change operators"), "lock", window.door.lock, LOCK_KEYS)
    on = station.settings.text("sounds") == "on"
    yield Command(
        _tr("Sound off") if on else _tr("Sound on"), "bell-off" if on else "bell", window.switch_sound, SOUND_KEYS
    )
    for value, label in (("light", _tr("Light")), ("dark", _tr("Dark")), ("system", _tr("As the system is set"))):
        if value != station.settings.text("appearance"):
            words = _tr("appearance colours theme")
            yield Command(
                _tr("Appearance: {name}").format(name=label),
                "monitor",
                partial(window.set_personal, "appearance", value),
                "",
                words,
            )
    yield Command(_tr("Help"), "circle-help", window.switch_help, HELP_KEYS)
