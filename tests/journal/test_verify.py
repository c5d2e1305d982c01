"""Verifying a journal: whatever was done to its file behind the program's back is told, and told apart."""

# ruff: noqa: S608 - the statements are the tests' own

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlite3  # type: ignore[import-untyped] # the driver ships no types

from app.journal.audit import seal
from app.journal.errors import JournalUnusable
from app.journal.outbox import Journal
from app.masked import Secret
from tests.journal.trails import KEY, lived, tamper, verified
from tests.peers.submissions import submission

ROWS = 13
COLUMNS = "at, kind, submission, detail, keyed, prev, code"
CONTENT = ("at", "kind", "submission", "detail")

EDIT = ["UPDATE audit SET detail = '{}' WHERE seq = 3"]
DELETE = ["DELETE FROM audit WHERE seq = 4"]
TRUNCATE = ["DELETE FROM audit WHERE seq > 9"]
FORGET = f"UPDATE sqlite_sequence SET seq = (SELECT max(seq) FROM audit) WHERE name = 'audit' AND seq <= {ROWS}"
COPY = [f"INSERT INTO audit ({COLUMNS}) SELECT {COLUMNS} FROM audit WHERE seq = 3"]
SWAP = [
    "UPDATE audit SET seq = 99 WHERE seq = 6",
    "UPDATE audit SET seq = 6 WHERE seq = 7",
    "UPDATE audit SET seq = 7 WHERE seq = 99",
]


def shifted(first: int, by: int) -> list[str]:
    return [
        f"UPDATE audit SET seq = -seq WHERE seq >= {first}",
        f"UPDATE audit SET seq = -seq + {by} WHERE seq < 0",
    ]


def exchanged(one: int, other: int) -> list[str]:
    return [
        "CREATE TABLE kept AS SELECT * FROM audit",
        *(
            f"UPDATE audit SET {name} = (SELECT {name} FROM kept WHERE kept.seq = {there}) WHERE seq = {here}"
            for here, there in ((one, other), (other, one))
            for name in CONTENT
        ),
        "DROP TABLE kept",
    ]


TAMPERED: dict[str, tuple[list[str], dict[str, str]]] = {
    "a detail": (EDIT, {"audit.edited": "row 3 was"}),
    "a time": (["UPDATE audit SET at = '2026-01-01' WHERE seq = 1"], {"audit.edited": "row 1 was"}),
    "the last row": ([f"UPDATE audit SET kind = 'added' WHERE seq = {ROWS}"], {"audit.edited": f"row {ROWS} was"}),
    "a code": (["UPDATE audit SET code = 'x' WHERE seq = 12"], {"audit.edited": "row 12 was"}),
    "a link": (["UPDATE audit SET prev = 'x' WHERE seq = 5"], {"audit.edited": "row 5 was"}),
    "the kind of seal": (["UPDATE audit SET keyed = 77 WHERE seq = 5"], {"audit.edited": "row 5 was"}),
    "a value of another type": (["UPDATE audit SET at = x'00ff' WHERE seq = 5"], {"audit.edited": "row 5 was"}),
    "several": (["UPDATE audit SET at = '' WHERE seq IN (3, 4, 8)"], {"audit.edited": "rows 3 to 4 were"}),
    "one deleted": (DELETE, {"audit.deleted": "row 4 was"}),
    "the first deleted": (["DELETE FROM audit WHERE seq = 1"], {"audit.deleted": "row 1 was"}),
    "a range deleted": (["DELETE FROM audit WHERE seq BETWEEN 4 AND 6"], {"audit.deleted": "rows 4 to 6 were"}),
    "deleted and renumbered": ([*DELETE, *shifted(5, -1)], {"audit.deleted": "row 4 was"}),
    "cut off": (TRUNCATE, {"audit.truncated": "rows 10 to 13"}),
    "the last one cut off": ([f"DELETE FROM audit WHERE seq = {ROWS}"], {"audit.truncated": f"row {ROWS}"}),
    "cut off, the count lowered": ([*TRUNCATE, FORGET], {"audit.truncated": "rows 10 to 13"}),
    "all cut off": (["DELETE FROM audit", FORGET], {"audit.truncated": f"rows 1 to {ROWS}"}),
    "a copy at the end": (COPY, {"audit.inserted": f"row {ROWS + 1} was"}),
    "a copy in the middle": (
        [*COPY, "UPDATE audit SET seq = 99 WHERE seq = 14", *shifted(5, 1), "UPDATE audit SET seq = 5 WHERE seq = 100"],
        {"audit.inserted": "row 5 was"},
    ),
    "before all": ([f"INSERT INTO audit (seq, {COLUMNS}) SELECT 0, {COLUMNS} FROM audit WHERE seq = 2"],
                   {"audit.inserted": "row 0 was"}),
    "neighbours swapped": (SWAP, {"audit.reordered": "row 7 stands at 6"}),
    "contents swapped": (exchanged(2, 9), {"audit.reordered": "rows 2 and 9"}),
    "moved to the end": (["UPDATE audit SET seq = 40 WHERE seq = 5"], {"audit.reordered": "row 5 stands at 40"}),
}  # fmt: skip


@pytest.mark.parametrize("key", [KEY, None])
@pytest.mark.parametrize("what", TAMPERED)
def test_tampering_is_told_apart(path: Path, key: Secret | None, what: str) -> None:
    statements, wanted = TAMPERED[what]
    lived(path, key)
    assert verified(path, key).findings == ()
    tamper(path, *statements)
    report = verified(path, key)
    assert not report.whole
    told = [found for found in report.findings if found.code.startswith("audit.")]
    assert {found.code for found in told} == set(wanted)
    for code, words in wanted.items():
        assert any(words in found.message for found in told if found.code == code)


@pytest.mark.parametrize("what", [what for what in TAMPERED if what != "deleted and renumbered"])
def test_what_was_done_still_shows_after_the_program_has_gone_on(path: Path, what: str) -> None:
    statements, wanted = TAMPERED[what]
    lived(path)
    tamper(path, *statements)
    journal = Journal.open(path, audit_key=lambda: KEY)
    journal.add(submission())
    journal.add(submission())
    journal.close()
    told = {found.code for found in verified(path).findings if found.code.startswith("audit.")}
    # What was at the end stands in the middle now.
    assert told == {"audit.deleted" if code == "audit.truncated" else code for code in wanted}


def resealed(path: Path, first: int, last: int, *, key: Secret | None = None, at: str = "2026-01-01") -> None:
    """As a forger does who knows the program: the row changed, and this and the following sealed anew."""
    connection = sqlite3.connect(path)
    (prev,) = connection.execute("SELECT prev FROM audit WHERE seq = ?", (first,)).fetchone()
    connection.execute("UPDATE audit SET at = ? WHERE seq = ?", (at, first))
    for seq in range(first, last + 1):
        content = connection.execute("SELECT at, kind, submission, detail FROM audit WHERE seq = ?", (seq,)).fetchone()
        code = seal(key, prev, seq, *content)
        connection.execute("UPDATE audit SET prev = ?, code = ?, keyed = 0 WHERE seq = ?", (prev, code, seq))
        prev = code
    connection.commit()
    connection.close()


@pytest.mark.parametrize("key", [KEY, None])
@pytest.mark.parametrize("last", [5, 7])
def test_a_row_that_was_sealed_anew_does_not_fit_the_next(path: Path, key: Secret | None, last: int) -> None:
    lived(path, key)
    resealed(path, 5, last)
    assert [found.message for found in verified(path, key).findings] == [f"Audit row {last} was edited."]


@pytest.mark.parametrize("key", [KEY, None])
def test_an_end_that_was_sealed_anew_does_not_fit_the_head(path: Path, key: Secret | None) -> None:
    lived(path, key)
    resealed(path, 5, ROWS)
    assert {found.code for found in verified(path, key).findings} == ({"audit.head"} if key else {"audit.edited"})


def forged_head(path: Path, seq: int) -> None:
    """The head of a trail that ends at `seq`, made without the key."""
    tamper(
        path,
        f"DELETE FROM audit WHERE seq > {seq}",
        FORGET,
        "UPDATE meta SET value = (SELECT json_array(seq, code, keyed, substr(code, 1, 64)) FROM audit"
        f" WHERE seq = {seq}) WHERE key = 'audit_head'",
    )


@pytest.mark.parametrize("key", [KEY, None])
@pytest.mark.parametrize(
    "change", ["DELETE FROM meta WHERE key = 'audit_head'", "UPDATE meta SET value = '[1, 2]'", ""]
)
def test_a_head_that_is_gone_or_forged_is_told_and_never_built_upon(
    path: Path, key: Secret | None, change: str
) -> None:
    lived(path, key)
    if change:
        tamper(path, change)
    else:
        forged_head(path, 9)
    assert "audit.head" in {found.code for found in verified(path, key).findings}
    journal = Journal.open(path, audit_key=lambda: key)
    journal.set_meta("token_generation", "0")
    journal.add(submission())
    journal.close()
    assert "audit.head" in {found.code for found in verified(path, key).findings}


def test_a_rebuilt_trail_without_a_key_passes_but_not_for_who_kept_a_code(path: Path) -> None:
    """The limit that the decision note names: without a key a forger can make the whole trail anew."""
    lived(path, None)
    kept = verified(path, None).head
    resealed(path, 2, ROWS)
    connection = sqlite3.connect(path)
    (code,) = connection.execute("SELECT code FROM audit ORDER BY seq DESC").fetchone()
    end = f'[{ROWS}, "{code}", 0, "{seal(None, code, "head", ROWS)}"]'
    connection.execute("UPDATE meta SET value = ? WHERE key = 'audit_head'", (end,))
    connection.commit()
    connection.close()
    journal = Journal.open(path)
    assert journal.verify().whole
    assert [found.code for found in journal.verify(kept).findings] == ["audit.code-unknown"]
    journal.close()


def test_a_forger_without_the_key_cannot_make_keyed_rows(path: Path) -> None:
    """All is right but the part that needs the key: rows, links, the key's number, the head."""
    lived(path)
    connection = sqlite3.connect(path)
    (keyed,) = connection.execute("SELECT keyed FROM audit").fetchone()

    def forged(prev: str, *values: object) -> str:
        data = json.dumps([prev, keyed, *values], separators=(",", ":"))
        return hashlib.sha256(data.encode()).hexdigest() + "0" * 32

    connection.execute("UPDATE audit SET at = '2026-01-01' WHERE seq = 5")
    (prev,) = connection.execute("SELECT code FROM audit WHERE seq = 4").fetchone()
    for seq in range(5, ROWS + 1):
        content = connection.execute("SELECT at, kind, submission, detail FROM audit WHERE seq = ?", (seq,)).fetchone()
        code = forged(prev, seq, *content)
        connection.execute("UPDATE audit SET prev = ?, code = ? WHERE seq = ?", (prev, code, seq))
        prev = code
    end = json.dumps([ROWS, prev, keyed, forged(prev, "head", ROWS)])
    connection.execute("UPDATE meta SET value = ? WHERE key = 'audit_head'", (end,))
    connection.commit()
    connection.close()
    report = verified(path)
    assert {found.code for found in report.findings} >= {"audit.head"}
    # Without the key it cannot be told, and that is told.
    report = verified(path, None)
    assert report.whole
    assert [note.code for note in report.notes] == ["audit.key-missing"]


@pytest.mark.parametrize("key", [KEY, None])
def test_a_row_put_behind_the_end_with_a_fitting_seal_never_joins_the_trail(path: Path, key: Secret | None) -> None:
    lived(path, key)
    connection = sqlite3.connect(path)
    (prev,) = connection.execute("SELECT code FROM audit WHERE seq = ?", (ROWS,)).fetchone()
    content = ("2026-01-01", "accepted", "two", "{}")
    row = (ROWS + 1, *content, 0, prev, seal(None, prev, ROWS + 1, *content))
    connection.execute(f"INSERT INTO audit (seq, {COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    connection.commit()
    connection.close()
    told = f"Audit row {ROWS + 1} was inserted."
    assert told in {found.message for found in verified(path, key).findings}
    journal = Journal.open(path, audit_key=lambda: key)
    journal.add(submission())
    journal.close()
    assert told in {found.message for found in verified(path, key).findings}


def test_rows_by_the_thousand_end_the_look(path: Path) -> None:
    journal = Journal.open(path)
    journal.add_all(submission() for _ in range(600))
    journal.close()
    tamper(path, "UPDATE audit SET detail = '{}'")
    assert [found.code for found in verified(path, None).findings] == ["audit.many"]


@pytest.mark.parametrize(
    ("statements", "code", "words"),
    [
        (["UPDATE submissions SET state = 'accepted' WHERE id = 'two'"], "submission.state", "two is accepted"),
        (["UPDATE submissions SET state = 'queued' WHERE id = 'four'"], "submission.state", "four is queued"),
        (["UPDATE submissions SET state = 'held' WHERE id = 'three'"], "submission.state", "three is held"),
        (["UPDATE submissions SET id = 'new' WHERE id = 'two'"], "submission.unaudited", "new has"),
        (["DELETE FROM submissions WHERE id = 'three'"], "submission.removed", "three is gone"),
        (["INSERT INTO order_keys VALUES (4711, 'imei:1')"], "database.reference", "order_keys"),
        (["DELETE FROM search_docsize WHERE id = 2"], "search.damaged", "about 1 submissions"),
    ],
)
def test_submissions_that_do_not_agree_are_named(path: Path, statements: list[str], code: str, words: str) -> None:
    lived(path)
    tamper(path, *statements)
    assert any(found.code == code and words in found.message for found in verified(path).findings)


def test_a_damaged_search_index_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lived(path)
    tamper(path, "UPDATE search_data SET block = zeroblob(length(block)) WHERE id > 10")
    # A small file would be refused when it is opened; a large one is not looked at whole then.
    monkeypatch.setattr("app.journal.database.CHECKED_WHOLE_BELOW", 0)
    assert {found.code for found in verified(path).findings} == {"database.damaged"}


def test_a_damaged_page_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lived(path)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = connection.execute("PRAGMA page_size").fetchone()[0]
    page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'audit'").fetchone()[0]
    connection.close()
    data = bytearray(path.read_bytes())
    data[(page - 1) * size : page * size] = b"\xff" * size
    path.write_bytes(data)
    with pytest.raises(JournalUnusable):
        verified(path)
    monkeypatch.setattr("app.journal.database.CHECKED_WHOLE_BELOW", 0)
    report = verified(path)
    assert "journal.damaged" in {found.code for found in report.findings}
