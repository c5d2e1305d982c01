"""Builds every part of one station and hands them to each other; the only module that knows them all."""

from __future__ import annotations

import functools
import json
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from app.credentials.vault import Vault
from app.errors import WorkstationError
from app.gate.client import GateClient, Organization
from app.journal.outbox import Journal
from app.masked import Secret
from app.modem.ports import DeviceSeen, devices, seen_ports
from app.modem.probe import identify
from app.paths import Paths
from app.provisioning.draft import Draft
from app.provisioning.fields import Kind
from app.provisioning.submission import Submission, make_submission
from app.provisioning.validation import Problem, Rules, Validation, validate
from app.settings import Settings
from app.work.dispatch import Dispatcher, Pace
from app.work.events import JournalChanged, LinkChanged, Publish
from app.work.intake import Intake


class InvalidDraft(WorkstationError):
    """A draft with errors was submitted; `problems` names each at its field."""

    code: ClassVar[str] = "draft.invalid"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("Some fields need a correction.", remedy="Correct the marked fields.")
        self.problems = problems


def now() -> datetime:
    return datetime.now(UTC)


class Workstation:
    """One station. Making it is cheap and touches no file; `open()` blocks and may raise.

    Everything but `validate` and `rules` blocks: call it from a worker, never from the window's thread.
    `publish` receives the events of both loops, on their threads.
    """

    def __init__(self, paths: Paths, settings: Settings, *, publish: Publish, vault: Vault | None = None) -> None: ...
