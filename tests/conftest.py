"""What holds for every test."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings
from pytestqt.qtbot import QtBot
from typing_extensions import override

from ui.look import STYLE

PATIENCE_MS = 30_000
"""How long a busy machine may take for what a quiet one does at once."""

# How long an example takes tells of the machine, not of the rule.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--program", help="the installed program to try from outside instead of this source")


class PatientBot(QtBot):
    """Gives up late where a test names no time; what comes at once is not waited for any longer."""

    @override
    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS) -> None:
        super().waitUntil(callback, timeout=timeout)

    @override
    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE_MS, **more: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **more)


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """The program's own."""
    return [*sys.argv[:1], *STYLE]


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> QtBot:
    """The window's own wait, with patience."""
    return PatientBot(request)
