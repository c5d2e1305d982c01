"""The window against a bare one: start, memory, and the longest its event loop is kept."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench.told import line, row

ROOT = Path(__file__).resolve().parents[2]
RUNS = 15
BEST_OF = 3

PROBE = """
import os, resource, sys, time
begun = float(os.environ["BEGUN"])
def peak():
    if os.path.exists("/proc/self/status"):
        # What the other way tells begins with what the process had that started this one.
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
def shown():
    print(f"{time.monotonic() - begun:.4f} {peak():.1f}", flush=True)
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

BEGIN = (
    PROBE
    + """
from ui.lean_start import begin_start
begin_start()
from PySide6.QtCore import QEvent, QObject, QTimer
from app.paths import paths
from app.settings import Settings
from ui.look import application
app = application()
from ui.start import build
where = paths(sys.argv[1])
where.prepare()
window = build(app, where, Settings())
"""
)
OURS = (
    BEGIN
    + """
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


OPEN = BEGIN + "window.bridge.opened.connect(lambda _: QTimer.singleShot(0, shown))\nwindow.show()\napp.exec()\n"


def windows() -> None:
    """From the start of the process to the first paint, and the most memory until then, against a bare window;
    with the files in memory, and with those of Python, Qt and the program dropped from it."""
    _windows("", lambda: None, (SHOWN, OPENED, PAINTED, STANDING))
    if hasattr(os, "posix_fadvise"):
        _windows(", files from the disk", forget_files, (SHOWN, OPENED))
    else:
        line("window shown, files from the disk", "not measured: this system cannot be asked to drop them")


def forget_files() -> None:
    """Have the system drop the files of Python, its packages and the program from memory; needs no rights.

    What another process has mapped stays, for both windows alike.
    """
    os.sync()
    for folder in {Path(sys.prefix), Path(sys.base_prefix) / "lib", ROOT / "app", ROOT / "ui", ROOT / "resources"}:
        for file in folder.rglob("*"):
            if file.is_file():
                with file.open("rb") as held:
                    os.posix_fadvise(held.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


SHOWN = ("window shown", "ours", 0, "s")
OPENED = ("station open", "open", 0, "s")
PAINTED = ("memory at first paint", "ours", 1, "MB")
STANDING = ("memory with the station open", "open", 1, "MB")


def _windows(how: str, before: Callable[[], None], rows: Sequence[tuple[str, str, int, str]]) -> None:
    """The ratios are those within each round: what the machine does beside it changes from one to the next."""
    codes = {"bare": BARE, "ours": OURS, "open": OPEN}
    samples: dict[str, list[tuple[float, float]]] = {name: [] for name in codes}
    for _ in range(RUNS):
        for name, code in codes.items():
            before()
            with tempfile.TemporaryDirectory() as home:
                done = subprocess.run(
                    [sys.executable, "-c", code, home],
                    env={"BEGUN": str(time.monotonic()), "QT_QPA_PLATFORM": "offscreen", "PATH": "", "HOME": home},
                    cwd=ROOT, capture_output=True, text=True, check=True,
                )  # fmt: skip
            seconds, megabytes = done.stdout.split()[-2:]
            samples[name].append((float(seconds), float(megabytes)))
    for what, name, index, unit in rows:
        ours, bare = ([sample[index] for sample in samples[which]] for which in (name, "bare"))
        ratio = statistics.median(one / other for one, other in zip(ours, bare, strict=True))
        middle, reference = statistics.median(ours), statistics.median(bare)
        row(what + how, f"{middle:.2f} {unit}", f"{reference:.2f} {unit} bare window", ratio)


def stalls() -> None:
    """The longest the event loop was kept from a 5 ms timer while 32 devices are read, against an empty window;
    the best of a few runs, since whatever else the machine does is measured too."""
    _stalls("32 devices at once", "crowd", BEST_OF)
    line("plug to filled form", _told("form"))


def shift() -> None:
    """The same through a whole shift of 500 devices; takes two minutes."""
    _stalls("a shift of 500 devices", "shift", 1)


def _stalls(what: str, name: str, runs: int) -> None:
    found: dict[str, list[tuple[float, float, str]]] = {"idle": [], name: []}
    for _ in range(runs):
        for measure, samples in found.items():
            told = _told(measure)
            longest, usual = _STALL.findall(told)[0]
            samples.append((float(longest), float(usual), told))
    (idle, idle_usual, _), (longest, usual, told) = min(found["idle"]), min(found[name])
    row(f"longest stall, {what}", f"{longest:.1f} ms", f"{idle:.1f} ms empty window", longest / idle)
    row("  at the 99th percentile", f"{usual:.1f} ms", f"{idle_usual:.1f} ms empty window", usual / idle_usual)
    line("  the window's own work, and more", told.split("; ", 1)[1])


_STALL = re.compile(r"([0-9.]+) ms longest, +([0-9.]+) ms at")


def _told(measure: str) -> str:
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.stalls", measure, home],
            env={"QT_QPA_PLATFORM": "offscreen", "PATH": "", "HOME": home}, cwd=ROOT, capture_output=True,
            text=True, check=True,
        )  # fmt: skip
    return done.stdout.strip()
