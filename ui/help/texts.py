"""What is said of each screen; the keys are said once, for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

CONTEXT = "Help"


class Help(Struct, frozen=True):
    """A heading and sentences, each with its icon; in the language of the source until `said`."""

    title: str
    lines: Sequence[tuple[str, str]]


def _tr(text: str) -> str:
    return QCoreApplication.translate(CONTEXT, text)


def said(help: Help) -> Help:
    """In the language of the window."""
    return Help(_tr(help.title), tuple((icon, _tr(line)) for icon, line in help.lines))


PAGES: Mapping[str, Help] = {
    "bench": Help(
        str(QT_TRANSLATE_NOOP("Help", "The bench")),
        (
            ("usb", str(QT_TRANSLATE_NOOP("Help", "Plug a device in. Its card fills, and the form with it."))),
            (
                "scan-barcode",
                str(
                    QT_TRANSLATE_NOOP(
                        "Help", "Scan a label at any time: the code finds its field by itself, wherever you are."
                    )
                ),
            ),
            (
                "pencil",
                str(
                    QT_TRANSLATE_NOOP(
                        "Help", "Add the user. A problem stands at its field, with a correction where there is one."
                    )
                ),
            ),
            (
                "send",
                str(
                    QT_TRANSLATE_NOOP(
                        "Help", "Ctrl+Enter keeps it and sends it. It is green only when the gate has confirmed it."
                    )
                ),
            ),
            (
                "clock",
                str(
                    QT_TRANSLATE_NOOP(
                        "Help", "Without a network go on working: everything is kept and sent later by itself."
                    )
                ),
            ),
            (
                "scan-barcode",
                str(
                    QT_TRANSLATE_NOOP(
                        "Help",
                        "No keys needed: barcodes for SUBMIT, NEXT, CANCEL, ANSWER are in Settings, Scanner.",
                    )
                ),
            ),
        ),
    ),
    "batch": Help(
        str(QT_TRANSLATE_NOOP("Help", "The batch")),
        (
            (
                "folder-open",
                str(QT_TRANSLATE_NOOP("Help", "Choose an order, or none. Then plug the devices in, in any order.")),
            ),
            (
                "circle-alert",
                str(
                    QT_TRANSLATE_NOOP(
                        "Help", "Who needs you stands on top: a stranger, a device twice, a missing value."
                    )
                ),
            ),
            (
                "pencil",
                str(
                    QT_TRANSLATE_NOOP("Help", "Enter takes one to the bench to be mended; the others stay as they are.")
                ),
            ),
            ("send", str(QT_TRANSLATE_NOOP("Help", "Ctrl+Enter sends all that are ready; the rest is not held up."))),
            (
                "save",
                str(QT_TRANSLATE_NOOP("Help", "The result file has the order's columns, then status and reason.")),
            ),
            (
                "scan-barcode",
                str(
                    QT_TRANSLATE_NOOP(
                        "Help",
                        "By scanner: SUBMIT sends, NEXT goes down the list, ANSWER 1 takes one to the bench, "
                        "ANSWER 2 saves the result, ANSWER 3 begins anew.",
                    )
                ),
            ),
        ),
    ),
    "log": Help(
        str(QT_TRANSLATE_NOOP("Help", "The log")),
        (
            (
                "search",
                str(
                    QT_TRANSLATE_NOOP("Help", "Find a record by the last digits of an identifier, a number or a user.")
                ),
            ),
            (
                "circle-alert",
                str(QT_TRANSLATE_NOOP("Help", "Needs you shows what was refused, held, or is there already.")),
            ),
            (
                "pencil",
                str(
                    QT_TRANSLATE_NOOP(
                        "Help", "Correct and resend takes a refused one back to the form; nothing is typed again."
                    )
                ),
            ),
            ("eye", str(QT_TRANSLATE_NOOP("Help", "Identifiers are masked until you press Reveal."))),
            (
                "scan-barcode",
                str(
                    QT_TRANSLATE_NOOP(
                        "Help",
                        "By scanner: NEXT goes down the list, ANSWER 1 to 4 press the buttons of the chosen one.",
                    )
                ),
            ),
            ("save", str(QT_TRANSLATE_NOOP("Help", "Export writes what is shown to a file, for a supervisor."))),
        ),
    ),
    "doctor": Help(
        str(QT_TRANSLATE_NOOP("Help", "The doctor")),
        (
            (
                "stethoscope",
                str(
                    QT_TRANSLATE_NOOP(
                        "Help",
                        "It looks at ports, rights, other programs, the keyring, the gate, the clock and the disk.",
                    )
                ),
            ),
            ("circle-check", str(QT_TRANSLATE_NOOP("Help", "Each line says what was found, and the way to mend it."))),
        ),
    ),
    "settings": Help(
        str(QT_TRANSLATE_NOOP("Help", "The settings")),
        (
            (
                "save",
                str(QT_TRANSLATE_NOOP("Help", "What you change is marked; nothing is in force until you save it.")),
            ),
            (
                "key-round",
                str(QT_TRANSLATE_NOOP("Help", "The token is tested before it is kept, and never shown again.")),
            ),
            (
                "lock",
                str(QT_TRANSLATE_NOOP("Help", "A row with a lock is fixed by the administrator of this computer.")),
            ),
        ),
    ),
    "token": Help(
        str(QT_TRANSLATE_NOOP("Help", "A new token")),
        (
            (
                "key-round",
                str(QT_TRANSLATE_NOOP("Help", "Paste, scan or type it, then Enter: the gate says whose it is.")),
            ),
            (
                "circle-check",
                str(QT_TRANSLATE_NOOP("Help", "Say that it is yours: then it is kept, and sending goes on.")),
            ),
            (
                "scan-barcode",
                str(
                    QT_TRANSLATE_NOOP(
                        "Help", "By scanner: once the gate has said whose it is, ANSWER 1 is yes and ANSWER 2 is no."
                    )
                ),
            ),
        ),
    ),
    "receipt": Help(
        str(QT_TRANSLATE_NOOP("Help", "Receipt and label")),
        (
            (
                "printer",
                str(QT_TRANSLATE_NOOP("Help", "Save or print them as often as needed: nothing is sent again.")),
            ),
            (
                "circle-alert",
                str(QT_TRANSLATE_NOOP("Help", "What the gate has not confirmed says so, and is no receipt.")),
            ),
        ),
    ),
    "unsent": Help(
        str(QT_TRANSLATE_NOOP("Help", "What is not sent")),
        (
            ("list", str(QT_TRANSLATE_NOOP("Help", "All that has not arrived, the worst first, with its next step."))),
            ("printer", str(QT_TRANSLATE_NOOP("Help", "Save or print the sheet for whoever works here next."))),
        ),
    ),
    "setup": Help(
        str(QT_TRANSLATE_NOOP("Help", "Set up this station")),
        (
            ("arrow-right", str(QT_TRANSLATE_NOOP("Help", "One thing at a time; each can be left for later."))),
            (
                "settings",
                str(QT_TRANSLATE_NOOP("Help", "All of it stands in the settings too, and can be changed there.")),
            ),
            (
                "scan-barcode",
                str(
                    QT_TRANSLATE_NOOP(
                        "Help", "By scanner: what is scanned goes into the line, ANSWER 1 to 4 choose, NEXT goes on."
                    )
                ),
            ),
        ),
    ),
}

KEYS: Sequence[tuple[str, str]] = (
    ("F2 F3 F4 F5", str(QT_TRANSLATE_NOOP("Help", "choose the job"))),
    ("Ctrl+Enter", str(QT_TRANSLATE_NOOP("Help", "send"))),
    ("Ctrl+1 … 9", str(QT_TRANSLATE_NOOP("Help", "a device by its place"))),
    ("Ctrl+K", str(QT_TRANSLATE_NOOP("Help", "every command, and the log"))),
    ("F7", str(QT_TRANSLATE_NOOP("Help", "batch"))),
    ("Alt+1 … 4", str(QT_TRANSLATE_NOOP("Help", "bench, log, doctor, settings"))),
    ("F8", str(QT_TRANSLATE_NOOP("Help", "sound on or off"))),
    ("Ctrl+L", str(QT_TRANSLATE_NOOP("Help", "lock, or change operators"))),
    ("Esc", str(QT_TRANSLATE_NOOP("Help", "one step back"))),
)


def key_lines() -> list[tuple[str, str]]:
    return [(keys, _tr(what)) for keys, what in KEYS]
