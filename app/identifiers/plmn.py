"""Networks by MCC and MNC: how long the MNC is, who runs it, in which country (ITU-T E.212)."""

from __future__ import annotations

from functools import cache

from msgspec import Struct

import resources
from app.identifiers.text import chunks, cleaned, is_digits
from app.identifiers.verdict import Finding, Grade, Verdict
from app.masked import Identifier

MCC = 3
MNC_LENGTHS = (2, 3)
USUAL_MNC_LENGTH = 2
SHORTEST_IMSI = 6
CODE_LENGTHS = tuple(MCC + length for length in MNC_LENGTHS)

EF_AD = "EF_AD"
E212_TABLE = "E.212 table"

FORM = Finding(Grade.ERROR, "mccmnc.form", "A network code has 5 or 6 digits: MCC and MNC.")
NOT_ASSIGNED = Finding(Grade.ERROR, "mccmnc.mcc", "The network code starts with a country code that is not assigned.")
OTHER_IMSI = Finding(Grade.ERROR, "mccmnc.imsi", "The network code is not the one the IMSI starts with.")


class Plmn(Struct, frozen=True):
    """One network; both parts are digits, leading zeros matter."""

    mcc: str
    mnc: str

    @property
    def code(self) -> str:
        return self.mcc + self.mnc


class HomePlmn(Plmn, Struct, frozen=True):
    """The network an IMSI belongs to. `source` says how the MNC length was known: EF_AD or E212_TABLE."""

    source: str


def guess_mnc_length(imsi: str) -> tuple[int, str] | None:
    """Guess how many digits the MNC of an IMSI has: (2 or 3, source). None where the MCC is not assigned.

    The longest prefix in resources/mnc_lengths.tsv decides; countries that mix lengths have rows of four to
    six digits there. An MCC without a row uses two.
    """
    if not is_digits(imsi) or not mcc_assigned(imsi[:MCC]):
        return None
    table = _mnc_lengths()
    prefixes = (imsi[:length] for length in range(max(CODE_LENGTHS), MCC - 1, -1))
    return next((table[prefix] for prefix in prefixes if prefix in table), USUAL_MNC_LENGTH), E212_TABLE


def split(imsi: str, mnc_length: int | None = None) -> HomePlmn | None:
    """Find the home network of an IMSI by its first six digits; None where it has no six digits.

    `mnc_length` is byte 4 of EF_AD (3GPP TS 31.102 4.2.18); 2 and 3 win over the table, other values mean
    that the card does not say.
    """
    if not is_digits(imsi) or len(imsi) < SHORTEST_IMSI:
        return None
    known = (mnc_length, EF_AD) if mnc_length in MNC_LENGTHS else guess_mnc_length(imsi)
    if known is None:
        return None
    length, source = known
    return HomePlmn(imsi[:MCC], imsi[MCC : MCC + length], source)


def operator_name(mccmnc: str) -> str | None:
    """The operator behind a network code of 5 or 6 digits, where the table has it."""
    return _operators().get(mccmnc)


def country_of(mcc: str) -> str | None:
    """ISO 3166 alpha-2 of the country an MCC belongs to, the largest where several share it.

    None for test, international and private codes and for one that is not assigned.
    """
    return next(iter(_countries().get(mcc, ())), None)


def mcc_assigned(mcc: str) -> bool:
    """Whether an MCC is assigned, test (001), international (901) and private (999) ones included."""
    return mcc in _countries()


def check(text: str, *, imsi: str | None = None) -> Verdict:
    """Judge the code of a home network; `imsi`, where it is sent with the code, must start with it."""
    digits = cleaned(text)
    if not is_digits(digits) or len(digits) not in CODE_LENGTHS:
        return Verdict(None, (FORM,))
    value = Identifier(digits)
    if not mcc_assigned(digits[:MCC]):
        return Verdict(value, (NOT_ASSIGNED,))
    if imsi and not cleaned(imsi).startswith(digits):
        return Verdict(value, (OTHER_IMSI,))
    return Verdict(value)


def group(text: str) -> str:
    """For reading aloud: `310 260`; what is no network code stays as it is."""
    value = check(text).value
    return chunks(value.reveal(), MCC) if value else text


@cache
def _countries() -> dict[str, tuple[str, ...]]:
    return {mcc: tuple(countries.split(",")) if countries else () for mcc, countries, *_ in resources.rows("mcc.tsv")}


@cache
def _mnc_lengths() -> dict[str, int]:
    return {prefix: int(length) for prefix, length, *_ in resources.rows("mnc_lengths.tsv")}


@cache
def _operators() -> dict[str, str]:
    """By code; the hand-kept table wins over the derived one."""
    tables = ("operators.tsv", "operators_extra.tsv")
    return {code: name for table in tables for code, name, *_ in resources.rows(table)}
