"""The bar above the log: results with their counts, days, and the search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QEvent, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QWidget
from typing_extensions import override

from ui.fonts import Type
from ui.journal.filters import Days, Filter
from ui.journal.meaning import Shown
from ui.kit.buttons import Button
from ui.kit.combo import Combo
from ui.kit.style import REST, column, row
from ui.kit.text import Text

PAUSE_MS = 150
"""Between the last letter typed and the search: shorter than a reader notices, longer than between two keys."""
PEOPLE = 5
"""Letters of an operator's name that the bar has room for; the list shows all of it."""
CONTEXT = "JournalBar"

RESULTS: Mapping[Shown, tuple[str, str]] = {
    Shown.NEEDS_YOU: (str(QT_TRANSLATE_NOOP("JournalBar", "Needs you")), "circle-alert"),
    Shown.WAITING: (str(QT_TRANSLATE_NOOP("JournalBar", "Waiting")), "clock"),
    Shown.DONE: (str(QT_TRANSLATE_NOOP("JournalBar", "Registered")), "circle-check"),
    Shown.ALL: (str(QT_TRANSLATE_NOOP("JournalBar", "All")), "list"),
}
DAYS: Mapping[Days, str] = {
    Days.TODAY: str(QT_TRANSLATE_NOOP("JournalBar", "Today")),
    Days.WEEK: str(QT_TRANSLATE_NOOP("JournalBar", "7 days")),
    Days.ALL: str(QT_TRANSLATE_NOOP("JournalBar", "All days")),
}


def said(filter_: Filter) -> str:
    """Which part of the log that is, in the language of the window."""
    parts = [_tr(RESULTS[filter_.shown][0]), _tr(DAYS[filter_.days]), filter_.operator]
    if text := filter_.search.strip():
        parts.append(f"“{text}”")
    return " · ".join(filter(None, parts))


def _tr(text: str) -> str:
    return QCoreApplication.translate(CONTEXT, text)


class Search(QLineEdit):
    """`down` asks for the table, Escape empties it."""

    down = Signal()

    @override
    def event(self, event: QEvent) -> bool:
        # Escape leaves the page otherwise.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self.text()
        ):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.down.emit()
        else:
            super().keyPressEvent(event)


class Bar(QWidget):
    """`changed(Filter)` follows each choice at once, and typing after a short pause. `erasing` is the wish to erase a
    person, `exporting` the one to have the log as a file."""

    changed = Signal(object)
    erasing = Signal()
    exporting = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._results = {shown: self._choice(icon) for shown, (_, icon) in RESULTS.items()}
        self._days = {days: self._choice("") for days in DAYS}
        for days, button in self._days.items():
            button.setText(_tr(DAYS[days]))
        self._groups = [self._group(tuple(self._results.values())), self._group(tuple(self._days.values()))]
        self.search = Search()
        self.search.setFont(Type.INPUT.font())
        self.search.setPlaceholderText(self.tr("Last digits, number or user  Ctrl+F"))
        self.search.setAccessibleName(self.tr("Search the log"))
        self.search.setClearButtonEnabled(False)
        self.search.setMinimumWidth(200)
        self.search.setMaximumWidth(320)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._tell)
        self.search.textChanged.connect(self._pause.start)
        erase = Button(self.tr("Erase a person"), "quiet", "trash-2")
        erase.clicked.connect(self.erasing)
        self.export = Button(self.tr("Export"), "quiet", "save")
        self.export.clicked.connect(self.exporting)
        self.people = Combo()
        self.people.setAccessibleName(self.tr("Whose submissions"))
        self.people.currentIndexChanged.connect(lambda _: self._tell())
        self.people.setSizeAdjustPolicy(Combo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.people.setMinimumContentsLength(PEOPLE)
        self.people.hide()
        title = Text(self.tr("Log"), Type.TITLE)
        first = row(title, REST, self.search, self.export, erase, gap=12)
        first.setStretch(2, 1)
        second = row(*self._results.values(), REST, self.people, *self._days.values(), gap=4)
        self.setLayout(column(first, second, gap=10))
        self.show_counts({})
        self.show_filter(Filter())

    def _choice(self, icon: str) -> Button:
        button = Button("", "quiet", icon)
        button.setCheckable(True)
        return button

    def _group(self, buttons: tuple[Button, ...]) -> QButtonGroup:
        group = QButtonGroup(self)
        for button in buttons:
            group.addButton(button)
            button.clicked.connect(self._tell)
        return group

    @property
    def filter(self) -> Filter:
        return Filter(
            next(shown for shown, button in self._results.items() if button.isChecked()),
            next(days for days, button in self._days.items() if button.isChecked()),
            self.search.text(),
            str(self.people.currentData() or ""),
        )

    def show_filter(self, filter_: Filter) -> None:
        """Set the bar, as if it had been chosen by hand."""
        self._results[filter_.shown].setChecked(True)
        self._days[filter_.days].setChecked(True)
        self.search.setText(filter_.search)
        with QSignalBlocker(self.people):
            self.people.setCurrentIndex(max(0, self.people.findData(filter_.operator)))
        self._pause.stop()
        self._tell()

    def show_people(self, names: Sequence[str]) -> None:
        """Offer those who work or worked here; the choice stays. At a station without operators there is none."""
        if names == [self.people.itemData(index) for index in range(1, self.people.count())]:
            return
        chosen = self.filter
        with QSignalBlocker(self.people):
            self.people.clear()
            self.people.addItem(self.tr("Everybody"), "")
            for name in names:
                self.people.addItem(name, name)
        self.people.setVisible(bool(names))
        self.show_filter(chosen)

    def show_counts(self, counts: Mapping[Shown, int]) -> None:
        """Say beside each result how many there are; nothing while that is not known."""
        for shown, button in self._results.items():
            word = _tr(RESULTS[shown][0])
            number = self.locale().toString(counts[shown]) if shown in counts else ""
            button.setText(f"{word}  {number}".rstrip())
            button.setAccessibleName(f"{word} {number}".rstrip())

    def _tell(self) -> None:
        self._pause.stop()
        for group in self._groups:
            for button in group.buttons():
                # Tab reaches the chosen one of a group, the arrows reach the others; Qt alone goes to the first.
                button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if button.isChecked() else Qt.FocusPolicy.ClickFocus)
        self.changed.emit(self.filter)
