"""The panels of the bench and where they stand: three columns in a wide window, two in a narrow one."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from app.provisioning.fields import FIELDS
from app.provisioning.workflows import Workflow
from app.settings import Settings
from ui.bench.header import Header
from ui.bench.question import Question
from ui.bench.shift import ShiftBar
from ui.bench.side import Action, Checks, JustNow
from ui.bench.today import ROW, Today
from ui.devices.panel import DevicePanel
from ui.form.form import Form
from ui.kit.style import REST, column, row
from ui.notices import Notice
from ui.snapshot import LAST

WIDE = 1120
"""From this width on the checks stand at the right of the form; below it they stand under it."""
FORM_MAX = 1040
SIDES = (236, 340)
"""The least and the most the columns at the left and right take."""
ABOVE, FEW = 640, 6
"""What stands above the table of today, in pixels; and how many rows it has where there is no room for more."""


class Panels(QWidget):
    """Makes and arranges the panels; what they show and do is the page's."""

    def __init__(self, workflow: Workflow, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wide: bool | None = None
        self.devices = DevicePanel()
        self.devices.first.connect(self.order_tabs)
        self.header = Header()
        self.notice, self.shift, self.question = Notice(), ShiftBar(), Question()
        self.form = Form(workflow, choices(settings))
        self.checks, self.action, self.just_now, self.today = Checks(), Action(), JustNow(), Today()
        self.form.came.connect(self.order_tabs)
        self.today.first.connect(self.order_tabs)
        self._lay_out()

    def _lay_out(self) -> None:
        # Before they are filled: it asks at once how large what it takes in is.
        sheet, side = QWidget(), QWidget()
        sheet.setProperty("ground", "none")
        side.setProperty("ground", "none")
        self._scroll, self._side = _scroll(sheet), _scroll(side)
        self._sheet = column(self.form, self.today, gap=12)
        self._sheet.addStretch(1)
        sheet.setLayout(self._sheet)
        middle = QWidget()
        middle.setMaximumWidth(FORM_MAX)
        self._told = column(self.shift, self.notice, self.question, gap=12)
        self._middle = column(self.header, self._told, self._scroll, gap=12)
        middle.setLayout(self._middle)
        self._bar = QFrame()
        self._bar.setProperty("kind", "card")
        self._bar_box = row(edge=(16, 10, 16, 10))
        self._bar.setLayout(self._bar_box)
        self._middle.addWidget(self._bar)
        self._side_box: QVBoxLayout = column(REST, gap=12)
        side.setLayout(self._side_box)
        self._columns: QHBoxLayout = row(self.devices, middle, self._side, gap=16, edge=(13, 16, 16, 0))
        self._columns.setStretch(1, 1)
        self._scroll.verticalScrollBar().rangeChanged.connect(self._align_edges)
        self.setLayout(self._columns)
        self._arrange(wide=True)

    def _arrange(self, *, wide: bool) -> None:
        if wide == self._wide:
            return
        self._wide = wide
        self._side.setVisible(wide)
        self._bar.setVisible(not wide)
        self._middle.setContentsMargins(0, 0, 0, 0 if wide else 12)
        if wide:
            self.checks.body.addWidget(self.action)
            self._side_box.insertWidget(0, self.just_now)
            self._side_box.insertWidget(0, self.checks)
        else:
            self._bar_box.addWidget(self.action)
            self._sheet.insertWidget(1, self.checks)
            self._sheet.insertWidget(3, self.just_now)
        self.action.lay_out(wide=wide)
        self.order_tabs()

    def order_tabs(self) -> None:
        """Tab goes in reading order: devices, form, the action, what came of it."""
        stops = [*self.devices.stops(), self.header.clear, self.shift.button, *self.question.stops()]
        stops += self.form.stops()
        stops += [self.action.button, self.just_now.all_of_it, *self.today.stops()]
        for stop, following in pairwise(stops):
            QWidget.setTabOrder(stop, following)

    def _align_edges(self, _: int, furthest: int) -> None:
        """Keep the form's edge under the header's, with and without a scroll bar."""
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        self._sheet.setContentsMargins(0, 0, 0 if furthest else bar, 12)
        self.header.setContentsMargins(0, 0, bar, 0)
        self._told.setContentsMargins(0, 0, bar, 0)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = event.size().width()
        self._arrange(wide=width >= WIDE)
        least, most = SIDES
        column_width = max(least, min(most, width // 5))
        self.devices.setFixedWidth(column_width)
        self._side.setFixedWidth(column_width)
        self.today.show_rows(max(FEW, min(LAST, (event.size().height() - ABOVE) // ROW)))


def choices(settings: Settings) -> Mapping[str, tuple[str, ...]]:
    """The values the form offers, by the setting that lists them."""
    return {row.choices: settings.texts(row.choices) for row in FIELDS if row.choices}


def _scroll(inner: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
    area.setWidget(inner)
    return area
