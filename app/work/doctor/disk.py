"""disk: whether the station's folder has room and can be written to."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator

from app import seams
from app.work.doctor.line import Finding, Grade
from app.work.doctor.surroundings import Surroundings

MB, GB = 1_000_000, 1_000_000_000
TEN_GB = 10 * GB
WARNING_BYTES = 500 * MB
PROBLEM_BYTES = 50 * MB


def look(surroundings: Surroundings) -> Iterator[Finding]:
    seams.blocking("disk write")
    folder = surroundings.paths.data
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix="doctor-") as file:
            file.write(b"\0" * 4096)
            file.flush()
        free = surroundings.free_bytes(folder)
    except OSError as fault:
        yield Finding(
            Grade.PROBLEM,
            f"The folder {folder} cannot be written to: {fault.strerror}.",
            "Check that the folder exists, that it is yours and that the disk is not full.",
        )
        return
    size = f"{free // GB} GB" if free >= TEN_GB else f"{free // MB} MB"
    told = f"{size} are free for {folder}."
    if free < WARNING_BYTES:
        grade = Grade.PROBLEM if free < PROBLEM_BYTES else Grade.WARNING
        yield Finding(grade, told, "Make room on this disk: without it nothing more can be kept.")
    else:
        yield Finding(Grade.OK, told)
