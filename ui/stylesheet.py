"""The one style sheet: the rules of resources/window.qss with the colours of a scheme put in."""

from __future__ import annotations

import re

import resources
from ui.theme import FOCUS, RADIUS_BUTTON, RADIUS_CARD, RADIUS_FIELD, Role, Scheme, Tone

_PLACE = re.compile(r"@(?:\{([a-z_]+)\}|([a-z_]+))")
"""A value that is put in: @name, or @{name} where letters follow."""


def stylesheet(scheme: Scheme) -> str:
    """The rules with the colours of `scheme`."""
    values = {
        **{role.value.replace("-", "_"): scheme.colors[role] for role in Role},
        "tones": "\n".join(f'QLabel[tone="{tone}"] {{ color: {scheme.colors[tone.ink]}; }}' for tone in Tone),
        "focus": FOCUS,
        "r_card": RADIUS_CARD,
        "r_field": RADIUS_FIELD,
        "r_button": RADIUS_BUTTON,
    }
    return _PLACE.sub(lambda place: str(values[place[1] or place[2]]), resources.read_text("window.qss"))
