"""Every setting once: its name, default, range and help. The file, `--set` and the dialog walk these rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isnan
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from app.errors import WorkstationError
from app.json_file import read_json
from app.policy import NO_POLICY, Policy
from app.whole import whole
from resources import languages

Value = str | int | float | tuple[str, ...]
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class SettingsError(WorkstationError):
    """A setting's name or value that cannot be used."""

    code: ClassVar[str] = "settings.invalid"


class SettingsNotKept(WorkstationError):
    """The settings file could not be written; the settings in force are the old ones."""

    code: ClassVar[str] = "settings.not-kept"

    def __init__(self, path: Path, fault: OSError) -> None:
        super().__init__(
            f"The settings could not be written: {fault.strerror}.",
            remedy="Check that there is room and that the folder can be written, then save again.",
            detail=str(path),
        )


class Setting(Struct, frozen=True):
    """One row. The default's type is the setting's type; `low`, `high` are in `unit`. `pairs`: a list whose texts
    are each NAME=VALUE."""

    key: str
    default: Value
    label: str
    help: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    pairs: bool = False
    personal: bool = False

    def parse(self, raw: object) -> Value:
        """Turn a text or a JSON value into this setting's type. Raises SettingsError."""
        value = self._typed(raw)
        if self.choices and value not in self.choices:
            raise self.refused(f"is one of {', '.join(self.choices)}")
        if isinstance(value, (int, float)) and not (
            (self.low is None or value >= self.low) and (self.high is None or value <= self.high)
        ):
            raise self.refused(f"lies between {self.low:g} and {self.high:g} {self.unit}".rstrip())
        if self.pairs and isinstance(value, tuple) and not all(_is_pair(text) for text in value):
            raise self.refused("is a list of texts such as 1-2.4=A1")
        if self.key == "gate.base_url":
            return self._url(str(value), "https://gate.example.com/api/v1", loopback=True).rstrip("/")
        if self.key == "updates.url" and value:
            return self._url(str(value), "https://www.example.com/gate-station/release", loopback=False)
        return value

    def _typed(self, raw: object) -> Value:
        if isinstance(self.default, tuple):
            parts = raw.split(",") if isinstance(raw, str) else raw
            if not isinstance(parts, (list, tuple)) or not all(isinstance(part, str) for part in parts):
                raise self.refused("is a list of texts, separated by commas")
            return tuple(part.strip() for part in parts if part.strip())
        if isinstance(self.default, str):
            if not isinstance(raw, str):
                raise self.refused("is a text")
            return raw.strip()
        try:
            number = float(raw) if isinstance(raw, (str, int, float)) and not isinstance(raw, bool) else None
        except ValueError:
            number = None
        if number is None or isnan(number) or (isinstance(self.default, int) and not number.is_integer()):
            raise self.refused("is a whole number" if isinstance(self.default, int) else "is a number")
        return int(number) if isinstance(self.default, int) else number

    def _url(self, text: str, example: str, *, loopback: bool) -> str:
        """`text`, an https address, or where `loopback` a plain one of this computer."""
        try:
            url = urlsplit(text)
            host, _ = url.hostname, url.port
        except ValueError as fault:
            raise self.refused(f"is an address such as {example}") from fault
        if not host or url.scheme not in {"https", "http"} or url.query or url.fragment or url.username:
            raise self.refused(f"is an address such as {example}")
        if url.scheme == "http" and not loopback:
            raise self.refused("starts with https://")
        if url.scheme == "http" and host not in LOOPBACK:
            raise self.refused("starts with https://; plain http is for this computer only")
        return text

    def refused(self, rule: str) -> SettingsError:
        return SettingsError(f"The setting {self.key} {rule}.", remedy="Correct it in Settings or on the command line.")


def _is_pair(text: str) -> bool:
    left, _, right = text.rpartition("=")
    return bool(left.strip() and right.strip())


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "gate.base_url",
        "https://gate.zequenze.com/api/v1",
        "Gate address",
        "Where submissions are sent. Starts with https://.",
    ),
    Setting(
        "gate.register_body",
        "fields",
        "Body of a registration",
        "How the gate expects a registration: the fields themselves, or a text named data that holds them.",
        choices=("fields", "data-string"),
    ),
    Setting(
        "gate.update_body",
        "data-string",
        "Body of an update",
        "How the gate expects an update: the fields themselves, or a text named data that holds them.",
        choices=("fields", "data-string"),
    ),
    Setting("gate.timeout_s", 20.0, "Gate time-out", "How long one request may take.", "s", 0.1, 300),
    Setting("gate.extra_ca", "", "Extra certificate authority", "A PEM file your administrator gave you."),
    Setting(
        "identifier_checks",
        "strict",
        "Identifier checks",
        "Strict refuses an IMEI whose check digit is wrong; lenient only warns.",
        choices=("strict", "lenient"),
    ),
    Setting(
        "password_hash",
        "bcrypt",
        "Password hash",
        "How a password is hashed before it is stored or sent.",
        choices=("bcrypt", "argon2id"),
    ),
    Setting(
        "delivery.rate_per_s",
        5.0,
        "Requests a second",
        "The most requests a second to the gate; 0 for no limit, several at once.",
        "/s",
        0,
        100,
    ),
    Setting(
        "delivery.backoff_initial_s", 1.0, "First wait", "The longest wait before the second attempt.", "s", 0.01, 60
    ),
    Setting("delivery.backoff_max_s", 300.0, "Longest wait", "The longest wait between two attempts.", "s", 0.01, 3600),
    Setting(
        "ports.extra",
        (),
        "Extra ports",
        "Ports to watch beside those the system lists: paths, or socket://host:port.",
    ),
    Setting(
        "ports.slots",
        (),
        "Names of places",
        "Names of the places of the hub, such as 1-2.4=A1. Easier: select a device and choose Name this place.",
        pairs=True,
    ),
    Setting("ports.poll_s", 0.5, "Look for devices every", "How often the ports are listed.", "s", 0.1, 10),
    Setting(
        "ports.sim_poll_s",
        3.0,
        "Look for another SIM every",
        "How often a device that was read is asked whether its SIM was changed; 0 never asks.",
        "s",
        0,
        3600,
    ),
    Setting("ports.read_timeout_s", 20.0, "Read time-out", "How long reading one device may take.", "s", 1, 120),
    Setting(
        "scanner.gap_ms",
        50,
        "Scanner speed",
        "The longest time between two characters of a scan. Typing is slower.",
        "ms",
        5,
        500,
    ),
    Setting("scanner.strip", (), "Scanner adds", "Texts that the scanners here add before or after each code."),
    Setting(
        "scanner.external_ids",
        (),
        "External ids look like",
        "Patterns such as CRM-#####: # is a digit, @ a letter, * anything. A scan that fits goes to the external id.",
    ),
    Setting(
        "number_country",
        "",
        "Country of numbers",
        "Two letters, such as MX: completes a number written without its country code. Empty: the SIM's country.",
    ),
    Setting(
        "update_anchors",
        ("imei", "number", "generic_id", "username", "user_external_id"),
        "Fields that find a record",
        "Which fields the gate may find a record by when it is updated.",
    ),
    Setting("device_types", ("ph",), "Device types", "Two-letter codes offered in the form; ph is a phone."),
    Setting("user_classes", ("premium", "standard", "basic"), "Classes of service", "Classes offered in the form."),
    Setting("operator", "", "Operator", "Who works at this station; written to each submission."),
    Setting(
        "files.folder",
        "",
        "Folder for files",
        "Exports and results go there without a question, and the scan of an order's file name loads it. "
        "Empty: asked each time.",
    ),
    Setting(
        "lock_after_min",
        10,
        "Lock the window after",
        "Minutes without a key or the mouse, where operators are entered; 0 never locks.",
        "min",
        0,
        480,
    ),
    Setting(
        "retention_days", 0, "Keep accepted submissions", "Days until they are removed; 0 keeps them.", "days", 0, 3650
    ),
    Setting(
        "journal.encryption",
        "auto",
        "Encryption of the journal",
        "How a new journal is kept: with a key in the keyring, under a passphrase, or not encrypted. "
        "Auto: in the keyring where one works, else not encrypted, which is told at each start.",
        choices=("auto", "keyring", "passphrase", "plain"),
    ),
    Setting(
        "consent",
        "employer-owned",
        "Consent",
        "Who is asked before a device is read: nobody, the operator once a shift, or the customer for each device.",
        choices=("employer-owned", "per-shift", "per-device"),
    ),
    Setting(
        "consent_hours",
        10,
        "A shift lasts",
        "With consent per-shift: how long a confirmation holds. It also ends with the program or another operator.",
        "h",
        1,
        24,
    ),
    Setting(
        "log_level",
        "info",
        "Log",
        "How much the program's own log tells; neither level tells an identifier or a secret.",
        choices=("info", "debug"),
    ),
    Setting(
        "updates.check",
        "on",
        "Look for new versions",
        "Whether the window and the doctor ask, where an address is set. Nothing is ever installed by itself.",
        choices=("on", "off"),
    ),
    Setting(
        "updates.url",
        "",
        "Address of new versions",
        "Where the signed announcement of the newest version lies. Starts with https://. Empty: nobody is asked.",
    ),
    Setting(
        "language",
        "system",
        "Language",
        "The language of the window. The command line and the log file stay English.",
        choices=("system", *languages()),
        personal=True,
    ),
    Setting(
        "sounds",
        "on",
        "Sounds",
        "Three tones: a device is ready, the gate accepted, something needs you. F8 switches them.",
        choices=("on", "off"),
        personal=True,
    ),
    Setting(
        "appearance",
        "system",
        "Appearance",
        "Light, dark, or as the system is set.",
        choices=("system", "light", "dark"),
        personal=True,
    ),
)

ROWS: Mapping[str, Setting] = {row.key: row for row in SETTINGS}


def _row(key: str) -> Setting:
    if key not in ROWS:
        raise SettingsError(f"There is no setting {key!r}.", remedy=f"The settings are {', '.join(ROWS)}.")
    return ROWS[key]


class Settings:
    """The values in force: defaults, then the file, then overrides of this run, then what the policy fixes.

    Frozen; changes make a new one. Raises SettingsError for a policy that fixes what cannot be.
    """

    def __init__(
        self,
        file: Mapping[str, Value] | None = None,
        overrides: Mapping[str, Value] | None = None,
        policy: Policy = NO_POLICY,
    ) -> None:
        self._file = dict(file or {})
        self._overrides = dict(overrides or {})
        self.policy = policy
        self._fixed = {key: _row(key).parse(raw) for key, raw in policy.settings.items()}

    def _get(self, key: str) -> Value:
        for values in (self._fixed, self._overrides, self._file):
            if key in values:
                return values[key]
        return _row(key).default

    def text(self, key: str) -> str:
        return str(self._get(key))

    def number(self, key: str) -> float:
        value = self._get(key)
        if not isinstance(value, (int, float)):
            raise TypeError(key)
        return float(value)

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._get(key)
        if not isinstance(value, tuple):
            raise TypeError(key)
        return value

    def value(self, key: str) -> Value:
        return self._get(key)

    def overridden(self, key: str) -> bool:
        """Whether this run fixes the setting, so that the file has no say."""
        return key in self._overrides

    def fixed(self, key: str) -> bool:
        """Whether the policy of this computer fixes the setting, so that nobody here has a say."""
        return key in self._fixed

    @property
    def lenient(self) -> bool:
        return self.text("identifier_checks") == "lenient"

    def changed(self, changes: Mapping[str, object]) -> Settings:
        """A copy with `changes` in the part that the file keeps. Raises SettingsError for the first bad value."""
        for key in changes:
            self._refuse_fixed(key)
        parsed = {key: _row(key).parse(raw) for key, raw in changes.items()}
        return Settings({**self._file, **parsed}, self._overrides, self.policy)

    def overridden_by(self, overrides: Mapping[str, Value]) -> Settings:
        """A copy for one run. Raises SettingsError for a setting that the policy fixes."""
        for key in overrides:
            self._refuse_fixed(key)
        return Settings(self._file, overrides, self.policy)

    def _refuse_fixed(self, key: str) -> None:
        if key in self._fixed:
            raise SettingsError(
                f"The setting {key} is fixed by the policy of this computer.", remedy="Ask your administrator."
            )

    def save(self, path: Path) -> None:
        """Write the file's part to `path` in one step: a crash leaves the old file or the new one.

        Raises SettingsNotKept.
        """
        try:
            with whole(path) as file:
                file.write(msgspec.json.format(msgspec.json.encode(self._file, order="sorted"), indent=2))
        except OSError as fault:
            raise SettingsNotKept(path, fault) from fault


def load_settings(path: Path, overrides: Iterable[str] = (), policy: Policy = NO_POLICY) -> Settings:
    """Read `path` (absent: defaults) and `KEY=VALUE` overrides. Raises SettingsError naming file and key."""
    fixed: dict[str, Value] = {}
    for override in overrides:
        key, equals, text = override.partition("=")
        if not equals:
            raise SettingsError(f"{override!r} is not KEY=VALUE.", remedy="Write --set gate.timeout_s=20.")
        fixed[key.strip()] = _row(key.strip()).parse(text)
    try:
        raw: Any = read_json(path)
    except FileNotFoundError:
        return Settings({}, {}, policy).overridden_by(fixed)
    except (OSError, ValueError) as fault:
        raise SettingsError(
            f"The settings in {path} cannot be read.", remedy="Correct the file or move it away.", detail=str(fault)
        ) from fault
    if not isinstance(raw, dict):
        raise SettingsError(
            f"The settings in {path} are not a JSON object.", remedy="Correct the file or move it away."
        )
    kept = {key: _row(key).parse(value) for key, value in raw.items()}
    return Settings(kept, {}, policy).overridden_by(fixed)
