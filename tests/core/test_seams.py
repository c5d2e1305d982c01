"""A marked thread refuses to block; others do not."""

from __future__ import annotations

import threading

import pytest

from app.seams import BlockedUiThread, allow_here, blocking, refuse_here


def test_only_the_marked_thread_refuses() -> None:
    refuse_here()
    try:
        with pytest.raises(BlockedUiThread, match="serial read"):
            blocking("serial read")
        worker = threading.Thread(target=blocking, args=("serial read",))
        worker.start()
        worker.join()
    finally:
        allow_here()
    blocking("serial read")
