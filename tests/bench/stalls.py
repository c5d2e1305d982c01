"""How long the window's event loop is kept: a 5 ms timer's lateness while nothing, or a whole shift, goes on.

Run by the bench in a process of its own: `python -m tests.bench.stalls idle|shift|form HOME`. Prints milliseconds.
"""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow

from app.paths import paths
from app.seams import allow_here
from app.settings import Settings
from app.training.devices.personalities import ALL
from app.training.station import TrainingStation
from app.work.events import CardState
from ui.start import build

TICK_MS = 5
SECONDS = 6.0
SUBMISSIONS = 8
DEVICES = 32
STEPS = ("imei", "iccid", "all")
POLL_S = 0.3
"""What the training station sets (app/training/station.py)."""


class Lateness:
    """Milliseconds between two ticks beyond what was asked for."""

    def __init__(self) -> None:
        self.samples: list[float] = []
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._last = time.perf_counter()
        self._timer.start(TICK_MS)

    def _tick(self) -> None:
        now = time.perf_counter()
        self.samples.append((now - self._last) * 1000 - TICK_MS)
        self._last = now

    def told(self) -> str:
        late = sorted(self.samples)
        return f"{late[-1]:6.1f} ms longest, {late[int(len(late) * 0.99)]:5.1f} ms at the 99th percentile"


def idle(app: QApplication) -> str:
    """An empty window for the same time: what the machine itself takes."""
    window = QMainWindow()
    window.resize(1280, 800)
    window.show()
    QTest.qWait(500)
    lateness = Lateness()
    QTest.qWait(int(SECONDS * 1000))
    window.close()
    return lateness.told()


def shift(app: QApplication, home: str) -> str:
    """Thirty-two devices plugged one after the other, the form filled by keys and sent again and again."""
    with TrainingStation(paths(home)) as training:
        window = build(app, training.paths, Settings(), training.workstation)
        window.resize(1280, 800)
        window.show()
        while not window.known:
            QTest.qWait(20)
        QTest.qWait(500)
        lateness = Lateness()
        hands = threading.Thread(target=_plug_all, args=(training,))
        hands.start()
        end = time.monotonic() + SECONDS
        for number in range(SUBMISSIONS):
            window.bench.form.focus_field("username")
            QTest.qWait(30)
            QTest.keyClicks(window.focusWidget() or window, f"user{number}", delay=10)
            QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
            QTest.qWait(max(0, int((end - time.monotonic()) * 1000 / (SUBMISSIONS - number))))
        told = lateness.told()
        hands.join()
        window.close()
        allow_here()
    return told


def _plug_all(training: TrainingStation) -> None:
    for number in range(DEVICES):
        training.hub.plug(ALL[number % len(ALL)], slot=f"slot {number}")


def form(app: QApplication, home: str) -> str:
    """From plugging one device to its IMEI, its ICCID, and the end of its reading, in the form."""
    with TrainingStation(paths(home)) as training:
        window = build(app, training.paths, Settings(), training.workstation)
        window.show()
        while not window.known:
            QTest.qWait(20)
        begun = time.perf_counter()
        hands = threading.Thread(target=training.hub.plug, args=(ALL[0],))
        hands.start()
        seen: dict[str, float] = {}
        while len(seen) < len(STEPS):
            QTest.qWait(5)
            card = window.bench.desk.card
            done = {key for key in ("imei", "iccid") if window.bench.desk.draft.text(key)}
            done |= {"all"} if card and card.state is CardState.READY else set()
            for step in done - seen.keys():
                seen[step] = time.perf_counter() - begun
        hands.join()
        device = training.hub.slot(ALL[0].name).modem.busy_s
        window.close()
        allow_here()
    told = ", ".join(f"{step} {seen[step]:.2f} s" for step in STEPS)
    return f"{told}; the device took {device:.2f} s, the ports are looked at every {POLL_S:.1f} s"


MEASURES = {"idle": lambda app, _: idle(app), "shift": shift, "form": form}

if __name__ == "__main__":
    running = QApplication([])
    Path(sys.argv[2]).mkdir(exist_ok=True)
    sys.stdout.write(MEASURES[sys.argv[1]](running, sys.argv[2]) + "\n")
