"""Runs the checks side by side, each within its own deadline."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from app import seams
from app.errors import WorkstationError
from app.work.doctor.line import Finding, Grade, Line, line
from app.work.doctor.surroundings import Surroundings

_log = logging.getLogger(__name__)

Look = Callable[[Surroundings], Iterable[Finding]]


class Check(Struct, frozen=True):
    """One check. `look` yields at least one finding; it is given up after `deadline_s`, which `late` explains.

    `systems` are the values of sys.platform it has a meaning on; empty for all.
    """

    name: str
    look: Look
    deadline_s: float = 10.0
    late: str = "Run the doctor again; restart this computer if it stays."
    systems: frozenset[str] = frozenset()


def examine(checks: Iterable[Check], surroundings: Surroundings) -> Iterator[Line]:
    """Run all checks at once; give the line of each as it ends. Blocks until the last one, or its deadline.

    A check that hangs is abandoned on its daemon thread: what blocks in a driver or a keyring cannot be ended.
    """
    seams.blocking("the doctor")
    started = time.monotonic()
    ended: queue.SimpleQueue[tuple[Check, Line]] = queue.SimpleQueue()
    running = [check for check in checks if not check.systems or surroundings.platform in check.systems]
    for check in running:
        threading.Thread(
            target=lambda check=check: ended.put((check, _outcome(check, surroundings))),
            name=f"doctor-{check.name}",
            daemon=True,
        ).start()
    return _as_they_end(running, ended, started)


def _as_they_end(running: list[Check], ended: queue.SimpleQueue[tuple[Check, Line]], started: float) -> Iterator[Line]:
    while running:
        next_end = min(check.deadline_s for check in running)
        try:
            check, found = ended.get(timeout=max(0.0, started + next_end - time.monotonic()))
        except queue.Empty:
            for late in [check for check in running if check.deadline_s <= next_end]:
                running.remove(late)
                yield _late(late)
        else:
            # One that ends after its deadline has had its line.
            if check in running:
                running.remove(check)
                yield found


def _outcome(check: Check, surroundings: Surroundings) -> Line:
    try:
        return line(check.name, check.look(surroundings))
    except WorkstationError as fault:
        return line(check.name, [Finding(Grade.PROBLEM, fault.summary, fault.remedy)])
    except Exception:  # noqa: BLE001 - the top of a thread: one check that fails must not end the others
        _log.exception("the check %s failed", check.name)
        return line(
            check.name,
            [Finding(Grade.PROBLEM, "This check itself failed.", "The log says why; send it to whoever supports you.")],
        )


def _late(check: Check) -> Line:
    return line(check.name, [Finding(Grade.PROBLEM, f"No result within {check.deadline_s:g} s.", check.late)])
