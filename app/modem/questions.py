"""Which question after which: what operators need first comes first, guesses come last."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from app.identifiers import plmn
from app.identifiers.identity import Network, SimState
from app.identifiers.luhn import is_valid
from app.modem import vendors
from app.modem.at import Reply
from app.modem.finals import ERROR
from app.modem.inquiry import CARD, Inquiry, TimeLeft
from app.modem.reading import Reading
from app.modem.replies import card, equipment, network, sim
from app.modem.session import Session
from app.modem.vendors import GENERIC
from app.modem.vendors.profile import Profile

EF_ICCID = f"AT+CRSM=176,{card.ICCID},0,0,10"
EF_IMSI = f"AT+CRSM=176,{card.IMSI},0,0,9"
EF_AD = f"AT+CRSM=176,{card.AD},0,0,4"
EF_SPN = f"AT+CRSM=176,{card.SPN},0,0,17"
EF_MSISDN_LENGTH = f"AT+CRSM=192,{card.MSISDN},0,0,15"
RECORD_LENGTHS = (34, 28, 14, 24, 26, 30, 32)
"""Usual lengths of an EF_MSISDN record, for devices that cannot be asked for it."""
CLOSED = frozenset({SimState.ABSENT, SimState.PIN_REQUIRED, SimState.PUK_REQUIRED})
"""States in which a SIM tells no IMSI, name or number."""
TOGETHER = (EF_AD, EF_SPN, "AT+COPS?", "AT+CNUM")
"""May stand in one line: each answers with its name in front. A SIM without a number may refuse the last one,
which ends the line."""
OTHER_FORM = {network.NUMERIC: 0, 0: network.NUMERIC, 1: network.NUMERIC}

Order = Callable[[Profile, str], Iterable[str]]
"""`vendors.usual` or `vendors.unusual`: the commands for a field."""


class Questions:
    """Fills a Reading by asking one device. `report` is called after each value found."""

    def __init__(self, session: Session, reading: Reading, report: Callable[[], None], time_left: TimeLeft) -> None:
        self._reading, self._report = reading, report
        self._inquiry = Inquiry(session, time_left, lambda command: self._learn_state(SimState.BUSY, command))
        self._profile = GENERIC

    def ask_all(self) -> None:
        """Ask everything. Raises TimeUp and what Session raises; what was read by then is in the Reading."""
        self._names(vendors.usual)
        self._profile = vendors.profile_of(self._reading.texts.get("manufacturer"), self._reading.texts.get("model"))
        self._imei(vendors.usual)
        self._sim_state()
        self._iccid(vendors.usual)
        self._imsi(vendors.usual)
        self._revision(vendors.usual)
        self._second_imei()
        self._together()
        self._home()
        self._number()
        self._serving()
        self._sim_slot()
        self._second_chance()
        self._names(vendors.unusual)
        self._imei(vendors.unusual)
        self._iccid(vendors.unusual)
        self._imsi(vendors.unusual)
        self._revision(vendors.unusual)
        self._maker_sim_state()

    def _second_chance(self) -> None:
        """Ask again what was met with silence, unless silence is how the device refuses."""
        if not self._inquiry.forget_silence():
            return
        self._names(vendors.usual)
        self._imei(vendors.usual)
        self._iccid(vendors.usual)
        self._imsi(vendors.usual)
        self._revision(vendors.usual)
        self._home()
        self._inquiry.be_brief()

    # The equipment.

    def _names(self, commands: Order) -> None:
        self._text("manufacturer", commands, equipment.manufacturer)
        self._text("model", commands, equipment.model)

    def _revision(self, commands: Order) -> None:
        self._text("revision", commands, equipment.revision)

    def _text(self, name: str, commands: Order, read: Callable[[Reply], str | None]) -> None:
        if self._reading.has(name):
            return
        for command in self._each(commands, name):
            if self._keep(name, read(self._inquiry.ask(command)), command):
                return

    def _imei(self, commands: Order) -> None:
        reading = self._reading
        for command in self._each(commands, "imei"):
            # A number with a wrong check digit may be the maker's serial number; another command may know better.
            if reading.has("imei") and is_valid(reading.texts["imei"]):
                return
            found = equipment.numbers(self._inquiry.ask(command))
            if found.imei and (not reading.has("imei") or is_valid(found.imei)):
                self._keep("imei", found.imei, command)
            if not reading.has("imeisv"):
                self._keep("imeisv", found.imeisv, command)
            if not reading.has("meid"):
                self._keep("meid", found.meid, command)
            if reading.put_second_imei(found.second_imei, found.second_slot):
                self._report()

    def _second_imei(self) -> None:
        for command in self._profile.imei2:
            numbers = equipment.numbers(self._inquiry.ask(command))
            found = numbers.second_imei or numbers.imei
            if found and is_valid(found) and self._reading.put_second_imei(found, equipment.SECOND_SLOT):
                self._report()

    # The SIM.

    def _sim_slot(self) -> None:
        """Which of two SIM slots the card read is in; of interest where each slot has an IMEI of its own."""
        if not self._reading.has("imei2"):
            return
        for command in self._profile.sim_slot:
            if found := sim.slot(self._inquiry.ask(command), self._profile.first_slot):
                self._reading.sim_slot = found
                self._reading.sources["sim_slot"] = command
                self._report()
                return

    def _sim_state(self) -> None:
        reply = self._ask_card("AT+CPIN?")
        self._learn_state(sim.state(reply), reply.command)
        if reply.final is not None and reply.final.kind == ERROR:
            # With +CMEE=0 a missing card says no more than ERROR.
            told = self._inquiry.ask("AT+CMEE?")
            if "+CMEE: 0" in told.lines and self._inquiry.set_for_now("AT+CMEE=1", "AT+CMEE=0"):
                again = self._inquiry.ask_again("AT+CPIN?", CARD)
                self._learn_state(sim.state(again), again.command)

    def _maker_sim_state(self) -> None:
        for command in (*self._profile.sim_state, *sim.STATUS_QUERIES):
            if self._reading.sim_state is not SimState.UNKNOWN or self._inquiry.late():
                return
            self._learn_state(sim.maker_state(self._inquiry.ask(command)), command)

    def _learn_state(self, state: SimState, source: str) -> None:
        known = self._reading.sim_state
        if state not in {SimState.UNKNOWN, known} and known in {SimState.UNKNOWN, SimState.BUSY}:
            self._reading.sim_state = state
            self._reading.sources["sim_state"] = source
            self._report()

    def _together(self) -> None:
        """Ask in one line what comes next, where the maker says that its devices take several commands in one."""
        if self._profile.chains and self._reading.sim_state is SimState.READY:
            self._inquiry.ask_together(TOGETHER, CARD)

    def _iccid(self, commands: Order) -> None:
        if self._reading.has("iccid") or self._reading.sim_state is SimState.ABSENT:
            return
        for command in self._each(commands, "iccid"):
            reply = self._ask_card(command)
            if number := sim.eid(reply):
                self._reading.texts["eid"] = number
            if self._keep("iccid", sim.iccid(reply), command):
                return
        if commands is vendors.usual:
            self._keep("iccid", card.iccid_of(self._ask_file(EF_ICCID)), EF_ICCID)

    def _imsi(self, commands: Order) -> None:
        # A locked SIM tells its IMSI to no command; only the usual one is asked, for the reason it gives.
        if self._reading.has("imsi") or (commands is vendors.unusual and self._reading.sim_state in CLOSED):
            return
        for command in self._each(commands, "imsi"):
            if self._keep("imsi", sim.imsi(self._ask_card(command)), command):
                return
        if commands is vendors.usual and self._reading.sim_state not in CLOSED:
            self._keep("imsi", card.imsi_of(self._ask_file(EF_IMSI)), EF_IMSI)

    def _home(self) -> None:
        if self._reading.sim_state in CLOSED:
            return
        mnc_length = card.mnc_length(self._ask_file(EF_AD))
        home = plmn.split(self._reading.texts.get("imsi", ""), mnc_length)
        if home is not None:
            source = f"{self._reading.sources['imsi']}, {home.source}"
            self._keep("home_mobile_network_mccmnc", home.code, source)
        self._keep("home_mobile_network_name", card.provider_name(self._ask_file(EF_SPN)), EF_SPN)

    def _number(self) -> None:
        if self._reading.sim_state in CLOSED:
            return
        numbers = sim.own_numbers(self._ask_card("AT+CNUM"))
        if numbers:
            self._keep("number", numbers[0], "AT+CNUM")
            return
        told = self._ask_card(EF_MSISDN_LENGTH)
        status = card.answer(told)
        length = card.file_length(told)
        if status is not None and length is None:
            return
        for tried in (length,) if length else RECORD_LENGTHS:
            command = f"AT+CRSM=178,{card.MSISDN},1,4,{tried}"
            reply = self._ask_file(command)
            if self._keep("number", card.own_number(reply), command) or card.answer(reply) or reply.silent:
                return

    def _serving(self) -> None:
        """Name and code of the network in use, asked in both forms; the form found is put back."""
        found = network.serving(self._ask_card("AT+COPS?"))
        if not found:
            return
        form = found[-1].form
        if form in OTHER_FORM and len(found) == 1:
            other = OTHER_FORM[form]
            told = self._inquiry.ask_set("AT+COPS?", f"AT+COPS=3,{other}", f"AT+COPS=3,{form}", CARD)
            found += network.serving(told) if told else []
        name = next((serving.name for serving in found if serving.name), None)
        code = next((serving.mccmnc for serving in found if serving.mccmnc), None)
        if name or code:
            self._reading.serving = Network(name, code)
            self._reading.sources["serving_network"] = "AT+COPS?"
            self._report()

    # Asking and keeping.

    def _each(self, commands: Order, field: str) -> Iterable[str]:
        for command in commands(self._profile, field):
            if commands is vendors.unusual and self._inquiry.late():
                return
            yield command

    def _ask_card(self, command: str) -> Reply:
        """Ask something that the SIM takes part in; its error tells the state of the SIM."""
        reply = self._inquiry.ask(command, CARD)
        self._learn_state(sim.error_state(reply), command)
        return reply

    def _ask_file(self, command: str) -> Reply:
        """Read a file of the card; where the card names another length, with that."""
        reply = self._ask_card(command)
        status = card.answer(reply)
        if status is None or status.right_length is None:
            return reply
        return self._ask_card(f"{command.rpartition(',')[0]},{status.right_length}")

    def _keep(self, name: str, text: str | None, source: str) -> bool:
        kept = self._reading.put(name, text, source)
        if kept:
            self._report()
        return kept
