"""A bar above the work that tells of a trouble, and takes nothing away: the input stays, the screen stays."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.errors import WorkstationError
from ui.fonts import Type
from ui.icons import LARGE, Icon
from ui.kit.announce import alert
from ui.kit.buttons import LINK_EDGE, Button
from ui.kit.style import REST, column, row
from ui.kit.text import Text
from ui.kit.tinted import Tinted
from ui.language.speaking import spoken
from ui.theme import TARGET, Role, Tone

ICONS = {Tone.BAD: "circle-x", Tone.WARN: "triangle-alert", Tone.WAIT: "clock", Tone.OK: "circle-check"}


class Notice(Tinted):
    """One notice at a time; a new one takes the place of the old. Hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Tone.ACCENT, parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._icon = Icon("info", Role.ACCENT, LARGE, self)
        self._icon.setFixedHeight(TARGET)
        self._summary = Text("", Type.BODY_STRONG, wrap=True, parent=self)
        self._remedy = Text("", wrap=True, parent=self)
        self._detail = Text("", Type.SMALL, wrap=True, parent=self)
        # In the order that Tab goes.
        self.act = Button("", "link", parent=self)
        self.act.clicked.connect(self._take_action)
        self._action: Callable[[], None] | None = None
        self.also = Button("", "link", parent=self)
        self.also.clicked.connect(self._take_other)
        self._other: Callable[[], None] | None = None
        self._more = Button(self.tr("Details"), "link", parent=self)
        self._more.setCheckable(True)
        self._more.toggled.connect(self._detail.setVisible)
        self._close = Button("", "quiet", "x", self)
        self._close.setAccessibleName(self.tr("Dismiss this notice"))
        self._close.setToolTip(self.tr("Dismiss"))
        self._close.clicked.connect(self.hide)
        ways = row(-LINK_EDGE, self.act, self.also, self._more, REST)
        words = column(self._summary, self._remedy, self._detail, ways, gap=3, edge=(0, 7, 0, 7))
        self.setLayout(row(self._icon, words, self._close, gap=10, edge=(14, 2, 4, 2)))
        box = self.layout()
        if box is not None:
            box.setAlignment(self._icon, Qt.AlignmentFlag.AlignTop)
            box.setAlignment(self._close, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def summary(self) -> str:
        return self._summary.text() if self.isVisible() else ""

    def retract(self, summary: str) -> None:
        """Hide where this is what is told, also while another page is in front."""
        if self._summary.text() == summary:
            self.hide()

    def tell(self, tone: Tone, summary: str, remedy: str = "", detail: str = "") -> None:
        """Show a notice and have screen readers say it."""
        self._tone = tone
        self._icon.show_icon(ICONS.get(tone, "info"), tone.ink)
        self._summary.setText(summary)
        self._remedy.say(remedy)
        self._detail.setText(detail)
        self._more.setVisible(bool(detail))
        self._more.setChecked(False)
        self._offer("", None)
        self._detail.hide()
        self.setAccessibleName(f"{summary} {remedy}".strip())
        self.show()
        self.update()
        alert(self)

    def offer(self, tone: Tone, summary: str, remedy: str, action: str, call: Callable[[], None]) -> None:
        """Show a notice with a way back or on; the focus stays where it is."""
        self.tell(tone, summary, remedy)
        self._offer(action, call)

    def ask(self, tone: Tone, summary: str, remedy: str, action: str, call: Callable[[], None]) -> None:
        """Show a notice whose button has the focus, so that Enter does what it says."""
        self.offer(tone, summary, remedy, action, call)
        self.act.setFocus(Qt.FocusReason.OtherFocusReason)

    def offer_also(self, action: str, call: Callable[[], None]) -> None:
        """Offer another way beside the one that is offered already."""
        self.also.setText(action)
        self._other = call
        self.also.show()

    def ways(self) -> list[Button]:
        """The ways that can be offered, in order."""
        return [self.act, self.also]

    def tell_error(self, trouble: WorkstationError, action: str = "", call: Callable[[], None] | None = None) -> None:
        """Show an expected trouble in its own words, with a button for the way out where there is one.

        The detail is for the log and stays there.
        """
        self.tell(Tone.BAD, spoken(trouble.summary), spoken(trouble.remedy))
        self._offer(action, call)

    def _offer(self, action: str, call: Callable[[], None] | None) -> None:
        self._action = call
        self.act.setText(action)
        self.act.setVisible(call is not None)
        self._other = None
        self.also.hide()

    def _take_action(self) -> None:
        self.hide()
        if self._action is not None:
            self._action()

    def _take_other(self) -> None:
        self.hide()
        if self._other is not None:
            self._other()
