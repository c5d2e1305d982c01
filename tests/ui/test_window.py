"""The whole window over the training station: plug to gate by keyboard alone, and what a screen reader finds."""

from __future__ import annotations

import importlib.util
import marshal
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from app.paths import paths
from app.provisioning.submission import State
from app.seams import BlockedUiThread, allow_here, refuse_here
from app.settings import Settings
from app.training.devices.personalities import BY_NAME, SPARE_DE
from app.training.gate_faults import Fault
from app.training.station import TrainingStation
from app.work import dispatch
from app.work.events import CardState, LoopFailed
from tests.peers.bench import aside
from tests.peers.homes import Home, put_away
from tests.peers.pages import dressed, focusable, press, spoken_name
from tests.peers.program import printed
from ui.form.inputs import LineInput
from ui.main_window import MainWindow
from ui.screens import settle
from ui.start import build
from ui.theme import Tone

CONTROL = Qt.KeyboardModifier.ControlModifier
EC25 = BY_NAME["quectel-ec25"]


@pytest.fixture(scope="module")
def shared(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:
    """One window with a device that was read, for tests that leave nothing behind."""
    dressed(qapp)
    with TrainingStation(paths(tmp_path_factory.mktemp("shared")), [EC25]) as training:
        made = build(qapp, training.paths, Settings(), training.workstation)
        made.show()
        settle(lambda: made.known and bool(made.bench.devices.views()) and _card_state(made) == "ready", deadline_s=20)
        allow_here()
        yield made
        put_away(made)


@pytest.fixture
def read_window(qtbot: QtBot, shared: MainWindow) -> Iterator[MainWindow]:
    """The shared window, as it is after the device was read."""
    refuse_here()
    shared.resize(1280, 800)
    shared.show_page("bench")
    shared.bench.header.cleared.emit()
    shared.activateWindow()
    qtbot.waitUntil(shared.isActiveWindow)
    shared.bench.form.focus_first_empty()
    yield shared
    allow_here()


def plug(qtbot: QtBot, window: MainWindow, training: TrainingStation) -> None:
    aside(qtbot, lambda: training.hub.plug(EC25))
    qtbot.waitUntil(lambda: window.bench.desk.draft.text("iccid") != "", timeout=15_000)
    qtbot.waitUntil(lambda: _card_state(window) == "ready", timeout=15_000)


def _card_state(window: MainWindow) -> str:
    return window.bench.devices.views()[0].card.state.value


def accepted(window: MainWindow) -> int:
    return window.snapshot.counts.get(State.ACCEPTED, 0)


def type_at(key: str, text: str, window: MainWindow) -> None:
    """Go to a field with the Tab key alone, and type."""
    wanted = window.bench.form.rows[key].input
    for _ in range(80):
        if QApplication.focusWidget() is wanted:
            QTest.keyClicks(wanted, text)
            return
        press(Qt.Key.Key_Tab)
    raise AssertionError(f"Tab never came to {key}")


def send() -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_Return, CONTROL)


def test_a_device_is_registered_with_the_keyboard_alone(
    qtbot: QtBot, window: MainWindow, training: TrainingStation
) -> None:
    plug(qtbot, window, training)
    # The device filled the form without a key; the focus stands where the next key belongs.
    assert QApplication.focusWidget() in [row.input for row in window.bench.form.rows.values()]
    type_at("username", "maria.lopez", window)
    type_at("password", "a password to hash", window)
    send()
    qtbot.waitUntil(lambda: accepted(window) == 1, timeout=15_000)
    (record,) = training.gate.records
    assert record["imei"] == EC25.hardware.imei.reveal()
    assert record["username"] == "maria.lopez"
    assert "a password to hash" not in str(training.gate.requests)
    # The form is free for the next device, and the same one is not taken again.
    assert not window.bench.desk.draft.entries
    assert window.bench.today.entries[0].state is State.ACCEPTED


def test_a_sim_replacement_sends_what_changed(qtbot: QtBot, window: MainWindow, training: TrainingStation) -> None:
    plug(qtbot, window, training)
    type_at("username", "maria.lopez", window)
    send()
    qtbot.waitUntil(lambda: accepted(window) == 1, timeout=15_000)
    press(Qt.Key.Key_F3)
    assert window.bench.workflow.name == "sim-replacement"
    aside(qtbot, lambda: training.hub.swap_sim("quectel-ec25", SPARE_DE))
    window.bench.devices.again.emit(window.bench.devices.views()[0].card.key)
    qtbot.waitUntil(lambda: window.bench.desk.draft.text("iccid") == SPARE_DE.iccid.reveal(), timeout=15_000)
    qtbot.waitUntil(lambda: window.bench.recall.known != {})
    # The number of changes stands there once all is read and compared.
    qtbot.waitUntil(lambda: window.bench.action.button.text() == "Send 3 changes", timeout=10_000)
    qtbot.waitUntil(lambda: _card_state(window) == "ready", timeout=10_000)
    send()
    qtbot.waitUntil(lambda: accepted(window) == 2, timeout=15_000)
    assert training.gate.records[0]["iccid"] == SPARE_DE.iccid.reveal()


def test_a_refusal_is_corrected_from_the_log(qtbot: QtBot, window: MainWindow, training: TrainingStation) -> None:
    plug(qtbot, window, training)
    type_at("username", "maria.lopez", window)
    training.gate.fail_next(Fault("400"))
    send()
    qtbot.waitUntil(lambda: window.snapshot.counts.get(State.REJECTED, 0) == 1, timeout=15_000)
    refused = window.bench.today.entries[0]
    window.bench.correct(refused)
    assert window.bench.desk.replaces == refused.id
    assert window.bench.desk.draft.text("username") == "maria.lopez"
    assert window.bench.notice.tone is Tone.WARN
    send()
    qtbot.waitUntil(lambda: accepted(window) == 1, timeout=15_000)
    assert window.bench.today.entries[0].replaces == refused.id


def test_offline_is_said_and_nothing_is_lost(qtbot: QtBot, window: MainWindow, training: TrainingStation) -> None:
    aside(qtbot, training.gate.close_door)
    plug(qtbot, window, training)
    type_at("username", "maria.lopez", window)
    send()
    qtbot.waitUntil(lambda: window.bar.link.headline.word.startswith("Offline since"), timeout=15_000)
    assert "1 waiting, nothing is lost" in window.bar.link.headline.word
    assert window.bar.link.headline.tone is Tone.WAIT
    aside(qtbot, training.gate.open_door)
    qtbot.waitUntil(lambda: accepted(window) == 1, timeout=20_000)
    qtbot.waitUntil(lambda: window.bar.link.headline.word == "Online")


def test_an_error_goes_to_its_field_and_sends_nothing(
    qtbot: QtBot, window: MainWindow, training: TrainingStation
) -> None:
    type_at("imei", "35693803564380", window)
    row = window.bench.form.rows["imei"]
    assert row.input.property("problem") == "bad"
    assert "14 digits" in row.input.accessibleDescription()
    window.bench.form.rows["username"].focus()
    send()
    assert QApplication.focusWidget() is row.input
    # The offer stands below the field, one Tab away.
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Return)
    assert window.bench.desk.draft.text("imei") == "356938035643809"
    assert row.input.property("problem") == ""
    assert training.gate.requests == []


def test_missing_fields_are_named_only_once_sending_was_tried(qtbot: QtBot, window: MainWindow) -> None:
    type_at("username", "ana", window)
    imei = window.bench.form.rows["imei"]
    assert not imei.input.property("problem")
    send()
    assert imei.input.property("problem") == "bad"
    assert QApplication.focusWidget() is imei.input


def test_a_value_of_the_device_is_locked_until_it_is_unlocked(qtbot: QtBot, read_window: MainWindow) -> None:
    box = read_window.bench.form.rows["device_model"].input
    before = read_window.bench.desk.draft.text("device_model")
    box.setFocus()
    QTest.keyClicks(box, "x")
    assert read_window.bench.desk.draft.text("device_model") == before
    press(Qt.Key.Key_Return)
    QTest.keyClick(box, Qt.Key.Key_End)
    QTest.keyClicks(box, "x")
    assert read_window.bench.desk.draft.text("device_model") == before + "x"
    assert read_window.bench.desk.draft.entries["device_model"].origin.value == "typed"


def test_every_widget_has_a_name_and_is_reached_by_tab(qtbot: QtBot, read_window: MainWindow) -> None:
    nameless = [widget for widget in focusable(read_window) if not spoken_name(widget)]
    assert not nameless
    reached: list[QWidget] = []
    while (focused := QApplication.focusWidget()) not in reached:
        assert focused is not None
        reached.append(focused)
        press(Qt.Key.Key_Tab)
    missed = [widget for widget in focusable(read_window) if widget not in reached and not _inner(widget)]
    assert not missed, [spoken_name(widget) for widget in missed]


def _inner(widget: QWidget) -> bool:
    """The line of a combo box, which has the focus for both."""
    return isinstance(widget.parentWidget(), QComboBox)


def test_tab_goes_in_reading_order(qtbot: QtBot, read_window: MainWindow) -> None:
    read_window.bench.devices.take_focus()
    places = []
    for _ in range(len(read_window.bench.form.keys()) + 4):
        press(Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        if read_window.bench.form.isAncestorOf(focused) and not focused.property("kind"):
            corner = focused.mapTo(read_window.bench.form, QPoint(0, 0))
            places.append((corner.y(), corner.x()))
    assert len(places) >= len(read_window.bench.form.keys())
    assert places == sorted(places)


def test_up_and_down_walk_the_devices(qtbot: QtBot, window: MainWindow, training: TrainingStation) -> None:
    plug(qtbot, window, training)
    aside(qtbot, lambda: training.hub.plug(BY_NAME["telit-le910"]))
    qtbot.waitUntil(lambda: len(window.bench.devices.views()) == 2, timeout=10_000)
    first, second = window.bench.devices.views()
    # One that becomes ready takes the keys to its form.
    qtbot.waitUntil(lambda: second.card.state is CardState.READY, timeout=15_000)
    window.bench.devices.take_focus()
    assert QApplication.focusWidget() is first
    press(Qt.Key.Key_Down)
    assert QApplication.focusWidget() is second
    press(Qt.Key.Key_Return)
    assert window.bench.desk.current == second.card.key
    assert second.accessibleName().startswith(f"{second.card.slot} {second.card.label}")


def test_targets_are_large_enough(qtbot: QtBot, read_window: MainWindow) -> None:
    small = [
        (spoken_name(widget), widget.size().toTuple())
        for widget in focusable(read_window)
        if min(widget.width(), widget.height()) < 32 and not _inner(widget)
    ]
    assert not small
    assert read_window.bench.action.button.height() >= 44


@pytest.mark.parametrize("size", [(1024, 640), (1280, 800), (1920, 1080)])
def test_nothing_is_wider_than_its_place(qtbot: QtBot, read_window: MainWindow, size: tuple[int, int]) -> None:
    read_window.resize(*size)
    qtbot.waitUntil(lambda: read_window.size().toTuple() == size)
    for row in read_window.bench.form.rows.values():
        if row.isVisibleTo(read_window.bench.form):
            right = row.mapTo(read_window.bench.form, QPoint(row.width(), 0)).x()
            assert right <= read_window.bench.form.width()
    button = read_window.bench.action.button
    qtbot.waitUntil(lambda: read_window.rect().contains(button.mapTo(read_window, button.rect().bottomRight())))


@pytest.mark.parametrize("job", [Qt.Key.Key_F2, Qt.Key.Key_F3, Qt.Key.Key_F4, Qt.Key.Key_F5])
def test_what_stands_beside_the_form_fits_its_column(qtbot: QtBot, window: MainWindow, job: Qt.Key) -> None:
    press(job)
    (column,) = (
        area for area in window.bench.findChildren(QScrollArea) if area.isAncestorOf(window.bench.action.button)
    )
    inner = column.widget()
    assert inner is not None
    qtbot.waitUntil(lambda: 0 < inner.width() <= column.viewport().width())


def test_an_iccid_stands_whole_beside_the_help(qtbot: QtBot, read_window: MainWindow) -> None:
    QTest.keyClick(read_window, Qt.Key.Key_F1)
    line = read_window.bench.form.rows["iccid"].input
    assert isinstance(line, LineInput)

    qtbot.waitUntil(lambda: read_window.bench.form.width() < 600)
    settle()
    line.end(False)
    assert line.rect().contains(line.cursorRect())


def test_pages_change_by_keys_and_escape_comes_back(qtbot: QtBot, read_window: MainWindow) -> None:
    press(Qt.Key.Key_F9)
    assert not read_window.bench.isVisible()
    assert read_window.log is not None
    assert read_window.log.bar.search.hasFocus(), "not on what erases"
    QTest.keyClick(read_window, Qt.Key.Key_Escape)
    assert read_window.bench.isVisible()
    QTest.keyClick(read_window, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert not read_window.bench.isVisible()
    QTest.keyClick(read_window, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert read_window.bench.isVisible()


def test_a_training_window_says_so(qtbot: QtBot, read_window: MainWindow) -> None:
    assert "training" in read_window.windowTitle()


def test_a_fault_of_a_loop_is_told_and_the_input_stays(qtbot: QtBot, read_window: MainWindow) -> None:
    type_at("username", "ana", read_window)
    read_window.bridge.publish(LoopFailed("ports", "The ports could not be listed.", "Trying again."))
    qtbot.waitUntil(lambda: read_window.bench.notice.summary() == "The ports could not be listed.")
    assert read_window.bench.desk.draft.text("username") == "ana"


def test_the_window_s_thread_refuses_to_block(window: MainWindow, training: TrainingStation) -> None:
    station = training.workstation(lambda _: None)
    with pytest.raises(BlockedUiThread):
        station.open()
    with pytest.raises(BlockedUiThread):
        station.check_token(training.gate.token)
    with pytest.raises(BlockedUiThread):
        training.hub.stop()


FIRST_PAINT = """
import sys
from app.paths import paths
from app.settings import load_settings
from ui.look import application, start_look
app = application()
from ui.bridge import Bridge
from ui.main_window import MainWindow
start_look(app)
where = paths(sys.argv[1])
window = MainWindow(Bridge(lambda publish: None), load_settings(where.settings))
window.show()
app.processEvents()
heavy = ("httpx", "keyring", "openpyxl", "pydantic", "sqlcipher3", "serial", "logging.handlers", "queue", "json",
    "ui.attention.attention", "ui.language.catalog")
print(" ".join(name for name in heavy if name in sys.modules))
# Loaded with all it knows, a thousand names, as soon as a style is named or met by PySide.
import PySide6.QtWidgets
print("QStyle" if "QStyle" in vars(PySide6.QtWidgets) else "")
"""


def test_the_window_is_painted_before_anything_heavy_is_loaded(tmp_path: Path) -> None:
    assert printed(FIRST_PAINT, tmp_path) == []


PATTERNS = """
import re, sys
plain, ours = re.compile, set()
def watch(*arguments, **named):
    name = sys._getframe(1).f_globals["__name__"]
    if name.split(".")[0] in {"app", "ui"}:
        ours.add(name)
    return plain(*arguments, **named)
re.compile = watch
import ui.start, ui.stylesheet
print(*ours)
"""


def test_no_pattern_is_compiled_before_it_is_wanted() -> None:
    """A tenth of what importing the program's own modules takes."""
    assert printed(PATTERNS) == []


WITHOUT_HOOK = """
import linecache
from ui.lean_start import begin_start
begin_start()
before = set(linecache.cache)
import ui.start
print(*set(linecache.cache) - before)
"""


def test_no_module_is_read_as_text_for_qt_s_optional_names() -> None:
    assert printed(WITHOUT_HOOK) == []


HELPERS = """
import sys
if sys.argv[1] == "lean":
    from ui.lean_start import begin_start
    begin_start()
from PySide6.QtCore import QTimer
print(*[name for name in ("argparse", "tokenize") if name in sys.modules], "loaded")
try:
    QTimer.singleShot("soon", lambda: None)
except TypeError as error:
    print(error)
"""


def test_qt_s_helpers_load_less_and_still_tell_what_was_called_wrongly() -> None:
    plain, lean = printed(HELPERS, Path("plain")), printed(HELPERS, Path("lean"))
    assert "argparse" in plain[: plain.index("loaded")]
    assert "argparse" not in lean[: lean.index("loaded")]
    told = lean[lean.index("loaded") :]
    assert "signatures:" in told
    assert told == plain[plain.index("loaded") :]


PARSED = """
import re
from ui.lean_start import begin_start
plain, lengths = re.compile, []
def watch(pattern, flags=0):
    lengths.append(len(pattern))
    return plain(pattern, flags)
re.compile = watch
begin_start()
print(len([length for length in lengths if length > 3000]))
from PySide6.QtCore import QTimer
try:
    QTimer.singleShot("soon", lambda: None)
except TypeError:
    print(len([length for length in lengths if length > 3000]))
"""


def test_the_pattern_for_signatures_waits_for_the_first_that_was_called_wrongly() -> None:
    before, after = map(int, printed(PARSED))
    assert before == 0 < after


COMPILED = """
import builtins, sys
from pathlib import Path
plain, compiled = builtins.compile, []
def watch(source, filename, *rest, **named):
    compiled.append(str(filename))
    return plain(source, filename, *rest, **named)
builtins.compile = watch
sys.dont_write_bytecode = False
from ui.lean_start import begin_start
begin_start(Path(sys.argv[1]))
print(*[name for name in compiled if name.startswith("shibokensupport/")])
"""


def test_the_modules_that_qt_carries_as_text_are_compiled_once(tmp_path: Path) -> None:
    kept = tmp_path / "made" / "helpers.pyc"
    first = printed(COMPILED, kept)
    assert "shibokensupport/signature/loader.py" in first
    assert printed(COMPILED, kept) == []
    kept.write_bytes(kept.read_bytes()[:5000])
    assert printed(COMPILED, kept) == first
    # Another text of the same name, as after an upgrade: what is kept is not run.
    ended = {(name, b"other...."): compile("raise SystemExit(9)", name, "exec") for name in first}
    kept.write_bytes(importlib.util.MAGIC_NUMBER + marshal.dumps(ended))
    assert printed(COMPILED, kept) == first


GARBAGE = """
import gc, os, sys
from ui.lean_start import begin_start
begin_start()
from app.paths import paths
from app.settings import Settings
from ui.look import application
from ui.start import build
where = paths(sys.argv[1])
where.prepare()
app = application()
window = build(app, where, Settings())
window.show()
print(gc.isenabled())
while not gc.isenabled():
    app.processEvents()
import PySide6.QtWidgets
print(gc.isenabled(), "QStyle" in vars(PySide6.QtWidgets), flush=True)
os._exit(0)
"""


def test_garbage_is_looked_for_and_styles_are_known_from_the_first_paint_on(tmp_path: Path) -> None:
    assert printed(GARBAGE, tmp_path) == ["False", "True", "True"]


AHEAD = """
import os, sys
from ui.lean_start import begin_start
begin_start()
from app.paths import paths
from app.settings import Settings
from app.training.station import TrainingStation
from ui.look import application
from ui.start import build
where = paths(sys.argv[1])
where.prepare()
app = application()
wanted = ("app.gate.transport", "httpcore", "h11", "truststore", "ui.devices.card", "ui.bench.today_table")
with TrainingStation(where, []) as training:
    window = build(app, where, Settings(), training.workstation)
    window.show()
    while not window.known:
        app.processEvents()
    print(*(name for name in wanted if name in sys.modules))
    while not window.bench.today.stops():
        app.processEvents()
    print(*(name for name in wanted if name not in sys.modules), flush=True)
    os._exit(0)
"""


def test_what_the_first_device_and_submission_need_is_loaded_before_they_come(tmp_path: Path) -> None:
    assert printed(AHEAD, tmp_path) == []


@pytest.mark.parametrize("size", [(1024, 640), (1280, 800), (1920, 1080)])
def test_long_remarks_push_their_neighbours_and_cover_none(
    qtbot: QtBot, read_window: MainWindow, size: tuple[int, int]
) -> None:
    read_window.resize(*size)
    qtbot.waitUntil(lambda: read_window.size().toTuple() == size)
    QApplication.processEvents()
    # Only now: a resize would fit the rows by itself.
    for key in ("imei", "iccid", "mac_addr", "number"):
        read_window.bench.form.edited.emit(key, "35693803564380")

    def apart() -> bool:
        rows = [row for row in read_window.bench.form.rows.values() if row.isVisibleTo(read_window.bench.form)]
        return all(row.height() >= row.heightForWidth(row.width()) for row in rows if row.hasHeightForWidth())

    qtbot.waitUntil(apart)


def test_a_device_that_is_still_being_read_is_not_sent_half(
    window: MainWindow, training: TrainingStation, qtbot: QtBot
) -> None:
    aside(qtbot, lambda: training.hub.plug(BY_NAME["slow"]))
    qtbot.waitUntil(lambda: window.bench.desk.draft.text("imei") != "", timeout=15_000)
    assert _card_state(window) == "reading"
    send()
    assert "still being read" in window.bench.notice.summary()
    assert window.bench.notice.summary().startswith("A1 ")
    assert window.snapshot.entries == ()
    aside(qtbot, lambda: training.hub.unplug("slow"))


def test_the_focus_on_a_card_comes_along_to_the_device_that_is_taken_in_hand(
    window: MainWindow, training: TrainingStation, qtbot: QtBot
) -> None:
    plug(qtbot, window, training)
    send()
    (sent,) = window.bench.devices.views()
    qtbot.waitUntil(lambda: window.bench.desk.current is None and sent.hasFocus())
    aside(qtbot, lambda: training.hub.plug(BY_NAME["slow"]))
    qtbot.waitUntil(lambda: window.bench.desk.reading, timeout=15_000)
    assert QApplication.focusWidget() is window.bench.devices.views()[1]
    aside(qtbot, lambda: training.hub.unplug("slow"))


def test_closing_with_work_waiting_says_once_that_it_is_kept(
    qtbot: QtBot, window: MainWindow, training: TrainingStation
) -> None:
    aside(qtbot, training.gate.close_door)
    plug(qtbot, window, training)
    type_at("username", "maria.lopez", window)
    send()
    qtbot.waitUntil(lambda: window.snapshot.waiting == 1, timeout=15_000)
    window.show_page("log")
    assert not window.close()
    assert window.bench.isVisible()
    assert window.bench.notice.summary() == "1 submission waits and is kept."
    # Enter closes: the button has the focus.
    press(Qt.Key.Key_Return)
    assert not window.isVisible()


def test_closing_wakes_a_delivery_that_rests(qtbot: QtBot, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "LOOK_EVERY_S", 600.0)
    with home.window(qtbot) as window:
        assert window.bridge.stop(20.0)


def test_a_second_wish_to_close_closes(window: MainWindow) -> None:
    window.show_snapshot(replace(window.snapshot, waiting=3))
    assert not window.close()
    assert "3 submissions wait" in window.bench.notice.summary()
    assert window.close()
