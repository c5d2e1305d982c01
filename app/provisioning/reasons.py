"""Why somebody may vouch for a value that label, device and order line do not agree on: one row a reason.

A reason is chosen, never written: what is written would bring names and numbers into the audit trail.
"""

from __future__ import annotations

from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    "wrong-box": "The device is in another one's box; the device is right",
    "wrong-label": "The label is damaged or was printed wrongly",
    "board-replaced": "A repair gave the device another identifier",
    "wrong-order": "The order line is wrong; it will be corrected",
}
"""By its code, which is what records keep."""
