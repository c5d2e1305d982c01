"""Who made the device and its own numbers: +CGMI, +CGMM, +CGMR, +CGSN (3GPP TS 27.007 5.1 to 5.4), ATI and kin."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from app.identifiers import imei, luhn, meid
from app.modem.at import Reply
from app.modem.replies.text import decoded, items, labelled, values

MANUFACTURER = frozenset({"CGMI", "GMI", "MANUFACTURER", "MANUFACTURE", "VENDOR"})
MODEL = frozenset({"CGMM", "GMM", "MODEL", "MODEL NAME", "MODEL ID", "MODULE", "PRODUCT", "PRODUCT NAME", "DEVICE"})
REVISION = frozenset(
    {
        "CGMR",
        "GMR",
        "QGMR",
        "SWPKGV",
        "GTPKGVER",
        "CSUB",
        "SHORTSWVER",
        "SWV",
        "REVISION",
        "FIRMWARE",
        "FIRMWARE VERSION",
    }
    | {"FIRMWARE REVISION", "SOFTWARE VERSION", "SW VERSION", "FW VERSION", "VERSION"}
)
IMEI = frozenset({"CGSN", "GSN", "EGMR", "IMEINUM", "SPIMEI", "SIMEI", "IMEI", "IMEI1", "IMEI 1"})
SECOND_IMEI = frozenset({"IMEI2", "IMEI 2"})
SECOND_SLOT = 2
MEID = frozenset({"CGSN", "GSN", "MEID"})
ELSEWHERE = (
    MANUFACTURER
    | MODEL
    | REVISION
    | IMEI
    | SECOND_IMEI
    | MEID
    | {"ESN", "IMEISV", "IMEI SV", "SVN", "SN", "FSN", "GCAP"}
)
"""Labels that make a line some value's own, so that it is no other's."""

LONGEST_NAME = 120
BAND = re.compile(r"(?:GSM|WCDMA|UMTS|LTE|CDMA|DCS|PCS|EGSM) ?\d*", re.IGNORECASE)
"""Motorola and u-blox list the bands beside the model."""
KEYED = re.compile(r"MODEL\s*=\s*(?P<value>.+)", re.IGNORECASE)
SPACED_REVISION = re.compile(r"REVISION\s+(?P<value>\S.*)", re.IGNORECASE)
"""Cinterion's ATI has no colon here."""
MODEL_AND_REVISION = re.compile(r"(?P<model>[A-Z][\w-]*)[ ,]+(?P<revision>(?:R|V|Rev\.?:? ?)?\d[\w-]*\.[\w.-]+)")
"""SIM800 answers ATI in one line: `SIM800 R14.18`."""
INFO_ITEM = re.compile(r"(?P<key>[A-Z]{2,8}\d?)\((?P<value>[^()]*)\)")
SEPARATORS = re.compile(r"[ ./-]")
DIGITS = re.compile(r"[0-9]{14,17}")
HEX_NUMBER = re.compile(r"(?:0x)?0{0,2}(?P<digits>[0-9A-F]{14})", re.IGNORECASE)
TYPE = 8
FILE_INFO = "DEVCONINFO"
NO_NAME = frozenset({"", "UNKNOWN", "NONE", "NULL", "N/A", "ERROR", "OK"})
INFORMATION = frozenset({"ATI", "ATI3", "ATI4", "AT+SIMCOMATI"})
"""Commands that answer with a block of everything."""
SHORT_INFORMATION = {"ATI3": "manufacturer", "ATI4": "model"}
"""On some devices (Telit) these answer with one bare line, and this is what it tells."""


class Numbers(Struct, frozen=True):
    """What an answer gave of the equipment's numbers; an ESN or a maker's serial number is none of them.

    `second_slot` is the SIM slot of `second_imei` where the answer says it.
    """

    imei: str | None = None
    imeisv: str | None = None
    meid: str | None = None
    second_imei: str | None = None
    second_slot: int | None = None


def manufacturer(reply: Reply) -> str | None:
    """The maker's name as the device spells it."""
    if reply.command in INFORMATION:
        return _block(reply, MANUFACTURER, 0) or _one_word(reply, "manufacturer")
    return _first_name(reply, MANUFACTURER)


def model(reply: Reply) -> str | None:
    """The model; of a list of bands and names, the name."""
    if info := device_info(reply):
        return _name(info.get("MN", ""))
    if reply.command in INFORMATION:
        return _block(reply, MODEL, 1) or _one_line(reply, "model") or _one_word(reply, "model")
    return _first_name(reply, MODEL)


def revision(reply: Reply) -> str | None:
    """The firmware's revision; of several lines the first."""
    if info := device_info(reply):
        return _name(info.get("VER", ""))
    if reply.command in INFORMATION:
        return _spaced_revision(reply) or _block(reply, REVISION, 2) or _one_line(reply, "revision")
    return _spaced_revision(reply) or _first_name(reply, REVISION)


def numbers(reply: Reply) -> Numbers:
    """IMEI, IMEISV and MEID of an answer; where several could be the IMEI, one whose check digit is right."""
    if info := device_info(reply):
        first, second = info.get("IMEI", ""), info.get("IMEI2", "")
        return _with_second(_numbers([first]), items(first), [second])
    # A block holds many numbers; there only a labelled one is the IMEI.
    bare = reply.command not in INFORMATION
    texts = list(values(reply, IMEI, bare=bare))
    found = replace(_numbers(texts), meid=_meid(values(reply, MEID, bare=bare)))
    return _with_second(found, texts, values(reply, SECOND_IMEI, bare=False))


def _with_second(found: Numbers, texts: Iterable[str], labelled_second: Iterable[str]) -> Numbers:
    """Add the IMEI of a second SIM slot: one with that label, or another of the same type beside the first."""
    labelled_one = _numbers(labelled_second).imei
    if labelled_one and labelled_one != found.imei and luhn.is_valid(labelled_one):
        return replace(found, second_imei=labelled_one, second_slot=SECOND_SLOT)
    others = (_numbers([text]).imei for text in texts)
    # Beside an IMEI a serial number may stand; both IMEIs of one device begin with its type (GSMA TS.06).
    same = (other for other in others if other and found.imei and other[:TYPE] == found.imei[:TYPE])
    return replace(
        found, second_imei=next((other for other in same if other != found.imei and luhn.is_valid(other)), None)
    )


def device_info(reply: Reply) -> dict[str, str]:
    """The items of Samsung's `+DEVCONINFO: MN(SM-S938B);VER(...);...`, by key; empty for other answers."""
    return {
        item["key"]: item["value"].strip()
        for line in (*reply.lines, *reply.urcs)
        if (parts := labelled(line)) and parts[1] == FILE_INFO
        for item in INFO_ITEM.finditer(parts[2])
    }


def _numbers(texts: Iterable[str]) -> Numbers:
    """Length and check digit decide: 15 an IMEI, 16 an IMEISV, 17 either of them with a digit more."""
    imeis: list[str] = []
    imeisvs: list[str] = []
    for text in texts:
        digits = SEPARATORS.sub("", items(text)[0])
        if not DIGITS.fullmatch(digits):
            continue
        if len(digits) == imei.LENGTH:
            imeis.append(digits)
        elif len(digits) == imei.IMEISV:
            imeisvs.append(digits)
        elif len(digits) == imei.IMEISV_CHECKED and luhn.is_valid(digits[: imei.LENGTH]):
            imeis.append(digits[: imei.LENGTH])
            imeisvs.append(digits[: imei.BODY] + digits[imei.LENGTH :])
        elif len(digits) == imei.IMEISV_CHECKED and luhn.is_valid(digits):
            imeisvs.append(digits[: imei.IMEISV])
    right = next(filter(luhn.is_valid, imeis), None)
    return Numbers(right or next(iter(imeis), None), next(iter(imeisvs), None))


def _meid(texts: Iterator[str]) -> str | None:
    for text in texts:
        for part in re.split(r"[:,]", text):
            match = HEX_NUMBER.fullmatch(part.strip().strip('"'))
            if match and meid.is_meid(match["digits"]):
                return match["digits"].upper()
    return None


def _first_name(reply: Reply, labels: Collection[str]) -> str | None:
    own = (text for text in values(reply, labels) if _may_be(text, labels))
    return next((name for text in own if (name := _name(text))), None)


def _may_be(text: str, labels: Collection[str]) -> bool:
    parts = labelled(text)
    return parts is None or parts[1] not in ELSEWHERE - frozenset(labels)


def _name(text: str) -> str | None:
    """One name out of what stands behind a label."""
    listed = items(text) if text.startswith('"') else [text.strip().strip('"')]
    keyed = (match["value"] for item in listed if (match := KEYED.fullmatch(item)))
    plain = (item for item in listed if not BAND.fullmatch(item))
    name = decoded(next(keyed, next(plain, ""))).strip()
    told = any(letter.isascii() and letter.isalnum() for letter in text)
    if name.upper() in NO_NAME or len(name) > LONGEST_NAME or not told:
        return None
    return name


def _block(reply: Reply, labels: Collection[str], place: int) -> str | None:
    """A value of an ATI block: by its label, else by the place of its bare line (maker, model, revision)."""
    if reply.refused:
        return None
    by_label = (_name(text) for text in values(reply, labels, bare=False))
    if found := next((name for name in by_label if name), None):
        return found
    bare = [line for line in reply.lines if labelled(line) is None and not SPACED_REVISION.fullmatch(line)]
    described = len(bare) < len(reply.lines)
    # One bare line alone tells nothing (V.250 6.1.3 leaves it free); two need a labelled one beside them.
    labelled_first = bool(reply.lines) and reply.lines[0] not in bare
    if labelled_first or len(bare) < (2 if described else 3) or place >= len(bare):
        return None
    return _name(bare[place])


def _one_line(reply: Reply, part: str) -> str | None:
    match = MODEL_AND_REVISION.fullmatch(reply.lines[0]) if len(reply.lines) == 1 and not reply.refused else None
    return match[part] if match else None


def _one_word(reply: Reply, part: str) -> str | None:
    told = SHORT_INFORMATION.get(reply.command) == part and len(reply.lines) == 1 and not reply.refused
    # A bare number is a product code (V.250 6.1.3).
    return _name(reply.lines[0]) if told and not reply.lines[0].isdigit() and not labelled(reply.lines[0]) else None


def _spaced_revision(reply: Reply) -> str | None:
    found = (match["value"] for line in reply.lines if (match := SPACED_REVISION.fullmatch(line)))
    return next(found, None) if not reply.refused else None
