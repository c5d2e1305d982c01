"""The receipt as a document, black on white whatever the window looks like."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QUrl
from PySide6.QtGui import QPagedPaintDevice, QTextDocument

from app.work.receipt import Receipt
from ui.fonts import FIGURES, WORDS
from ui.receipts.qr import qr
from ui.receipts.words import in_code, job, lines, remarks, standing, title

QR, QR_SIZE = "qr", 120
"""Its name in the document, and its side in the document's pixels."""
STYLE = f"""
body {{ font-family: "{WORDS}"; font-size: 10pt; color: black; }}
p {{ margin-top: 2px; margin-bottom: 6px; }}
.title {{ font-size: 18pt; font-weight: 600; }}
.job {{ font-size: 12pt; font-weight: 600; margin-top: 14px; }}
.open {{ font-weight: 600; }}
.mono {{ font-family: "{FIGURES}"; }}
"""


def document(receipt: Receipt) -> QTextDocument:
    """Title, what became of it, what was done, values, and a QR code."""
    made = QTextDocument()
    made.setDefaultStyleSheet(STYLE)
    made.addResource(QTextDocument.ResourceType.ImageResource, QUrl(QR), qr(in_code(receipt)))
    rows = "".join(
        f'<tr><td width="30%">{escape(line.label)}</td>'
        f'<td class="{"mono" if line.mono else ""}">{escape(line.value)}</td></tr>'
        for line in lines(receipt)
    )
    notes = "".join(f"<p>{escape(note)}</p>" for note in remarks(receipt))
    made.setHtml(
        f'<body><p class="title">{escape(title(receipt))}</p>'
        f'<p class="{"" if receipt.confirmed else "open"}">{escape(standing(receipt))}</p>'
        f'<p class="job">{escape(job(receipt.entry))}</p>{notes}'
        f'<p></p><table width="100%" cellspacing="0" cellpadding="3">{rows}</table>'
        f'<p><img src="{QR}" width="{QR_SIZE}" height="{QR_SIZE}"></p></body>'
    )
    return made


def put(device: QPagedPaintDevice, receipt: Receipt) -> bool:
    """Print it on a PDF or a printer, which has no way to say that it took nothing."""
    document(receipt).print_(device)
    return True
