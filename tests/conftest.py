"""What holds for every test."""

from __future__ import annotations

import pytest
from hypothesis import settings

# How long an example takes tells of the machine, not of the rule.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--program", help="the installed program to try from outside instead of this source")
