"""A table of texts in another language, for Qt's translations and for the sentences that app/ writes.

app/ knows no language: it writes English with values in it. A source text with places (`{0}`) fits such a sentence
again, and its translation is filled with what stood there. So what is kept in the journal and the log stays English,
and is shown in the language of whoever looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

import resources

PSEUDO = "pseudo"
"""Every text 40 % longer and marked: shows what is cut, and what was never translated. For tests and pictures."""

WORD = 9
"""A word of what makes those texts longer, with the blank after it."""

_PLACE = re.compile(r"\{[A-Za-z0-9_]*\}")
_JOINS = re.compile(r"\{\w*\} [a-z]+ \{\w*\}")
"""A source that only puts two values together (`{0} and {1}`): it fits every sentence with that word in it."""
_PROSE = re.compile(r"\s[a-z]{2,}\b")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=\S)")
_ACCENTED = str.maketrans("aeiouAEIOU", "áéíóúÁÉÍÓÚ")


class Catalog:
    """`texts` by source. Pure; knows no Qt."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = dict(texts) | dict(_without_lead(texts))
        self._shapes = sorted(map(_shape, filter(_PLACE.search, self._texts)), key=lambda shape: -shape[0])
        self._fitting = lru_cache(maxsize=4096)(self._fit)

    def text(self, source: str) -> str | None:
        """The translation of a source text, places and all; None where there is none."""
        return self._texts.get(source)

    def sentence(self, written: str) -> str:
        """The translation of what app/ wrote, values in their places; sentence by sentence, else as it is."""
        whole = self._fitting(written)
        if whole is not None:
            return whole
        return " ".join(map(self._single, self._joined(_SENTENCE.split(written))))

    def _single(self, written: str) -> str:
        """One sentence; what it is about may stand before it with a colon (`gate.example.com: ...`)."""
        if (said := self._fitting(written)) is not None:
            return said
        about, colon, rest = written.partition(": ")
        said = self._fitting(rest) if colon else None
        return written if said is None else f"{about}: {said}"

    def _joined(self, parts: list[str]) -> Iterator[str]:
        """Sentences as they were written: some that stand in the table as one text are put together again."""
        place = 0
        while place < len(parts):
            ends = range(len(parts), place + 1, -1)
            end = next((end for end in ends if self._fitting(" ".join(parts[place:end])) is not None), place + 1)
            yield " ".join(parts[place:end])
            place = end

    def _fit(self, written: str) -> str | None:
        if (exact := self._texts.get(written)) is not None and not _PLACE.search(written):
            return exact
        if (phrase := self._texts.get(written.removesuffix("."))) is not None and not _PLACE.search(written):
            return f"{phrase}."
        for _, source, pattern in self._shapes:
            if found := pattern.fullmatch(written):
                values = {place: found.group(f"v{number}") for number, place in enumerate(_PLACE.findall(source))}
                if not _JOINS.fullmatch(source) or all(map(self._names, values.values())):
                    return self._filled(self._texts[source], values)
        return None

    def _names(self, value: str) -> bool:
        """Whether it is a text of ours or a name, and not half a sentence that somebody else has written."""
        return not _PROSE.search(value) or self._value(value) != value

    def _filled(self, text: str, values: Mapping[str, str]) -> str:
        return _PLACE.sub(lambda place: self._value(values[place.group()]), text)

    def _value(self, value: str) -> str:
        """A value may be a text of ours itself: a field's name, a role in small letters, a list, a sentence."""
        if value.startswith(" "):
            return f" {self.sentence(value[1:])}"
        if (text := self._texts.get(value) or self._fit(value)) is not None:
            return text
        if (name := self._texts.get(value[:1].swapcase() + value[1:])) is not None:
            return (name[:1].lower() if value[:1].islower() else name[:1].upper()) + name[1:]
        return ", ".join(map(self._value, value.split(", "))) if ", " in value else value


class Pseudo(Catalog):
    """What a translator would have to reach, before there is one."""

    def __init__(self) -> None:
        super().__init__({})

    def text(self, source: str) -> str | None:
        pieces = _PLACE.split(source)
        places = [*_PLACE.findall(source), ""]
        words = "".join(piece.translate(_ACCENTED) + place for piece, place in zip(pieces, places, strict=True))
        return f"⟦{words}{_dots(max(1, len(source) * 2 // 5))}⟧"

    def sentence(self, written: str) -> str:
        return written if written.startswith("⟦") or not written else self.text(written.replace("{", "(")) or written


def _dots(count: int) -> str:
    """So many, as words that a line can break between."""
    return "".join(" " if place % WORD == WORD - 1 else "·" for place in range(count)).rstrip()


def _without_lead(texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """`{0} Do this.` is two sentences when it is written: the second one alone, with its translation."""
    for source, text in texts.items():
        found = _PLACE.match(source)
        if found and source[found.end() :][:1] == " " and source[found.end() + 1 :][:1].isupper():
            lead = found.group() + " "
            if text.startswith(lead):
                yield source.removeprefix(lead), text.removeprefix(lead)


def _shape(source: str) -> tuple[int, str, re.Pattern[str]]:
    """(letters that are the same in every sentence of it, the source, what fits it); the most telling first."""
    pieces = _PLACE.split(source)
    pattern = re.escape(pieces[0])
    for number, piece in enumerate(pieces[1:]):
        # A value goes over no end of a sentence; one that is put behind a sentence may be nothing.
        least = "*" if not piece and pieces[number][-1:] in {".", "!", "?"} else "+"
        pattern += rf"(?P<v{number}>(?:(?![.!?]\s).){least}?){re.escape(piece)}"
    return sum(map(len, pieces)), source, re.compile(pattern, re.DOTALL)


def load(language: str) -> Catalog:
    """The catalog of a language other than the source. Raises FileNotFoundError."""
    if language == PSEUDO:
        return Pseudo()
    return Catalog({_lines(source): _lines(text) for source, text in resources.rows(f"languages/{language}.tsv")})


def _lines(text: str) -> str:
    """A table has one line a text; a line break within one is written `\\n`."""
    return text.replace(r"\n", "\n")
