"""Buttons: the one main action of a screen, ordinary ones, quiet ones and links."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget
from typing_extensions import override

from ui.fonts import Type
from ui.icons import LARGE, MEDIUM, draw, icon, ratios
from ui.kit.framed import draw_framed
from ui.theme import FOCUS, RADIUS_BUTTON, TARGET, TARGET_MAIN, Role, theme

GAP = 4
"""Between icon and word, beside what the style leaves there."""


LEAST = 120
"""Pixels of the main button's width, however short its words."""
LINK_EDGE = 6
"""Border and padding of a link, as the style sheet has them: by so much it stands out, so that its words align."""
EDGES = 16.0
"""Pixels left and right of its words, at the least."""


class EnterPresses(QPushButton):
    """Enter does what Space does, as everywhere outside Qt."""

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers():
            self.click()
        else:
            super().keyPressEvent(event)


class Button(EnterPresses):
    """`kind`: "" ordinary, "quiet" without a border, "link" as text. The icon follows the theme."""

    def __init__(self, text: str, kind: str = "", icon_name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._icon_name = icon_name
        self._tinted: tuple[object, ...] = ()
        self.setProperty("kind", kind)
        self.setFont((Type.BODY if kind == "link" else Type.BODY_STRONG).font())
        self.setMinimumHeight(TARGET)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._tint()

    def show_icon(self, name: str) -> None:
        self._icon_name = name
        self._tint()

    @override
    def setText(self, text: str) -> None:
        super().setText(text)
        self._tint()

    @override
    def setCheckable(self, checkable: bool) -> None:
        super().setCheckable(checkable)
        self._tint()

    def _tint(self) -> None:
        if not self._icon_name:
            return
        before = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        # The style changes with each parent a button is given; only now and then its icon does.
        wanted = (theme().scheme, self._icon_name, before, bool(self.text()), self.isCheckable(), ratios())
        if wanted != self._tinted:
            self._tinted = wanted
            role = {"quiet": Role.MUTED, "link": Role.ACCENT}.get(str(self.property("kind")), Role.TEXT)
            gap = GAP if self.text() else 0
            self.setIconSize(QSize(MEDIUM + gap, MEDIUM))
            checked = Role.ACCENT if self.isCheckable() else None
            self.setIcon(icon(self._icon_name, role, MEDIUM, checked=checked, gap=-gap if before else gap))

    @override
    def changeEvent(self, event: QEvent) -> None:
        changed = event.type() in {QEvent.Type.StyleChange, QEvent.Type.LayoutDirectionChange}
        if changed and self.property("kind") is not None:
            self._tint()
        super().changeEvent(event)


class MainButton(EnterPresses):
    """The one main action: what will happen, and its key. While busy it says what is being done."""

    def __init__(self, text: str = "", keys: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._keys, self._icon_name, self._quiet = keys, "", False
        self.setProperty("kind", "main")
        self.setFont(Type.MAIN.font())
        self.setFixedHeight(TARGET_MAIN)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def say(self, text: str, *, icon_name: str = "", quiet: bool = False) -> None:
        """`quiet` draws it as not the next step; it can be pressed all the same, and then says why."""
        if (text, icon_name, quiet) == (self.text(), self._icon_name, self._quiet):
            return
        self.setText(text)
        self.setAccessibleName(text)
        self._icon_name, self._quiet = icon_name, quiet
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self.font())
        keys = metrics.horizontalAdvance(self._keys) + 16 if self._keys else 0
        return QSize(max(LEAST, int(self._words() + keys) + 40), TARGET_MAIN)

    @override
    def minimumSizeHint(self) -> QSize:
        # What will happen is never cut; its key and the room beside it give way.
        return QSize(max(LEAST, int(self._words() + EDGES) + 1), TARGET_MAIN)

    def _words(self) -> float:
        lead = LARGE + 8 if self._icon_name else 0
        return QFontMetricsF(self.font()).horizontalAdvance(self.text()) + lead

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        live = not self._quiet
        ground = Role.ACCENT if live else Role.SURFACE
        ink = Role.ON_ACCENT if live else Role.MUTED
        if live and (self.underMouse() or self.isDown()):
            ground = Role.ACCENT_STRONG
        place, filled = QRectF(self.rect()), theme().color(ground)
        if live:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(filled)
            painter.drawRoundedRect(place, RADIUS_BUTTON, RADIUS_BUTTON)
        else:
            draw_framed(painter, place, RADIUS_BUTTON, filled, theme().color(Role.CONTROL))
        if self.hasFocus():
            # Inside the button: the ring stands on the button's own colour, whatever lies around it.
            painter.setPen(QPen(theme().color(Role.ON_ACCENT if live else Role.ACCENT), FOCUS))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ring = place.adjusted(4, 4, -4, -4) if live else place.adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(ring, RADIUS_BUTTON - (3 if live else 0), RADIUS_BUTTON - (3 if live else 0))
        self._draw_words(painter, ink)
        painter.end()

    def _draw_words(self, painter: QPainter, ink: Role) -> None:
        metrics = QFontMetricsF(self.font())
        room = self.width() - EDGES
        lead = LARGE + 8 if self._icon_name else 0
        words = metrics.horizontalAdvance(self.text())
        keys = QFontMetricsF(Type.SMALL_STRONG.font()).horizontalAdvance(self._keys) if self._keys else 0.0
        gap = 10.0 if keys else 0.0
        if lead + words + gap + keys > room:
            keys = gap = 0.0
        shown = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, room - lead)
        words = metrics.horizontalAdvance(shown)
        x = (self.width() - lead - words - gap - keys) / 2
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setFont(self.font())
        painter.setPen(theme().color(ink))
        if lead:
            draw(painter, self._icon_name, ink, x, (self.height() - LARGE) / 2, LARGE)
        painter.drawText(QRectF(x + lead, 0, words + 4, self.height()), middle, shown)
        if keys:
            painter.setFont(Type.SMALL_STRONG.font())
            painter.drawText(QRectF(x + lead + words + gap, 0, keys + 4, self.height()), middle, self._keys)
