"""Submissions with every sort of outcome, entered and settled in a real journal: for pictures of the log."""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct, field

from app.identifiers import luhn
from app.journal.link import Backoff, Route
from app.journal.outbox import Journal
from app.journal.records import Ended
from app.provisioning.outcome import Difference, FieldMessage, Outcome, Result
from app.provisioning.submission import Submission, encode_body
from app.provisioning.workflows import ROWS as WORKFLOWS

ROUTE = Route("https://gate.example.com/api/v1", 0)


class Example(Struct, frozen=True):
    """One submission and the outcomes of its attempts; without any it stays queued."""

    workflow: str
    manufacturer: str
    model: str
    username: str
    outcomes: Sequence[Outcome] = ()
    extra: Mapping[str, str] = field(default_factory=dict)


ACCEPTED = Outcome(Result.ACCEPTED, "gate.accepted", "", 201)
REFUSED = Outcome(
    Result.REJECTED,
    "gate.rejected",
    "The gate refused it. Username: A user with this name already exists.",
    400,
    problems=(
        FieldMessage("username", "A user with this name already exists."),
        FieldMessage("user_class", '"gold" is not a valid choice.'),
    ),
)
CONFLICT = Outcome(
    Result.CONFLICT,
    "gate.conflict",
    "The gate already has this. This device is already registered.",
    409,
    problems=(FieldMessage("", "This device is already registered."),),
)
NO_ANSWER = Outcome(Result.UNKNOWN, "gate.no-answer", "The gate took the request and gave no answer in time.")
OFFLINE = Outcome(Result.UNREACHABLE, "gate.unreachable", "The gate's name was not found; the network may be down.")
BROKEN = Outcome(Result.FAILED, "gate.failed", "The gate met a fault of its own.", 503)
HELD = Outcome(Result.HELD, "gate.token-refused", "The gate did not accept the stored token.", 401)
ICCID = "8952020000123456784"
CHANGED = Outcome(
    Result.ACCEPTED,
    "gate.accepted",
    "",
    201,
    answer={
        "registration_id": "reg-20481",
        "status": "active",
        "iccid": "89520200000123456784",
        "expires_at": "2027-11-22T00:00:00Z",
    },
    differences=(Difference("iccid", ICCID, "89520200000123456784"),),
    expires_at="2027-11-22T00:00:00Z",
)

EXAMPLES: tuple[Example, ...] = (
    Example("register-device", "Nokia", "2720 Flip", "ana.gil", (REFUSED,)),
    Example(
        "register-device", "Quectel", "EC25", "maria.lopez", (CHANGED,), {"iccid": ICCID, "number": "+525512345678"}
    ),
    Example("register-device", "Huawei", "E3372", "j.ortega", (ACCEPTED,)),
    Example("plan-change", "", "", "r.santos", (ACCEPTED,), {"user_class": "premium"}),
    Example("register-device", "Samsung", "SM-A156", "l.fernandez", (ACCEPTED,)),
    Example("sim-replacement", "Telit", "LE910", "k.novak", (BROKEN, ACCEPTED)),
    Example("register-device", "SIMCom", "SIM7600", "p.romero", (CONFLICT,)),
    Example("register-device", "Sierra Wireless", "EM7455", "t.ueda", (ACCEPTED,)),
    Example("register-device", "u-blox", "SARA-R410M", "d.weiss", (ACCEPTED,)),
    Example("crm-link", "", "", "CRM-20418", (ACCEPTED,)),
)
"""Settled ones, as a shift leaves them."""
OPEN: tuple[Example, ...] = (
    Example("register-device", "Huawei", "E3372", "b.mendez"),
    Example("sim-replacement", "Quectel", "EC25", "h.aguilar"),
    Example("register-device", "Quectel", "EC25", "v.castillo", (NO_ANSWER,)),
)
"""What waits once the gate has gone."""
LONG = Example(
    "register-device",
    "Manufacturer With A Name Of Nearly Sixty Letters In All Here",
    "Model With A Long Name 5G Global Edition Revision B",
    "maria-fernanda.gutierrez-hernandez.de.la.torre@stores.example",
    (ACCEPTED,),
)


def fill(path: Path, examples: Sequence[Example], now: datetime, *, minutes: int = 7) -> list[str]:
    """Enter and settle `examples` in the journal at `path`, the first one last, `minutes` apart. Gives their ids
    in the order given. What an example leaves open when its outcomes have run out stays open."""
    clock = _Clock(now - timedelta(minutes=minutes * len(examples)))
    journal = Journal.open(path, now=clock)
    dice = random.Random(len(examples))
    lease = journal.acquire_lease("examples")
    ids = []
    try:
        for example in reversed(examples):
            submission = _submission(example, clock.at, dice)
            journal.add(submission)
            ids.append(submission.id)
            for outcome in example.outcomes:
                clock.forward(timedelta(seconds=2))
                claimed = journal.claim(lease, 1)
                clock.forward(timedelta(milliseconds=dice.randrange(90, 900)))
                ended = [Ended(each, outcome, ROUTE) for each in claimed]
                journal.finish(lease, ended, backoff=Backoff(1.0, 300.0, lambda: 0.5))
            clock.forward(timedelta(minutes=minutes))
        if journal.link().pause:
            journal.hold_open()
    finally:
        journal.close()
    return ids[::-1]


class _Clock:
    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, by: timedelta) -> None:
        self.at += by


def _submission(example: Example, at: datetime, dice: random.Random) -> Submission:
    """A submission as the form would make it, with an IMEI of its own."""
    workflow = WORKFLOWS[example.workflow]
    body = f"35693803{dice.randrange(10**6):06d}"
    made = {
        "imei": body + luhn.check_digit(body),
        "iccid": f"8952020000{dice.randrange(10**9):09d}",
        "imsi": f"334020{dice.randrange(10**9):09d}",
        "device_brand": example.manufacturer,
        "device_model": example.model,
        "username": example.username,
        "user_external_id": example.username,
        "user_class": "standard",
        **example.extra,
    }
    wanted = [key for key in workflow.fields if made.get(key)]
    if not example.manufacturer:
        wanted = [key for key in wanted if key not in {"iccid", "imsi"}]
    fields = {key: made[key] for key in wanted if key != "user_external_id" or workflow.name == "crm-link"}
    typed = {"username", "user_external_id", "user_class", "number"}
    device = {"manufacturer": example.manufacturer, "model": example.model} if example.manufacturer else {}
    return Submission(
        id=str(uuid.UUID(int=dice.getrandbits(128), version=4)),
        kind=workflow.kind,
        workflow=workflow.name,
        created_at=at,
        operator="Ana P.",
        consent="employer-owned",
        body=encode_body(fields, "fields"),
        fields=fields,
        origins={key: "typed" if key in typed else "device" for key in fields},
        secret_fields=(),
        order_keys=(f"imei:{fields['imei']}",) if "imei" in fields else (),
        device=device,
    )
