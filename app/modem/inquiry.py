"""Asking within the time there is: how long for each command, what was asked already, when to wait for a SIM."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from app.errors import WorkstationError
from app.identifiers.identity import SimState
from app.modem.at import Reply
from app.modem.command_line import joined
from app.modem.replies import sim
from app.modem.replies.chained import told_apart
from app.modem.session import Session

EQUIPMENT = "equipment"
CARD = "card"
PATIENCE_S = {EQUIPMENT: (2.0, 0.7, 0.3, 0.15), CARD: (5.0, 1.5, 0.5, 0.15)}
"""How long an answer may take, after none, one, more silent commands in a row. The card and the network need
longer than the equipment (+CIMI was seen to need 3 s)."""
MUTE = 3
"""A device that is silent to so many commands refuses by silence: little patience, no second chance."""
SECOND_PATIENCE_S = 8.0
"""How long a command may take when it is asked again."""
LATENCIES = 5
"""A slow device gets this many times its slowest answer, however often it was silent."""
PROOF_S = 0.15
"""How long, for each of its commands, a line of several may be met with silence on a quick device."""
PROOF_LATENCIES = 2
"""A slow device gets this many times its slowest answer for each."""
PROOF = 2
"""So many commands of one line must have been answered before another line of several is believed."""
BUSY_WAITS_S = (0.5, 1.0, 2.0)
BUSY_SHARE = 0.6
"""Part of the time for waiting until a busy SIM is ready; some need 15 s after plugging in."""
LATE_SHARE = 0.85
"""Part of the time after which guesses are not tried any more."""


class TimeUp(WorkstationError):
    """The time for the reading ended before the last question."""

    code = "modem.time-up"


class TimeLeft(Struct, frozen=True):
    """The time for one reading, in seconds."""

    port: str
    clock: Callable[[], float]
    started: float
    deadline_s: float

    def share_used(self) -> float:
        return (self.clock() - self.started) / self.deadline_s

    def left_s(self) -> float:
        """Raises TimeUp when nothing is left."""
        left = self.started + self.deadline_s - self.clock()
        if left <= 0:
            summary = f"{self.port} did not answer everything within {self.deadline_s:.0f} s."
            raise TimeUp(summary, remedy="Read it again, or give it more time.")
        return left


class Inquiry:
    """Asks each command once and keeps the answer. `busy` is told each time the SIM asks for patience."""

    def __init__(self, session: Session, time_left: TimeLeft, busy: Callable[[str], None]) -> None:
        self._session, self._time, self._busy = session, time_left, busy
        self._answers: dict[str, Reply] = {}
        self._silent = dict.fromkeys(PATIENCE_S, 0)
        self._busy_waits = 0
        self._least_s = 0.0
        self._chains: bool | None = None

    def ask(self, command: str, kind: str = EQUIPMENT) -> Reply:
        """The answer to a command, from memory where it was asked before. Raises TimeUp and what Session raises."""
        known = self._answers.get(command)
        return known if known is not None else self.ask_again(command, kind)

    def ask_again(self, command: str, kind: str = EQUIPMENT) -> Reply:
        """The answer to a command as it is now; waits while the SIM says that it is busy."""
        reply = self._session.ask(command, self._patience(kind))
        while sim.state(reply) is SimState.BUSY and self._time.share_used() < BUSY_SHARE:
            self._busy(command)
            self._session.wait(BUSY_WAITS_S[min(self._busy_waits, len(BUSY_WAITS_S) - 1)])
            self._busy_waits += 1
            reply = self._session.ask(command, self._patience(kind))
        self._silent[kind] = self._silent[kind] + 1 if reply.silent else 0
        self._answers[command] = reply
        return reply

    def ask_together(self, queries: Sequence[str], kind: str = EQUIPMENT) -> None:
        """Ask several commands in one line, and see whether the device can do that.

        An answer that is surely a command's own is remembered as if it had been asked alone; for the others
        nothing is. Not tried where the device left a command without a final result, or answered such a line
        wrongly before.
        """
        if self._chains is False or any(reply.final is None for reply in self._answers.values()):
            return
        first_s = len(queries) * max(PROOF_S, PROOF_LATENCIES * self._session.latency_s)
        reply = self._session.ask(joined(queries), self._patience_with(len(queries), kind), first_s=first_s)
        found = told_apart(reply, queries)
        if self._judge(reply, len(found) >= PROOF):
            self._answers |= found

    def set_for_now(self, command: str, put_back: str) -> bool:
        """Change a setting until the end of the session; whether the device took it."""
        return not self._session.set_for_now(command, put_back, self._patience(EQUIPMENT)).refused

    def ask_set(self, query: str, command: str, put_back: str, kind: str = EQUIPMENT) -> Reply | None:
        """The answer to a query after `set_for_now()`, in one line where the device was seen to take several.

        None where it did not take the setting.
        """
        if self._chains:
            patience_s = self._patience_with(2, kind)
            reply = self._session.set_for_now(command, put_back, patience_s, query=query)
            found = told_apart(reply, [query])
            if self._judge(reply, query in found):
                return found[query]
        return self.ask_again(query, kind) if self.set_for_now(command, put_back) else None

    def late(self) -> bool:
        """Whether it is too late for guesses."""
        return self._time.share_used() > LATE_SHARE

    def forget_silence(self) -> bool:
        """Let commands that were met with silence be asked again, with more patience; whether there are any.

        Not so where silence is how the device refuses.
        """
        silent = [command for command, reply in self._answers.items() if reply.silent]
        if not 0 < len(silent) < MUTE:
            return False
        for command in silent:
            del self._answers[command]
        self._least_s = SECOND_PATIENCE_S
        return True

    def be_brief(self) -> None:
        """End what `forget_silence()` began."""
        self._least_s = 0.0

    def _judge(self, reply: Reply, right: bool) -> bool:
        """Believe that the device takes several commands in one line, or no longer; whether it does."""
        self._chains = right
        if not right and reply.final is not None and reply.final.ok:
            # It may end each command of the line on its own.
            self._session.expect_more()
        return right

    def _patience_with(self, count: int, kind: str) -> float:
        return min(self._time.left_s(), count * self._patience(kind))

    def _patience(self, kind: str) -> float:
        left, steps = self._time.left_s(), PATIENCE_S[kind]
        silent = self._silent[kind] + (max(self._silent.values()) >= MUTE)
        slow = min(LATENCIES * self._session.latency_s, steps[0])
        return min(left, max(steps[min(silent, len(steps) - 1)], slow, self._least_s))
