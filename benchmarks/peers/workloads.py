"""What every engine is given to compute, and whether it did: the two networks, and the sounds they should make."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE = 48000
Sound = NDArray[np.float32]


@dataclass(frozen=True)
class Sines:
    """W1: so many sines, all of them summed to the left and to the right."""

    name: str = "W1"
    voices: int = 1000
    gain: float = 0.001

    def __str__(self) -> str:
        return f"W1: {self.voices:,} sines, summed to left and right"

    def frequency(self, voice: int) -> float:
        return 50.0 + 7.31 * voice


@dataclass(frozen=True)
class Strips:
    """W2: so many sawtooths, each through a resonant low-pass, a gain and a panner of its own, summed."""

    name: str = "W2"
    voices: int = 200
    gain: float = 0.005
    resonance: float = 4.0

    def __str__(self) -> str:
        return f"W2: {self.voices} x (sawtooth -> resonant low-pass -> gain -> pan)"

    def frequency(self, voice: int) -> float:
        return 40.0 + 5.17 * voice

    def cutoff(self, voice: int) -> float:
        return 300.0 + 20.0 * voice

    def position(self, voice: int) -> float:
        """From -1, left, to 1, right."""
        return 2.0 * voice / (self.voices - 1) - 1.0


Workload = Sines | Strips
WORKLOADS: dict[str, Workload] = {"W1": Sines(), "W2": Strips()}


def loudness(sound: Sound) -> float:
    """The root mean square of both channels, in dB."""
    return 20.0 * math.log10(max(float(np.sqrt(np.mean(np.square(sound, dtype=np.float64)))), 1e-10))


def levels(sound: Sound, work: Workload) -> NDArray[np.float64]:
    """The level in dB that the sound has at each voice's frequency, over its last second."""
    last = sound[-RATE:].sum(axis=1, dtype=np.float64) * np.hanning(RATE)
    spectrum = np.abs(np.fft.rfft(last, 4 * RATE))
    places = [round(4 * work.frequency(voice)) for voice in range(work.voices)]
    return 20.0 * np.log10(np.maximum([spectrum[place - 2 : place + 3].max() for place in places], 1e-10))
