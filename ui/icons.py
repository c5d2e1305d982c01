"""Outline icons (Lucide), tinted by role and drawn at the pixels of the screen they stand on."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPaintEvent, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

import resources
from ui.theme import Role, theme

SMALL, MEDIUM, LARGE, RAIL = 14, 16, 18, 20


def pixmap(name: str, color: QColor, size: int, ratio: float) -> QPixmap:
    """The icon at `size` logical pixels for a screen of `ratio` device pixels each. Raises FileNotFoundError."""
    key = f"{name}/{color.name()}/{size}/{ratio}"
    found = QPixmap()
    if QPixmapCache.find(key, found):
        return found
    svg = resources.read_text(f"icons/{name}.svg").replace("currentColor", color.name())
    edge = round(size * ratio)
    found = QPixmap(edge, edge)
    found.fill(Qt.GlobalColor.transparent)
    painter = QPainter(found)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, edge, edge))
    painter.end()
    found.setDevicePixelRatio(ratio)
    QPixmapCache.insert(key, found)
    return found


def ratios() -> tuple[float, ...]:
    """Device pixels for each logical one, of the screens there are."""
    return tuple(sorted({screen.devicePixelRatio() for screen in QGuiApplication.screens()}))


def icon(name: str, role: Role = Role.TEXT, size: int = MEDIUM, *, checked: Role | None = None, gap: int = 0) -> QIcon:
    """For a button; made anew when the theme changes (kit.buttons does so). Right of it, or left where it is
    negative, `gap` pixels stay empty."""
    made = QIcon()
    for ratio in ratios():
        made.addPixmap(_spaced(name, theme().color(role), size, ratio, gap))
        if checked:
            on = _spaced(name, theme().color(checked), size, ratio, gap)
            made.addPixmap(on, QIcon.Mode.Normal, QIcon.State.On)
    return made


def app_icon() -> QIcon:
    """The program's own icon, for title bars and task bars."""
    made, drawing = QIcon(), QSvgRenderer(QByteArray(resources.path("app/gate-station.svg").read_bytes()))
    for edge in (16, 32, 64, 128):
        drawn = QPixmap(edge, edge)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        drawing.render(painter, QRectF(0, 0, edge, edge))
        painter.end()
        made.addPixmap(drawn)
    return made


def _spaced(name: str, color: QColor, size: int, ratio: float, gap: int) -> QPixmap:
    drawn = pixmap(name, color, size, ratio)
    if not gap:
        return drawn
    key = f"{name}/{color.name()}/{size}/{ratio}/{gap}"
    found = QPixmap()
    if QPixmapCache.find(key, found):
        return found
    wide = QPixmap(drawn.width() + round(abs(gap) * ratio), drawn.height())
    wide.setDevicePixelRatio(ratio)
    wide.fill(Qt.GlobalColor.transparent)
    painter = QPainter(wide)
    painter.drawPixmap(max(0, -gap), 0, drawn)
    painter.end()
    QPixmapCache.insert(key, wide)
    return wide


def draw(painter: QPainter, name: str, role: Role, x: float, y: float, size: int) -> None:  # noqa: PLR0917 - a point is two numbers
    """Draw the icon with its top left corner at `x`, `y`, on whole device pixels."""
    ratio = painter.device().devicePixelRatioF()
    snapped = (round(x * ratio) / ratio, round(y * ratio) / ratio)
    painter.drawPixmap(QRectF(*snapped, size, size).topLeft(), pixmap(name, theme().color(role), size, ratio))


class Icon(QWidget):
    """One icon as a widget; says nothing to a screen reader, the word beside it does."""

    def __init__(self, name: str, role: Role = Role.MUTED, size: int = MEDIUM, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._role, self._size = name, role, size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_icon(self, name: str, role: Role) -> None:
        if (name, role) != (self._name, self._role):
            self._name, self._role = name, role
            self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._size, self._size)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw(
            painter,
            self._name,
            self._role,
            (self.width() - self._size) / 2,
            (self.height() - self._size) / 2,
            self._size,
        )
        painter.end()
