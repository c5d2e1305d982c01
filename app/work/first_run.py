"""Whether a station starts for the first time, and what it then needs to be told."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from app.journal.outbox import Journal
from app.journal.records import Query
from app.settings import Settings


class Step(StrEnum):
    """In the order in which they are asked: each needs only what stands before it."""

    LANGUAGE = "language"
    GATE = "gate"
    TOKEN = "token"  # noqa: S105 - the name of a step
    CONSENT = "consent"
    PEOPLE = "people"
    DOCTOR = "doctor"
    TRAINING = "training"


KEYS: Mapping[Step, tuple[str, ...]] = {
    Step.LANGUAGE: ("language",),
    Step.GATE: ("gate.base_url",),
    Step.CONSENT: ("consent",),
}
"""The settings that a step asks for; the other steps are about something else."""


def is_first_run(file: Path, settings: Settings, journal: Journal) -> bool:
    """Whether nobody has worked here or set anything; `file` is the settings'. Blocks. Raises JournalError.

    Who gives the gate's address for this run, as the training does, has set the station up another way.
    """
    return not (
        file.exists()
        or settings.overridden("gate.base_url")
        or journal.count(Query())
        or any(kept.operator.active for kept in journal.operators())
    )


def steps(settings: Settings, *, training: bool = False) -> tuple[Step, ...]:
    """What is asked at this computer: not what its policy, or this run, decides already; `training` itself offers
    none."""
    asked = (step for step in Step if step not in KEYS or not all(_decided(settings, key) for key in KEYS[step]))
    return tuple(step for step in asked if step is not Step.TRAINING or not training)


def _decided(settings: Settings, key: str) -> bool:
    return settings.fixed(key) or settings.overridden(key)
