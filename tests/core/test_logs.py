"""The program's log and crash reports: structured, bounded, and without a value, whatever is handed to them."""

from __future__ import annotations

import errno
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import log_file, logs
from app.crashes import recorded
from app.errors import WorkstationError
from app.logs import LEVELS, masked, start_log, stop_log
from app.masked import Identifier, Secret
from app.paths import paths

IMEI, TOKEN = "490154203237518", "gst_canary_7Qx-token"


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "log"
    handler = start_log(path, logging.DEBUG)
    yield path
    stop_log(handler)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_each_line_is_an_object_with_the_same_keys(file: Path) -> None:
    logging.getLogger("app.work").info("submission %s: attempt %d", "3f2a91bc-0000-4000-8000-12345678abcd", 2)
    (line,) = lines(file)
    assert set(line) == {"at", "level", "logger", "thread", "message"}
    assert line["at"].endswith("Z")
    assert line["message"] == "submission 3f2a91bc-0000-4000-8000-12345678abcd: attempt 2"


@pytest.mark.parametrize(
    "value",
    [
        {"Authorization": f"Bearer {TOKEN}"},
        httpx.Headers({"authorization": f"Bearer {TOKEN}"}),
        httpx.Request("POST", "https://gate", headers={"X": TOKEN}, content=TOKEN.encode()),
        json.dumps({"password": TOKEN}).encode(),
        [TOKEN],
        (TOKEN,),
        Secret(TOKEN),
        ValueError(TOKEN),
        Path,
    ],
)
def test_no_header_and_no_body_is_written_whoever_logs_it(file: Path, value: object) -> None:
    for name in ("app.gate", "ui", "stranger"):
        logging.getLogger(name).warning("sent %s", value)
        logging.getLogger(name).warning(value)
        logging.getLogger(name).warning("sent %r and %s", value, 1)
    assert len(lines(file)) == 9
    assert TOKEN not in file.read_text()


def test_of_others_only_the_place_is_written_and_only_from_a_warning_on(file: Path) -> None:
    logging.getLogger("keyring.backend").debug("token %s", TOKEN)
    logging.getLogger("httpcore.http11").debug("send_request_headers %s", TOKEN)
    logging.getLogger("httpx").info("HTTP Request: %s", TOKEN)
    logging.getLogger("stranger").warning("cell %s", TOKEN)
    told = lines(file)
    assert [line["logger"] for line in told] == ["stranger"]
    assert told[0]["message"].startswith("said at tests/core/test_logs.py:")
    assert logging.getLogger("httpx").level == logging.getLogger("httpcore").level == logging.WARNING


def test_an_error_is_told_by_its_kind_and_places_not_its_words(file: Path) -> None:
    def inner() -> None:
        raise KeyError(IMEI)

    try:
        try:
            inner()
        except KeyError as fault:
            raise WorkstationError(f"No {TOKEN}.", remedy=TOKEN, detail=TOKEN) from fault
    except WorkstationError:
        logging.getLogger("app").exception("it failed")
    (line,) = lines(file)
    said = "\n".join(line["error"])
    assert "app.errors.WorkstationError station.error" in said
    assert "builtins.KeyError" in said
    assert "tests/core/test_logs.py:" in said
    assert " inner" in said
    assert IMEI not in said
    assert TOKEN not in said


@pytest.mark.parametrize(
    "text",
    [
        IMEI,
        f"+{IMEI}",
        "490154 203237 518",
        "+52 55 1234 5678",
        "89 52 02 00 00 12 34 56 78 4",
        f"imei={IMEI},",
        "4A0154F203",
    ],
)
def test_long_numbers_are_masked_however_they_are_grouped(text: str) -> None:
    assert not any(part.isdigit() and len(part) > 4 for part in masked(f"it is {text}").split())
    assert text not in masked(f"it is {text}")


@pytest.mark.parametrize("text", ["attempt 3 of 12", "in 1234567 ms", "COM7", "ttyUSB12", "2026-11-25", "2.4 GHz 5 1"])
def test_what_is_no_identifier_stays_readable(text: str) -> None:
    assert masked(text) == text


@given(st.text(alphabet="0123456789", min_size=8, max_size=22), st.sampled_from(["", " "]))
def test_no_identifier_passes(digits: str, gap: str) -> None:
    grouped = gap.join(digits[at : at + 3] for at in range(0, len(digits), 3)) if gap else digits
    assert grouped not in masked(f"read {grouped} now")


def test_masked_values_mask_themselves(file: Path) -> None:
    logging.getLogger("app").info("%s %s", Identifier(IMEI), Secret(TOKEN))
    assert lines(file)[0]["message"] == "•••••••••••7518 ••••••••"


def test_the_log_rotates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (log_file.MAX_BYTES, log_file.OLD) == (1_000_000, 4)
    monkeypatch.setattr(log_file, "MAX_BYTES", 2_000)
    handler = start_log(tmp_path / "log")
    try:
        for number in range(200):
            logging.getLogger("app").info("line %d", number)
    finally:
        stop_log(handler)
        kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept == ["log", *(f"log.{number}" for number in range(1, 5))]


PROGRAM = """
import sys, threading, gc, faulthandler, warnings
from app.crashes import recorded, tell_on_stderr
from app.logs import LEVELS
from app.paths import paths
SECRET = sys.stdin.readline().strip()
class Held:
    def __del__(self):
        raise ValueError(SECRET)
def on_thread():
    raise ValueError(SECRET)
with recorded(paths(sys.argv[1]), LEVELS["debug"], tell_on_stderr):
    which = sys.argv[2]
    if which == "thread":
        thread = threading.Thread(target=on_thread, name=SECRET); thread.start(); thread.join()
    elif which == "unraisable":
        held = Held(); del held; gc.collect()
    elif which == "warning":
        warnings.warn(SECRET)
    elif which == "crash":
        faulthandler._sigabrt()
    else:
        on_thread()
"""


@pytest.mark.parametrize(
    ("which", "code"), [("main", 1), ("thread", 0), ("unraisable", 0), ("warning", 0), ("crash", None)]
)
def test_what_nothing_caught_is_told_without_a_value(tmp_path: Path, which: str, code: int | None) -> None:
    (tmp_path / "logs").mkdir()
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path), which], input=f"{IMEI}\n", capture_output=True, text=True,
        check=False, cwd=Path(logs.__file__).parents[1],
    )  # fmt: skip
    # A crash is a signal or a status of the system.
    assert ended.returncode == code if code is not None else ended.returncode not in {0, 1}
    kept = "".join(path.read_text() for path in sorted((tmp_path / "logs").iterdir()))
    assert IMEI not in kept + ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
    if which == "crash":
        assert "Fatal Python error: Aborted" in kept
        return
    if which == "warning":
        assert [line["message"] for line in lines(tmp_path / "logs" / "gate-station.log")] == [
            "UserWarning at <string>:19"
        ]
        assert ended.stderr == ""
        return
    assert ended.stderr == "gate-station: something went wrong: ValueError. The log has details.\n"
    (line,) = lines(tmp_path / "logs" / "gate-station.log")
    assert line["level"] == "CRITICAL"
    assert line["error"][0] == "builtins.ValueError"


def test_a_folder_that_takes_no_crash_file_stops_nothing(tmp_path: Path) -> None:
    where = paths(tmp_path)
    where.log.mkdir()
    where.crash_file.mkdir()
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    try:
        with recorded(where, LEVELS["info"], lambda _: None):
            logging.getLogger("app").info("it goes on")
        said = [line["message"] for line in lines(where.log_file)]
        fault = errno.EACCES if sys.platform == "win32" else errno.EISDIR
        assert said == [f"crashes cannot be written down: {os.strerror(fault)}", "it goes on"]
    finally:
        sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
