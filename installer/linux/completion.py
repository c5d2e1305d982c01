"""Completion for bash, written from the commands of the program. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from installer.linux.commands import Command, Option

FILES, FOLDERS = ("FILE", "FILE.zip"), ("DIR",)
"""Names of values that are looked for on the disk."""

HEAD = """\
# Completion of {program} for bash; made from the program's own list of commands.
_{function}() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}}
    local path="" word options="" words="" place=0
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        case "$path/$word" in
{paths}
        esac
    done
    case "$path:$previous" in
{values}
    esac
    case "$path" in
{commands}
    esac
    case $current in
        -*) COMPREPLY=($(compgen -W "$options" -- "$current")) ;;
        *) COMPREPLY=($(compgen -W "$words" -- "$current"))
           if ((place)); then compopt -o filenames; COMPREPLY+=($(compgen -f -- "$current")); fi ;;
    esac
}}
complete -F _{function} {program}
"""


def completion(program: str, commands: Iterable[Command]) -> str:
    """A file for /usr/share/bash-completion/completions."""
    rows = list(commands)
    return HEAD.format(
        program=program,
        function=program.replace("-", "_"),
        paths="\n".join(f'            {_key(row)}) path="{_key(row)}" ;;' for row in rows if row.path),
        values="\n".join(line for row in rows for option in row.options for line in _value(row, option)),
        commands="\n".join(_command(row) for row in rows),
    )


def _key(command: Command) -> str:
    return "".join(f"/{word}" for word in command.path)


def _value(command: Command, option: Option) -> Iterable[str]:
    """What follows an option, where that is known."""
    asked = "|".join(f'"{_key(command)}:{flag}"' for flag in option.flags)
    if option.choices:
        yield f'        {asked}) COMPREPLY=($(compgen -W "{" ".join(option.choices)}" -- "$current")); return ;;'
    elif option.value in FILES:
        yield f'        {asked}) compopt -o filenames; COMPREPLY=($(compgen -f -- "$current")); return ;;'
    elif option.value in FOLDERS:
        yield f'        {asked}) compopt -o filenames; COMPREPLY=($(compgen -d -- "$current")); return ;;'
    elif option.value:
        yield f"        {asked}) return ;;"


def _command(command: Command) -> str:
    flags = " ".join(flag for option in command.options for flag in option.flags)
    words = [*command.commands, *(choice for argument in command.arguments for choice in argument.choices)]
    place = any(argument.value in FILES for argument in command.arguments)
    return f'        "{_key(command)}") options="{flags}" words="{" ".join(words)}" place={int(place)} ;;'
