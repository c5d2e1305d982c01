"""Attempts side by side over real connections: which are kept, which are not, and what ends late ones."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from app.gate import lines
from app.gate.client import GateClient
from app.gate.exchange import Exchange
from app.gate.reply import NoReply, Reply
from app.masked import Secret
from app.provisioning.fields import Kind
from app.provisioning.outcome import RECALLED, Outcome, Result
from tests.peers.loopback import Loopback, QuietHandler

SLOW = "slow"


class Counting(Loopback):
    """Answers `status` to everything over connections it keeps, and counts them; a key of SLOW waits until `go` is
    set."""

    def __init__(self) -> None:
        super().__init__(_Handler)
        self.status = 201
        self.connections = 0
        self.asked = threading.Semaphore(0)
        self.go = threading.Event()
        self.hung_up = threading.Semaphore(0)

    def process_request_thread(self, request: object, client_address: object) -> None:
        self.connections += 1
        super().process_request_thread(request, client_address)  # type: ignore[arg-type] # as the base class has it
        self.hung_up.release()


class _Handler(QuietHandler):
    server: Counting
    protocol_version = "HTTP/1.1"

    def post(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.release()
        if self.headers["Idempotency-Key"] == SLOW:
            self.server.go.wait(30)
        self.answer(self.server.status, b"{}")


@pytest.fixture
def gate() -> Iterator[Counting]:
    server = Counting()
    with server.serving():
        yield server
        server.go.set()


@pytest.fixture
def client(gate: Counting) -> Iterator[GateClient]:
    client = GateClient(gate.url, timeout_s=20)
    yield client
    client.close()


def begin(client: GateClient, key: str = "key") -> Future[Outcome]:
    return client.send(Kind.REGISTER, b"{}", key, Secret("token-1"), {})


def test_what_follows_at_once_goes_over_the_same_connection(gate: Counting, client: GateClient) -> None:
    assert {begin(client).result(20).result for _ in range(5)} == {Result.ACCEPTED}
    assert gate.connections == 1


def test_a_connection_that_rests_is_closed(gate: Counting, client: GateClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LINGER_S", 0.02)
    begin(client).result(20)
    assert gate.hung_up.acquire(timeout=20)
    assert begin(client).result(20).result is Result.ACCEPTED
    assert gate.connections == 2


def test_one_that_waits_leaves_the_way_to_others(gate: Counting, client: GateClient) -> None:
    waiting = begin(client, SLOW)
    assert gate.asked.acquire(timeout=20)
    assert [begin(client).result(20).result for _ in range(3)] == [Result.ACCEPTED] * 3
    assert not waiting.done()
    assert gate.connections == 2
    gate.go.set()
    assert waiting.result(20).result is Result.ACCEPTED


def test_a_quick_gate_is_sent_many_over_few_connections(
    gate: Counting, client: GateClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "STALLED_S", 60.0)
    monkeypatch.setattr(lines, "SLOW_S", 60.0)
    many = [begin(client, f"key-{number}") for number in range(20)]
    assert {attempt.result(20).result for attempt in many} == {Result.ACCEPTED}
    assert gate.connections == lines.FEW


def test_more_than_few_that_wait_leave_the_way_to_others(gate: Counting, client: GateClient) -> None:
    waiting = [begin(client, SLOW) for _ in range(lines.FEW + 2)]
    for _ in waiting:
        assert gate.asked.acquire(timeout=20)
    assert begin(client).result(20).result is Result.ACCEPTED
    assert not any(attempt.done() for attempt in waiting)
    gate.go.set()
    assert {attempt.result(20).result for attempt in waiting} == {Result.ACCEPTED}


def test_a_gate_that_hangs_gets_no_more_lines_than_most(
    gate: Counting, client: GateClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "STALLED_S", 0.001)
    many = [begin(client, SLOW) for _ in range(lines.MOST + 4)]
    for _ in range(lines.MOST):
        assert gate.asked.acquire(timeout=20)
    gate.go.set()
    assert {attempt.result(20).result for attempt in many} == {Result.ACCEPTED}
    assert gate.connections == lines.MOST


def test_one_that_never_had_a_line_ends_in_time_and_is_never_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "STALLED_S", 60.0)
    begun, go = threading.Semaphore(0), threading.Event()

    def connect() -> NoReply:
        begun.release()
        go.wait(30)
        return NoReply(False, "gate.proxy", "No way.")

    def code(reply: Reply | NoReply) -> str:
        return reply.code if isinstance(reply, NoReply) else "answered"

    def run(timeout_s: float) -> Future[str]:
        exchange = Exchange("GET", "http://127.0.0.1/", {}, read=code, timeout_s=timeout_s)
        side_by_side.run(exchange)
        return exchange.ended

    side_by_side = lines.Lines(connect)
    try:
        late = [run(0.5) for _ in range(lines.FEW + 1)]
        assert {each.result(20) for each in late} == {"gate.unreachable"}
        go.set()
        assert run(20).result(20) == "gate.proxy"
        assert [begun.acquire(blocking=False) for _ in range(lines.FEW + 2)] == [True] * (lines.FEW + 1) + [False]
    finally:
        side_by_side.close()


@pytest.mark.parametrize("status", [401, 429, 503])
def test_what_has_not_begun_is_given_back_where_the_gate_is_in_trouble(
    gate: Counting, client: GateClient, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setattr(lines, "STALLED_S", 60.0)
    monkeypatch.setattr(lines, "SLOW_S", 60.0)
    held = [begin(client, SLOW) for _ in range(lines.FEW)]
    for _ in held:
        assert gate.asked.acquire(timeout=20)
    waiting = [begin(client, f"key-{number}") for number in range(5)]
    gate.status = status
    gate.go.set()
    assert {attempt.result(20).status for attempt in held} == {status}
    given_back = [attempt.result(20).code for attempt in waiting].count(RECALLED)
    # The two that answered may each have had the next one already.
    assert given_back >= len(waiting) - lines.FEW
    gate.status = 201
    assert begin(client).result(20).result is Result.ACCEPTED


def test_a_refusal_of_one_holds_nothing_up(gate: Counting, client: GateClient) -> None:
    gate.status = 409
    many = [begin(client, f"key-{number}") for number in range(10)]
    assert {attempt.result(20).result for attempt in many} == {Result.CONFLICT}


def test_deadlines_hold_where_no_thread_can_be_had(gate: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    client = GateClient(gate.url, timeout_s=1)
    try:
        held = [begin(client, SLOW) for _ in range(lines.FEW)]
        for _ in held:
            assert gate.asked.acquire(timeout=20)

        def refused(_: threading.Thread) -> None:
            raise RuntimeError("can't start new thread")

        monkeypatch.setattr(threading.Thread, "start", refused)
        waiting = begin(client)
        assert {attempt.result(20).result for attempt in held} == {Result.UNKNOWN}
        assert waiting.result(20).result is Result.UNREACHABLE
    finally:
        client.close()


def test_nobody_can_cancel_an_attempt(gate: Counting, client: GateClient) -> None:
    attempt = begin(client, SLOW)
    assert not attempt.cancel()
    gate.go.set()
    assert attempt.result(20).result is Result.ACCEPTED


def test_closing_gives_back_what_waits_as_not_sent(
    gate: Counting, client: GateClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "STALLED_S", 60.0)
    held = [begin(client, SLOW) for _ in range(lines.FEW)]
    for _ in held:
        assert gate.asked.acquire(timeout=20)
    waiting = begin(client)
    client.close()
    assert {(each.result, each.code) for each in (attempt.result(20) for attempt in held)} == {
        (Result.UNKNOWN, "gate.closed")
    }
    assert (waiting.result(20).result, waiting.result().code) == (Result.UNREACHABLE, "gate.closed")


def test_each_ends_in_its_own_time_and_gives_its_connection_up(gate: Counting) -> None:
    client = GateClient(gate.url, timeout_s=2)
    try:
        late = begin(client, SLOW)
        assert gate.asked.acquire(timeout=20)
        assert begin(client).result(20).result is Result.ACCEPTED
        outcome = late.result(20)
        assert (outcome.result, outcome.code) == (Result.UNKNOWN, "gate.no-answer")
        # The connection that was given up carries nothing more.
        gate.go.set()
        assert begin(client).result(20).result is Result.ACCEPTED
    finally:
        client.close()


def test_a_kept_connection_that_the_gate_closed_is_replaced(gate: Counting, client: GateClient) -> None:
    gate.RequestHandlerClass.protocol_version = "HTTP/1.0"  # type: ignore[attr-defined] # of this server's handler
    try:
        assert {begin(client).result(20).result for _ in range(3)} == {Result.ACCEPTED}
    finally:
        gate.RequestHandlerClass.protocol_version = "HTTP/1.1"  # type: ignore[attr-defined] # of this server's handler
    assert gate.connections == 3


def test_idle_lines_leave_no_thread_behind(gate: Counting, client: GateClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LINGER_S", 0.02)
    for attempt in [begin(client, f"key-{number}") for number in range(8)]:
        attempt.result(20)
    client.close()
    for thread in threading.enumerate():
        if thread.name.startswith("gate-"):
            thread.join(20)
            assert not thread.is_alive()
