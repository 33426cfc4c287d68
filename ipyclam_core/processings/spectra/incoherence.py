"""Filters for loudspeakers."""

from __future__ import annotations

from math import exp, pi

from numpy import float32

from ...data.spectra import ComplexSpectrum
from ...declare import config, in_control, out_port, processing
from .._limits import limited

SOUND = 340.0  # m/s
UNIT = 0.01 / 360.0  # m: what CLAM makes of a centimetre
MOST = 14.0  # e to this power is 120 dB


@processing(
    category="[plugin] New Spectral Processing",
    source="CLAM IncoherenceCompensator",
    synonyms=("loudspeakers", "wave field synthesis", "treble", "filter", "comb"),
)
class IncoherenceCompensator:
    """The spectrum of a filter that raises high frequencies: these cancel each other where several loudspeakers play one sound.

    The gain is that which undoes the loss from distances that are a little wrong, with a normal distribution.
    """

    FrameSize = config(512, minimum=1, maximum=1 << 19, unit="bins")
    DistanceStandardDeviation = config(0.01, doc="The first value of Deviation.")
    SampleRate = config(44100.0, unit="Hz", doc="Kept for CLAM's files.")
    spectrum = out_port("Complex Spectrum", ComplexSpectrum, bins="FrameSize")
    deviation = in_control(
        "Deviation", from_config="DistanceStandardDeviation", doc="standard deviation of the distances; 360 is 1 cm, as in CLAM"
    )

    def process(spectrum, deviation, sample_rate):
        bins = len(spectrum.real)
        spectrum.top = sample_rate / 2.0
        turn = limited(deviation, -1e6, 1e6) * UNIT / SOUND * 2.0 * pi * spectrum.top / bins
        for k in range(bins):
            spectrum.real[k] = float32(exp(min((turn * k) ** 2 / 2.0, MOST)))
            spectrum.imaginary[k] = 0.0
