"""Entering an operator, or changing one: name, role, PIN; below them what else can be done to somebody."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import QRegularExpression, Signal
from PySide6.QtGui import QPagedPaintDevice, QRegularExpressionValidator
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from app.errors import WorkstationError
from app.masked import Secret
from app.operators.people import Operator, Role
from app.operators.pin import LONGEST
from ui.barcodes.sheet import Item, put
from ui.fonts import Type
from ui.kit.buttons import Button
from ui.kit.combo import Combo
from ui.kit.paper import PaperLine
from ui.kit.style import REST, column, row
from ui.kit.text import Text, label_of
from ui.language.speaking import spoken
from ui.operators.words import role
from ui.theme import Tone


class Editor(QFrame):
    """Emits `saved(Operator, Secret | None)` (an empty id: a new one), `badge_wanted(Operator)`, `gone(Operator)`,
    `closed`."""

    saved = Signal(object, object)
    badge_wanted = Signal(object)
    gone = Signal(object)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "sunken")
        self._who = Operator("", "", Role.OPERATOR)
        self.name, self.pin, self.role = QLineEdit(), QLineEdit(), Combo([role(each) for each in Role])
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setValidator(QRegularExpressionValidator(QRegularExpression(f"[0-9]{{0,{LONGEST}}}"), self))
        for line in (self.name, self.pin):
            line.setFont(Type.INPUT.font())
        self.name.returnPressed.connect(self._named)
        self.pin.returnPressed.connect(self._save)
        self._pin_label = label_of("", self.pin)
        fields = row(
            column(label_of(self.tr("Name"), self.name), self.name, gap=4),
            column(label_of(self.tr("Role"), self.role), self.role, gap=4),
            column(self._pin_label, self.pin, gap=4),
            gap=12,
        )
        for place, share in enumerate((3, 2, 2)):
            fields.setStretch(place, share)
        self._said = Text("", Type.BODY, wrap=True)
        self.save, self._close = Button(""), Button(self.tr("Close"), "quiet")
        self.badge = Button(self.tr("New badge"), "quiet", "scan-barcode")
        self.leave = Button(self.tr("Does not work here any more"), "quiet", "user-x")
        self.paper = PaperLine(self.tr("Badge"), "gate-station-badge.pdf", self._put_badge)
        self.paper.failed.connect(self.fail)
        self.paper.saved.connect(lambda _: self.tell(self.tr("The badge is saved."), Tone.OK))
        self.save.clicked.connect(self._save)
        self.badge.clicked.connect(lambda: self.badge_wanted.emit(self._who))
        self.leave.clicked.connect(lambda: self.gone.emit(self._who))
        self._close.clicked.connect(self.closed)
        self.setLayout(
            column(
                fields,
                self._said,
                row(self.save, self._close, REST),
                row(self.badge, self.leave, REST),
                self.paper,
                gap=12,
                edge=(12, 12, 12, 12),
            )
        )
        self.edit(None)

    def edit(self, who: Operator | None, *, first: bool = False) -> None:
        """Take somebody in hand, None for a new one; the `first` one has to be a supervisor."""
        self._who = who or Operator("", "", Role.SUPERVISOR if first else Role.OPERATOR)
        self.name.setText(self._who.name)
        self.name.setCursorPosition(0)
        self.role.setCurrentIndex(list(Role).index(self._who.role))
        self.role.setEnabled(not first)
        self.role.setAccessibleName(self.tr("Role"))
        self.pin.clear()
        self._pin_label.setText(self.tr("New PIN (empty: as before)") if who else self.tr("PIN, 4 to 12 digits"))
        self.save.setText(self.tr("Save") if who else self.tr("Enter"))
        self.badge.setVisible(who is not None)
        self.leave.setVisible(who is not None)
        self.paper.setVisible(bool(self._who.badge))
        self.tell("", Tone.NEUTRAL)

    @property
    def said(self) -> str:
        return self._said.text()

    def fail(self, trouble: WorkstationError) -> None:
        self.tell(spoken(str(trouble)), Tone.BAD)

    def tell(self, sentence: str, tone: Tone) -> None:
        self._said.set_tone(tone)
        self._said.say(sentence)

    def _put_badge(self, device: QPagedPaintDevice) -> bool:
        """The badge as it is kept now, not as the name is being changed."""
        hint = self.tr("Scan it at the lock, then enter the PIN.")
        return put(device, (self.tr("Badge"), hint), [Item(self._who.name, self._who.badge)])

    def _named(self) -> None:
        """Enter in the name, which a scanner presses by itself: on to the PIN that somebody new has to have."""
        if self._who.id or self.pin.text():
            self._save()
        else:
            self.pin.setFocus()

    def _save(self) -> None:
        changed = replace(self._who, name=self.name.text(), role=list(Role)[self.role.currentIndex()])
        self.saved.emit(changed, Secret(self.pin.text()) if self.pin.text() or not self._who.id else None)
