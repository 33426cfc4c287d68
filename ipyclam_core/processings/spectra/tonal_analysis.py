"""Tonal analysis: notes, chords and tuning of music."""

from __future__ import annotations

from math import atan2, cos, floor, pi, sin, sqrt

import numpy as np
from numpy import float32, float64, int64

from ...data.chords import CHORD_NOTES, CHORDS
from ...data.vectors import FloatPair, FloatPairs, FloatVector, Segmentation
from ...declare import Array, config, fourier, in_port, out_port, processing
from ._constant_q import PER_OCTAVE, SIZE, kernel

NOTES = 12
MOST = PER_OCTAVE // 2  # peaks of a circle of so many bins
SEGMENTS = 256
QUIET = 0.001  # of the mean strength of the notes: below there is no chord
CLEAR = 0.6  # a chord must stand out: so much of its strength is above the mean
LIKE = 0.67  # chords that have so much in common belong to one segment
TURN = 2.0 * pi


def fold(real, imaginary, places, kernel_real, kernel_imaginary, chroma):
    """The strength of each of the bins of an octave: the sum of all octaves of a constant Q transform."""
    for k in range(len(chroma)):
        chroma[k] = 0.0
    for k in range(len(places) // 2 - 1):
        bin_, first, last = places[2 * k], places[2 * k + 1], places[2 * k + 3]
        across, up = 0.0, 0.0
        for j in range(first, last):
            a, b = real[bin_ + j - first], imaginary[bin_ + j - first]
            across += a * kernel_real[j] - b * kernel_imaginary[j]
            up += a * kernel_imaginary[j] + b * kernel_real[j]
        chroma[k % len(chroma)] += sqrt(across * across + up * up)


def find_peaks(chroma, positions, heights):
    """The peaks of the octave, which is a circle: their positions in semitones, and their heights. Returns their number."""
    size, count = len(chroma), 0
    for k in range(size):
        left, at, right = chroma[(k + size - 2) % size], chroma[(k + size - 1) % size], chroma[k]
        if left <= at and right < at and count < len(positions):
            bend = 0.5 * left - at + 0.5 * right
            slope = at - left - bend
            away = -0.5 * slope / bend
            positions[count] = (k + size - 2 + away) % size * NOTES / size
            heights[count] = left + 0.5 * slope * away
            count += 1
    return count


def notes_of(positions, heights, count, windowed, strengths):
    """The strength of each note: the sum of the peaks nearest to it. Windowed, those between two notes count for less."""
    for k in range(NOTES):
        strengths[k] = 0.0
    for k in range(count):
        between = positions[k] + 0.5
        weight = 0.54 - 0.46 * cos(TURN * between) if windowed else 1.0
        strengths[floor(between) % NOTES] += weight * heights[k]


def correlate(strengths, notes, correlation):
    """The mean strength of the notes of each chord."""
    for chord in range(len(correlation)):
        total, count = 0.0, 0.0
        for note in range(NOTES):
            total += notes[chord * NOTES + note] * strengths[note]
            count += notes[chord * NOTES + note]
        correlation[chord] = total / count


def largest(values):
    """The place of the largest value, the last one if there are several."""
    found = 0
    for k in range(len(values)):
        if values[k] >= values[found]:
            found = k
    return found


def likeness(one, other, notes):
    """The number of notes that two chords have in common, by the mean of how many they have: from 0 to 1."""
    both, count = 0.0, 0.0
    for note in range(NOTES):
        both += notes[one * NOTES + note] * notes[other * NOTES + note]
        count += 0.5 * (notes[one * NOTES + note] + notes[other * NOTES + note])
    return both / count


def begin_segment(state, chord, time):
    """Begin a segment after the last one. When there is no more room, the oldest one goes."""
    if state.count == SEGMENTS:
        for k in range(SEGMENTS - 1):
            state.begins[k], state.ends[k], state.labels[k] = state.begins[k + 1], state.ends[k + 1], state.labels[k + 1]
        state.count -= 1
    state.begins[state.count], state.labels[state.count] = time, chord
    state.count += 1
    state.open = True


def segment(state, chord, correlation, time, until, by_likeness):
    """Go on with the segments of chords, from `time` to `until`. A `chord` of 0 is none."""
    now = state.labels[state.count - 1] if state.count else int64(0)
    if state.open:
        going_on = likeness(chord, now, state.notes) >= LIKE if by_likeness else chord == now
        if chord == 0 or not going_on:
            state.open = False
    if chord > 0:
        if not state.open:
            begin_segment(state, chord, time)
            for k in range(len(state.sums)):
                state.sums[k] = 0.0
        if by_likeness:
            for k in range(len(state.sums)):
                state.sums[k] += correlation[k] / correlation[0]
            state.labels[state.count - 1] = largest(state.sums)
        state.ends[state.count - 1] = until


@processing(
    category="Analysis",
    source="CLAM TonalAnalysis",
    synonyms=("chords", "key", "chroma", "hpcp", "pitch class", "tuning", "tuner", "constant q", "cqt", "harmony", "music information"),
)
class TonalAnalysis:
    """The notes, the chords and the tuning of music, from a constant Q transform.

    `Pitch Profile` has the strength of the twelve notes, whatever their octave, from G to F#. `Chord Correlation` says how well each
    chord fits. ``ipyclam_core.data.chords`` has the names of both, `NOTES` and `CHORDS`.
    """

    FilterInertia = config(0.7, minimum=0.0, maximum=1.0, doc="How slowly the chords follow the notes: 0 is at once.")
    TunningEnabled = config(True, doc="Follow the tuning of the music, so that notes between the keys of a piano are counted too.")
    PeakWindowingEnabled = config(True, doc="Let peaks between two notes count for less.")
    HopRatio = config(8.0, minimum=1.0, maximum=1024.0, doc="Parts of the window of 32768 frames from one analysis to the next.")
    SegmentationMethod = config(1, minimum=0, maximum=1, doc="0: a segment ends when the chord changes; 1: when it has become unlike.")
    audio = in_port("Audio Input", size="size", hop="hop", before="before")
    profile = out_port("Pitch Profile", FloatVector, size="notes", doc="the strength of each note, from G to F#")
    correlation = out_port("Chord Correlation", FloatVector, size="chords", doc="the mean strength of the notes of each chord")
    segments = out_port("Chord Segmentation", Segmentation, segments="segments", doc="the chords by time; the latest 256")
    peaks = out_port("Chroma Peaks", FloatPairs, pairs="peaks", doc="peaks of the octave: semitones above G, strength")
    tuning = out_port("Tunning", FloatPair, doc="deviation from A = 440 Hz in semitones, and how strong and united the notes are")

    class State:
        work: Array[float64]
        real: Array[float64]
        imaginary: Array[float64]
        chroma: Array[float64]
        positions: Array[float64]
        heights: Array[float64]
        strengths: Array[float64]
        smooth: Array[float64]
        correlation: Array[float64]
        across: float = 1.0  # the tuning, as the mean of angles
        up: float
        calls: int
        count: int  # of the segments
        open: bool
        begins: Array[float64]
        ends: Array[float64]
        labels: Array[int64]
        sums: Array[float64]

    class Prepared:
        factors: Array[float64]
        places: Array[int64]
        kernel_real: Array[float64]
        kernel_imaginary: Array[float64]
        notes: Array[float64]  # of each chord, 1 for a note that it has

    def ports(HopRatio):
        hop = int(SIZE / HopRatio)
        sizes = {"size": SIZE, "hop": hop, "before": SIZE - hop}
        return {**sizes, "notes": NOTES, "chords": len(CHORDS), "segments": SEGMENTS, "peaks": MOST}

    def initial():
        bins = SIZE // 2 + 1
        sizes = {
            "real": bins, "imaginary": bins, "chroma": PER_OCTAVE, "positions": MOST, "heights": MOST, "strengths": NOTES, "smooth": NOTES,
            "correlation": len(CHORDS), "begins": SEGMENTS, "ends": SEGMENTS, "sums": len(CHORDS),
        }  # fmt: skip
        return {"work": fourier.workspace(SIZE), "labels": np.zeros(SEGMENTS, np.int64)} | {name: np.zeros(n) for name, n in sizes.items()}

    def prepare(sample_rate):
        places, real, imaginary = kernel(float(sample_rate))
        notes = np.zeros((len(CHORDS), NOTES))
        for chord, held in enumerate(CHORD_NOTES):
            notes[chord, list(held)] = 1.0
        factors = fourier.table(SIZE)
        return {"factors": factors, "places": places, "kernel_real": real, "kernel_imaginary": imaginary, "notes": notes.reshape(-1)}

    def process(
        state, audio, profile, correlation, segments, peaks, tuning, sample_rate,
        FilterInertia, TunningEnabled, PeakWindowingEnabled, HopRatio, SegmentationMethod,
    ):  # fmt: skip
        fourier.forward(state.factors, state.work, audio, state.real, state.imaginary)
        fold(state.real, state.imaginary, state.places, state.kernel_real, state.kernel_imaginary, state.chroma)
        count = find_peaks(state.chroma, state.positions, state.heights)
        across, up = 0.0, 0.0
        for k in range(count):
            across += state.heights[k] * cos(TURN * state.positions[k])
            up += state.heights[k] * sin(TURN * state.positions[k])
        tuning.first = atan2(up, across) / TURN
        tuning.second = sqrt(across * across + up * up)
        state.across += across
        state.up += up
        peaks.count = min(count, len(peaks.first))
        for k in range(min(count, len(peaks.first))):
            peaks.first[k], peaks.second[k] = float32(state.positions[k]), float32(state.heights[k])
        if TunningEnabled:
            away = atan2(state.up, state.across) / TURN
            for k in range(count):
                state.positions[k] = (state.positions[k] - away + NOTES) % NOTES
        strengths = state.strengths
        windowed = PeakWindowingEnabled
        notes_of(state.positions, state.heights, count, windowed, strengths)
        for k in range(NOTES):
            profile.values[k] = float32(strengths[k])
            state.smooth[k] = FilterInertia * state.smooth[k] + (1.0 - FilterInertia) * strengths[k]
        correlate(state.smooth, state.notes, state.correlation)
        best, mean = largest(state.correlation), state.correlation[0]
        chord = 0 if CLEAR * state.correlation[best] <= mean or mean < QUIET else best
        hop = int(SIZE / HopRatio) / sample_rate
        segment(state, chord, state.correlation, state.calls * hop, (state.calls + 1) * hop, SegmentationMethod == 1)
        state.calls += 1
        for k in range(len(state.correlation)):
            correlation.values[k] = float32(state.correlation[k])
        segments.count = state.count
        for k in range(state.count):
            segments.begin[k], segments.end[k] = float32(state.begins[k]), float32(state.ends[k])
            segments.label[k] = float32(state.labels[k])
