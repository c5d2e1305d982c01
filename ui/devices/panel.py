"""The column of device cards, in the order they were plugged in."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.work.events import DeviceCard
from ui.fonts import Type
from ui.kit.empty import Empty
from ui.kit.style import REST, column, row
from ui.kit.text import Text

if TYPE_CHECKING:
    from ui.devices.card import CardView

MARGIN = 3
"""Room for the focus ring around a card's face."""


class DevicePanel(QWidget):
    """Hands on what its cards emit, each signal with the key of the card.

    Emits `first` when a card came into the empty list, which nothing has put in its place for the Tab key yet.
    """

    chosen = Signal(str)
    again = Signal(str)
    named = Signal(str, str)
    pin_entered = Signal(str, object, bool)
    replaced = Signal(str)
    trace_wanted = Signal(str)
    agreed = Signal(str)
    declined = Signal(str)
    first = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._views: dict[str, CardView] = {}
        self._suggested = ""
        self._selected: str | None = None
        self._count = Text("", Type.SMALL, "muted")
        self._empty = Empty(
            "usb",
            self.tr("Plug a device in"),
            [
                ("cable", self.tr("Use a data cable; a charge-only cable shows nothing here.")),
                ("smartphone", self.tr("A phone may ask for USB modem mode first.")),
                ("keyboard", self.tr("No cable: scan the label, or dial *#06# on the phone and scan its screen.")),
            ],
        )
        inner = QWidget()
        inner.setProperty("ground", "none")
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # Empty yet: it asks at once how large what it takes in is.
        self._area.setWidget(inner)
        self._list = QVBoxLayout(inner)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(12 - 2 * MARGIN)
        self._list.addWidget(self._empty)
        self._list.addStretch(1)
        head = row(Text(self.tr("Devices"), Type.HEADING), REST, self._count, edge=(MARGIN, 0, MARGIN, 0))
        self.setLayout(column(head, self._area, gap=12 - MARGIN))
        self.setAccessibleName(self.tr("Devices"))
        self._tell_count()

    def show_card(self, card: DeviceCard) -> None:
        """Add a device, or show what is new of it."""
        if view := self._views.get(card.key):
            view.say(card)
        else:
            self._add(card)

    def _add(self, card: DeviceCard) -> None:
        from ui.devices.card import CardView

        view = CardView(card)
        view.chosen.connect(self.chosen)
        view.again.connect(self.again)
        view.named.connect(self.named)
        view.pin_entered.connect(self.pin_entered)
        view.replaced.connect(self.replaced)
        view.trace_wanted.connect(self.trace_wanted)
        view.agreed.connect(self.agreed)
        view.declined.connect(self.declined)
        view.suggested = self._suggested
        view.moved.connect(self._move)
        before = self.views()[-1].stops()[-1] if self._views else None
        self._views[card.key] = view
        self._list.insertWidget(self._list.count() - 1, view)
        self._tell_count()
        if before is None:
            self.first.emit()
            return
        # Only the new one is put in its place for the Tab key: thirty-two may come at once.
        for stop, following in pairwise((before, *view.stops())):
            self.setTabOrder(stop, following)

    def remove(self, key: str) -> None:
        if view := self._views.pop(key, None):
            self._list.removeWidget(view)
            view.deleteLater()
            self._tell_count()

    def select(self, key: str | None) -> None:
        """Mark the card whose values the form holds; it is the list's one stop for the Tab key. A focus on another card
        comes along when one is taken in hand: it would look like a second one that is."""
        taken = key if key in self._views and key != self._selected else None
        self._selected = key
        for other, view in self._views.items():
            view.select(other == key)
        stop = key if key in self._views else next(iter(self._views), None)
        for other, view in self._views.items():
            policy = Qt.FocusPolicy.StrongFocus if other == stop else Qt.FocusPolicy.ClickFocus
            if policy is not view.focusPolicy():
                view.setFocusPolicy(policy)
        if taken and any(view.hasFocus() for view in self._views.values()):
            self._views[taken].setFocus(Qt.FocusReason.OtherFocusReason)
        if key in self._views:
            self._area.ensureWidgetVisible(self._views[key], 0, 12)

    def suggest(self, name: str) -> None:
        """Offer a name for the next place that is named."""
        self._suggested = name
        for view in self._views.values():
            view.suggested = name

    def take_focus(self) -> None:
        """Put the focus on the selected card, or the first."""
        for view in self._views.values():
            if view.focusPolicy() is Qt.FocusPolicy.StrongFocus:
                view.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_pin(self) -> None:
        """Put the focus on the line for a SIM's PIN: the selected card's, else the first one's that asks for one."""
        asking = [view for view in self._views.values() if view.asks_pin]
        asking.sort(key=lambda view: view.focusPolicy() is not Qt.FocusPolicy.StrongFocus)
        if asking:
            asking[0].pin.line.setFocus(Qt.FocusReason.OtherFocusReason)
            self._area.ensureWidgetVisible(asking[0], 0, 12)

    def stops(self) -> list[QWidget]:
        """What the Tab key can reach, in order."""
        return [stop for view in self._views.values() for stop in view.stops()]

    def view(self, key: str) -> CardView | None:
        """The card of a device, None once it is gone."""
        return self._views.get(key)

    def views(self) -> list[CardView]:
        return list(self._views.values())

    def _move(self, key: str, step: int) -> None:
        keys = list(self._views)
        index = keys.index(key) + step
        if 0 <= index < len(keys):
            view = self._views[keys[index]]
            view.setFocus(Qt.FocusReason.OtherFocusReason)
            self._area.ensureWidgetVisible(view, 0, 12)

    def _tell_count(self) -> None:
        count = len(self._views)
        text = self.tr("1 connected") if count == 1 else self.tr("{count} connected").format(count=count)
        self._count.setText(text if count else "")
        self._empty.setVisible(not count)
