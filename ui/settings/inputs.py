"""Inputs that fit the type of a setting: a choice, a number with its unit, a list, a place, a text."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from msgspec import Struct
from PySide6.QtCore import QCoreApplication, QLocale, SignalInstance
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from app.settings import Setting, Value
from ui.fonts import Type
from ui.kit.buttons import Button
from ui.kit.combo import Combo
from ui.kit.files import ask_folder, ask_open
from ui.kit.style import REST, row
from ui.kit.text import Text
from ui.settings.sections import choice

FILE, FOLDER = "gate.extra_ca", "files.folder"
"""Texts that name a file, or a folder."""
LINES = 3
NUMBER = 112
"""The width of a number, in pixels at 100 %."""


class Input(Struct, frozen=True):
    """`widget` stands in the row; `focus` takes the keys, the label and the name for screen readers."""

    widget: QWidget
    focus: QWidget
    changed: SignalInstance
    read: Callable[[], Value]
    write: Callable[[Value], None]


def make_input(setting: Setting) -> Input:
    """The input for one setting, by the type of its default."""
    if setting.choices:
        return _choice(setting)
    if isinstance(setting.default, tuple):
        return _lines(max(LINES, len(setting.default)))
    if isinstance(setting.default, (int, float)):
        return _number(setting)
    if setting.key == FILE:
        return _place(QCoreApplication.translate("SettingsInputs", "Choose file"), _choose_file)
    if setting.key == FOLDER:
        return _place(QCoreApplication.translate("SettingsInputs", "Choose folder"), _choose_folder)
    return _text()


def _text() -> Input:
    edit = QLineEdit()
    edit.setFont(Type.INPUT.font())
    return Input(edit, edit, edit.textChanged, edit.text, lambda value: edit.setText(str(value)))


def _choice(setting: Setting) -> Input:
    combo = Combo([choice(value) for value in setting.choices])
    return Input(
        combo,
        combo,
        combo.currentIndexChanged,
        lambda: setting.choices[combo.currentIndex()],
        lambda value: combo.setCurrentIndex(setting.choices.index(str(value))),
    )


def _number(setting: Setting) -> Input:
    """A number beside its unit. What cannot be read as one is handed on as it is, for the row to say so."""
    edit = QLineEdit()
    edit.setFont(Type.INPUT.font())
    edit.setMaximumWidth(NUMBER)
    box = QWidget()
    box.setLayout(row(edit, Text(setting.unit, tone="muted"), REST))
    return Input(
        box,
        edit,
        edit.textChanged,
        lambda: edit.text().strip().replace(QLocale().decimalPoint(), "."),
        lambda value: edit.setText(f"{value:g}".replace(".", QLocale().decimalPoint())),
    )


def _lines(lines: int) -> Input:
    """A list, one item a line."""
    edit = QPlainTextEdit()
    edit.setFont(Type.INPUT.font())
    edit.setTabChangesFocus(True)
    edit.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    edit.setPlaceholderText(QCoreApplication.translate("SettingsInputs", "One per line"))
    edit.document().setDocumentMargin(2)
    edit.setFixedHeight(edit.fontMetrics().lineSpacing() * lines + 14)
    return Input(
        edit,
        edit,
        edit.textChanged,
        lambda: tuple(part.strip() for part in edit.toPlainText().splitlines() if part.strip()),
        lambda value: edit.setPlainText("\n".join(value if isinstance(value, tuple) else ())),
    )


def _place(words: str, choose: Callable[[QWidget, QLineEdit], None]) -> Input:
    """A path that can be typed, and a button with `words` that leads to the system's dialog."""
    edit = QLineEdit()
    edit.setFont(Type.INPUT.font())
    edit.setPlaceholderText(QCoreApplication.translate("SettingsInputs", "None"))
    button = Button(words, icon_name="folder-open")
    box = QWidget()
    box.setLayout(row(edit, button))
    button.clicked.connect(partial(choose, box, edit))
    return Input(box, edit, edit.textChanged, edit.text, lambda value: edit.setText(str(value)))


def _choose_file(box: QWidget, edit: QLineEdit) -> None:
    kinds = ["PEM (*.pem *.crt *.cer)", QCoreApplication.translate("SettingsInputs", "All files (*)")]
    title = QCoreApplication.translate("SettingsInputs", "Certificate file")
    ask_open(box, title, kinds, lambda file: edit.setText(str(file)))


def _choose_folder(box: QWidget, edit: QLineEdit) -> None:
    title = QCoreApplication.translate("SettingsInputs", "Folder for files")
    ask_folder(box, title, lambda folder: edit.setText(str(folder)))
