"""Sinusoids that go on from frame to frame: harmonics of a fundamental, or tracks of peaks."""

from __future__ import annotations

from math import floor

from numpy import float32

from ._fundamental import nearest

MOST_TRACKS = 1e7  # then their numbers begin again


def become_harmonics(peaks, fundamental, sines, frequency, magnitude, phase):
    """Replace peaks by harmonics, each of which has the level and the phase of the nearest peak.

    They end with the first one that would have the same peak as the one before, or that is too far from any peak: CLAM compares
    the distance, in per cent, with half of the fundamental, in hertz.
    """
    found, count = int(peaks.count), 0
    for k in range(found):
        frequency[k], magnitude[k], phase[k] = peaks.frequency[k], peaks.magnitude[k], peaks.phase[k]
    harmonic = float32(fundamental)
    while count < min(found, sines):
        k = nearest(frequency, found, harmonic)
        if abs(frequency[k] - harmonic) * 100.0 / harmonic >= fundamental / 2.0:
            break
        if count > 0 and magnitude[k] == peaks.magnitude[count - 1]:
            break
        peaks.frequency[count] = harmonic
        peaks.magnitude[count], peaks.phase[count], peaks.track[count] = magnitude[k], phase[k], float32(count)
        harmonic = float32(harmonic + float32(fundamental))
        count += 1
    peaks.count = count


def follow(peaks, sines, drift, last_frequency, last_track, last_count, next_track):
    """Let tracks go on to the peaks that are nearest to them, and begin new ones with the others. Returns the next new track.

    A track ends where no peak without a track is within `drift` per cent, or where another track is nearer to its peak.
    """
    found = int(peaks.count)
    count = int(min(found, sines))
    for k in range(count):
        peaks.track[k] = -1.0
    for j in range(last_count):
        if found > 0 and within(peaks, count, drift, last_frequency[j]):
            k = nearest(peaks.frequency, found, last_frequency[j])
            rival = nearest(last_frequency, last_count, peaks.frequency[k])
            nearer = abs(last_frequency[rival] - peaks.frequency[k]) < abs(last_frequency[j] - peaks.frequency[k])
            if k < count and peaks.track[k] < 0.0 and not nearer:
                peaks.track[k] = last_track[j]
    for k in range(count):
        if peaks.track[k] < 0.0:
            peaks.track[k] = float32(next_track)
            next_track = next_track + 1.0 if next_track < MOST_TRACKS else 0.0
    peaks.count = count
    return next_track


def within(peaks, count, drift, frequency):
    """Whether a peak without a track is within `drift` per cent of a frequency."""
    k = nearest(peaks.frequency, count, frequency)
    above, below = k, k - 1
    while below >= 0 and peaks.track[below] >= 0.0:
        below -= 1
    while above < count and peaks.track[above] >= 0.0:
        above += 1
    near = below >= 0 and floor(abs(peaks.frequency[below] - frequency) * 100.0 / frequency) < drift
    return near or (above < count and floor(abs(peaks.frequency[above] - frequency) * 100.0 / frequency) < drift)
