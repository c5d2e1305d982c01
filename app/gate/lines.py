"""Exchanges side by side, each within its deadline, and a connection kept while one request follows another."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue

from app.gate.exchange import Connection, Exchange
from app.gate.reply import NoReply

LINGER_S = 0.5
"""How long a connection is kept that nothing is sent over. Gates close one that rests, the soonest after 2 s
(gunicorn's default); a request that meets the closing could not be told from one that arrived."""

Connect = Callable[[], Connection | NoReply]
"""A new connection, not opened yet; blocks as a look for the system's proxy may."""


def _closed(_: bool) -> tuple[str, str]:
    return "gate.closed", "The program is closing."


class Lines:
    """Runs exchanges as they come, all with one time-out: each on a thread with a connection of its own."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._changed = threading.Condition()
        self._idle: list[_Line] = []
        self._running: deque[Exchange] = deque()
        self._watch: threading.Thread | None = None
        self._closed = False

    def run(self, exchange: Exchange) -> None:
        """Begin an exchange, which tells by itself how it ended."""
        with self._changed:
            if not self._closed:
                line = self._idle.pop() if self._idle else _Line(self._connect, self._rest, self._retire)
                line.take(exchange)
                self._running.append(exchange)
                if self._watch is None:
                    self._watch = threading.Thread(target=self._expire, name="gate-deadlines", daemon=True)
                    self._watch.start()
                return
        exchange.abandon(_closed)

    def close(self) -> None:
        """End what is running, from any thread; later ones come back as not sent."""
        with self._changed:
            self._closed = True
            running, self._running = self._running, deque()
            self._changed.notify_all()
        for exchange in running:
            exchange.abandon(_closed)

    def _rest(self, line: _Line) -> bool:
        """Whether `line` may wait for the next one."""
        with self._changed:
            if self._closed:
                return False
            self._idle.append(line)
            return True

    def _retire(self, line: _Line) -> bool:
        """Whether `line`, which has waited long enough, ends: not when it was called in this very moment."""
        with self._changed:
            if line not in self._idle:
                return False
            self._idle.remove(line)
            return True

    def _expire(self) -> None:
        """Abandon what is late. In the order they began they are late, so the first one tells when to look again."""
        with self._changed:
            while not self._closed:
                while self._running and self._running[0].over:
                    self._running.popleft()
                if not self._running:
                    break
                if (left_s := self._running[0].left_s) > 0:
                    self._changed.wait(left_s)
                else:
                    self._running.popleft().expire()
            self._watch = None


class _Line:
    """A thread and its connection. It ends when nothing came for a while, or what it did was abandoned."""

    def __init__(self, connect: Connect, rest: Callable[[_Line], bool], retire: Callable[[_Line], bool]) -> None:
        self._open, self._rest, self._retire = connect, rest, retire
        self._work: SimpleQueue[Exchange] = SimpleQueue()
        self._connection: Connection | None = None
        threading.Thread(target=self._serve, name="gate-line", daemon=True).start()

    def take(self, exchange: Exchange) -> None:
        self._work.put(exchange)

    def _serve(self) -> None:
        exchange: Exchange | None = self._work.get()
        while exchange is not None:
            # At rest before anybody hears of it: who does may have the next one at once.
            rests = exchange.work(self._connect) and self._rest(self)
            exchange.tell()
            exchange = self._next() if rests else None
        if self._connection is not None:
            self._connection.http.close()

    def _next(self) -> Exchange | None:
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
