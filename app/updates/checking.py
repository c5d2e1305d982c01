"""Asks the address of new versions once, and tells whether what it announces is newer than this program."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from http import HTTPStatus
from urllib.parse import urlsplit

from msgspec import Struct

from app import __version__
from app.gate.proxies import FindProxy, nowhere
from app.gate.reply import NoReply
from app.settings import Settings
from app.updates.announcement import MOST_BYTES, Release, read
from app.updates.errors import UpdateRefused, UpdateUnreachable

TIMEOUT_S = 10.0


class Silent(Enum):
    """Why nobody is asked."""

    NO_KEY = "no key"
    OFF = "off"
    NO_ADDRESS = "no address"


class UpdateCheck(Struct, frozen=True, kw_only=True):
    """What a check needs. `keys` are the public keys that are believed; `version` is the one that runs."""

    settings: Settings
    keys: Sequence[bytes]
    now: Callable[[], datetime]
    find_proxy: FindProxy = nowhere
    version: str = __version__

    @property
    def silent(self) -> Silent | None:
        """Why nobody is asked; None where somebody is."""
        if not self.keys:
            return Silent.NO_KEY
        if self.settings.text("updates.check") == "off":
            return Silent.OFF
        return None if self.settings.text("updates.url") else Silent.NO_ADDRESS

    def look(self) -> Release | None:
        """The release that is newer than this program; None where there is none, or where nobody is asked.

        Blocks at most TIMEOUT_S. Raises UpdateUnreachable, UpdateRefused.
        """
        if self.silent:
            return None
        from packaging.version import Version

        release = read(self._fetched(), self.keys, self.now())
        return release if Version(release.version) > Version(self.version) else None

    def _fetched(self) -> bytes:
        from app.gate.transport import fetch

        address = self.settings.text("updates.url")
        host = urlsplit(address).netloc
        reply = fetch(
            address,
            timeout_s=TIMEOUT_S,
            extra_ca=self.settings.text("gate.extra_ca"),
            find_proxy=self.find_proxy,
            most_bytes=MOST_BYTES,
        )
        if isinstance(reply, NoReply):
            raise UpdateUnreachable(f"{host}: {_NO_REPLY.get(reply.code, UNREACHABLE)}", detail=reply.code)
        if HTTPStatus.MULTIPLE_CHOICES <= reply.status < HTTPStatus.BAD_REQUEST:
            raise UpdateUnreachable(f"{host} sends elsewhere for new versions ({reply.status}); that is not followed.")
        if reply.status != HTTPStatus.OK:
            raise UpdateUnreachable(f"{host} has no announcement of new versions ({reply.status}).")
        if not reply.whole:
            raise UpdateRefused("The announcement of new versions is cut off, or too large to be one.")
        return reply.body


UNREACHABLE = "The address of new versions cannot be reached from here."
_NO_REPLY: Mapping[str, str] = {
    "gate.tls": "Its certificate was refused, so nothing was asked.",
    "gate.extra-ca": "The extra certificate authority that the settings name cannot be used.",
    "gate.proxy": "The proxy of this computer did not let the question through.",
    "gate.no-answer": "It gave no answer in time.",
    "gate.cut": "The connection ended before the answer was whole.",
}
