"""Arranges and connects: rail, top bar, pages, and the bridge to the station."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from app.errors import WorkstationError
from app.journal.records import Entry
from app.operators.people import Right
from app.provisioning.draft import Draft
from app.provisioning.site import site
from app.provisioning.workflows import Workflow
from app.scanning.commands import PAGES as COMMAND_PAGES
from app.scanning.meaning import Meaning
from app.settings import Settings
from app.work.events import LoopFailed
from ui.background import run
from ui.bench.page import BenchPage
from ui.bridge import Bridge
from ui.help.beside import Beside
from ui.keeping.keeper import Keeper
from ui.kit.late import Late
from ui.kit.style import column, row
from ui.language.speaking import spoken
from ui.operators.door import Door
from ui.orders import orders_of
from ui.pages import make_page
from ui.pause.notice import PauseNotice
from ui.rail import Rail, TopBar
from ui.repair import DAMAGED, Repair
from ui.scans import Scans
from ui.snapshot import Snapshot, Watch, kept_words, link_headline
from ui.theme import Tone, theme

if TYPE_CHECKING:
    from app.assembly import Workstation
    from app.credentials.store import TokenState
    from app.journal.outbox import Journal
    from ui.attention.attention import Attention
    from ui.batch.page import BatchPage
    from ui.help.panel import HelpPanel
    from ui.journal.page import JournalPage
    from ui.kit.banner import Banner
    from ui.palette.palette import Palette
    from ui.receipts.page import ReceiptPage
    from ui.setup.page import SetupPage

RIGHTS = {
    "settings": Right.SETTINGS,
    "setup": Right.SETTINGS,
    "erase": Right.ERASE,
    "export": Right.EXPORT,
    "token": Right.TOKEN,
}
"""Pages that not everybody may see."""
WITHIN = {
    "bundle": "doctor",
    "erase": "log",
    "export": "log",
    "receipt": "log",
    "setup": "settings",
    "token": "bench",
    "unsent": "bench",
}
"""Pages that are reached from another one, whose mark they keep."""
SOUND_KEYS, HELP_KEYS, PALETTE_KEYS = "F8", "F1", "Ctrl+K"
SIZE, LEAST = (1280, 800), (800, 560)
NARROW = 1120


class MainWindow(QWidget):
    """The one window. Emits `language_changed(str)`, the setting's value.

    `geometry` keeps where it stood (an ini file), None to keep nothing. `known` is set once the journal has been read;
    `snapshot` is what it said then.
    """

    language_changed = Signal(str)

    def __init__(self, bridge: Bridge, settings: Settings, geometry: QSettings | None = None) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setWindowTitle(self.tr("Gate Station"))
        self.setMinimumSize(*LEAST)
        self.bridge, self._geometry = bridge, geometry
        self._station: Workstation | None = None
        self.snapshot = Snapshot()
        self.known = False
        self.page = self._wanted = "bench"
        self._token_trouble = ""
        self._closing = False
        self._language = settings.text("language")
        self.log: JournalPage | None = None
        self.batch: BatchPage | None = None
        self.receipt: ReceiptPage | None = None
        self.setup: SetupPage | None = None
        self._attention: Attention | None = None
        self._help: HelpPanel | None = None
        self._palette: Palette | None = None
        with theme().undressed():
            self._build(settings)
        self.watch = Watch(self._journal, self)
        self.scans = Scans(self, lambda: None if self.door.locked else self._pages.currentWidget(), settings)
        self._connect()
        self.show_page("bench")
        self.resize(*SIZE)
        if geometry is not None and isinstance(kept := geometry.value("window/geometry"), QByteArray):
            self.restoreGeometry(kept)

    def _build(self, settings: Settings) -> None:
        self.rail, self.bar, self.bench = Rail(), TopBar(site(settings.policy).workflows), BenchPage(settings)
        self._banner = Late(self._make_banner)
        self._pages = QStackedWidget()
        self._by_name: dict[str, QWidget] = {}
        self.add_page("bench", self.bench)
        self._work = QWidget()
        self._beside = Beside(self._pages)
        self._work.setLayout(row(self.rail, column(self.bar, self._beside, gap=0), gap=0))
        self.door = Door(self._work)
        self.setLayout(column(self._banner, self.door, gap=0))

    def _make_banner(self) -> Banner:
        from ui.kit.banner import Banner

        return Banner(
            self.tr("Training: simulated devices and a gate on this computer. Nothing leaves it."), parent=self
        )

    def _connect(self) -> None:
        bridge = self.bridge
        bridge.opened.connect(self._opened)
        bridge.opened.connect(self._tell_newer)
        bridge.failed.connect(self._failed)
        self._repair = Repair(bridge, self.bench.notice, self)
        self._pause = PauseNotice(
            self.bench.notice, partial(self.show_page, "token"), partial(self.show_page, "settings"), self
        )
        self.keeper = Keeper(bridge, self.bench.notice, self.put, lambda: self.show_page(self.page), self)
        bridge.device_changed.connect(self.bench.show_device)
        bridge.device_gone.connect(self.bench.drop_device)
        bridge.journal_changed.connect(self.watch.read)
        bridge.consent_changed.connect(self.bench.show_consent)
        bridge.loop_failed.connect(self._loop_failed)
        self.watch.changed.connect(self.show_snapshot)
        self.watch.failed.connect(self.bench.notice.tell_error)
        self.rail.chosen.connect(self.show_page)
        self.bar.chosen.connect(self.choose_workflow)
        self.bar.link_pressed.connect(self._show_waiting)
        self.bench.log_opened.connect(self.show_log)
        self.bench.workflow_wanted.connect(self.choose_workflow)
        self.bench.scans.voucher_wanted.connect(self._vouch)
        self.scans.heard.connect(self.door.active)
        self.scans.badge.connect(self._badge)
        self.scans.ordered.connect(self._order)
        self.scans.unplaced.connect(self.scan_at_bench)
        for keys, call in (
            ("Ctrl+Return", self.send),
            ("Ctrl+Enter", self.send),
            ("F6", self._consent),
            ("F9", lambda: self.show_page("log")),
            ("Esc", self._back),
            (PALETTE_KEYS, self.open_palette),
            (HELP_KEYS, self.switch_help),
            (SOUND_KEYS, self.switch_sound),
        ):
            # Of the work, not of the window: nothing can be sent behind the lock.
            shortcut = QShortcut(QKeySequence(keys), self._work, call)
            # A key held down would send one device after the other.
            shortcut.setAutoRepeat(False)
        for place in range(9):
            QShortcut(QKeySequence(f"Ctrl+{place + 1}"), self._work, partial(self.choose_device, place))
        self.rail.lock_pressed.connect(self.door.lock)
        self.door.came.connect(self._came)
        self.door.named.connect(self.rail.say_who)

    # The station

    @property
    def station(self) -> Workstation | None:
        """The station, once it is open."""
        return self._station

    def _opened(self, station: Workstation) -> None:
        self._station = station
        if station.training:
            self._banner.show(True)
            self.setWindowTitle(self.tr("Gate Station - training"))
        self.bench.attach(station)
        self.bench.notice.hide()
        self.watch.read()
        self._ask_token()
        self._follow_settings(station)
        if self._wanted != self.page:
            self.show_page(self._wanted)

    def _tell_newer(self, station: Workstation) -> None:
        from ui.updates import tell_newer

        tell_newer(station, self.bench.notice, self)

    def _follow_settings(self, station: Workstation) -> None:
        self.door.attach(station.shift, station.settings)
        self.attention.sound = station.settings.text("sounds") == "on"
        if (language := station.settings.text("language")) != self._language:
            self._language = language
            self.language_changed.emit(language)

    def take_over(self, other: MainWindow) -> None:
        """Stand where another window stood, with its work: a change of language makes every text anew."""
        self.setGeometry(other.geometry())
        if other.station is not None:
            self._opened(other.station)
            self.rail.say_who(other.station.shift.name)
        self.bench.take_over(other.bench)
        if other.batch is not None:
            self._page("batch")
            if self.batch is not None:
                self.batch.take_over(other.batch)
        if other.known:
            self.show_snapshot(other.snapshot)
        self.show_page(other.page)
        if other.setup is not None and self.setup is not None:
            self.setup.show_step(other.setup.step)

    def set_personal(self, key: str, value: str) -> None:
        """Change a setting that everyone may, at once."""
        if (station := self._station) is not None:
            run(
                lambda: station.change_settings({key: value}),
                lambda _: self._personal_set(),
                self.bench.notice.tell_error,
                self,
            )

    def _personal_set(self) -> None:
        if self._station is not None:
            self._follow_settings(self._station)
            theme().set_appearance(self._station.settings.text("appearance"))

    def switch_sound(self) -> None:
        self.set_personal("sounds", "off" if self.attention.sound else "on")

    @property
    def attention(self) -> Attention:
        """What gives the signals; made once there is a station to tell of."""
        if self._attention is None:
            from ui.attention.attention import Attention

            self._attention = Attention(self)
            self.bridge.device_changed.connect(self._attention.device_changed)
            self.bridge.device_gone.connect(self._attention.device_gone)
            self.watch.changed.connect(self._attention.journal_changed)
        return self._attention

    @property
    def help(self) -> HelpPanel:
        """The sheet that F1 opens; made then."""
        if self._help is None:
            from ui.help.panel import HelpPanel

            self._help = HelpPanel()
            self._help.closed.connect(self.switch_help)
            # A page without words of its own has those of the one it is reached from.
            self._help.show_page(WITHIN.get(self.page, self.page))
            self._beside.take(self._help)
        return self._help

    def switch_help(self) -> None:
        """Open the help beside the page in front, or close it."""
        self.help.show_page(self.page)
        self._beside.show_help(shown=self.help.isHidden())

    def open_palette(self) -> None:
        self.palette_box.open()

    @property
    def palette_box(self) -> Palette:
        """The list of commands; made when it is first opened."""
        if self._palette is None:
            from ui.commands import commands
            from ui.palette.palette import Palette

            self._palette = Palette(self._work, partial(commands, self), self._search_log)
            # Below the bar, where it opens.
            QWidget.setTabOrder(self.bar.link, self._palette.line)
        return self._palette

    def _search_log(self, text: str) -> None:
        self.show_page("log")
        if self.log is not None:
            self.log.bar.search.setText(text)

    def _came(self, name: str) -> None:
        """Somebody signed in, or nobody has to; what the one before lent or looked at is over."""
        self.rail.say_who(name)
        self.show_page("bench")

    def _failed(self, trouble: WorkstationError) -> None:
        if trouble.code == DAMAGED:
            self._repair.offer()
        elif not self.keeper.answers(trouble):
            self.bench.notice.tell_error(trouble, self.tr("Try again"), self.bridge.start)

    def _loop_failed(self, event: LoopFailed) -> None:
        self.bench.notice.tell(Tone.WARN, spoken(event.summary), spoken(event.remedy))

    def _journal(self) -> Journal:
        if self._station is None:
            raise LookupError("the journal is read only once the station is open")
        return self._station.journal

    def _ask_token(self) -> None:
        """Whether there is a token, once after opening and after each change; the keyring may ask for a password."""
        if station := self._station:
            run(station.token_state, self._token_known, self.bench.notice.tell_error, self)

    def _token_known(self, state: TokenState) -> None:
        from app.credentials.store import Presence

        words = {
            Presence.MISSING: self.tr("No token yet"),
            Presence.LOCKED: self.tr("Keyring is locked"),
            Presence.UNAVAILABLE: self.tr("No keyring"),
        }
        self._token_trouble = words.get(state.presence, "")
        self.bar.link.say(link_headline(self.snapshot, self._token_trouble))

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show what the journal says: the strip, today, and just now."""
        self.snapshot, self.known = snapshot, True
        self.bar.link.say(link_headline(snapshot, self._token_trouble))
        self._pause.show(snapshot.link.pause)
        self.bench.show_snapshot(snapshot)
        self.door.say_waiting(snapshot.unsent)
        if self.log is not None:
            self.log.refresh()

    # Pages

    def show_page(self, name: str) -> None:
        """`bench`, or one of `ui/pages.py`; one that takes a station, once it is there."""
        self._wanted = name
        if self.page == "setup" != name and self.setup is not None:
            self.setup.put_off(self.bench.notice.tell_error)
        page = self.door.guard(RIGHTS.get(name), lambda: self.show_page(name)) or self._page(name) or self.bench
        if self._pages.indexOf(page) < 0:
            self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)
        if page.focusProxy() is not None:
            page.setFocus()
        self.page = "bench" if page is self.bench else name
        self.rail.mark(WITHIN.get(self.page, self.page))
        if self._help is not None:
            self._help.show_page(self.page)
        # A job is being done on the bench only.
        self.bar.mark(self.bench.workflow if page is self.bench else None)

    def put(self, panel: QWidget) -> None:
        """Show a panel that is there until it has been answered, in place of the pages."""
        self._pages.addWidget(panel)
        self._pages.setCurrentWidget(panel)
        panel.setFocus()

    def add_page(self, name: str, page: QWidget) -> None:
        """Take in a page, made at its first visit: the bench is there sooner."""
        self._by_name[name] = page
        self._pages.addWidget(page)

    def _page(self, name: str) -> QWidget | None:
        if (page := self._by_name.get(name)) is None and (page := make_page(self, name)) is not None:
            self.add_page(name, page)
        return page

    def _at_bench(self, call: Callable[[], None]) -> None:
        self.show_page("bench")
        call()
        self.bar.mark(self.bench.workflow)

    def take_to_bench(self, draft: Draft, key: str | None) -> None:
        self._at_bench(lambda: self.bench.take(draft, key))

    def begin_setup(self) -> None:
        """Ask what the station needs to be told; what is asked about the journal's key goes first."""
        if self.keeper.panel is None:
            self.show_page("setup")
        else:
            self.page = "setup"

    def show_receipt(self, id: str) -> None:
        """The receipt of a submission, and its label."""
        self.show_page("receipt")
        if self.receipt is not None:
            self.receipt.show_id(id)

    def token_changed(self) -> None:
        self._ask_token()
        self.watch.read()

    def resumed(self) -> None:
        """A new token is kept: back to the work as it was left."""
        self.show_page("bench")
        self.bench.notice.tell(Tone.OK, self.tr("The new token is kept. Sending goes on."))

    def settings_saved(self) -> None:
        if self._station is not None:
            self.bench.show_settings(self._station.settings)
            self._follow_settings(self._station)
            self.scans.show_settings(self._station.settings)
        self._ask_token()

    def show_log(self, id: str) -> None:
        """The log, with one submission beside it; "" for the log alone."""
        self.show_page("log")
        if self.log is not None and id:
            self.log.show_entry(id)

    def _show_waiting(self) -> None:
        """The log, filtered by what the strip tells of."""
        self.show_page("log")
        if self.log is not None:
            self.log.show_result(needs_you=self.snapshot.link.pause is not None, waiting=self.snapshot.waiting > 0)

    def correct(self, entry: Entry) -> None:
        self._at_bench(lambda: self.bench.correct(entry))

    def update_instead(self, entry: Entry, draft: Draft) -> None:
        self._at_bench(lambda: self.bench.update_instead(entry, draft))

    def choose_workflow(self, workflow: Workflow) -> None:
        self._at_bench(lambda: self.bench.choose_workflow(workflow))

    def choose_device(self, place: int) -> None:
        self.show_page("bench")
        self.bench.choose_nth(place)

    def _consent(self) -> None:
        if self._pages.currentWidget() is self.bench:
            self.bench.consent()

    def _vouch(self, call: Callable[[str], None]) -> None:
        """Have somebody vouch for a value: who is signed in, or who enters a PIN for it here."""
        if (station := self._station) is None:
            return

        def granted() -> None:
            by = station.shift.voucher()
            self.show_page("bench")
            call(by)

        if (gate := self.door.guard(Right.OVERRIDE, granted)) is None:
            granted()
        else:
            self.put(gate)

    def _badge(self, code: str) -> None:
        if not self.door.badge(code) and not self.door.locked:
            self.bench.notice.tell(
                Tone.WARN, self.tr("Nobody here has this badge."), self.tr("Sign in with your name, or have one made.")
            )

    def _order(self, name: str) -> None:
        """Do what a command barcode says: what it means on the page in sight, else at the bench."""
        if order := orders_of(self._pages.currentWidget()).get(name):
            order()
        elif name == "cancel":
            self._back()
        elif name in COMMAND_PAGES:
            self.show_page(name)
        elif order := self.bench.orders().get(name):
            self.show_page("bench")
            order()
        else:
            self.bar.choose(name)

    def scan_at_bench(self, meaning: Meaning) -> None:
        """A scan on a page that has no use for it: it is the beginning of work."""
        self.show_page("bench")
        self.bench.take_scan(meaning)

    def send(self) -> None:
        # What was typed last may still be held as the beginning of a scan.
        self.scans.scanner.give_back()
        if self._pages.currentWidget() is self.bench:
            self.bench.send()
        elif self.batch is not None and self._pages.currentWidget() is self.batch:
            self.batch.send()

    def _back(self) -> None:
        if self._pages.currentWidget() is self.bench:
            self.bench.keyboard_back()
        else:
            self.show_page("bench")

    # The window itself

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = event.size().width() < NARROW
        self.rail.set_narrow(narrow=narrow)
        self.bar.set_narrow(narrow=narrow)
        self._beside.place(over=narrow)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        """Close: what is queued is on disk, and the loops get a deadline. Where something waits, the first wish to
        close is answered with a notice that says so; the second closes, and so does Enter. The lock and the page of
        what is not sent have said so already."""
        unsent = self.snapshot.unsent
        told = self._closing or self.door.locked or self.page == "unsent"
        told = told or self.bench.notice.summary() == kept_words(unsent)
        if unsent and not told and not _session_ends():
            event.ignore()
            self._say_kept(unsent)
            return
        if self._geometry is not None:
            self._geometry.setValue("window/geometry", self.saveGeometry())
            self._geometry.sync()
        self.hide()
        self.bridge.stop()
        super().closeEvent(event)

    def _say_kept(self, unsent: int) -> None:
        self.show_page("bench")
        if self.snapshot.held:
            rest = self.tr("Nothing is sent until the token or the address is mended.")
        elif unsent == 1:
            rest = self.tr("It goes out at the next start.")
        else:
            rest = self.tr("They go out at the next start.")
        self.bench.notice.ask(Tone.WAIT, kept_words(unsent), rest, self.tr("Close"), self._close)
        self.bench.notice.offer_also(self.tr("See what is not sent"), partial(self.show_page, "unsent"))

    def _close(self) -> None:
        self._closing = True
        self.close()


def _session_ends() -> bool:
    """Whether the operator is signing out: nothing may hold that up."""
    app = QGuiApplication.instance()
    return isinstance(app, QGuiApplication) and app.isSavingSession()
