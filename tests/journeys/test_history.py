"""The judge of the soak sees each broken promise."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.soak.history import History, broken


def entry(id: str, state: str = "accepted", **fields: str) -> dict[str, Any]:
    return {"id": id, "state": state, "message": "Why.", "fields": {"username": "ana", "imei": id, **fields}}


KEPT = History(
    acknowledged=("a", "b"),
    entries=(entry("a"), entry("b"), entry("c")),
    requests=(("a", b"A"), ("a", b"A"), ("b", b"B"), ("c", b"C")),
    effects=("a", "b", "c"),
    stored=({"imei": "a"}, {"imei": "b"}, {"imei": "c"}),
)


def test_a_kept_promise_is_none_broken() -> None:
    assert list(broken(KEPT)) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"acknowledged": ("a", "b", "x")}, "x was acknowledged and is not in the journal"),
        ({"entries": (entry("a"), entry("b", "held"), entry("c"))}, "b was acknowledged and is held"),
        ({"effects": ("a", "b")}, "c is accepted and the gate holds nothing"),
        ({"entries": (entry("a"), entry("b"), entry("c", "waiting"))}, "c is waiting and the gate holds it"),
        ({"entries": (entry("a"), entry("b"))}, "the gate holds c, which is not in the journal"),
        ({"requests": (("a", b"A"), ("a", b"other"))}, "a was sent with 2 different bodies"),
        ({"requests": (("a", b"A"), ("b", b"A"))}, "the same content was sent under 2 keys: a, b"),
        ({"effects": ("a", "b", "c", "a")}, "a took effect 2 times"),
        ({"stored": ({"imei": "a"}, {"imei": "a"})}, "a device is stored 2 times"),
        ({"acknowledged": ("b", "a")}, "order of the acknowledgements"),
        ({"effects": ("b", "a", "c")}, "username ana was served out of order"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_broken_promise_is_seen(changed: dict[str, Any], said: str) -> None:
    assert any(said in sentence for sentence in broken(replace(KEPT, **changed)))
