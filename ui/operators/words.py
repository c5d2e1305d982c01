"""Roles and names as they are shown."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from app.operators.people import Role

ROLES: Mapping[Role, str] = {
    Role.OPERATOR: str(QT_TRANSLATE_NOOP("Operators", "Operator")),
    Role.TECHNICIAN: str(QT_TRANSLATE_NOOP("Operators", "Technician")),
    Role.SUPERVISOR: str(QT_TRANSLATE_NOOP("Operators", "Supervisor")),
}


def role(of: Role) -> str:
    return QCoreApplication.translate("Operators", ROLES[of])


def short(name: str) -> str:
    """`María López Ortega` -> `María L.`: what fits under an icon."""
    first, *rest = name.split() or [""]
    return f"{first} {rest[0][0]}." if rest else first
