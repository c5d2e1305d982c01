"""IMSI: MCC 3 + MNC 2 or 3 + MSIN, 6 to 15 digits in all (3GPP TS 23.003 2.2, ITU-T E.212)."""

from __future__ import annotations

from app.identifiers import plmn
from app.identifiers.text import chunks, cleaned, is_digits
from app.identifiers.verdict import Finding, Grade, Verdict
from app.masked import Identifier

SHORTEST = 6
USUAL = 14
LONGEST = 15

CHARACTERS = Finding(Grade.ERROR, "imsi.characters", "An IMSI has digits only.")
SHORT = Finding(Grade.WARNING, "imsi.short", "Nearly every IMSI has 14 or 15 digits; this one has fewer.")
MCC = Finding(Grade.WARNING, "imsi.mcc", "The IMSI starts with a country code that is not assigned.")


def check(text: str) -> Verdict:
    """Judge an IMSI; a short one is legal and only remarked on."""
    digits = cleaned(text)
    if not is_digits(digits):
        return Verdict(None, (CHARACTERS,))
    if not SHORTEST <= len(digits) <= LONGEST:
        message = f"An IMSI has 6 to 15 digits; this has {len(digits)}."
        return Verdict(None, (Finding(Grade.ERROR, "imsi.length", message),))
    findings = ((SHORT, len(digits) < USUAL), (MCC, not plmn.mcc_assigned(digits[:3])))
    return Verdict(Identifier(digits), tuple(finding for finding, holds in findings if holds))


def group(text: str) -> str:
    """For reading aloud: `310 260 123456789`, MNC apart where its length is known; else as it is."""
    digits = cleaned(text)
    if not is_digits(digits) or not SHORTEST <= len(digits) <= LONGEST:
        return text
    home = plmn.split(digits)
    return chunks(digits, 3, len(home.mnc)) if home else chunks(digits, 3)
