"""The parts of the self-test that need a window system, and the whole of it in order."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop, QMarginsF, QRect, Qt
from PySide6.QtGui import QFontDatabase, QFontInfo, QGuiApplication, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from app.cli import self_test
from app.cli.self_test import Facts, Part, SelfTestFailed
from app.paths import Paths
from app.seams import allow_here
from app.settings import Settings
from app.training.station import TrainingStation
from app.work.events import CardState
from resources import SOURCE, languages
from ui.fonts import Type
from ui.icons import LARGE, pixmap
from ui.language.speaking import speak
from ui.look import application, start_look
from ui.start import build
from ui.theme import Role, theme

STARTED_S = 45.0


def run(report: str, port: str | None) -> int:
    """Run the self-test; the report goes to the file `report`, a picture of the window beside it (.png)."""
    app = application()
    app.setQuitOnLastWindowClosed(False)
    file = Path(report)
    every = (
        Part("drawing", lambda _: drawing(app), 30, on_main=True),
        Part("printing", printing, 30, on_main=True),
        Part("languages", lambda _: spoken_languages(app), 30, on_main=True),
        *self_test.parts(port),
        Part("window", lambda folder: window(app, folder, file.with_suffix(".png")), 90, on_main=True),
    )
    try:
        return self_test.run_parts(every, file)
    except OSError as fault:
        if sys.stderr is not None:
            sys.stderr.write(f"gate-station: {report} cannot be written: {fault.strerror}\n")
        return 2


def drawing(app: QApplication) -> Facts:
    """The bundled faces are the ones in use, and icons leave ink."""
    start_look(app, "light")
    for kind in (Type.BODY, Type.MONO):
        asked, got = kind.font().family(), QFontInfo(kind.font()).family()
        if asked != got:
            raise SelfTestFailed(f"{asked} is drawn with {got}")
    image = pixmap("check", theme().color(Role.TEXT), LARGE, 1.0).toImage()
    if not any(image.pixelColor(x, y).alpha() for x in range(image.width()) for y in range(image.height())):
        raise SelfTestFailed("an icon was drawn and left no ink")
    return {"platform": QGuiApplication.platformName(), "families": len(QFontDatabase.families())}


def printing(folder: Path) -> Facts:
    """A page goes into a PDF through the system's print support."""
    file = folder / "page.pdf"
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(file))
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setPageMargins(QMarginsF(10, 10, 10, 10), QPageLayout.Unit.Millimeter)
    painter = QPainter(printer)
    painter.setFont(Type.TITLE.font())
    painter.drawText(QRect(0, 0, 2000, 400), Qt.AlignmentFlag.AlignLeft, "Gate Station")
    painter.end()
    content = file.read_bytes()
    if not content.startswith(b"%PDF-") or b"/Font" not in content:
        raise SelfTestFailed("what was printed is no PDF with text in it")
    return {"bytes": len(content)}


def spoken_languages(app: QApplication) -> Facts:
    """Each language has the program's words and Qt's own; the language is the source's afterwards."""
    try:
        for language in set(languages()) - {SOURCE}:
            speak(app, language)
            for context, text in (("Results", "Registered"), ("QPlatformTheme", "Cancel")):
                if QCoreApplication.translate(context, text) == text:
                    raise SelfTestFailed(f"{text} is not said in {language}")
    finally:
        speak(app, SOURCE)
    return {"languages": languages()}


def window(app: QApplication, folder: Path, picture: Path) -> Facts:
    """The program's own window on a training station, until a simulated device's card says that it is read."""
    began = time.monotonic()
    with TrainingStation(Paths(folder, folder, folder), [self_test.MODEM]) as training:
        shown = build(app, training.paths, Settings(), training.workstation)
        try:
            shown.resize(1280, 800)
            shown.show()
            _wait(app, lambda: shown.windowHandle().isExposed(), "the window to be shown")
            exposed_s = time.monotonic() - began
            _wait(
                app, lambda: any(view.card.state is CardState.READY for view in shown.bench.devices.views()), "a card"
            )
            if not shown.grab().save(str(picture)):
                raise SelfTestFailed(f"no picture of the window could be written to {picture}")
        finally:
            shown.close()
            allow_here()
    return {
        "platform": QGuiApplication.platformName(),
        "style": app.style().name(),
        "shown_ms": round(exposed_s * 1000),
    }


def _wait(app: QApplication, done: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + STARTED_S
    while not done():
        if time.monotonic() > end:
            raise SelfTestFailed(f"waited {STARTED_S:g} s for {what}")
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)
