"""MSISDN: `+` and 7 to 15 digits (ITU-T E.164); the phonenumbers library knows the numbering plans.

It is loaded where it is used: the window's start need not wait for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.identifiers.text import is_digits
from app.identifiers.verdict import Finding, Grade, Offer, Verdict
from app.masked import Identifier

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

SHORTEST = 7
LONGEST = 15

CHARACTERS = Finding(Grade.ERROR, "msisdn.characters", "A number has digits only, with a + in front.")
NO_COUNTRY_CODE = Finding(Grade.WARNING, "msisdn.no-country-code", "The number has no + and country code.")
NOT_E164 = Finding(
    Grade.WARNING, "msisdn.not-e164", "The number holds digits that are dialled inside the country only."
)
NOT_IN_PLAN = Finding(Grade.WARNING, "msisdn.not-in-plan", "No country's numbering plan has such a number.")

_PUNCTUATION = r"[\s\u200b-\u200f\u202a-\u202e\u2060\ufeff()./\-\u2010-\u2015]"
"""What people and contact lists put between digits, direction marks included."""


def load_plans() -> None:
    """Load the numbering plans now; otherwise the first number waits for them. Takes some 30 ms."""
    import phonenumbers  # noqa: F401 - loaded once, for all that follows


def check(text: str, *, region: str | None = None) -> Verdict:
    """Judge a number. `region` (ISO 3166 alpha-2) is the SIM's or the station's country, where it is known.

    Without a country code the value stays as given, with the E.164 form on offer; digits are never changed
    silently. A number no plan knows is a warning: plans grow faster than the library.
    """
    characters = re.sub(_PUNCTUATION, "", text)
    digits = characters.removeprefix("+")
    if not is_digits(digits):
        return Verdict(None, (CHARACTERS,))
    forms = tuple(dict.fromkeys(_e164_forms(characters, region)))
    offers = tuple(
        Offer("msisdn.e164", "Write it with + and country code", Identifier(form))
        for form in forms
        if form != characters
    )
    if not SHORTEST <= len(digits) <= LONGEST and not offers:
        message = f"A number has 7 to 15 digits; this has {len(digits)}."
        return Verdict(None, (Finding(Grade.ERROR, "msisdn.length", message),))
    value = Identifier(characters)
    if not characters.startswith("+"):
        return Verdict(value, (NO_COUNTRY_CODE,), offers)
    if offers:
        return Verdict(value, (NOT_E164,), offers)
    return Verdict(value, () if forms else (NOT_IN_PLAN,))


def group(text: str) -> str:
    """For reading aloud, as its country groups it: `+44 20 7946 0958`; an unknown number stays as it is."""
    import phonenumbers

    number = _parsed(text, None)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL) if number else text


def _e164_forms(characters: str, region: str | None) -> Iterator[str]:
    """Every E.164 form the text can stand for, the likeliest first."""
    import phonenumbers

    readings = [(characters, region)]
    if not characters.startswith("+"):
        # Modems often drop the plus, dialling lists write 00.
        readings.append((f"+{characters.removeprefix('00')}", None))
    for reading, country in readings:
        if number := _parsed(reading, country):
            yield phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _parsed(text: str, region: str | None) -> PhoneNumber | None:
    """The number, where a numbering plan has it."""
    import phonenumbers

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None
