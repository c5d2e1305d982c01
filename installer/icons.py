"""Draws the application's icon (resources/app/gate-station.svg) into the forms that Windows and macOS want.

`python -m installer.icons` writes installer/icons/; the files are kept, so that a build needs no drawing.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, Qt
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgRenderer

from installer.metadata import ROOT

MASTER = ROOT / "resources" / "app" / "gate-station.svg"
OUT = ROOT / "installer" / "icons"

ICO = (16, 20, 24, 32, 40, 48, 64, 128, 256)
"""Edges in pixels at which Windows shows icons, from 100 % to 250 %."""
ICNS: Mapping[bytes, int] = {
    **{b"icp4": 16, b"icp5": 32, b"ic07": 128, b"ic08": 256, b"ic09": 512, b"ic10": 1024},
    **{b"ic11": 32, b"ic12": 64, b"ic13": 256, b"ic14": 512},
}
"""Types that hold PNG, and their edges; ic10 to ic14 are for screens of two pixels a point."""
HICOLOR = (16, 24, 32, 48, 64, 128, 256, 512)


def png(edge: int, *, master: Path = MASTER) -> bytes:
    """The icon at `edge` pixels, as PNG."""
    image = QImage(edge, edge, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(master.read_bytes())).render(painter, QRectF(0, 0, edge, edge))
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"PNG")).write(image)
    return bytes(buffer.data().data())


def ico(pictures: Mapping[int, bytes]) -> bytes:
    """A Windows icon of PNG pictures by their edge; 0 stands for 256 in its directory."""
    head = struct.pack("<HHH", 0, 1, len(pictures))
    place = len(head) + 16 * len(pictures)
    directory, body = b"", b""
    for edge, picture in pictures.items():
        directory += struct.pack("<BBBBHHII", edge % 256, edge % 256, 0, 0, 1, 32, len(picture), place + len(body))
        body += picture
    return head + directory + body


def icns(pictures: Mapping[bytes, bytes]) -> bytes:
    """A macOS icon of PNG pictures by their type."""
    body = b"".join(kind + struct.pack(">I", 8 + len(picture)) + picture for kind, picture in pictures.items())
    return b"icns" + struct.pack(">I", 8 + len(body)) + body


def main() -> None:
    OUT.mkdir(exist_ok=True)
    drawn = {edge: png(edge) for edge in sorted({*ICO, *ICNS.values(), *HICOLOR})}
    (OUT / "gate-station.ico").write_bytes(ico({edge: drawn[edge] for edge in ICO}))
    (OUT / "gate-station.icns").write_bytes(icns({kind: drawn[edge] for kind, edge in ICNS.items()}))
    for edge in HICOLOR:
        (OUT / f"{edge}.png").write_bytes(drawn[edge])


if __name__ == "__main__":
    main()
