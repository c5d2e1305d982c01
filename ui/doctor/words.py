"""What the doctor page calls its checks and grades, and where in a fix the command stands. Pure but for tr."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct
from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from app.work.doctor.line import Grade, Line
from ui.language.speaking import spoken
from ui.snapshot import Headline
from ui.theme import Tone

CONTEXT = "Doctor"


def tr(text: str) -> str:
    return QCoreApplication.translate(CONTEXT, text)


TITLES: Mapping[str, str] = {
    "ports": str(QT_TRANSLATE_NOOP("Doctor", "Devices and ports")),
    "permissions": str(QT_TRANSLATE_NOOP("Doctor", "Right to open ports")),
    "holders": str(QT_TRANSLATE_NOOP("Doctor", "Other programs on a port")),
    "drivers": str(QT_TRANSLATE_NOOP("Doctor", "Drivers")),
    "keyring": str(QT_TRANSLATE_NOOP("Doctor", "Keyring and token")),
    "gate": str(QT_TRANSLATE_NOOP("Doctor", "Gate")),
    "tls": str(QT_TRANSLATE_NOOP("Doctor", "Certificate of the gate")),
    "proxy": str(QT_TRANSLATE_NOOP("Doctor", "Proxy")),
    "clock": str(QT_TRANSLATE_NOOP("Doctor", "Clock")),
    "disk": str(QT_TRANSLATE_NOOP("Doctor", "Disk")),
    "journal": str(QT_TRANSLATE_NOOP("Doctor", "Journal")),
    "versions": str(QT_TRANSLATE_NOOP("Doctor", "Versions")),
    "updates": str(QT_TRANSLATE_NOOP("Doctor", "New version")),
}

_GRADES: Mapping[Grade, tuple[str, str, Tone]] = {
    Grade.OK: (str(QT_TRANSLATE_NOOP("Doctor", "OK")), "circle-check", Tone.OK),
    Grade.WARNING: (str(QT_TRANSLATE_NOOP("Doctor", "Warning")), "triangle-alert", Tone.WARN),
    Grade.PROBLEM: (str(QT_TRANSLATE_NOOP("Doctor", "Problem")), "circle-x", Tone.BAD),
}


def look(grade: Grade | None) -> Headline:
    """How a check's grade is shown; None while it runs."""
    if grade is None:
        return Headline(tr("Looking"), "loader", Tone.ACCENT)
    word, icon, tone = _GRADES[grade]
    return Headline(tr(word), icon, tone)


def headline(lines: Iterable[Line], *, running: int) -> Headline:
    """All checks in one line, the worst first; while some are `running`, how many are still out."""
    grades = [line.grade for line in lines]
    problems, warnings = grades.count(Grade.PROBLEM), grades.count(Grade.WARNING)
    parts = []
    if problems:
        parts.append(tr("1 problem") if problems == 1 else tr("{n} problems").format(n=problems))
    if warnings:
        parts.append(tr("1 warning") if warnings == 1 else tr("{n} warnings").format(n=warnings))
    if running:
        parts.append(tr("{n} still looking").format(n=running))
        return Headline(", ".join(parts), "loader", Tone.BAD if problems else Tone.ACCENT)
    if not parts:
        return Headline(tr("Everything is in order"), "circle-check", Tone.OK)
    return Headline(", ".join(parts), *_GRADES[Grade.PROBLEM if problems else Grade.WARNING][1:])


class Step(Struct, frozen=True):
    """One fix: a sentence, or a `command` with words before and after it."""

    before: str
    command: str = ""
    after: str = ""

    @property
    def copied(self) -> str:
        """What is of use elsewhere: the command alone, else the sentence."""
        return self.command or self.before


_COMMAND = r"(?P<before>.*?\b{run}:) (?P<command>.+?)(?: - (?P<after>.*))?"
"""How the doctor writes a fix that holds a command: `Run: COMMAND - what then.`"""


def step(fix: str) -> Step:
    """Put a fix into the language of the window, and take it apart."""
    fix = spoken(fix)
    found = re.fullmatch(_COMMAND.replace("{run}", re.escape(tr("run"))), fix, re.IGNORECASE)
    if found is None:
        return Step(fix)
    after = found["after"] or ""
    return Step(found["before"], found["command"], after[:1].upper() + after[1:])
