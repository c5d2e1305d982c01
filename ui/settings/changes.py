"""What was edited and not saved yet: which settings differ, and what is wrong with which."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from app.settings import ROWS, Settings, SettingsError, Value
from ui.language.speaking import spoken


class Edits(Struct, frozen=True):
    """The rows as they stand in the window, against the settings in force. Frozen; each edit gives new ones."""

    settings: Settings
    entered: Mapping[str, Value] = field(default_factory=dict)

    def with_value(self, key: str, value: Value) -> Edits:
        """Note what a row now says. A row that says what is in force already is no change."""
        entered = {other: kept for other, kept in self.entered.items() if other != key}
        if _read(key, value) != self.settings.value(key):
            entered[key] = value
        return Edits(self.settings, entered)

    def over(self, settings: Settings) -> Edits:
        """The same edits over settings that have changed since; those that are in force now fall away."""
        edits = Edits(settings)
        for key, value in self.entered.items():
            edits = edits.with_value(key, value)
        return edits

    @property
    def count(self) -> int:
        return len(self.entered)

    @property
    def problems(self) -> Mapping[str, str]:
        """Rows that cannot be saved, each with one sentence."""
        found: dict[str, str] = {}
        for key, value in self.entered.items():
            try:
                ROWS[key].parse(value)
            except SettingsError as error:
                # Beside its row a setting goes by its label; the key is for files and command lines.
                rule = error.summary.removeprefix(f"The setting {key} ")
                found[key] = f"{spoken(ROWS[key].label)} {spoken(rule)}"
        return found


def _read(key: str, value: Value) -> Value | None:
    """What a row's value comes to; None where it cannot be used."""
    try:
        return ROWS[key].parse(value)
    except SettingsError:
        return None
