"""Which settings the page shows, under which heading; what each choice is called."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct
from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from app.settings import ROWS, Setting
from app.updates.announcement import release_keys

CONTEXT = "SettingsSections"


class Section(StrEnum):
    """The parts of the page, in order. The token stands between the gate and the checks and has no rows here."""

    GATE = "gate"
    CHECKS = "checks"
    DEVICES = "devices"
    SCANNER = "scanner"
    STATION = "station"
    ADMINISTRATOR = "administrator"


class Part(Struct, frozen=True):
    """One heading: its icon, its sentence, the settings below it. A folded one opens on request."""

    section: Section
    title: str
    icon: str
    sentence: str
    keys: tuple[str, ...]
    folded: bool = False

    @property
    def rows(self) -> tuple[Setting, ...]:
        return tuple(ROWS[key] for key in self.keys)


UPDATES = ("updates.check", "updates.url") if release_keys() else ()
"""Not offered where this program has no key for announcements: they would do nothing."""

PARTS: tuple[Part, ...] = (
    Part(
        Section.GATE,
        str(QT_TRANSLATE_NOOP("SettingsSections", "Gate")),
        "server",
        str(QT_TRANSLATE_NOOP("SettingsSections", "Where records are sent, and how.")),
        ("gate.base_url", "gate.timeout_s", "delivery.rate_per_s", "gate.extra_ca"),
    ),
    Part(
        Section.CHECKS,
        str(QT_TRANSLATE_NOOP("SettingsSections", "Checks and passwords")),
        "shield-check",
        str(QT_TRANSLATE_NOOP("SettingsSections", "What is checked before anything is sent.")),
        ("identifier_checks", "password_hash", "number_country"),
    ),
    Part(
        Section.DEVICES,
        str(QT_TRANSLATE_NOOP("SettingsSections", "Devices")),
        "smartphone",
        str(QT_TRANSLATE_NOOP("SettingsSections", "How the station looks for devices and reads them.")),
        ("ports.poll_s", "ports.sim_poll_s", "ports.read_timeout_s", "ports.slots", "ports.extra"),
    ),
    Part(
        Section.SCANNER,
        str(QT_TRANSLATE_NOOP("SettingsSections", "Scanner")),
        "scan-barcode",
        str(QT_TRANSLATE_NOOP("SettingsSections", "How scans are told from typing, and what they look like here.")),
        ("scanner.external_ids", "scanner.strip", "scanner.gap_ms"),
    ),
    Part(
        Section.STATION,
        str(QT_TRANSLATE_NOOP("SettingsSections", "Station")),
        "monitor",
        str(QT_TRANSLATE_NOOP("SettingsSections", "Who works here, and how the window looks.")),
        ("operator", "lock_after_min", "files.folder", "language", "sounds", "appearance"),
    ),
    Part(
        Section.ADMINISTRATOR,
        str(QT_TRANSLATE_NOOP("SettingsSections", "Administrator")),
        "sliders-horizontal",
        str(
            QT_TRANSLATE_NOOP(
                "SettingsSections", "Set once for this gate and this shop. A wrong value here stops every submission."
            )
        ),
        (
            "gate.register_body",
            "gate.update_body",
            "update_anchors",
            "device_types",
            "user_classes",
            "journal.encryption",
            "consent",
            "consent_hours",
            "log_level",
            *UPDATES,
            "delivery.backoff_initial_s",
            "delivery.backoff_max_s",
        ),
        folded=True,
    ),
)

CHOICES: Mapping[str, str] = {
    "fields": str(QT_TRANSLATE_NOOP("SettingsSections", "The fields themselves")),
    "data-string": str(QT_TRANSLATE_NOOP("SettingsSections", "A text named data")),
    "strict": str(QT_TRANSLATE_NOOP("SettingsSections", "Strict")),
    "lenient": str(QT_TRANSLATE_NOOP("SettingsSections", "Lenient")),
    "bcrypt": "bcrypt",
    "argon2id": "Argon2id",
    "auto": str(QT_TRANSLATE_NOOP("SettingsSections", "Automatic")),
    "keyring": str(QT_TRANSLATE_NOOP("SettingsSections", "Encrypted, key in the keyring")),
    "passphrase": str(QT_TRANSLATE_NOOP("SettingsSections", "Encrypted, with a passphrase")),
    "plain": str(QT_TRANSLATE_NOOP("SettingsSections", "Not encrypted")),
    "employer-owned": str(QT_TRANSLATE_NOOP("SettingsSections", "Devices are the employer's")),
    "per-shift": str(QT_TRANSLATE_NOOP("SettingsSections", "Asked once a shift")),
    "per-device": str(QT_TRANSLATE_NOOP("SettingsSections", "Asked for each device")),
    "info": str(QT_TRANSLATE_NOOP("SettingsSections", "Usual")),
    "debug": str(QT_TRANSLATE_NOOP("SettingsSections", "Detailed")),
    "en": "English",
    "es": "Español",
    "pt": "Português (Brasil)",
    "on": str(QT_TRANSLATE_NOOP("SettingsSections", "On")),
    "off": str(QT_TRANSLATE_NOOP("SettingsSections", "Off")),
    "system": str(QT_TRANSLATE_NOOP("SettingsSections", "Same as the system")),
    "light": str(QT_TRANSLATE_NOOP("SettingsSections", "Light")),
    "dark": str(QT_TRANSLATE_NOOP("SettingsSections", "Dark")),
}


def spoken(text: str) -> str:
    """One of the texts above in the language of the window."""
    return QCoreApplication.translate(CONTEXT, text)


def choice(value: str) -> str:
    """What a choice is called; a choice without a name of its own is shown as it is."""
    return spoken(CHOICES[value]) if value in CHOICES else value
