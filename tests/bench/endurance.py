"""A thousand pluggings: memory, threads and descriptors afterwards against those after ten; and the idle watch."""

from __future__ import annotations

import gc
import queue
import resource
import threading
import time
from pathlib import Path

from app.assembly import Workstation
from app.modem.ports import DeviceSeen, PortSeen, devices
from app.paths import paths
from app.settings import load_settings
from app.training.devices.hub import Hub
from app.training.devices.personalities import BY_NAME
from app.work.events import CardState, DeviceChanged, DeviceGone, Event
from tests.bench.told import line, row

CYCLES = 1000
FIRST = 10
IDLE_S = 10.0


def endurance() -> None:
    """Each cycle plugs a device, waits for its first words, and pulls it."""
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    with Hub() as hub:
        hub.plug(BY_NAME["quectel-ec25"])

        def look() -> list[DeviceSeen]:
            return devices([PortSeen(address, chosen=True) for address in hub.addresses.values()])

        station = Workstation(
            paths("/nonexistent"), load_settings(Path("/nonexistent/settings.json")), publish=events.put, look=look
        )
        station.intake.poll_s = 0.005
        stop = threading.Event()
        watch = threading.Thread(target=station.intake.run, args=(stop,))
        watch.start()
        for cycle in range(1, CYCLES + 1):
            _wait_for_reading(events)
            hub.unplug("quectel-ec25")
            _wait_for_gone(events)
            if cycle == FIRST:
                begin = _held()
            hub.replug("quectel-ec25")
        end = _held()
        stop.set()
        watch.join()
    for what, before, after in zip(("MB of memory", "threads", "descriptors"), begin, end, strict=True):
        row(f"after {CYCLES} pluggings, {what}", f"{after:.1f}", f"{before:.1f} after {FIRST}", after / before)
    _idle()


def _wait_for_reading(events: queue.SimpleQueue[Event]) -> None:
    while True:
        event = events.get(timeout=30)
        if isinstance(event, DeviceChanged) and event.card.state is CardState.READING and event.card.identity:
            return


def _wait_for_gone(events: queue.SimpleQueue[Event]) -> None:
    while not isinstance(events.get(timeout=30), DeviceGone):
        pass


def _held() -> tuple[float, float, float]:
    """Once the readers of the pulled device have ended: memory in MB, threads, descriptors."""
    for thread in threading.enumerate():
        if thread.name.startswith("read"):
            thread.join(5)
    gc.collect()
    status = Path("/proc/self/status").read_text()
    resident = next(int(text.split()[1]) for text in status.splitlines() if text.startswith("VmRSS"))
    return resident / 1024, float(threading.active_count()), float(len(list(Path("/proc/self/fd").iterdir())))


def _idle() -> None:
    """What the watch of the ports costs while nothing happens, with the real list of ports."""
    station = Workstation(paths("/nonexistent"), load_settings(Path("/nonexistent/settings.json")))
    stop = threading.Event()
    watch = threading.Thread(target=station.intake.run, args=(stop,))
    watch.start()
    before = resource.getrusage(resource.RUSAGE_SELF)
    time.sleep(IDLE_S)
    after = resource.getrusage(resource.RUSAGE_SELF)
    stop.set()
    watch.join()
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    line("idle watch of the ports", f"{used / IDLE_S:.2%} of one core")
