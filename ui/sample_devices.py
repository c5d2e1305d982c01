"""Device cards as the reader makes them, for pictures."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec.structs import replace

from app.identifiers import luhn
from app.identifiers.identity import Identity, Network, ReadStatus, SimState
from app.masked import Identifier
from app.modem.portless import SCAN
from app.modem.ports import ASK, Obstacle
from app.provisioning.consent import Consent, Ground
from app.work.cards import at_slot, card, unasked, unread
from app.work.events import CardState, DeviceCard


def _checked(body: str) -> Identifier:
    """`body` with its check digit."""
    return Identifier(body + luhn.check_digit(body))


_EC25 = Identity(
    port="/dev/ttyUSB2",
    status=ReadStatus.OK,
    manufacturer="Quectel",
    model="EC25",
    revision="EC25AUXGAR08A15M1G",
    imei=Identifier("356938035643809"),
    imsi=Identifier("334020012345678"),
    iccid=_checked("895202000012345678"),
    sim_state=SimState.READY,
    home_mobile_network_name="Telcel",
    home_mobile_network_mccmnc="334020",
    serving_network=Network("Telcel", "334020"),
)
UNNAMED = replace(card("ec25", "USB modem", _EC25), place="1-2.1")
MODEM = at_slot(UNNAMED, "A1")
READING = DeviceCard(
    "phone",
    "Samsung SM-A156",
    "/dev/ttyACM0",
    CardState.READING,
    Identity(
        "/dev/ttyACM0",
        ReadStatus.PARTIAL,
        manufacturer="Samsung",
        model="SM-A156",
        revision="A156MUBU1AXC4",
        imei=_checked("35123409123456"),
    ),
    place="1-2.2",
    slot="A2",
)
_TROUBLED = (
    card(
        "sim7600",
        "USB modem",
        Identity(
            "/dev/ttyUSB7",
            ReadStatus.PARTIAL,
            manufacturer="SIMCom",
            model="SIM7600",
            revision="SIM7600M22_V2.0",
            imei=_checked("86803404567902"),
            sim_state=SimState.PIN_REQUIRED,
        ),
    ),
    card("silent", "USB modem", Identity("/dev/ttyUSB9", ReadStatus.NO_ANSWER)),
)
TROUBLED = tuple(at_slot(made, f"A{place}") for place, made in enumerate(_TROUBLED, 3))


def unreadable() -> tuple[DeviceCard, ...]:
    """A phone that shows no modem, a network stick, and an adapter that is not asked by itself."""
    phone = Obstacle(
        "Pixel 7 is a phone that shows no modem.",
        f"Unlock it and switch USB debugging or USB modem on, if it has them; else {SCAN}.",
    )
    stick = Obstacle(
        "Huawei HiLink is a network card only and never has a port to read.",
        f"For it, {SCAN}; its own web page shows the identifiers too.",
    )
    adapter = Obstacle("It is a plain serial adapter (FTDI); machines of any kind hang on these.", ASK, askable=True)
    made = (
        unread("pixel", "Pixel 7", "", phone),
        unread("hilink", "Huawei HiLink", "", stick),
        unread("adapter", "FT232R USB UART", "/dev/ttyUSB12", adapter),
    )
    return tuple(replace(at_slot(card, slot), place="1-2.4") for card, slot in zip(made, ("A3", "", "A5"), strict=True))


def roaming() -> DeviceCard:
    identity = replace(_EC25, serving_network=Network("Vodafone ES", "21401"))
    return at_slot(card("ec25", "USB modem", identity), "A1")


def other_sim() -> DeviceCard:
    """The modem of before with another SIM in it."""
    identity = replace(_EC25, imsi=Identifier("334020098765432"), iccid=_checked("895202000098765432"))
    return at_slot(card("ec25", "USB modem", identity), "A1")


def changed_sim() -> DeviceCard:
    """The modem of before, whose SIM was changed on this bench."""
    made = other_sim()
    return replace(made, place=UNNAMED.place, previous_iccid=_EC25.iccid)


def waiting(*states: CardState) -> tuple[DeviceCard, ...]:
    """Devices that nothing was asked of yet."""
    labels = ("Samsung Galaxy A15", "Quectel EC25", "SIMCom SIM7600")
    return tuple(
        at_slot(
            replace(unasked(f"unread {index}", labels[index % 3], state), place=f"1-2.{index + 2}"), f"A{index + 2}"
        )
        for index, state in enumerate(states)
    )


def agreed() -> DeviceCard:
    """The modem, whose customer agreed."""
    return replace(MODEM, consent=Consent(Ground.PER_DEVICE, datetime(2026, 3, 2, 9, 0, tzinfo=UTC), "Ana P.", "3f2a"))


def half_read() -> DeviceCard:
    """A modem that told neither IMSI nor ICCID."""
    identity = replace(_EC25, status=ReadStatus.PARTIAL, imsi=None, iccid=None)
    return replace(at_slot(card("ec25", "USB modem", identity), "A1"), place=UNNAMED.place)


def long_named() -> DeviceCard:
    identity = replace(
        _EC25, manufacturer="Manufacturer With A Very Long Company Name", model="Model 5G Global Edition Rev B"
    )
    return at_slot(card("long", "USB modem", identity), "Window left")


def crowd(count: int) -> list[DeviceCard]:
    """So many modems, most of them ready."""
    makers = (("Quectel", "EC25"), ("Huawei", "E3372"), ("Telit", "LE910"), ("u-blox", "SARA-R410M"))
    cards = []
    for index in range(count):
        maker, model = makers[index % len(makers)]
        body = f"35693803{index * 7919 % 10**6:06d}"
        identity = replace(
            _EC25,
            port=f"/dev/ttyUSB{4 * index + 10}",
            manufacturer=maker,
            model=model,
            imei=_checked(body),
            iccid=_checked(f"895202000{index * 104729 % 10**9:09d}"),
        )
        made = card(f"crowd {index}", "USB modem", identity)
        if index % 7 == 6:  # noqa: PLR2004 - now and then
            made = replace(_TROUBLED[index % 2], key=made.key)
        cards.append(at_slot(made, f"{'ABCD'[index // 8]}{index % 8 + 1}"))
    return cards


def mixed(count: int) -> list[DeviceCard]:
    """So many devices in as many states as there are places: the first eight differ, more modems follow."""
    partly = replace(half_read(), key="half read", slot="A5")
    changed = replace(changed_sim(), key="changed", slot="A6")
    starting = DeviceCard(
        "starting", "USB modem", "/dev/ttyUSB14", CardState.STARTING, sentence="Waiting for the device to start.",
        place="1-2.7", slot="A7",
    )  # fmt: skip
    ready = at_slot(replace(crowd(4)[3], key="ready"), "A8")
    first = [MODEM, READING, *TROUBLED, partly, changed, starting, ready]
    return [*first, *crowd(max(count, 8))[8:]][:count]
