"""A SIM card as a modem sees it: its identifiers, its state, and the files +CRSM reads.

Sources: 3GPP TS 31.102 4.2 (EF_IMSI, EF_AD, EF_SPN, EF_MSISDN), TS 31.101 (EF_ICCID), TS 102 221 11.1
(answers to SELECT), TS 27.007 8.18 (+CRSM).
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from app.identifiers.identity import SimState
from app.masked import Identifier, Secret

READ_BINARY, READ_RECORD, GET_RESPONSE = 176, 178, 192
EF_ICCID, EF_IMSI, EF_SPN, EF_AD, EF_MSISDN = 0x2FE2, 0x6F07, 0x6F46, 0x6FAD, 0x6F40

DONE = (0x90, 0x00)
WRONG_LENGTH = (0x67, 0x00)
NO_FILE = (0x6A, 0x82)
NO_RECORD = (0x6A, 0x83)
NO_INSTRUCTION = (0x6D, 0x00)

SPN_NAME_BYTES = 16
MSISDN_ALPHA_BYTES = 20
ATTEMPTS = 3
"""For a PIN (TS 102 221 9.5.1)."""
INTERNATIONAL, UNKNOWN_TYPE = "91", "81"


class Sim(Struct, frozen=True):
    """One card. `mnc_length` is 2 or 3; `spn` is the network's name in EF_SPN, "" where the card has none.

    `number` is the subscriber's own (E.164), None where the card does not know it. `pin` opens a locked card;
    `attempts` are those left before it asks for its PUK.
    """

    imsi: Identifier
    iccid: Identifier
    mnc_length: int
    home_name: str
    spn: str = ""
    number: Identifier | None = None
    state: SimState = SimState.READY
    pin: Secret | None = None
    attempts: int = ATTEMPTS

    def tried(self, pin: str) -> Sim:
        """The card after a PIN was entered."""
        if self.pin is not None and pin == self.pin.reveal():
            return replace(self, state=SimState.READY, attempts=ATTEMPTS)
        left = max(0, self.attempts - 1)
        return replace(self, attempts=left, state=self.state if left else SimState.PUK_REQUIRED)

    def powered_off(self) -> Sim:
        """The card as it is found at the next power-on: one with a PIN is locked again."""
        locked = self.pin is not None and self.state is SimState.READY
        return replace(self, state=SimState.PIN_REQUIRED) if locked else self

    @property
    def home_mccmnc(self) -> str:
        return self.imsi.reveal()[: 3 + self.mnc_length]

    @property
    def iccid_padded(self) -> str:
        """The ICCID with the F that fills its tenth byte, as many modems show it."""
        return self.iccid.reveal() if len(self.iccid.reveal()) % 2 == 0 else self.iccid.reveal() + "F"


def read_file(sim: Sim, arguments: Sequence[int]) -> tuple[tuple[int, int], str]:
    """Answer +CRSM=instruction,file,P1,P2,P3: both status words and the data in hexadecimal.

    P3 = 0 asks for the whole file or record.
    """
    instruction, file, p1, p2, p3 = (*arguments, 0, 0, 0)[:5]
    records = _files(sim).get(file)
    if records is None:
        return NO_FILE, ""
    linear = file == EF_MSISDN
    if instruction == GET_RESPONSE:
        return DONE, _description(file, records, linear=linear)
    if instruction == READ_RECORD and linear:
        return _part(records[p1 - 1], 0, p3, exact=True) if 1 <= p1 <= len(records) else (NO_RECORD, "")
    if instruction == READ_BINARY and not linear:
        return _part(records[0], p1 * 256 + p2, p3, exact=False)
    return NO_INSTRUCTION, ""


def _part(data: str, offset: int, length: int, *, exact: bool) -> tuple[tuple[int, int], str]:
    size = len(data) // 2
    wanted = length or size - offset
    if offset >= size or offset + wanted > size or (exact and wanted != size):
        return WRONG_LENGTH, ""
    return DONE, data[offset * 2 : (offset + wanted) * 2]


def _files(sim: Sim) -> dict[int, tuple[str, ...]]:
    """Every file as its records in hexadecimal; a transparent file has one."""
    files = {
        EF_ICCID: (swapped(sim.iccid.reveal().ljust(20, "F")),),
        EF_IMSI: (imsi_file(sim.imsi.reveal()),),
        EF_AD: (f"000000{sim.mnc_length:02X}",),
        EF_MSISDN: (number_record("" if sim.number is None else sim.number.reveal()), number_record("")),
    }
    if sim.spn:
        files[EF_SPN] = ("01" + sim.spn.encode("ascii").hex().upper().ljust(SPN_NAME_BYTES * 2, "F"),)
    return files


def _description(file: int, records: tuple[str, ...], *, linear: bool) -> str:
    """The file control parameters (TS 102 221 11.1.1.3): descriptor, identifier, life cycle, size."""
    size = len(records[0]) // 2
    descriptor = f"82054221{size:04X}{len(records):02X}" if linear else "82024121"
    body = f"{descriptor}8302{file:04X}8A01058002{size * len(records):04X}"
    return f"62{len(body) // 2:02X}{body}"


def swapped(digits: str) -> str:
    """Exchange the two halves of every byte, as the card stores digits. The length must be even."""
    return "".join(high + low for low, high in zip(digits[::2], digits[1::2], strict=True))


def imsi_file(imsi: str) -> str:
    """EF_IMSI: length, then parity and digits, lower half first (TS 31.102 4.2.2; TS 24.008 10.5.1.4)."""
    digits = f"9{imsi}" if len(imsi) % 2 else f"1{imsi}F"
    return f"{len(digits) // 2:02X}{swapped(digits)}".ljust(18, "F")


def number_record(number: str) -> str:
    """One record of EF_MSISDN without a name: length, type, ten bytes of digits, two unused (TS 31.102 4.2.26)."""
    alpha = "FF" * MSISDN_ALPHA_BYTES
    if not number:
        return alpha + "FF" * 14
    kind = INTERNATIONAL if number.startswith("+") else UNKNOWN_TYPE
    digits = number.removeprefix("+")
    packed = swapped(digits if len(digits) % 2 == 0 else digits + "F")
    return f"{alpha}{len(packed) // 2 + 1:02X}{kind}{packed.ljust(20, 'F')}FFFF"
