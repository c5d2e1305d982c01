"""What a bare text without words can be, by length, prefix, check digit and the tables of networks and offices."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.identifiers import eid, iccid, imei, luhn, mac, meid, msisdn, plmn
from app.identifiers.text import cleaned, is_digits
from app.masked import Identifier
from app.scanning import gs1
from app.scanning.meaning import Certainty, Value, What

_SEPARATED_MAC = re.compile(r"[0-9A-F]{2}([:-])(?:[0-9A-F]{2}\1){4}[0-9A-F]{2}|(?:[0-9A-F]{4}\.){2}[0-9A-F]{4}", re.I)
WRONG = "Use it with its wrong check digit"
_NATIONAL = range(msisdn.SHORTEST, imei.BODY)


def readings(text: str, *, region: str | None = None) -> Sequence[Value]:
    """Everything a bare text can be: none, one, or several of which one holds.

    One that is sure stands alone. A reading whose `changed` is set, or one of several, has to be asked about.
    `region` is the country whose numbers are written here without a country code.
    """
    if text.upper().startswith("LPA:1$"):
        return [Value(What.ESIM_CODE, Identifier(text), Certainty.NAMED)]
    if _SEPARATED_MAC.fullmatch(text) and (value := mac.check(text).value):
        return [Value(What.MAC, value, Certainty.PROVED)]
    if text.startswith("+"):
        return _international(text)
    characters = cleaned(text).upper()
    if found := _iccid(characters):
        return found
    if meid.is_meid(characters) and (value := meid.check(characters).value):
        proved = len(characters) > meid.LENGTH and luhn.is_valid(characters, base=16)
        return [Value(What.MEID, value, Certainty.PROVED if proved else Certainty.LIKELY)]
    return _digits(characters, region) if is_digits(characters) else []


def is_imei(digits: str) -> bool:
    """Whether 15 digits have the right check digit and an office that allocates IMEIs."""
    return len(digits) == imei.LENGTH and luhn.is_valid(digits) and imei.known_office(digits)


def two_imeis(digits: str) -> tuple[str, str] | None:
    """Both IMEIs of a code that has them without anything between."""
    pair = digits[: imei.LENGTH], digits[imei.LENGTH :]
    return pair if all(map(is_imei, pair)) else None


def _international(text: str) -> list[Value]:
    verdict = msisdn.check(text)
    if verdict.value is None:
        return []
    return [Value(What.NUMBER, verdict.value, Certainty.LIKELY if verdict.findings else Certainty.PROVED)]


def _iccid(characters: str) -> list[Value]:
    verdict = iccid.check(characters)
    if verdict.value is not None:
        return [Value(What.ICCID, verdict.value, Certainty.LIKELY if verdict.findings else Certainty.PROVED)]
    return [Value(What.ICCID, offer.value, Certainty.LIKELY, changed=offer.label) for offer in verdict.offers]


def _digits(digits: str, region: str | None) -> list[Value]:
    if (proved := eid.is_valid(digits)) or eid.has_form(digits):
        return [Value(What.EID, Identifier(digits), Certainty.PROVED if proved else Certainty.LIKELY)]
    if len(digits) == imei.LENGTH:
        return _fifteen(digits)
    if len(digits) in {imei.BODY, imei.IMEISV, imei.IMEISV_CHECKED}:
        imsi = [_imsi(digits)] if len(digits) == imei.BODY and plmn.mcc_assigned(digits[:3]) else []
        return [*_changed_imei(digits), *imsi] or _product(digits)
    if len(digits) in _NATIONAL:
        return [*_product(digits), *_national(digits, region)]
    return []


def _fifteen(digits: str) -> list[Value]:
    """An IMEI or an IMSI: the check digit, the office that issued the one and the network of the other decide.

    One IMSI in ten has a right check digit by chance, and half of the offices' numbers are countries too; where both
    stay possible, both are given.
    """
    right = luhn.is_valid(digits) and len(set(digits)) > 1
    office, country = imei.known_office(digits), plmn.mcc_assigned(digits[:3])
    home = plmn.split(digits) if country else None
    network = home is not None and plmn.operator_name(home.code) is not None
    if right and (not country or (office and not network)):
        return [Value(What.IMEI, Identifier(digits), Certainty.PROVED)]
    if country and not (right if network else right or office):
        return [_imsi(digits)]
    if network and not office:
        return [_imsi(digits)]
    if right:
        return [Value(What.IMEI, Identifier(digits), Certainty.LIKELY), _imsi(digits)]
    wrong = _changed_imei(digits) or [Value(What.IMEI, Identifier(digits), Certainty.LIKELY, changed=WRONG)]
    return [*(wrong if office else []), *([_imsi(digits)] if country else [])]


def _imsi(digits: str) -> Value:
    return Value(What.IMSI, Identifier(digits), Certainty.LIKELY)


def _changed_imei(digits: str) -> list[Value]:
    if not imei.known_office(digits):
        return []
    return [Value(What.IMEI, o.value, Certainty.LIKELY, changed=o.label) for o in imei.check(digits).offers]


def _product(digits: str) -> list[Value]:
    return [Value(What.GTIN, Identifier(digits), Certainty.LIKELY)] if gs1.is_gtin(digits) else []


def _national(digits: str, region: str | None) -> list[Value]:
    offers = msisdn.check(digits, region=region).offers
    return [Value(What.NUMBER, offer.value, Certainty.LIKELY, changed=offer.label) for offer in offers[:1]]
