"""`--forget-secrets`: what the keyring holds of a station is taken out. For uninstallers, before its data goes."""

from __future__ import annotations

from app.cli import out
from app.cli.exits import Exit
from app.credentials.audit_key import AUDIT
from app.credentials.store import TOKEN, CredentialStore
from app.errors import WorkstationError
from app.paths import paths
from app.work.encryption import JOURNAL
from app.work.station_id import station_id


def forget(home: str | None) -> Exit:
    """Take token, journal key and audit key of the station in `home` out of the keyring; opens nothing else.

    Its journal, where it stays and is encrypted, opens with the recovery code only. Nobody signs in: the entries are
    the system's user's own. Nothing to forget is no error; a keyring that refuses is Exit.NO_TOKEN.
    """
    station = paths(home).station
    if not station.exists():
        return Exit.DONE
    try:
        id = station_id(station)
        for name in (TOKEN, JOURNAL, AUDIT):
            CredentialStore(id, name=name).clear()
    except WorkstationError as fault:
        out.trouble(fault)
        return Exit.NO_TOKEN
    return Exit.DONE
