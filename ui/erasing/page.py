"""The page that erases a person: an identifier, what is known by it, and the one action, asked twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QWidget
from typing_extensions import override

from app.assembly import Workstation
from app.errors import WorkstationError
from app.journal.outbox import utc_now
from app.journal.records import Entry
from app.work.erasing import Erased
from ui.background import run
from ui.fonts import Type
from ui.journal.known_row import KnownRow
from ui.kit.buttons import Button
from ui.kit.card import line as separator
from ui.kit.style import REST, column, row
from ui.kit.text import Text
from ui.notices import Notice
from ui.theme import Tone

WIDTH = 960
EDGE = 16
SHOWN = 100
"""Rows that are drawn; all are erased."""


class ErasePage(QWidget):
    """Emits `left` when the way back to the log is wanted."""

    left = Signal()

    def __init__(
        self, station: Workstation, *, now: Callable[[], datetime] = utc_now, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._station, self._now = station, now
        self._found: tuple[Entry, ...] = ()
        self._asked = ""
        self.notice = Notice()
        self.line = QLineEdit()
        self.line.setFont(Type.INPUT.font())
        self.line.setMaxLength(200)
        self.line.setPlaceholderText(self.tr("IMEI, ICCID, IMSI, number, user name or external id, whole"))
        self.line.setAccessibleName(self.tr("What the person is found by"))
        self.line.returnPressed.connect(self.look_for)
        self.line.textEdited.connect(self._forget)
        self.search = Button(self.tr("Find"), icon_name="search")
        self.search.clicked.connect(self.look_for)
        self.told = Text("", Type.HEADING, wrap=True)
        self._open = Text("", tone=str(Tone.WARN), wrap=True)
        self.erase = Button("", icon_name="trash-2")
        self.erase.clicked.connect(self._ask)
        self._question = Text(self.tr("This cannot be undone."), Type.BODY_STRONG, str(Tone.BAD))
        self.yes, self.no = Button(self.tr("Erase them")), Button(self.tr("Keep them"))
        self.yes.clicked.connect(self._erase)
        self.no.clicked.connect(self._calm)
        self._lay_out()
        self.setFocusProxy(self.line)
        self._show()

    def _lay_out(self) -> None:
        back = Button(self.tr("Log"), "link", "scroll-text")
        back.clicked.connect(self.left)
        head = row(Text(self.tr("Erase a person"), Type.TITLE), REST, back, gap=12)
        about = Text(
            self.tr(
                "Takes every value out of the submissions of one person. When they were sent and what became of them "
                "stays, without the values."
            ),
            tone="muted",
            wrap=True,
        )
        asking = row(self.line, self.search, gap=8)
        asking.setStretch(0, 1)
        self._list = column(gap=0)
        question = row(self.erase, self._question, self.yes, self.no, REST, gap=8)
        self._card = QFrame()
        self._card.setProperty("kind", "card")
        self._card.setLayout(column(self.told, self._open, self._list, question, gap=8, edge=(16, 12, 16, 12)))
        sheet = QWidget()
        sheet.setProperty("ground", "none")
        sheet.setLayout(column(self._card, REST, edge=(0, 0, 0, EDGE)))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(sheet)
        inner = QWidget()
        inner.setMaximumWidth(WIDTH)
        inner.setLayout(column(head, about, self.notice, asking, scroll, gap=12))
        box = row(inner, REST, edge=(EDGE, 12, EDGE, 0))
        box.setStretch(0, WIDTH)
        self.setLayout(box)

    def look_for(self) -> None:
        """Look for everything that is known by what was typed."""
        text = self.line.text().strip()
        if text:
            self._asked = text
            self.notice.hide()
            run(
                lambda: self._station.find_person(text), lambda found: self._show_found(text, found), self._failed, self
            )

    def _show_found(self, text: str, found: Sequence[Entry]) -> None:
        if text == self._asked:
            self._found = tuple(found)
            self._show()

    def _forget(self) -> None:
        """What is typed is another question: nothing may be erased that was found by the last one."""
        self._asked, self._found = "", ()
        self._show()

    def _show(self) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for index, entry in enumerate(self._found[:SHOWN]):
            if index:
                self._list.addWidget(separator())
            self._list.addWidget(KnownRow(entry, self._now()))
        count, unfinished = len(self._found), sum(1 for entry in self._found if not entry.state.final)
        self._card.setVisible(bool(self._asked))
        self.told.setText(self._count(count))
        self._open.say(
            self.tr("Not final yet: {count}. Let them be sent, or cancel them in the log, then erase.").format(
                count=unfinished
            )
            if unfinished
            else ""
        )
        self.erase.setText(
            self.tr("Erase 1 submission") if count == 1 else self.tr("Erase {n} submissions").format(n=count)
        )
        self._may_erase = bool(count) and not unfinished
        self._calm()

    def _count(self, count: int) -> str:
        if not count:
            return self.tr("No submission has this. Enter the whole value.")
        if count > SHOWN:
            return self.tr("{count} submissions, the newest {shown} of them:").format(count=count, shown=SHOWN)
        return self.tr("1 submission") if count == 1 else self.tr("{count} submissions").format(count=count)

    def _ask(self) -> None:
        self.erase.hide()
        for part in (self._question, self.yes, self.no):
            part.show()
        self.no.setFocus()

    def _calm(self) -> None:
        self.erase.setVisible(self._may_erase)
        for part in (self._question, self.yes, self.no):
            part.hide()

    def _erase(self) -> None:
        ids = [entry.id for entry in self._found]
        self._calm()
        self.erase.hide()
        run(lambda: self._station.erase_person(ids), self._erased, self._failed, self)

    def _erased(self, done: Erased) -> None:
        self.line.clear()
        self._forget()
        what = self.tr("1 submission was erased.") if done.count == 1 else self.tr("{count} submissions were erased.")
        rest = self.tr("The audit trail says so, without the values. Files that were exported earlier are not changed.")
        if done.damaged:
            rest = self.tr(
                "{files} still hold what was in the journal then: delete them once they are not needed."
            ).format(files=", ".join(path.name for path in done.damaged))
        self.notice.tell(Tone.WARN if done.damaged else Tone.OK, what.format(count=done.count), rest)
        self.line.setFocus()

    def _failed(self, trouble: WorkstationError) -> None:
        self._calm()
        self.notice.tell_error(trouble)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Nothing of the last person stays on the screen.
        self.line.clear()
        self.notice.hide()
        self._forget()
