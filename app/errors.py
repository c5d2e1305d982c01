"""The error tree: what happened, to what, and what to do next."""

from __future__ import annotations

from typing import ClassVar


class WorkstationError(Exception):
    """An expected trouble, in words an operator can act on.

    `code` names the kind ("modem.port-busy"), `summary` says what happened and to what, `remedy` the next
    action, `detail` is for the log only. None of them may carry an identifier or a secret in clear.
    """

    code: ClassVar[str] = "station.error"

    def __init__(self, summary: str, *, remedy: str, detail: str = "") -> None:
        super().__init__(summary)
        self.summary = summary
        self.remedy = remedy
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.summary} {self.remedy}".strip()


class Cancelled(WorkstationError):
    """The work was called off: the device went away or the program is closing."""

    code = "station.cancelled"

    def __init__(self, summary: str = "The work was called off.") -> None:
        super().__init__(summary, remedy="")
