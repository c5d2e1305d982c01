"""The accessibility tree of other programs, as a screen reader sees it: AT-SPI 2 over its own D-Bus.

Interfaces: gitlab.gnome.org/GNOME/at-spi2-core, xml/. Roles and states by their numbers in AtspiRole, AtspiStateType.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from jeepney import DBusAddress, DBusErrorResponse, Properties, new_method_call  # type: ignore[import-untyped]
from jeepney.io.blocking import DBusConnection, open_dbus_connection  # type: ignore[import-untyped]
from jeepney.wrappers import unwrap_msg  # type: ignore[import-untyped]

ACCESSIBLE = "org.a11y.atspi.Accessible"
CALL_S = 10.0
ACTIVE, SHOWING = 1, 25


class Gone(Exception):
    """It left the tree, or its program does not answer."""


@dataclass(frozen=True, slots=True)
class Node:
    """One thing of a program's window. What is asked of it is asked now; raises Gone."""

    connection: DBusConnection
    owner: str
    path: str

    def call(self, interface: str, method: str, signature: str = "", *values: Any) -> Any:
        address = DBusAddress(self.path, self.owner, interface)
        return self._reply(new_method_call(address, method, signature or None, values))

    def _reply(self, message: Any) -> Any:
        try:
            reply = unwrap_msg(self.connection.send_and_get_reply(message, timeout=CALL_S))
        except DBusErrorResponse as fault:
            raise Gone(str(fault)) from fault
        return reply[0] if reply else None

    def _property(self, name: str) -> str:
        address = DBusAddress(self.path, self.owner, ACCESSIBLE)
        _, value = self._reply(Properties(address).get(name))
        return str(value)

    @property
    def name(self) -> str:
        return self._property("Name")

    @property
    def description(self) -> str:
        return self._property("Description")

    @property
    def role(self) -> str:
        return str(self.call(ACCESSIBLE, "GetRoleName"))

    def has(self, state: int) -> bool:
        low, _ = self.call(ACCESSIBLE, "GetState")
        return bool(low & 1 << state)

    @property
    def text(self) -> str:
        """What stands in a field."""
        return str(self.call("org.a11y.atspi.Text", "GetText", "ii", 0, -1))

    @property
    def place(self) -> tuple[int, int, int, int]:
        """Left, top, width and height on the screen, in pixels."""
        left, top, width, height = self.call("org.a11y.atspi.Component", "GetExtents", "u", 0)
        return left, top, width, height

    def children(self) -> list[Node]:
        return [Node(self.connection, owner, path) for owner, path in self.call(ACCESSIBLE, "GetChildren")]

    def press(self) -> None:
        """Its first action: press a button, open an entry."""
        assert self.call("org.a11y.atspi.Action", "DoAction", "i", 0)

    def all(self) -> Iterator[Node]:
        """It and all in it that show. Tables are not looked into: each cell would be a child."""
        yield self
        if self.role == "table":
            return
        for child in self.children():
            if child.has(SHOWING):
                yield from child.all()


@contextmanager
def programs(bus_address: str) -> Iterator[Node]:
    """The root, whose children are the programs that tell of themselves; of the bus that `org.a11y.Bus` names."""
    with open_dbus_connection(bus_address) as session:
        asked = new_method_call(DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus"), "GetAddress")
        (address,) = unwrap_msg(session.send_and_get_reply(asked, timeout=CALL_S))
    with open_dbus_connection(address) as connection:
        yield Node(connection, "org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
