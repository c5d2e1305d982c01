"""The operators in the settings: who works here, entering somebody, changing somebody."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.masked import Secret
from app.operators.people import Operator
from app.work.shift import Shift
from ui.background import run
from ui.fonts import Type
from ui.kit.buttons import LINK_EDGE, Button
from ui.kit.card import Card
from ui.kit.style import column, row
from ui.kit.text import Cut, Text
from ui.operators.editor import Editor
from ui.operators.words import role
from ui.orders import Order, answers, pressing
from ui.theme import Role, Tone


class OperatorsCard(Card):
    """`changed` follows each operator that was entered or changed."""

    changed = Signal()

    def __init__(self, shift: Shift, parent: QWidget | None = None) -> None:
        self._add = Button("", "link", "user")
        super().__init__("", "users", self._add, parent=parent)
        self.heading.setText(self.tr("Operators"))
        self._add.setText(self.tr("Add"))
        self._add.setAccessibleName(self.tr("Add an operator"))
        self._add.clicked.connect(self.add)
        self._shift = shift
        self.people: list[Operator] = []
        self._lines: list[QWidget] = []
        self._said = Text("", Type.BODY, "muted", wrap=True)
        self.editor = Editor()
        self.editor.saved.connect(self._save)
        self.editor.badge_wanted.connect(self._badge)
        self.editor.gone.connect(lambda who: self._save(replace(who, active=False), None))
        self.editor.closed.connect(self.editor.hide)
        self._list = column(gap=0)
        self.body.addWidget(self._said)
        self.body.addLayout(row(self._list, -LINK_EDGE, gap=0))
        self.body.addSpacing(4)
        self.body.addWidget(self.editor)
        self.editor.hide()

    def refresh(self) -> None:
        run(self._shift.people, self._show, self.editor.fail, self)

    def add(self) -> None:
        """Open the editor for somebody new."""
        self.editor.edit(None, first=not self.people)
        self.editor.show()
        self.editor.name.setFocus()

    def edit(self, who: Operator) -> None:
        """Open the editor for somebody who works here."""
        self.editor.edit(who)
        self.editor.show()
        self.editor.name.setFocus()

    def orders(self) -> Mapping[str, Order]:
        """What command barcodes do here: ANSWER 1 opens the editor, SUBMIT enters who stands in it."""
        if self.editor.isVisible():
            return {"submit": pressing(self.editor.save)}
        return answers((self._add,))

    def _show(self, people: list[Operator]) -> None:
        self.people = people
        words = self.tr("Everybody signs in with a PIN; their name stands in each record.")
        if not people:
            words = self.tr("Nobody is entered: whoever sits here may do everything. Enter a supervisor first.")
        self._said.say(words)
        for line in self._lines:
            self._list.removeWidget(line)
            line.deleteLater()
        self._lines = [self._line(who) for who in people]
        for line in self._lines:
            self._list.addWidget(line)

    def _line(self, who: Operator) -> QWidget:
        change = Button(self.tr("Change"), "link")
        change.setAccessibleName(self.tr("Change {name}").format(name=who.name))
        change.clicked.connect(lambda: self.edit(who))
        badge = Text(self.tr("badge") if who.badge else "", Type.SMALL, "muted")
        made = QWidget()
        box = row(Cut(who.name, Type.BODY_STRONG, Role.TEXT), Text(role(who.role), tone="muted"), badge, change, gap=12)
        box.setStretch(0, 1)
        made.setLayout(box)
        return made

    def _save(self, who: Operator, pin: Secret | None) -> None:
        shift = self._shift

        def work() -> None:
            if who.id:
                shift.change(who, pin)
            else:
                shift.enter(who.name, who.role, pin or Secret(""))

        self._do(work, lambda _: self.editor.hide())

    def _badge(self, who: Operator) -> None:
        def done(changed: Operator) -> None:
            self.editor.edit(changed)
            self.editor.tell(
                self.tr("New badge: {code}. The one before is worth nothing now.").format(code=changed.badge), Tone.OK
            )

        self._do(lambda: self._shift.new_badge(who), done)

    def _do(self, work: Callable[[], object], done: Callable[..., None]) -> None:
        def finish(result: object) -> None:
            done(result)
            self.refresh()
            self.changed.emit()

        run(work, finish, self.editor.fail, self)
