"""The window in another language: switched while it works, and nothing left in the language of the source."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, Qt
from PySide6.QtWidgets import QApplication, QLabel, QLayout, QLineEdit, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from app.training.devices.personalities import ALL
from app.training.station import TrainingStation
from app.work.batch import Standing
from app.work.events import CardState
from resources import SOURCE, languages
from tests.peers.pages import dressed
from ui import screens
from ui.front import Front
from ui.journal.times import date
from ui.language.catalog import PSEUDO
from ui.language.speaking import chosen, speak, spoken
from ui.main_window import MainWindow

SCENES = {
    scene.name: scene
    for made in (screens.scenes, *(import_module(f"ui.{folder}.scenes").scenes for folder in screens.FOLDERS))
    for scene in made()
}
DATA = re.compile(
    r"Quectel|Samsung|Huawei|Telit|Nokia|SIMCom|Sierra|u-blox|Pixel|Manufacturer|2720 Flip|Telcel|Model 5G|Window left"
    r"|USB modem|Ana P|Luis H|Eva-Mar|maria\.|ana\.gil|/dev/|sudo |echo |Ctrl\+|Alt\+|Esc|GSOP|reg-|active|^min$"
    r"|Registration id|Status|This device is already registered|A user with this name"
    r"|^standard$|^[0-9a-f]{8}(-[0-9a-f-]{27})?$|b\.mendez"
    r"|•|Librer|socket://|\.pem|CRM-|http|^gate-station "
)
"""What the scenes hold that is no text of the program: names, numbers, the gate's own words, commands, keys."""


@pytest.fixture
def language(qapp: QApplication) -> Iterator[QApplication]:
    dressed(qapp)
    yield qapp
    speak(qapp, SOURCE)


def test_numbers_and_months_are_written_as_in_the_language(language: QApplication) -> None:
    at = datetime(2026, 1, 2, 12, tzinfo=UTC)
    for name, said in ((SOURCE, ("12,345", "2 Jan")), ("es", ("12.345", "2 ene")), ("pt", ("12.345", "2 jan."))):
        speak(language, name)
        assert (QLocale().toString(12345), date(at, at.replace(month=6))) == said


def test_the_work_goes_on_in_the_other_language(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, language: QApplication
) -> None:
    hand = threading.Thread(target=training.hub.plug, args=(ALL[0],))
    hand.start()
    qtbot.waitUntil(lambda: window.bench.desk.draft.text("iccid") != "", timeout=15_000)
    window.bench.form.edited.emit("username", "maria.lopez")
    (front,) = window.bridge.findChildren(Front)
    window.set_personal("language", "es")
    qtbot.waitUntil(lambda: front.window is not window)
    qtbot.waitUntil(lambda: front.window.known)
    now = front.window
    hand.join()
    assert now.isVisible()
    assert now.bench.header.clear.accessibleName() == "Vaciar el formulario"
    assert now.bench.desk.draft.text("username") == "maria.lopez"
    assert len(now.bench.devices.views()) == 1
    qtbot.waitUntil(lambda: now.bench.devices.views()[0].card.state is CardState.READY, timeout=15_000)
    now.bench.send()
    qtbot.waitUntil(lambda: bool(now.snapshot.entries), timeout=15_000)
    assert spoken("Read again") == "Releer"


def test_a_batch_goes_on_in_the_other_language(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, language: QApplication, tmp_path: Path
) -> None:
    order = tmp_path / "order.json"
    order.write_text(json.dumps([{"imei": ALL[0].hardware.imei.reveal(), "username": "ana"}]), encoding="utf-8")
    window.show_page("batch")
    page = window.batch
    assert page is not None
    page.load(order)
    qtbot.waitUntil(lambda: len(page.model.items) == 1)
    for act in (partial(training.hub.plug, ALL[0], slot="A1"), partial(training.hub.unplug, "A1")):
        hand = threading.Thread(target=act)
        hand.start()
        qtbot.waitUntil(lambda: page.model.items[0].standing is Standing.READY, timeout=20_000)
        hand.join()
    page.armed.setChecked(False)
    (front,) = window.bridge.findChildren(Front)
    window.set_personal("language", "es")
    qtbot.waitUntil(lambda: front.window is not window)
    now = front.window.batch
    assert now is not None
    assert [item.standing for item in now.model.items] == [Standing.READY]
    assert now.model.items[0].draft.text("username") == "ana"
    assert now.order.startswith("order.json")
    assert not now.armed.isChecked()


def test_an_unknown_language_is_the_source() -> None:
    assert chosen("es") == "es"
    assert chosen("pt") == "pt"
    assert chosen("xx") == SOURCE


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        (["fr-FR", "es-MX"], "es"),
        (["es_MX"], "es"),
        (["pt-Latn-BR", "pt-BR", "pt"], "pt"),
        (["pt_PT", "es"], "pt"),
        (["fr-FR"], SOURCE),
        ([], SOURCE),
    ],
)
def test_the_first_of_the_system_s_languages_that_there_is(
    monkeypatch: pytest.MonkeyPatch, wanted: list[str], language: str
) -> None:
    monkeypatch.setattr(QLocale, "system", staticmethod(lambda: SimpleNamespace(uiLanguages=lambda: wanted)))
    assert chosen("system") == language


@pytest.mark.parametrize("name", languages()[1:])
def test_qt_s_own_dialogs_speak_it_too(language: QApplication, name: str) -> None:
    speak(language, name)
    assert QCoreApplication.translate("QPlatformTheme", "Restore Defaults") not in {"Restore Defaults", ""}


NARROW = (
    *("consent-ask", "devices-8", "naming", "needs-you", "no-port", "partly", "pin-asked"),
    *("scan-mismatch", "sim-changed", "sim-replacement", "unnamed"),
)
"""Scenes whose columns at the sides are full."""


@pytest.mark.drawn
@pytest.mark.parametrize("scene", NARROW)
@pytest.mark.parametrize("name", languages())
def test_the_narrow_columns_have_room_for_each_language(language: QApplication, name: str, scene: str) -> None:
    speak(language, name)
    with screens.staged(SCENES[scene]) as window:
        _come_to_rest(window)
        assert _cut(window) == set()
        assert _too_wide(window) == []


@pytest.mark.drawn
@pytest.mark.parametrize("name", SCENES)
def test_nothing_is_left_in_the_language_of_the_source_and_longer_texts_have_room(
    language: QApplication, name: str
) -> None:
    speak(language, PSEUDO)
    left = set()
    with screens.staged(SCENES[name]) as window:
        _come_to_rest(window)
        assert (window.width(), window.height()) == screens.USUAL
        for widget in (window, *window.findChildren(QWidget)):
            if widget.isVisible():
                left |= {text for text in _texts(widget) if re.search(r"[a-z]{3}", text) and "⟦" not in text}
        cut, overlapping, too_wide = _cut(window), _overlapping(window), _too_wide(window)
    assert {text for text in left if not DATA.search(text)} == set()
    assert cut == set()
    assert overlapping == []
    assert too_wide == []


def _come_to_rest(window: MainWindow) -> None:
    """At its usual size, until nothing is cut: what is on record comes late, rows find their height in several turns,
    and on a busy machine those take a while. Nothing comes after that before it is looked at."""
    window.resize(*screens.USUAL)
    screens.settle(quiet_s=0.02)
    with suppress(TimeoutError):
        screens.settle(lambda: not _cut(window), quiet_s=0.0)


def _overlapping(window: QWidget) -> list[str]:
    """Widgets beside each other in a layout that has no room for both."""
    found = []
    for layout in window.findChildren(QLayout):
        items = (layout.itemAt(place) for place in range(layout.count()))
        widgets = [widget for item in items if item and (widget := item.widget()) and widget.isVisible()]
        found += [
            f"{type(one).__name__} and {type(other).__name__}"
            for one, other in combinations(widgets, 2)
            if one.geometry().intersects(other.geometry())
        ]
    return found


def _too_wide(window: QWidget) -> list[str]:
    """What is wider than the place it is shown in, where nothing scrolls sideways."""
    return [
        f"{type(content).__name__} is {content.width()} wide in {area.viewport().width()}"
        for area in window.findChildren(QScrollArea)
        if area.isVisible()
        and (content := area.widget())
        and area.horizontalScrollBarPolicy() is Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        and content.width() > area.viewport().width()
    ]


def _cut(window: QWidget) -> set[str]:
    """What labels and buttons say and have no room for."""
    shown = [each for each in window.findChildren(QWidget) if isinstance(each, (QLabel, QPushButton))]
    return {each.text() for each in shown if each.isVisible() and not _has_room(each)}


def _has_room(widget: QLabel | QPushButton) -> bool:
    if isinstance(widget, QLabel) and widget.wordWrap():
        words = map(widget.fontMetrics().horizontalAdvance, widget.text().split())
        return widget.height() >= widget.heightForWidth(widget.width()) and widget.width() >= max(words, default=0)
    return widget.width() >= max(map(widget.fontMetrics().horizontalAdvance, widget.text().split("\n")))


def _texts(widget: QWidget) -> Iterator[str]:
    # What stands in an entry is data.
    names = () if isinstance(widget, QLineEdit) else ("text", "title")
    for name in (*names, "placeholderText", "toolTip", "accessibleName", "accessibleDescription"):
        found = getattr(widget, name, None)
        if callable(found) and isinstance(text := found(), str) and text:
            yield text
