"""Run a call that may never return, and give up on it after a deadline."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import TypeVar

from app.credentials.errors import CredentialsLocked

T = TypeVar("T")


class Worker:
    """Runs one call at a time, each on a daemon thread of its own.

    A keyring that asks its owner blocks until it is answered, so a late call is abandoned, not joined. It keeps
    its turn until it does return: a second question on the screen would help nobody, and a save that was
    abandoned must not land after a newer one.
    """

    def __init__(self) -> None:
        self._turn = threading.Lock()

    def run(self, work: Callable[[], T], deadline_s: float) -> T:
        """What `work` returns or raises. Raises CredentialsLocked when it has not ended within `deadline_s`."""
        started = time.monotonic()
        if not self._turn.acquire(timeout=deadline_s):
            raise _unanswered()
        future: Future[T] = Future()
        threading.Thread(target=self._work, args=(work, future), name="keyring", daemon=True).start()
        left_s = max(0.0, started + deadline_s - time.monotonic())
        if wait([future], timeout=left_s).not_done:
            raise _unanswered()
        return future.result()

    def _work(self, work: Callable[[], T], future: Future[T]) -> None:
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - handed to the waiting thread, which raises it
            self._turn.release()
            future.set_exception(error)
        else:
            self._turn.release()
            future.set_result(result)


def _unanswered() -> CredentialsLocked:
    return CredentialsLocked(
        "The keyring gave no answer in time.",
        remedy="Answer the question it shows, if there is one, then try again.",
        detail="deadline passed",
    )
