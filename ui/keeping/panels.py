"""The panels about the journal's key: secrets are asked for, and the recovery code is shown once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QTextDocument
from PySide6.QtWidgets import QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from app.credentials.recovery_code import last_group
from app.errors import WorkstationError
from app.masked import Secret
from ui.fonts import Type
from ui.icons import MEDIUM, Icon
from ui.kit.buttons import Button, MainButton
from ui.kit.card import Card
from ui.kit.style import REST, column, row
from ui.kit.text import Text, label_of
from ui.language.speaking import spoken
from ui.orders import Order, answers, pressing
from ui.theme import Role, Tone

WIDTH, FIELD = 600, 400
CODE_GROUPS = 4
"""Groups of the recovery code on a line."""


class Panel(QWidget):
    """A card in the middle of the page: heading, sentence, `content`, and one answer below."""

    def __init__(self, title: str, icon: str, sentence: str) -> None:
        super().__init__()
        self.card = Card(title, icon)
        self.card.setFixedWidth(WIDTH)
        self._answer_icon, self._answer = Icon("info", Role.ACCENT, MEDIUM), Text("", wrap=True)
        answer = row(self._answer_icon, self._answer, gap=8)
        answer.setStretch(1, 1)
        self.content = QVBoxLayout()
        self.content.setSpacing(12)
        self.card.body.setContentsMargins(24, 16, 24, 24)
        self.card.body.addLayout(column(Text(sentence, wrap=True), self.content, answer, gap=14))
        sheet = QWidget()
        sheet.setProperty("ground", "none")
        sheet.setLayout(column(REST, row(REST, self.card, REST), REST, REST, edge=(16, 16, 16, 16)))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(sheet)
        self.setLayout(column(scroll, gap=0))
        self.say("", Tone.NEUTRAL)

    def say(self, sentence: str, tone: Tone) -> None:
        """One sentence below what was asked."""
        icons = {Tone.OK: "circle-check", Tone.WARN: "triangle-alert", Tone.BAD: "circle-x"}
        self._answer.say(sentence)
        self._answer.set_tone("" if tone is Tone.ACCENT else tone)
        self._answer_icon.show_icon(icons.get(tone, "info"), tone.ink)
        self._answer_icon.setVisible(bool(sentence))

    @property
    def answer(self) -> str:
        return self._answer.text()

    def tell_error(self, trouble: WorkstationError) -> None:
        self.say(spoken(str(trouble)), Tone.BAD)


class AskPanel(Panel):
    """Asks for one secret; `labels` of two have it typed twice. `given(Secret)`, `chosen(str)` of the `ways`.

    `ways` are other ways on: their name and their words.
    """

    given = Signal(object)
    chosen = Signal(str)

    def __init__(
        self,
        title: str,
        sentence: str,
        *,
        labels: Sequence[str],
        action: str,
        ways: Sequence[tuple[str, str]],
        shown: bool = False,
    ) -> None:
        super().__init__(title, "lock", sentence)
        self.lines = [self._line(label, shown=shown) for label in labels]
        self.action = MainButton(action)
        self.action.clicked.connect(self._give)
        self.ways = {name: Button(words) for name, words in ways}
        for name, button in self.ways.items():
            button.clicked.connect(lambda _=False, name=name: self.chosen.emit(name))
        self.content.addLayout(column(row(self.action, REST), row(*self.ways.values(), REST)))
        self.setFocusProxy(self.lines[0])

    def orders(self) -> Mapping[str, Order]:
        """What command barcodes do here: the answers are the other ways on."""
        return {"submit": pressing(self.action), **answers(self.ways.values())}

    def _line(self, label: str, *, shown: bool) -> QLineEdit:
        line = QLineEdit()
        line.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        line.setFont((Type.MONO if shown else Type.INPUT).font())
        line.setMinimumWidth(FIELD)
        line.setAccessibleName(label)
        line.returnPressed.connect(self._give)
        self.content.addLayout(column(label_of(label, line), line, gap=4))
        return line

    def _give(self) -> None:
        texts = {line.text() for line in self.lines}
        if len(texts) > 1:
            self.say(self.tr("The two are not the same. Type them again."), Tone.WARN)
        elif texts == {""}:
            self.say(self.tr("Nothing was typed yet."), Tone.WARN)
            self.lines[0].setFocus()
        else:
            self.say(self.tr("One moment"), Tone.ACCENT)
            self.given.emit(Secret(texts.pop()))


class CodePanel(Panel):
    """Shows a recovery code, once. `written(Secret)`: its last group was typed back. `later`: not now."""

    written = Signal(object)
    later = Signal()

    def __init__(self, code: Secret) -> None:
        super().__init__(
            self.tr("Write down the recovery code"),
            "key-round",
            self.tr(
                "The journal on this computer is encrypted; its key is kept by this computer. Should that key be lost,"
                " this code opens the journal. Keep it where the administrator finds it, not at this computer. It is"
                " not shown again."
            ),
        )
        self.code = code
        groups = code.reveal().split("-")
        shown = QLabel("\n".join("  ".join(groups[at : at + CODE_GROUPS]) for at in range(0, len(groups), CODE_GROUPS)))
        font = Type.MONO_STRONG.font()
        font.setPixelSize(Type.VERDICT.font().pixelSize())
        shown.setFont(font)
        shown.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        shown.setAccessibleName(self.tr("Recovery code"))
        shown.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        copy = Button(self.tr("Copy"), icon_name="copy")
        copy.clicked.connect(self._copy)
        printed = Button(self.tr("Print"), icon_name="printer")
        printed.clicked.connect(self._print)
        self.line = QLineEdit()
        self.line.setFont(Type.MONO.font())
        self.line.setFixedWidth(120)
        self.line.setAccessibleName(self.tr("Last group of the code"))
        self.line.returnPressed.connect(self._check)
        words = label_of(self.tr("Type its last group, to be sure that it was written down"), self.line)
        self.action = MainButton(self.tr("I have written it down"))
        self.action.clicked.connect(self._check)
        self.wait = Button(self.tr("Later, a new one at the next start"), "quiet")
        self.wait.clicked.connect(self.later)
        for item in (
            column(4, shown, 4, row(REST, copy, printed, REST), gap=8),
            column(words, row(self.line, REST), gap=4),
            row(self.action, self.wait, REST),
        ):
            self.content.addLayout(item)
        self.setFocusProxy(self.line)

    def orders(self) -> Mapping[str, Order]:
        """What command barcodes do here: NEXT leaves it for later."""
        return {"submit": pressing(self.action), "next": pressing(self.wait), **answers(())}

    def _check(self) -> None:
        if self.line.text().strip().upper() != last_group(self.code).reveal():
            self.say(self.tr("That is not its last group. Compare it with what was written down."), Tone.WARN)
            self.line.selectAll()
            return
        self.written.emit(self.code)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.code.reveal())
        self.say(self.tr("Copied. Put it where it is kept, and copy something else afterwards."), Tone.OK)

    def _print(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._page().print_(printer))
        # Not open(), which this dialog has replaced by one that wants a slot.
        dialog.show()

    def _page(self) -> QTextDocument:
        page = QTextDocument()
        page.setDefaultFont(Type.MONO_STRONG.font())
        page.setPlainText(f"{self.tr('Gate Station: recovery code of the journal')}\n\n{self.code.reveal()}\n")
        return page
