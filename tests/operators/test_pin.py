"""PINs and roles."""

from __future__ import annotations

import pytest

from app.masked import Secret
from app.operators.people import Operator, Right, Role
from app.operators.pin import FREE_TRIES, LONGEST_WAIT_S, hash_pin, is_pin, pin_problem, wait_s


@pytest.mark.parametrize("good", ["2580", "90210", "135790246813"])
def test_a_good_pin_is_taken(good: str) -> None:
    assert pin_problem(Secret(good)) == ""


@pytest.mark.parametrize("bad", ["", "258", "1357902468130", "12a4", "1111", "1234", "987654", "٢٥٨٠", "25 80"])
def test_a_bad_pin_is_refused_with_a_sentence_that_does_not_repeat_it(bad: str) -> None:
    problem = pin_problem(Secret(bad))
    assert problem
    assert len(bad) < 2 or bad not in problem


def test_a_pin_is_kept_as_a_hash_that_only_it_fits() -> None:
    kept = hash_pin(Secret("2580"))
    assert "2580" not in kept.reveal()
    assert kept.reveal().startswith("$argon2id$")
    assert is_pin(Secret("2580"), kept)
    assert not is_pin(Secret("2581"), kept)
    assert not is_pin(Secret("2580"), Secret("no hash"))


def test_the_wait_after_wrong_pins_doubles_up_to_a_limit() -> None:
    assert [wait_s(failures) for failures in range(FREE_TRIES + 1)] == [0.0] * (FREE_TRIES + 1)
    assert [wait_s(FREE_TRIES + more) for more in (1, 2, 3)] == [30, 60, 120]
    assert wait_s(1000) == LONGEST_WAIT_S


def test_each_role_may_what_the_lesser_ones_may() -> None:
    rights = {role: {right for right in Right if Operator("id", "Ana", role).may(right)} for role in Role}
    assert rights == {
        Role.OPERATOR: set(),
        Role.TECHNICIAN: {Right.PLACES, Right.TRACE},
        Role.SUPERVISOR: set(Right),
    }
