"""The words for how the journal is kept: what is wished, what it came to, and what has to be said of it."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from app.errors import WorkstationError


class Wish(StrEnum):
    """The setting `journal.encryption`. It decides how a new journal is made, never whether an old one opens."""

    AUTO = "auto"
    KEYRING = "keyring"
    PASSPHRASE = "passphrase"  # noqa: S105 - a word
    PLAIN = "plain"


class Way(StrEnum):
    """How the journal is kept."""

    NONE = "none"
    """There is no journal yet."""
    PLAIN = "plain"
    KEYRING = "keyring"
    PASSPHRASE = "passphrase"  # noqa: S105 - a word
    SESSION = "session"
    """Encrypted and open, but its key is kept nowhere: the next start asks for it again."""
    CLOSED = "closed"
    """Encrypted, and not open."""


class Code(StrEnum):
    """What became of the recovery code."""

    NONE = "none"
    UNCONFIRMED = "unconfirmed"
    """It was made, and nobody has said yet that it was written down."""
    KEPT = "kept"


class Standing(Struct, frozen=True):
    """How the journal is kept. `fresh`: it was made in this run. `unchosen`: it is in clear, and nobody asked for that.
    `trouble` says why it is in clear, or why its key is kept nowhere; "" where nothing is known."""

    way: Way
    code: Code
    fresh: bool
    unchosen: bool
    trouble: str

    @property
    def encrypted(self) -> bool:
        return self.way not in {Way.NONE, Way.PLAIN}


def spoken(standing: Standing) -> WorkstationError | None:
    """What has to be said about a journal in clear that nobody chose to keep so, or a key that is kept nowhere."""
    if standing.unchosen:
        return WorkstationError(
            f"The journal on this computer is not encrypted. {standing.trouble}".rstrip(),
            remedy="Encrypt it with: gate-station journal key encrypt (or passphrase). To keep it so, set"
            " journal.encryption to plain.",
        )
    if standing.way is Way.SESSION:
        return WorkstationError(
            f"The key of the journal is kept nowhere. {standing.trouble}".rstrip(),
            remedy="Set a passphrase: gate-station journal key passphrase",
        )
    return None
