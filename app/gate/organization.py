"""Who a token belongs to: the object of GET /me/organization/, checked as it comes in."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError


class OrganizationAnswer(BaseModel):
    """What must hold: at least one of the two names. Other fields are kept as they are."""

    model_config = ConfigDict(extra="allow", str_strip_whitespace=True)

    name: str | None = None
    display_name: str | None = None


def organization_name(answer: dict[str, Any]) -> str | None:
    """The name to show, or None where the object is not an organization's."""
    try:
        parsed = OrganizationAnswer.model_validate(answer)
    except ValidationError:
        return None
    return parsed.display_name or parsed.name or None
