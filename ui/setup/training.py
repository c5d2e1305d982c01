"""Starts the training station beside this one: a program of its own, whose window wears the banner."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QProcess

import ui
from app.errors import WorkstationError
from app.paths import Paths, paths


class TrainingNotStarted(WorkstationError):
    """The system started no second program."""

    code = "training.not-started"


def training_command(where: Paths) -> list[str]:
    """Program and arguments for the training of the station in `where`."""
    # Packaged, the interpreter is the program itself.
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", ui.__name__]
    home = ["--home", str(where.config)] if where == paths(where.config) else []
    return [*program, *home, "training"]


def start_training(where: Paths) -> None:
    """Start it, or bring its window to the front where it is open. Raises TrainingNotStarted."""
    program, *arguments = training_command(where)
    process = QProcess()
    process.setProgram(program)
    process.setArguments(arguments)
    process.setWorkingDirectory(str(Path(ui.__file__).parents[1]))
    # Not this program's: whoever reads its output would wait for the end of the training.
    process.setStandardOutputFile(QProcess.nullDevice())
    process.setStandardErrorFile(QProcess.nullDevice())
    if not process.startDetached():
        raise TrainingNotStarted(
            QCoreApplication.translate("Setup", "The training could not be started."),
            remedy=QCoreApplication.translate("Setup", "Start it with the command: gate-station training."),
            detail=process.errorString(),
        )
