"""What each answer of the gate means for a submission. Pure: a reply goes in, an Outcome comes out.

The gate documents 201, 400, 401, 409, 422 and 500; the other rows are HTTP's (RFC 9110, RFC 6585).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from app.gate.bodies import Scrub, is_json, messages_in, parse_object
from app.gate.endpoints import Endpoint
from app.gate.reply import NoReply, Reply
from app.provisioning.fields import ROWS as FIELDS
from app.provisioning.outcome import Difference, FieldMessage, Outcome, Result

LONGEST_WAIT_S = 3600.0
"""The most that Retry-After is obeyed: a wrong clock at the gate must not stop a bench for a day."""


class Row(Struct, frozen=True):
    """What a status means. `message` is the operator's sentence; a refusal's goes on with what the gate itself says."""

    result: Result
    code: str
    message: str


ROWS: Mapping[int, Row] = {
    400: Row(Result.REJECTED, "gate.rejected", "The gate refused it."),
    401: Row(Result.HELD, "gate.token-refused", "The gate did not accept the stored token."),
    403: Row(Result.HELD, "gate.forbidden", "The gate does not allow this token to do that."),
    404: Row(Result.HELD, "gate.address-wrong", "There is no such call at the gate's address."),
    405: Row(Result.HELD, "gate.address-wrong", "The gate's address does not take this call."),
    407: Row(Result.FAILED, "gate.proxy", "The proxy of this network asks for a sign-in."),
    408: Row(Result.FAILED, "gate.failed", "The gate did not wait for the whole request."),
    409: Row(Result.CONFLICT, "gate.conflict", "The gate already has this."),
    422: Row(Result.REJECTED, "gate.rejected", "The gate refused it."),
    425: Row(Result.FAILED, "gate.failed", "The gate asks for the request again."),
    429: Row(Result.BUSY, "gate.busy", "The gate asks this station to wait."),
    500: Row(Result.FAILED, "gate.failed", "The gate met a fault of its own."),
    502: Row(Result.FAILED, "gate.failed", "The gate is not running behind its door."),
    503: Row(Result.FAILED, "gate.failed", "The gate is out of service for now."),
    504: Row(Result.FAILED, "gate.failed", "The gate took too long behind its door."),
    511: Row(Result.FAILED, "gate.not-the-gate", "This network asks for a sign-in first; the gate was not reached."),
}
OTHER_4XX = Row(Result.REJECTED, "gate.rejected", "The gate refused it.")
OTHER_5XX = Row(Result.FAILED, "gate.failed", "The gate met a fault of its own.")
NOT_THE_GATE = Row(Result.FAILED, "gate.not-the-gate", "The answer did not come from the gate.")
NO_PROOF = Row(Result.UNKNOWN, "gate.no-proof", "The answer does not prove that the gate stored this; it may have.")


def read(
    reply: Reply | NoReply,
    endpoint: Endpoint,
    *,
    sent: Mapping[str, str],
    secrets: frozenset[str] = frozenset(),
    now: datetime | None = None,
) -> Outcome:
    """The outcome of one attempt. Never raises, whatever the reply holds; only a success status with a JSON
    object is accepted.

    `sent` are the submission's fields without its secrets; `secrets` are texts that must not stand in the outcome
    even if the gate repeats them; `now` (UTC) serves a Retry-After date that comes without a Date header.
    """
    if isinstance(reply, NoReply):
        return Outcome(Result.UNKNOWN if reply.sent else Result.UNREACHABLE, reply.code, reply.message)
    scrub = Scrub(secrets, sent)
    if 200 <= reply.status < 300:  # noqa: PLR2004 - RFC 9110, 15
        return _success(reply, endpoint, sent, scrub)
    if 300 <= reply.status < 400:  # noqa: PLR2004 - RFC 9110, 15
        return _redirect(reply)
    if 400 <= reply.status < 600:  # noqa: PLR2004 - RFC 9110, 15
        return _refusal(reply, scrub, now or datetime.now(UTC))
    return Outcome(NOT_THE_GATE.result, NOT_THE_GATE.code, NOT_THE_GATE.message, reply.status)


def _success(reply: Reply, endpoint: Endpoint, sent: Mapping[str, str], scrub: Scrub) -> Outcome:
    answer = parse_object(reply.body)
    typed = is_json(reply.headers.get("content-type", ""), reply.body)
    if answer is None and reply.body.strip() and not typed:
        return Outcome(NOT_THE_GATE.result, NOT_THE_GATE.code, NOT_THE_GATE.message, reply.status)
    if answer is None or not (typed and reply.whole and reply.status in endpoint.success):
        return Outcome(NO_PROOF.result, NO_PROOF.code, NO_PROOF.message, reply.status)
    differences = differences_of(sent, answer)
    count = len(differences)
    changed = "1 field differs from what was sent." if count == 1 else f"{count} fields differ from what was sent."
    expires_at = answer.get("expires_at")
    return Outcome(
        Result.ACCEPTED,
        "gate.accepted",
        f"The gate stored it. {changed}" if count else "The gate stored it.",
        reply.status,
        answer=scrub.secrets_in(answer),
        differences=differences,
        expires_at=expires_at if isinstance(expires_at, str) and expires_at else None,
    )


def differences_of(sent: Mapping[str, str], answer: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Fields that stand in both and do not say the same, in field order. `answer` has no secrets any more.

    The wire has texts only, so a number in the answer is compared as it is written; null is None and differs.
    """
    return tuple(
        Difference(key, sent[key], stored)
        for key in FIELDS
        if key in sent and key in answer
        if (stored := _text(answer[key])) != sent[key]
    )


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value)


def _redirect(reply: Reply) -> Outcome:
    try:
        host = urlsplit(reply.headers.get("location", "")).hostname or ""
    except ValueError:
        host = ""
    if not re.fullmatch(r"[A-Za-z0-9.:-]{1,253}", host):
        host = "another page"
    return Outcome(
        Result.FAILED, NOT_THE_GATE.code, f"The answer pointed to {host}, which was not followed.", reply.status
    )


def _refusal(reply: Reply, scrub: Scrub, now: datetime) -> Outcome:
    row = ROWS.get(reply.status, OTHER_4XX if reply.status < 500 else OTHER_5XX)  # noqa: PLR2004 - RFC 9110, 15
    problems: tuple[FieldMessage, ...] = ()
    if reply.whole:
        problems = tuple(
            FieldMessage(field, scrub.text(message))
            for field, message in messages_in(reply.body, reply.headers.get("content-type", ""))
        )
    message = row.message
    if problems and row.result in {Result.REJECTED, Result.CONFLICT}:
        first = problems[0]
        label = f"{FIELDS[first.field].label}: " if first.field else ""
        message = f"{message} {label}{first.message}"
    return Outcome(
        row.result,
        row.code,
        message,
        reply.status,
        retry_after_s=retry_after_s(reply.headers, now) if row.result in {Result.BUSY, Result.FAILED} else None,
        problems=problems,
    )


def retry_after_s(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that Retry-After asks for (RFC 9110, 10.2.3: seconds or a date), 0 to LONGEST_WAIT_S; None where
    there is none or it says nothing. A date is counted from the answer's own Date, so that a wrong clock here or
    there does not matter."""
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        return min(float(text), LONGEST_WAIT_S)
    until = _date(text)
    if until is None:
        return None
    wait = (until - (_date(headers.get("date", "")) or now)).total_seconds()
    return min(max(wait, 0.0), LONGEST_WAIT_S)


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        # The standard library's parser meets odd texts with any of these.
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
