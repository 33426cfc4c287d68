"""The names of notes and chords, in the order in which `TonalAnalysis` puts out their strengths.

>>> NOTES[:4], CHORDS[:3]
(('G', 'G#', 'A', 'A#'), ('None', 'G_Major', 'G#_Major'))
"""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot
from typing import Any, Final

NOTES: Final = ("G", "G#", "A", "A#", "B", "C", "C#", "D", "D#", "E", "F", "F#")

MODES: Final = {
    "Major": (0, 4, 7),
    "Minor": (0, 3, 7),
    "Major7": (0, 4, 7, 11),
    "Dominant7": (0, 4, 7, 10),
    "MinorMajor7": (0, 3, 7, 11),
    "Minor7": (0, 3, 7, 10),
    "Diminished": (0, 3, 6),
    "Augmented": (0, 4, 8),
    "HalfDiminished7": (0, 3, 6, 10),
}
"""The notes of each kind of chord, in semitones above its root."""

_ROOTS: Final = {"Augmented": 4}
"""How many of the roots give different notes, where these are not all twelve."""

_FOUND: Final = [(mode, root) for mode in MODES for root in range(_ROOTS.get(mode, 12))]

CHORDS: Final = ("None", *(f"{NOTES[root]}_{mode}" for mode, root in _FOUND))
"""The name of each chord; the first one is that of no chord, in which all notes are as strong."""

CHORD_NOTES: Final = (tuple(range(12)), *(tuple(sorted((root + step) % 12 for step in MODES[mode])) for mode, root in _FOUND))
"""The notes of each chord, as numbers of `NOTES`."""

KEYS: Final = {
    "Major": (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
    "Minor": (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
}
"""How well each note fits a key, from its tonic up: Krumhansl and Kessler (1982)."""


def key_of(strengths: Any) -> str:
    """The key whose notes are as strong as those of a piece: the best correlation with the profiles of Krumhansl and Kessler.

    Parameters
    ----------
    strengths : of the twelve notes, from G: a value of ``Pitch Profile``, many of them (their mean is taken), or numbers.

    >>> key_of([1.0 if note in "CDEFGAB" else 0.0 for note in NOTES])
    'C_Major'
    """
    strengths = _mean(strengths)
    if len(strengths) != len(NOTES):
        raise ValueError(f'{len(strengths)} numbers are not the strengths of {len(NOTES)} notes. Take values of net.tonal["Pitch Profile"]')
    fits = {
        f"{note}_{mode}": sum(strengths[(tonic + step) % 12] * weight for step, weight in enumerate(_centred(profile)))
        for mode, profile in KEYS.items()
        for tonic, note in enumerate(NOTES)
    }
    return max(fits, key=fits.__getitem__)


def ranked(strengths: Any) -> list[tuple[str, float]]:
    """The names of twelve notes, or of all chords, with their strengths: the strongest one first.

    Parameters
    ----------
    strengths : a value of ``Pitch Profile`` or of ``Chord Correlation``, many of them (their mean is taken), or numbers.

    >>> ranked([0.1, 0, 0, 0, 0, 0.9, 0, 0, 0, 0.5, 0, 0])[:3]
    [('C', 0.9), ('E', 0.5), ('G', 0.1)]
    """
    strengths = _mean(strengths)
    names = {len(NOTES): NOTES, len(CHORDS): CHORDS}.get(len(strengths))
    if names is None:
        raise ValueError(
            f"{len(strengths)} numbers are neither the strengths of {len(NOTES)} notes nor those of {len(CHORDS)} chords. "
            'Take a value of net.tonal["Pitch Profile"] or net.tonal["Chord Correlation"]'
        )
    return sorted(zip(names, map(float, strengths), strict=True), key=lambda pair: -pair[1])


def timeline(segments: Any) -> list[tuple[float, float, str]]:
    """Begin, end and name of each chord, from a value of ``Chord Segmentation``; times are seconds."""
    rows = zip(segments.in_use("begin"), segments.in_use("end"), segments.in_use("label"), strict=True)
    return [(float(begin), float(end), CHORDS[int(label)]) for begin, end, label in rows]


def _mean(strengths: Any) -> Sequence[float]:
    """One row of strengths, as numbers, of one frame, of many frames, or of numbers."""
    values = getattr(strengths, "values", strengths)
    return values.mean(axis=0) if getattr(values, "ndim", 1) > 1 else values  # type: ignore[no-any-return]


def _centred(profile: Sequence[float]) -> list[float]:
    """A profile with a mean of 0 and a norm of 1."""
    mean = sum(profile) / len(profile)
    norm = hypot(*(value - mean for value in profile))
    return [(value - mean) / norm for value in profile]
