"""What one simulated device is: its hardware, its card, its answers and its manners. Plain data."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto

from msgspec import Struct, field

from app.identifiers.identity import Network, SimState
from app.masked import Identifier
from app.training.devices.card import Sim

LATENCY_S = 0.02
SLOWER = {"+CIMI": 0.03, "+CRSM": 0.05, "+COPS?": 0.04, "+CPIN?": 0.03}
"""Commands for which a modem asks its card or its radio, in seconds; measured on ordinary LTE modems."""


class Hardware(Struct, frozen=True):
    """What the maker wrote into the device. `imei` has 15 digits, the two of `svn` complete an IMEISV.

    `imei2` is that of the second SIM slot.
    """

    manufacturer: str
    model: str
    revision: str
    imei: Identifier
    serial: str = ""
    svn: str = "01"
    imei2: Identifier | None = None


class Answer(Struct, frozen=True):
    """The information text of one command; `{name}` stands for a value of the device or its card.

    Lines are separated by a line feed. `of_card`: an error with the card's reason when it cannot be read.
    """

    text: str
    of_card: bool = False


class SeveralInOneLine(Enum):
    """What becomes of a line of several commands (ITU-T V.250 5.2.1), as devices were seen to take them."""

    ANSWERED = auto()
    REFUSED = auto()
    """Huawei's manuals: each command line contains only one command."""
    REORDERED = auto()
    """Quectel EC200A: the answers come in another order."""
    CUT_OFF = auto()
    """The first command is answered, the rest ignored."""


class Personality(Struct, frozen=True, kw_only=True):
    """One kind of device. Answers are keyed by the command without AT ("+CGSN", "I", "^ICCID?").

    `unknown` is the answer to any other command; `cmee` and `echo` are the settings at power-on;
    `storm` are unsolicited lines that come with every answer and every `storm_period_s` between them;
    `dies_after` is the number of command lines it answers; in the middle of the next answer the line drops.
    `hangs_after` is the number after which it answers nothing more, `silent` one that never answers.
    """

    name: str
    label: str
    vid: int
    pid: int
    hardware: Hardware
    sim: Sim | None
    answers: Mapping[str, Answer]
    serving: Network | None = None
    standard: bool = True
    unknown: str = "ERROR"
    echo: bool = True
    cmee: int = 1
    latency_s: float = LATENCY_S
    latencies: Mapping[str, float] = field(default_factory=lambda: SLOWER)
    storm: tuple[str, ...] = ()
    storm_period_s: float = 0.5
    dies_after: int | None = None
    hangs_after: int | None = None
    silent: bool = False
    several: SeveralInOneLine = SeveralInOneLine.ANSWERED

    def latency_of(self, command: str) -> float:
        """Seconds the device takes for one command of a line."""
        own = self.latencies.get(command.partition("=")[0], self.latency_s)
        return max(own, self.latency_s)


def readable(personality: Personality) -> dict[str, str | None]:
    """What a perfect reader finds out, by the field names of an Identity; None where the device does not say it.

    A device that says nothing, or dies while it is asked, has its identifiers all the same: they are what
    would be read if it lived.
    """
    hardware, sim = personality.hardware, personality.sim
    card = sim if sim is not None and sim.state is SimState.READY and personality.standard else None
    serving = personality.serving if card is not None else None
    return {
        "manufacturer": hardware.manufacturer if personality.standard else None,
        "model": hardware.model,
        "revision": hardware.revision,
        "imei": hardware.imei.reveal(),
        "imsi": card.imsi.reveal() if card else None,
        "iccid": card.iccid.reveal() if card else None,
        "number": card.number.reveal() if card and card.number else None,
        "sim_state": _state(personality).value,
        "home_mobile_network_name": card.home_name if card else None,
        "home_mobile_network_mccmnc": card.home_mccmnc if card else None,
        "serving_network_mccmnc": serving.mccmnc if serving else None,
    }


def _state(personality: Personality) -> SimState:
    if not personality.standard:
        return SimState.UNKNOWN
    return SimState.ABSENT if personality.sim is None else personality.sim.state
