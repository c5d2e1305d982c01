"""The palette, the help and a flash, for pictures."""

from __future__ import annotations

from app.provisioning.workflows import ROWS as WORKFLOWS
from ui.journal.examples import EXAMPLES
from ui.main_window import MainWindow
from ui.sample_devices import MODEM, READING
from ui.screens import LARGE, SMALL, USUAL, Scene, settle
from ui.theme import CONTRAST, DARK, LIGHT, Tone


def scenes() -> list[Scene]:
    """What lies over or beside the work."""
    return [
        Scene(
            "palette", EXAMPLES, (MODEM, READING), _opened, sizes=(SMALL, USUAL, LARGE), schemes=(LIGHT, DARK, CONTRAST)
        ),
        Scene("palette-typed", EXAMPLES, (MODEM,), _typed, sizes=(USUAL,)),
        Scene("help", EXAMPLES, (MODEM, READING), _help, sizes=(SMALL, USUAL, LARGE)),
        Scene("help-log", EXAMPLES, act=_help_log, sizes=(USUAL,)),
        Scene("flash", EXAMPLES, (MODEM,), _flash, sizes=(USUAL,)),
    ]


def _opened(window: MainWindow) -> None:
    settle()
    window.palette_box.open()


def _typed(window: MainWindow) -> None:
    _opened(window)
    window.palette_box.line.setText("sim")


def _help(window: MainWindow) -> None:
    window.choose_workflow(WORKFLOWS["register-device"])
    window.switch_help()


def _help_log(window: MainWindow) -> None:
    window.show_page("log")
    window.switch_help()


def _flash(window: MainWindow) -> None:
    settle()
    window.attention.flash.show_tone(Tone.WARN, 60_000)
