"""The rail at the left (pages) and the bar at the top (jobs, and the state of the link)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QPainter, QPaintEvent, QPen, QShortcut
from PySide6.QtWidgets import QFrame, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget
from typing_extensions import override

from app.provisioning.workflows import ROWS, WORKFLOWS, Workflow
from ui.fonts import Type
from ui.icons import RAIL, icon
from ui.kit.buttons import Button
from ui.kit.chip import chip_width, draw_chip
from ui.kit.style import REST, column, row
from ui.language.speaking import spoken
from ui.operators.words import short
from ui.snapshot import Headline
from ui.theme import FOCUS, TARGET, Role, Tone, theme

KEYS = {"register-device": "F2", "sim-replacement": "F3", "new-device-upgrade": "F4", "plan-change": "F5"}
"""Jobs that have a key and a place in the bar; the others stand in the menu."""


LOCK_KEYS = "Ctrl+L"
WORD = 62
"""The width of a word under an icon, in pixels at 100 %."""


class RailButton(QToolButton):
    """A page: icon above word."""

    def __init__(self, word: str, icon_name: str, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self.keys = keys
        self.setText(word)
        self.setFont(Type.SMALL.font())
        self.setProperty("kind", "page")
        self.setCheckable(True)
        self.setIconSize(QSize(RAIL, RAIL))
        self.setToolTip(f"{word} ({keys})")
        self.setAccessibleName(word)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_narrow(narrow=False)
        self._tint()
        self.toggled.connect(self._tint)

    def set_narrow(self, *, narrow: bool) -> None:
        style = Qt.ToolButtonStyle
        self.setToolButtonStyle(style.ToolButtonIconOnly if narrow else style.ToolButtonTextUnderIcon)
        self._size = QSize(40, 40) if narrow else QSize(68, 56)
        self.updateGeometry()

    @override
    def sizeHint(self) -> QSize:
        # Not setFixedSize: the style sheet's own least height takes its place at each change of style.
        return self._size

    def _tint(self) -> None:
        self.setIcon(icon(self._icon_name, Role.ACCENT if self.isChecked() else Role.MUTED, RAIL))

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_icon_name"):
            self._tint()


class Rail(QFrame):
    """Emits `chosen(page)`, `lock_pressed`."""

    chosen = Signal(str)
    lock_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "rail")
        self._buttons = {
            "bench": RailButton(self.tr("Bench"), "smartphone", "Alt+1", self),
            "batch": RailButton(self.tr("Batch"), "layers", "F7", self),
            "log": RailButton(self.tr("Log"), "scroll-text", "Alt+2", self),
            "doctor": RailButton(self.tr("Doctor"), "stethoscope", "Alt+3", self),
            "settings": RailButton(self.tr("Settings"), "settings", "Alt+4", self),
        }
        for page, button in self._buttons.items():
            button.clicked.connect(lambda _=False, page=page: self.chosen.emit(page))
            # Not the button's own shortcut: that one presses it for a tenth of a second first.
            QShortcut(QKeySequence(button.keys), self, partial(self.chosen.emit, page))
        self.who = RailButton("", "user", LOCK_KEYS, self)
        self.who.setCheckable(False)
        self.who.clicked.connect(self.lock_pressed)
        *upper, settings = self._buttons.values()
        self.setLayout(column(*upper, REST, settings, self.who, gap=4, edge=(8, 12, 8, 12)))
        self.who.hide()
        QShortcut(QKeySequence(LOCK_KEYS), self, self.lock_pressed.emit)

    def say_who(self, name: str) -> None:
        """Show who is signed in; "" where nobody is."""
        self.who.setText(self.who.fontMetrics().elidedText(short(name), Qt.TextElideMode.ElideRight, WORD))
        words = self.tr("{name}. Press to lock the window ({keys}).").format(name=name, keys=LOCK_KEYS)
        self.who.setToolTip(words)
        self.who.setAccessibleName(words)
        self.who.setVisible(bool(name))

    def mark(self, page: str) -> None:
        for name, button in self._buttons.items():
            button.setChecked(name == page)

    def set_narrow(self, *, narrow: bool) -> None:
        for button in (*self._buttons.values(), self.who):
            button.set_narrow(narrow=narrow)


class LinkButton(QPushButton):
    """The state of the link as a chip that opens the log."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._headline = Headline("", "", Tone.NEUTRAL)
        self.setFixedHeight(TARGET)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.say(Headline(self.tr("Starting"), "hourglass", Tone.NEUTRAL))

    @property
    def headline(self) -> Headline:
        return self._headline

    def say(self, headline: Headline) -> None:
        if headline == self._headline:
            return
        self._headline = headline
        self.setToolTip(headline.word)
        self.setAccessibleName(self.tr("Link: {state}. Opens the log.").format(state=headline.word))
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(int(chip_width(self._headline.word, self._headline.icon)) + 9, TARGET)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(96, TARGET)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setLayoutDirection(self.layoutDirection())
        inner = QRectF(self.rect()).adjusted(4, 0, -4, 0)
        draw_chip(painter, inner, self._headline.word, self._headline.icon, self._headline.tone)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme().color(Role.ACCENT), FOCUS))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 2, -1, -2), 14, 14)
        painter.end()


class TopBar(QFrame):
    """Emits `chosen(Workflow)`, `link_pressed`."""

    chosen = Signal(object)
    link_pressed = Signal()

    def __init__(self, workflows: Sequence[Workflow] = WORKFLOWS, parent: QWidget | None = None) -> None:
        """`workflows` are the jobs done at this station."""
        super().__init__(parent)
        self.setProperty("kind", "bar")
        self.workflows = tuple(workflows)
        self._workflows = {workflow.name: workflow for workflow in workflows}
        self._buttons: dict[str, Button] = {}
        self._actions: dict[str, QAction] = {}
        menu = QMenu(self)
        menu.setAccessibleName(self.tr("More jobs"))
        group = QActionGroup(self)
        for workflow in workflows:
            if key := KEYS.get(workflow.name):
                button = Button("", "quiet", parent=self)
                button.setCheckable(True)
                QShortcut(QKeySequence(key), self, partial(self.chosen.emit, workflow))
                button.setToolTip(f"{spoken(workflow.label)} ({key})")
                button.setAccessibleName(spoken(workflow.label))
                button.clicked.connect(lambda _=False, workflow=workflow: self.chosen.emit(workflow))
                self._buttons[workflow.name] = button
            else:
                action = menu.addAction(spoken(workflow.label))
                action.setCheckable(True)
                group.addAction(action)
                action.triggered.connect(lambda _=False, workflow=workflow: self.chosen.emit(workflow))
                self._actions[workflow.name] = action
        self._more = Button(self.tr("More"), "quiet", "chevron-down", self)
        self._more.setCheckable(True)
        self._more.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._more.setMenu(menu)
        self._more.setAccessibleName(self.tr("More jobs"))
        self.link = LinkButton(self)
        self.link.clicked.connect(self.link_pressed)
        self.setLayout(row(*self._buttons.values(), self._more, REST, self.link, gap=4, edge=(12, 12, 12, 12)))
        self._more.setHidden(not self._actions)
        self.set_narrow(narrow=False)

    def choose(self, name: str) -> None:
        """Choose a job by its name; does nothing where it is not done at this station."""
        if workflow := self._workflows.get(name):
            self.chosen.emit(workflow)

    def set_narrow(self, *, narrow: bool) -> None:
        for name, button in self._buttons.items():
            label = spoken(ROWS[name].label)
            button.setText(label if narrow else f"{label}  {KEYS[name]}")

    def mark(self, workflow: Workflow | None) -> None:
        """Show which job is being done; None while another page than the bench is shown."""
        name = workflow.name if workflow else ""
        for other, button in self._buttons.items():
            button.setChecked(other == name)
        for other, action in self._actions.items():
            action.setChecked(other == name)
        in_menu = workflow is not None and name in self._actions
        self._more.setText(spoken(workflow.label) if workflow and in_menu else self.tr("More"))
        self._more.setChecked(in_menu)
