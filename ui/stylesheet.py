"""The one style sheet: the rules of resources/window.qss with the colours of a scheme put in."""

from __future__ import annotations

from string import Template

import resources
from ui.theme import FOCUS, RADIUS_BUTTON, RADIUS_CARD, RADIUS_FIELD, Role, Scheme, Tone


def stylesheet(scheme: Scheme) -> str:
    """The rules with the colours of `scheme`."""
    colors = {role.value.replace("-", "_"): scheme.colors[role] for role in Role}
    tones = "\n".join(f'QLabel[tone="{tone}"] {{ color: {scheme.colors[tone.ink]}; }}' for tone in Tone)
    return Template(resources.read_text("window.qss")).substitute(
        colors, tones=tones, focus=FOCUS, r_card=RADIUS_CARD, r_field=RADIUS_FIELD, r_button=RADIUS_BUTTON
    )
