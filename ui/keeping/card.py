"""The card of the settings page that tells how the journal is kept."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, Signal

from app.assembly import Workstation
from app.errors import WorkstationError
from app.work.keeping import Code, Standing, Way
from ui.background import run
from ui.fonts import Type
from ui.kit.buttons import Button
from ui.kit.card import Card
from ui.kit.chip import Chip
from ui.kit.style import REST, column, row
from ui.kit.text import Text
from ui.language.speaking import spoken
from ui.theme import Tone

WAYS = {
    Way.PLAIN: str(QT_TRANSLATE_NOOP("KeepingCard", "The journal is not encrypted.")),
    Way.KEYRING: str(QT_TRANSLATE_NOOP("KeepingCard", "The journal is encrypted; its key is in the keyring.")),
    Way.PASSPHRASE: str(
        QT_TRANSLATE_NOOP("KeepingCard", "The journal is encrypted; its passphrase is asked for at each start.")
    ),
    Way.SESSION: str(
        QT_TRANSLATE_NOOP("KeepingCard", "The journal is encrypted; its key is held until the window is closed.")
    ),
}
CODES = {
    Code.NONE: str(QT_TRANSLATE_NOOP("KeepingCard", "There is no recovery code yet.")),
    Code.UNCONFIRMED: str(QT_TRANSLATE_NOOP("KeepingCard", "Nobody has written the recovery code down yet.")),
    Code.KEPT: str(QT_TRANSLATE_NOOP("KeepingCard", "The recovery code was shown once.")),
}


class KeepingCard(Card):
    """`code_wanted`: a new recovery code. `choice_wanted`: another way to keep it."""

    code_wanted = Signal()
    choice_wanted = Signal()

    def __init__(self, workstation: Workstation) -> None:
        self._chip = Chip()
        super().__init__("", "lock", self._chip)
        self.heading.setText(self.tr("Journal"))
        self._workstation = workstation
        self._state = Text("", Type.BODY, "muted", wrap=True)
        self._code = Button(self.tr("New recovery code"), icon_name="key-round")
        self._code.clicked.connect(self.code_wanted)
        self._encrypt = Button(self.tr("Encrypt the journal"), icon_name="lock")
        self._encrypt.clicked.connect(self.choice_wanted)
        self.body.addLayout(column(self._state, row(self._code, self._encrypt, REST), gap=12))
        self._code.hide()
        self._encrypt.hide()

    def refresh(self) -> None:
        """Look how it is kept."""
        run(self._workstation.encryption.standing, self.show_standing, self._cannot_look, self)

    def show_standing(self, standing: Standing) -> None:
        said = [self.tr(WAYS[standing.way])] if standing.way in WAYS else []
        if standing.encrypted:
            said.append(self.tr(CODES[standing.code]))
            kept = standing.code is Code.KEPT
            self._chip.say(self.tr("Encrypted"), "lock", Tone.OK if kept else Tone.WARN)
        else:
            self._chip.say(self.tr("Not encrypted"), "triangle-alert", Tone.WARN)
        self._state.setText(" ".join([*said, spoken(standing.trouble)]).strip())
        self._code.setVisible(standing.encrypted)
        self._encrypt.setVisible(standing.way in {Way.PLAIN, Way.SESSION})

    def _cannot_look(self, error: WorkstationError) -> None:
        self._state.setText(spoken(str(error)))
