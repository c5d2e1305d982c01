"""The parts of the log that need no window: differences, pages, states and filters."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from app.provisioning.submission import State
from ui.journal.differences import compare
from ui.journal.meaning import SENTENCES, STATES, Shown
from ui.journal.pages import Pages

DIGITS = st.text("0123456789F", max_size=24)


@settings(max_examples=150)
@given(DIGITS, DIGITS)
def test_the_pieces_of_each_side_give_its_text_back(sent: str, stored: str) -> None:
    left, right = compare(sent, stored)
    assert "".join(piece.text for piece in left) == sent
    assert "".join(piece.text for piece in right) == stored
    unchanged = ["".join(piece.text for piece in side if not piece.changed) for side in (left, right)]
    assert unchanged[0] == unchanged[1]


@settings(max_examples=100)
@given(DIGITS)
def test_equal_texts_have_no_marked_character(text: str) -> None:
    assert not any(piece.changed for side in compare(text, text) for piece in side)


def test_one_added_digit_is_the_only_one_marked() -> None:
    left, right = compare("8952020000123456784", "89520200000123456784")
    assert not any(piece.changed for piece in left)
    assert [piece.text for piece in right if piece.changed] == ["0"]


def test_a_replaced_digit_is_marked_on_both_sides() -> None:
    left, right = compare("356938035643809", "356938035643800")
    assert [piece.text for piece in left if piece.changed] == ["9"]
    assert [piece.text for piece in right if piece.changed] == ["0"]


def test_pages_forget_the_one_that_was_not_used_longest() -> None:
    pages: Pages[int] = Pages(size=2, kept=2)
    pages.put(0, [0, 1])
    pages.put(1, [2, 3])
    assert pages.row(1) == 1
    pages.put(7, [14, 15])
    assert (pages.row(0), pages.row(2), pages.row(15)) == (0, None, 15)
    assert 0 in pages
    assert 1 not in pages


def test_a_page_that_ended_early_has_no_further_rows() -> None:
    pages: Pages[str] = Pages(size=4)
    pages.put(0, ["only"])
    assert pages.row(0) == "only"
    assert pages.row(1) is None


def test_every_state_is_explained_in_a_sentence() -> None:
    assert set(SENTENCES) == set(State)
    assert all(sentence.endswith(".") for sentence in SENTENCES.values())


def test_the_filters_share_no_state_and_leave_out_only_what_was_called_off() -> None:
    parts = [STATES[shown] for shown in (Shown.NEEDS_YOU, Shown.WAITING, Shown.DONE)]
    assert sum(len(part) for part in parts) == len(frozenset().union(*parts))
    assert STATES[Shown.ALL] - frozenset().union(*parts) == {State.CANCELLED}
