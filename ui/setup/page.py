"""The page of the first start: one card at a time, each of which can be left for later."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QWidget
from typing_extensions import override

from app.assembly import Workstation
from app.errors import WorkstationError
from app.work.first_run import KEYS, Step, steps
from ui.background import run
from ui.doctor.examination import Begun, Examination
from ui.fonts import Type
from ui.kit.buttons import Button, MainButton
from ui.kit.card import Card
from ui.kit.style import REST, column, row
from ui.kit.text import Text
from ui.notices import Notice
from ui.operators.card import OperatorsCard
from ui.orders import Order, answers, orders_of, pressing
from ui.settings.token import TokenCard
from ui.setup.steps import ConsentStep, DoctorStep, SettingsStep, TrainingStep
from ui.setup.training import start_training

WIDTH, HEIGHT = 760, 600
"""How far the page grows, in pixels at 100 %: the way on stays near what is asked."""
EDGE = 16


class SetupPage(QWidget):
    """`saved` follows each change in force, also of the token; `people_changed` each of the operators; `left`: it is
    done, or put off."""

    saved = Signal()
    people_changed = Signal()
    left = Signal()

    def __init__(self, station: Workstation, begin: Callable[[], Begun], parent: QWidget | None = None) -> None:
        """`begin` starts the doctor's examination; it runs on a thread."""
        super().__init__(parent)
        self._station, self._saving, self._kept = station, False, False
        self._begin = begin
        self.steps = steps(station.settings, training=station.training)
        self.cards = [self._card(step) for step in self.steps]
        self.notice = Notice()
        self._place = Text("", Type.BODY, "muted")
        self._stack = QStackedWidget()
        for card in self.cards:
            self._stack.addWidget(_sheet(card))
        self.back = Button(self.tr("Back"), "quiet")
        self.back.clicked.connect(self._go_back)
        self.later = Button(self.tr("Leave this for later"))
        self.later.clicked.connect(self._skip)
        self.next = MainButton()
        self.next.clicked.connect(self.go_on)
        off = Button(self.tr("Set the station up later"), "link")
        off.clicked.connect(self._leave)
        inner = QWidget()
        inner.setMaximumSize(WIDTH, HEIGHT)
        inner.setLayout(
            column(
                row(Text(self.tr("Set up this station"), Type.TITLE), REST, off),
                self._place,
                self.notice,
                self._stack,
                row(self.back, REST, self.later, self.next),
                gap=12,
            )
        )
        across = row(inner, REST)
        across.setStretch(0, WIDTH)
        box = column(across, REST, edge=(EDGE, 12, EDGE, EDGE))
        box.setStretch(0, HEIGHT)
        self.setLayout(box)
        self._show()

    # The cards

    def _card(self, step: Step) -> Card:
        made: Card
        if step is Step.LANGUAGE:
            sentence = self.tr("It can be changed at any time, while you work.")
            made = self._rows(step, SettingsStep, self.tr("Language"), "monitor", sentence)
        elif step is Step.GATE:
            sentence = self.tr("Whoever runs the gate gives you its address. Nothing is sent yet.")
            made = self._rows(step, SettingsStep, self.tr("Gate"), "server", sentence)
        elif step is Step.TOKEN:
            made = TokenCard(self._station, brief=True)
            made.changed.connect(self.saved)
            made.kept.connect(self._focus_next)
        elif step is Step.CONSENT:
            sentence = self.tr(
                "Who is asked before the numbers of a device and its SIM are read. Whoever is responsible for privacy"
                " here decides it."
            )
            made = self._rows(step, ConsentStep, self.tr("Consent"), "shield-check", sentence)
        elif step is Step.PEOPLE:
            made = OperatorsCard(self._station.shift)
            made.changed.connect(self.people_changed)
        elif step is Step.DOCTOR:
            sentence = self.tr("What this station stands on. Nothing is changed by looking.")
            made = DoctorStep(self.tr("Doctor"), "stethoscope", sentence, Examination(self._begin, self))
        else:
            sentence = self.tr(
                "Before the first customer: simulated devices and a gate on this computer, with nothing real to touch."
                " The training has a window of its own."
            )
            made = TrainingStep(self.tr("A training round"), "graduation-cap", sentence)
            made.wanted.connect(partial(self._train, made))
        return made

    def _rows(self, step: Step, kind: type[SettingsStep], title: str, icon: str, sentence: str) -> SettingsStep:
        made = kind(title, icon, sentence, KEYS[step], self._station.settings)
        made.edited.connect(self._show_buttons)
        made.entered.connect(self.go_on)
        return made

    # Going through them

    @property
    def step(self) -> Step:
        return self.steps[self._stack.currentIndex()]

    @property
    def card(self) -> Card:
        return self.cards[self._stack.currentIndex()]

    @property
    def _last(self) -> bool:
        return self._stack.currentIndex() == len(self.cards) - 1

    def orders(self) -> Mapping[str, Order]:
        """What command barcodes do here: what they mean on the card, both SUBMIT and NEXT go on, BACK one step back."""
        on = pressing(self.next)
        return {"submit": on, **answers(()), **orders_of(self.card), "next": on, "back": pressing(self.back)}

    def show_step(self, step: Step) -> None:
        """Go to a step, or to the next one that is asked here."""
        order = list(Step)
        places = [place for place, each in enumerate(self.steps) if order.index(each) >= order.index(step)]
        self._stack.setCurrentIndex(places[0])
        self._show()

    def go_on(self) -> None:
        """Save what this step was told, then go to the next; a problem stops at its row."""
        card = self.card
        if not isinstance(card, SettingsStep) or not card.changes:
            self._forward()
        elif not self._saving and not card.go_to_problem():
            self._saving = True
            changes, station = dict(card.changes), self._station
            run(lambda: station.change_settings(changes), lambda _: self._saved(card), self._failed, self)

    def _saved(self, card: SettingsStep) -> None:
        self._saving = False
        card.saved(self._station.settings)
        # First: with another language another page takes the place of this one, at the same step.
        self._forward()
        self.saved.emit()

    def _failed(self, trouble: WorkstationError) -> None:
        self._saving = False
        self.notice.tell_error(trouble)

    def _skip(self) -> None:
        if isinstance(card := self.card, SettingsStep):
            card.discard()
        self._forward()

    def _forward(self) -> None:
        if self._last:
            self._leave()
        else:
            self._stack.setCurrentIndex(self._stack.currentIndex() + 1)
            self._show()

    def _go_back(self) -> None:
        self._stack.setCurrentIndex(self._stack.currentIndex() - 1)
        self._show()

    def _leave(self) -> None:
        """Keep that it was shown, and go."""
        self._keep(self.left.emit, self._failed)

    def put_off(self, failed: Callable[[WorkstationError], None]) -> None:
        """It was left by another way than its own: keep that it was shown, so that no later start asks again."""
        if not self._kept:
            self._keep(lambda: None, failed)

    def _keep(self, then: Callable[[], object], failed: Callable[[WorkstationError], None]) -> None:
        def kept(_: None) -> None:
            self._kept = True
            then()

        station = self._station
        run(lambda: station.change_settings({}), kept, failed, self)

    def _train(self, card: TrainingStep) -> None:
        self.notice.hide()
        try:
            start_training(self._station.paths)
        except WorkstationError as trouble:
            self.notice.tell_error(trouble)
        else:
            card.say_started()

    def _show(self) -> None:
        self.notice.hide()
        index = self._stack.currentIndex()
        self._place.setText(self.tr("Step {n} of {count}").format(n=index + 1, count=len(self.cards)))
        self.back.setVisible(index > 0)
        self.later.setVisible(not self._last)
        self._show_buttons()
        card = self.card
        if isinstance(card, (TokenCard, OperatorsCard)):
            card.refresh()
        if self.isVisible():
            self._focus()

    def _show_buttons(self) -> None:
        card = self.card
        changed = isinstance(card, SettingsStep) and bool(card.changes)
        words = self.tr("Save and go on") if changed else self.tr("Go on")
        self.next.say(self.tr("Begin to work") if self._last else words)

    def _focus(self) -> None:
        """To what is asked, else to the way on."""
        (self.card if self.card.focusProxy() is not None else self.next).setFocus()

    def _focus_next(self) -> None:
        self.next.setFocus()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._focus()


def _sheet(card: Card) -> QScrollArea:
    sheet = QWidget()
    sheet.setProperty("ground", "none")
    sheet.setLayout(column(card, REST))
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(sheet)
    return scroll
