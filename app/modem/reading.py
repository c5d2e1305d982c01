"""What was read so far: values, where each came from, and the remarks of the checks."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct, field

from app.errors import WorkstationError
from app.identifiers import iccid, imei, imsi, meid, msisdn, plmn
from app.identifiers.identity import Identity, Network, ReadStatus, ReadWarning, SimState
from app.identifiers.verdict import Verdict
from app.masked import Identifier

CHECKS: dict[str, Callable[[str], Verdict]] = {
    "imei": imei.check,
    "meid": meid.check,
    "imsi": imsi.check,
    "iccid": iccid.check,
    "number": msisdn.check,
}
EQUIPMENT = ("imei", "meid")
CARD = ("imsi", "iccid")

OPERATOR_TABLE = "operator table"
OTHER_SLOT = ReadWarning(
    "imei", "imei.other-slot", "The SIM that was read is in the slot of the second IMEI, not of this one."
)
FROM_IMEISV = ReadWarning(
    "imei", "imei.from-imeisv", "The IMEI was worked out from the IMEISV; the device did not give it itself."
)


class Reading(Struct):
    """The values of one device as they come in; `snapshot` makes the record of them."""

    port: str
    texts: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    sim_state: SimState = SimState.UNKNOWN
    serving: Network | None = None
    imei2_slot: int | None = None
    sim_slot: int | None = None
    derived: list[ReadWarning] = field(default_factory=list)

    def has(self, name: str) -> bool:
        return name in self.texts

    def put(self, name: str, text: str | None, source: str) -> bool:
        """Keep a value; whether there was one."""
        if text is None:
            return False
        self.texts[name] = text
        self.sources[name] = source
        return True

    def put_second_imei(self, text: str | None, slot: int | None) -> bool:
        """Keep the IMEI of a second SIM slot; whether there was one that is not known yet."""
        if text is None or text == self.texts.get("imei") or (self.has("imei2") and self.imei2_slot is not None):
            return False
        self.texts["imei2"], self.imei2_slot = text, slot
        return True

    def derive(self) -> None:
        """Work out what follows from the values read: an IMEI from the IMEISV, the home network's name."""
        if self.has("imeisv") and not self.has("imei"):
            self.put("imei", imei.from_body(self.texts["imeisv"]), self.sources["imeisv"])
            self.derived.append(FROM_IMEISV)
        code = self.texts.get("home_mobile_network_mccmnc")
        if code is None or self.has("home_mobile_network_name"):
            return
        known = self.put("home_mobile_network_name", plmn.operator_name(code), OPERATOR_TABLE)
        if not known and self.serving is not None and self.serving.mccmnc == code:
            self.put("home_mobile_network_name", self.serving.name, self.sources["serving_network"])

    def status(self) -> ReadStatus:
        """OK once the equipment, the IMSI and the ICCID are known."""
        whole = any(map(self.has, EQUIPMENT)) and all(map(self.has, CARD))
        return ReadStatus.OK if whole else ReadStatus.PARTIAL

    def snapshot(
        self, elapsed_ms: int, *, status: ReadStatus | None = None, trouble: WorkstationError | None = None
    ) -> Identity:
        """The record of everything read until now; `trouble` becomes a remark on the port."""
        warnings = [*self._remarks(), *self._second_imei(), *self.derived]
        if trouble is not None:
            warnings.append(ReadWarning("port", trouble.code, str(trouble)))
        return Identity(
            port=self.port,
            status=status or self.status(),
            manufacturer=self.texts.get("manufacturer"),
            model=self.texts.get("model"),
            revision=self.texts.get("revision"),
            imei=self._identifier("imei"),
            imeisv=self._identifier("imeisv"),
            meid=self._identifier("meid"),
            imsi=self._identifier("imsi"),
            iccid=self._identifier("iccid"),
            number=self._identifier("number"),
            sim_state=self.sim_state,
            home_mobile_network_name=self.texts.get("home_mobile_network_name"),
            home_mobile_network_mccmnc=self.texts.get("home_mobile_network_mccmnc"),
            serving_network=self.serving,
            warnings=tuple(warnings),
            sources=dict(self.sources),
            elapsed_ms=elapsed_ms,
            imei2=self._identifier("imei2"),
            imei2_slot=self.imei2_slot,
            eid=self._identifier("eid"),
            sim_slot=self.sim_slot,
        )

    def _identifier(self, name: str) -> Identifier | None:
        return Identifier(self.texts[name]) if name in self.texts else None

    def _second_imei(self) -> list[ReadWarning]:
        if not self.has("imei2"):
            return []
        slot = f"for SIM slot {self.imei2_slot}" if self.imei2_slot else "and does not say for which SIM slot"
        told = [ReadWarning("imei", "imei.second", f"The device has a second IMEI {slot}.")]
        return [*told, OTHER_SLOT] if self.imei2_slot and self.imei2_slot == self.sim_slot else told

    def _remarks(self) -> list[ReadWarning]:
        return [
            ReadWarning(name, finding.code, finding.message)
            for name, check in CHECKS.items()
            if name in self.texts
            for finding in check(self.texts[name]).findings
        ]
