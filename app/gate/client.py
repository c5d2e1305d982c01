"""The gate, as the rest of the program sees it: send one submission, or ask whose token it is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from msgspec import Struct, field

from app.gate.answers import read
from app.gate.endpoints import ORGANIZATION, ROWS, Endpoint
from app.gate.errors import NotTheGate, error_for
from app.gate.proxies import FindProxy, nowhere
from app.gate.reply import NoReply, Reply
from app.gate.secrets_sent import secrets_in_body
from app.masked import Secret
from app.provisioning.fields import Kind
from app.provisioning.outcome import RECALLED, Outcome, Result
from app.seams import blocking
from app.settings import LOOPBACK

if TYPE_CHECKING:
    from app.gate.lines import Lines


_ABOUT_ONE = frozenset({Result.ACCEPTED, Result.REJECTED, Result.CONFLICT})
"""Results that say something of one submission and nothing of the others."""


def load_transport() -> None:
    """Load now what requests are made with; otherwise the first waits for it."""
    for name in ("app.gate.transport", "httpcore", "truststore"):
        import_module(name)


class Organization(Struct, frozen=True):
    """Who a token belongs to: the name to show, and everything the gate said (no secrets)."""

    name: str
    fields: Mapping[str, Any] = field(default_factory=dict)


class GateClient:
    """One gate, at one address. Safe to use from several threads; costs nothing until its first call.

    Attempts run side by side. A connection is used again only by what follows at once (`lines.LINGER_S`): on one
    that rests, a request that meets the gate's closing of it cannot be told from one that arrived. `base_url` is
    https, or http to this computer (which never goes through a proxy); raises ValueError otherwise. `timeout_s`
    bounds a whole attempt. `extra_ca` is a PEM file or "". `find_proxy` is asked at the first call where neither
    the environment nor the system names a proxy.
    """

    def __init__(self, base_url: str, *, timeout_s: float, extra_ca: str = "", find_proxy: FindProxy = nowhere) -> None:
        url = urlsplit(base_url)
        if url.scheme != "https" and not (url.scheme == "http" and url.hostname in LOOPBACK):
            raise ValueError("the gate's address must start with https://")
        self._base_url = base_url.rstrip("/")
        self._timeout_s = timeout_s
        self._extra_ca = extra_ca
        self._find_proxy = find_proxy
        self._lock = threading.Lock()
        self._lines: Lines | None = None
        self._closed = False

    def __repr__(self) -> str:
        return f"GateClient({self._base_url})"

    def send(
        self,
        kind: Kind,
        body: bytes,
        idempotency_key: str,
        token: Secret,
        sent: Mapping[str, str],
        *,
        begins: Callable[[], None] = lambda: None,
    ) -> Future[Outcome]:
        """Begin one attempt with a submission's frozen `body`; `sent` are its fields without the secrets. `begins` is
        called before its first byte goes out.

        The outcome is there within `timeout_s`. Expected troubles are outcomes; an exception is a fault of the
        program. Where the gate is in trouble, or refuses the station, what has not begun yet is RECALLED.
        """
        endpoint = ROWS[kind]

        def outcome(reply: Reply | NoReply) -> Outcome:
            made = read(reply, endpoint, sent=sent, secrets=secrets_in_body(body) | {token.reveal()})
            if made.result not in _ABOUT_ONE and made.code != RECALLED and self._lines is not None:
                self._lines.recall()
            return made

        headers = {"Content-Type": "application/json", "Idempotency-Key": idempotency_key}
        return self._begin(endpoint, token, outcome, body, headers, begins=begins)

    def organization(self, token: Secret) -> Organization:
        """Ask whose token it is (GET /me/organization/). Blocks at most `timeout_s`.

        Raises TokenRefused, Forbidden, AddressWrong, NotTheGate, GateBusy, GateFailed, GateUnreachable (TlsRefused,
        ProxyRefused, ExtraCaUnusable) or a plain GateError.
        """
        from app.gate.organization import organization_name

        def read_it(reply: Reply | NoReply) -> Outcome:
            return read(reply, ORGANIZATION, sent={}, secrets=frozenset({token.reveal()}))

        outcome = self._begin(ORGANIZATION, token, read_it).result()
        name = organization_name(dict(outcome.answer)) if outcome.result is Result.ACCEPTED else None
        if outcome.code in {"gate.accepted", "gate.no-proof"} and name is None:
            raise NotTheGate("The answer names no organization.")
        if name is None:
            raise error_for(outcome)
        return Organization(name, outcome.answer)

    def close(self) -> None:
        """End what is running, from any thread; later calls come back as not sent."""
        with self._lock:
            self._closed, lines = True, self._lines
        if lines is not None:
            lines.close()

    def _begin(
        self,
        endpoint: Endpoint,
        token: Secret,
        outcome: Callable[[Reply | NoReply], Outcome],
        body: bytes = b"",
        headers: Mapping[str, str] = {},
        *,
        begins: Callable[[], None] = lambda: None,
    ) -> Future[Outcome]:
        blocking("gate request")
        from app.gate.exchange import Exchange
        from app.gate.transport import HEADERS

        exchange = Exchange(
            endpoint.method,
            self._base_url + endpoint.path,
            {"Authorization": f"Bearer {token.reveal()}", **HEADERS, **headers},
            body,
            read=outcome,
            begins=begins,
            timeout_s=self._timeout_s,
        )
        self._connected().run(exchange)
        return exchange.ended

    def _connected(self) -> Lines:
        from app.gate.lines import Lines
        from app.gate.transport import Way

        with self._lock:
            if self._lines is None:
                way = Way(
                    self._base_url, timeout_s=self._timeout_s, extra_ca=self._extra_ca, find_proxy=self._find_proxy
                )
                self._lines = Lines(way.connect)
                if self._closed:
                    self._lines.close()
            return self._lines
