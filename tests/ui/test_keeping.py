"""The window over a journal whose key is lost, whose code is new, and where no keyring works."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.assembly import Workstation
from app.credentials.backends import Backend
from app.credentials.recovery_code import last_group, make_code
from app.credentials.store import CredentialStore, SessionStore, Store
from app.journal.outbox import Journal
from app.masked import Secret
from app.paths import paths
from app.settings import load_settings
from app.work.encryption import Encryption
from app.work.events import Publish
from app.work.keeping import Code, Way
from tests.peers.homes import put_away
from tests.peers.pages import dressed
from tests.peers.submissions import submission
from ui.keeping.panels import AskPanel, CodePanel
from ui.main_window import MainWindow
from ui.start import build

WAIT_MS = 15_000
P = TypeVar("P", AskPanel, CodePanel)


def _nowhere() -> Backend:
    raise OSError("no bus")


def app() -> QApplication:
    found = QApplication.instance()
    assert isinstance(found, QApplication)
    dressed(found)
    return found


class Shop:
    """A home whose keyring is `store`."""

    def __init__(self, home: Path, store: Store) -> None:
        self.where, self.store = paths(home), store
        self.where.prepare()

    def make(self, publish: Publish) -> Workstation:
        settings = load_settings(self.where.settings, ["gate.base_url=http://127.0.0.1:9/api/v1"])
        station = Workstation(self.where, settings, publish=publish)
        station.encryption = Encryption(
            self.where, keyring=lambda: self.store, wish=lambda: station.settings.text("journal.encryption")
        )
        return station

    @contextmanager
    def window(self) -> Iterator[MainWindow]:
        window = build(app(), self.where, load_settings(self.where.settings), self.make)
        window.show()
        try:
            yield window
        finally:
            put_away(window)


def panel(qtbot: QtBot, window: MainWindow, kind: type[P]) -> P:
    qtbot.waitUntil(lambda: isinstance(window.keeper.panel, kind), timeout=WAIT_MS)
    found = window.keeper.panel
    assert isinstance(found, kind)
    return found


def gone(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.keeper.panel is None, timeout=WAIT_MS)


def test_the_first_start_shows_the_code_until_its_last_group_is_typed_back(qtbot: QtBot, tmp_path: Path) -> None:
    shop = Shop(tmp_path / "home", SessionStore(name="journal"))
    with shop.window() as window:
        shown = panel(qtbot, window, CodePanel)
        station = window.bridge.made
        assert station is not None
        shown.line.setText("ZZZZ")
        shown.action.click()
        assert station.encryption.standing().code is Code.UNCONFIRMED
        shown.line.setText(last_group(shown.code).reveal().lower())
        shown.action.click()
        gone(qtbot, window)
        assert station.encryption.standing().code is Code.KEPT
    with shop.window() as window:
        qtbot.waitUntil(lambda: window.known, timeout=WAIT_MS)
        assert window.keeper.panel is None


def test_a_lost_key_is_asked_for_and_what_was_queued_is_there(qtbot: QtBot, tmp_path: Path) -> None:
    shop = Shop(tmp_path / "home", SessionStore(name="journal"))
    before = shop.make(lambda _: None).encryption
    before.open(lambda key: Journal.open(shop.where.journal, key=key)).add(submission("kept"))
    code = before.new_code()
    before.confirm(code)
    before.close()
    shop.store = SessionStore(name="journal")
    with shop.window() as window:
        asked = panel(qtbot, window, AskPanel)
        asked.lines[0].setText(make_code().reveal())
        asked.action.click()
        qtbot.waitUntil(lambda: "does not open" in asked.answer, timeout=WAIT_MS)
        asked.lines[0].setText(code.reveal().lower().replace("-", " "))
        asked.action.click()
        gone(qtbot, window)
        qtbot.waitUntil(lambda: window.known and window.snapshot.waiting == 1, timeout=WAIT_MS)
    assert shop.store.load() is not None


def test_where_no_keyring_works_the_choice_is_asked_and_kept(qtbot: QtBot, tmp_path: Path) -> None:
    def chosen(home: str, act: Callable[[AskPanel], None], then: type[CodePanel] | None) -> Workstation:
        shop = Shop(tmp_path / home, CredentialStore("station", name="journal", backend=_nowhere))
        with shop.window() as window:
            act(panel(qtbot, window, AskPanel))
            if then is None:
                gone(qtbot, window)
            else:
                panel(qtbot, window, then)
        return shop.make(lambda _: None)

    def passphrase(asked: AskPanel) -> None:
        for line in asked.lines:
            line.setText("four words that rhyme not")
        asked.action.click()

    plain = chosen("plain", lambda asked: asked.ways["plain"].click(), None)
    assert plain.settings.text("journal.encryption") == "plain"
    assert plain.encryption.standing().way is Way.PLAIN
    sealed = chosen("sealed", passphrase, CodePanel)
    assert sealed.settings.text("journal.encryption") == "passphrase"
    sealed.encryption.unlock(Secret("four words that rhyme not"))
    sealed.open()
    assert sealed.encryption.standing().way is Way.PASSPHRASE
    sealed.close()
