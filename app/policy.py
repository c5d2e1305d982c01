"""What the administrator fixed for everyone at this computer: one file that its users can read but not write.

    {"settings": {"gate.base_url": "https://gate.example.com/api/v1", "consent": "per-device"},
     "workflows": ["register-device", "sim-replacement"],
     "required": {"register-device": ["user_external_id"]},
     "defaults": {"register-device": {"device_type": "ph"}}}

Every part may be left out. Settings' names and values are judged by settings.py, those of jobs and fields by
provisioning/site.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from msgspec import Struct, field

from app.errors import WorkstationError
from app.json_file import read_json

Texts = tuple[str, ...]


class PolicyError(WorkstationError):
    """A policy file that cannot be used. Nothing starts: running without it would undo what was fixed."""

    code: ClassVar[str] = "policy.invalid"

    def __init__(self, rule: str, detail: str = "") -> None:
        super().__init__(
            f"The policy file of this computer {rule}.",
            remedy="Tell your administrator; nothing is lost.",
            detail=detail,
        )


class Policy(Struct, frozen=True):
    """`settings` are in force whatever a user sets; no `workflows` means all. `path` is None where there is no file."""

    settings: Mapping[str, object] = field(default_factory=dict)
    workflows: Texts = ()
    required: Mapping[str, Texts] = field(default_factory=dict)
    defaults: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    path: Path | None = None


NO_POLICY = Policy()
_PARTS = frozenset({"settings", "workflows", "required", "defaults"})


def read_policy(path: Path) -> Policy:
    """The policy in `path`, NO_POLICY where there is no such file. Raises PolicyError."""
    try:
        raw: Any = read_json(path)
    except FileNotFoundError:
        return NO_POLICY
    except (OSError, ValueError) as fault:
        raise PolicyError(f"cannot be read: {path}", detail=str(fault)) from fault
    if not isinstance(raw, dict) or not raw.keys() <= _PARTS:
        raise PolicyError(f"holds something else than {', '.join(sorted(_PARTS))}: {path}")
    settings, required, defaults = (_object(raw.get(part, {}), part) for part in ("settings", "required", "defaults"))
    return Policy(
        settings=settings,
        workflows=_texts(raw.get("workflows", []), "workflows"),
        required={name: _texts(keys, f"required, {name}") for name, keys in required.items()},
        defaults={name: _pairs(values, f"defaults, {name}") for name, values in defaults.items()},
        path=path,
    )


def _object(raw: object, part: str) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise PolicyError(f"has no object under {part}")
    return raw


def _texts(raw: object, part: str) -> Texts:
    if not isinstance(raw, list) or not all(isinstance(text, str) for text in raw):
        raise PolicyError(f"has no list of texts under {part}")
    return tuple(raw)


def _pairs(raw: object, part: str) -> dict[str, str]:
    pairs = _object(raw, part)
    if not all(isinstance(text, str) for text in pairs.values()):
        raise PolicyError(f"has something else than texts under {part}")
    return pairs
