"""Every screen in every state, drawn to pictures: real widgets over a real station in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QEventLoop
from PySide6.QtWidgets import QApplication

from app.errors import WorkstationError
from app.journal.salvage import Damage, Salvaged
from app.modem.pin import PinOutcome, PinResult
from app.paths import paths
from app.provisioning.workflows import ROWS as WORKFLOWS
from app.settings import load_settings
from app.updates.announcement import Release
from app.work.events import CardState
from resources import SOURCE
from ui.bridge import Bridge
from ui.journal import examples
from ui.journal.examples import EXAMPLES, OPEN, Example, fill
from ui.language.speaking import speak
from ui.look import application, start_look
from ui.main_window import MainWindow
from ui.repair import Repair
from ui.sample_devices import (
    MODEM,
    READING,
    TROUBLED,
    UNNAMED,
    agreed,
    changed_sim,
    crowd,
    half_read,
    long_named,
    mixed,
    other_sim,
    roaming,
    unreadable,
    waiting,
)
from ui.theme import CONTRAST, DARK, LIGHT, Scheme, Theme, theme
from ui.updates import show_page, tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.work.events import DeviceCard

SMALL, USUAL, LARGE = (1024, 640), (1280, 800), (1920, 1080)
DOUBLED = ("ready", "log-busy", "settings", "doctor-problems")
"""Scenes that are drawn at 200 % too, in the smallest window."""
FOLDERS = (
    "batch",
    "bench",
    "doctor",
    "erasing",
    "exporting",
    "journal",
    "keeping",
    "operators",
    "palette",
    "pause",
    "receipts",
    "settings",
    "setup",
    "unsent",
)
"""The screens that have scenes of their own, in `ui/FOLDER/scenes.py`."""
Act = Callable[[MainWindow], None]


def _nothing(_: MainWindow) -> None:
    """The scene is as the window stands."""


@dataclass(frozen=True)
class Scene:
    """What is in the journal, which devices are plugged in, and what the operator has done so far."""

    name: str
    journal: Sequence[Example] = ()
    devices: Sequence[DeviceCard] = ()
    act: Act = _nothing
    sizes: Sequence[tuple[int, int]] = (USUAL, LARGE)
    schemes: Sequence[Scheme] = (LIGHT, DARK)
    training: bool = False
    opened: bool = True
    settings: Sequence[str] = ()
    minutes: int = field(default=7)


def scenes() -> list[Scene]:
    """All scenes of the bench; the log and the settings have their own."""
    bench = (MODEM, READING, *TROUBLED)
    return [
        Scene("starting", opened=False, sizes=(USUAL,)),
        Scene("empty", sizes=(SMALL, USUAL, LARGE)),
        Scene("reading", devices=(READING,)),
        Scene("ready", EXAMPLES, bench, _type_user, (SMALL, USUAL, LARGE), (LIGHT, DARK, CONTRAST)),
        Scene("needs-you", EXAMPLES, TROUBLED, lambda window: window.bench.devices.chosen.emit(TROUBLED[0].key)),
        Scene("naming", EXAMPLES[:3], (UNNAMED, READING), _name_place, (USUAL,)),
        Scene("unnamed", EXAMPLES[:3], (UNNAMED, READING), sizes=(USUAL,), schemes=(LIGHT,)),
        Scene("pin-asked", EXAMPLES[:3], TROUBLED, partial(_answer_pin, _RISKY), (USUAL,)),
        Scene("pin-wrong", EXAMPLES[:3], TROUBLED, partial(_answer_pin, _WRONG), (USUAL,), (LIGHT,)),
        Scene("sim-changed", EXAMPLES[:3], (changed_sim(),), sizes=(USUAL,)),
        Scene("partly", EXAMPLES[:3], (half_read(), READING), sizes=(USUAL,)),
        Scene("no-port", EXAMPLES[:3], (MODEM, *unreadable()), _choose_last),
        Scene("roaming", EXAMPLES[:3], (roaming(),), _type_user, (USUAL,)),
        Scene("invalid", EXAMPLES, (MODEM,), _type_wrong, (SMALL, USUAL)),
        Scene("failed", EXAMPLES, (MODEM,), _journal_full),
        Scene("damaged", opened=False, act=_damaged, sizes=(USUAL,)),
        Scene("damaged-saved", EXAMPLES, (MODEM,), _saved, sizes=(USUAL,)),
        Scene("newer-version", EXAMPLES, (MODEM,), _newer, (USUAL, LARGE)),
        Scene("offline", (*_offline(), *EXAMPLES), bench, _type_user),
        Scene("held", (*_held(), *EXAMPLES), (MODEM,), _type_user),
        Scene("full", (examples.LONG, *EXAMPLES, *EXAMPLES[:4]), (long_named(), *crowd(31)), _type_long, minutes=2),
        *(Scene(f"devices-{count}", EXAMPLES, mixed(count), _type_user, (SMALL, USUAL, LARGE)) for count in (1, 8, 32)),
        Scene("more-fields", EXAMPLES[:2], (MODEM,), _unfold, (USUAL, LARGE), (LIGHT,)),
        Scene("sim-replacement", (*_offline(), BEFORE, *EXAMPLES), (other_sim(),), _replace_sim, (SMALL, USUAL, LARGE)),
        Scene("correct", EXAMPLES, (MODEM,), _correct, (USUAL,)),
        Scene("consent-ask", EXAMPLES[:3], (agreed(), *waiting(*_CONSENT)), schemes=(LIGHT, DARK, CONTRAST)),
        Scene("consent-shift", EXAMPLES[:3], waiting(CardState.SHIFT), settings=("consent=per-shift",)),
        Scene("training", EXAMPLES, bench, _type_user, (USUAL,), training=True),
    ]


_CONSENT = (CardState.ASK, CardState.ASK, CardState.DECLINED)
_STATION = ("gate.base_url=https://gate.example.com/api/v1", "operator=Ana P.")
BEFORE = Example(
    "register-device",
    "Quectel",
    "EC25",
    "maria.lopez",
    (examples.ACCEPTED,),
    {key: str(MODEM.identity and MODEM.identity.value(key)) for key in ("imei", "iccid", "imsi")}
    | {"number": "+525512345678"},
)


def _offline() -> tuple[Example, ...]:
    return (*OPEN[:2], Example("register-device", "Telit", "LE910", "s.moreno", (examples.OFFLINE,)))


def _held() -> tuple[Example, ...]:
    return (*OPEN[:2], Example("register-device", "Telit", "LE910", "s.moreno", (examples.HELD,)))


def _type(window: MainWindow, **texts: str) -> None:
    for key, text in texts.items():
        window.bench.form.edited.emit(key, text)


def _type_user(window: MainWindow) -> None:
    _type(
        window,
        device_type="ph",
        number="+52 55 1234 5678",
        username="maria.lopez",
        password="correct horse",  # noqa: S106 - a picture's
        user_external_id="CRM-20418",
        user_class="premium",
    )


def _type_wrong(window: MainWindow) -> None:
    _type_user(window)
    _type(window, imei="35693803564380", number="5512345678", home_mobile_network_mccmnc="310260", mac_addr="3c:5a")
    window.bench.send()


def _type_long(window: MainWindow) -> None:
    _type_user(window)
    _type(
        window,
        username="maria-fernanda.gutierrez-hernandez.de.la.torre@stores.example",
        user_class="premium-plus-family",
    )


def _unfold(window: MainWindow) -> None:
    _type_user(window)
    _type(window, mac_addr="3c:5a:b4:01:02:03", push_key="a push key")


def _journal_full(window: MainWindow) -> None:
    _type_user(window)
    trouble = WorkstationError(
        "The disk that holds the journal is full.",
        remedy="Free some space and repeat the last step; everything before it is kept.",
    )
    window.bench.notice.tell_error(trouble)


def _newer(window: MainWindow) -> None:
    page = "https://www.example.com/gate-station/0.2.0"
    tell(Release("0.2.0", page, datetime(2027, 3, 1, tzinfo=UTC)), window.bench.notice, show_page)


def _repair(window: MainWindow) -> Repair:
    (repair,) = window.findChildren(Repair)
    return repair


def _damaged(window: MainWindow) -> None:
    _repair(window).ask(lambda: None, Damage(1204, 1198, 3))


def _saved(window: MainWindow) -> None:
    _repair(window).told(Salvaged(1204, 1198, 3, Path("journal.db.damaged-20260302T090000Z")))


_RISKY = PinResult(PinOutcome.REFUSED, 1, "One attempt is left. A wrong PIN can block the SIM.", must_confirm=True)
_WRONG = PinResult(PinOutcome.WRONG, 2, "The PIN was wrong. 2 attempts are left.")


def _answer_pin(result: PinResult, window: MainWindow) -> None:
    window.bench.devices.chosen.emit(TROUBLED[0].key)
    entry = window.bench.devices.views()[0].pin
    entry.line.setText("4711")
    entry.line.setFocus()
    entry.say(result)


def _name_place(window: MainWindow) -> None:
    window.bench.devices.views()[0].ask_name()


def _choose_last(window: MainWindow) -> None:
    window.bench.devices.chosen.emit(window.bench.devices.views()[-1].card.key)


def _replace_sim(window: MainWindow) -> None:
    window.bar.chosen.emit(WORKFLOWS["sim-replacement"])
    _type(window, number="+525512345678", username="maria.lopez")


def _correct(window: MainWindow) -> None:
    window.bench.today.table.doubleClicked.emit(window.bench.today.table.model().index(0, 0))
    entry = window.bench.today.entries[0]
    window.show_page("bench")
    window.bench.correct(entry)


@contextmanager
def staged(scene: Scene) -> Iterator[MainWindow]:
    """The window in the state of `scene`, over a station in a temporary folder."""
    from app.assembly import Workstation
    from app.credentials.vault import Vault
    from app.masked import Secret

    with TemporaryDirectory() as home:
        where = paths(home)
        where.prepare()
        if scene.journal:
            fill(where.journal, scene.journal, datetime.now(UTC) - timedelta(minutes=1), minutes=scene.minutes)
        settings = load_settings(where.settings, [*_STATION, *scene.settings])
        vault = Vault(None)
        vault.save(Secret("a-token-for-pictures"))
        station = Workstation(where, settings, publish=lambda _: None, vault=vault, training=scene.training)
        station.open()
        # Not started: no loop of a picture's station may deliver or look for devices.
        bridge = Bridge(lambda _: station)
        window = MainWindow(bridge, settings)
        # A frame that is there for a moment would be in one picture and not in the next.
        window.attention.awake = False
        try:
            if scene.opened:
                bridge.opened.emit(station)
                settle(lambda: window.known, quiet_s=0.05)
            for card in scene.devices:
                bridge.device_changed.emit(card)
            window.show()
            scene.act(window)
            yield window
        finally:
            window.hide()
            for part in (window, bridge):
                part.deleteLater()
                # No event loop runs here that would do it, and each change of colours restyles every window there is.
                QApplication.sendPostedEvents(part, QEvent.Type.DeferredDelete)
            station.close()


def settle(done: Callable[[], bool] = lambda: True, *, quiet_s: float = 0.25, deadline_s: float = 5.0) -> None:
    """Let the window work until `done` and for `quiet_s` more. Raises TimeoutError after `deadline_s`."""
    app, end = QApplication.instance(), time.monotonic() + deadline_s
    quiet: float | None = None
    while app is not None:
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        now = time.monotonic()
        if quiet is None and done():
            quiet = now + quiet_s
        if quiet is not None and now >= quiet:
            return
        if now > end:
            raise TimeoutError("the window did not come to rest")
        time.sleep(0.005)


def draw(scene: Scene, out: Path) -> list[Path]:
    """Draw one scene in its sizes and schemes."""
    drawn: list[Path] = []
    with staged(scene) as window:
        for scheme in scene.schemes:
            theme().apply(scheme)
            for width, height in scene.sizes:
                window.resize(width, height)
                # What is read in the background is there once the first has been drawn.
                settle(quiet_s=0.1 if drawn else 0.25)
                ratio = window.devicePixelRatio()
                scale = "" if ratio == 1 else f"@{ratio:g}x"
                path = out / f"{scene.name}-{scheme.name}-{width}x{height}{scale}.png"
                window.grab().save(str(path))
                drawn.append(path)
    return drawn


def draw_all(out: Path, only: str = "", language: str = SOURCE) -> list[Path]:
    """Draw every scene whose name begins with `only` into `out`; returns the files."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = application()
    if Theme.made is None:
        start_look(app)
    speak(app, language)
    out.mkdir(parents=True, exist_ok=True)
    doubled = app.devicePixelRatio() > 1
    every = [*scenes()]
    for folder in FOLDERS:
        # Only now: the other screens build their scenes from this module's parts.
        every += import_module(f"ui.{folder}.scenes").scenes()
    wanted = [scene for scene in every if scene.name.startswith(only)]
    if doubled:
        wanted = [replace(scene, sizes=(SMALL,), schemes=(LIGHT,)) for scene in wanted if scene.name in DOUBLED]
    return [path for scene in wanted for path in draw(scene, out)]


def main(arguments: Sequence[str]) -> int:
    """`python -m ui.screens FOLDER [NAME [LANGUAGE]]`: draw all scenes, or those whose name begins so.

    An empty name is all of them. Some are drawn at 200 % too.
    """
    for path in draw_all(Path(arguments[0]), *arguments[1:3]):
        sys.stdout.write(f"{path}\n")
    sys.stdout.flush()
    if "QT_SCALE_FACTOR" in os.environ:
        return 0
    # The scale is fixed when the application starts.
    again = [sys.executable, "-m", "ui.screens", *arguments]
    return subprocess.run(again, env={**os.environ, "QT_SCALE_FACTOR": "2"}, check=False).returncode  # noqa: S603 - ourselves


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
