"""A part that most never need: made when it is first shown, in a place of the layout that waits for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

Part = TypeVar("Part", bound=QWidget)


def _nobody() -> None:
    """Nobody has to know that a part came."""


class Late(QVBoxLayout, Generic[Part]):
    """The place of a part. Takes no room until `make` has made it, which `came` is called after; `made` is the part
    or None so far."""

    def __init__(self, make: Callable[[], Part], came: Callable[[], None] = _nobody) -> None:
        super().__init__()
        self.setContentsMargins(0, 0, 0, 0)
        self._make, self._came = make, came
        self.made: Part | None = None

    def get(self) -> Part:
        """The part, made now where it was not yet; hidden then."""
        if self.made is None:
            self.made = self._make()
            self.made.hide()
            self.addWidget(self.made)
            self._came()
        return self.made

    def show(self, shown: bool) -> None:
        """Show or hide the part; one that is not there is not made for being hidden."""
        if shown or self.made is not None:
            self.get().setVisible(shown)
