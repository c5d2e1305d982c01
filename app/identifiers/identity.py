"""What one device said of itself, with the command behind each value."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct, field

from app.masked import Identifier, Masked


class ReadStatus(StrEnum):
    """How a read ended. `OK`: the equipment identity and the SIM's IMSI and ICCID are known."""

    OK = "ok"
    PARTIAL = "partial"
    NO_ANSWER = "no-answer"
    BUSY = "busy"
    DENIED = "denied"
    GONE = "gone"
    NOT_A_MODEM = "not-a-modem"


class SimState(StrEnum):
    """The state of the SIM (3GPP TS 27.007 8.3 +CPIN, 9.2 error codes)."""

    READY = "ready"
    PIN_REQUIRED = "pin-required"
    PUK_REQUIRED = "puk-required"
    ABSENT = "absent"
    FAILURE = "failure"
    BUSY = "busy"
    UNKNOWN = "unknown"


class Network(Struct, frozen=True):
    """An operator: its name and its MCC + MNC (5 or 6 digits); either may be unknown."""

    name: str | None
    mccmnc: str | None


class ReadWarning(Struct, frozen=True):
    """A remark on one field of an identity, or on `port` for the reading as a whole."""

    field: str
    code: str
    message: str


class Identity(Struct, frozen=True):
    """Everything one device said. What it did not say is None, never empty and never guessed.

    `sources` maps a field to the command whose answer gave it ("imei": "AT+CGSN"), or for a derived
    value to what it was derived from ("home_mobile_network_mccmnc": "AT+CIMI, EF_AD").
    `imei2` is the second IMEI of a device for two SIMs, `imei2_slot` the SIM slot it belongs to where the device
    says so, and `imei` then belongs to the first; `sim_slot` is where the SIM
    that was read is; `eid` is the number of an eSIM (GSMA SGP.29). The
    object of `read --json` has none of these; the list for people and the card have.
    """

    port: str
    status: ReadStatus
    manufacturer: str | None = None
    model: str | None = None
    revision: str | None = None
    imei: Identifier | None = None
    imeisv: Identifier | None = None
    meid: Identifier | None = None
    imsi: Identifier | None = None
    iccid: Identifier | None = None
    number: Identifier | None = None
    sim_state: SimState = SimState.UNKNOWN
    home_mobile_network_name: str | None = None
    home_mobile_network_mccmnc: str | None = None
    serving_network: Network | None = None
    warnings: tuple[ReadWarning, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    elapsed_ms: int = 0
    imei2: Identifier | None = None
    imei2_slot: int | None = None
    eid: Identifier | None = None
    sim_slot: int | None = None

    def value(self, name: str) -> str | None:
        """One field as whole text, by its name in `read --json`; None where the device did not say it."""
        found = getattr(self, name)
        if isinstance(found, Masked):
            return found.reveal()
        return None if found is None else str(found)

    def revealed(self) -> dict[str, Any]:
        """The object of `read --json`: whole values, in the order of the contract."""
        serving = self.serving_network
        return {
            "port": self.port,
            "status": self.status.value,
            "manufacturer": self.manufacturer,
            "model": self.model,
            "revision": self.revision,
            "imei": self.value("imei"),
            "imeisv": self.value("imeisv"),
            "meid": self.value("meid"),
            "imsi": self.value("imsi"),
            "iccid": self.value("iccid"),
            "number": self.value("number"),
            "sim_state": self.sim_state.value,
            "home_mobile_network_name": self.home_mobile_network_name,
            "home_mobile_network_mccmnc": self.home_mobile_network_mccmnc,
            "serving_network": None if serving is None else {"name": serving.name, "mccmnc": serving.mccmnc},
            "warnings": [
                {"field": warning.field, "code": warning.code, "message": warning.message} for warning in self.warnings
            ],
            "sources": dict(self.sources),
            "elapsed_ms": self.elapsed_ms,
        }
