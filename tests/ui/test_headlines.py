"""What the strip and the day's numbers say: the worst first, and nothing that is not known."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from PySide6.QtWidgets import QApplication

from app.journal.link import Link, Pause
from app.provisioning.submission import State
from resources import SOURCE
from ui.language.speaking import speak
from ui.snapshot import Snapshot, link_headline, today_headline
from ui.theme import Tone

AT = datetime(2026, 11, 22, 9, 12, tzinfo=UTC)
PAUSE = Pause("gate.token-refused", "The gate did not accept the stored token.", "https://gate.example.com", 0, AT)
DONE = {State.ACCEPTED: 41}
SINCE = f"{AT.astimezone():%H:%M}"


@pytest.mark.parametrize(
    ("snapshot", "trouble", "word", "tone"),
    [
        (Snapshot(), "", "Nothing waiting", Tone.NEUTRAL),
        (Snapshot(waiting=2), "", "2 waiting", Tone.WAIT),
        (Snapshot(counts=DONE), "", "Online", Tone.OK),
        (Snapshot(counts=DONE, waiting=2), "", "Online · 2 waiting", Tone.OK),
        (Snapshot(counts=DONE, link=Link(failures=2), waiting=1), "", "Gate in trouble · 1 waiting", Tone.WAIT),
        (
            Snapshot(counts=DONE, link=Link(offline_since=AT), waiting=14),
            "",
            f"Offline since {SINCE} · 14 waiting, nothing is lost",
            Tone.WAIT,
        ),
        (Snapshot(counts=DONE, link=Link(offline_since=AT)), "", f"Offline since {SINCE}", Tone.WAIT),
        (Snapshot(counts=DONE, waiting=3), "No token yet", "No token yet · 3 waiting", Tone.WARN),
        (
            Snapshot(counts=DONE, link=Link(offline_since=AT, pause=PAUSE), held=3),
            "No token yet",
            "Held: token refused · 3 held",
            Tone.BAD,
        ),
    ],
)
def test_the_worst_owns_the_strip(snapshot: Snapshot, trouble: str, word: str, tone: Tone) -> None:
    said = link_headline(snapshot, trouble)
    assert (said.word, said.tone) == (word, tone)
    assert said.icon


def test_the_worst_owns_the_day() -> None:
    counts = {State.ACCEPTED: 41, State.WAITING: 1, State.QUEUED: 1, State.REJECTED: 1}
    assert [text for text, _ in today_headline(Snapshot(counts=counts))] == [
        "1 needs you",
        "2 waiting",
        "41 registered",
    ]
    assert today_headline(Snapshot(counts={**counts, State.CONFLICT: 1}))[0] == ("2 need you", Tone.BAD)


@pytest.mark.parametrize("language", ["es", "pt"])
def test_one_is_said_as_one_in_languages_that_tell_it_apart(qapp: QApplication, language: str) -> None:
    speak(qapp, language)
    try:
        ((text, _),) = today_headline(Snapshot(counts={State.ACCEPTED: 1}))
    finally:
        speak(qapp, SOURCE)
    assert text == "1 registrado"
