"""Exchanges side by side, each within its deadline, and a connection kept while one request follows another."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any

from app.gate.exchange import Connection, Exchange
from app.gate.reply import NoReply
from app.provisioning.outcome import RECALLED

log = logging.getLogger(__name__)

LINGER_S = 0.5
"""How long a connection is kept that nothing is sent over. Gates close one that rests, the soonest after 2 s
(gunicorn's default); a request that meets the closing could not be told from one that arrived."""

FEW, MOST = 2, 16
"""Lines at first, since at a gate that answers at once threads would only take time from each other; and lines at most,
since one station is not the gate's only one, and a kill leaves as many requests without an answer."""

SLOW_S = 0.005
"""One more line for each exchange that took so long while others wait, so that they take turns at a distant gate."""

STALLED_S = 0.02
"""One more where an exchange waits and none has begun for so long: what hangs holds up nobody else's."""

Connect = Callable[[], Connection | NoReply]
"""A new connection, not opened yet; blocks as a look for the system's proxy may."""


def _closed(_: bool) -> tuple[str, str]:
    return "gate.closed", "The program is closing."


def _recalled(_: bool) -> tuple[str, str]:
    return RECALLED, "Not sent yet: the gate did not take the one before it."


class Lines:
    """Begins exchanges in their order, all with one time-out: each line a thread with a connection of its own."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._changed = threading.Condition()
        self._idle: list[_Line] = []
        self._busy = 0
        self._waiting: deque[Exchange[Any]] = deque()
        self._running: deque[Exchange[Any]] = deque()
        self._tried_s = -math.inf
        self._watch: threading.Thread | None = None
        self._closed = False

    def run(self, exchange: Exchange[Any]) -> None:
        """Begin an exchange, be it a moment later; it tells by itself how it ended."""
        with self._changed:
            if not self._closed:
                if self._watch is None:
                    watch = threading.Thread(target=self._keep_time, name="gate-deadlines", daemon=True)
                    watch.start()
                    self._watch = watch
                self._running.append(exchange)
                self._waiting.append(exchange)
                if self._busy < FEW:
                    self._begin()
                elif len(self._waiting) == 1:
                    self._changed.notify_all()
                return
        exchange.abandon(_closed)

    def recall(self) -> None:
        """End what has not begun yet: it comes back as not sent."""
        with self._changed:
            waiting, self._waiting = self._waiting, deque()
        for exchange in waiting:
            exchange.abandon(_recalled)

    def close(self) -> None:
        """End what is running, from any thread; later ones come back as not sent."""
        with self._changed:
            self._closed = True
            running, self._running = self._running, deque()
            self._waiting.clear()
            self._changed.notify_all()
        for exchange in running:
            exchange.abandon(_closed)

    def _begin(self) -> None:
        """Give the first that still waits to a line, if there is one and another thread can be had."""
        while self._waiting and self._waiting[0].over:
            self._waiting.popleft()
        # Also where it comes to nothing: the watch tries again later, or the exchange ends at its deadline.
        self._tried_s = time.monotonic()
        if not self._waiting or self._busy >= MOST:
            return
        try:
            line = self._idle.pop() if self._idle else _Line(self._connect, self._rest, self._retire)
        except RuntimeError:
            log.warning("no thread could be had for another line to the gate; %d are busy", self._busy)
            return
        self._busy += 1
        line.take(self._waiting.popleft())

    def _rest(self, line: _Line, usable: bool, took_s: float) -> bool:
        """`line` has ended an exchange, and the first that waits begins. Whether `line` goes on; it may have the next
        one already."""
        with self._changed:
            self._busy -= 1
            rests = usable and not self._closed
            if rests:
                self._idle.append(line)
            for _ in range(2 if took_s > SLOW_S else 1):
                self._begin()
            return rests

    def _retire(self, line: _Line) -> bool:
        """Whether `line`, which has waited long enough, ends: not when it was called in this very moment."""
        with self._changed:
            if line not in self._idle:
                return False
            self._idle.remove(line)
            return True

    def _keep_time(self) -> None:
        """Open another line where none has begun for too long, and abandon what is late. In the order they came they
        are late, so the first one tells when to look again."""
        with self._changed:
            try:
                while not self._closed:
                    while self._running and self._running[0].over:
                        self._running.popleft()
                    if not self._running:
                        break
                    left_s = self._running[0].left_s
                    stalled_s = self._tried_s + STALLED_S - time.monotonic() if self._waiting else math.inf
                    if left_s <= 0:
                        self._running.popleft().expire()
                    elif stalled_s <= 0:
                        self._begin()
                    else:
                        self._changed.wait(min(left_s, stalled_s))
            finally:
                self._watch = None


class _Line:
    """A thread and its connection. It ends when nothing came for a while, or what it did was abandoned."""

    def __init__(
        self, connect: Connect, rest: Callable[[_Line, bool, float], bool], retire: Callable[[_Line], bool]
    ) -> None:
        self._open, self._rest, self._retire = connect, rest, retire
        self._work: SimpleQueue[Exchange[Any]] = SimpleQueue()
        self._connection: Connection | None = None
        threading.Thread(target=self._serve, name="gate-line", daemon=True).start()

    def take(self, exchange: Exchange[Any]) -> None:
        self._work.put(exchange)

    def _serve(self) -> None:
        exchange: Exchange[Any] | None = self._work.get()
        while exchange is not None:
            # By a finer clock than the deadlines': Windows' monotonic one moves by 16 ms at a time.
            begun_s = time.perf_counter()
            usable = exchange.work(self._connect)
            # At rest before anybody hears of it: who does may have the next one at once.
            rests = self._rest(self, usable, time.perf_counter() - begun_s)
            exchange.tell()
            exchange = self._next() if rests else None
        if self._connection is not None:
            self._connection.http.close()

    def _next(self) -> Exchange[Any] | None:
        try:
            return self._work.get(timeout=LINGER_S)
        except Empty:
            return None if self._retire(self) else self._work.get()

    def _connect(self) -> Connection | NoReply:
        if self._connection is None:
            found = self._open()
            if isinstance(found, NoReply):
                return found
            self._connection = found
        return self._connection
