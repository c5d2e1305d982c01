"""The doctor: its runner, and the checks of keyring, gate, certificate, clock, proxy, disk and journal."""

from __future__ import annotations

import argparse
import json
import select
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Queue

import pytest
import trustme
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from app.assembly import Workstation
from app.cli.doctor import code, doctor
from app.cli.exits import Exit
from app.credentials.errors import CredentialsLocked
from app.credentials.store import Presence, SessionStore, TokenState
from app.credentials.vault import Vault
from app.errors import WorkstationError
from app.journal.outbox import Journal
from app.masked import Secret
from app.paths import paths
from app.provisioning.draft import Draft
from app.provisioning.workflows import ROWS
from app.seams import BlockedUiThread, allow_here, refuse_here
from app.settings import load_settings
from app.training.gate import TrainingGate
from app.training.gate_faults import Fault
from app.updates.checking import UpdateCheck
from app.work.doctor import CHECKS, clock, disk, gate, journal, keyring, proxy, tls, updates, versions
from app.work.doctor.certificate import parse
from app.work.doctor.examine import Check, examine
from app.work.doctor.line import Finding, Grade, Line, line
from app.work.doctor.surroundings import Surroundings
from app.work.encryption import Encryption
from tests.peers.releases import PAGE, announced, answer, public
from tests.peers.tls import Certificates, Peer, make_certificates

TOKEN = Secret("doctor-canary-token-83")
HOST = "http://127.0.0.1:1/api/v1"


def around(folder: Path, base_url: str = HOST, *overrides: str, token: Secret | None = None) -> Surroundings:
    where = paths(folder)
    where.prepare()
    kept = SessionStore()
    if token:
        kept.save(token)
    settings = load_settings(where.settings, (f"gate.base_url={base_url}", *overrides))
    return Surroundings(
        paths=where,
        settings=settings,
        token_state=kept.status,
        token=kept.load,
        encryption=Encryption(where, keyring=None, wish=lambda: "auto"),
        updates=UpdateCheck(settings=settings, keys=(), now=lambda: datetime.now(UTC)),
        proxy=str,
        listed=list,
        proc=folder,
        usb=folder,
        udev=folder,
    )


def told(findings: object) -> Line:
    return line("x", findings)  # type: ignore[arg-type]


# The runner


def one(grade: Grade, summary: str = "So it is.", fix: str = "") -> Check:
    return Check(grade.value, lambda _: [Finding(grade, summary, fix)])


def test_the_worst_finding_gives_the_grade_and_stands_first() -> None:
    found = told(
        [Finding(Grade.OK, "A."), Finding(Grade.WARNING, "B.", "Do b."), Finding(Grade.PROBLEM, "C.", "Do c.")]
    )
    assert (found.grade, found.summary, found.fix) == (Grade.PROBLEM, "C. B. A.", "Do c. Do b.")


def test_a_line_has_no_control_codes_and_no_identifier() -> None:
    found = told([Finding(Grade.OK, "Name \x1b[31m\nis 490154203237518.")])
    assert found.summary == "Name  [31m is •••••••••••7518."


def test_a_check_that_hangs_delays_no_other_and_says_so(tmp_path: Path) -> None:
    never = threading.Event()

    def hang(_: Surroundings) -> Iterator[Finding]:
        never.wait()
        yield Finding(Grade.OK, "Too late.")

    hangs = Check("hangs", hang, deadline_s=2, late="Pull the plug.")
    lines = list(examine([hangs, one(Grade.OK), one(Grade.WARNING)], around(tmp_path)))
    assert [found.check for found in lines][-1] == "hangs"
    assert {found.check for found in lines} == {"hangs", "ok", "warning"}
    assert (lines[-1].grade, lines[-1].fix) == (Grade.PROBLEM, "Pull the plug.")
    never.set()


def test_a_result_after_the_deadline_gives_no_second_line(tmp_path: Path) -> None:
    told_late, late = threading.Event(), Queue[threading.Thread]()

    def slow(_: Surroundings) -> Iterator[Finding]:
        late.put(threading.current_thread())
        told_late.wait()
        yield Finding(Grade.OK, "Too late.")

    def slower(_: Surroundings) -> Iterator[Finding]:
        late.get(timeout=20).join()
        yield Finding(Grade.OK, "In time.")

    lines = examine([Check("slow", slow, deadline_s=0.2), Check("slower", slower, deadline_s=20)], around(tmp_path))
    first = next(lines)
    told_late.set()
    assert [(first.check, first.grade), *((found.check, found.grade) for found in lines)] == [
        ("slow", Grade.PROBLEM),
        ("slower", Grade.OK),
    ]


def test_a_check_that_fails_is_a_line_and_not_the_end(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def fail(_: Surroundings) -> Iterator[Finding]:
        raise ZeroDivisionError
        yield

    def refuse(_: Surroundings) -> Iterator[Finding]:
        raise WorkstationError("It is shut.", remedy="Open it.")
        yield

    lines = {
        found.check: found
        for found in examine([Check("fails", fail), Check("refuses", refuse), one(Grade.OK)], around(tmp_path))
    }
    assert lines["fails"].grade is Grade.PROBLEM
    assert "ZeroDivisionError" in caplog.text
    assert (lines["refuses"].summary, lines["refuses"].fix) == ("It is shut.", "Open it.")
    assert lines["ok"].grade is Grade.OK


def test_a_check_of_another_system_gives_no_line(tmp_path: Path) -> None:
    elsewhere = Check("elsewhere", lambda _: [Finding(Grade.OK, "Here.")], systems=frozenset({"plan9"}))
    assert list(examine([elsewhere], around(tmp_path))) == []


def test_the_doctor_does_not_run_on_the_windows_thread(tmp_path: Path) -> None:
    refuse_here()
    try:
        with pytest.raises(BlockedUiThread):
            examine(CHECKS, around(tmp_path))
    finally:
        allow_here()


@pytest.mark.parametrize(
    ("problems", "expected"),
    [
        ([], Exit.DONE),
        (["ports"], Exit.NO_DEVICE),
        (["drivers", "tls"], Exit.NOT_DELIVERED),
        (["keyring", "gate", "holders"], Exit.NO_TOKEN),
        (["keyring", "disk", "gate"], Exit.NO_JOURNAL),
    ],
)
def test_the_exit_code_is_the_worst_problems(problems: list[str], expected: Exit) -> None:
    lines = [Line(check.name, Grade.PROBLEM if check.name in problems else Grade.WARNING, "") for check in CHECKS]
    assert code(lines) is expected


# keyring


@pytest.mark.parametrize(
    ("state", "grade"),
    [
        (TokenState(Presence.STORED, "Kept."), Grade.OK),
        (TokenState(Presence.STORED, "For this session.", "Enter it again."), Grade.WARNING),
        (TokenState(Presence.MISSING, "None.", "Enter it."), Grade.PROBLEM),
        (TokenState(Presence.LOCKED, "Locked.", "Unlock it."), Grade.PROBLEM),
        (TokenState(Presence.UNAVAILABLE, "No keyring.", "Start one."), Grade.PROBLEM),
    ],
)
def test_the_keyrings_state_is_graded(tmp_path: Path, state: TokenState, grade: Grade) -> None:
    found = told(keyring.look(replace(around(tmp_path), token_state=lambda: state)))
    assert (found.grade, found.summary, found.fix) == (grade, state.summary, state.remedy)


# gate


def test_the_gate_names_the_organization(tmp_path: Path) -> None:
    with TrainingGate(token=TOKEN) as server:
        found = told(gate.look(around(tmp_path, server.base_url, token=TOKEN)))
    assert found.grade is Grade.OK
    assert "Training store" in found.summary
    assert TOKEN.reveal() not in str(found.record)


def test_without_a_token_the_gate_can_still_be_reached(tmp_path: Path) -> None:
    with TrainingGate(token=TOKEN) as server:
        found = told(gate.look(around(tmp_path, server.base_url)))
        assert not any(request.authorized for request in server.requests)
    assert found.grade is Grade.OK
    assert "answers" in found.summary


def test_a_locked_keyring_does_not_hide_the_gate(tmp_path: Path) -> None:
    def locked() -> Secret | None:
        raise CredentialsLocked("Locked.", remedy="Unlock it.")

    with TrainingGate(token=TOKEN) as server:
        found = told(gate.look(replace(around(tmp_path, server.base_url), token=locked)))
    assert found.grade is Grade.OK


def test_a_wrong_token_is_told(tmp_path: Path) -> None:
    with TrainingGate(token=TOKEN) as server:
        found = told(gate.look(around(tmp_path, server.base_url, token=Secret("another"))))
    assert found.grade is Grade.PROBLEM
    assert "did not accept the stored token" in found.summary
    assert "Settings" in found.fix


@pytest.mark.parametrize("token", [TOKEN, None])
def test_a_wrong_address_is_told(tmp_path: Path, token: Secret | None) -> None:
    with TrainingGate(token=TOKEN) as server:
        found = told(gate.look(around(tmp_path, server.base_url + "/elsewhere", token=token)))
    assert found.grade is Grade.PROBLEM
    assert "Check the gate's address" in found.fix


@pytest.mark.parametrize("token", [TOKEN, None])
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>",
            "not come from the gate",
        ),
        (b"HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\nContent-Length: 0\r\n\r\n", "login.example"),
        (b"HTTP/1.1 503 Out\r\nContent-Length: 0\r\n\r\n", "out of service"),
    ],
)
def test_a_sign_in_page_and_a_gate_that_is_down_are_told(
    tmp_path: Path, token: Secret | None, answer: bytes, words: str
) -> None:
    with Peer(answer) as peer:
        found = told(gate.look(around(tmp_path, peer.base_url, token=token)))
    assert found.grade is Grade.PROBLEM
    assert words in found.summary


def test_a_gate_that_names_an_organization_to_anyone_is_none(tmp_path: Path) -> None:
    body = b'{"name": "store"}'
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    with Peer(answer) as peer:
        assert told(gate.look(around(tmp_path, peer.base_url))).grade is Grade.PROBLEM


@pytest.mark.parametrize("token", [TOKEN, None])
def test_a_gate_that_is_not_there_is_told(tmp_path: Path, token: Secret | None) -> None:
    with TrainingGate() as server:
        address = server.base_url
    found = told(gate.look(around(tmp_path, address, token=token)))
    assert found.grade is Grade.PROBLEM
    assert "refused the connection" in found.summary


def test_a_busy_gate_is_a_warning(tmp_path: Path) -> None:
    with TrainingGate(token=TOKEN) as server:
        server.always = Fault.BUSY
        assert told(gate.look(around(tmp_path, server.base_url, token=TOKEN))).grade is Grade.WARNING


# tls


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("tls"))


def test_a_good_certificate_is_described(tmp_path: Path, certificates: Certificates) -> None:
    with Peer(b"", context=certificates.good) as peer:
        surroundings = around(tmp_path, peer.base_url, f"gate.extra_ca={certificates.authority}")
        found = told(tls.look(surroundings))
        later = replace(surroundings, now=lambda: certificate_end(peer) - timedelta(days=9, hours=1))
        soon = told(tls.look(later))
        assert peer.requests == []
    assert found.grade is Grade.OK
    assert "signed by trustme" in found.summary
    assert soon.grade is Grade.WARNING
    assert "in 9 days" in soon.summary


def certificate_end(peer: Peer) -> datetime:
    pem = ssl.get_server_certificate(("127.0.0.1", peer.port))
    return parse(ssl.PEM_cert_to_DER_cert(pem)).not_after


@pytest.mark.parametrize(
    ("certificate", "with_authority", "words"),
    [
        ("good", False, "authority that this computer does not know"),
        ("expired", True, "expired"),
        ("not_yet", True, "not valid yet"),
        ("other_host", True, "for another"),
        ("self_signed", True, "signed by itself"),
    ],
)
def test_a_bad_certificate_is_named_with_its_owner_and_gets_no_request(
    tmp_path: Path, certificates: Certificates, certificate: str, with_authority: bool, words: str
) -> None:
    authority = f"gate.extra_ca={certificates.authority if with_authority else ''}"
    with Peer(b"", context=getattr(certificates, certificate)) as peer:
        found = told(tls.look(around(tmp_path, peer.base_url, authority)))
        assert peer.requests == []
    assert found.grade is Grade.PROBLEM
    assert words in found.summary
    assert "signed by trustme" in found.summary
    assert found.fix


def test_what_is_no_certificate_is_told(tmp_path: Path) -> None:
    with Peer(b"hello", at_once=True) as peer:
        found = told(tls.look(around(tmp_path, peer.base_url.replace("http:", "https:"))))
    assert found.grade is Grade.PROBLEM
    assert "secure connection" in found.summary


def test_an_unusable_authority_file_is_told(tmp_path: Path, certificates: Certificates) -> None:
    with Peer(b"", context=certificates.good) as peer:
        found = told(tls.look(around(tmp_path, peer.base_url, f"gate.extra_ca={tmp_path / 'none.pem'}")))
    assert found.grade is Grade.PROBLEM
    assert "none.pem cannot be read" in found.summary


def test_plain_http_to_this_computer_needs_no_certificate(tmp_path: Path) -> None:
    assert told(tls.look(around(tmp_path))).grade is Grade.OK


def test_without_a_connection_the_certificate_is_not_judged(tmp_path: Path) -> None:
    with Peer(b"") as peer:
        address = peer.base_url.replace("http:", "https:")
    assert told(tls.look(around(tmp_path, address))).grade is Grade.WARNING


def test_a_certificate_is_read_as_the_library_that_made_it_reads_it() -> None:
    from cryptography import x509

    end = datetime(2061, 3, 4, 5, 6, 7, tzinfo=UTC)
    leaf = trustme.CA().issue_cert("gate.example", common_name="gate.example", not_after=end)
    pem = leaf.cert_chain_pems[0].bytes()
    theirs = x509.load_pem_x509_certificate(pem)
    ours = parse(ssl.PEM_cert_to_DER_cert(pem.decode()))
    assert ours.subject == "gate.example"
    assert ours.issuer.startswith("trustme")
    assert (ours.not_before, ours.not_after) == (theirs.not_valid_before_utc, end)


@pytest.mark.parametrize("data", [b"", b"\x30", b"\x30\x05abc", b"\x30\x84\xff\xff\xff\xff", b"hello world"])
def test_what_is_no_certificate_raises_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a certificate"):
        parse(data)


# clock


@pytest.mark.parametrize(
    ("ahead", "grade", "words"),
    [
        (timedelta(0), Grade.OK, "agrees"),
        (timedelta(seconds=100), Grade.OK, "agrees"),
        (timedelta(seconds=140), Grade.WARNING, "2 minutes ahead of"),
        (timedelta(minutes=-11), Grade.PROBLEM, "11 minutes behind"),
        (timedelta(days=400), Grade.PROBLEM, "400 days ahead of"),
    ],
)
def test_the_clock_is_compared_with_the_gates(tmp_path: Path, ahead: timedelta, grade: Grade, words: str) -> None:
    with TrainingGate() as server:
        surroundings = replace(
            around(tmp_path, server.base_url), now=lambda: datetime.now(UTC) + ahead, platform="linux"
        )
        found = told(clock.look(surroundings))
    assert found.grade is grade
    assert words in found.summary
    assert bool(found.fix) is (grade is not Grade.OK)


@pytest.mark.parametrize("date", [b"", b"Date: soon\r\n"])
def test_a_gate_without_a_readable_time_is_a_warning(tmp_path: Path, date: bytes) -> None:
    with Peer(b"HTTP/1.1 401 No\r\n%sContent-Length: 0\r\n\r\n" % date) as peer:
        assert told(clock.look(around(tmp_path, peer.base_url))).grade is Grade.WARNING


def test_a_clock_that_cannot_be_compared_says_why(tmp_path: Path) -> None:
    with Peer(b"") as peer:
        address = peer.base_url
    found = told(clock.look(around(tmp_path, address)))
    assert (found.grade, "refused the connection" in found.summary) == (Grade.WARNING, True)


# proxy


FAR = "https://gate.example/api/v1"


@pytest.mark.parametrize(
    ("used", "words"),
    [
        ("", "No proxy"),
        ("socks5://proxy.example", "kind (socks5)"),
        ("http://proxy.example:port", "no valid address"),
        ("http://", "no valid address"),
    ],
)
def test_which_proxy_is_used_is_told(tmp_path: Path, used: str, words: str) -> None:
    found = told(proxy.look(replace(around(tmp_path, FAR), proxy=lambda: used)))
    assert words in found.summary
    assert (found.grade is Grade.OK) is (words == "No proxy")


def test_a_proxy_is_named_without_its_password_and_tried(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        surroundings = replace(around(tmp_path, FAR), proxy=lambda: f"http://ana:canary-pass@127.0.0.1:{port}")
        found = told(proxy.look(surroundings))
    assert found.grade is Grade.OK
    assert f"127.0.0.1:{port}" in found.summary
    assert "canary" not in str(found.record)
    assert told(proxy.look(surroundings)).grade is Grade.PROBLEM
    assert "canary" not in repr(proxy.proxy_for(surroundings))


def test_the_look_at_the_certificate_goes_through_the_proxy(tmp_path: Path, certificates: Certificates) -> None:
    """The peer is a proxy that refuses: what it hears is CONNECT with its own credentials, and no token."""
    with Peer(b"HTTP/1.1 407 Sign in\r\nContent-Length: 0\r\n\r\n") as peer:
        surroundings = replace(
            around(tmp_path, FAR, token=TOKEN), proxy=lambda: f"http://ana:pass@127.0.0.1:{peer.port}"
        )
        found = told(tls.look(surroundings))
        assert peer.requests[0].startswith(b"CONNECT gate.example:443")
        assert b"Proxy-Authorization: Basic YW5hOnBhc3M=" in peer.requests[0]
    assert found.grade is Grade.WARNING
    assert f"The proxy 127.0.0.1:{peer.port} did not let" in found.summary


class Tunnel(threading.Thread):
    """A proxy for one CONNECT: whatever name was asked for, it leads to a port of this computer."""

    def __init__(self, port: int) -> None:
        super().__init__(name="tunnel", daemon=True)
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def run(self) -> None:
        near, _ = self._listener.accept()
        with self._listener, near, socket.create_connection(("127.0.0.1", self._target)) as far:
            while b"\r\n\r\n" not in near.recv(4096):
                pass
            near.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            other = {near: far, far: near}
            while True:
                for side in select.select([near, far], [], [])[0]:
                    try:
                        data = side.recv(4096)
                        other[side].sendall(data)
                    except OSError:
                        # One side went away in the middle: how every look at a certificate ends.
                        return
                    if not data:
                        return


def test_the_certificate_behind_a_proxy_is_judged_by_the_gates_name(tmp_path: Path, certificates: Certificates) -> None:
    with Peer(b"", context=certificates.other_host) as peer:
        tunnel = Tunnel(peer.port)
        tunnel.start()
        surroundings = replace(
            around(tmp_path, FAR, f"gate.extra_ca={certificates.authority}"), proxy=lambda: tunnel.address
        )
        found = told(tls.look(surroundings))
        tunnel.join()
    assert found.grade is Grade.OK
    assert "signed by trustme" in found.summary


# disk and journal


@pytest.mark.parametrize(
    ("free", "grade"),
    [(disk.WARNING_BYTES, Grade.OK), (disk.WARNING_BYTES - 1, Grade.WARNING), (disk.PROBLEM_BYTES - 1, Grade.PROBLEM)],
)
def test_free_space_is_graded(tmp_path: Path, free: int, grade: Grade) -> None:
    found = told(disk.look(replace(around(tmp_path), free_bytes=lambda _: free)))
    assert found.grade is grade
    assert f"{free // disk.MB} MB" in found.summary
    assert not list(tmp_path.glob("doctor-*"))


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    surroundings = around(tmp_path)
    found = told(disk.look(replace(surroundings, paths=paths(tmp_path / "gone"))))
    assert found.grade is Grade.PROBLEM
    assert str(tmp_path / "gone") in found.summary


def test_the_real_disk_has_a_size(tmp_path: Path) -> None:
    assert " are free for " in told(disk.look(around(tmp_path))).summary


def test_a_journal_is_not_made_by_looking(tmp_path: Path) -> None:
    surroundings = around(tmp_path)
    assert told(journal.look(surroundings)).grade is Grade.OK
    assert not surroundings.paths.journal.exists()


def test_a_sound_journal_is_told_with_its_size(tmp_path: Path) -> None:
    surroundings = around(tmp_path)
    Journal.open(surroundings.paths.journal).close()
    found = told(journal.look(surroundings))
    assert found.grade is Grade.OK
    assert "MB, 0 to be delivered" in found.summary


def test_a_damaged_journal_is_a_problem_with_its_remedy(tmp_path: Path) -> None:
    surroundings = around(tmp_path)
    surroundings.paths.journal.write_bytes(b"this is no database" * 400)
    (found,) = examine([check for check in CHECKS if check.name == "journal"], surroundings)
    assert found.grade is Grade.PROBLEM
    assert found.fix
    assert code([found]) is Exit.NO_JOURNAL


def test_a_held_queue_is_a_warning_with_what_to_do(tmp_path: Path) -> None:
    with TrainingGate(token=TOKEN) as server:
        surroundings = around(tmp_path, server.base_url)
        vault = Vault(None)
        vault.save(Secret("refused"))
        station = Workstation(surroundings.paths, surroundings.settings, vault=vault)
        station.open()
        draft = Draft(ROWS["register-device"]).with_text("imei", "490154203237518").with_text("username", "ana")
        ids = {station.submit(draft).id}
        station.drain(ids, timeout_s=10, moved=lambda _: None)
        station.close()
    found = told(journal.look(surroundings))
    assert found.grade is Grade.WARNING
    assert "did not accept the stored token" in found.summary
    assert "1 to be delivered" in found.summary
    assert "current token" in found.fix


def test_versions_are_told(tmp_path: Path) -> None:
    assert "Python 3." in told(versions.look(around(tmp_path))).summary


# updates


def test_a_newer_version_is_a_warning_with_its_page(tmp_path: Path, certificates: Certificates) -> None:
    key = Ed25519PrivateKey.generate()
    with Peer(answer(announced(key)), context=certificates.good) as peer:
        surroundings = around(tmp_path, HOST, f"updates.url={peer.base_url}", f"gate.extra_ca={certificates.authority}")
        nobody = told(updates.look(surroundings))
        asked = replace(surroundings, updates=replace(surroundings.updates, keys=(public(key),)))
        found = told(updates.look(asked))
        newest = told(updates.look(replace(asked, updates=replace(asked.updates, version="9.0.0"))))
    assert (nobody.grade, len(peer.requests)) == (Grade.OK, 2)
    assert "no key" in nobody.summary
    assert (found.grade, found.summary) == (Grade.WARNING, "Version 9.0.0 is available.")
    assert found.fix == f"Open {PAGE} and install it."
    assert (newest.grade, newest.fix) == (Grade.OK, "")
    assert code([found]) is Exit.DONE


@pytest.mark.parametrize(
    ("changes", "words"), [(["updates.check=off"], "switched off"), (["updates.url="], "No address of new versions")]
)
def test_where_nobody_asks_the_doctor_says_why(tmp_path: Path, changes: list[str], words: str) -> None:
    surroundings = around(tmp_path, HOST, "updates.url=https://127.0.0.1:1/release", *changes)
    found = told(updates.look(replace(surroundings, updates=replace(surroundings.updates, keys=(b"x" * 32,)))))
    assert found.grade is Grade.OK
    assert words in found.summary


def test_an_announcement_that_is_not_believed_is_a_warning(tmp_path: Path, certificates: Certificates) -> None:
    with Peer(answer(b"<html>Sign in</html>"), context=certificates.good) as peer:
        surroundings = around(tmp_path, HOST, f"updates.url={peer.base_url}", f"gate.extra_ca={certificates.authority}")
        asked = replace(surroundings.updates, keys=(b"x" * 32,))
        found = told(updates.look(replace(surroundings, updates=asked)))
    assert found.grade is Grade.WARNING
    assert "Install nothing from there." in found.fix


# The command


def test_the_command_prints_every_line_and_nothing_secret(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = paths(tmp_path)
    where.prepare()
    with TrainingGate(token=TOKEN) as server:
        vault = Vault(None)
        vault.save(TOKEN)
        station = Workstation(where, load_settings(where.settings, (f"gate.base_url={server.base_url}",)), vault=vault)
        doctor(argparse.Namespace(json=True), station)
        printed = capsys.readouterr().out
        doctor(argparse.Namespace(json=False), station)
        shown = capsys.readouterr().out
    records = json.loads(printed)
    here = [check.name for check in CHECKS if not check.systems or station.surroundings().platform in check.systems]
    assert [record["check"] for record in records] == here
    assert all(set(record) == {"check", "grade", "summary", "fix"} for record in records)
    by_name = {record["check"]: record for record in records}
    assert "Training store" in by_name["gate"]["summary"]
    assert {by_name[name]["grade"] for name in ("gate", "tls", "proxy", "clock")} == {"ok"}
    assert all(name in shown for name in here)
    assert TOKEN.reveal() not in printed + shown
    assert not where.journal.exists()
