"""Speed and memory, each against its own reference, measured side by side in one run.

`python3 dev.py bench`. A ratio says how much the program adds to what cannot be avoided: the device's own
latency, an empty PySide6 window, an idle event loop.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from app.identifiers.identity import ReadStatus
from app.modem.probe import identify
from app.training.devices.hub import Hub
from app.training.devices.personalities import ALL

ROOT = Path(__file__).resolve().parents[1]
RUNS = 7
SLOW_S = 0.2

PROBE = """
import os, resource, sys, time
begun = float(os.environ["BEGUN"])
def shown():
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{time.monotonic() - begun:.4f} {peak:.1f}", flush=True)
    os._exit(0)
"""

BARE = (
    PROBE
    + """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        QTimer.singleShot(0, shown)
app = QApplication([])
app.setStyle("Fusion")
window = Window()
window.resize(1280, 800)
window.show()
app.exec()
"""
)

OURS = (
    PROBE
    + """
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication
from app.paths import paths
from app.settings import Settings
app = QApplication([])
from ui.start import build
where = paths(sys.argv[1])
where.prepare()
window = build(app, where, Settings())
class FirstPaint(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, shown)
        return False
watch = FirstPaint()
window.installEventFilter(watch)
window.show()
app.exec()
"""
)


def row(name: str, ours: str, reference: str, ratio: float) -> None:
    print(f"{name:<46} {ours:>12} {reference:>26}   x {ratio:.2f}")  # noqa: T201 - what this program is for


def reading() -> None:
    """One full identity, against the sum of what the device itself took to answer."""
    for personality in ALL:
        ours, devices = [], []
        for _ in range(3 if personality.latency_s > SLOW_S else RUNS):
            with Hub([personality]) as hub:
                begun = time.monotonic()
                identity = identify(hub.addresses[personality.name], deadline_s=30)
                ours.append(time.monotonic() - begun)
                devices.append(hub.slot(personality.name).modem.busy_s)
            if identity.status is not ReadStatus.OK:
                break
        else:
            took, device = statistics.median(ours), statistics.median(devices)
            row(f"read {personality.label}", f"{took:.3f} s", f"{device:.3f} s of the device", took / device)


def windows() -> None:
    """From the start of the process to the first paint, and the most memory until then, against a bare window."""
    samples: dict[str, list[tuple[float, float]]] = {"bare": [], "ours": []}
    for _ in range(RUNS):
        for name, code in (("bare", BARE), ("ours", OURS)):
            with tempfile.TemporaryDirectory() as home:
                done = subprocess.run(
                    [sys.executable, "-c", code, home],
                    env={"BEGUN": str(time.monotonic()), "QT_QPA_PLATFORM": "offscreen", "PATH": "", "HOME": home},
                    cwd=ROOT, capture_output=True, text=True, check=True,
                )  # fmt: skip
            seconds, megabytes = done.stdout.split()[-2:]
            samples[name].append((float(seconds), float(megabytes)))
    for index, (what, unit) in enumerate((("window shown", "s"), ("memory at first paint", "MB"))):
        bare, ours = (statistics.median(sample[index] for sample in samples[name]) for name in ("bare", "ours"))
        row(what, f"{ours:.2f} {unit}", f"{bare:.2f} {unit} bare window", ours / bare)


def stalls() -> None:
    """The longest the event loop was kept from a 5 ms timer while devices are read and submissions delivered."""
    for name in ("idle", "shift"):
        with tempfile.TemporaryDirectory() as home:
            done = subprocess.run(
                [sys.executable, "-m", "tests.stalls", name, home],
                env={"QT_QPA_PLATFORM": "offscreen", "PATH": "", "HOME": home}, cwd=ROOT, capture_output=True,
                text=True, check=True,
            )  # fmt: skip
        print(f"longest stall, {name:<31} {done.stdout.strip()}")  # noqa: T201


MEASURES: dict[str, Callable[[], None]] = {"reading": reading, "windows": windows, "stalls": stalls}

if __name__ == "__main__":
    for chosen in sys.argv[1:] or MEASURES:
        MEASURES[chosen]()
