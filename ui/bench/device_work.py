"""What an operator has done to a device from its card: allowed, read again, named, unlocked, its trace saved."""

from __future__ import annotations

import re
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.errors import WorkstationError
from app.masked import Secret
from app.work.cards import with_slot
from app.work.events import CardState
from ui.background import run
from ui.devices.panel import DevicePanel
from ui.devices.words import name
from ui.notices import Notice
from ui.theme import Tone

if TYPE_CHECKING:
    from app.assembly import Workstation
    from app.modem.pin import PinResult

_NO_FILE_NAME = r"[^\w-]+"


class DeviceWork(QObject):
    """Carries what the cards of `devices` emit to the station, in the background; `notice` tells of troubles.

    `named` follows each place that was given another name.
    """

    named = Signal()

    def __init__(self, devices: DevicePanel, notice: Notice, parent: QObject) -> None:
        super().__init__(parent)
        self._devices, self._notice = devices, notice
        self._station: Workstation | None = None
        devices.again.connect(self._read_again)
        devices.named.connect(self._name_place)
        devices.pin_entered.connect(self._enter_pin)
        devices.trace_wanted.connect(self._ask_for_file)
        devices.agreed.connect(self._agree)
        devices.declined.connect(self._decline)

    def attach(self, station: Workstation) -> None:
        self._station = station

    def confirm_shift(self) -> None:
        """The operator has confirmed the words for this shift; the station tells what follows from it."""
        if station := self._station:
            run(station.confirm_shift, lambda _: None, self._notice.tell_error, self)

    def _agree(self, key: str) -> None:
        if station := self._station:
            run(lambda: station.intake.agree(key), lambda _: None, self._notice.tell_error, self)

    def _decline(self, key: str) -> None:
        if station := self._station:
            run(lambda: station.intake.decline(key), lambda _: None, self._notice.tell_error, self)

    def agree_by_key(self, in_hand: str | None) -> None:
        """The customer agrees, said with a key: of the device in hand, or of the only one that waits for the word."""
        waiting = [view.card.key for view in self._devices.views() if view.card.state is CardState.ASK]
        if in_hand in waiting or len(waiting) == 1:
            self._agree(in_hand if in_hand in waiting else waiting[0])
        elif waiting:
            self._notice.tell(
                Tone.WAIT,
                self.tr("{count} devices wait for their customers' word.").format(count=len(waiting)),
                self.tr("Choose one, then press F6."),
            )

    def _read_again(self, key: str) -> None:
        if station := self._station:
            run(lambda: station.intake.read_again(key), lambda _: None, self._notice.tell_error, self)

    def _name_place(self, key: str, called: str) -> None:
        station, view = self._station, self._devices.view(key)
        if station is not None and view is not None:
            place = view.card.place
            run(lambda: station.name_place(place, called), lambda _: self.named.emit(), self._notice.tell_error, self)

    def _enter_pin(self, key: str, pin: Secret, confirmed: bool) -> None:
        if station := self._station:
            run(
                lambda: station.intake.enter_pin(key, pin, confirmed=confirmed),
                partial(self._pin_entered, key),
                partial(self._pin_failed, key),
                self,
            )

    def _pin_entered(self, key: str, result: PinResult) -> None:
        if view := self._devices.view(key):
            view.pin.say(result)

    def _pin_failed(self, key: str, trouble: WorkstationError) -> None:
        if view := self._devices.view(key):
            view.pin.fail(with_slot(str(trouble), view.card))

    def _ask_for_file(self, key: str) -> None:
        view = self._devices.view(key)
        if view is None:
            return
        from ui.kit.files import ask_save

        called = name(view.card)
        ask_save(
            self._devices,
            self.tr("Save the trace of {device}").format(device=called),
            [self.tr("Text (*.txt)")],
            f"trace-{re.sub(_NO_FILE_NAME, '-', called)}-{datetime.now().astimezone():%Y%m%d-%H%M}.txt",
            lambda file: self._save_trace(key, called, file),
        )

    def _save_trace(self, key: str, called: str, file: Path) -> None:
        if station := self._station:
            run(
                lambda: station.save_trace(key, file),
                lambda _: self._trace_saved(called, file),
                self._notice.tell_error,
                self,
            )

    def _trace_saved(self, called: str, file: Path) -> None:
        self._notice.tell(
            Tone.OK,
            self.tr("The trace of {device} is saved.").format(device=called),
            self.tr(
                "It holds each command and answer with its time. Identifiers in it are masked. It can be sent as it is."
            ),
            str(file),
        )
