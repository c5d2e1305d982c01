"""Devices for the tests of this folder: what a modem with everything answers, and how to read one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.identifiers.identity import Identity
from app.modem.command_line import parts
from app.modem.probe import identify
from tests.peers.ptys import Modem, PtyModem

IMEI = "356938035643809"
IMSI = "262021234567890"
ICCID = "8949020000123456788"
NUMBER = "+491721234567"


def ok(*lines: str) -> str:
    return "".join(f"\r\n{line}\r\n" for line in (*lines, "OK"))


EC25: Mapping[str, str] = {
    "AT": ok(),
    "AT+CGMI": ok("Quectel"),
    "AT+CGMM": ok("EC25"),
    "AT+CGMR": ok("EC25EFAR06A04M4G"),
    "AT+CGSN": ok(IMEI),
    "AT+CPIN?": ok("+CPIN: READY"),
    "AT+CIMI": ok(IMSI),
    "AT+QCCID": ok(f"+QCCID: {ICCID}F"),
    "AT+CRSM=176,28589,0,0,4": ok('+CRSM: 144,0,"00000002"'),
    "AT+CRSM=176,28486,0,0,17": ok('+CRSM: 144,0,"0054657374FFFFFFFFFFFFFFFFFFFFFFFF"'),
    "AT+CNUM": ok(f'+CNUM: "","{NUMBER}",145'),
    "AT+COPS?": ok('+COPS: 0,0,"Elsewhere",7'),
}


class Ec25:
    """A function modem with a state: +COPS=3,x and +CMEE=x are kept as a device keeps them."""

    def __init__(self, changes: Mapping[str, str] | None = None) -> None:
        self.table = {**EC25, **(changes or {})}
        self.form, self.cmee = 0, 0

    def __call__(self, command: str) -> bytes | None:
        name, _, value = command.partition("=")
        if name == "AT+COPS" and value.startswith("3,"):
            self.form = int(value[2:])
            return ok().encode()
        if command == "AT+COPS?" and self.form == 2:
            return ok('+COPS: 0,2,"20801",7').encode()
        return self.table.get(command, "\r\nERROR\r\n").encode()


OK = ok().encode()


def answered_in_turn(device: Callable[[str], bytes | None]) -> Callable[[str], bytes | None]:
    """The same device taking several commands in one line: their answers in order, up to an error (V.250 5.2.1)."""

    def answer(line: str) -> bytes | None:
        told = b""
        for command in parts(line):
            own = device(command) or b""
            if not own.endswith(OK):
                return told + own
            told += own.removesuffix(OK)
        return told + OK

    return answer


def read(modem: Modem, **options: Any) -> Identity:
    with PtyModem(modem) as peer:
        return identify(peer.path, **options)
