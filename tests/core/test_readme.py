"""What the README says of settings, commands and workflows is what there is."""

from __future__ import annotations

from pathlib import Path

from app.cli.options import parser
from app.settings import SETTINGS

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")


def test_every_setting_is_told_with_its_help() -> None:
    for row in SETTINGS:
        assert f"| `{row.key}` |" in README, row.key
        assert row.help in README, row.key


def test_every_command_is_told() -> None:
    (commands,) = (action for action in parser()._actions if action.dest == "command")
    assert commands.choices is not None
    for name in commands.choices:
        assert f"gate-station {name}" in README, name
