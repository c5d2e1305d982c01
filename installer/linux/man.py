"""The manual page, written from the commands of the program. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from installer.linux.commands import Command, Option
from installer.metadata import Metadata

EXITS: Mapping[int, str] = {
    0: "done",
    1: "a fault of the program, or of the installation with --self-test",
    2: "the command line, the settings or the policy cannot be used",
    3: "no device answered",
    4: "some input is invalid",
    5: "the gate refused",
    6: "not delivered yet, and kept",
    7: "no token, or no keyring",
    8: "the journal cannot be used or is not whole",
    130: "interrupted",
}
"""A test holds these against the program's own codes."""

FILES: Mapping[str, str] = {
    "/etc/gate-station/policy.json": "what the administrator fixes for everybody at this computer",
    "~/.config/gate-station/settings.json": "the settings",
    "~/.local/share/gate-station/": "the journal, its key and the station's id",
    "~/.local/state/gate-station/log/": "the log",
}
WIDTH = 76
HOME = "One folder for settings, journal and logs, as with --home."


def page(about: Metadata, commands: Iterable[Command], epoch_s: int) -> str:
    """The page gate-station(1) in man(7) macros."""
    top, *rows = commands
    date = datetime.fromtimestamp(epoch_s, UTC).strftime("%Y-%m-%d")
    lines = [
        f'.TH {about.command.upper()} 1 {date} "{about.name} {about.version}" "User Commands"',
        *(".SH NAME", f"{_text(about.command)} \\-", _text(about.summary[0].lower() + about.summary[1:])),
        *(".SH SYNOPSIS", f".B {_text(about.command)}", "[\\fIOPTION\\fR]... [\\fICOMMAND\\fR]"),
        *(".SH DESCRIPTION", _text(top.help), "Without a command the window opens."),
        *(".SH OPTIONS", *_options(top.options), ".SH COMMANDS"),
    ]
    for row in rows:
        lines += [f".SS {_text(' '.join(row.path))}{_arguments(row)}", _sentence(row.help)]
        told = [each for each in row.arguments if each.help or each.choices]
        lines += [*_options(told), *_options(each for each in row.options if "--help" not in each.flags)]
    lines.append(".SH EXIT STATUS")
    for code, meaning in EXITS.items():
        lines += [".TP", f".B {code}", _sentence(meaning)]
    lines += [".SH ENVIRONMENT", ".TP", ".B GATE_STATION_HOME", _text(HOME), ".SH FILES"]
    for path, meaning in FILES.items():
        lines += [".TP", f".I {_text(path)}", _sentence(meaning)]
    return "\n".join(lines) + "\n"


def _arguments(command: Command) -> str:
    return "".join(f" {_text(each.value)}" for each in command.arguments)


def _options(options: Iterable[Option]) -> Iterable[str]:
    for each in options:
        value = f" \\fI{_text(each.value)}\\fR" if each.value else ""
        named = ", ".join(f"\\fB{_text(flag)}\\fR" for flag in each.flags)
        yield from (".TP", f"{named}{value}".strip(), _sentence(each.help))


def _sentence(text: str) -> str:
    """A help text as a sentence; those of the parser begin small and end without a full stop."""
    return _text(text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")) if text else "\\&"


def _text(text: str) -> str:
    """Text of which nothing is read as an instruction: a hyphen stays one, no line begins with a dot or a quote."""
    shown = text.replace("\\", "\\e").replace("-", "\\-")
    lines = textwrap.wrap(shown, WIDTH, break_long_words=False, break_on_hyphens=False)
    return "\n".join(f"\\&{line}" if line.startswith((".", "'")) else line for line in lines)
