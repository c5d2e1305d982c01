"""Settings: each row parses, refuses and keeps what it says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.settings import SETTINGS, Settings, SettingsError, load_settings


def test_every_default_is_a_value_its_own_row_accepts() -> None:
    for row in SETTINGS:
        assert row.parse(row.default) == row.default, row.key


def test_overrides_win_over_the_file_and_the_file_over_defaults(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"gate.timeout_s": 5, "operator": "Ana"}))

    settings = load_settings(file, ["gate.timeout_s=0.5"])

    assert settings.number("gate.timeout_s") == 0.5
    assert settings.overridden("gate.timeout_s")
    assert settings.text("operator") == "Ana"
    assert settings.number("delivery.backoff_max_s") == 300


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("gate.timeout_s", "is not KEY=VALUE"),
        ("gate.timeout=1", "no setting"),
        ("gate.timeout_s=soon", "is a number"),
        ("gate.timeout_s=nan", "is a number"),
        ("gate.timeout_s=9999", "between"),
        ("retention_days=1.5", "whole number"),
        ("gate.register_body=xml", "one of"),
        ("gate.base_url=http://gate.example.com/api", "https"),
        ("gate.base_url=https://", "address"),
        ("gate.base_url=https://user:word@gate.example.com", "address"),
        ("gate.base_url=https://gate.example.com:port/", "address"),
    ],
)
def test_a_bad_override_names_its_key_and_the_rule(tmp_path: Path, override: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words) as caught:
        load_settings(tmp_path / "none.json", [override])
    assert override.split("=", maxsplit=1)[0].strip() in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:9"])
def test_plain_http_is_accepted_for_this_computer_only(tmp_path: Path, host: str) -> None:
    settings = load_settings(tmp_path / "none.json", [f"gate.base_url=http://{host}/api/v1/"])
    assert settings.text("gate.base_url") == f"http://{host}/api/v1"


def test_saved_settings_are_read_back_without_the_overrides(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    settings = load_settings(file, ["gate.timeout_s=1"]).changed({"ports.extra": "socket://127.0.0.1:1, COM9"})
    settings.save(file)

    again = load_settings(file)

    assert again.texts("ports.extra") == ("socket://127.0.0.1:1", "COM9")
    assert again.number("gate.timeout_s") == 20
    assert [path.name for path in tmp_path.iterdir()] == ["settings.json"]


@pytest.mark.parametrize("content", ["{", "[]", '{"operator": 5}', '{"gate.timeout_s": true}'])
def test_a_damaged_file_is_refused_not_overwritten(tmp_path: Path, content: str) -> None:
    file = tmp_path / "settings.json"
    file.write_text(content)
    with pytest.raises(SettingsError):
        load_settings(file)
    assert file.read_text() == content


def test_a_damaged_file_is_told_by_line_and_column(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{\n  "operator": Ana\n}')
    with pytest.raises(SettingsError) as caught:
        load_settings(file)
    assert "line 2 column 15" in caught.value.detail


def test_a_file_that_notepad_saved_is_read(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_bytes(b'\xef\xbb\xbf{"operator": "Jos\xc3\xa9"}')
    assert load_settings(file).text("operator") == "José"


def test_a_refused_change_leaves_the_settings_as_they_were() -> None:
    settings = Settings()
    with pytest.raises(SettingsError):
        settings.changed({"operator": "Ana", "gate.timeout_s": -1})
    assert settings.text("operator") == ""
