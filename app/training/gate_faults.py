"""Every way the training gate can be told to fail, as a table."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum

from msgspec import Struct, field
from msgspec.structs import replace


class Way(StrEnum):
    """How an answer travels."""

    WHOLE = "whole"
    CUT = "cut"
    """Half of the body, then the connection ends."""
    RESET = "reset"
    """No byte; the connection is reset."""
    STALL = "stall"
    """Whole, but only after the gate's `stall_s`."""
    DRIP = "drip"
    """Whole, a byte each `drip_s`, from the first byte of the status line."""


class Answer(Struct, frozen=True):
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    way: Way = Way.WHOLE


Change = Callable[[Answer, datetime], Answer]


class Behaviour(Struct, frozen=True):
    """One row: what staff see it called, whether the request is dealt with before the fault, and what becomes of
    the answer. Without `stores` the change is given an empty answer."""

    label: str
    stores: bool
    change: Change


class Fault(StrEnum):
    """Names of the faults. A closed door (connections refused) is `TrainingGate.close_door`."""

    NONE = "none"
    RESET_BEFORE = "reset-before"
    LOST_ANSWER = "lost-answer"
    CUT = "cut"
    STALL = "stall"
    DRIP = "drip"
    SERVER_ERROR = "500"
    BAD_GATEWAY = "502"
    UNAVAILABLE = "503"
    GATEWAY_TIMEOUT = "504"
    REQUEST_TIMEOUT = "408"
    TOO_EARLY = "425"
    BUSY_SECONDS = "429-seconds"
    BUSY_DATE = "429-date"
    BUSY = "429"
    REFUSED = "400"
    UNAUTHORIZED = "401"
    FORBIDDEN = "403"
    NOT_FOUND = "404"
    NOT_ALLOWED = "405"
    CONFLICT = "409"
    PORTAL = "portal"
    REDIRECT = "redirect"
    EMPTY = "empty"
    TRUNCATED = "truncated"
    WRONG_TYPE = "wrong-type"
    OVERSIZE = "oversize"
    ICCID_CHANGED = "iccid-changed"


RETRY_AFTER_S = 2
ELSEWHERE = "http://portal.example/login"


def answer_json(status: int, value: object, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(status, json.dumps(value).encode(), {"Content-Type": "application/json", **(headers or {})})


def _says(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Change:
    return lambda _, __: answer_json(status, {"detail": detail}, headers)


def _page(status: int, title: str) -> Change:
    page = f"<!doctype html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return lambda _, __: Answer(status, page.encode(), {"Content-Type": "text/html; charset=utf-8"})


def _travels(way: Way) -> Change:
    return lambda answer, _: replace(answer, way=way)


def _busy_until(_: Answer, now: datetime) -> Answer:
    until = format_datetime(now + timedelta(seconds=RETRY_AFTER_S), usegmt=True)
    return answer_json(429, {"detail": "Request was throttled."}, {"Retry-After": until})


def _iccid_changed(answer: Answer, _: datetime) -> Answer:
    """As in the update document's example: the tenth digit comes back twice."""
    record = json.loads(answer.body)
    if "iccid" in record:
        iccid = record["iccid"]
        record["iccid"] = iccid[:10] + iccid[9:]
    return answer_json(answer.status, record, answer.headers)


FAULTS: Mapping[Fault, Behaviour] = {
    Fault.NONE: Behaviour("Works", True, lambda answer, _: answer),
    Fault.RESET_BEFORE: Behaviour("Connection reset before the request is read", False, _travels(Way.RESET)),
    Fault.LOST_ANSWER: Behaviour("Stored, but the answer is lost", True, _travels(Way.RESET)),
    Fault.CUT: Behaviour("Stored, but the answer is cut", True, _travels(Way.CUT)),
    Fault.STALL: Behaviour("Stored, but no answer for long", True, _travels(Way.STALL)),
    Fault.DRIP: Behaviour("Stored, but the answer comes byte by byte", True, _travels(Way.DRIP)),
    Fault.SERVER_ERROR: Behaviour("Internal error (500)", False, _page(500, "Server Error (500)")),
    Fault.BAD_GATEWAY: Behaviour("Bad gateway (502)", False, _page(502, "502 Bad Gateway")),
    Fault.UNAVAILABLE: Behaviour(
        "Out of service (503)", False, _says(503, "Maintenance.", {"Retry-After": str(RETRY_AFTER_S)})
    ),
    Fault.GATEWAY_TIMEOUT: Behaviour("Gateway time-out (504)", False, _page(504, "504 Gateway Time-out")),
    Fault.REQUEST_TIMEOUT: Behaviour("Request time-out (408)", False, _says(408, "Request Timeout")),
    Fault.TOO_EARLY: Behaviour("Too early (425)", False, _says(425, "Too Early")),
    Fault.BUSY_SECONDS: Behaviour(
        "Busy, wait some seconds (429)",
        False,
        _says(429, "Request was throttled.", {"Retry-After": str(RETRY_AFTER_S)}),
    ),
    Fault.BUSY_DATE: Behaviour("Busy until a time (429)", False, _busy_until),
    Fault.BUSY: Behaviour("Busy, without saying how long (429)", False, _says(429, "Request was throttled.")),
    Fault.REFUSED: Behaviour(
        "Refuses the user class (400)", False, lambda _, __: answer_json(400, {"user_class": ["Unknown class."]})
    ),
    Fault.UNAUTHORIZED: Behaviour("Token refused (401)", False, _says(401, "Invalid token.")),
    Fault.FORBIDDEN: Behaviour(
        "Not permitted (403)", False, _says(403, "You do not have permission to perform this action.")
    ),
    Fault.NOT_FOUND: Behaviour("Wrong address (404)", False, _page(404, "Not Found")),
    Fault.NOT_ALLOWED: Behaviour("Wrong method (405)", False, _says(405, 'Method "POST" not allowed.')),
    Fault.CONFLICT: Behaviour("Already registered (409)", False, _says(409, "Device already registered.")),
    Fault.PORTAL: Behaviour("A sign-in page answers instead", False, _page(200, "Welcome to the guest network")),
    Fault.REDIRECT: Behaviour(
        "Redirect to another host", False, lambda _, __: Answer(302, b"", {"Location": ELSEWHERE})
    ),
    Fault.EMPTY: Behaviour("Stored, but the answer is empty", True, lambda answer, _: replace(answer, body=b"")),
    Fault.TRUNCATED: Behaviour(
        "Stored, but the record is truncated",
        True,
        lambda answer, _: replace(answer, body=answer.body[: len(answer.body) // 2]),
    ),
    Fault.WRONG_TYPE: Behaviour(
        "Stored, but the answer is said to be a page",
        True,
        lambda answer, _: replace(answer, headers={"Content-Type": "text/html"}),
    ),
    Fault.OVERSIZE: Behaviour(
        "Stored, but the answer is over a megabyte",
        True,
        lambda answer, _: replace(answer, body=answer.body[:-1] + b" " * 1_000_000 + answer.body[-1:]),
    ),
    Fault.ICCID_CHANGED: Behaviour("Stores another ICCID than was sent", True, _iccid_changed),
}
