"""One window for each person, journal and login session: a second start brings the first one to the front.

The reasons are in app/decisions/013. QtNetwork is loaded only where somebody has to be spoken to, or after the first
paint; a start alone costs a file.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING

from PySide6.QtCore import QCryptographicHash, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from app.paths import NAME, runtime_folder

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer

log = logging.getLogger(__name__)

PATIENCE_S = 10.0
"""How long a second start waits for a first one, which may be starting, closing, or hanging."""
LOOK_EVERY_S = 0.05
ANSWER_S = 2.0


class Place(QObject):
    """The place of the one window over the journal in `data`. The system frees it when its process ends, however."""

    def __init__(self, data: Path, parent: QObject) -> None:
        super().__init__(parent)
        whose = f"{login_session()}\n{os.path.normcase(data.resolve())}".encode()
        digest = QCryptographicHash.hash(whose, QCryptographicHash.Algorithm.Sha256)
        self._name = bytes(digest.toHex().data()).decode()[:16]
        self._folder: Path | None = None
        self._lock: IO[bytes] | None = None
        self._server: QLocalServer | None = None

    def take(self) -> bool:
        """Whether this process is to open the window; else the one that is open has come to the front.

        Where that one does not answer in PATIENCE_S, or nothing can be kept, the answer is yes: two windows are safe,
        none is of no use.
        """
        try:
            self._folder = folder = runtime_folder()
            end = time.monotonic() + PATIENCE_S
            while not self._locked(folder / f"{self._name}.lock"):
                if self._first_came(folder / f"{self._name}.address"):
                    if sys.stderr is not None:
                        sys.stderr.write(f"{NAME}: a window is open already and is in front now\n")
                    return False
                if time.monotonic() > end:
                    log.warning("another window is open and does not answer")
                    break
                time.sleep(LOOK_EVERY_S)
        except OSError as fault:
            log.warning("whether another window is open cannot be told: %s", fault.strerror)
        return True

    def answer(self, window: Callable[[], QWidget]) -> None:
        """From now on a second start brings `window()` to the front. For the window's thread, after the first paint."""
        if self._folder is None or self._lock is None:
            return
        from PySide6.QtNetwork import QLocalServer

        self._server = server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        secret = os.urandom(16).hex()
        server.newConnection.connect(lambda: self._asked(secret, window()))
        # A pipe of Windows has no folder that only this person may enter: what nobody knows, nobody can take first.
        name = f"{NAME}-{os.urandom(16).hex()}" if sys.platform == "win32" else str(self._folder / self._name)
        # Left by a process that was killed.
        QLocalServer.removeServer(name)
        if server.listen(name):
            address = self._folder / f"{self._name}.address"
            address.write_text(f"{os.getpid()}\n{name}\n{secret}", encoding="utf-8")
        else:
            log.warning("a second start will not be answered: %s", server.errorString())
            self.leave()

    def leave(self) -> None:
        """Let another process have it."""
        if self._server is not None:
            self._server.close()
        if self._lock is not None:
            self._lock.close()

    def _locked(self, file: Path) -> bool:
        # Not QLockFile, which asks whether a process id lives: ids are used again. Not filelock, which takes 30 ms to
        # load.
        lock = file.open("ab")
        if not _free(lock):
            lock.close()
            return False
        self._lock = lock
        return True

    def _first_came(self, address: Path) -> bool:
        from PySide6.QtNetwork import QLocalSocket

        if not address.exists():
            return False
        process, _, rest = address.read_text(encoding="utf-8").partition("\n")
        name, _, secret = rest.partition("\n")
        if not secret:
            # It is being written.
            return False
        if sys.platform == "win32":
            import ctypes

            # Windows lets no program take the front by itself; the one that was just started may give it away.
            ctypes.windll.user32.AllowSetForegroundWindow(int(process))
        first = QLocalSocket()
        first.connectToServer(name)
        wait_ms = int(ANSWER_S * 1000)
        if not first.waitForConnected(wait_ms):
            return False
        while first.bytesAvailable() < len(secret) and first.waitForReadyRead(wait_ms):
            pass
        # Somebody else may listen under the name of one that has ended.
        return first.readAll().data() == secret.encode()

    def _asked(self, secret: str, window: QWidget) -> None:
        while self._server is not None and (asking := self._server.nextPendingConnection()) is not None:
            # A window that is closing has hidden itself: who asks takes its place.
            if window.isVisible():
                bring_to_front(window)
                asking.write(secret.encode())
                log.info("a second start: the window was brought to the front")
            asking.disconnected.connect(asking.deleteLater)
            asking.disconnectFromServer()


def _free(lock: IO[bytes]) -> bool:
    """Whether nobody else had locked it; this process has then."""
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            # The number of the error is EACCES on Windows and none under Wine.
            return False
    else:
        import fcntl

        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def bring_to_front(window: QWidget) -> None:
    """Show it above the others with the keyboard in it; where the system refuses that, have it ask for attention."""
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.raise_()
    window.activateWindow()
    QApplication.alert(window)


def login_session() -> str:
    """What tells one login of a person from another on the same computer: its number, or its screen."""
    if sys.platform == "win32":
        import ctypes

        number = ctypes.c_ulong()
        ctypes.windll.kernel32.ProcessIdToSessionId(os.getpid(), ctypes.byref(number))
        return str(number.value)
    # The part after the dot is a monitor of the same X server.
    return re.sub(r"\.\d+$", "", os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or "")
