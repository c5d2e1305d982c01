"""Passwords: hashed once, verifiable, and never longer than the hash reads."""

from __future__ import annotations

import argon2
import bcrypt
import pytest

from app.masked import Secret
from app.provisioning.passwords import hash_password, is_hash, password_problem

WORD = "correct horse battery"


def test_bcrypt_is_in_the_documents_notation_and_verifies() -> None:
    hashed = hash_password(Secret(WORD), "bcrypt").reveal()
    assert hashed.startswith("$2a$12$")
    assert bcrypt.checkpw(WORD.encode(), hashed.encode())
    assert is_hash(hashed)


def test_argon2id_verifies() -> None:
    hashed = hash_password(Secret(WORD), "argon2id").reveal()
    assert hashed.startswith("$argon2id$")
    assert argon2.PasswordHasher().verify(hashed, WORD)
    assert is_hash(hashed)


@pytest.mark.parametrize(
    "text", ["", "secret", "$2a$", "$2a$10$short", "$argon2id$v=19$x", "x$2a$10$N9qo8uLOickgx2ZMRZoMyeee"]
)
def test_other_texts_are_no_hash(text: str) -> None:
    assert not is_hash(text)


@pytest.mark.parametrize(
    ("text", "scheme", "code"),
    [
        ("x" * 72, "bcrypt", None),
        ("x" * 73, "bcrypt", "password.too-long"),
        ("ñ" * 37, "bcrypt", "password.too-long"),
        ("x" * 73, "argon2id", None),
        ("a\0b", "argon2id", "password.control"),
    ],
)
def test_what_a_scheme_cannot_hash_is_refused_by_bytes(text: str, scheme: str, code: str | None) -> None:
    found = password_problem(text, scheme)
    assert (found and found[0]) == code
