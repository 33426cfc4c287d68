"""The formants of a voice, as sinusoids."""

from __future__ import annotations

from math import atan2, hypot, log, pi

import numpy as np
from numpy import float32, float64

from ...data.buffers import AudioBuffer
from ...data.sinusoids import Peaks
from ...declare import Array, in_port, out_port, processing
from .linear_prediction import correlate, predict

ORDER = 10  # of the prediction, whose filter has as many roots
LOUDEST = -20.0  # dB: of a formant that rings for ever
STEPS = 100
EXACT = 1e-13
REAL = 1e-6  # what is less imaginary rings at 0 Hz or at half the sample rate, and is no formant
HOP = 512.0  # frames
MOST_TRACKS = 10_000_000  # then their numbers begin again


@processing(
    category="[plugin] Speech (experimental, GSoC)",
    source="CLAM FormantExtractor",
    synonyms=("lpc", "linear prediction", "vowels", "voice", "resonances"),
)
class FormantExtractor:
    """Finds the resonances of a voice by linear prediction: a sinusoid for each of them, which is louder the wider it is."""

    buffer = in_port("AudioIn", AudioBuffer)
    peaks = out_port("Spectral Peak Array", Peaks, peaks=ORDER)

    class State:
        products: Array[float32]
        filter_: Array[float32]
        reflections: Array[float32]
        real: Array[float64]
        imaginary: Array[float64]
        number: int

    def initial():
        sums = {name: np.zeros(ORDER + 1, float32) for name in ("products", "filter_", "reflections")}
        return {**sums, "real": np.zeros(ORDER), "imaginary": np.zeros(ORDER)}

    def process(state, buffer, peaks, sample_rate):
        peaks.count = 0
        if correlate(buffer.samples, state.products) == 0.0:
            return
        predict(state.products, state.filter_, state.reflections)
        find_roots(state.filter_, state.real, state.imaginary)
        for k in range(ORDER):
            angle, size = atan2(state.imaginary[k], state.real[k]), hypot(state.real[k], state.imaginary[k])
            if state.imaginary[k] > REAL and size < 1.0:
                insert(peaks, angle / pi * sample_rate / 2.0, LOUDEST - 20.0 * log(size), angle * HOP)
        for k in range(int(peaks.count)):  # each frame begins anew, as in CLAM
            peaks.track[k] = float32(state.number)
            state.number = (state.number + 1) % MOST_TRACKS


def insert(peaks, frequency, level, phase):
    """Add a peak where it belongs: frequencies rise."""
    place = int(peaks.count)
    while place > 0 and peaks.frequency[place - 1] > frequency:
        peaks.frequency[place], peaks.magnitude[place] = peaks.frequency[place - 1], peaks.magnitude[place - 1]
        peaks.phase[place] = peaks.phase[place - 1]
        place -= 1
    peaks.frequency[place], peaks.magnitude[place], peaks.phase[place] = float32(frequency), float32(level), float32(phase)
    peaks.count += 1


def find_roots(filter_, real, imaginary):
    """The roots of a polynomial that begins with 1, all at once (Durand and Kerner)."""
    count = len(real)
    x, y = 1.0, 0.0
    for k in range(count):
        x, y = 0.4 * x - 0.9 * y, 0.9 * x + 0.4 * y
        real[k], imaginary[k] = x, y
    for _ in range(STEPS):
        moved = 0.0
        for k in range(count):
            x, y, a, b = 1.0, 0.0, 1.0, 0.0  # the polynomial at the root, and the product of its distances to the others
            for j in range(count):
                x, y = x * real[k] - y * imaginary[k] + float64(filter_[j + 1]), x * imaginary[k] + y * real[k]
                if j != k:
                    c, d = real[k] - real[j], imaginary[k] - imaginary[j]
                    a, b = a * c - b * d, a * d + b * c
            size = max(a * a + b * b, 1e-300)
            c, d = (x * a + y * b) / size, (y * a - x * b) / size
            real[k], imaginary[k] = real[k] - c, imaginary[k] - d
            moved = max(moved, abs(c) + abs(d))
        if moved < EXACT:
            break
