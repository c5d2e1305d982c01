"""The pages of the window but the bench: each is made, and its wishes connected, at its first visit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from app.assembly import Workstation
    from ui.main_window import MainWindow


def make_page(window: MainWindow, name: str) -> QWidget | None:
    """The page of that name; None while the station that it is about is not there."""
    station = window.station or (window.bridge.made if name in BEFORE_OPENING else None)
    return MAKERS[name](window, station) if station is not None else None


def _batch(window: MainWindow, station: Workstation) -> QWidget:
    from ui.batch.page import BatchPage

    page = window.batch = BatchPage(station)
    for card in window.bench.desk.cards.values():
        page.device_changed(card)
    window.bridge.device_changed.connect(page.device_changed)
    window.bridge.device_gone.connect(page.device_gone)
    window.watch.changed.connect(page.journal_changed)
    window.bench.entered.connect(page.entered)
    page.alarmed.connect(window.attention.alarm)
    page.taken.connect(window.take_to_bench)
    page.log_opened.connect(window.show_log)
    page.unplaced.connect(window.scan_at_bench)
    return page


def _log(window: MainWindow, station: Workstation) -> QWidget:
    from ui.journal.page import JournalPage

    page = window.log = JournalPage(station)
    page.correct.connect(window.correct)
    page.update_instead.connect(window.update_instead)
    page.receipt_wanted.connect(window.show_receipt)
    page.erasing.connect(partial(window.show_page, "erase"))
    page.exporting.connect(partial(window.show_page, "export"))
    return page


def _export(window: MainWindow, station: Workstation) -> QWidget:
    from ui.exporting.page import ExportPage
    from ui.journal.filters import Filter

    page = ExportPage(station, lambda: window.log.bar.filter if window.log is not None else Filter())
    page.left.connect(partial(window.show_page, "log"))
    return page


def _erase(window: MainWindow, station: Workstation) -> QWidget:
    from ui.erasing.page import ErasePage

    page = ErasePage(station)
    page.left.connect(partial(window.show_page, "log"))
    return page


def _doctor(window: MainWindow, station: Workstation) -> QWidget:
    from ui.doctor.examination import examine_station
    from ui.doctor.page import DoctorPage

    page = DoctorPage(partial(examine_station, station))
    page.bundle.connect(partial(window.show_page, "bundle"))
    return page


def _bundle(window: MainWindow, station: Workstation) -> QWidget:
    from ui.doctor.bundle import BundlePage

    page = BundlePage(station.bundle)
    page.left.connect(partial(window.show_page, "doctor"))
    return page


def _receipt(window: MainWindow, station: Workstation) -> QWidget:
    from ui.receipts.page import ReceiptPage

    page = window.receipt = ReceiptPage(station)
    page.left.connect(partial(window.show_page, "log"))
    return page


def _token(window: MainWindow, station: Workstation) -> QWidget:
    from ui.pause.page import PausePage

    page = PausePage(station)
    page.show_snapshot(window.snapshot)
    window.watch.changed.connect(page.show_snapshot)
    page.left.connect(partial(window.show_page, "bench"))
    page.token.changed.connect(window.token_changed)
    page.token.kept.connect(window.resumed)
    return page


def _unsent(window: MainWindow, station: Workstation) -> QWidget:
    from ui.unsent.page import UnsentPage

    page = UnsentPage(station)
    page.left.connect(partial(window.show_page, "bench"))
    window.watch.changed.connect(page.refresh)
    return page


def _setup(window: MainWindow, station: Workstation) -> QWidget:
    from ui.doctor.examination import examine_station
    from ui.setup.page import SetupPage

    page = window.setup = SetupPage(station, partial(examine_station, station))
    page.saved.connect(window.settings_saved)
    page.people_changed.connect(window.door.people_changed)
    page.left.connect(partial(window.show_page, "bench"))
    return page


def _settings(window: MainWindow, station: Workstation) -> QWidget:
    from ui.settings.page import SettingsPage

    page = SettingsPage(station)
    page.saved.connect(window.settings_saved)
    page.saved.connect(window.watch.read)
    page.setup_wanted.connect(partial(window.show_page, "setup"))
    page.people_changed.connect(window.door.people_changed)
    page.keeping.code_wanted.connect(window.keeper.make_code)
    page.keeping.choice_wanted.connect(window.keeper.ask_choice)
    return page


MAKERS: Mapping[str, Callable[[MainWindow, Workstation], QWidget]] = {
    "batch": _batch,
    "log": _log,
    "erase": _erase,
    "export": _export,
    "doctor": _doctor,
    "bundle": _bundle,
    "receipt": _receipt,
    "settings": _settings,
    "setup": _setup,
    "token": _token,
    "unsent": _unsent,
}
BEFORE_OPENING = frozenset({"doctor", "bundle"})
"""Also over a station that could not be opened: they say why."""
