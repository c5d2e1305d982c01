"""One device: port, state, name, masked identifiers, SIM, and what to do when it needs somebody."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget
from typing_extensions import override

from app.identifiers.identity import SimState
from app.work.events import CardState, DeviceCard
from ui.devices import words
from ui.devices.change import SimChange
from ui.devices.consent import ConsentWord, asked_of
from ui.devices.panel import MARGIN
from ui.devices.pin import PinEntry
from ui.devices.place import PlaceEdit
from ui.fonts import Type
from ui.kit.buttons import LINK_EDGE, Button
from ui.kit.chip import Chip
from ui.kit.framed import draw_framed
from ui.kit.late import Late
from ui.kit.progress import Progress
from ui.kit.style import REST, column, row
from ui.kit.text import Cut, Text
from ui.theme import FOCUS, RADIUS_CARD, Role, theme

AGAIN = frozenset({CardState.PARTLY, CardState.NEEDS_YOU, CardState.FAILED, CardState.LEFT_ALONE})
"""What can be read at the operator's word; a device without a port cannot."""
SHORT = 4
"""Names of places up to this length are written large."""


class CardView(QAbstractButton):
    """Emits `chosen` on click, Enter or Space, `again` when it is to be read once more, `moved` on up and down,
    `named` with what its place is to be called, `pin_entered(key, Secret, confirmed)` to unlock its SIM,
    `replaced` when its SIM replacement is to be done, `trace_wanted` when its trace is to be saved, `agreed` and
    `declined` with its customer's word.

    `suggested` is offered as a name for a place without one.
    """

    chosen = Signal(str)
    again = Signal(str)
    named = Signal(str, str)
    pin_entered = Signal(str, object, bool)
    replaced = Signal(str)
    trace_wanted = Signal(str)
    agreed = Signal(str)
    declined = Signal(str)
    moved = Signal(str, int)

    def __init__(self, card: DeviceCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.card = card
        self._selected = False
        # A button to screen readers, which can press it.
        self.clicked.connect(lambda: self.chosen.emit(self.card.key))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.suggested = ""
        self._slot = Cut("", Type.TITLE)
        self._port = Cut("", Type.SMALL_STRONG, Role.MUTED)
        self._chip = Chip()
        self._label = Cut("", Type.BUTTON)
        self._identifiers = Cut("", Type.MONO_SMALL)
        self._network = Text("", tone="muted", wrap=True)
        self._told = Text("", tone="muted", wrap=True)
        self._progress = Progress()
        # Thirty-two cards may come at once, and few of them ever need these.
        self._place = Late(self._make_place, self._order_tabs)
        self._consent = Late(self._make_consent, self._order_tabs)
        self._change = Late(self._make_change, self._order_tabs)
        self._pin = Late(self._make_pin, self._order_tabs)
        self._again = Late(self._make_again, self._order_tabs)
        self._rename = Late(self._make_rename, self._order_tabs)
        self._trace = Late(self._make_trace, self._order_tabs)
        self._top = top = row(self._place, self._slot, self._port, self._chip, gap=8)
        for index in (1, 2):
            top.setStretch(index, 1)
        self.setLayout(
            column(
                top,
                self._label,
                self._identifiers,
                self._network,
                self._told,
                self._progress,
                row(-LINK_EDGE, self._consent),
                row(-LINK_EDGE, self._change),
                self._pin,
                row(-LINK_EDGE, self._again, REST),
                row(-LINK_EDGE, self._rename, REST),
                row(-LINK_EDGE, self._trace, REST),
                gap=4,
                edge=(17, 13, 17, 13),
            )
        )
        self.say(card)

    # What only some cards show, in reading order

    @property
    def place(self) -> PlaceEdit:
        return self._place.get()

    @property
    def consent(self) -> ConsentWord:
        return self._consent.get()

    @property
    def change(self) -> SimChange:
        return self._change.get()

    @property
    def asks_pin(self) -> bool:
        return (pin := self._pin.made) is not None and pin.isVisible()

    @property
    def pin(self) -> PinEntry:
        return self._pin.get()

    @property
    def rename(self) -> Button:
        return self._rename.get()

    @property
    def trace(self) -> Button:
        return self._trace.get()

    def _order_tabs(self) -> None:
        for stop, following in pairwise(self.stops()):
            QWidget.setTabOrder(stop, following)

    def _make_place(self) -> PlaceEdit:
        made = PlaceEdit(self)
        made.entered.connect(self._name_it)
        made.left.connect(self._leave_name)
        return made

    def _make_consent(self) -> ConsentWord:
        made = ConsentWord(self)
        made.agreed.connect(lambda: self.agreed.emit(self.card.key))
        made.declined.connect(lambda: self.declined.emit(self.card.key))
        return made

    def _make_change(self) -> SimChange:
        made = SimChange(self)
        made.replace.connect(lambda: self.replaced.emit(self.card.key))
        return made

    def _make_pin(self) -> PinEntry:
        made = PinEntry(self)
        made.entered.connect(lambda pin, confirmed: self.pin_entered.emit(self.card.key, pin, confirmed))
        return made

    def _make_again(self) -> Button:
        made = Button(self.tr("Read again"), "link", "refresh-cw", self)
        made.clicked.connect(self._read_again)
        return made

    def _make_rename(self) -> Button:
        made = Button("", "link", "map-pin", self)
        made.clicked.connect(self.ask_name)
        return made

    def _make_trace(self) -> Button:
        made = Button(self.tr("Trace for support"), "link", "save", self)
        made.setToolTip(self.tr("What was said on its line, with times; identifiers are masked"))
        made.clicked.connect(lambda: self.trace_wanted.emit(self.card.key))
        return made

    # What it shows

    def say(self, card: DeviceCard) -> None:
        """Show what is known now."""
        self.card = card
        look = words.LOOKS[card.state]
        self._slot.setFont((Type.TITLE if len(card.slot) <= SHORT else Type.HEADING).font())
        self._slot.say(card.slot)
        self._port.say(card.port or card.place)
        self._show_place()
        self._chip.say(words.tr(look.source), look.icon, look.tone)
        self._label.say(card.label)
        shown = words.identifiers(card.identity)
        self._identifiers.say(shown)
        self._identifiers.setVisible(bool(shown))
        self._network.say(words.network(card.identity) if card.state is not CardState.NEEDS_YOU else "")
        self._told.say(words.told(card))
        self._progress.setVisible(card.state is CardState.READING)
        self._progress.say(words.progress(card))
        self._show_change()
        self._show_pin()
        self._show_actions()
        self.setAccessibleName(words.sentence(card))

    def stops(self) -> tuple[QWidget, ...]:
        """What the Tab key can reach, in order."""
        lines = (self._place, self._again, self._rename, self._trace)
        place, again, rename, trace = ([late.made] if late.made else [] for late in lines)
        consent = [self.consent.agree, self.consent.decline] if self._consent.made else []
        change = [self.change.button] if self._change.made else []
        pin = [self.pin.line, self.pin.button, self.pin.anyway] if self._pin.made else []
        return (self, *place, *consent, *change, *pin, *again, *rename, *trace)

    def select(self, selected: bool) -> None:
        """Mark it as the one in hand; only that one offers what is seldom needed."""
        if selected != self._selected:
            self._selected = selected
            self._show_actions()
            self.update()

    def _show_actions(self) -> None:
        card, name = self.card, words.name(self.card)
        if self._consent.made or asked_of(card, in_hand=self._selected):
            self.consent.say(card, in_hand=self._selected)
        self._again.show(card.state in AGAIN)
        self._rename.show(self._selected and bool(card.place))
        self._trace.show(self._selected and card.state in {CardState.PARTLY, CardState.FAILED})
        if again := self._again.made:
            alone = card.state is CardState.LEFT_ALONE
            again.setText(self.tr("Ask it") if alone else self.tr("Read again"))
            told = self.tr("Ask {device} whether it is a modem") if alone else self.tr("Read {device} again")
            again.setAccessibleName(told.format(device=name))
        if rename := self._rename.made:
            rename.setText(self.tr("Rename") if card.slot else self.tr("Name this place"))
        if trace := self._trace.made:
            trace.setAccessibleName(self.tr("Trace for support of {device}").format(device=name))

    def _show_change(self) -> None:
        if self.card.previous_iccid is not None or self._change.made:
            self.change.say(self.card)

    def _show_pin(self) -> None:
        identity = self.card.identity
        locked = identity is not None and identity.sim_state is SimState.PIN_REQUIRED
        wanted = locked and self.card.state is CardState.NEEDS_YOU
        self._pin.show(wanted)
        if pin := self._pin.made:
            pin.name_device(words.name(self.card))
            if not wanted and self.card.state is not CardState.READING:
                pin.forget()

    def ask_name(self) -> None:
        """Have the operator type what this place is called, in the place of the name itself."""
        self.place.begin(self.card.slot or self.suggested)
        self._show_place()
        self.place.setFocus(Qt.FocusReason.OtherFocusReason)

    def _name_it(self, name: str) -> None:
        self._leave_name()
        if name != self.card.slot:
            self.named.emit(self.card.key, name)

    def _leave_name(self) -> None:
        self._place.show(False)
        self._show_place()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_place(self) -> None:
        editing = self._place.made is not None and not self._place.made.isHidden()
        # Its place has a share of the row only while it is there: an empty layout would push the name aside.
        self._top.setStretch(0, int(editing))
        self._slot.setVisible(bool(self.card.slot) and not editing)
        self._port.setVisible(not self.card.slot and not editing)

    def _read_again(self) -> None:
        self.again.emit(self.card.key)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        enters = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space} and not event.modifiers()
        if enters and event.isAutoRepeat():
            # Held down since something else had the focus, as the button that sent this device.
            return
        if enters:
            self.chosen.emit(self.card.key)
        elif step := steps.get(Qt.Key(event.key())):
            self.moved.emit(self.card.key, step)
        else:
            # Not a button's own: arrows at its sides would leave the list.
            QWidget.keyPressEvent(self, event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        face = QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        line, width = (Role.ACCENT, FOCUS) if self._selected else (Role.LINE, 1)
        draw_framed(painter, face, RADIUS_CARD, theme().color(Role.SURFACE), theme().color(line), width)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme().color(Role.ACCENT), FOCUS))
            ring = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(ring, RADIUS_CARD + 2, RADIUS_CARD + 2)
            if self._selected:
                painter.setPen(QPen(theme().color(Role.SURFACE), 1))
                painter.drawRoundedRect(ring.adjusted(1.5, 1.5, -1.5, -1.5), RADIUS_CARD + 1, RADIUS_CARD + 1)
        painter.end()
