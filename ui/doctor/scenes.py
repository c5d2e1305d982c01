"""The doctor page in every state, for pictures."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from app.errors import WorkstationError
from app.work.bundle import manifest
from app.work.doctor.line import Grade, Line
from ui.doctor.bundle import BundlePage
from ui.doctor.examination import Begun
from ui.doctor.page import DoctorPage
from ui.doctor.words import TITLES
from ui.main_window import MainWindow
from ui.screens import LARGE, SMALL, USUAL, Act, Scene, settle
from ui.theme import CONTRAST, DARK, LIGHT

GOOD = (
    Line("ports", Grade.OK, "2 devices. Quectel EC25: /dev/ttyUSB2 /dev/ttyUSB3; Telit LE910: /dev/ttyUSB7."),
    Line("permissions", Grade.OK, "This account may open every port."),
    Line("holders", Grade.OK, "No other program is seen to hold a port."),
    Line("drivers", Grade.OK, "No modem or phone is plugged in without a port."),
    Line("keyring", Grade.OK, "The keyring answers, and the token is in it."),
    Line("gate", Grade.OK, "gate.example.com knows the token: Librería del Centro S.A. de C.V."),
    Line("tls", Grade.OK, "The certificate is valid for 61 more days."),
    Line("proxy", Grade.OK, "No proxy is used for the gate."),
    Line("clock", Grade.OK, "The clock agrees with the gate's."),
    Line("disk", Grade.OK, "83 GB are free for /home/ana/.local/share/gate-station."),
    Line("journal", Grade.OK, "The journal is sound: 12.5 MB, 0 to be delivered."),
    Line("versions", Grade.OK, "Gate Station 0.1.0, Python 3.11.7, Linux x86-64."),
    Line("updates", Grade.OK, "Version 0.1.0 is the newest."),
)
BAD = (
    Line(
        "permissions",
        Grade.PROBLEM,
        "ana may not open /dev/ttyUSB2 and /dev/ttyUSB3: the group dialout may.",
        ("Run: sudo usermod -aG dialout ana - then sign out and in again.",),
    ),
    Line(
        "holders",
        Grade.WARNING,
        "ModemManager runs: it takes each new device for 10 s or more.",
        (
            'Run: echo \'ACTION!="remove", SUBSYSTEM=="usb", ATTR{idVendor}=="2c7c", ATTR{idProduct}=="0125", '
            'ENV{ID_MM_DEVICE_IGNORE}="1"\' | sudo tee /etc/udev/rules.d/78-gate-station.rules && '
            "sudo udevadm control --reload && sudo udevadm trigger",
        ),
    ),
    Line(
        "clock",
        Grade.WARNING,
        "The clock is 4 minutes behind the gate's.",
        ("Run: sudo timedatectl set-ntp true",),
    ),
    Line(
        "updates",
        Grade.WARNING,
        "Version 0.2.0 is available.",
        ("Open https://www.example.com/gate-station/0.2.0 and install it.",),
    ),
    Line(
        "gate",
        Grade.PROBLEM,
        "gate.example.com: The server did not accept the stored token.",
        ("Open Settings and paste a current token.",),
    ),
)


def scenes() -> list[Scene]:
    """All scenes of the doctor."""
    bad = {line.check: line for line in BAD}
    mixed = [bad.get(line.check, line) for line in GOOD]
    return [
        Scene("doctor-running", act=_shown(lambda: mixed[:5], stays=True)),
        Scene("doctor-all-ok", act=_shown(lambda: GOOD)),
        Scene(
            "doctor-problems", act=_shown(lambda: mixed), sizes=(SMALL, USUAL, LARGE), schemes=(LIGHT, DARK, CONTRAST)
        ),
        Scene("doctor-bundle", act=_bundled, sizes=(SMALL, USUAL, LARGE)),
        Scene("doctor-failed", act=_shown(_fails), sizes=(USUAL,)),
    ]


def _shown(examine: Callable[[], Sequence[Line]], *, stays: bool = False) -> Act:
    """The page over an examination that gives these lines; where it `stays`, it never ends by itself."""

    def act(window: MainWindow) -> None:
        closed = threading.Event()

        def lines(found: Sequence[Line]) -> Iterator[Line]:
            yield from found
            if stays:
                closed.wait()

        def begin() -> Begun:
            return Begun(tuple(TITLES), lines(examine()))

        page = DoctorPage(begin)
        page.destroyed.connect(closed.set)
        window.add_page("doctor", page)
        window.show_page("doctor")

    return act


def _bundled(window: MainWindow) -> None:
    lines = json.dumps([line.record for line in GOOD], indent=2, ensure_ascii=False)
    files = {"about.json": "{}", "settings.json": "{}", "doctor.json": lines, "journal.json": "{}", "log.jsonl": ""}
    page = BundlePage(
        lambda: files | {"crash.txt": "", "manifest.txt": manifest(files, datetime(2026, 3, 2, tzinfo=UTC))}
    )
    window.add_page("bundle", page)
    window.show_page("bundle")
    settle()
    page.names.setCurrentRow(2)


def _fails() -> Sequence[Line]:
    raise WorkstationError("The ports could not be listed.", remedy="Details are in the log; trying again.")
