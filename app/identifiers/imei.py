"""IMEI: TAC 8 + serial 6 + Luhn check digit (3GPP TS 23.003 6.2.1, GSMA TS.06); IMEISV: TAC 8 + serial 6 + SVN 2."""

from __future__ import annotations

from app.identifiers import luhn, meid
from app.identifiers.text import chunks, cleaned, is_digits
from app.identifiers.verdict import Finding, Grade, Offer, Verdict
from app.masked import Identifier

LENGTH = 15
BODY = 14
IMEISV = 16
IMEISV_CHECKED = 17
"""Some modems append a check digit to the IMEISV, or the SVN to the whole IMEI."""

_OFFICES = frozenset(
    {
        *("00", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "30", "33", "35", "44", "45"),
        *("49", "50", "51", "52", "53", "54", "86", "91", "98", "99"),
    }
)
"""Reporting bodies (GSMA TS.06 annex A): the first two digits of a TAC; 00 and 02 to 09 are for test devices."""

CHARACTERS = Finding(Grade.ERROR, "imei.characters", "An IMEI has digits only.")
IS_MEID = Finding(Grade.ERROR, "imei.is-meid", "This is a MEID, the number of a CDMA device, and no IMEI.")
IS_IMEISV = Finding(Grade.ERROR, "imei.is-imeisv", "This is an IMEISV; its last two digits are the software version.")
NO_CHECK_DIGIT = Finding(Grade.ERROR, "imei.length", "The IMEI has 14 digits; the check digit is missing.")
UNPROGRAMMED = Finding(Grade.ERROR, "imei.unprogrammed", "The device holds a filler where its IMEI belongs.")


def from_body(body: str) -> str:
    """Complete the first 14 digits (of an IMEI or IMEISV) with the computed check digit."""
    return body[:BODY] + luhn.check_digit(body[:BODY])


def known_office(digits: str) -> bool:
    """Whether the first two digits are those of a body that allocates or has allocated TACs."""
    return digits[:2] in _OFFICES


def same(one: str, other: str) -> bool:
    """Whether two texts name one device: with or without the check digit, or with a software version."""
    first, second = cleaned(one), cleaned(other)
    bodies = first[:BODY], second[:BODY]
    return bodies[0] == bodies[1] and (len(bodies[0]) == BODY or first == second)


def check(text: str, *, lenient: bool = False) -> Verdict:
    """Judge an IMEI; `lenient` makes a wrong check digit a warning.

    The value is present whenever there are 15 digits, so that a reader can show a bad one marked. Offers: the
    computed digit for 14 digits, the IMEI of an IMEISV, and the computed digit where the last one is the spare
    0 sent over the air (TS 23.003 6.2.1).
    """
    digits = cleaned(text).upper()
    if meid.is_meid(digits):
        return Verdict(None, (IS_MEID,))
    if not is_digits(digits):
        return Verdict(None, (CHARACTERS,))
    if len(digits) >= BODY and len(set(digits[:BODY])) == 1:
        return Verdict(Identifier(digits) if len(digits) == LENGTH else None, (UNPROGRAMMED,))
    return _check_whole(digits, lenient=lenient) if len(digits) == LENGTH else _check_length(digits)


def group(text: str) -> str:
    """For reading aloud: `356938 035643 809`; what is no IMEI stays as it is."""
    digits = cleaned(text)
    return chunks(digits, 6, 6) if is_digits(digits) and len(digits) == LENGTH else text


def _check_whole(digits: str, *, lenient: bool) -> Verdict:
    value = Identifier(digits)
    if luhn.is_valid(digits):
        return Verdict(value)
    grade = Grade.WARNING if lenient else Grade.ERROR
    if digits.endswith("0"):
        message = "The check digit is wrong; the 0 may be the spare digit sent over the air."
        offer = _offer("imei.spare-digit", "Replace the spare 0 by the check digit", digits)
        return Verdict(value, (Finding(grade, "imei.check-digit", message),), (offer,))
    return Verdict(value, (Finding(grade, "imei.check-digit", "The check digit of the IMEI is wrong."),))


def _check_length(digits: str) -> Verdict:
    if len(digits) == BODY:
        return Verdict(None, (NO_CHECK_DIGIT,), (_offer("imei.add-check-digit", "Add the check digit", digits),))
    if _is_imeisv(digits):
        return Verdict(None, (IS_IMEISV,), (_offer("imei.from-imeisv", "Use the IMEI of this IMEISV", digits),))
    message = f"An IMEI has 15 digits; this has {len(digits)}."
    return Verdict(None, (Finding(Grade.ERROR, "imei.length", message),))


def _is_imeisv(digits: str) -> bool:
    if len(digits) == IMEISV_CHECKED:
        return luhn.is_valid(digits) or luhn.is_valid(digits[:LENGTH])
    return len(digits) == IMEISV


def _offer(code: str, label: str, digits: str) -> Offer:
    return Offer(code, label, Identifier(from_body(digits)))
