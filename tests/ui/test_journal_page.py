"""The log over real journals: paging, filters, search, the panel, what can be done in it, and the keys."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlcipher3 import dbapi2  # type: ignore[import-untyped] # the driver ships no types

from app.assembly import Workstation
from app.journal.outbox import Journal
from app.journal.records import Entry
from app.provisioning.outcome import Outcome
from app.provisioning.submission import State
from tests.peers.pages import dressed, focusable, never_blocking, press, spoken_name, station
from ui.journal.columns import COLUMNS
from ui.journal.compared import Compared
from ui.journal.examples import ACCEPTED, CHANGED, HELD, NO_ANSWER, REFUSED, Example, fill
from ui.journal.filters import Days, Filter
from ui.journal.meaning import Shown
from ui.journal.model import ENTRY, JournalModel
from ui.journal.page import JournalPage
from ui.journal.pages import KEPT, PAGE
from ui.journal.words import Words
from ui.kit.text import Text

NOW = datetime(2026, 11, 22, 14, 40, tzinfo=UTC)
Open = Callable[..., JournalPage]


def example(username: str, *outcomes: Outcome, **extra: str) -> Example:
    return Example("register-device", "Quectel", "EC25", username, outcomes, extra)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    tmp_path.joinpath("home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def workstation(home: Path) -> Iterator[Workstation]:
    with station(home) as made:
        yield made


@pytest.fixture
def open_page(qapp: QApplication, qtbot: QtBot, workstation: Workstation) -> Iterator[Open]:
    dressed(qapp)
    with never_blocking():

        def opened(rows: int | None = None) -> JournalPage:
            page = JournalPage(workstation, now=lambda: NOW)
            qtbot.addWidget(page)
            page.resize(1196, 740)
            with qtbot.waitSignal(page.model.listed):
                page.show()
            page.activateWindow()
            qtbot.waitUntil(page.isActiveWindow)
            if rows is not None:
                assert page.model.rowCount() == rows
            return page

        yield opened


def enter(path: Path, examples: Sequence[Example], now: datetime) -> list[str]:
    """Fill a journal as the delivery loop does: on another thread."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(fill, path, examples, now).result()


def bulk(path: Path, count: int) -> None:
    """Many accepted submissions at once: an open journal takes what another process wrote."""
    connection = dbapi2.connect(str(path))
    connection.executemany(
        "INSERT INTO submissions (id, kind, workflow, state, created_at, updated_at, operator, consent, fields,"
        " origins, secret_fields, device) VALUES (?, 'register', 'register-device', 'accepted', ?1, ?1, 'Ana P.',"
        " 'employer-owned', ?, '{}', '[]', '{}')".replace("?1", "'2026-10-01T08:00:00.000000Z'"),
        ((f"bulk-{number}", json.dumps({"username": f"user-{number:06d}"})) for number in range(count)),
    )
    connection.commit()
    connection.close()


def texts(page: JournalPage) -> str:
    """All that the panel says."""
    said = [label.text() for label in page.detail.findChildren(Text) if label.isVisibleTo(page.detail)]
    return "\n".join([*said, *(value.toPlainText() for value in page.detail.findChildren(Words))])


def arrives(page: JournalPage, qtbot: QtBot, row: int) -> None:
    qtbot.waitUntil(lambda: page.model.entry(row) is not None)


def shown_entry(page: JournalPage, row: int) -> Entry:
    entry = page.model.entry(row)
    assert entry is not None
    return entry


# The model


def test_a_long_log_is_read_in_pages_and_few_are_kept(home: Path, open_page: Open, qtbot: QtBot) -> None:
    count = PAGE * (KEPT + 4)
    bulk(home / "journal.db", count)
    page = open_page(count)
    seen = set()
    for number in range(0, count, PAGE):
        arrives(page, qtbot, number)
        seen.add(shown_entry(page, number).fields["username"])
    assert seen == {f"user-{count - 1 - number:06d}" for number in range(0, count, PAGE)}
    assert page.model.row_of("bulk-0") is not None or page.model.entry(count - 1) is None
    kept = sum(1 for number in range(0, count, PAGE) if page.model.row_of(f"bulk-{count - 1 - number}") is not None)
    assert kept == KEPT


def test_a_row_that_is_not_here_yet_is_a_placeholder_and_comes(home: Path, open_page: Open, qtbot: QtBot) -> None:
    bulk(home / "journal.db", PAGE * 3)
    page = open_page(PAGE * 3)
    last = page.model.index(PAGE * 3 - 1, 0)
    assert page.model.data(last, ENTRY) is None
    assert page.model.data(last) == "…"
    with qtbot.waitSignal(page.model.dataChanged):
        pass
    assert page.model.data(last, ENTRY).id == "bulk-0"


def test_the_end_of_a_long_log_is_one_key_away(home: Path, open_page: Open, qtbot: QtBot) -> None:
    bulk(home / "journal.db", PAGE * 6)
    page = open_page(PAGE * 6)
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: page.model.row_of("bulk-0") is not None)
    assert page.table.verticalScrollBar().value() == page.table.verticalScrollBar().maximum()


def test_a_million_wishes_to_refresh_lead_to_one_more_reading(open_page: Open, qtbot: QtBot) -> None:
    page = open_page(0)
    readings: list[None] = []
    page.model.listed.connect(lambda: readings.append(None))
    for _ in range(1000):
        page.model.refresh()
    qtbot.waitUntil(lambda: len(readings) == 2)
    qtbot.wait(50)
    assert len(readings) == 2


def test_only_one_row_can_be_chosen(home: Path, open_page: Open, qtbot: QtBot) -> None:
    bulk(home / "journal.db", PAGE * 2)
    page = open_page()
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(page.table.selectionModel().selectedRows()) <= 1


# What it shows


def test_the_columns_say_what_a_row_is(home: Path, open_page: Open) -> None:
    enter(home / "journal.db", (example("maria.lopez", ACCEPTED),), NOW)
    page = open_page(1)
    row = {column.title: page.model.data(page.model.index(0, number)) for number, column in enumerate(COLUMNS)}
    imei = shown_entry(page, 0).fields["imei"]
    assert row["Device"] == "Quectel EC25"
    assert row["Identifier"] == f"••• {imei[-4:]}"
    assert (row["What"], row["User"], row["Result"], row["Operator"]) == (
        "New device",
        "maria.lopez",
        "Registered",
        "Ana P.",
    )


def test_what_comes_in_later_keeps_the_chosen_row_and_its_place(
    home: Path, open_page: Open, qtbot: QtBot, workstation: Workstation
) -> None:
    ids = enter(home / "journal.db", [example(f"user-{number}", ACCEPTED) for number in range(40)], NOW)
    page = open_page(40)
    page.table.setCurrentIndex(page.model.index(20, 0))
    page.table.scrollTo(page.model.index(30, 0))
    top = shown_entry(page, page.table.rowAt(0)).id
    enter(home / "journal.db", (example("later", ACCEPTED), example("still.later", ACCEPTED)), NOW)
    with qtbot.waitSignal(page.model.listed):
        page.refresh()
    assert page.model.rowCount() == 42
    assert shown_entry(page, page.table.currentIndex().row()).id == ids[20]
    assert shown_entry(page, page.table.rowAt(0)).id == top


@pytest.fixture
def mixed(home: Path) -> list[str]:
    """Newest first: one waiting without a known answer, one refused, one accepted and changed, two accepted."""
    return enter(
        home / "journal.db",
        (
            example("open", NO_ANSWER),
            example("refused", REFUSED),
            example("changed", CHANGED, iccid=CHANGED.differences[0].sent),
            example("one", ACCEPTED),
            example("two", ACCEPTED),
        ),
        NOW,
    )


def test_each_filter_shows_what_its_count_says(mixed: list[str], open_page: Open, qtbot: QtBot) -> None:
    page = open_page(5)
    for shown, count in ((Shown.NEEDS_YOU, 1), (Shown.WAITING, 1), (Shown.DONE, 3), (Shown.ALL, 5)):
        agrees(page, qtbot, shown, count)


def agrees(page: JournalPage, qtbot: QtBot, shown: Shown, count: int) -> None:
    page.bar.show_filter(Filter(shown))
    qtbot.waitUntil(lambda: page.model.rowCount() == count)
    qtbot.waitUntil(lambda: page.bar._results[shown].text().endswith(f" {count}"))


def test_what_has_been_corrected_needs_nobody(
    mixed: list[str], open_page: Open, qtbot: QtBot, home: Path, workstation: Workstation
) -> None:
    connection = dbapi2.connect(str(home / "journal.db"))
    connection.execute("UPDATE submissions SET replaces = ? WHERE id = ?", (mixed[1], mixed[0]))
    connection.commit()
    connection.close()
    page = open_page(5)
    page.show_result(needs_you=True, waiting=True)
    qtbot.waitUntil(lambda: page.model.rowCount() == 0)
    page.show_entry(mixed[1])
    qtbot.waitUntil(lambda: "Nokia" in texts(page) or "Quectel" in texts(page))
    assert page.detail._correct.isHidden()
    QTest.mouseClick(page.detail._after, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.detail.id == mixed[0])


@pytest.mark.parametrize("ending", ["imei", "iccid", "username"])
def test_the_search_finds_the_end_of_an_identifier_and_a_name(
    ending: str, mixed: list[str], open_page: Open, qtbot: QtBot
) -> None:
    page = open_page(5)
    wanted = shown_entry(page, 1).fields[ending][-7:]
    QTest.keyClick(page, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert page.bar.search.hasFocus()
    with qtbot.waitSignal(page.model.listed):
        QTest.keyClicks(page.bar.search, wanted)
    assert [shown_entry(page, row).id for row in range(page.model.rowCount())] == [mixed[1]]


def test_days_count_from_the_stations_midnight() -> None:
    since = Filter(days=Days.TODAY).query(NOW).since
    week = Filter(days=Days.WEEK).query(NOW).since
    assert since is not None
    assert week is not None
    assert since <= NOW < since + timedelta(days=1)
    assert (since.astimezone().hour, since.astimezone().minute) == (0, 0)
    assert (since.date() - week.date()).days == 6
    assert Filter().query(NOW).since is None


def test_an_empty_log_teaches(open_page: Open) -> None:
    page = open_page(0)
    assert page._empty.isVisible()


def test_a_search_without_a_find_says_so_and_leads_back(mixed: list[str], open_page: Open, qtbot: QtBot) -> None:
    page = open_page(5)
    with qtbot.waitSignal(page.model.listed):
        page.bar.search.setText("nobody")
    assert page._none.isVisible()
    assert "nobody" in "".join(label.text() for label in page._none.findChildren(Text))
    with qtbot.waitSignal(page.model.listed):
        page._none.pressed.emit()
    assert page.model.rowCount() == 5
    assert page.bar.search.text() == ""


def test_a_journal_that_cannot_be_read_is_said_and_tried_again(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    dressed(qapp)
    path = tmp_path / "journal.db"
    path.write_bytes(b"no journal at all" * 1000)
    model = JournalModel(lambda: Journal.open(path), lambda: NOW, qapp)
    reads: tuple[Callable[[], None], ...] = (lambda: model.show_query(Filter().query(NOW)), model.refresh)
    for read in reads:
        with never_blocking(), qtbot.waitSignal(model.failed) as told:
            read()
        assert told.args[0].code == "journal.unusable"
    path.unlink()
    with never_blocking(), qtbot.waitSignal(model.listed):
        model.refresh()


# The panel


def choose(page: JournalPage, qtbot: QtBot, row: int) -> None:
    page.table.setFocus()
    page.table.setCurrentIndex(page.model.index(row, 0))
    wanted = shown_entry(page, row).id
    qtbot.waitUntil(lambda: page.detail._entry is not None and page.detail._entry.id == wanted)


def test_the_panel_masks_until_it_is_asked_and_again_when_it_is_left(
    mixed: list[str], open_page: Open, qtbot: QtBot
) -> None:
    page = open_page(5)
    choose(page, qtbot, 1)
    imei, tail = shown_entry(page, 1).fields["imei"], shown_entry(page, 1).fields["imei"][-4:]
    assert f"•••{tail}" in texts(page)
    page.detail._reveal.click()
    assert imei in texts(page).replace(" ", "")
    choose(page, qtbot, 3)
    assert not page.detail._reveal.isChecked()
    page.detail._reveal.click()
    page.hide()
    page.show()
    assert not page.detail._reveal.isChecked()
    assert shown_entry(page, 3).fields["imei"] not in texts(page).replace(" ", "")


def test_the_panel_says_what_the_gate_refused_field_by_field(mixed: list[str], open_page: Open, qtbot: QtBot) -> None:
    page = open_page(5)
    choose(page, qtbot, 1)
    assert "Username: A user with this name already exists." in texts(page)
    assert page.detail._correct.isVisible()
    with qtbot.waitSignal(page.correct) as wish:
        page.detail._correct.click()
    assert wish.args[0].id == mixed[1]


def test_a_value_the_gate_changed_stands_beside_what_was_sent(mixed: list[str], open_page: Open, qtbot: QtBot) -> None:
    page = open_page(5)
    choose(page, qtbot, 2)
    page.detail._reveal.click()
    sides = [spoken_name(side) for side in page.detail.findChildren(Compared)]
    assert sides == [CHANGED.differences[0].sent, CHANGED.differences[0].stored]
    assert "Register again before 2027-11-22." in texts(page)
    assert "reg-20481" in texts(page)


def test_cancelling_asks_in_place_and_only_then_happens(
    home: Path, open_page: Open, qtbot: QtBot, workstation: Workstation
) -> None:
    enter(home / "journal.db", (example("waiting"),), NOW)
    page = open_page(1)
    choose(page, qtbot, 0)
    page.detail._cancel.click()
    assert page.detail._no.hasFocus()
    page.detail._no.click()
    assert page.detail._yes.isHidden()
    assert shown_entry(page, 0).state is State.QUEUED
    page.detail._cancel.click()
    page.detail._yes.click()
    qtbot.waitUntil(lambda: page.detail._entry is not None and page.detail._entry.state is State.CANCELLED)
    assert page.detail._cancel.isHidden()


def test_what_may_have_arrived_cannot_be_cancelled(mixed: list[str], open_page: Open, qtbot: QtBot) -> None:
    page = open_page(5)
    choose(page, qtbot, 0)
    assert shown_entry(page, 0).state is State.UNKNOWN
    assert page.detail._cancel.isHidden()


def test_trying_now_lifts_the_pause(home: Path, open_page: Open, qtbot: QtBot, workstation: Workstation) -> None:
    enter(home / "journal.db", (example("held", HELD),), NOW)
    page = open_page(1)
    choose(page, qtbot, 0)
    assert page.detail._retry.isVisible()
    page.detail._retry.click()
    qtbot.waitUntil(lambda: page.detail._entry is not None and page.detail._entry.state is State.QUEUED)


# Keys and names


def test_the_keys_lead_from_the_search_to_the_panel_and_back(mixed: list[str], open_page: Open, qtbot: QtBot) -> None:
    page = open_page(5)
    page.bar.search.setFocus()
    QTest.keyClick(page.bar.search, Qt.Key.Key_Down)
    assert page.table.hasFocus()
    assert page.table.currentIndex().row() == 0
    qtbot.waitUntil(page.detail.isVisible)
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: page.detail.id == mixed[1])
    QTest.keyClick(page.table, Qt.Key.Key_Escape)
    assert page.detail.isHidden()
    assert page.table.hasFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    qtbot.waitUntil(page.detail.isVisible)


def test_escape_empties_the_search_first(mixed: list[str], open_page: Open, qtbot: QtBot) -> None:
    page = open_page(5)
    page.bar.search.setFocus()
    QTest.keyClicks(page.bar.search, "maria")
    QTest.keyClick(page.bar.search, Qt.Key.Key_Escape)
    assert page.bar.search.text() == ""


def test_every_part_has_a_name_and_is_reached_by_tab(mixed: list[str], open_page: Open, qtbot: QtBot) -> None:
    page = open_page(5)
    choose(page, qtbot, 1)
    qtbot.waitUntil(page.detail.isVisible)
    reachable = focusable(page)
    assert [widget for widget in reachable if not spoken_name(widget)] == []
    page.bar.search.setFocus()
    visited = {QApplication.focusWidget()}
    for _ in range(3 * len(reachable)):
        press(Qt.Key.Key_Tab)
        visited.add(QApplication.focusWidget())
    assert [spoken_name(widget) for widget in set(reachable) - visited] == []


def test_the_arrows_choose_another_result(mixed: list[str], open_page: Open, qtbot: QtBot) -> None:
    page = open_page(5)
    chosen = page.bar._results[Shown.ALL]
    chosen.setFocus()
    QTest.keyClick(chosen, Qt.Key.Key_Left)
    assert page.bar.filter.shown is Shown.DONE
    assert page.bar._results[Shown.DONE].hasFocus()
    qtbot.waitUntil(lambda: page.model.rowCount() == 3)


def test_an_invalid_index_opens_nothing(open_page: Open) -> None:
    page = open_page(0)
    page.table.activated.emit(QModelIndex())
    assert page.detail.isHidden()
