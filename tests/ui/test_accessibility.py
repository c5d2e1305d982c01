"""Every screen as somebody meets it who sees little, hears it read, or has no mouse (WCAG 2.2, level AA)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QColor, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QScrollArea,
    QTextEdit,
    QWidget,
)

from tests.peers.pages import dressed, spoken_name
from ui.form.origin import OriginMark
from ui.journal.words import Words
from ui.kit.chip import Chip
from ui.main_window import MainWindow
from ui.palette.palette import Palette
from ui.screens import FOLDERS, Scene, scenes, settle, staged
from ui.theme import LIGHT, SCHEMES, contrast, theme

LEAST = 24
"""Pixels at 100 % of a target's sides (WCAG 2.5.8)."""
CONTROLS = (QAbstractButton, QLineEdit, QComboBox, QAbstractItemView, QAbstractSpinBox, QTextEdit)
NO_TARGETS = {
    OriginMark: "Enter and double click on its field do the same",
    Words: "text to read and copy, no control",
    QHeaderView: "the head of a table, which nothing happens on",
}
"""What need be neither reached by Tab nor large enough for a finger, and why."""
NO_ROLE = {QAccessible.Role.NoRole, QAccessible.Role.Client}
NON_TEXT = 3.0
"""The least contrast of what is no text (WCAG 1.4.11)."""
LARGE = 18
"""Pixels: bold text from this size on counts as large (WCAG 1.4.3: 14 points)."""
OFTEN = (
    "empty", "pin-asked", "no-port", "invalid", "damaged", "sim-replacement", "consent-ask", "batch-order",
    "scan-mismatch", "scan-ambiguous", "doctor-problems", "erase-found", "log-empty", "log-conflict", "key-code",
    "lock", "operators-editing", "palette-typed", "help", "token-yours", "receipt", "settings-invalid", "setup-people",
    "unsent-held", "closing",
)  # fmt: skip
"""One scene of each screen in each state that has widgets of its own; the others differ in their words only."""
ALL = {
    scene.name: scene
    for scene in [*scenes(), *(s for folder in FOLDERS for s in import_module(f"ui.{folder}.scenes").scenes())]
}


@pytest.fixture(scope="module", params=OFTEN)
def window(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[MainWindow]:
    dressed(qapp)
    scene: Scene = ALL[request.param]
    with staged(scene) as made:
        made.resize(1280, 800)
        settle(quiet_s=0.05)
        yield made
    theme().apply(LIGHT)


def controls(window: MainWindow) -> list[QWidget]:
    return [each for each in window.findChildren(QWidget) if each.isVisible() and _is_control(each)]


def _is_control(widget: QWidget) -> bool:
    return isinstance(widget, CONTROLS) or bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


def stops(window: MainWindow) -> list[QWidget]:
    """What Tab goes through, in its order."""
    chain: list[QWidget] = [window]
    widget = window.nextInFocusChain()
    while widget is not None and widget is not window:
        chain.append(widget)
        widget = widget.nextInFocusChain()
    return [
        each for each in chain if each.isVisible() and each.isEnabled() and each.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]


def _said(widget: QWidget) -> str:
    return f"{type(widget).__name__} {spoken_name(widget)!r}"


def _place(widget: QWidget) -> QRect:
    return QRect(widget.mapTo(widget.window(), QPoint(0, 0)), widget.size())


def test_each_control_has_a_name_and_a_role(window: MainWindow) -> None:
    for control in controls(window):
        if isinstance(control, QHeaderView):
            continue
        role = QAccessible.queryAccessibleInterface(control).role()
        assert spoken_name(control).strip(), _said(control)
        # Qt has no role for an area that is scrolled by keys; it is known by its name.
        assert role not in NO_ROLE or isinstance(control, QScrollArea), _said(control)


def test_each_control_is_large_enough(window: MainWindow) -> None:
    for control in controls(window):
        if not isinstance(control, tuple(NO_TARGETS)):
            assert min(control.width(), control.height()) >= LEAST, f"{_said(control)} {control.size().toTuple()}"


def test_each_control_is_reached_by_tab_or_by_arrows_from_its_group(window: MainWindow) -> None:
    reached = stops(window)
    groups = {each.group() for each in reached if isinstance(each, QAbstractButton) and each.group()}
    for control in controls(window):
        if isinstance(control, tuple(NO_TARGETS)) or not control.isEnabled():
            continue
        by_arrows = isinstance(control, QAbstractButton) and control.group() in groups
        neighbours = any(type(each) is type(control) and each.parent() is control.parent() for each in reached)
        assert control in reached or by_arrows or neighbours or _led_by_its_line(control), _said(control)


def _led_by_its_line(control: QWidget) -> bool:
    """The palette's list: the arrows move in it while the line above keeps the focus."""
    return isinstance(palette := control.parent(), Palette) and control is palette.list


def test_tab_goes_as_one_reads(window: MainWindow) -> None:
    reached = stops(window)
    for first, second in pairwise(reached):
        if first.parent() is second.parent():
            here, there = _place(first), _place(second)
            # A column further right is read after this one, wherever it begins.
            above = there.bottom() < here.top() and there.left() <= here.right()
            left = there.right() < here.left() and there.bottom() >= here.top() and there.top() <= here.bottom()
            backwards = above or left
            assert not backwards, f"{_said(second)} after {_said(first)}"


def test_a_state_is_told_in_words_and_by_an_icon(window: MainWindow) -> None:
    for chip in window.findChildren(Chip):
        if chip.isVisible():
            assert spoken_name(chip).strip(), chip


@pytest.mark.drawn
def test_text_stands_out_as_it_is_drawn(window: MainWindow) -> None:
    for scheme in SCHEMES:
        theme().apply(scheme)
        QApplication.processEvents()
        drawn = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        for label in window.findChildren(QLabel):
            whole = label.visibleRegion().boundingRect() == label.rect()
            if label.isVisible() and label.isEnabled() and label.text().strip() and whole:
                large = label.font().pixelSize() >= LARGE and label.font().bold()
                seen = _contrast(drawn.copy(_place(label)))
                assert seen >= (3 if large else 4.5), f"{scheme.name}: {label.text()!r} {seen:.2f}"


def _contrast(part: QImage) -> float:
    """Of the ground, the colour that most of it has, with the ink, the colour that differs from it most."""
    counts = Counter(memoryview(part.constBits()).cast("I"))
    if not counts:
        return 21
    ground = QColor(counts.most_common(1)[0][0]).name()
    return max(contrast(QColor(ink).name(), ground) for ink in counts)


@pytest.mark.drawn
def test_the_focus_is_seen_as_it_is_drawn(window: MainWindow) -> None:
    """What the focus changes in the picture is at least 3:1 against what stood there (WCAG 2.4.7 and 2.4.13), in pixels
    enough for a line along two of the control's sides."""
    seen_now = (each for each in stops(window) if not each.visibleRegion().isEmpty())
    kinds = {(type(each), each.property("kind"), each.isEnabled()): each for each in seen_now}
    unseen, tried = [], 0
    # Another window, such as a menu of an earlier scene, may have been the last one in front.
    window.activateWindow()
    for scheme in SCHEMES:
        theme().apply(scheme)
        for stop in kinds.values():
            stop.setFocus(Qt.FocusReason.TabFocusReason)
            settle(quiet_s=0.0)
            if not stop.hasFocus():
                # A panel that asks something keeps it.
                continue
            tried += 1
            area = _place(stop).adjusted(-4, -4, 4, 4).intersected(window.rect())
            focused = _picture(window, area)
            stop.clearFocus()
            settle(quiet_s=0.0)
            seen = _outstanding(focused, _picture(window, area))
            if seen < 2 * min(stop.width(), stop.height()):
                unseen.append(f"{scheme.name}: {_said(stop)} {seen} pixels")
    assert unseen == []
    assert tried >= len(SCHEMES)


def _picture(window: MainWindow, area: QRect) -> QImage:
    return window.grab(area).toImage().convertToFormat(QImage.Format.Format_RGB32)


def _outstanding(one: QImage, other: QImage) -> int:
    """How many pixels of two pictures are at least 3:1 against each other."""
    left, right = bytes(one.constBits()), bytes(other.constBits())
    pairs = Counter(
        (left[at : at + 3], right[at : at + 3])
        for at in range(0, len(left), 4)
        if left[at : at + 3] != right[at : at + 3]
    )
    return sum(count for (here, there), count in pairs.items() if contrast(_hex(here), _hex(there)) >= NON_TEXT)


def _hex(pixel: bytes) -> str:
    blue, green, red = pixel
    return f"#{red:02x}{green:02x}{blue:02x}"
