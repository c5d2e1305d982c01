"""Python's import without the look that PySide takes at the source text of every module."""

from __future__ import annotations

import builtins
import importlib


def use_plain_import() -> None:
    """Take PySide's hook out of `import`; call before anything but Qt is imported.

    The hook serves `from __feature__ import ...`, which nothing here uses (Qt for Python, "Features"). For it,
    each module that anyone imports is read as text and kept by `linecache`: 6 MB and a tenth of the start.
    """
    importlib.import_module("PySide6.QtCore")  # puts the hook in, once
    vars(builtins)["__import__"] = vars(builtins).get("__orig_import__", builtins.__import__)
