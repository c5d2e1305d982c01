"""One device to one Identity: which question after which, and when to stop asking."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.errors import Cancelled, WorkstationError
from app.identifiers import plmn
from app.identifiers.identity import Identity, Network, ReadStatus, SimState
from app.identifiers.imei import from_body
from app.identifiers.luhn import is_valid
from app.modem import vendors
from app.modem.at import Reply
from app.modem.finals import ERROR
from app.modem.line import Line, open_line
from app.modem.port_errors import PortError
from app.modem.reading import FROM_IMEISV, Reading
from app.modem.replies import card, equipment, network, sim
from app.modem.session import NoAnswer, NotAModem, Session
from app.modem.vendors import GENERIC
from app.modem.vendors.profile import Profile

SYNC_S = 3.0
PATIENCE_S = (2.0, 0.7, 0.3, 0.15)
"""How long an answer about the equipment may take, after none, one, more silent commands in a row."""
CARD_PATIENCE_S = (5.0, 1.5, 0.5, 0.15)
"""The same for commands that the card or the network takes part in (+CIMI was seen to need 3 s)."""
MUTE = 3
"""After so many silent commands of one kind, the other kind gets less patience from the start."""
LATENCIES = 5
"""A slow device gets this many times its slowest answer, however often it was silent."""
BUSY_WAITS_S = (0.5, 1.0, 2.0)
BUSY_SHARE = 0.6
"""Part of the time for waiting until a busy SIM is ready; some need 15 s after plugging in."""
UNUSUAL_SHARE = 0.85
"""Part of the time after which other makers' commands are not tried any more."""

EF_ICCID = f"AT+CRSM=176,{card.ICCID},0,0,10"
EF_IMSI = f"AT+CRSM=176,{card.IMSI},0,0,9"
EF_AD = f"AT+CRSM=176,{card.AD},0,0,4"
EF_SPN = f"AT+CRSM=176,{card.SPN},0,0,17"
EF_MSISDN_LENGTH = f"AT+CRSM=192,{card.MSISDN},0,0,15"
RECORD_LENGTHS = (34, 28, 14, 24, 26, 30, 32)
"""Usual lengths of an EF_MSISDN record, for devices that cannot be asked for it."""
CLOSED = frozenset({SimState.ABSENT, SimState.PIN_REQUIRED, SimState.PUK_REQUIRED})
"""States in which a SIM tells no IMSI, name or number."""
OTHER_FORM = {network.NUMERIC: 0, 0: network.NUMERIC, 1: network.NUMERIC}


class TimeUp(WorkstationError):
    """The time for the reading ended before the last question."""

    code = "modem.time-up"


def identify(
    port: str,
    *,
    opener: Callable[[str], Line] = open_line,
    deadline_s: float = 20.0,
    stop: threading.Event | None = None,
    progress: Callable[[Identity], None] | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Identity:
    """Ask the device on one port for everything it says of itself and its SIM.

    Never raises for what can be expected of cables and devices: the status and a remark on the field "port"
    tell. `progress` gets a record after each value found, equipment first. `stop` ends the reading early.
    """
    started = clock()
    reading = Reading(port)

    def elapsed_ms() -> int:
        return round((clock() - started) * 1000)

    def report() -> None:
        if progress is not None:
            progress(reading.snapshot(elapsed_ms(), status=ReadStatus.PARTIAL))

    try:
        line = opener(port)
    except PortError as error:
        return reading.snapshot(elapsed_ms(), status=error.status, trouble=error)
    session = Session(line, clock=clock, stop=stop)
    status: ReadStatus | None = None
    trouble: WorkstationError | None = None
    try:
        time_left = _TimeLeft(port, clock, started, deadline_s)
        _run(session, _Questions(session, reading, report, time_left), deadline_s)
    except PortError as error:
        status, trouble = error.status, error
    except NotAModem as error:
        status, trouble = ReadStatus.NOT_A_MODEM, error
    except NoAnswer as error:
        status, trouble = ReadStatus.PARTIAL if reading.texts else ReadStatus.NO_ANSWER, error
    except (Cancelled, TimeUp) as error:
        trouble = error
    finally:
        line.close()
    return reading.snapshot(elapsed_ms(), status=status, trouble=trouble)


def _run(session: Session, questions: _Questions, deadline_s: float) -> None:
    session.sync(min(SYNC_S, deadline_s))
    try:
        questions.ask_all()
    finally:
        session.restore()


@dataclass(frozen=True, slots=True)
class _TimeLeft:
    """The clock of one reading, in seconds."""

    port: str
    clock: Callable[[], float]
    started: float
    deadline_s: float

    def share_used(self) -> float:
        return (self.clock() - self.started) / self.deadline_s

    def left_s(self) -> float:
        """Raises TimeUp when nothing is left."""
        left = self.started + self.deadline_s - self.clock()
        if left <= 0:
            summary = f"{self.port} did not answer everything within {self.deadline_s:.0f} s."
            raise TimeUp(summary, remedy="Read it again, or give it more time.")
        return left


class _Questions:
    """The questions to one device, asked once each."""

    def __init__(self, session: Session, reading: Reading, report: Callable[[], None], time_left: _TimeLeft) -> None:
        self._session, self._reading, self._report = session, reading, report
        self._time = time_left
        self._answers: dict[str, Reply] = {}
        self._silent: dict[tuple[float, ...], int] = {PATIENCE_S: 0, CARD_PATIENCE_S: 0}
        self._profile = GENERIC
        self._busy_waits = 0

    def ask_all(self) -> None:
        """What operators need first comes first; other makers' commands come last."""
        self._names(vendors.usual)
        self._profile = vendors.profile_of(self._reading.texts.get("manufacturer"), self._reading.texts.get("model"))
        self._imei(vendors.usual)
        self._sim_state()
        self._iccid(vendors.usual)
        self._imsi(vendors.usual)
        self._revision(vendors.usual)
        self._home()
        self._number()
        self._serving()
        self._names(vendors.unusual)
        self._imei(vendors.unusual)
        self._iccid(vendors.unusual)
        self._imsi(vendors.unusual)
        self._revision(vendors.unusual)
        self._maker_sim_state()
        self._imei_of_imeisv()
        self._home_name()

    # The equipment.

    def _names(self, commands: _Order) -> None:
        self._text("manufacturer", commands, equipment.manufacturer)
        self._text("model", commands, equipment.model)

    def _revision(self, commands: _Order) -> None:
        self._text("revision", commands, equipment.revision)

    def _text(self, name: str, commands: _Order, read: Callable[[Reply], str | None]) -> None:
        if self._reading.has(name):
            return
        for command in self._each(commands, name):
            if self._keep(name, read(self._ask(command)), command):
                return

    def _imei(self, commands: _Order) -> None:
        reading = self._reading
        for command in self._each(commands, "imei"):
            # A number with a wrong check digit may be the maker's serial number; another command may know better.
            if reading.has("imei") and is_valid(reading.texts["imei"]):
                return
            found = equipment.numbers(self._ask(command))
            if found.imei and (not reading.has("imei") or is_valid(found.imei)):
                self._keep("imei", found.imei, command)
            if not reading.has("imeisv"):
                self._keep("imeisv", found.imeisv, command)
            if not reading.has("meid"):
                self._keep("meid", found.meid, command)

    def _imei_of_imeisv(self) -> None:
        reading = self._reading
        if reading.has("imeisv") and not reading.has("imei"):
            reading.derived.append(FROM_IMEISV)
            self._keep("imei", from_body(reading.texts["imeisv"]), reading.sources["imeisv"])

    # The SIM.

    def _sim_state(self) -> None:
        reply = self._ask_card("AT+CPIN?")
        self._learn_state(sim.state(reply), reply.command)
        if reply.final is not None and reply.final.kind == ERROR:
            # With +CMEE=0 a missing card says no more than ERROR.
            told = self._ask("AT+CMEE?")
            if "+CMEE: 0" in told.lines and self._session.set_for_now("AT+CMEE=1", "AT+CMEE=0", self._patience()):
                again = self._session.ask("AT+CPIN?", self._patience(CARD_PATIENCE_S))
                self._learn_state(sim.state(again), again.command)

    def _maker_sim_state(self) -> None:
        for command in (*self._profile.sim_state, *sim.STATUS_QUERIES):
            if self._reading.sim_state is not SimState.UNKNOWN or self._late():
                return
            self._learn_state(sim.maker_state(self._ask(command)), command)

    def _learn_state(self, state: SimState, source: str) -> None:
        known = self._reading.sim_state
        if state not in {SimState.UNKNOWN, known} and known in {SimState.UNKNOWN, SimState.BUSY}:
            self._reading.sim_state = state
            self._reading.sources["sim_state"] = source
            self._report()

    def _iccid(self, commands: _Order) -> None:
        if self._reading.has("iccid") or self._reading.sim_state is SimState.ABSENT:
            return
        for command in self._each(commands, "iccid"):
            if self._keep("iccid", sim.iccid(self._ask_card(command)), command):
                return
        if commands is vendors.usual:
            self._keep("iccid", card.iccid_of(self._ask_card(EF_ICCID)), EF_ICCID)

    def _imsi(self, commands: _Order) -> None:
        # A locked SIM tells its IMSI to no command; only the usual one is asked, for the reason it gives.
        if self._reading.has("imsi") or (commands is vendors.unusual and self._reading.sim_state in CLOSED):
            return
        for command in self._each(commands, "imsi"):
            if self._keep("imsi", sim.imsi(self._ask_card(command)), command):
                return
        if commands is vendors.usual and self._reading.sim_state not in CLOSED:
            self._keep("imsi", card.imsi_of(self._ask_card(EF_IMSI)), EF_IMSI)

    def _home(self) -> None:
        if self._reading.sim_state in CLOSED:
            return
        mnc_length = card.mnc_length(self._ask_card(EF_AD))
        home = plmn.split(self._reading.texts.get("imsi", ""), mnc_length)
        if home is not None:
            source = f"{self._reading.sources['imsi']}, {home.source}"
            self._keep("home_mobile_network_mccmnc", home.code, source)
        self._keep("home_mobile_network_name", card.provider_name(self._ask_card(EF_SPN)), EF_SPN)

    def _home_name(self) -> None:
        """The home operator's name where the card has none; the serving one's only if it is the same network."""
        reading = self._reading
        code = reading.texts.get("home_mobile_network_mccmnc")
        if code is None or reading.has("home_mobile_network_name"):
            return
        if self._keep("home_mobile_network_name", plmn.operator_name(code), "operator table"):
            return
        if reading.serving is not None and reading.serving.mccmnc == code:
            self._keep("home_mobile_network_name", reading.serving.name, "AT+COPS?")

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
            reply = self._ask_card(command)
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
            if self._session.set_for_now(f"AT+COPS=3,{other}", f"AT+COPS=3,{form}", self._patience()):
                found += network.serving(self._session.ask("AT+COPS?", self._patience(CARD_PATIENCE_S)))
        name = next((serving.name for serving in found if serving.name), None)
        code = next((serving.mccmnc for serving in found if serving.mccmnc), None)
        if name or code:
            self._reading.serving = Network(name, code)
            self._reading.sources["serving_network"] = "AT+COPS?"
            self._report()

    # Asking.

    def _each(self, commands: _Order, field: str) -> Iterable[str]:
        for command in commands(self._profile, field):
            if commands is vendors.unusual and self._late():
                return
            yield command

    def _ask(self, command: str, patience_s: tuple[float, ...] = PATIENCE_S) -> Reply:
        known = self._answers.get(command)
        if known is not None:
            return known
        reply = self._session.ask(command, self._patience(patience_s))
        while sim.state(reply) is SimState.BUSY and self._time.share_used() < BUSY_SHARE:
            self._learn_state(SimState.BUSY, command)
            self._session.wait(BUSY_WAITS_S[min(self._busy_waits, len(BUSY_WAITS_S) - 1)])
            self._busy_waits += 1
            reply = self._session.ask(command, self._patience(patience_s))
        self._silent[patience_s] = self._silent[patience_s] + 1 if reply.silent else 0
        self._answers[command] = reply
        return reply

    def _ask_card(self, command: str) -> Reply:
        """Ask something that the SIM takes part in; its error tells the state of the SIM."""
        reply = self._ask(command, CARD_PATIENCE_S)
        self._learn_state(sim.error_state(reply), command)
        return reply

    def _patience(self, patience_s: tuple[float, ...] = PATIENCE_S) -> float:
        left = self._time.left_s()
        silent = self._silent[patience_s] + (max(self._silent.values()) >= MUTE)
        waits = patience_s[min(silent, len(patience_s) - 1)]
        return min(left, max(waits, min(LATENCIES * self._session.latency_s, patience_s[0])))

    def _late(self) -> bool:
        return self._time.share_used() > UNUSUAL_SHARE

    def _keep(self, name: str, text: str | None, source: str) -> bool:
        kept = self._reading.put(name, text, source)
        if kept:
            self._report()
        return kept


_Order = Callable[[Profile, str], Iterable[str]]
