"""How the journal is kept, over a real keyring: made, lost, recovered, converted, and never replaced by a new one."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.assembly import Workstation
from app.credentials.backends import Backend
from app.credentials.errors import CodeMisspelt, KeyNotOpened, PassphraseWeak
from app.credentials.key_file import KeyFile, key_id
from app.credentials.recovery_code import ALPHABET, last_group, make_code, read_code
from app.credentials.store import CredentialStore, SessionStore, Store
from app.journal import backup, sealing
from app.journal.driver import Connection, connect, export
from app.journal.errors import JournalBusy, KeyMissing, KeyOutOfReach, NoKeyring, NoPassphrase, PassphraseWanted
from app.journal.outbox import Journal
from app.journal.records import Query
from app.journal.salvage import is_sound, salvage
from app.journal.sealing import Form, form_of
from app.masked import Secret
from app.paths import Paths, paths
from app.work.encryption import Encryption
from app.work.keeping import Code, Way
from tests.peers.submissions import Clock, submission

IMEI, USER = "356938035643809", "canary.lopez"
PASSPHRASE = Secret("four words that rhyme not")


def _nowhere() -> Backend:
    raise OSError("no bus")


def no_keyring() -> CredentialStore:
    """The store of a computer on which no keyring can be reached."""
    return CredentialStore("station", name="journal", backend=_nowhere)


class Bench:
    """One home, its keyring, and the setting; each `open` is a start of the program."""

    def __init__(self, home: Path) -> None:
        self.where: Paths = paths(home)
        self.where.prepare()
        self.keyring: Store = SessionStore(name="journal")
        self.wish = "auto"

    def start(self) -> Encryption:
        return Encryption(self.where, keyring=lambda: self.keyring, wish=lambda: self.wish)

    def opened(self) -> tuple[Encryption, Journal]:
        encryption = self.start()
        return encryption, encryption.open(lambda key: Journal.open(self.where.journal, key=key))

    def entered(self) -> Encryption:
        """Started, with one submission."""
        encryption, journal = self.opened()
        journal.add(submission("kept", imei=IMEI, username=USER))
        return encryption

    @property
    def ids(self) -> list[str]:
        encryption, journal = self.opened()
        try:
            return [entry.id for entry in journal.page(Query(), 10)]
        finally:
            encryption.close()

    def canaries(self) -> list[str]:
        """Files of the home in which the identifiers stand in clear."""
        return [
            file.name
            for file in sorted(self.where.data.rglob("*"))
            if file.is_file() and any(text.encode() in file.read_bytes() for text in (IMEI, USER))
        ]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "home")


# The code


def test_a_code_is_read_as_it_was_written_and_forgives_how_it_was_typed() -> None:
    code = make_code()
    assert read_code(code) == code
    assert read_code(Secret(f"  {code.reveal().lower().replace('-', ' ')}\n")) == code
    assert last_group(code).reveal() == code.reveal().split("-")[-1]
    misread = code.reveal().replace("1", "l").replace("0", "O")
    assert read_code(Secret(misread)) == code


def test_every_single_slip_is_told_and_names_its_group() -> None:
    code = make_code().reveal()
    for place, symbol in enumerate(code):
        for other in ALPHABET if symbol != "-" else "":
            if other != symbol:
                with pytest.raises(CodeMisspelt) as told:
                    read_code(Secret(code[:place] + other + code[place + 1 :]))
                assert f": {place // 5 + 1}." in told.value.summary
                assert code not in str(told.value)


def test_codes_are_never_shown_by_their_type() -> None:
    assert make_code().reveal() not in f"{make_code()} {make_code()!r}"


# At rest


def test_nothing_in_clear_stands_in_any_file(bench: Bench) -> None:
    encryption = bench.entered()
    # Open: the write-ahead log and the shared memory are there.
    assert {"journal.db-wal", "journal.db-shm"} <= {file.name for file in bench.where.data.iterdir()}
    assert bench.canaries() == []
    with encryption.alone() as key:
        kept = backup.make(bench.where.journal, 1, key)
    assert kept.stat().st_size > 0
    encryption.close()
    with bench.start().alone() as key:
        assert key is not None
    assert bench.canaries() == []
    assert form_of(bench.where.journal) is Form.SEALED
    # The same in a journal in clear: the search can fail.
    bench.wish = "plain"
    plain = Bench(bench.where.data / "other")
    plain.wish = "plain"
    plain.entered().close()
    assert plain.canaries() == ["journal.db"]


def test_a_sealed_journal_that_is_damaged_is_salvaged_under_the_same_key(bench: Bench) -> None:
    encryption, journal = bench.opened()
    journal.add_all(submission(f"s-{number}", imei=f"{number:015d}") for number in range(300))
    with encryption.alone() as key:
        pass
    encryption.close()
    path = bench.where.journal
    data = bytearray(path.read_bytes())
    middle = len(data) // 2 // 4096 * 4096
    data[middle : middle + 4096] = b"\xa5" * 4096
    path.write_bytes(data)
    assert not is_sound(path, key)
    told = salvage(path, Clock().now(), key)
    assert told.recovered > 200
    assert is_sound(path, key)
    assert form_of(path) is Form.SEALED


# Losing the key, and coming back


def test_a_lost_key_is_asked_for_and_the_code_puts_it_back(bench: Bench) -> None:
    encryption = bench.entered()
    code = encryption.new_code()
    encryption.close()
    bench.keyring = SessionStore(name="journal")
    with pytest.raises(KeyMissing) as told:
        bench.opened()
    assert "recovery code" in told.value.remedy
    again = bench.start()
    with pytest.raises(KeyNotOpened):
        again.recover(make_code())
    assert again.recover(code) is Way.KEYRING
    again.close()
    assert bench.ids == ["kept"]


def test_a_keyring_out_of_reach_is_not_a_lost_one_and_no_new_journal_is_made(bench: Bench) -> None:
    bench.entered().close()
    before = bench.where.journal.read_bytes()
    had, bench.keyring = bench.keyring, no_keyring()
    for wish in ("auto", "keyring", "passphrase", "plain"):
        bench.wish = wish
        with pytest.raises(KeyOutOfReach):
            bench.opened()
    assert bench.where.journal.read_bytes() == before
    bench.keyring = had
    for wish in ("auto", "keyring", "passphrase", "plain"):
        bench.wish = wish
        assert bench.ids == ["kept"]


def test_the_code_opens_a_journal_where_no_keyring_is_left_and_a_passphrase_keeps_it(bench: Bench) -> None:
    encryption = bench.entered()
    code = encryption.new_code()
    encryption.close()
    bench.keyring = no_keyring()
    again = bench.start()
    assert again.recover(code) is Way.SESSION
    again.set_passphrase(PASSPHRASE)
    again.close()
    bench.wish = "passphrase"
    with pytest.raises(PassphraseWanted):
        bench.opened()
    last = bench.start()
    with pytest.raises(KeyNotOpened):
        last.unlock(Secret("another passphrase"))
    last.unlock(PASSPHRASE)
    journal = last.open(lambda key: Journal.open(bench.where.journal, key=key))
    assert journal.entry("kept") is not None
    last.close()


def test_with_a_passphrase_the_keyring_holds_no_key(bench: Bench) -> None:
    encryption = bench.entered()
    assert bench.keyring.load() is not None
    encryption.set_passphrase(PASSPHRASE)
    assert bench.keyring.load() is None
    encryption.close()
    with pytest.raises(PassphraseWanted):
        bench.opened()


def test_a_new_code_makes_the_old_one_worthless_and_only_the_right_one_is_confirmed(bench: Bench) -> None:
    encryption = bench.entered()
    assert encryption.standing().code is Code.NONE
    old = encryption.first_code()
    assert old is not None
    assert encryption.first_code() is None
    new = encryption.new_code()
    assert encryption.standing().code is Code.UNCONFIRMED
    for wrong in (old, make_code()):
        with pytest.raises(KeyNotOpened):
            encryption.confirm(wrong)
    encryption.confirm(new)
    assert encryption.standing().code is Code.KEPT
    text = bench.where.journal_key.read_text()
    assert new.reveal() not in text
    with encryption.alone() as key:
        assert key is not None
        assert key.reveal() not in text
    encryption.new_code()
    assert encryption.standing().code is Code.UNCONFIRMED
    encryption.close()


def test_a_journal_that_is_gone_does_not_cost_the_key_of_the_one_that_may_come_back(bench: Bench) -> None:
    encryption = bench.entered()
    encryption.new_code()
    encryption.close()
    away = bench.where.journal.rename(bench.where.data / "away")
    had, bench.keyring = bench.keyring, SessionStore(name="journal")
    with pytest.raises(KeyMissing):
        bench.opened()
    bench.keyring = had
    assert bench.ids == []
    away.rename(bench.where.journal)
    assert bench.ids == ["kept"]


# The choice


def test_where_no_keyring_works_a_journal_in_clear_is_told_and_noted(bench: Bench) -> None:
    bench.keyring = no_keyring()
    encryption = bench.entered()
    standing = encryption.standing()
    assert (standing.way, standing.unchosen, standing.fresh) == (Way.PLAIN, True, True)
    assert standing.trouble == "No keyring can be reached."
    encryption.close()
    (row, *_) = [row for row in trail(bench) if row[0] == "encryption"]
    assert row[1]["made"] == "plain"
    # A keyring that comes later changes nothing by itself.
    bench.keyring = SessionStore(name="journal")
    assert bench.ids == ["kept"]
    assert form_of(bench.where.journal) is Form.PLAIN
    bench.wish = "plain"
    again, _ = bench.opened()
    assert not again.standing().unchosen
    again.close()


def trail(bench: Bench) -> list[tuple[str, dict[str, str]]]:
    encryption, journal = bench.opened()
    try:
        found = journal._database.read(lambda c: c.execute("SELECT kind, detail FROM audit ORDER BY seq").fetchall())
        return [(row["kind"], json.loads(row["detail"])) for row in found]
    finally:
        encryption.close()


def test_a_setting_that_cannot_be_followed_makes_no_journal(bench: Bench) -> None:
    bench.keyring, bench.wish = no_keyring(), "keyring"
    with pytest.raises(NoKeyring):
        bench.opened()
    bench.wish = "passphrase"
    with pytest.raises(NoPassphrase):
        bench.opened()
    assert not bench.where.journal.exists()
    encryption = bench.start()
    with pytest.raises(PassphraseWeak):
        encryption.set_passphrase(Secret("short"))
    encryption.set_passphrase(PASSPHRASE)
    encryption.open(lambda key: Journal.open(bench.where.journal, key=key))
    assert encryption.standing().way is Way.PASSPHRASE
    encryption.close()


# Encrypting one that is there


@pytest.fixture
def plain(bench: Bench) -> Bench:
    bench.wish = "plain"
    bench.entered().close()
    assert form_of(bench.where.journal) is Form.PLAIN
    return bench


def test_an_old_journal_is_encrypted_where_the_setting_says_so_and_nothing_in_clear_stays(plain: Bench) -> None:
    backup.make(plain.where.journal, 1)
    assert plain.canaries() == ["journal.db", "journal.db.before-step-2"]
    plain.wish = "keyring"
    before = os.umask(0o022)
    try:
        assert plain.ids == ["kept"]
    finally:
        os.umask(before)
    assert plain.where.journal.stat().st_mode & 0o077 == 0
    assert plain.canaries() == []
    encryption, journal = plain.opened()
    assert journal.verify().whole
    assert journal.count(Query(search="canary")) == 1
    encryption.close()


def test_work_goes_on_while_a_journal_is_encrypted_beneath_it(plain: Bench) -> None:
    encryption, journal = plain.opened()
    encryption.encrypt()
    journal.add(submission("after", imei="490154203237518"))
    assert {entry.id for entry in journal.page(Query(), 10)} == {"kept", "after"}
    encryption.close()
    assert sorted(plain.ids) == ["after", "kept"]


def test_a_journal_that_another_window_has_open_is_not_exchanged_beneath_it(plain: Bench) -> None:
    encryption, journal = plain.opened()
    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(plain.where.journal, ready, done))
    other.start()
    try:
        assert ready.wait(30)
        with pytest.raises(JournalBusy):
            encryption.encrypt()
        journal.add(submission("after", imei="490154203237518"))
    finally:
        done.set()
        other.join(30)
    encryption.encrypt()
    encryption.close()
    assert sorted(plain.ids) == ["after", "kept"]


def _hold(path: Path, ready: object, done: object) -> None:
    journal = Journal.open(path)
    ready.set()  # type: ignore[attr-defined]
    done.wait(30)  # type: ignore[attr-defined]
    journal.close()


STEPS = ("_alone", "export", "_compare", "replaced", "forgotten")


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_the_old_journal_or_the_new_one_is_there(plain: Bench, step: str) -> None:
    process = multiprocessing.get_context("spawn").Process(target=_die_at, args=(plain.where.data, step))
    process.start()
    process.join(30)
    assert process.exitcode == 9
    # The next start of the program finds the key where the one that died had put it.
    plain.keyring.save(Secret(KEY))
    assert plain.ids == ["kept"]
    assert form_of(plain.where.journal) is (Form.SEALED if step in {"replaced", "forgotten"} else Form.PLAIN)
    left = {file.name for file in plain.where.data.iterdir() if "sealing" in file.name}
    assert left == set()
    plain.wish = "keyring"
    assert plain.ids == ["kept"]
    assert plain.canaries() == []


KEY = "ab" * 32


def _die_at(home: Path, step: str) -> None:
    plain = Bench(home)
    plain.keyring.save(Secret(KEY))
    encryption, _ = plain.opened()
    place: Any = {"replaced": backup, "forgotten": Journal}.get(step, sealing)
    name = {"replaced": "forget", "forgotten": "note"}.get(step, step)
    work = getattr(place, name)

    def die(*arguments: object) -> None:
        if place is sealing:
            work(*arguments)
        os._exit(9)

    setattr(place, name, die)
    encryption.encrypt()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE submissions SET operator = 'somebody'",
        "DELETE FROM submissions",
        "PRAGMA user_version = 1",
        "CREATE INDEX more ON submissions (operator)",
        "",
    ],
)
def test_a_copy_that_is_not_equal_is_not_taken(plain: Bench, monkeypatch: pytest.MonkeyPatch, sql: str) -> None:
    def falsified(connection: Connection, path: Path, key: Secret) -> None:
        export(connection, path, key)
        copy = connect(path, key)
        if sql:
            copy.execute(sql)
        else:
            # Pages that hold nothing any more, the last of them damaged: no row and no index tells.
            copy.execute("CREATE TABLE more AS SELECT zeroblob(100000)")
            copy.execute("DROP TABLE more")
        copy.close()
        if not sql:
            path.write_bytes(path.read_bytes()[:-100] + b"\xa5" * 100)

    monkeypatch.setattr(sealing, "export", falsified)
    encryption, _ = plain.opened()
    with pytest.raises(Exception, match="not equal"):
        encryption.encrypt()
    encryption.close()
    assert form_of(plain.where.journal) is Form.PLAIN
    assert plain.ids == ["kept"]


# The key file


def test_envelopes_of_another_key_are_put_aside_not_overwritten(tmp_path: Path) -> None:
    from app.credentials.envelopes import put_in, take_out
    from app.credentials.key_file import Kept

    file, first, second = KeyFile(tmp_path / "journal.key"), Secret("01" * 32), Secret("02" * 32)
    file.write(Kept(key_id(first), recovery=put_in(first, Secret("x"), "recovery code")))
    file.write(Kept(key_id(second)))
    assert file.read() == Kept(key_id(second))
    aside = KeyFile(tmp_path / f"journal.key.{key_id(first)}").read()
    assert aside.recovery is not None
    assert take_out(aside.recovery, Secret("x"), "recovery code") == first


# The whole station, with the real keyring


@pytest.fixture
def bus(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    from tests.peers.keyring import unlocked_keyring

    with unlocked_keyring(tmp_path_factory.mktemp("keyring")) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield address


def test_the_real_keyring_keeps_the_key_under_the_stations_name(bus: str, tmp_path: Path) -> None:
    from app.settings import load_settings

    where = paths(tmp_path / "home")
    where.prepare()
    station = Workstation(where, load_settings(where.settings))
    station.open()
    assert station.encryption.standing().way is Way.KEYRING
    code = station.encryption.new_code()
    station.close()
    store = CredentialStore(json.loads(where.station.read_text())["id"], name="journal")
    kept = store.load()
    assert kept is not None
    store.clear()
    lost = Workstation(where, load_settings(where.settings))
    with pytest.raises(KeyMissing):
        lost.open()
    lost.encryption.recover(code)
    lost.open()
    lost.close()
    assert store.load() == kept
