"""The bench after a scan, for pictures: label and device agree, differ, and what can be two things."""

from __future__ import annotations

from functools import partial

from app.provisioning.workflows import ROWS as WORKFLOWS
from ui.journal.examples import EXAMPLES
from ui.main_window import MainWindow
from ui.sample_devices import MODEM, READING, TROUBLED, other_sim
from ui.screens import BEFORE, LARGE, SMALL, USUAL, Act, Scene, settle
from ui.theme import CONTRAST, DARK, LIGHT

LABEL, SECOND, OTHER = "356938035643809", "490154203237518", "351234091234567"
NEW_SIM = "8949020000012345678"


def scenes() -> list[Scene]:
    """What a scan does on the bench."""
    bench = (MODEM, READING, *TROUBLED)
    matched = f"IMEI1: {LABEL} IMEI2: {SECOND}"
    return [
        Scene("scan-matched", EXAMPLES[:3], bench, _scanned(matched), (USUAL, LARGE), (LIGHT, DARK)),
        Scene("scan-mismatch", EXAMPLES[:3], bench, _scanned(SECOND), (SMALL, USUAL, LARGE), (LIGHT, DARK, CONTRAST)),
        Scene("scan-override", EXAMPLES[:3], bench, _scanned(SECOND, 2), (SMALL, USUAL), (LIGHT, DARK)),
        Scene("scan-overridden", EXAMPLES[:3], bench, _scanned(SECOND, 2, 0), (USUAL,), (LIGHT,)),
        Scene("scan-ambiguous", EXAMPLES[:3], (READING,), _scanned("334020123456787"), (SMALL, USUAL), (LIGHT, DARK)),
        Scene("scan-not-whole", EXAMPLES[:3], (), _scanned("3569380356438091"), (USUAL,), (LIGHT,)),
        Scene("scan-text", EXAMPLES[:3], bench, _scanned("CRM-20418"), (USUAL,), (LIGHT, DARK)),
        Scene("scan-new-sim", (BEFORE, *EXAMPLES[:3]), (MODEM,), _new_sim, (USUAL,), (LIGHT,)),
        Scene("scan-sim-matched", (BEFORE, *EXAMPLES[:3]), (other_sim(),), _same_sim, (USUAL,), (LIGHT,)),
        Scene("scan-cancelled", EXAMPLES[:3], bench, _cancelled, (USUAL,), (LIGHT,)),
        Scene("upgrade-user", (BEFORE, *EXAMPLES[:3]), (), _found("new-device-upgrade"), (USUAL, LARGE)),
        Scene("plan-found", (BEFORE, *EXAMPLES[:3]), (), _found("plan-change"), (USUAL, LARGE)),
        Scene("password-scanned", (BEFORE, *EXAMPLES[:3]), (), _password, (USUAL,)),
    ]


def _scanned(text: str, *answers: int) -> Act:
    def act(window: MainWindow) -> None:
        window.bench.form.focus_first_empty()
        window.scans.take(text)
        for answer in answers:
            window.bench.question.answer(answer)

    return act


def _sim(scan: str, window: MainWindow) -> None:
    window.bar.chosen.emit(WORKFLOWS["sim-replacement"])
    settle(lambda: bool(window.bench.recall.known))
    window.scans.take(scan)


_new_sim = partial(_sim, NEW_SIM)


def _same_sim(window: MainWindow) -> None:
    _sim(window.bench.desk.draft.text("iccid"), window)


def _found(workflow: str) -> Act:
    """The user's record was found by the SIM it had."""

    def act(window: MainWindow) -> None:
        window.bar.choose(workflow)
        window.scans.take(BEFORE.extra["iccid"])
        settle(lambda: bool(window.bench.recall.known))

    return act


def _password(window: MainWindow) -> None:
    _found("credential-update")(window)
    window.scans.take("four words that rhyme")


def _cancelled(window: MainWindow) -> None:
    window.bench.form.edited.emit("username", "maria.lopez")
    window.bench.clear()
