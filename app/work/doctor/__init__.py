"""The station's doctor: looks at everything the station stands on and says, line by line, what to mend.

Owns the checks, one small module each, listed in CHECKS; a new check is a file and a row. Looks only: nothing is
changed, no port is written to, and no line holds a secret or an identifier. May import modem, gate, journal,
credentials and updates, since it tells how they stand, and what lies below; knows neither window nor command line,
which show the same lines.
"""

from app.work.doctor import (
    clock,
    disk,
    drivers,
    gate,
    holders,
    journal,
    keyring,
    permissions,
    ports,
    proxy,
    tls,
    updates,
    versions,
)
from app.work.doctor.examine import Check

_SLOW_PORTS = "A driver does not answer: unplug all devices, switch Bluetooth off, and plug them in one by one."
_NETWORK_S = 15.0
# The keyring gives itself 20 s, long enough to answer its question on the screen.
_KEYRING_S = 25.0
_LINUX = frozenset({"linux"})

CHECKS: tuple[Check, ...] = (
    Check("ports", ports.look, late=_SLOW_PORTS),
    Check("permissions", permissions.look, late=_SLOW_PORTS, systems=_LINUX),
    Check("holders", holders.look, late=_SLOW_PORTS),
    Check("drivers", drivers.look, late=_SLOW_PORTS),
    Check("keyring", keyring.look, _KEYRING_S, late="Answer the keyring's question, if it shows one."),
    Check("gate", gate.look, _KEYRING_S + _NETWORK_S, late="Check this computer's network."),
    Check("tls", tls.look, _NETWORK_S, late="Check this computer's network."),
    Check("proxy", proxy.look, _NETWORK_S, late=proxy.FIX),
    Check("clock", clock.look, _NETWORK_S, late="Check this computer's network."),
    Check("disk", disk.look, late="The disk does not answer: check it, or the network folder that the data lies on."),
    Check("journal", journal.look, 20.0, late="The journal is large, or its disk is slow."),
    Check("versions", versions.look),
    Check("updates", updates.look, _NETWORK_S, late="Check this computer's network."),
)
