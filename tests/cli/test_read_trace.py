"""`read --trace`: what was said on the lines, in a file that can be sent away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.training.devices.hub import Hub
from app.training.devices.personalities import QUECTEL_EC25, TELIT_LE910
from tests.peers.program import Program
