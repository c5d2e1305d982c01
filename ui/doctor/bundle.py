"""The bundle for support: every file of it is shown before anything is saved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QListWidget, QPlainTextEdit, QWidget
from typing_extensions import override

from app.errors import WorkstationError
from app.work.bundle import NOT_INSIDE, Files, save
from ui.background import run
from ui.fonts import Type
from ui.kit.buttons import Button
from ui.kit.files import ask_save
from ui.kit.progress import Progress
from ui.kit.style import REST, column, row
from ui.kit.text import Text
from ui.language.speaking import spoken
from ui.notices import Notice
from ui.theme import TARGET, Tone

EDGE = 16
LIST = 180
WIDTH = 1100


class BundlePage(QWidget):
    """`collect` makes the files, on a thread. Emits `left` when the way back is wanted."""

    left = Signal()

    def __init__(self, collect: Callable[[], Files], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._collect = collect
        self._files: Files = {}
        self._busy = False
        self.notice = Notice()
        self.names = QListWidget()
        self.names.setFont(Type.BODY.font())
        self.names.setFixedWidth(LIST)
        self.names.setFrameShape(QFrame.Shape.NoFrame)
        self.names.setAccessibleName(self.tr("Files of the bundle"))
        self.names.currentTextChanged.connect(self._show_file)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFont(Type.MONO_SMALL.font())
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("What is in the file"))
        self.save = Button(self.tr("Save"), icon_name="save")
        self.save.clicked.connect(self._ask_for_file)
        self._progress = Progress()
        self._progress.setAccessibleName(self.tr("The bundle is being made"))
        self._lay_out()
        self.setFocusProxy(self.names)

    def _lay_out(self) -> None:
        back = Button(self.tr("Doctor"), "link", "stethoscope")
        back.clicked.connect(self.left)
        head = row(Text(self.tr("Bundle for support"), Type.TITLE), REST, back, self.save, gap=12)
        about = Text(
            self.tr("This is all of it; nothing is sent. Not inside: {what}.").format(
                what="; ".join(map(spoken, NOT_INSIDE))
            ),
            tone="muted",
            wrap=True,
        )
        inside = row(self.names, self.text, gap=8, edge=(8, 8, 8, 8))
        inside.setStretch(1, 1)
        card = QFrame()
        card.setProperty("kind", "card")
        box = column(self._progress, inside, gap=0)
        box.setStretch(1, 1)
        card.setLayout(box)
        inner = QWidget()
        inner.setMaximumWidth(WIDTH)
        whole = column(head, about, self.notice, card, gap=10)
        whole.setStretch(3, 1)
        inner.setLayout(whole)
        outer = row(inner, REST, edge=(EDGE, 12, EDGE, EDGE))
        outer.setStretch(0, WIDTH)
        self.setLayout(outer)

    def make(self) -> None:
        """Make the bundle anew."""
        if self._busy:
            return
        self._busy = True
        self.notice.hide()
        self._show({})
        run(self._collect, self._made, self._failed, self)

    def _made(self, files: Files) -> None:
        self._busy = False
        self._show(files)
        self.names.setCurrentRow(len(files) - 1)
        self.names.setFocus(Qt.FocusReason.OtherFocusReason)

    def _failed(self, trouble: WorkstationError) -> None:
        self._busy = False
        self._progress.hide()
        self.notice.tell_error(trouble)

    def _show(self, files: Files) -> None:
        self._files = files
        self.names.clear()
        self.names.addItems(list(files))
        for at in range(self.names.count()):
            self.names.item(at).setSizeHint(QSize(0, TARGET))
        self._progress.setVisible(self._busy)
        self._progress.say(0.5)
        self.save.setEnabled(bool(files))

    def _show_file(self, name: str) -> None:
        self.text.setPlainText(self._files.get(name, ""))

    def _ask_for_file(self) -> None:
        name = f"gate-station-{datetime.now().astimezone():%Y%m%d-%H%M}.zip"
        ask_save(self, self.tr("Save the bundle"), [self.tr("ZIP archive (*.zip)")], name, self.write)

    def write(self, path: Path) -> None:
        """Save what is shown, no more and no less."""
        files = self._files
        run(lambda: save(files, path, force=True), lambda _: self._saved(path), self._failed, self)

    def _saved(self, path: Path) -> None:
        self.notice.tell(Tone.OK, self.tr("The bundle is saved."), self.tr("It can be sent as it is."), str(path))

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.make()
