"""Which panel about the journal's key is shown, and what follows from what was entered."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.errors import WorkstationError
from app.masked import Secret
from ui.background import run
from ui.bridge import Bridge
from ui.language.speaking import spoken
from ui.notices import Notice
from ui.theme import Tone

if TYPE_CHECKING:
    from app.assembly import Workstation
    from app.work.keeping import Standing
    from ui.keeping.panels import AskPanel, CodePanel, Panel

P = TypeVar("P", bound="Panel")

LOST = frozenset({"journal.key-missing", "journal.key-out-of-reach"})
WANTED = "journal.passphrase-wanted"
NOT_MADE = frozenset({"journal.no-passphrase", "journal.no-keyring"})
"""Codes of the troubles that are dealt with here."""


class Keeper(QObject):
    """`put(widget)` shows a panel in place of the pages, `leave()` goes back to them."""

    def __init__(
        self, bridge: Bridge, notice: Notice, put: Callable[[QWidget], None], leave: Callable[[], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._bridge, self._notice, self._put, self._away = bridge, notice, put, leave
        self.panel: Panel | None = None
        bridge.opened.connect(self._opened)

    def answers(self, trouble: WorkstationError) -> bool:
        """Whether a panel was shown for why the station did not open."""
        if trouble.code in LOST:
            self.ask_code(trouble)
        elif trouble.code == WANTED:
            self.ask_passphrase()
        elif trouble.code in NOT_MADE:
            self.ask_choice(trouble.summary)
        else:
            return False
        return True

    # The journal does not open

    def ask_code(self, trouble: WorkstationError | None = None) -> AskPanel:
        """The lost key. `trouble` says why the key is not there."""
        from ui.keeping.panels import AskPanel

        why = spoken(trouble.summary) if trouble else self.tr("The passphrase is not known.")
        panel = AskPanel(
            self.tr("The journal is locked, and nothing is lost"),
            self.tr(
                "{why} The recovery code opens the journal and puts its key back. Capitals, spaces and hyphens do not"
                " matter."
            ).format(why=why),
            labels=(self.tr("Recovery code"),),
            action=self.tr("Open the journal"),
            ways=(("again", self.tr("Try the keyring again")),),
            shown=True,
        )
        panel.given.connect(lambda code: self._work(panel, lambda it: it.encryption.recover(code), self._again))
        panel.chosen.connect(lambda _: self._again())
        return self._shown(panel)

    def ask_passphrase(self) -> AskPanel:
        from ui.keeping.panels import AskPanel

        panel = AskPanel(
            self.tr("The journal opens with its passphrase"),
            self.tr("It is asked for at each start. The devices and what was entered wait behind it."),
            labels=(self.tr("Passphrase"),),
            action=self.tr("Open the journal"),
            ways=(("code", self.tr("Use the recovery code")),),
        )
        panel.given.connect(lambda text: self._work(panel, lambda it: it.encryption.unlock(text), self._again))
        panel.chosen.connect(lambda _: self.ask_code())
        return self._shown(panel)

    def _again(self, _: object = None) -> None:
        self._leave()
        self._bridge.start()

    # The journal is open, or can be made

    def _opened(self, station: Workstation) -> None:
        run(station.encryption.standing, self._look, self._notice.tell_error, self)

    def _look(self, standing: Standing) -> None:
        from app.work.keeping import Code, Way

        if standing.unchosen and standing.fresh:
            self.ask_choice(standing.trouble)
        elif standing.unchosen:
            self._notice.offer(
                Tone.WARN,
                self.tr("The journal on this computer is not encrypted."),
                spoken(standing.trouble),
                self.tr("Choose how it is kept"),
                partial(self._ask_choice, standing.trouble),
            )
        elif standing.way is Way.SESSION:
            self.ask_choice(standing.trouble)
        elif standing.encrypted and standing.code is not Code.KEPT:
            self.make_code()

    def ask_choice(self, why: str = "") -> AskPanel:
        """Where no keyring keeps the key: a keyring after all, a passphrase, or a journal in clear."""
        from ui.keeping.panels import AskPanel

        panel = AskPanel(
            self.tr("How is the journal kept on this computer?"),
            self.tr(
                "{why} The journal holds the identifiers and users of your customers. It can be encrypted with a"
                " passphrase that is asked for at each start, or stay readable for everybody who gets at its file."
            )
            .format(why=spoken(why))
            .strip(),
            labels=(self.tr("Passphrase, 12 characters or more"), self.tr("The same again")),
            action=self.tr("Encrypt it with this passphrase"),
            ways=(("keyring", self.tr("Use the keyring")), ("plain", self.tr("Leave it readable"))),
        )
        panel.given.connect(lambda text: self._work(panel, lambda it: it.set_passphrase(text), self._kept))
        panel.chosen.connect(lambda way: self._work(panel, lambda it: it.keep_journal(way), self._kept))
        return self._shown(panel)

    def _kept(self, _: object = None) -> None:
        self._leave()
        if (station := self._bridge.made) is not None:
            run(
                lambda: station.is_open,
                lambda is_open: self._follow(station, is_open=is_open),
                self._notice.tell_error,
                self,
            )

    def _follow(self, station: Workstation, *, is_open: bool) -> None:
        if is_open:
            self._opened(station)
        else:
            self._bridge.start()

    def make_code(self) -> None:
        """Make a recovery code and show it; the one before opens nothing any more."""
        if (station := self._bridge.made) is not None:
            run(station.encryption.new_code, self._show_code, self._notice.tell_error, self)

    def show_code(self, code: Secret) -> CodePanel:
        from ui.keeping.panels import CodePanel

        panel = CodePanel(code)
        panel.written.connect(lambda code: self._work(panel, lambda it: it.encryption.confirm(code), self._written))
        panel.later.connect(self._leave)
        return self._shown(panel)

    def _written(self, _: object = None) -> None:
        self._leave()
        self._notice.tell(Tone.OK, self.tr("The recovery code is written down. It is not shown again."))

    # Below

    def _ask_choice(self, why: str) -> None:
        self.ask_choice(why)

    def _show_code(self, code: Secret) -> None:
        self.show_code(code)

    def _shown(self, panel: P) -> P:
        self._forget()
        self.panel = panel
        self._put(panel)
        return panel

    def _leave(self) -> None:
        self._away()
        self._forget()

    def _forget(self) -> None:
        """A panel goes with what was typed into it, or what it showed."""
        panel, self.panel = self.panel, None
        if panel is not None:
            panel.deleteLater()

    def _work(self, panel: Panel, work: Callable[[Workstation], object], done: Callable[..., None]) -> None:
        if (station := self._bridge.made) is not None:
            run(lambda: work(station), done, panel.tell_error, panel)
