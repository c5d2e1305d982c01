"""What one exchange over the network came to, before anyone says what it means."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct


class Reply(Struct, frozen=True):
    """An answer. Header names are in lower case; `whole` is false where the body was cut, stalled or too long."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    whole: bool = True

    def __repr__(self) -> str:
        # The body and the headers may hold identifiers and secrets.
        return f"Reply({self.status}, {len(self.body)} bytes)"


class NoReply(Struct, frozen=True):
    """No answer. `sent` tells whether the request may have arrived; `code` and `message` say why."""

    sent: bool
    code: str
    message: str
