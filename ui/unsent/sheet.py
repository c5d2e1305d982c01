"""The sheet as a document, black on white whatever the window looks like."""

from __future__ import annotations

from html import escape

from PySide6.QtGui import QPagedPaintDevice, QTextDocument

from app.journal.records import Entry
from app.work.unsent import Group, Unsent
from ui.fonts import FIGURES, WORDS
from ui.journal.columns import device, identifier, what
from ui.unsent.words import entered, group_next, group_title, reason, scope, title, written

# Paragraphs, not headings: Qt's document gives those a size of its own.
STYLE = f"""
body {{ font-family: "{WORDS}"; font-size: 9pt; color: black; }}
p {{ margin-top: 2px; margin-bottom: 4px; }}
.title {{ font-size: 16pt; font-weight: 600; }}
.group {{ font-size: 11pt; font-weight: 600; margin-top: 18px; }}
.id {{ font-family: "{FIGURES}"; }}
"""
WIDTHS = (32, 12, 20, 36)
"""Of the columns, in hundredths: what it is, identifier, time and operator, reason."""


def document(found: Unsent) -> QTextDocument:
    """Heading, then each group with its next step and a row for each submission; identifiers are masked."""
    made = QTextDocument()
    made.setDefaultStyleSheet(STYLE)
    groups = "".join(_group(group, found) for group in found.groups)
    made.setHtml(
        f'<body><p class="title">{escape(title())}</p><p>{escape(written(found))}</p><p>{escape(scope())}</p>'
        f"{groups}</body>"
    )
    return made


def put(device: QPagedPaintDevice, found: Unsent) -> bool:
    """Print it on a PDF or a printer, which has no way to say that it took nothing."""
    document(found).print_(device)
    return True


def _group(group: Group, found: Unsent) -> str:
    rows = "".join(_row(entry, found) for entry in group.entries)
    return (
        f'<p class="group">{escape(group_title(group))}</p><p>{escape(group_next(group))}</p>'
        f'<table width="100%" cellspacing="0" cellpadding="3">{rows}</table>'
    )


def _row(entry: Entry, found: Unsent) -> str:
    name = " · ".join(part for part in (what(entry), device(entry)) if part)
    cells = (
        escape(name),
        f'<span class="id">{escape(identifier(entry))}</span>',
        escape(entered(entry, found.at)),
        escape(reason(entry, found.at)),
    )
    row = "".join(f'<td width="{width}%">{cell}</td>' for width, cell in zip(WIDTHS, cells, strict=True))
    return f"<tr>{row}</tr>"
