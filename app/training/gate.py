"""A gate on this computer: the same calls over real HTTP, records in memory, and faults on demand.

It holds a token of its own, so that a training window can reach no real gate and needs no real token.
"""

from __future__ import annotations

import os
import secrets
import socket
import struct
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from msgspec.structs import replace

from app.masked import Record, Secret
from app.training.gate_faults import FAULTS, Answer, Fault, Way, answer_json
from app.training.gate_records import Records, Refused, fields_in

BASE = "/api/v1"
ORGANIZATION = {"id": 1, "name": "training-store", "display_name": "Training store"}
KEPT_HEADERS = ("Content-Type", "Accept", "Idempotency-Key", "User-Agent")
LARGEST_REQUEST = 1_000_000


class Request(Record, frozen=True):
    """One request as it came in. `headers` has KEPT_HEADERS only: no token; `authorized` says whether it was right."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    authorized: bool


class TrainingGate:
    """The training gate; a context manager. Deterministic: what it answers depends on what it was sent and told.

    `register_body`, `update_body`: `fields` or `data-string`. `honours_keys`: whether a request that comes again
    with its Idempotency-Key gets its first answer again; without that it is a conflict, as at a gate that does
    not know the header. Faults wait in the order given, one a request; `always` serves when none waits.
    """

    def __init__(
        self,
        *,
        register_body: str = "fields",
        update_body: str = "data-string",
        honours_keys: bool = True,
        token: Secret | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        port: int = 0,
    ) -> None:
        self.shapes = {f"{BASE}/device_app_register/": register_body, f"{BASE}/device_app_user_update/": update_body}
        self.honours_keys = honours_keys
        self.token = token or Secret(secrets.token_urlsafe(24))
        self.always = Fault.NONE
        self.stall_s = 60.0
        self.drip_s = 0.2
        self._now = now
        self._lock = threading.Lock()
        self._arrived = threading.Condition(self._lock)
        self._faults: deque[Fault] = deque()
        self._records = Records(now)
        self._answered: dict[str, tuple[bytes, int, dict[str, Any]]] = {}
        self._effects: list[str] = []
        self._requests: list[Request] = []
        self._port = port
        self._server: _Server | None = None

    def __enter__(self) -> Self:
        self.open_door()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def base_url(self) -> str:
        """The address to give to a client; stays the same while the gate lives."""
        return f"http://127.0.0.1:{self._port}{BASE}"

    @property
    def records(self) -> list[dict[str, Any]]:
        """A copy of what is stored, oldest first."""
        with self._lock:
            return [dict(record) for record in self._records.stored]

    @property
    def requests(self) -> list[Request]:
        """A copy of what came in, oldest first."""
        with self._lock:
            return list(self._requests)

    @property
    def effects(self) -> list[str]:
        """The Idempotency-Keys whose requests changed what is stored, in that order; one that did so twice, twice."""
        with self._lock:
            return list(self._effects)

    def wait_for_requests(self, count: int, timeout_s: float) -> bool:
        """Wait until `count` requests have been read in all; false when `timeout_s` passes first."""
        with self._arrived:
            return self._arrived.wait_for(lambda: len(self._requests) >= count, timeout_s)

    def fail_next(self, *faults: Fault) -> None:
        """Let the next requests meet these, one each; `Fault.NONE` lets one through."""
        with self._lock:
            self._faults.extend(faults)

    def forget_faults(self) -> None:
        """Work again as it should."""
        with self._lock:
            self._faults.clear()
            self.always = Fault.NONE

    def open_door(self) -> None:
        """Listen (again), on the same port as before. Raises OSError if another program has taken it."""
        if self._server is None:
            self._server = _Server(self, self._port)
            self._port = self._server.server_port
            threading.Thread(target=self._server.serve_forever, args=(0.05,), name="training-gate", daemon=True).start()

    def close_door(self) -> None:
        """Refuse connections, as a gate that is down; what was under way is cut."""
        if self._server is not None:
            self._server.stopping.set()
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    stop = close_door

    def answer(self, request: Request) -> Answer:
        """What to send back; stores what is accepted. Called by the server, one thread a connection."""
        with self._lock:
            self._requests.append(request)
            self._arrived.notify_all()
            behaviour = FAULTS[self._faults.popleft() if self._faults else self.always]
            answer = self._normal(request) if behaviour.stores else Answer(200, b"")
            # A refusal has nothing to lose or to change on the way: only its travel can fail.
            changed = behaviour.change(answer, self._now())
            refused = behaviour.stores and answer.status >= 400  # noqa: PLR2004 - RFC 9110, 15
            return replace(answer, way=changed.way) if refused else changed

    def _normal(self, request: Request) -> Answer:
        posts = request.path in self.shapes
        if not posts and request.path != f"{BASE}/me/organization/":
            return answer_json(404, {"detail": "Not found."})
        if not request.authorized:
            return answer_json(401, {"detail": "Invalid token."}, {"WWW-Authenticate": "Bearer"})
        if request.method != ("POST" if posts else "GET"):
            return answer_json(405, {"detail": f'Method "{request.method}" not allowed.'})
        return answer_json(*self._posted(request)) if posts else answer_json(200, ORGANIZATION)

    def _posted(self, request: Request) -> tuple[int, dict[str, Any]]:
        key = request.headers.get("Idempotency-Key", "")
        if self.honours_keys and key in self._answered:
            body, status, answer = self._answered[key]
            same = body == request.body
            return (status, answer) if same else (422, {"detail": "This Idempotency-Key was used for another request."})
        registers = request.path.endswith("/device_app_register/")
        try:
            fields = fields_in(request.body, self.shapes[request.path])
        except Refused as refusal:
            return 400, refusal.messages
        version = self._records.version
        status, answer = self._records.register(fields) if registers else self._records.update(fields)
        if self._records.version != version:
            self._effects.append(key)
        if key and status < 300:  # noqa: PLR2004 - RFC 9110, 15
            self._answered[key] = (request.body, status, answer)
        return status, answer


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, gate: TrainingGate, port: int) -> None:
        self.gate = gate
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", port), _Handler)

    def server_bind(self) -> None:
        # The base class looks up the computer's name here, which can take seconds without a network.
        if os.name == "posix":
            # Elsewhere the option would let two programs share the port.
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def keep(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.add(connection)

    def drop(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.discard(connection)

    def server_close(self) -> None:
        super().server_close()
        with self._lock:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    # The other side was quicker.
                    continue

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that goes away is no fault of the gate; anything else is shown as usual.
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body are written apart: without it the body would wait for the other side's delayed acknowledgement.
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.keep(self.connection)

    def finish(self) -> None:
        self.server.drop(self.connection)
        super().finish()

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: what a client sends holds identifiers."""

    def _serve(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > LARGEST_REQUEST:
            self.close_connection = True
            return self._whole(answer_json(413, {"detail": "Request too large."}))
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            # Whoever sent it ended in the middle: that is no request.
            self.close_connection = True
            return None
        gate = self.server.gate
        request = Request(
            self.command,
            self.path,
            {name: self.headers[name] for name in KEPT_HEADERS if name in self.headers},
            body,
            secrets.compare_digest(
                self.headers.get("Authorization", "").encode(), f"Bearer {gate.token.reveal()}".encode()
            ),
        )
        answer = gate.answer(request)
        match answer.way:
            case Way.RESET:
                self._reset()
            case Way.CUT:
                self._whole(answer, len(answer.body) // 2)
                self.close_connection = True
            case Way.DRIP:
                self._drip(answer)
            case Way.STALL:
                if not self.server.stopping.wait(gate.stall_s):
                    self._whole(answer)
            case Way.WHOLE:
                self._whole(answer)
        return None

    def _head(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))

    def _whole(self, answer: Answer, length: int | None = None) -> None:
        self._head(answer)
        self.end_headers()
        self.wfile.write(answer.body[:length])

    def _drip(self, answer: Answer) -> None:
        # The base class collects the head until end_headers; here it leaves byte by byte too.
        self._head(answer)
        collected: list[bytes] = self._headers_buffer  # type: ignore[attr-defined] # absent from its types
        text = b"".join(collected) + b"\r\n" + answer.body
        collected.clear()
        for place in range(len(text)):
            self.wfile.write(text[place : place + 1])
            if self.server.stopping.wait(self.server.gate.drip_s):
                return

    def _reset(self) -> None:
        # Linger of zero: closing sends a reset instead of an orderly end.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()
