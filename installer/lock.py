"""The part of requirements.lock that ships: what pyproject.toml's dependencies need, without the tools."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

_PIN = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*])?==(?P<version>[^\s;\\]+)\s*(?:;\s*(?P<marker>[^\\]*?))?\s*\\?$"
)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_VIA = re.compile(r"^\s+#\s+(?:via\s+)?(?P<name>[A-Za-z0-9._-]+)(?: \(pyproject\.toml\))?$")


@dataclass(frozen=True, slots=True)
class Pin:
    """One locked package. `marker` is "" or an environment marker; `via` are the packages that need it."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    via: frozenset[str]
    text: str


def pins(lock: str) -> dict[str, Pin]:
    """Every pin of a file that `uv pip compile --generate-hashes` wrote, by its name."""
    found: dict[str, Pin] = {}
    block: list[str] = []
    for line in [*lock.splitlines(), "end"]:
        if line and not line[0].isspace() and block:
            pin = _pin(block)
            found[pin.name] = pin
            block = []
        if line and not line.startswith("#"):
            block.append(line)
    return found


def _pin(block: list[str]) -> Pin:
    head = _PIN.match(block[0])
    if head is None:
        raise ValueError(f"not a pin: {block[0]!r}")
    text = "\n".join(block) + "\n"
    via = frozenset(match["name"] for line in block[1:] if (match := _VIA.match(line)))
    return Pin(normal(head["name"]), head["version"], head["marker"] or "", tuple(_HASH.findall(text)), via, text)


def normal(name: str) -> str:
    """A package's name as registries compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def dependencies(pyproject: str) -> list[str]:
    """The names of the program's own dependencies."""
    listed: Iterable[str] = tomllib.loads(pyproject)["project"]["dependencies"]
    return [normal(re.split(r"[^A-Za-z0-9._-]", text, maxsplit=1)[0]) for text in listed]


def shipped(lock: str, pyproject: str) -> dict[str, Pin]:
    """The pins that the program needs at run time, on any system.

    The lock's `# via` notes tell who needs whom. Raises KeyError for a dependency that the lock does not hold.
    """
    every = pins(lock)
    kept = {name: every[name] for name in dependencies(pyproject)}
    grown = True
    while grown:
        more = {name: pin for name, pin in every.items() if name not in kept and pin.via & kept.keys()}
        kept |= more
        grown = bool(more)
    return dict(sorted(kept.items()))


def requirements(chosen: Mapping[str, Pin]) -> str:
    """A requirements file of these pins, hashes and all."""
    return "".join(pin.text for pin in chosen.values())


def applying(chosen: Iterable[Pin], target: Mapping[str, str], ask: Callable[[str], str]) -> list[Pin]:
    """The pins whose markers hold on `target`, given by the variables of PEP 508 that differ from those of the Python
    that is asked. `ask` runs code in one that has `packaging` and returns what it prints."""
    every = {pin.name: pin for pin in chosen}
    code = (
        "import json; from packaging.markers import Marker;"
        f"env = {dict(target)!r}; rows = {[(pin.name, pin.marker) for pin in every.values()]!r};"
        "print(json.dumps([name for name, marker in rows if not marker or Marker(marker).evaluate(env)]))"
    )
    return [every[name] for name in json.loads(ask(code))]
