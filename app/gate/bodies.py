"""Reading the body of an answer: a record, or what the gate says of an error. Nothing here raises on bad input."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from app.masked import BULLET, mask
from app.provisioning.fields import ROWS, SECRET_ANSWERS

LONGEST_MESSAGE = 300
MOST_MESSAGES = 50
DEEPEST = 32
"""Levels of nesting; the gate's records have two. Keeps hostile nesting out of the journal's encoder."""

SHORTEST_SCRUBBED = 6
"""Characters: a shorter text stands in any sentence by chance."""

GENERAL = frozenset(
    {"", "__all__", "data", "detail", "error", "errors", "field", "fields", "message", "messages", "non_field_errors"}
)
"""Keys that name no field (Django REST framework, and its common wrappers)."""

SILENT = frozenset({"code", "status", "status_code", "type"})
"""Keys whose text is for programs."""

_JSON_TYPE = re.compile(r"application/([\w.+-]+\+)?json", re.IGNORECASE)


def is_json(content_type: str, body: bytes) -> bool:
    """Whether an answer claims to be JSON; without a content type, whether it does not look like a page."""
    essence = content_type.partition(";")[0].strip()
    return bool(_JSON_TYPE.fullmatch(essence)) if essence else not body.lstrip().startswith(b"<")


def parse_object(body: bytes) -> dict[str, Any] | None:
    """The JSON object that is the whole of `body`, without its secrets at any depth; None if it is none."""
    value = _parse(body)
    return value if isinstance(value, dict) else None


def _parse(body: bytes) -> Any:
    """Parsed JSON without secrets; None where it cannot be read (and for null, which says as little)."""
    try:
        value = _without_secrets(_strict(body.decode(json.detect_encoding(body), "surrogatepass")), DEEPEST)
        # An unpaired surrogate passes the parser and fails where the text is stored.
        _plainly(value).encode()
    except (ValueError, RecursionError):
        return None
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


_strict = json.JSONDecoder(parse_constant=_no_constant).decode
_plainly = json.JSONEncoder(ensure_ascii=False).encode
"""Made once: `json.loads` and `json.dumps` make a new one at each call where they are told more than the text."""


def _without_secrets(value: Any, depth: int) -> Any:
    if depth == 0:
        raise ValueError("nested too deep")
    if isinstance(value, dict):
        kept = {key: item for key, item in value.items() if key not in SECRET_ANSWERS}
        return {key: _without_secrets(item, depth - 1) for key, item in kept.items()}
    if isinstance(value, list):
        return [_without_secrets(item, depth - 1) for item in value]
    return value


def messages_in(body: bytes, content_type: str) -> tuple[tuple[str, str], ...]:
    """(field, sentence) pairs of an error's body, "" for the submission as a whole.

    Reads Django REST framework's forms, nested or not: {"detail": "..."}, {"imei": ["..."]}, {"data": {...}},
    {"errors": [{"field": "imei", "message": "..."}]}, a list, a text. Anything else is given as text.
    """
    found: list[tuple[str, str]] = []
    if is_json(content_type, body):
        for field, text in _walk(_parse_error(body), ""):
            if (sentence := _tidy(text)) and (field, sentence) not in found:
                found.append((field, sentence))
            if len(found) == MOST_MESSAGES:
                break
    if not found and (sentence := _tidy(_plain(body.decode("utf-8", "replace")))):
        found.append(("", sentence))
    return tuple(found)


def _parse_error(body: bytes) -> Any:
    # Unlike a record's, an error's {"password": ["..."]} is what the gate says of the field, not its value.
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _walk(value: Any, field: str, depth: int = DEEPEST) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield field, value
    elif depth and isinstance(value, list):
        for item in value:
            yield from _walk(item, field, depth - 1)
    elif depth and isinstance(value, dict):
        named = value.get("field")
        if isinstance(named, str) and len(value) > 1:
            value = {key: item for key, item in value.items() if key != "field"}
            field, prefix = _placed(named, field)
            yield from ((key, prefix + text) for key, text in _walk(value, field, depth - 1))
            return
        for key, item in value.items():
            if key in SILENT and len(value) > 1:
                continue
            below, prefix = _placed(key, field)
            yield from ((at, prefix + text) for at, text in _walk(item, below, depth - 1))


def _placed(key: str, field: str) -> tuple[str, str]:
    """Where a key's texts belong: the field it names and what to put before them."""
    name = key.rpartition(".")[2]
    if name in ROWS:
        return name, ""
    return (field, "") if name in GENERAL or name.isdigit() else (field, f"{name}: ")


def _plain(text: str) -> str:
    """A page as a sentence: scripts, styles and tags away."""
    if "<" not in text:
        return text
    text = re.sub(r"(?is)<(script|style|head)\b.*?</\1\s*>", " ", text)
    return html.unescape(re.sub(r"<[^>]*>?", " ", text))


def _tidy(text: str) -> str:
    """One line of printable characters, cut at LONGEST_MESSAGE."""
    # First a rough cut, so that a page of a megabyte is not walked whole.
    cut = text[: LONGEST_MESSAGE * 20]
    line = " ".join("".join(character if character.isprintable() else " " for character in cut).split())
    return line if len(line) <= LONGEST_MESSAGE else line[: LONGEST_MESSAGE - 1].rstrip() + "…"


class Scrub:
    """Takes out of the gate's texts what it repeats: secrets whole, the submission's identifiers but for their tail."""

    def __init__(self, secrets: frozenset[str], sent: Mapping[str, str]) -> None:
        hidden = {text: BULLET * 8 for text in secrets if len(text) >= SHORTEST_SCRUBBED}
        personal = {text for key, text in sent.items() if key in ROWS and ROWS[key].personal}
        masked = {text: mask(text) for text in personal if len(text) >= SHORTEST_SCRUBBED}
        self._hidden = sorted(hidden.items(), key=lambda pair: -len(pair[0]))
        self._all = sorted({**masked, **hidden}.items(), key=lambda pair: -len(pair[0]))

    def text(self, text: str) -> str:
        for found, instead in self._all:
            text = text.replace(found, instead)
        return text

    def secrets_in(self, value: Any) -> Any:
        """A parsed answer without the secrets in its texts; identifiers stay, they are the record."""
        if isinstance(value, str):
            for found, instead in self._hidden:
                value = value.replace(found, instead)
            return value
        if isinstance(value, dict):
            return {key: self.secrets_in(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.secrets_in(item) for item in value]
        return value
