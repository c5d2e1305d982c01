"""Plays a sound file with what the system has for it; Qt's own player would bring all of its media library along."""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

PLAYERS: Sequence[tuple[str, ...]] = (("pw-play",), ("paplay",), ("aplay", "-q"), ("afplay",))
"""In this order; the first that there is. On Windows the system plays by itself."""
LIMIT_S = 5.0


class Player:
    """Without a player it is silent: the flash still tells."""

    def __init__(self) -> None:
        self._command = next((found for found in PLAYERS if shutil.which(found[0])), None)
        self._playing = threading.Lock()

    def play(self, file: Path) -> None:
        """Begin to play and come back at once; while one sounds, another is left out."""
        if sys.platform == "win32":
            import winsound

            winsound.PlaySound(str(file), winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT)
        elif self._command is not None and self._playing.acquire(blocking=False):
            threading.Thread(target=self._run, args=(file,), name="sound", daemon=True).start()

    def _run(self, file: Path) -> None:
        import subprocess

        try:
            # A sound server that is not there makes the player wait for it.
            subprocess.run(  # noqa: S603 - a fixed command and a file of ours
                [*(self._command or ()), str(file)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                stdin=subprocess.DEVNULL,
                timeout=LIMIT_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            pass  # killed by then; a tone that comes too late tells nothing
        finally:
            self._playing.release()
