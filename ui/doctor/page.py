"""The doctor page: looks as soon as it is opened, says the worst first, and can look again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget
from typing_extensions import override

from app.errors import WorkstationError
from app.work.doctor.line import Grade, Line
from ui.doctor import words
from ui.doctor.examination import Begun, Examination
from ui.doctor.row import CheckRow
from ui.fonts import Type
from ui.kit.announce import alert
from ui.kit.buttons import Button
from ui.kit.card import line as separator
from ui.kit.chip import Chip
from ui.kit.progress import Progress
from ui.kit.style import REST, column, row
from ui.kit.text import Text
from ui.notices import Notice

WIDTH = 960
"""How wide the list grows, in pixels at 100 %."""
EDGE = 16
_WORST = (Grade.PROBLEM, Grade.WARNING, Grade.OK)


class DoctorPage(QWidget):
    """Lists the checks in their own order while they run, the worst first once all have ended.

    `begin` starts an examination; it runs on a thread. Emits `bundle` when a bundle for support is wanted.
    """

    bundle = Signal()

    def __init__(self, begin: Callable[[], Begun], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, CheckRow] = {}
        self._lines: dict[str, Line] = {}
        self._separators: list[QFrame] = []
        self.headline = Chip()
        self.again = Button(self.tr("Check again"), icon_name="refresh-cw")
        self.notice = Notice()
        self._progress = Progress()
        self._progress.setAccessibleName(self.tr("How far the doctor is"))
        self._lay_out()
        self.examination = Examination(begin, self)
        self.examination.begun.connect(self._begun)
        self.examination.found.connect(self._found)
        self.examination.ended.connect(self._ended)
        self.examination.failed.connect(self._failed)
        self.again.clicked.connect(self.look)

    def _lay_out(self) -> None:
        bundle = Button(self.tr("Bundle for support"), "quiet", "file-text")
        bundle.clicked.connect(self.bundle)
        head = row(Text(self.tr("Doctor"), Type.TITLE), self.headline, REST, bundle, self.again, gap=12)
        about = Text(self.tr("What this station stands on. Nothing is changed by looking."), tone="muted", wrap=True)
        self._list = column(gap=0, edge=(16, 4, 16, 8))
        card = QFrame()
        card.setProperty("kind", "card")
        card.setLayout(column(self._progress, self._list, gap=0))
        sheet = QWidget()
        sheet.setProperty("ground", "none")
        sheet.setLayout(column(card, REST, edge=(0, 0, 0, EDGE)))
        self._card = card
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setProperty("ring", True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(sheet)
        scroll.setAccessibleName(self.tr("Checks"))
        scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        inner = QWidget()
        inner.setMaximumWidth(WIDTH)
        inner.setLayout(column(head, about, self.notice, scroll, gap=8))
        box = row(inner, REST, edge=(EDGE, 12, EDGE, 0))
        box.setStretch(0, WIDTH)
        self.setLayout(box)
        self._card.hide()

    def look(self) -> None:
        """Run all checks, unless they are running."""
        if self.examination.running:
            return
        self.notice.hide()
        self._lines = {}
        for shown in self.rows.values():
            shown.run()
        self.examination.start()
        self._show_state()

    def _begun(self, names: tuple[str, ...]) -> None:
        if not self.rows:
            self.rows = {name: CheckRow(name) for name in names}
            self._separators = [separator() for _ in names[1:]]
            self._arrange(names)
        self._card.show()
        self._show_state()

    def _arrange(self, names: Sequence[str]) -> None:
        """Put the rows below each other in this order."""
        for widget in (*self._separators, *self.rows.values()):
            self._list.removeWidget(widget)
        for index, name in enumerate(names):
            if index:
                self._list.addWidget(self._separators[index - 1])
            self._list.addWidget(self.rows[name])

    def _found(self, line: Line) -> None:
        self._lines[line.check] = line
        self.rows[line.check].say(line)
        self._show_state()

    def _ended(self) -> None:
        ordered = sorted(self.rows, key=lambda name: _WORST.index(self._lines[name].grade))
        self._arrange(ordered)
        self._show_state()
        alert(self.headline)

    def _failed(self, trouble: WorkstationError) -> None:
        self._card.hide()
        self._show_state()
        self.notice.tell_error(trouble)

    def _show_state(self) -> None:
        running = self.examination.running
        left = max(1, len(self.rows) - len(self._lines)) if running else 0
        said = words.headline(self._lines.values(), running=left)
        self.headline.say(said.word, said.icon, said.tone)
        self.headline.setVisible(running or bool(self._lines))
        self._progress.setVisible(running)
        self._progress.say(len(self._lines) / max(1, len(self.rows)))
        # Not disabled: it would lose the focus.
        self.again.setText(self.tr("Checking") if running else self.tr("Check again"))

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look()
        self.again.setFocus(Qt.FocusReason.OtherFocusReason)
