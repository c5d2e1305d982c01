"""The palette: a line to type into, and the commands that fit below it. Keys alone do; Escape leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from typing_extensions import override

from ui.fonts import Type
from ui.icons import MEDIUM, draw
from ui.kit.style import column
from ui.palette.commands import Command, fitting
from ui.theme import Role, theme

WIDTH, TOP, MOST, ROW = 560, 64, 9, 40
COMMAND = Qt.ItemDataRole.UserRole
LOG_FROM = 3
"""Letters from which on the log is offered to be searched for them."""

Index = QModelIndex | QPersistentModelIndex


class _Lines(QStyledItemDelegate):
    """Icon, label, and the keys at the end."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(WIDTH - 20, ROW)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        blank = QStyleOptionViewItem(option)
        self.initStyleOption(blank, index)
        blank.text = ""
        style = blank.widget.style()
        style.drawControl(style.ControlElement.CE_ItemViewItem, blank, painter, blank.widget)
        command = index.data(COMMAND)
        if not isinstance(command, Command):
            return
        inner = QRectF(option.rect).adjusted(12, 0, -12, 0)
        draw(painter, command.icon, Role.MUTED, inner.left(), inner.center().y() - MEDIUM / 2 + 0.5, MEDIUM)
        keys = QFontMetricsF(Type.SMALL.font()).horizontalAdvance(command.keys) + 4
        words = inner.adjusted(MEDIUM + 10, 0, -keys - 12, 0)
        painter.setFont(Type.BODY.font())
        painter.setPen(theme().color(Role.TEXT))
        shown = QFontMetricsF(painter.font()).elidedText(command.label, Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.setFont(Type.SMALL.font())
        painter.setPen(theme().color(Role.MUTED))
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, command.keys)


class Palette(QFrame):
    """`commands` is asked at each opening; `search` takes what is typed to the log."""

    def __init__(
        self, window: QWidget, commands: Callable[[], Sequence[Command]], search: Callable[[str], None]
    ) -> None:
        super().__init__(window)
        self._ask, self._search = commands, search
        self._commands: Sequence[Command] = ()
        self._before: QWidget | None = None
        self.setProperty("kind", "card")
        self.setAccessibleName(self.tr("Commands"))
        self.line = QLineEdit()
        self.line.setFont(Type.INPUT.font())
        self.line.setPlaceholderText(self.tr("Command, device, or what to look for in the log"))
        self.line.setAccessibleName(self.tr("Search for a command"))
        self.line.textChanged.connect(self._narrow)
        self.line.installEventFilter(self)
        self.list = QListWidget()
        self.list.setItemDelegate(_Lines(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(self.tr("Commands that fit"))
        self.list.itemClicked.connect(self._take)
        self.setLayout(column(self.line, self.list, gap=8, edge=(10, 10, 10, 10)))
        self.hide()

    def open(self) -> None:
        """Show every command, with the line empty."""
        self._before = self.window().focusWidget()
        self._commands = self._ask()
        self.line.clear()
        self._narrow("")
        self._place()
        self.show()
        self.raise_()
        self.line.setFocus()

    def close_it(self) -> None:
        """Go back to where the focus was."""
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus()

    def shown(self) -> list[Command]:
        """The commands that stand in the list now."""
        return [self.list.item(place).data(COMMAND) for place in range(self.list.count())]

    def _narrow(self, typed: str) -> None:
        found = fitting(self._commands, typed)
        text = typed.strip()
        if len(text) >= LOG_FROM:
            label = self.tr("Look for “{text}” in the log").format(text=text)
            found.append(Command(label, "search", lambda: self._search(text)))
        self.list.clear()
        for command in found:
            item = QListWidgetItem()
            item.setData(COMMAND, command)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{command.label} {command.keys}".strip())
            self.list.addItem(item)
        self.list.setCurrentRow(0 if found else -1)
        self.list.setFixedHeight(ROW * max(1, min(MOST, len(found))) + 4)
        self.adjustSize()

    def _place(self) -> None:
        window = self.window()
        width = min(WIDTH, window.width() - 32)
        self.setFixedWidth(width)
        self.adjustSize()
        self.move((window.width() - width) // 2, TOP)

    def _take(self, item: QListWidgetItem | None) -> None:
        command = item.data(COMMAND) if item is not None else None
        if isinstance(command, Command):
            self.close_it()
            command.run()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line and event.type() == QEvent.Type.FocusOut and self.isVisible():
            self.hide()
        # Escape is taken before the window's own, which would leave the page behind the palette.
        override_ = event.type() == QEvent.Type.ShortcutOverride
        if override_ and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._pressed(Qt.Key(event.key()))
        return False

    def _pressed(self, key: Qt.Key) -> bool:
        count = self.list.count()
        if key in {Qt.Key.Key_Down, Qt.Key.Key_Up} and count:
            step = 1 if key == Qt.Key.Key_Down else -1
            self.list.setCurrentRow((self.list.currentRow() + step) % count)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._take(self.list.currentItem())
        elif key == Qt.Key.Key_Escape:
            self.close_it()
        else:
            return False
        return True
