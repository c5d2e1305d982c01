"""JSON in files that people write too."""

from __future__ import annotations

from codecs import BOM_UTF8
from pathlib import Path
from typing import Any

import msgspec


def read_json(path: Path) -> Any:
    """What is in `path`. Raises OSError, and ValueError that names line and column."""
    content = path.read_bytes().removeprefix(BOM_UTF8)
    try:
        return msgspec.json.decode(content)
    except msgspec.DecodeError:
        # Python's own reader tells a place that an editor can be sent to; loading it takes 2 ms of every start.
        import json

        return json.loads(content)
