"""From a scanned text to what it means: commands, then GS1, then words on the label, then the bare text's form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from app.identifiers import imei, kinds, meid
from app.identifiers.text import cleaned
from app.masked import Identifier
from app.scanning import gs1
from app.scanning.commands import badge_of, command_of
from app.scanning.forms import is_imei, readings, two_imeis
from app.scanning.frame import bare
from app.scanning.labels import Labelled, labelled
from app.scanning.meaning import Badge, Certainty, Found, Meaning, Ordered, Unknown, Unsure, Value, What

_BETWEEN = re.compile(r"[\s,;|\x1d]+|(?<=[0-9F])/(?=[0-9])")
"""What stands between the values of one code."""
_SV = re.compile(r"(\d{15})\s*/\s*\d{2}(?!\d)", re.ASCII)
"""An IMEI with its software version, as `*#06#` shows it on many phones."""

_NAMED_BY_KEY = {gs1.IMEI: What.IMEI, gs1.GTIN: What.GTIN, gs1.SERIAL: What.SERIAL}


class Rules(Struct, frozen=True):
    """What the station's settings say of scanning.

    `strip`: texts that its scanners add. `external_ids`: patterns of the ids its customers have, in which `#` is a
    digit, `@` a letter, `*` any run of characters. `region` (ISO 3166 alpha-2): whose numbers have no country code.
    """

    strip: tuple[str, ...] = ()
    external_ids: tuple[str, ...] = ()
    region: str | None = None


NO_RULES = Rules()


def read(raw: str, rules: Rules = NO_RULES) -> Meaning:
    """What one scan means. Any text gives a meaning; none raises."""
    content = bare(raw, rules.strip)
    text = content.text
    if command := command_of(text):
        return Ordered(command)
    if (code := badge_of(text)) is not None:
        return Badge(Identifier(code))
    if keys := gs1.elements(text, told=content.gs1):
        return _found(_by_key(keys), text)
    named, rest = labelled(_SV.sub(r"\1", text))
    if named and (values := [value for each in named for value in _named(each)]):
        return _found([*values, *_proved(rest)], text)
    return _bare(_SV.sub(r"\1", text), rules)


def _bare(text: str, rules: Rules) -> Meaning:
    """The whole text as one value; where it is none, each of its parts."""
    if pair := two_imeis(cleaned(text)):
        return _found([_imei(digits, number) for number, digits in enumerate(pair, 1)], text)
    one = _one(text, rules)
    parts = [part for part in _BETWEEN.split(text) if part]
    if one or len(parts) < 2:  # noqa: PLR2004 - one part is the whole
        return _decided(one, text)
    each = [(part, _one(part, rules)) for part in parts]
    known = [found[0] for _, found in each if _sure(found)]
    open_ = next(((part, found) for part, found in each if found and not _sure(found)), None)
    if not known:
        return Unknown(Identifier(text))
    return Unsure(Identifier(open_[0]), tuple(open_[1]), _in_order(known)) if open_ else _found(known, text)


def _one(text: str, rules: Rules) -> Sequence[Value]:
    fits = any(_pattern(pattern).fullmatch(text) for pattern in rules.external_ids)
    own = [Value(What.EXTERNAL_ID, Identifier(text), Certainty.NAMED)] if fits else []
    found = readings(text, region=rules.region)
    # What only may be an identifier gives way to the pattern that this station was told.
    return [*own, *(value for value in found if not own or value.certainty is Certainty.PROVED)]


def _pattern(pattern: str) -> re.Pattern[str]:
    parts = {"#": r"\d", "@": r"[^\W\d_]", "*": r".*"}
    return re.compile("".join(parts.get(character, re.escape(character)) for character in pattern), re.DOTALL)


def _sure(found: Sequence[Value]) -> bool:
    return len(found) == 1 and not found[0].changed


def _decided(found: Sequence[Value], text: str) -> Meaning:
    if not found:
        return Unknown(Identifier(text))
    return _found(found, text) if _sure(found) else Unsure(Identifier(text), tuple(found))


def _found(values: Iterable[Value], text: str) -> Meaning:
    known = _in_order(values)
    return Found(known) if known else Unknown(Identifier(text))


def _in_order(values: Iterable[Value]) -> tuple[Value, ...]:
    """Each value once; several IMEIs are counted, the first one first."""
    unique = list({(value.what, value.text): value for value in reversed(list(values))}.values())[::-1]
    imeis = sorted((value for value in unique if value.what is What.IMEI), key=lambda value: value.number or 1)
    if len(imeis) > 1:
        imeis = [value if value.number else replace(value, number=index) for index, value in enumerate(imeis, 1)]
    return (*imeis, *(value for value in unique if value.what is not What.IMEI))


def _proved(text: str) -> list[Value]:
    """What is beyond doubt in the rest of a label."""
    found = [readings(part) for part in _BETWEEN.split(text) if part]
    return [each[0] for each in found if _sure(each) and each[0].certainty is Certainty.PROVED]


def _by_key(keys: gs1.Elements) -> list[Value]:
    """The values under keys that are known here; a serial that is an IMEI or ICCID beyond doubt is that."""
    values: list[Value] = []
    for key, text in keys:
        what = _NAMED_BY_KEY.get(key)
        found = readings(text) if what is What.SERIAL else []
        if _sure(found) and found[0].certainty is Certainty.PROVED:
            values.append(found[0])
        elif what:
            values.append(Value(what, Identifier(text), Certainty.NAMED))
    return values


def _named(part: Labelled) -> list[Value]:
    """The value behind a word, as the check of its kind gives it; an IMEI that wants a digit stays as it is."""
    for text in part.texts:
        if part.what is What.IMEI and (pair := two_imeis(text)):
            return [_imei(digits, number) for number, digits in enumerate(pair, 1)]
        if part.what is What.IMEI and text[:1] in {"1", "2"} and is_imei(text[1:]):
            # "IMEI1356938035643809": the count stands against the digits.
            return [replace(_imei(text[1:], int(text[0])), certainty=Certainty.NAMED)]
        if value := _checked(part.what, text):
            return [Value(value.what, value.text, Certainty.NAMED, part.number)]
    return []


def _checked(what: What, text: str) -> Value | None:
    if what is What.IMEI and meid.is_meid(text):
        what = What.MEID
    elif what is What.MEID and imei.known_office(text):
        # Boxes call the first 14 digits of an IMEI so.
        what = What.IMEI
    if what not in kinds.KINDS:
        return Value(what, Identifier(text), Certainty.NAMED)
    verdict = kinds.KINDS[what].check(text, lenient=True)
    if verdict.value is None and not verdict.offers:
        return None
    return Value(what, verdict.value or Identifier(text), Certainty.NAMED)


def _imei(digits: str, number: int) -> Value:
    return Value(What.IMEI, Identifier(digits), Certainty.PROVED, number)
