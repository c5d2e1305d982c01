"""Where data lives: one folder with `--home`, else the folders each system keeps for programs."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
from pathlib import Path

import platformdirs
from msgspec import Struct

NAME = "gate-station"


def policy_file() -> Path:
    """Where the administrator's policy for the whole computer lies; users of that computer cannot write there."""
    if sys.platform in {"win32", "darwin"}:
        # %PROGRAMDATA% and /Library/Application Support, asked of the system: a user can set a variable.
        return platformdirs.site_config_path(NAME, appauthor=False) / "policy.json"
    return Path("/etc") / NAME / "policy.json"


def runtime_folder() -> Path:
    """The folder for what lasts no longer than a run, made here: on this computer, and nobody else's.

    Raises OSError, PermissionError where somebody else has taken its name.
    """
    if sys.platform == "win32":
        folder = platformdirs.user_data_path(NAME, appauthor=False) / "run"
        folder.mkdir(parents=True, exist_ok=True)
        return folder
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    folder = Path(runtime) / NAME if runtime else Path(tempfile.gettempdir()) / f"{NAME}-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    # Of the name itself: a link to elsewhere has rights for everybody.
    found = folder.lstat()
    if found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise PermissionError(errno.EPERM, "it is not this person's own", str(folder))
    return folder


class Paths(Struct, frozen=True):
    """The files of one station. Nothing here is created by looking; `prepare()` makes the folders."""

    config: Path
    data: Path
    log: Path

    @property
    def settings(self) -> Path:
        return self.config / "settings.json"

    @property
    def station(self) -> Path:
        """The station's id: names its entry in the keyring."""
        return self.data / "station.json"

    @property
    def journal(self) -> Path:
        return self.data / "journal.db"

    @property
    def journal_key(self) -> Path:
        """The key of the journal, sealed under the recovery code and under a passphrase, if there is one."""
        return self.data / "journal.key"

    @property
    def journal_lock(self) -> Path:
        """Held while the journal is opened, or its file or key is exchanged."""
        return self.data / "journal.lock"

    @property
    def delivery_lock(self) -> Path:
        """Held by the one process that delivers; the system frees it when that process ends, however it ends."""
        return self.data / "delivery.lock"

    @property
    def audit_key_lock(self) -> Path:
        """Held while the key of the audit trail is being made, so that two processes do not make one each."""
        return self.data / "audit-key.lock"

    @property
    def log_file(self) -> Path:
        return self.log / "gate-station.log"

    @property
    def crash_file(self) -> Path:
        return self.log / "crash.txt"

    def training(self) -> Paths:
        """The training station's own files, apart from the real ones."""
        return Paths(self.config / "training", self.data / "training", self.log / "training")

    def prepare(self) -> None:
        """Create the folders, readable by their owner only. Raises OSError."""
        for folder in (self.config, self.data, self.log):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def paths(home: str | os.PathLike[str] | None = None) -> Paths:
    """The station in `home`, else in the folder that GATE_STATION_HOME names, else the user's own."""
    chosen = home or os.environ.get("GATE_STATION_HOME")
    if chosen:
        root = Path(chosen).expanduser().absolute()
        return Paths(config=root, data=root, log=root / "logs")
    return Paths(
        config=platformdirs.user_config_path(NAME, appauthor=False),
        data=platformdirs.user_data_path(NAME, appauthor=False),
        log=platformdirs.user_log_path(NAME, appauthor=False),
    )
