"""The Secret Service of Linux desktops, with its connection closed also where a call fails.

Imported only where it is used: keyring and SecretStorage are slow to import.
"""

from __future__ import annotations

import secretstorage
from keyring.backends.SecretService import Keyring
from keyring.errors import KeyringLocked


class SecretServiceKeyring(Keyring):
    """keyring's backend, which leaves one bus connection open for each locked or missing collection."""

    def get_preferred_collection(self) -> secretstorage.Collection:
        """The default collection, unlocked; it is created where there is none yet.

        May block for as long as the keyring's question stays on the screen. Raises KeyringLocked and the
        errors of SecretStorage. Source: Secret Service API 0.2, org.freedesktop.Secret.Collection.
        """
        bus = secretstorage.dbus_init()
        try:
            collection = secretstorage.get_default_collection(bus)
            locked = collection.is_locked() and (collection.unlock() or collection.is_locked())
        except BaseException:
            bus.close()
            raise
        if locked:
            bus.close()
            raise KeyringLocked("the question was dismissed")
        return collection
