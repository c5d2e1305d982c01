"""How long the window's event loop is kept: a 5 ms timer's lateness while nothing, or a whole shift, goes on.

Run by the bench in a process of its own: `python -m tests.bench.stalls MEASURE HOME`. Prints milliseconds.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from app.paths import paths
from app.seams import allow_here
from app.settings import Settings
from app.training.devices.personalities import ALL
from app.work.events import CardState
from tests.bench.outside import POLL_S, Outside
from ui.look import application
from ui.main_window import MainWindow
from ui.start import build

TICK_MS = 5
SECONDS = 6.0
SUBMISSIONS = 8
DEVICES = 32
SHIFT, TRAY, MODEM = 500, 10, ALL[0].name
PATIENCE_S = 30.0
STEPS = ("imei", "iccid", "all")


class Lateness:
    """Milliseconds between two ticks beyond what was asked for; and how long the thread itself worked meanwhile."""

    def __init__(self) -> None:
        self.samples: list[float] = []
        self.worked: list[float] = []
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._last, self._busy = time.perf_counter(), time.thread_time()
        self._timer.start(TICK_MS)

    def _tick(self) -> None:
        now, busy = time.perf_counter(), time.thread_time()
        self.samples.append((now - self._last) * 1000 - TICK_MS)
        self.worked.append((busy - self._busy) * 1000)
        self._last, self._busy = now, busy

    def told(self) -> str:
        late, worked = sorted(self.samples), sorted(self.worked)
        return (
            f"{late[-1]:6.1f} ms longest, {late[int(len(late) * 0.99)]:5.1f} ms at the 99th percentile; "
            f"worked {worked[-1]:.1f} and {worked[int(len(worked) * 0.99)]:.1f} ms"
        )


def wait(milliseconds: float) -> None:
    """Let the window work, as it does in use: `QTest.qWait` sleeps ten milliseconds at a time."""
    loop = QEventLoop()
    QTimer.singleShot(max(0, int(milliseconds)), loop.quit)
    loop.exec()


def wait_until(done: Callable[[], bool]) -> None:
    """Let the window work until something is so. Raises TimeoutError, with where it stands still."""
    end = time.monotonic() + PATIENCE_S
    while not done():
        wait(10)
        if time.monotonic() > end:
            raise TimeoutError("the window did not come to what was waited for")


def type_text(widget: QWidget, text: str) -> None:
    """Key by key, with a pause for the window after each."""
    for key in text:
        QTest.keyClicks(widget, key)
        wait(10)


def idle(app: QApplication, home: str) -> str:
    """An empty window for the same time: what the machine itself takes."""
    window = QMainWindow()
    window.resize(1280, 800)
    window.show()
    wait(500)
    lateness = Lateness()
    wait(SECONDS * 1000)
    window.close()
    return lateness.told()


def opened(app: QApplication, home: str, outside: Outside) -> MainWindow:
    """The window over devices and a gate that stand outside, at rest."""
    where = paths(home)
    where.prepare()
    window = build(app, where, Settings(), lambda publish: outside.workstation(where, publish))
    window.resize(1280, 800)
    window.show()
    while not window.known:
        wait(20)
    wait(500)
    return window


def close(window: MainWindow) -> None:
    # The first only tells what waits, where something does.
    window.close()
    window.close()
    allow_here()


def crowd(app: QApplication, home: str) -> str:
    """Thirty-two devices plugged at once, the form filled by keys and sent again and again while they are read."""
    with Outside() as outside:
        window = opened(app, home, outside)
        lateness = Lateness()
        names = [ALL[number % len(ALL)].name for number in range(DEVICES)]
        hands = threading.Thread(target=outside.plug, args=names)
        hands.start()
        end = time.monotonic() + SECONDS
        for number in range(SUBMISSIONS):
            window.bench.form.focus_field("username")
            wait(30)
            type_text(window.focusWidget() or window, f"user{number}")
            QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
            wait((end - time.monotonic()) * 1000 / (SUBMISSIONS - number))
        told = lateness.told()
        hands.join()
        close(window)
    return told


def shift(app: QApplication, home: str) -> str:
    """Five hundred devices through the window, some at a time: plugged, filled in by keys, sent, pulled."""
    with Outside() as outside:
        window = opened(app, home, outside)
        lateness, held = Lateness(), list[float]()
        for first in range(1, SHIFT, TRAY):
            numbers = range(first, first + TRAY)
            hands = threading.Thread(target=outside.plug, args=[MODEM] * TRAY, kwargs={"first": first})
            hands.start()
            for number in numbers:
                wait_until(lambda: (card := window.bench.desk.card) is not None and card.state is CardState.READY)
                window.bench.form.focus_field("username")
                type_text(window.focusWidget() or window, f"user{number}")
                in_hand = window.bench.desk.current
                QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
                wait_until(partial(_is_put_away, window, in_hand))
            hands.join()
            hands = threading.Thread(target=outside.unplug, args=numbers)
            hands.start()
            wait_until(lambda: not window.bench.devices.views())
            hands.join()
            held.append(resident_mb())
        told = lateness.told()
        # What the last hands left waiting: nothing is lost.
        wait_until(lambda: outside.registered() == SHIFT)
        close(window)
    return f"{told}; {SHIFT} registered; {held[0]:.1f} MB after {TRAY} devices, {held[-1]:.1f} MB after {SHIFT}"


def _is_put_away(window: MainWindow, key: str | None) -> bool:
    return window.bench.desk.current != key


def resident_mb() -> float:
    """The memory of this process."""
    status = Path("/proc/self/status").read_text()
    return next(int(text.split()[1]) for text in status.splitlines() if text.startswith("VmRSS")) / 1024


def form(app: QApplication, home: str) -> str:
    """From plugging one device to its IMEI, its ICCID, and the end of its reading, in the form."""
    with Outside() as outside:
        window = opened(app, home, outside)
        begun = time.perf_counter()
        hands = threading.Thread(target=outside.plug, args=(ALL[0].name,))
        hands.start()
        seen: dict[str, float] = {}
        while len(seen) < len(STEPS):
            wait(5)
            card = window.bench.desk.card
            done = {key for key in ("imei", "iccid") if window.bench.desk.draft.text(key)}
            done |= {"all"} if card and card.state is CardState.READY else set()
            for step in done - seen.keys():
                seen[step] = time.perf_counter() - begun
        hands.join()
        device_s = outside.busy_s(1)
        close(window)
    told = ", ".join(f"{step} {seen[step]:.2f} s" for step in STEPS)
    return f"{told}; the device took {device_s:.2f} s, the ports are looked at every {POLL_S:.1f} s"


MEASURES: dict[str, Callable[[QApplication, str], str]] = {
    "idle": idle,
    "crowd": crowd,
    "form": form,
    "shift": shift,
}

if __name__ == "__main__":
    running = application()
    Path(sys.argv[2]).mkdir(exist_ok=True)
    sys.stdout.write(MEASURES[sys.argv[1]](running, sys.argv[2]) + "\n")
