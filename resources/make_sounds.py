"""Makes the three tones under sounds/: `python resources/make_sounds.py`. They differ in rhythm as well as in pitch,
so that somebody who hears no difference of pitch tells them apart."""

from __future__ import annotations

import math
import struct
import wave
from collections.abc import Mapping, Sequence
from pathlib import Path

RATE = 22_050
FADE_S = 0.008
"""A tone that begins or ends at once clicks."""
LOUDNESS = 0.35

TONES: Mapping[str, Sequence[tuple[float, float]]] = {
    "ready": ((880.0, 0.09),),
    "accepted": ((659.0, 0.10), (0.0, 0.04), (988.0, 0.16)),
    "needs-you": ((440.0, 0.14), (0.0, 0.08), (440.0, 0.14), (0.0, 0.08), (330.0, 0.28)),
}
"""(hertz, seconds) one after the other; 0 hertz is silence."""


def samples(parts: Sequence[tuple[float, float]]) -> bytes:
    """16 bit, one channel."""
    values: list[int] = []
    for hertz, seconds in parts:
        count = int(RATE * seconds)
        for place in range(count):
            edge = min(1.0, place / (RATE * FADE_S), (count - place) / (RATE * FADE_S))
            values.append(int(32_767 * LOUDNESS * edge * math.sin(2 * math.pi * hertz * place / RATE)))
    return struct.pack(f"<{len(values)}h", *values)


def make(folder: Path) -> None:
    for name, parts in TONES.items():
        with wave.open(str(folder / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(samples(parts))


if __name__ == "__main__":
    make(Path(__file__).parent / "sounds")
