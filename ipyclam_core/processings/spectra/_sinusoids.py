"""Sinusoids and spectra: peaks that are found in a spectrum, and spectra that are made of peaks.

As CLAM does it, which all that follows was measured on: windows lack their last two samples, a sinusoid is the main lobe of a
Blackman-Harris window in 9 bins, and the lobe is read from a table, to 1/512 of a bin.
"""

from __future__ import annotations

from math import cos, floor, log10, pi, sin

from numpy import float32, float64

from ._windows import power_of_two, window

STEPS = 512  # of the table, per bin
REACH = 4  # bins on either side of a peak
SYNONYMS = ("spectral modeling", "sinusoids", "partials", "additive", "resynthesis", "harmonics plus noise")


def transform_of(nested):
    """The size of the transform of a spectral analysis or synthesis."""
    size = nested["prWindowSize"] if "prWindowSize" in nested else nested["prAnalWindowSize"]
    return power_of_two((size - 1) << nested["prZeroPadding"])


def centred_window(shape, size):
    """A window of an odd size without its last sample, and with 0 as the last one that is left."""
    values = window(shape, size)[:-1]
    values[-1] = 0.0
    return values


def lobe():
    """The main lobe of the window that sinusoids are made with, from `REACH` bins below its middle to `REACH` bins above it."""
    return window("BlackmanHarris92 MainLobe", 2 * REACH * STEPS + 1, "NoNormalization")


def windowed(audio, shape, samples):
    """Put the middle of a window into a transform's samples, so that phases are those in the middle of `audio`."""
    half, size = len(shape) // 2, len(samples)
    first = len(audio) // 2 - half
    for k in range(size):
        samples[k] = 0.0
    for k in range(len(shape)):
        samples[k - half if k >= half else size + k - half] = float32(audio[first + k] * shape[k])


def level(magnitude):
    """Decibels, rounded as CLAM does: peaks are placed by differences of these."""
    return float64(float32(20.0 * log10(max(float64(magnitude), 1e-10))))


def nearer_turn(angle):
    """An angle less whole turns, from -pi to pi."""
    return angle - 2.0 * pi * floor(angle / (2.0 * pi) + 0.5)


def find_peaks(magnitude, phase, threshold, top, width, peaks):
    """Write the peaks of a spectrum that are above `threshold` (dB) and below `top` (Hz); `width` is that of a bin, in Hz.

    A peak is where a parabola through three levels has its top; its phase lies on the line to the nearer bin.
    """
    count = 0
    for k in range(1, len(magnitude) - 1):
        if magnitude[k] > magnitude[k - 1] and magnitude[k] >= magnitude[k + 1]:
            below, at, above = level(magnitude[k - 1]), level(magnitude[k]), level(magnitude[k + 1])
            if at > threshold and count < len(peaks.frequency):
                away = 0.5 * (below - above) / min(below - 2.0 * at + above, -1e-9)
                if (k + away) * width > top:
                    break
                other = float64(phase[k - 1]) if away < 0.0 else float64(phase[k + 1])
                peaks.position[count] = float32(k + away)
                peaks.frequency[count] = float32(float64(peaks.position[count]) * width)
                peaks.magnitude[count] = float32(at - 0.25 * (below - above) * away)
                peaks.phase[count] = float32(nearer_turn(phase[k] + abs(away) * nearer_turn(other - phase[k])))
                peaks.track[count] = -1.0
                count += 1
    peaks.count = count


def add_sine(real, imaginary, table, place, magnitude, phase, widening, sign):
    """Add a sinusoid to a spectrum.

    Parameters
    ----------
    table : the `lobe`.
    place : its frequency, in bins.
    magnitude, phase : in dB, and in radians.
    widening : the size of the transform in windows: so many times wider is the lobe.
    sign : 1.0, or -1.0 to take it away.
    """
    bins = len(real)
    if not -REACH * widening < place < bins + REACH * widening:
        return
    size = sign * 10.0 ** (min(float64(magnitude), 300.0) / 20.0)
    x, y = size * cos(phase), size * sin(phase)
    reach = int(REACH * widening)
    first = floor(place + 0.5) - reach
    stride = STEPS // int(widening)
    step = floor((first - place) * stride + 0.5) + REACH * STEPS
    for k in range(first, first + 2 * reach + 1):
        if 0 <= step < len(table):
            height = float64(table[step])
            if 0 < k < bins:
                real[k] += height * x
                imaginary[k] += height * y
            elif k == 0:
                real[0] += 2.0 * height * x
            elif -bins < k < 0:
                real[-k] += height * x
                imaginary[-k] -= height * y
        step += stride
