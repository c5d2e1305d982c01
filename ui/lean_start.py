"""The start without what Python and PySide do at each import and allocation, which takes a fifth of it."""

from __future__ import annotations

import builtins
import gc
import importlib
import importlib.util
import marshal
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from app.whole import whole

HELPERS = "pyside-helpers.bin"
FOR_STUBS = frozenset(f"shibokensupport/signature/lib/{name}.py" for name in ("enum_sig", "pyi_generator"))
"""Those of the helpers that write `.pyi` files and are good for nothing else."""


def begin_start(kept: Path | None = None) -> None:
    """Take PySide's hook out of `import`, spare its helpers what is done anew at each start or never used, and put off
    looking for garbage; call before anything but Qt is imported. The helpers are kept in `kept`, by default in
    `compiled()`.

    The hook serves `from __feature__ import ...`, which nothing here uses (Qt for Python, "Features"). For it, each
    module that anyone imports is read as text and kept by `linecache`: 6 MB.
    """
    gc.disable()
    with _compiled_once(kept or compiled()), _patterns_later():
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
    used: dict[tuple[str, bytes], Any] = {}

    def compile_(source: Any, filename: Any, mode: str, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(source, bytes) or mode != "exec" or args or kwargs:
            return plain(source, filename, mode, *args, **kwargs)
        source = b"" if filename in FOR_STUBS else source
        key = (filename, importlib.util.source_hash(source))
        used[key] = kept.get(key) or plain(source, filename, mode)
        return used[key]

    vars(builtins)["compile"] = compile_
    try:
        yield
    finally:
        vars(builtins)["compile"] = plain
    if used.keys() - kept.keys() and not sys.dont_write_bytecode:
        # A folder that only the administrator can write to has them from the package.
        with suppress(OSError):
            file.parent.mkdir(exist_ok=True)
            with whole(file) as written:
                written.write(importlib.util.MAGIC_NUMBER + marshal.dumps(used))


@contextmanager
def _patterns_later() -> Iterator[None]:
    """The pattern by which PySide takes signatures apart, once something was called wrongly, is compiled at its first
    use: it is 6 KB long and takes 8 ms."""
    plain = re.compile

    def compile_(pattern: Any, flags: Any = 0) -> Any:
        if sys._getframe(1).f_globals.get("__name__") != "shibokensupport.signature.parser":
            return plain(pattern, flags)
        return SimpleNamespace(finditer=lambda text: plain(pattern, flags).finditer(text))

    vars(re)["compile"] = compile_
    try:
        yield
    finally:
        vars(re)["compile"] = plain


def _kept(file: Path) -> dict[tuple[str, bytes], Any]:
    """What is kept in `file`; nothing where it is of another Python, damaged, or not there."""
    # What reading and `marshal` raise then; all of it is made again.
    with suppress(OSError, ValueError, EOFError, TypeError):
        content = file.read_bytes()
        if content.startswith(importlib.util.MAGIC_NUMBER):
            # As safe as Python's own compiled files, which lie in the same folder.
            return dict(marshal.loads(content.removeprefix(importlib.util.MAGIC_NUMBER)))  # noqa: S302
    return {}
