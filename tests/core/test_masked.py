"""Masked by type: no way of printing gives the whole text, only `reveal()`."""

from __future__ import annotations

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.masked import CLEAR_TAIL, Identifier, Masked, Record, Secret, mask

WHOLE = "490154203237518"


@pytest.mark.parametrize("kind", [Secret, Identifier])
def test_no_way_of_printing_shows_the_whole_text(kind: type[Masked]) -> None:
    held = kind(WHOLE)
    printed = [str(held), repr(held), f"{held}", f"{held!r}", "%s" % held, repr([held]), repr({"a": held})]  # noqa: UP031
    assert not any(WHOLE in text for text in printed)
    assert held.reveal() == WHOLE
    with pytest.raises(TypeError):
        json.dumps(held)


def test_a_secret_does_not_tell_its_length() -> None:
    assert str(Secret("a")) == str(Secret("a" * 99))


@given(st.text(max_size=40))
def test_a_masked_identifier_shows_its_length_and_at_most_its_tail(text: str) -> None:
    shown = mask(text)
    assert len(shown) == len(text)
    assert shown[:-CLEAR_TAIL].strip("•") == ""


def test_equal_texts_are_equal_however_they_print() -> None:
    assert len({Identifier(WHOLE), Identifier(WHOLE)}) == 1
    assert pickle.loads(pickle.dumps(Identifier(WHOLE))) == Identifier(WHOLE)  # noqa: S301


def test_a_record_shows_none_of_its_values() -> None:
    class Person(Record, frozen=True):
        number: str

    assert repr([Person(WHOLE)]) == str([Person(WHOLE)]) == "[Person()]"
    assert Person(WHOLE) == Person(WHOLE) != Person("")
