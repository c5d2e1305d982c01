"""The answers to several commands of one line, told apart (ITU-T V.250 5.2.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.modem.at import NAMED_LINE, Reply, names_of
from app.modem.finals import OK, Final
from app.modem.replies import card

READ_BINARY = re.compile(r"AT\+CRSM=176,\d+,\d+,\d+,(?P<length>\d+)")


def told_apart(reply: Reply, queries: Sequence[str]) -> dict[str, Reply]:
    """The answers to `queries`, which stood in one line in that order, each as if it had been asked alone.

    An answer is a query's own by the name in front, one of a card's file by its length too. A query is left out
    whose answer is missing or could be another's. All are where the answer has no end or a line without a name,
    or comes in another order (seen on Quectel EC200A): then the device does not do what V.250 says. An error ends
    the line where it happens; what stands before it counts.
    """
    if reply.final is None:
        return {}
    found: dict[str, list[str]] = {}
    last = 0
    for line in reply.lines:
        if NAMED_LINE.match(line) is None:
            return {}
        own = [place for place, query in enumerate(queries) if _answers(line, query)]
        if len(own) != 1:
            continue
        if own[0] < last:
            return {}
        last = own[0]
        found.setdefault(queries[last], []).append(line)
    return {query: Reply(query, tuple(lines), final=Final(True, OK)) for query, lines in found.items()}


def _answers(line: str, query: str) -> bool:
    """Whether a line can be an answer to the query."""
    named = NAMED_LINE.match(line)
    if named is None or named["name"].upper() not in names_of(query):
        return False
    file = READ_BINARY.fullmatch(query)
    return file is None or len(card.content(Reply(query, (line,)))) == int(file["length"])
