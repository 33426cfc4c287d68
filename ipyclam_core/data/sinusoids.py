"""Sinusoids that were found in a spectrum, and fundamental frequencies."""

from __future__ import annotations

from ..declare.frames import frame, row, used


@frame("SpectralPeakArray", peaks=0)
class Peaks:
    """Sinusoids: the first `count` items of the rows are in use."""

    count = used("peaks")
    frequency = row("peaks", unit="Hz", plot="none")
    magnitude = row("peaks", unit="dB", plot="stems")
    phase = row("peaks", unit="rad", plot="none")
    position = row("peaks", unit="bins", plot="none", doc="in the spectrum that they were found in")
    track = row("peaks", plot="none", doc="the number of the sinusoid that a peak goes on with; -1 for none")


@frame("Fundamental", candidates=0)
class Fundamental:
    """Candidates for the fundamental frequency, the best one first: `count` of them."""

    count = used("candidates")
    frequency = row("candidates", unit="Hz", plot="none")
    error = row("candidates", plot="stems", doc="how badly the peaks fit its harmonics; smaller is better")
