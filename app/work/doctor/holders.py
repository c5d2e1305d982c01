"""holders: which other programs have a port open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from app.modem.port_errors import PortBusy, PortError
from app.modem.processes import Process, processes
from app.work.doctor import modem_manager
from app.work.doctor.line import Finding, Grade, listed
from app.work.doctor.surroundings import Surroundings

FIXES: Mapping[str, str] = {
    "brltty": "Run: sudo apt remove brltty - unless a Braille display is used here.",
    "gpsd": "Run: sudo systemctl disable --now gpsd.socket gpsd - or take the port out of /etc/default/gpsd.",
    "pppd": "End the dial-up connection.",
    "gate-station": "Nothing to do if it reads a device now; else close the other window.",
}
"""Programs that are known to take ports, by the name the kernel keeps (at most 15 characters)."""


def look(surroundings: Surroundings) -> Iterator[Finding]:
    if surroundings.platform == "linux":
        yield from _look_in_proc(surroundings)
    else:
        yield from _look_by_opening(surroundings)


def _look_in_proc(surroundings: Surroundings) -> Iterator[Finding]:
    ports = surroundings.ports()
    files = {path: str(file.resolve()) for path, file in surroundings.files().items()}
    others = [process for process in processes(surroundings.proc) if process.pid != surroundings.pid]
    held = {path: [p for p in others if p.open_files and file in p.open_files] for path, file in files.items()}
    for process in {holder.pid: holder for holders in held.values() for holder in holders}.values():
        if process.name != modem_manager.NAME:
            yield _held([path for path, holders in held.items() if process in holders], process)
    manager = [process.pid for process in others if process.name == modem_manager.NAME]
    taken = [path for path, holders in held.items() if any(holder.pid in manager for holder in holders)]
    free = [path for path, holders in held.items() if not holders]
    if any(process.open_files is None for process in others):
        # Only then can a port be held by someone who was not seen above.
        for path, fault in _busy(surroundings, free):
            if manager:
                taken.append(path)
            else:
                yield Finding(Grade.PROBLEM, fault.summary, f"To see which, run: sudo fuser -v {path}")
    if manager:
        yield modem_manager.finding(surroundings, ports, taken)
    if not manager and not any(held.values()):
        yield Finding(Grade.OK, "No other program is seen to hold a port." if files else "No port to look at.")


def _held(paths: Iterable[str], process: Process) -> Finding:
    fix = FIXES.get(process.name, f"Close {process.name}, then read the device again.")
    return Finding(Grade.PROBLEM, f"{listed(paths)}: held by {process.name} (process {process.pid}).", fix)


def _busy(surroundings: Surroundings, paths: Iterable[str]) -> Iterator[tuple[str, PortError]]:
    for path in paths:
        try:
            surroundings.open_line(path).close()
        except PortBusy as fault:
            yield path, fault
        except PortError:
            # Another line's matter: rights, or pulled meanwhile.
            continue


def _look_by_opening(surroundings: Surroundings) -> Iterator[Finding]:
    """Where the system does not say who has a port open, opening it is the only question left."""
    paths = [port.path for port in surroundings.ports()]
    busy = dict(_busy(surroundings, paths))
    for fault in busy.values():
        yield Finding(Grade.PROBLEM, f"{fault.summary} This system does not say which.", fault.remedy)
    if not busy:
        yield Finding(Grade.OK, "Every port that may be opened is free." if paths else "No port to look at.")
