"""The start without what Python and PySide do at each import and allocation, which takes a fifth of it."""

from __future__ import annotations

import builtins
import gc
import importlib
import importlib.util
import marshal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from app.whole import whole

HELPERS = "pyside-helpers.bin"


def begin_start(kept: Path | None = None) -> None:
    """Take PySide's hook out of `import`, have its helpers compiled once, and put off looking for garbage; call before
    anything but Qt is imported. The helpers are kept in `kept`, by default in `compiled()`.

    The hook serves `from __feature__ import ...`, which nothing here uses (Qt for Python, "Features"). For it, each
    module that anyone imports is read as text and kept by `linecache`: 6 MB.
    """
    gc.disable()
    with _compiled_once(kept or compiled()):
        importlib.import_module("PySide6.QtCore")  # puts the hook in, once
    vars(builtins)["__import__"] = vars(builtins).get("__orig_import__", builtins.__import__)


def keep_loaded() -> None:
    """What is loaded by now stays: looking through all of it for garbage takes 40 ms, on the window's thread too.

    From here on what is new is looked through.
    """
    gc.freeze()
    gc.enable()


def compiled() -> Path:
    """Where PySide's helpers are kept compiled: in a package beside this module, else among the compiled modules."""
    if hasattr(sys, "frozen"):
        return Path(__file__).with_name(HELPERS)
    return Path(importlib.util.cache_from_source(__file__)).with_name(f"{sys.implementation.cache_tag}-{HELPERS}")


@contextmanager
def _compiled_once(file: Path) -> Iterator[None]:
    """PySide carries 13 modules of its own as source text, which it compiles at each start: 20 ms. What Python does for
    all others is done for them: the compiled ones are kept, each under the hash of its source."""
    plain = builtins.compile
    kept = _kept(file)
    before = len(kept)

    def compile_(source: Any, filename: Any, mode: str, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(source, bytes) or mode != "exec" or args or kwargs:
            return plain(source, filename, mode, *args, **kwargs)
        key = (filename, importlib.util.source_hash(source))
        if key not in kept:
            kept[key] = plain(source, filename, mode)
        return kept[key]

    vars(builtins)["compile"] = compile_
    try:
        yield
    finally:
        vars(builtins)["compile"] = plain
    if len(kept) > before and not sys.dont_write_bytecode:
        # A folder that only the administrator can write to has them from the package.
        with suppress(OSError):
            file.parent.mkdir(exist_ok=True)
            with whole(file) as written:
                written.write(importlib.util.MAGIC_NUMBER + marshal.dumps(kept))


def _kept(file: Path) -> dict[tuple[str, bytes], Any]:
    """What is kept in `file`; nothing where it is of another Python, damaged, or not there."""
    # What reading and `marshal` raise then; all of it is made again.
    with suppress(OSError, ValueError, EOFError, TypeError):
        content = file.read_bytes()
        if content.startswith(importlib.util.MAGIC_NUMBER):
            # As safe as Python's own compiled files, which lie in the same folder.
            return dict(marshal.loads(content.removeprefix(importlib.util.MAGIC_NUMBER)))  # noqa: S302
    return {}
