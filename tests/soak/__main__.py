"""`python -m tests.soak [ROUNDS] [SEED]`: 50 rounds where no number is given, a seed drawn at random."""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path

from tests.soak.rounds import soak

asked = [int(text) for text in sys.argv[1:]]
with tempfile.TemporaryDirectory() as place:
    report = soak(asked[0] if asked else 50, asked[1] if asked[1:] else random.randrange(1 << 32), Path(place))
sys.stdout.write("\n".join([*report.broken, str(report)]) + "\n")
sys.exit(bool(report.broken))
