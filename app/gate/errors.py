"""What can go wrong when the gate is asked a question whose answer someone waits for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from app.errors import WorkstationError
from app.provisioning.outcome import Outcome


class GateError(WorkstationError):
    """The gate did not give what was asked of it; `remedy` is the kind's own."""

    code = "gate.error"
    remedy_text: ClassVar[str] = "Try again; if it stays, ask whoever runs the gate."

    def __init__(self, summary: str) -> None:
        super().__init__(summary, remedy=self.remedy_text)


class TokenRefused(GateError):
    """401."""

    code = "gate.token-refused"
    remedy_text = "Open Settings and paste a current token."


class Forbidden(GateError):
    """403."""

    code = "gate.forbidden"
    remedy_text = "Ask whoever gave you the token for one with more rights, or check the gate's address."


class AddressWrong(GateError):
    """404, 405."""

    code = "gate.address-wrong"
    remedy_text = "Check the gate's address in Settings."


class NotTheGate(GateError):
    """Something else answered: a sign-in page of the network, a redirect, a page in HTML."""

    code = "gate.not-the-gate"
    remedy_text = "Open a browser to see whether this network asks for a sign-in; check the gate's address."


class GateBusy(GateError):
    """429."""

    code = "gate.busy"
    remedy_text = "Wait a little, then try again."


class GateFailed(GateError):
    """5xx and the like: the gate is there and not well."""

    code = "gate.failed"
    remedy_text = "Try again in some minutes; if it stays, ask whoever runs the gate."


class GateUnreachable(GateError):
    """No connection, or no answer to what was sent."""

    code = "gate.unreachable"
    remedy_text = "Check this computer's network, then try again."


class ProxyRefused(GateUnreachable):
    """The proxy that this computer is set to use stands in the way."""

    code = "gate.proxy"
    remedy_text = "Check the proxy settings of this computer."


class TlsRefused(GateUnreachable):
    """The gate's certificate is not to be trusted; never bypassed."""

    code = "gate.tls"
    remedy_text = "Check this computer's clock and the gate's address; your administrator may have a certificate file."


class ExtraCaUnusable(GateUnreachable):
    """The certificate file that the settings name."""

    code = "gate.extra-ca"
    remedy_text = "Name another file in Settings, or none."


_KINDS: tuple[type[GateError], ...] = (
    TokenRefused,
    Forbidden,
    AddressWrong,
    NotTheGate,
    GateBusy,
    GateFailed,
    GateUnreachable,
    ProxyRefused,
    TlsRefused,
    ExtraCaUnusable,
)
BY_CODE: Mapping[str, type[GateError]] = {
    **{kind.code: kind for kind in _KINDS},
    "gate.closed": GateUnreachable,
    "gate.cut": GateUnreachable,
    "gate.no-answer": GateUnreachable,
    "gate.no-proof": NotTheGate,
}
"""The kind of each outcome's code; refusals have none of their own."""


def error_for(outcome: Outcome) -> GateError:
    """The error that says what `outcome` says."""
    return BY_CODE.get(outcome.code, GateError)(outcome.message)


def remedy_for(code: str) -> str:
    """What to do about an outcome with this code, for a notice."""
    return BY_CODE.get(code, GateError).remedy_text
