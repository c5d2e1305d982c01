"""The start without what Python and PySide do at each import and allocation, which takes a tenth of it."""

from __future__ import annotations

import builtins
import gc
import importlib


def begin_start() -> None:
    """Take PySide's hook out of `import`, and put off looking for garbage; call before anything but Qt is imported.

    The hook serves `from __feature__ import ...`, which nothing here uses (Qt for Python, "Features"). For it, each
    module that anyone imports is read as text and kept by `linecache`: 6 MB.
    """
    gc.disable()
    importlib.import_module("PySide6.QtCore")  # puts the hook in, once
    vars(builtins)["__import__"] = vars(builtins).get("__orig_import__", builtins.__import__)


def keep_loaded() -> None:
    """What is loaded by now stays: looking through all of it for garbage takes 40 ms, on the window's thread too.

    From here on what is new is looked through.
    """
    gc.freeze()
    gc.enable()
