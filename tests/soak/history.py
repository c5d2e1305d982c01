"""What was promised, held against what happened. Pure, so that each rule can be seen to fail (test_history.py)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

ORDERED_BY = ("imei", "username")
"""Fields that name a device or a user: submissions that share one arrive in the order they were entered."""


@dataclass(frozen=True, slots=True)
class History:
    """`acknowledged`: ids in the order they were said to be queued. `entries`: the journal's objects, oldest first.
    `requests`: (Idempotency-Key, body) of all that reached the gate. `effects`: keys in the order their requests first
    changed what the gate holds. `stored`: the gate's records."""

    acknowledged: Sequence[str] = ()
    entries: Sequence[Mapping[str, Any]] = ()
    requests: Sequence[tuple[str, bytes]] = ()
    effects: Sequence[str] = ()
    stored: Sequence[Mapping[str, Any]] = field(default=())


def broken(history: History) -> Iterator[str]:
    """The promises that were not kept, one sentence each; none where all held."""
    yield from _delivered(history)
    yield from _nothing_invented(history)
    yield from _once(history)
    yield from _in_order(history)


def _delivered(history: History) -> Iterator[str]:
    found = {entry["id"]: entry for entry in history.entries}
    for id_ in history.acknowledged:
        if id_ not in found:
            yield f"{id_} was acknowledged and is not in the journal"
        elif found[id_]["state"] != "accepted":
            yield f"{id_} was acknowledged and is {found[id_]['state']}: {found[id_]['message']}"


def _nothing_invented(history: History) -> Iterator[str]:
    effects = set(history.effects)
    known = {entry["id"]: entry["state"] for entry in history.entries}
    for id_, state in known.items():
        if state == "accepted" and id_ not in effects:
            yield f"{id_} is accepted and the gate holds nothing of it"
        if state != "accepted" and id_ in effects:
            yield f"{id_} is {state} and the gate holds it"
    for id_ in effects - set(known):
        yield f"the gate holds {id_}, which is not in the journal"


def _once(history: History) -> Iterator[str]:
    bodies: dict[str, set[bytes]] = {}
    keys: dict[bytes, set[str]] = {}
    for key, body in history.requests:
        bodies.setdefault(key, set()).add(body)
        keys.setdefault(body, set()).add(key)
    for key, each in bodies.items():
        if len(each) > 1:
            yield f"{key} was sent with {len(each)} different bodies"
    for same in keys.values():
        if len(same) > 1:
            yield f"the same content was sent under {len(same)} keys: {', '.join(sorted(same))}"
    for key, count in Counter(history.effects).items():
        if count > 1:
            yield f"{key} took effect {count} times"
    for count in Counter(record["imei"] for record in history.stored).values():
        if count > 1:
            yield f"a device is stored {count} times"


def _in_order(history: History) -> Iterator[str]:
    entered = [entry["id"] for entry in history.entries]
    said = set(history.acknowledged)
    if [id_ for id_ in entered if id_ in said] != [id_ for id_ in history.acknowledged if id_ in set(entered)]:
        yield "the journal's order is not the order of the acknowledgements"
    place = {key: number for number, key in reversed(list(enumerate(history.effects)))}
    lines: dict[tuple[str, str], list[str]] = {}
    for entry in history.entries:
        for name in ORDERED_BY:
            if name in entry["fields"] and entry["id"] in place:
                lines.setdefault((name, entry["fields"][name]), []).append(entry["id"])
    for (name, text), line in lines.items():
        if line != sorted(line, key=place.__getitem__):
            yield f"{name} {text} was served out of order"


def sent(requests: Sequence[Any]) -> list[tuple[str, bytes]]:
    """The gate's requests as (key, body); asking whose token it is has neither."""
    return [
        (request.headers["Idempotency-Key"], request.body)
        for request in requests
        if "Idempotency-Key" in request.headers and json.loads(request.body)
    ]
