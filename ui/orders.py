"""What command barcodes do on a page: they press its buttons, as far as a hand could."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtWidgets import QAbstractButton, QWidget

from app.scanning.commands import ANSWERS

if TYPE_CHECKING:
    from PySide6.QtWidgets import QComboBox, QTableView

Order = Callable[[], object]


@runtime_checkable
class Obeys(Protocol):
    """A page on which command barcodes mean something of their own."""

    def orders(self) -> Mapping[str, Order]:
        """What each does now, by its name (app/scanning/commands.py); asked at each scan."""
        ...


def orders_of(page: QWidget | None) -> Mapping[str, Order]:
    """What command barcodes mean on a page, nothing where it has no meaning for any."""
    return page.orders() if isinstance(page, Obeys) else {}


def press(button: QAbstractButton) -> None:
    """Press a button as a hand does: nothing happens where it is hidden or disabled."""
    if button.isVisible():
        button.click()


def pressing(button: QAbstractButton) -> Order:
    return partial(press, button)


def answers(buttons: Iterable[QAbstractButton]) -> dict[str, Order]:
    """ANSWER 1 and on: the buttons in sight, in the order in which they stand.

    One that stands for nothing does nothing: scanned once too often, it must not answer what somebody asks elsewhere.
    """
    return dict.fromkeys(ANSWERS, _nothing) | dict(
        zip(ANSWERS, map(pressing, filter(QWidget.isVisible, buttons)), strict=False)
    )


def choosing(combo: QComboBox) -> dict[str, Order]:
    """ANSWER 1 and on: the choices of a list, in their order; none of one that is locked."""
    count = combo.count() if combo.isEnabled() else 0
    return answers(()) | {name: partial(combo.setCurrentIndex, place) for place, name in enumerate(ANSWERS[:count])}


def next_row(table: QTableView) -> None:
    """Choose the row below the one that is chosen, after the last one the first."""
    if rows := table.model().rowCount():
        table.setCurrentIndex(table.model().index((table.currentIndex().row() + 1) % rows, 0))


def _nothing() -> None:
    pass
