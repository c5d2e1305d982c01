"""The heading of the bench: what is being done to which device, and how far it is."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.provisioning.fields import Kind
from app.provisioning.workflows import Workflow
from ui.fonts import Type
from ui.icons import MEDIUM, Icon
from ui.kit.buttons import Button
from ui.kit.chip import Chip
from ui.kit.style import column, row
from ui.kit.text import Cut
from ui.language.speaking import spoken
from ui.theme import Role, Tone


class Step(IntEnum):
    READ = 0
    CHECK = 1
    SEND = 2
    DONE = 3


HEIGHT = 46
ICONS = {Step.READ: "plug", Step.CHECK: "pencil", Step.SEND: "send"}


class Header(QWidget):
    """Title, a line below it, the three steps, and a way to start over. Emits `cleared`."""

    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = {Step.READ: self.tr("1 Read"), Step.CHECK: self.tr("2 Check"), Step.SEND: self.tr("3 Send")}
        self._title = Cut("", Type.TITLE, parent=self)
        self._below = Cut("", Type.BODY, Role.MUTED, self)
        self._steps = QWidget(self)
        self._chips = {step: Chip(parent=self._steps) for step in self._words}
        self.clear = Button("", "quiet", "rotate-ccw", self)
        self.clear.setToolTip(self.tr("Empty the form; values read from the device stay"))
        self.clear.setAccessibleName(self.tr("Clear the form"))
        self.clear.clicked.connect(self.cleared)
        steps = row(gap=8)
        for step, chip in self._chips.items():
            if step:
                steps.addWidget(Icon("chevron-right", Role.FAINT, MEDIUM, self._steps))
            steps.addWidget(chip)
        self._steps.setLayout(steps)
        steps.setContentsMargins(0, 0, 0, 0)
        words = column(self._title, self._below, gap=1)
        line = row(words, self.clear, self._steps, gap=8)
        line.setStretch(0, 1)
        self.setLayout(line)
        # Both lines, also where the window is low, and the same height without the second.
        self.setMinimumHeight(HEIGHT)
        self.show_step(Step.READ)

    def show_job(self, workflow: Workflow, device: str, remarks: Iterable[str], *, clearable: bool) -> None:
        """`remarks` stand below the title, those that are not empty: the place of the device, and what is special."""
        below = " · ".join(part for part in remarks if part)
        if workflow.kind is Kind.REGISTER:
            title = self.tr("Register {device}").format(device=device or self.tr("a device"))
        else:
            title, below = spoken(workflow.label), " · ".join(part for part in (device, below) if part)
        self._title.say(title)
        self._below.say(below)
        self._below.setVisible(bool(below))
        self.clear.setVisible(clearable)

    def show_step(self, now: Step) -> None:
        """Mark what is done and what comes next."""
        for step, chip in self._chips.items():
            if step < now:
                chip.say(self._words[step], "check", Tone.OK)
            elif step == now:
                chip.say(self._words[step], ICONS[step], Tone.ACCENT)
            else:
                chip.say(self._words[step], "", Tone.NEUTRAL)
        self._steps.setAccessibleName(self.tr("Step {now} of 3").format(now=min(now, Step.SEND) + 1))
