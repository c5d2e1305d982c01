"""The Secret Service of Linux desktops, on one connection that stays open.

keyring connects anew for each call. GNOME Keyring (42.1, and 50 by its issues 190, 196 and 199) can lose a client
that comes while another goes, and aborts then: "gkd_secret_service_get_pkcs11_session: assertion 'client' failed".
No secret of the desktop can be reached then until it is started again, so this program comes once and goes once.

Imported only where it is used: keyring and SecretStorage are slow to import.
"""

from __future__ import annotations

import os
import threading
from contextlib import ExitStack
from typing import Any

import secretstorage
from jeepney import DBusErrorResponse, message_bus  # type: ignore[import-untyped] # it has no types
from jeepney.io.blocking import Proxy  # type: ignore[import-untyped] # it has no types
from keyring.backends.SecretService import Keyring
from keyring.errors import KeyringLocked
from secretstorage.util import BUS_NAME, open_session


class SecretServiceKeyring(Keyring):
    """keyring's backend, with one connection and one session for all secrets of this process, used in turn."""

    _turn = threading.Lock()
    _line: _Line | None = None

    def get_preferred_collection(self) -> secretstorage.Collection:
        """The default collection, unlocked; it is created where there is none yet.

        keyring closes the connection of what it gets, after each call: that hands the line on. May block for as
        long as the keyring's question stays on the screen. Raises KeyringLocked and the errors of SecretStorage.
        Source: Secret Service API 0.2, org.freedesktop.Secret.Collection.
        """
        with ExitStack() as on_failure:
            self._turn.acquire()
            on_failure.callback(self._turn.release)
            line = self._open_line()
            collection = secretstorage.get_default_collection(line, line.session)
            collection.session = line.session
            if collection.is_locked() and (collection.unlock() or collection.is_locked()):
                raise KeyringLocked("the question was dismissed")
            on_failure.pop_all()
        return collection

    @classmethod
    def _open_line(cls) -> _Line:
        line = cls._line
        if line is None or not line.serves():
            cls._line = None
            if line is not None:
                line.hang_up()
            line = cls._line = _Line(cls._turn)
        return line


class _Line:
    """A connection of SecretStorage whose `close` only hands it on to whoever waits for `turn`."""

    def __init__(self, turn: threading.Lock) -> None:
        """Connect and open a session, which starts the keyring on a desktop that starts it on demand."""
        self._turn = turn
        self._address = _bus_address()
        self._bus = secretstorage.dbus_init()
        try:
            self.session = open_session(self._bus)
            self._keyring = self._keyring_now()
        except BaseException:
            self.hang_up()
            raise

    def __getattr__(self, name: str) -> Any:
        return getattr(self._bus, name)

    def close(self) -> None:
        self._turn.release()

    def hang_up(self) -> None:
        self._bus.close()

    def serves(self) -> bool:
        """Whether the keyring that the session is with is there yet; one that was started again knows no session."""
        try:
            return self._address == _bus_address() and self._keyring_now() == self._keyring
        except (OSError, DBusErrorResponse):  # the bus has gone; nobody has the keyring's name
            return False

    def _keyring_now(self) -> str:
        (owner,) = Proxy(message_bus, self._bus).GetNameOwner(BUS_NAME)
        return str(owner)


def _bus_address() -> str | None:
    return os.environ.get("DBUS_SESSION_BUS_ADDRESS")
