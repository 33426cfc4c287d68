"""The sounds that the examples of the processing types start from, computed: the same at each build."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np
import soundfile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

RATE = 48000
SECONDS = 2.0
FRAMES = round(RATE * SECONDS)


def riff() -> Samples:
    """Eight plucked notes of a minor pentatonic scale."""
    sound = np.zeros(FRAMES)
    for beat, semitones in enumerate((0, 12, 7, 10, 3, 12, 5, 7)):
        add(sound, beat * 0.25, pluck(110.0 * 2 ** (semitones / 12)))
    return even(sound)


def drums() -> Samples:
    """Bass drum, snare and hi-hat."""
    noise = np.random.default_rng(7)
    sound = np.zeros(FRAMES)
    for beat in (0.0, 0.75, 1.0):
        add(sound, beat, kick())
    for beat in (0.5, 1.5):
        add(sound, beat, 0.5 * burst(noise, 0.25, 0.06) + 0.4 * decaying(190.0, 0.25, 0.05))
    for beat in np.arange(0.0, SECONDS, 0.25):
        add(sound, beat, 0.25 * np.diff(burst(noise, 0.08, 0.015), prepend=0.0))
    return even(sound)


SOURCES = {"riff": riff, "drums": drums}


def hall(number: int) -> Samples:
    """The impulse response of a room, each time of another one."""
    return even(burst(np.random.default_rng(number), 1.0, 0.2 - 0.05 * number))


def tune() -> bytes:
    """A MIDI file: an arpeggio, four notes a second, with a modulation wheel that rises."""
    notes = (57, 60, 64, 69, 72, 69, 64, 60) * 2
    events = b"".join(bytes((0, 0x90, key, 100, 0, 0xB0, 1, 20 + 6 * k, 24, 0x80, key, 0)) for k, key in enumerate(notes))
    track = events + b"\x00\xff\x2f\x00"
    return b"MThd" + struct.pack(">IHHH", 6, 0, 1, 48) + b"MTrk" + struct.pack(">I", len(track)) + track


def choir() -> bytes:
    """An SDIF file: harmonics of a pitch that rises by an octave and trembles."""
    file = b"SDIF" + struct.pack(">iii", 8, 3, 1)
    for k in range(FRAMES // 512):
        time = k * 512 / RATE
        pitch = 110.0 * 2 ** (time / SECONDS + 0.02 * np.sin(2 * np.pi * 5 * time))
        rows = b"".join(struct.pack(">4f", n, n * pitch, 0.1 / n, 0.0) for n in range(1, 30))
        file += b"1TRC" + struct.pack(">idii", 32 + len(rows), time, 0, 1) + b"1TRC" + struct.pack(">iii", 4, 29, 4) + rows
    return file


def ear(azimuth: int) -> str:
    """Writes what the left ear hears of a click from a direction; the line of the database for it."""
    near = 0.5 + 0.5 * np.sin(np.radians(azimuth))
    time = np.arange(128)
    soundfile.write(f"ear{azimuth}.wav", 0.5 * (0.3 + near) * np.exp(-((time - 30 + 25 * near) ** 2) / (4 - 3 * near)), RATE)
    return f"0 {azimuth} ear{azimuth}.wav\n"


def pluck(frequency: float) -> NDArray[np.float64]:
    harmonics = np.arange(1, 20)
    return np.sum([decaying(frequency * k, 0.6, 0.35 / k**0.5) / k for k in harmonics], axis=0)


def kick() -> NDArray[np.float64]:
    time = np.arange(round(0.3 * RATE)) / RATE
    return np.sin(2 * np.pi * (50.0 * time - 4.0 * np.exp(-time / 0.03))) * np.exp(-time / 0.08)


def decaying(frequency: float, seconds: float, constant: float) -> NDArray[np.float64]:
    time = np.arange(round(seconds * RATE)) / RATE
    return np.sin(2 * np.pi * frequency * time) * np.exp(-time / constant)


def burst(noise: np.random.Generator, seconds: float, constant: float) -> NDArray[np.float64]:
    count = round(seconds * RATE)
    return noise.uniform(-1.0, 1.0, count) * np.exp(-np.arange(count) / RATE / constant)


def add(sound: NDArray[np.float64], start: float, other: NDArray[np.float64]) -> None:
    """Mix `other` into `sound` from `start` seconds on; the rest is cut off."""
    at = round(start * RATE)
    part = other[: len(sound) - at]
    sound[at : at + len(part)] += part


def even(sound: NDArray[np.float64]) -> Samples:
    """With a peak of 0.5."""
    return (0.5 * sound / np.abs(sound).max()).astype(np.float32)
