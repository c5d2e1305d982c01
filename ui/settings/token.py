"""The token of the gate: where it is kept, a new one, a test of it, and forgetting it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TypeVar

from msgspec import Struct
from PySide6.QtCore import QT_TRANSLATE_NOOP, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from app.assembly import Workstation
from app.credentials.shape import check_shape
from app.credentials.store import Presence, TokenState
from app.credentials.vault import Where
from app.errors import WorkstationError
from app.gate.errors import Forbidden, TokenRefused
from app.masked import Secret
from ui.background import run
from ui.fonts import Type
from ui.icons import MEDIUM, Icon
from ui.kit.buttons import Button
from ui.kit.card import Card, line
from ui.kit.chip import Chip
from ui.kit.style import REST, column, restyle, row
from ui.kit.text import Text
from ui.language.speaking import spoken
from ui.orders import Order, answers, pressing
from ui.theme import Role, Tone

T = TypeVar("T")


class Standing(Struct, frozen=True):
    """Whether there is a token, and where."""

    state: TokenState
    where: str


class Tested(Struct, frozen=True):
    """What a test came to: whose token it is, or why nobody could say.

    `offered` is a new one that is kept once somebody has said that it is theirs, None where there is nothing to ask.
    """

    organization: str = ""
    trouble: WorkstationError | None = None
    offered: Secret | None = None


CHIPS: Mapping[Presence, tuple[str, str, Tone]] = {
    Presence.STORED: (str(QT_TRANSLATE_NOOP("TokenCard", "In the keyring")), "circle-check", Tone.OK),
    Presence.MISSING: (str(QT_TRANSLATE_NOOP("TokenCard", "No token")), "key-round", Tone.WARN),
    Presence.LOCKED: (str(QT_TRANSLATE_NOOP("TokenCard", "Keyring locked")), "lock", Tone.WARN),
    Presence.UNAVAILABLE: (str(QT_TRANSLATE_NOOP("TokenCard", "No keyring")), "triangle-alert", Tone.WARN),
}
KEYRINGS: Mapping[str, str] = {"win32": "Windows Credential Manager", "darwin": "macOS Keychain"}
LINUX = "Secret Service"
"""What the system itself calls its keyring."""
SESSION_CHIP = (str(QT_TRANSLATE_NOOP("TokenCard", "This session only")), "clock", Tone.WARN)


def test_new(workstation: Workstation, token: Secret) -> Tested:
    """Ask the gate whose token it is. Blocks.

    Nothing is sent with it before somebody has said that it is theirs: what waits would go out under the wrong name.
    Where the gate cannot be asked, nothing can go out either, and it is kept at once. One that the gate refuses never
    takes the place of one that works. Raises what `set_token` raises, TokenRefused, Forbidden.
    """
    check_shape(token)
    try:
        return Tested(workstation.check_token(token).name, offered=token)
    except (TokenRefused, Forbidden):
        raise
    except WorkstationError as trouble:
        workstation.set_token(token)
        return Tested(trouble=trouble)


class TokenCard(Card):
    """The token is never shown, neither typed nor stored; a stored one cannot be read back here.

    `changed` follows each token that was kept or removed, `kept` one that was. `brief` leaves out what is not about a
    new one.
    """

    changed = Signal()
    kept = Signal()

    def __init__(self, workstation: Workstation, *, brief: bool = False) -> None:
        self._chip = Chip()
        super().__init__("", "key-round", self._chip)
        self.heading.setText(self.tr("Token"))
        self._workstation, self._brief = workstation, brief
        self._busy = False
        self._offered: Secret | None = None
        self._state = Text("", Type.BODY, "muted", wrap=True)
        self._entry = QLineEdit()
        self._entry.setEchoMode(QLineEdit.EchoMode.Password)
        self._entry.setFont(Type.INPUT.font())
        self._entry.setPlaceholderText(self.tr("Paste, scan or type the token"))
        self._entry.returnPressed.connect(self._save)
        self._entry.textEdited.connect(self._calm)
        self.setFocusProxy(self._entry)
        label = QLabel(self.tr("New token"))
        label.setFont(Type.BODY_STRONG.font())
        label.setBuddy(self._entry)
        self._entry.setAccessibleName(self.tr("New token"))
        self._save_button = self._button(self.tr("Test and keep"), self._save)
        self._test_button = self._button(self.tr("Test connection"), self._test, icon="wifi")
        self._clear_button = self._button(self.tr("Clear token"), self.ask_clear, icon="trash-2")
        self._answer_icon, self._answer = Icon("info", Role.ACCENT, MEDIUM), Text("", wrap=True)
        self._answers = row(self._answer_icon, self._answer, gap=8)
        self._answers.setStretch(1, 1)
        self._sure = self._question(self.tr("Remove it"), self._clear, self.tr("Keep it"), self._calm)
        self._yours = self._question(self.tr("Yes, keep it"), self._keep, self.tr("No"), self._leave)
        self._line = line()
        entry = row(self._entry, self._save_button)
        entry.setStretch(0, 1)
        self.body.addLayout(
            column(
                self._state,
                column(label, entry, gap=4),
                self._answers,
                self._sure,
                self._yours,
                self._line,
                row(self._test_button, self._clear_button, REST),
                gap=12,
            )
        )
        # Until it is known whether there is one.
        for part in (self._line, self._test_button, self._clear_button):
            part.hide()
        self._say("", Tone.NEUTRAL)

    def _button(self, text: str, action: Callable[[], None], *, icon: str = "") -> Button:
        button = Button(text, icon_name=icon)
        button.clicked.connect(action)
        return button

    def _question(self, yes: str, do: Callable[[], None], no: str, leave: Callable[[], None]) -> QWidget:
        box, first = QWidget(), self._button(yes, do)
        box.setLayout(row(first, self._button(no, leave), REST))
        box.setFocusProxy(first)
        return box

    def orders(self) -> Mapping[str, Order]:
        """What command barcodes do here: SUBMIT tests what was entered, the answers are to what is asked."""
        asked = (*self._sure.findChildren(Button), *self._yours.findChildren(Button))
        return {"submit": pressing(self._save_button), **answers(asked)}

    def refresh(self) -> None:
        """Look up where the token is."""
        workstation = self._workstation
        run(lambda: Standing(workstation.token_state(), workstation.where_token()), self._show, self._cannot_look, self)

    def _show(self, standing: Standing) -> None:
        presence = standing.state.presence
        session = presence is Presence.STORED and standing.where == Where.SESSION
        word, icon, tone = SESSION_CHIP if session else CHIPS[presence]
        self._chip.say(self.tr(word), icon, tone)
        # The remedy for a missing token is to come here.
        remedy = "" if presence is Presence.MISSING else standing.state.remedy
        said = spoken(f"{standing.state.summary} {remedy}".strip())
        if presence is Presence.MISSING and self._brief:
            said = f"{said} {self._will_be_kept(standing.where)}"
        self._state.setText(said)
        there = presence is not Presence.MISSING and not self._brief
        self._line.setVisible(there)
        self._clear_button.setVisible(there)
        self._test_button.setVisible(there and presence is Presence.STORED)

    def _will_be_kept(self, where: str) -> str:
        if where == Where.SESSION:
            return self.tr("A new one is kept until the program closes.")
        return self.tr("A new one is kept in the keyring: {name}.").format(name=KEYRINGS.get(sys.platform, LINUX))

    def _cannot_look(self, error: WorkstationError) -> None:
        self._state.setText(spoken(str(error)))

    def _do(self, sentence: str, work: Callable[[], T], done: Callable[[T], None]) -> None:
        """One thing at a time: what is pressed while another runs is left out."""
        if self._busy:
            return
        self._busy = True
        self._say(sentence, Tone.ACCENT, "loader")

        def finish(result: T) -> None:
            self._busy = False
            done(result)
            self.refresh()

        run(work, finish, self._fail, self)

    def _fail(self, error: WorkstationError) -> None:
        self._busy = False
        self._say(spoken(str(error)), Tone.BAD)
        restyle(self._entry, "problem", "bad" if self._entry.text() else "")
        self.refresh()

    def _save(self) -> None:
        token, workstation = Secret(self._entry.text().strip()), self._workstation
        if not token:
            self._say(self.tr("There is no new token to save. Paste one first."), Tone.WARN)
            self._entry.setFocus()
            return
        self._do(self.tr("Asking the gate whose token this is"), lambda: test_new(workstation, token), self.show_tested)

    def _test(self) -> None:
        workstation = self._workstation
        self._do(
            self.tr("Asking the gate"),
            lambda: Tested(workstation.check_token().name),
            self.show_tested,
        )

    def show_tested(self, tested: Tested) -> None:
        """Say what a test came to; a new token waits for the word that it is theirs."""
        if tested.trouble is not None:
            self._take_over()
            self._say(
                self.tr("The token is kept, but could not be tested. {reason}").format(
                    reason=spoken(str(tested.trouble))
                ),
                Tone.WARN,
            )
            return
        whose = self.tr("This token belongs to “{name}”.").format(name=tested.organization)
        ask = self.tr("Is this yours?") if tested.offered else self.tr("The connection works.")
        self._say(f"{whose} {ask}", Tone.OK)
        if tested.offered:
            self._offered = tested.offered
            self._yours.show()
            self._yours.setFocus()

    def _keep(self) -> None:
        if (token := self._offered) is not None:
            workstation = self._workstation
            self._do(self.tr("Keeping the token"), lambda: workstation.set_token(token), self._kept)

    def _kept(self, _: Where) -> None:
        self._take_over()
        self._say(self.tr("The token is kept. What waits is sent with it."), Tone.OK)
        self.kept.emit()

    def _take_over(self) -> None:
        """The new token is kept, and nowhere in the window any more."""
        self._entry.clear()
        self.changed.emit()

    def _leave(self) -> None:
        """It is somebody else's: the one before stays."""
        self.forget()
        self._say(self.tr("It is not kept. Enter another one."), Tone.WARN)
        self._entry.setFocus()

    def forget(self) -> None:
        """Keep nothing of what was entered or said."""
        self._entry.clear()
        self._calm()

    def ask_clear(self) -> None:
        """Ask below the entry whether the token is to go."""
        if not self._busy:
            self._say(
                self.tr("Remove the token from this computer? What is waiting stays here until there is a new one."),
                Tone.WARN,
            )
            self._sure.show()

    def _clear(self) -> None:
        self._do(self.tr("Removing the token"), self._workstation.clear_token, self._cleared)

    def _cleared(self, _: None) -> None:
        self.changed.emit()
        self._say(self.tr("The token is removed. Nothing is sent until there is a new one."), Tone.WARN)

    def _calm(self) -> None:
        self._say("", Tone.NEUTRAL)

    def _say(self, sentence: str, tone: Tone, icon: str = "") -> None:
        """Show one sentence below the entry, in place of the one before it and of its question."""
        icons = {Tone.OK: "circle-check", Tone.WARN: "triangle-alert", Tone.BAD: "circle-x"}
        self._answer.say(sentence)
        self._answer.set_tone("" if tone is Tone.ACCENT else tone)
        self._answer_icon.show_icon(icon or icons.get(tone, "info"), tone.ink)
        self._answer_icon.setVisible(bool(sentence))
        self._sure.hide()
        self._yours.hide()
        self._offered = None
        restyle(self._entry, "problem", "")
