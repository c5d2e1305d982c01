"""The first start in every step, for pictures."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from app.masked import Secret
from app.work.first_run import Step
from ui.doctor.examination import Begun
from ui.doctor.scenes import BAD, GOOD
from ui.doctor.words import TITLES
from ui.main_window import MainWindow
from ui.operators.card import OperatorsCard
from ui.screens import LARGE, SMALL, USUAL, Act, Scene, settle
from ui.settings.token import Tested, TokenCard
from ui.setup.page import SetupPage
from ui.setup.steps import SettingsStep
from ui.theme import CONTRAST, DARK, LIGHT


def scenes() -> list[Scene]:
    """All scenes of the page."""
    return [
        Scene("setup-language", act=_at(Step.LANGUAGE), sizes=(SMALL, USUAL, LARGE), schemes=(LIGHT, DARK, CONTRAST)),
        Scene("setup-token", act=_at(Step.TOKEN), sizes=(USUAL,)),
        Scene("setup-token-yours", act=_at(Step.TOKEN, _whose), sizes=(SMALL, USUAL)),
        Scene("setup-consent", act=_at(Step.CONSENT, _per_device), sizes=(SMALL, USUAL)),
        Scene("setup-people", act=_at(Step.PEOPLE, _add), sizes=(SMALL, USUAL)),
        Scene("setup-doctor", act=_at(Step.DOCTOR), sizes=(SMALL, USUAL)),
        Scene("setup-training", act=_at(Step.TRAINING), sizes=(USUAL,)),
    ]


def _at(step: Step, then: Callable[[SetupPage], None] | None = None) -> Act:
    return partial(_show, step, then)


def _show(step: Step, then: Callable[[SetupPage], None] | None, window: MainWindow) -> None:
    if window.station is not None:
        page = SetupPage(window.station, lambda: Begun(tuple(TITLES), iter((*BAD, *GOOD[len(BAD) :]))))
        window.add_page("setup", page)
        window.show_page("setup")
        page.show_step(step)
        settle()
        if then:
            then(page)


def _whose(page: SetupPage) -> None:
    if isinstance(page.card, TokenCard):
        page.card.show_tested(Tested("Librería del Centro S.A. de C.V.", offered=Secret("a-token-for-pictures")))


def _per_device(page: SetupPage) -> None:
    if isinstance(page.card, SettingsStep):
        page.card.rows["consent"].input.write("per-device")


def _add(page: SetupPage) -> None:
    if isinstance(page.card, OperatorsCard):
        page.card.add()
