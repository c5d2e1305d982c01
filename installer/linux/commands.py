"""What can be written on the command line, as rows: read from the program's own parser, for man page and completion."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Option:
    """An option or a positional argument. `flags` is empty for the latter; `value` is "" where none follows."""

    flags: tuple[str, ...]
    value: str
    choices: tuple[str, ...]
    help: str


@dataclass(frozen=True, slots=True)
class Command:
    """One command with the words that lead to it (none for the program itself)."""

    path: tuple[str, ...]
    help: str
    options: tuple[Option, ...]
    arguments: tuple[Option, ...]
    commands: tuple[str, ...]


def commands(parser: argparse.ArgumentParser) -> Iterator[Command]:
    """The program, then each command followed by its own commands."""
    yield from _walk(parser, (), parser.description or "")


def _walk(parser: argparse.ArgumentParser, path: tuple[str, ...], told: str) -> Iterator[Command]:
    # argparse has no public way to be read; these names are those that its own help is made from.
    below = [each for each in parser._actions if isinstance(each, argparse._SubParsersAction)]
    rows = [each for each in parser._actions if not isinstance(each, argparse._SubParsersAction)]
    names = tuple(name for each in below for name in each.choices)
    read = [_option(parser, each) for each in rows]
    yield Command(
        path,
        told,
        tuple(each for each in read if each.flags),
        tuple(each for each in read if not each.flags),
        names,
    )
    for each in below:
        helps = {row.dest: row.help or "" for row in each._choices_actions}
        for name, inner in each.choices.items():
            yield from _walk(inner, (*path, name), helps.get(name, ""))


def _option(parser: argparse.ArgumentParser, action: argparse.Action) -> Option:
    choices = tuple(map(str, action.choices or ()))
    named = action.metavar if isinstance(action.metavar, str) else ""
    value = "" if action.nargs == 0 else named or ("|".join(choices) if choices else action.dest.upper())
    expanded = parser._get_formatter()._expand_help(action) if action.help else ""
    return Option(tuple(action.option_strings), value, choices, expanded)
