"""Origins and groups in words and icons, and a value as it is read aloud."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from app.identifiers.kinds import KINDS
from app.provisioning.draft import Origin
from app.provisioning.fields import Field, Group

CONTEXT = "Form"


def tr(text: str) -> str:
    return QCoreApplication.translate(CONTEXT, text)


ORIGINS: Mapping[Origin, tuple[str, str]] = {
    Origin.DEVICE: (str(QT_TRANSLATE_NOOP("Form", "device")), "plug"),
    Origin.SCAN: (str(QT_TRANSLATE_NOOP("Form", "scanned")), "scan-barcode"),
    Origin.TYPED: (str(QT_TRANSLATE_NOOP("Form", "typed")), "keyboard"),
    Origin.FILE: (str(QT_TRANSLATE_NOOP("Form", "file")), "file-text"),
    Origin.HISTORY: (str(QT_TRANSLATE_NOOP("Form", "history")), "history"),
    Origin.DEFAULT: (str(QT_TRANSLATE_NOOP("Form", "default")), "sliders-horizontal"),
}

GROUPS: Mapping[Group, tuple[str, str]] = {
    Group.DEVICE: (str(QT_TRANSLATE_NOOP("Form", "Device")), "cpu"),
    Group.SIM: (str(QT_TRANSLATE_NOOP("Form", "SIM and network")), "card-sim"),
    Group.USER: (str(QT_TRANSLATE_NOOP("Form", "User")), "user"),
}

RARE = frozenset({"device_family", "os_family", "os_api_version", "mac_addr", "generic_id", "app_version", "push_key"})
"""Fields that stand under "More fields" where the workflow does not require them."""


def grouped(field: Field, text: str) -> str:
    """`356938035643809` -> `356938 035643 809`; only how it is shown."""
    return KINDS[field.check].group(text) if field.check and text else text
