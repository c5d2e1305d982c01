"""The network in use: +COPS? (3GPP TS 27.007 7.3)."""

from __future__ import annotations

import re

from msgspec import Struct

from app.modem.at import Reply
from app.modem.replies.text import decoded, values

_ANSWER = re.compile(
    r"(?P<mode>\d{1,3})\s*(?:,\s*(?P<form>\d{1,3})\s*(?:,\s*(?P<operator>.*?)\s*(?:,\s*(?P<act>\d*))?)?)?"
)
_CODE = re.compile(r"(?!000)[0-9]{5,6}")
"""No country has the code 000 (ITU-T E.212)."""
NUMERIC = 2
NAME_FORMS = frozenset({0, 1})


class Serving(Struct, frozen=True):
    """One answer. `form` is 0 long name, 1 short name, 2 number; None where the device is not registered."""

    mode: int
    form: int | None
    name: str | None
    mccmnc: str | None
    act: int | None


def serving(reply: Reply) -> list[Serving]:
    """Every network named in an answer; a chained command's answer names it in several forms."""
    matches = (_ANSWER.fullmatch(text) for text in values(reply, {"COPS"}, bare=False))
    return [_serving(match) for match in matches if match]


def _serving(match: re.Match[str]) -> Serving:
    form = int(match["form"]) if match["form"] else None
    operator = decoded((match["operator"] or "").strip('" ')).strip() or None
    code = operator if form == NUMERIC and operator and _CODE.fullmatch(operator) else None
    name = operator if form in NAME_FORMS else None
    return Serving(int(match["mode"]), form, name, code, int(match["act"]) if match["act"] else None)
