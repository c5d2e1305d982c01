"""Every text of the program that people read, found in its source: what a language's table has to hold.

`python -m tests.languages.texts [LANGUAGE...]` prints what the tables lack, a line each: its text, a tab, and no
translation yet; and what stands in a table and is not in the program any more.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import resources
from app.scanning.commands import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
CALLS = frozenset({"tr", "_tr", "QT_TRANSLATE_NOOP", "translate"})
"""In ui/ a text is marked by one of these."""

_WORDS = re.compile(r"(?:[A-Z{]|\d+ )(?=[^\n]*[a-z]{2})(?=\S* )")
"""In app/ a text for people begins with a capital, a number or a value, and has words in it..."""
_ONE_WORD = re.compile(r"[A-Z][a-z]+")
_TABLES = frozenset({"fields.py", "workflows.py", "settings.py"})
"""...or is the one word that something is called by in these tables."""
_SMALL = re.compile(r"[a-z]\S* (?=[^\n]*[a-z]{2})")
_PARTS = frozenset(
    {
        "gate/trust.py",
        "modem/portless.py",
        "modem/reading.py",
        "policy.py",
        "provisioning/site.py",
        "provisioning/validation.py",
        "work/bundle.py",
    }
)
"""...or begins small and goes into a sentence, in these."""
_NOT_FOR_PEOPLE = re.compile(
    r"(SELECT|INSERT|UPDATE|DELETE|CREATE|PRAGMA|BEGIN|ALTER|(AT|DE)TACH|WITH|ROLLBACK|COMMIT|FROM|NOT EXISTS)\b"
    r"|SUBSYSTEM\b|\{0\} AND|[^\n]*\n\n|.*[<>]\w+|[A-Z]\w+\(|(Bearer|Basic) \{"
)
"""SQL, markup, the faces of records in a debugger, headers, the pages of a file."""
_ELSEWHERE = frozenset({"cli", "training", "seams.py"})
"""Parts of app/ that the window does not show."""
_RULES = frozenset({"refused"})
"""What is said to these goes on a sentence that they begin."""
_TO_THE_LOG = frozenset(
    {"debug", "info", "warning", "exception", "critical", "TypeError", "ValueError", "RuntimeError", "LookupError"}
)


def texts() -> dict[str, str]:
    """Source texts by where they stand first; values in app/ are `{0}`, `{1}` in their order."""
    found: dict[str, str] = {}
    for file in sorted((ROOT / "ui").rglob("*.py")):
        for text in _marked(ast.parse(file.read_text(encoding="utf-8"))):
            found.setdefault(text, str(file.relative_to(ROOT)))
    for file in sorted((ROOT / "app").rglob("*.py")):
        where = file.relative_to(ROOT / "app")
        if where.parts[0] not in _ELSEWHERE and "vendors" not in where.parts:
            tree = ast.parse(file.read_text(encoding="utf-8"))
            for text in _written(tree, names=file.name in _TABLES, parts=where.as_posix() in _PARTS):
                found.setdefault(text, str(file.relative_to(ROOT)))
    for command in COMMANDS:
        found.setdefault(command.label, "app/scanning/commands.py")
    return found


def _marked(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in CALLS:
            for argument in node.args[-1:]:
                for part in ast.walk(argument):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value.strip():
                        yield part.value


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _written(tree: ast.AST, *, names: bool, parts: bool) -> Iterator[str]:
    passed = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    passed |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)} - {
        id(node) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)
    }
    passed |= {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _name(node.func) in _TO_THE_LOG
        for part in ast.walk(node)
    }
    rules = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _name(node.func) in _RULES
        for argument in node.args
        for part in ast.walk(argument)
        if isinstance(part, (ast.Constant, ast.JoinedStr))
    }
    for node in ast.walk(tree):
        if id(node) in passed or not isinstance(node, (ast.Constant, ast.JoinedStr)):
            continue
        text = _template(node)
        if id(node) in rules and " " in text:
            yield text
        for_people = _WORDS.match(text) or (names and _ONE_WORD.fullmatch(text)) or (parts and _SMALL.match(text))
        if for_people and not _NOT_FOR_PEOPLE.match(text):
            yield text


def _template(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    parts, number = [], 0
    for part in node.values:
        if isinstance(part, ast.Constant):
            parts.append(str(part.value))
        else:
            parts.append(f"{{{number}}}")
            number += 1
    return "".join(parts)


def left_to_do(language: str) -> str:
    """What the table of `language` lacks and has too much, as lines for people; empty where it is whole.

    Each missing text stands as the table writes it, with the tab behind it, below a comment that tells where it is
    from: what is told can be put into the table as it is, and then be translated there.
    """
    table = {row[0]: row[1] for row in resources.rows(f"languages/{language}.tsv")}
    asked = {text.replace("\n", r"\n"): where for text, where in texts().items()}
    lacking = [f"# {where}\n{text}\t" for text, where in asked.items() if not table.get(text)]
    unused = [f"{text}\t" for text in sorted(table.keys() - asked.keys())]
    told = []
    if lacking:
        told += [f"# {language}.tsv lacks {len(lacking)} texts:", *lacking]
    if unused:
        told += [f"# {language}.tsv has {len(unused)} texts that are not in the program any more:", *unused]
    return "\n".join(told)


if __name__ == "__main__":
    for named in sys.argv[1:] or resources.languages()[1:]:
        sys.stdout.write(f"{left_to_do(named) or f'# {named}.tsv is whole.'}\n")
