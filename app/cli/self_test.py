"""`--self-test`: whether this installation has what the program needs, part by part, as a JSON report.

For installers, administrators and CI: it asks nothing, shows no dialog, and ends in bounded time whatever hangs. It
uses made-up values and a folder of its own; neither the station's journal nor its token is touched.
"""

from __future__ import annotations

import json
import os
import platform
import secrets
import ssl
import sys
import tempfile
import threading
import time
import traceback
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from app import __version__
from app.credentials.store import CredentialStore
from app.gate.trust import trusted_context
from app.journal.chain import Finding
from app.journal.driver import KEY_BYTES
from app.journal.outbox import Journal
from app.journal.records import Entry
from app.masked import Secret
from app.modem.line import open_line
from app.paths import Paths
from app.provisioning.draft import Draft
from app.provisioning.submission import State
from app.provisioning.workflows import ROWS
from app.training.devices.personalities import BY_NAME
from app.training.station import TrainingStation

MODEM = BY_NAME["quectel-ec25"]
Facts = Mapping[str, Any]


class SelfTestFailed(Exception):
    """What a part should have found and did not."""


class Part(Struct, frozen=True):
    """One check: given an empty folder of its own, it gives facts for the report, or raises.

    `on_main` parts need the main thread, as a window system does; one that hangs ends the whole test.
    """

    name: str
    check: Callable[[Path], Facts]
    deadline_s: float
    on_main: bool = False


class Report:
    """The report, on the disk after each step: a crash leaves the name of the part that was running."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._parts: list[dict[str, Any]] = []
        self._lock = threading.Lock()

    @property
    def ok(self) -> bool:
        return all(part["ok"] for part in self._parts)

    def begin(self, name: str) -> None:
        with self._lock:
            self._write(running=name)

    def add(self, name: str, elapsed_s: float, facts: Facts | None, fault: str = "", trace: str = "") -> None:
        ended: dict[str, Any] = {"name": name, "ok": facts is not None, "elapsed_ms": round(elapsed_s * 1000)}
        ended |= {"facts": dict(facts)} if facts is not None else {"fault": fault, "trace": trace}
        if sys.stdout is not None:
            sys.stdout.write(f"{'ok    ' if ended['ok'] else 'FAILED'} {name}  {fault}\n".rstrip() + "\n")
        with self._lock:
            self._parts.append(ended)
            self._write()

    def close(self) -> None:
        with self._lock:
            self._write(done=True)

    def _write(self, *, running: str = "", done: bool = False) -> None:
        told = {
            "program": {
                "version": __version__,
                "frozen": bool(getattr(sys, "frozen", False)),
                "python": platform.python_version(),
                "system": platform.platform(),
                "openssl": ssl.OPENSSL_VERSION,
            },
            "ok": done and self.ok,
            "running": running,
            "parts": self._parts,
        }
        self._file.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def run_parts(parts: Sequence[Part], file: Path) -> int:
    """Run each part within its deadline and report to `file`; 0 when all were found in order, else 1.

    Raises OSError when `file` cannot be written.
    """
    report = Report(file)
    with tempfile.TemporaryDirectory(prefix="gate-station-self-test-", ignore_cleanup_errors=True) as folder:
        for part in parts:
            report.begin(part.name)
            own = Path(folder) / part.name
            own.mkdir()
            (_on_main if part.on_main else _aside)(part, own, report)
    report.close()
    return 0 if report.ok else 1


def _judged(part: Part, folder: Path) -> tuple[Facts | None, str, str]:
    try:
        return part.check(folder), "", ""
    except Exception as fault:  # noqa: BLE001 - whatever is wrong is what the test is for: told, and the next part runs
        return None, f"{type(fault).__name__}: {fault}", traceback.format_exc(limit=-4)


def _on_main(part: Part, folder: Path, report: Report) -> None:
    began = time.monotonic()

    def give_up() -> None:
        report.add(part.name, time.monotonic() - began, None, f"did not end within {part.deadline_s:g} s")
        os._exit(1)

    watchdog = threading.Timer(part.deadline_s, give_up)
    watchdog.daemon = True
    watchdog.start()
    facts, fault, trace = _judged(part, folder)
    watchdog.cancel()
    report.add(part.name, time.monotonic() - began, facts, fault, trace)


def _aside(part: Part, folder: Path, report: Report) -> None:
    began = time.monotonic()
    found: list[tuple[Facts | None, str, str]] = []
    thread = threading.Thread(target=lambda: found.append(_judged(part, folder)), name=part.name, daemon=True)
    thread.start()
    thread.join(part.deadline_s)
    late = (None, f"did not end within {part.deadline_s:g} s", "")
    facts, fault, trace = found[0] if found else late
    report.add(part.name, time.monotonic() - began, facts, fault, trace)


def parts(port: str | None) -> tuple[Part, ...]:
    """The parts that need no window; `port` names a serial port on which something answers, or echoes."""
    fixed = (Part("keyring", keyring, 30), Part("journal", journal, 60), Part("tls", tls, 20))
    return (*fixed, Part("port", lambda _: echo(port), 20)) if port else fixed


def keyring(_: Path) -> Facts:
    """A secret goes into the system's keyring, comes back, and is gone again."""
    store = CredentialStore(f"self-test-{uuid.uuid4()}", name="self-test", deadline_s=20)
    secret = Secret(f"self-test-{uuid.uuid4()}")
    store.save(secret)
    try:
        kept = store.load()
        if kept is None or kept.reveal() != secret.reveal():
            raise SelfTestFailed("the keyring gave back something else")
    finally:
        store.clear()
    if store.load() is not None:
        raise SelfTestFailed("the keyring kept what it was told to forget")
    return {}


def journal(folder: Path) -> Facts:
    """A simulated device is read, registered at a local gate, and found again in the journal, which is encrypted."""
    with TrainingStation(Paths(folder, folder, folder), [MODEM]) as training:
        station = training.workstation(lambda _: None)
        station.open()
        try:
            (device,) = station.devices()
            identity = station.read(device.at_ports[0], timeout_s=20, stop=threading.Event())
            submission = station.submit(Draft(ROWS["register-device"]).filled_from(identity))
            station.drain({submission.id}, timeout_s=20, moved=lambda _: None)
        finally:
            station.close()
        entry, findings = _sealed(training.paths.journal, submission.id)
    if entry is None or entry.state is not State.ACCEPTED:
        raise SelfTestFailed(f"the submission is {entry.state if entry else 'gone'}: {entry.message if entry else ''}")
    if findings:
        raise SelfTestFailed(f"the journal is not sound: {findings[0]}")
    return {"status": identity.status.value}


def _sealed(file: Path, id: str) -> tuple[Entry | None, Sequence[Finding]]:
    """A submission, and what is not sound, of a journal in clear, once it was encrypted and opened with its key."""
    key = Secret(secrets.token_hex(KEY_BYTES))
    plain = Journal.open(file)
    try:
        plain.seal(key)
    finally:
        plain.close()
    if file.read_bytes().startswith(b"SQLite format 3"):
        raise SelfTestFailed("the journal is in clear after it was encrypted")
    opened = Journal.open(file, key=key)
    try:
        return opened.entry(id), opened.verify().findings
    finally:
        opened.close()


def tls(_: Path) -> Facts:
    """The certificates that the system trusts can be found; without them no gate is."""
    trusted_context("")
    if sys.platform == "win32":
        roots = len(ssl.enum_certificates("ROOT"))
    elif sys.platform == "darwin":
        # The system judges by itself: it hands out no list.
        return {}
    else:
        places = ssl.get_default_verify_paths()
        if places.cafile:
            roots = Path(places.cafile).read_text(encoding="utf-8").count("BEGIN CERTIFICATE")
        else:
            roots = len(list(Path(places.capath).glob("*.0"))) if places.capath else 0
    if not roots:
        raise SelfTestFailed("this computer has no certificate authorities")
    return {"roots": roots}


def echo(port: str) -> Facts:
    """What answers, or echoes, at the port."""
    line = open_line(port)
    try:
        line.write(b"AT\r")
        heard, end = b"", time.monotonic() + 5
        while not (b"AT" in heard or b"OK" in heard) and time.monotonic() < end:
            heard += line.read()
    finally:
        line.close()
    if not heard:
        raise SelfTestFailed(f"nothing came back from {port}")
    return {"bytes": len(heard)}
