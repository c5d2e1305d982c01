"""The batch page in every state, for pictures."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from app.provisioning.submission import State
from app.work.rows import read_rows
from ui.batch.page import BatchPage
from ui.main_window import MainWindow
from ui.sample_devices import MODEM, READING, TROUBLED, crowd
from ui.screens import LARGE, SMALL, USUAL, Act, Scene, settle
from ui.theme import CONTRAST, DARK, LIGHT

MIXED = (MODEM, READING, *TROUBLED[:1], *crowd(5))


def scenes() -> list[Scene]:
    """All scenes of the batch."""
    return [
        Scene("batch-empty", act=_opened(), sizes=(SMALL, USUAL, LARGE)),
        Scene("batch-order", (), MIXED, _opened(_order), (SMALL, USUAL, LARGE), (LIGHT, DARK, CONTRAST)),
        Scene("batch-sent", act=_opened(_sent), devices=(MODEM, *crowd(5))),
        Scene("batch-full", act=_opened(), devices=crowd(32)),
        Scene("batch-failed", act=_opened(_unreadable), sizes=(USUAL,)),
    ]


def _opened(then: Callable[[BatchPage], None] | None = None) -> Act:
    def act(window: MainWindow) -> None:
        window.show_page("batch")
        settle()
        (page,) = window.findChildren(BatchPage)
        if then:
            then(page)
            settle()

    return act


def _order(page: BatchPage) -> None:
    cards = [item.card for item in page.model.items if item.card and item.card.identity]
    imeis = [text for card in cards if card and card.identity and (text := card.identity.value("imei"))]
    users = ("maria.lopez", "j.ortega", "l.fernandez", "k.novak", "p.romero", "t.ueda")
    rows: list[dict[str, object]] = [
        {"imei": text, "username": user} for text, user in zip(imeis[:-1], users, strict=False)
    ]
    rows += [{"imei": "490154203237518", "username": "b.mendez"}, {"imei": 3.5e14, "username": "h.aguilar"}]
    page.order = page.tr("{file}: {count} rows").format(file="order-20418.xlsx", count=8)
    page.begin(read_rows("order.json", json.dumps(rows).encode(), page.workflow))


def _sent(page: BatchPage) -> None:
    for number, item in enumerate(page.batch.ready()):
        page.batch.kept(item.key, f"id-{number}")
    for item in page.batch.items():
        if item.id in {"id-0", "id-1", "id-2"}:
            page.batch.settle(item.key, State.ACCEPTED, "")
        elif item.id == "id-3":
            page.batch.settle(item.key, State.REJECTED, "The gate refused it.")
    page.refresh()


def _unreadable(page: BatchPage) -> None:
    page.load(Path("order-20418.xlsx"))
