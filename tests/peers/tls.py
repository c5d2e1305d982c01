"""HTTP peers that say exactly what they are told, plain or over TLS with certificates good and bad."""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import trustme

JSON_201 = (
    b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nConnection: close\r\n"
    b'Content-Length: 25\r\n\r\n{"status": "registered"}\n'
)
"""It says that the connection ends: a peer that ends one without a word may meet the next request doing so."""


class Peer:
    """Reads one request a connection, sends `answer`, and then ends the connection or, with `hold`, keeps it.

    `hold` with b"" is a peer that never answers; `at_once` answers before anything was said. `requests` are the
    whole requests that came, after TLS.
    """

    def __init__(
        self, answer: bytes, *, context: ssl.SSLContext | None = None, hold: bool = False, at_once: bool = False
    ) -> None:
        self.requests: list[bytes] = []
        self._answer = answer
        self._context = context
        self._hold = hold
        self._at_once = at_once
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, name="peer", daemon=True)

    @property
    def base_url(self) -> str:
        return f"http{'s' if self._context else ''}://127.0.0.1:{self.port}/api/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        # Wakes accept(); closing alone would not.
        socket.create_connection(("127.0.0.1", self.port)).close()
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        while True:
            raw, _ = self._listener.accept()
            with raw:
                if self._over.is_set():
                    return
                try:
                    self._talk(raw)
                except OSError:
                    # The client went away, or refused the certificate: what the test is about.
                    continue

    def _talk(self, raw: socket.socket) -> None:
        raw.settimeout(10)
        connection = self._context.wrap_socket(raw, server_side=True) if self._context else raw
        with connection:
            if self._at_once:
                connection.sendall(self._answer)
                return
            request = b""
            while not _whole(request):
                chunk = connection.recv(65536)
                if not chunk:
                    return
                request += chunk
            self.requests.append(request)
            connection.sendall(self._answer)
            if self._hold:
                self._over.wait(30)


def _whole(request: bytes) -> bool:
    head, blank, body = request.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return bool(blank) and len(body) >= (int(lengths[0].partition(b":")[2]) if lengths else 0)


@dataclass(frozen=True)
class Certificates:
    """Server contexts for 127.0.0.1, and the file of the authority that signed all but `self_signed`."""

    authority: Path
    good: ssl.SSLContext
    expired: ssl.SSLContext
    not_yet: ssl.SSLContext
    other_host: ssl.SSLContext
    self_signed: ssl.SSLContext


def make_certificates(folder: Path) -> Certificates:
    authority, alone = trustme.CA(), trustme.CA()
    path = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    today = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    own = folder / "alone.pem"
    own.write_bytes(alone.private_key_pem.bytes() + alone.cert_pem.bytes())
    self_signed = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    self_signed.load_cert_chain(own)
    return Certificates(
        path,
        good=_context(authority.issue_cert("127.0.0.1")),
        expired=_context(authority.issue_cert("127.0.0.1", not_before=today - 2 * day, not_after=today - day)),
        not_yet=_context(authority.issue_cert("127.0.0.1", not_before=today + day, not_after=today + 2 * day)),
        other_host=_context(authority.issue_cert("gate.example")),
        self_signed=self_signed,
    )


def _context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context
