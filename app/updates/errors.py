"""Why nothing is known of a newer version. None of it keeps the station from its work."""

from __future__ import annotations

from app.errors import WorkstationError

NETWORK = "Check this computer's network and the address of new versions in Settings."
PUBLISHER = "Install nothing from there. Tell whoever publishes the versions."


class UpdateError(WorkstationError):
    """Nothing is known of a newer version."""

    code = "updates.error"


class UpdateUnreachable(UpdateError):
    """The announcement did not come: no network, a proxy, a certificate, another answer than the file."""

    code = "updates.unreachable"

    def __init__(self, summary: str, *, detail: str = "") -> None:
        super().__init__(summary, remedy=NETWORK, detail=detail)


class UpdateRefused(UpdateError):
    """Something came that is not to be believed: not signed, signed by another key, too old, too large."""

    code = "updates.refused"

    def __init__(self, summary: str, *, remedy: str = PUBLISHER) -> None:
        super().__init__(summary, remedy=remedy)
