"""The one style sheet: rules for the stock widgets, by object property, with the scheme's colours put in."""

from __future__ import annotations

from string import Template

from ui.theme import FOCUS, RADIUS_BUTTON, RADIUS_CARD, RADIUS_FIELD, Role, Scheme, Tone


class _Rules(Template):
    delimiter = "@"
    idpattern = r"[a-z][a-z_]*"


_RULES = _Rules("""
QWidget#window, QWidget[ground="bg"] { background: @bg; }
QWidget[ground="surface"] { background: @surface; }
QFrame[kind="card"] { background: @surface; border: 1px solid @line; border-radius: @{r_card}px; }
QFrame[kind="bar"] { background: @surface; border: none; border-bottom: 1px solid @line; }
QFrame[kind="rail"] { background: @surface; border: none; border-right: 1px solid @line; }
QFrame[kind="line"] { background: @line; border: none; }
QScrollArea, QScrollArea > QWidget > QWidget[ground="none"] { background: transparent; border: none; }

QLabel { color: @text; background: transparent; }
QLabel[tone="muted"] { color: @muted; }
QLabel[tone="faint"] { color: @faint; }
@tones

QLineEdit, QComboBox, QAbstractSpinBox, QPlainTextEdit {
  background: @surface; color: @text; border: 1px solid @control; border-radius: @{r_field}px;
  padding: 1px 11px; min-height: 28px; selection-background-color: @accent; selection-color: @on_accent;
}
QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus, QPlainTextEdit:focus {
  border: @{focus}px solid @accent; padding: 0px 10px;
}
QLineEdit:read-only { background: @sunken; border-color: @line; }
QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled { background: @sunken; color: @muted; border-color: @line; }
QLineEdit:read-only:focus { border-color: @accent; }
QLineEdit[problem="bad"], QComboBox[problem="bad"], QAbstractSpinBox[problem="bad"] { border: @{focus}px solid @bad; padding: 0px 10px; }
QLineEdit[problem="bad"]:focus, QComboBox[problem="bad"]:focus { border-color: @accent; }
QComboBox QLineEdit, QAbstractSpinBox QLineEdit { border: none; padding: 0px; background: transparent; min-height: 24px; }
QComboBox QLineEdit:focus, QAbstractSpinBox QLineEdit:focus { border: none; padding: 0px; }
QComboBox::drop-down { border: none; width: 28px; subcontrol-position: center right; }
QComboBox::down-arrow { image: none; width: 0px; height: 0px; }
QComboBox QAbstractItemView { background: @surface; color: @text; border: 1px solid @control; outline: none; padding: 4px;
  selection-background-color: @accent_soft; selection-color: @text; }
QComboBox QAbstractItemView::item { min-height: 30px; padding: 0px 8px; }

QPushButton, QToolButton {
  background: @surface; color: @text; border: 1px solid @control; border-radius: @{r_button}px; padding: 1px 13px; min-height: 28px;
}
QPushButton:hover, QToolButton:hover { background: @sunken; }
QPushButton:focus, QToolButton:focus { border: @{focus}px solid @accent; padding: 0px 12px; }
QPushButton:disabled, QToolButton:disabled { color: @faint; border-color: @line; }
QPushButton[kind="main"] { background: @accent; color: @on_accent; border: none; }
QPushButton[kind="quiet"], QToolButton[kind="quiet"] { background: transparent; color: @muted; border: @{focus}px solid transparent; padding: 0px 10px; }
QPushButton[kind="quiet"]:hover, QToolButton[kind="quiet"]:hover { background: @sunken; color: @text; }
QPushButton[kind="quiet"]:checked, QToolButton[kind="quiet"]:checked { background: @accent_soft; color: @accent; }
QPushButton[kind="quiet"]:focus, QToolButton[kind="quiet"]:focus { border-color: @accent; }
QPushButton[kind="link"] { background: transparent; color: @accent; border: @{focus}px solid transparent; padding: 0px 4px; text-align: left; }
QPushButton[kind="link"]:hover { color: @accent_strong; background: @accent_soft; }
QPushButton[kind="link"]:focus { border-color: @accent; }
QToolButton::menu-indicator, QPushButton::menu-indicator { image: none; width: 0px; }

QMenu { background: @surface; color: @text; border: 1px solid @control; border-radius: @{r_field}px; padding: 4px; }
QMenu::item { padding: 7px 24px 7px 12px; border-radius: 4px; }
QMenu::item:selected { background: @accent_soft; color: @text; }
QMenu::separator { height: 1px; background: @line; margin: 4px 8px; }
QToolTip { background: @surface; color: @text; border: 1px solid @control; padding: 4px 6px; }

QTableView { background: @surface; color: @text; border: none; gridline-color: transparent; outline: none;
  selection-background-color: @accent_soft; selection-color: @text; }
QTableView::item { border-bottom: 1px solid @line; padding: 0px 8px; }
QTableView::item:selected { background: @accent_soft; color: @text; }
QHeaderView { background: @surface; border: none; }
QHeaderView::section { background: @surface; color: @muted; border: none; border-bottom: 1px solid @line; padding: 6px 8px; }
QTableCornerButton::section { background: @surface; border: none; }

QCheckBox, QRadioButton { color: @text; spacing: 8px; min-height: 32px; border: @{focus}px solid transparent; border-radius: 6px; }
QCheckBox:focus, QRadioButton:focus { border-color: @accent; }
QScrollBar { background: transparent; border: none; margin: 0px; }
QScrollBar:vertical { width: 12px; }
QScrollBar:horizontal { height: 12px; }
QScrollBar::handle { background: @control; border-radius: 3px; margin: 3px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0px; height: 0px; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: transparent; }
""")


def stylesheet(scheme: Scheme) -> str:
    """The rules with the colours of `scheme`."""
    colors = {role.value.replace("-", "_"): scheme.colors[role] for role in Role}
    tones = "\n".join(f'QLabel[tone="{tone}"] {{ color: {scheme.colors[tone.ink]}; }}' for tone in Tone)
    return _RULES.substitute(
        colors, tones=tones, focus=FOCUS, r_card=RADIUS_CARD, r_field=RADIUS_FIELD, r_button=RADIUS_BUTTON
    )
