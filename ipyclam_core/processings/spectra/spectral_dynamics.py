"""Transformations of spectra by the level of each bin: gates, limiters, compressors."""

from __future__ import annotations

from ...declare import in_control, processing
from ._bins import bin_of, ratio_of
from .transformations import CATEGORY, Transformation


@processing(category=CATEGORY, source="CLAM SpectralGate", synonyms=("noise gate", "denoise", "threshold"))
class SpectralGate(Transformation):
    """Silences the bins whose magnitude is below a threshold."""

    threshold = in_control("Amount", -30.0, unit="dB", doc="the threshold")
    amount = None

    def process(output, threshold):
        least = ratio_of(threshold)
        for k in range(len(output.magnitude)):
            if output.magnitude[k] < least:
                output.magnitude[k] = 0.0


@processing(category=CATEGORY, source="CLAM SpectralReject", synonyms=("gate", "threshold", "residual"))
class SpectralReject(Transformation):
    """Silences the bins whose magnitude is above a threshold: the loud partials of a sound."""

    threshold = in_control("Amount", unit="dB", doc="the threshold")
    amount = None

    def process(output, threshold):
        most = ratio_of(threshold)
        for k in range(len(output.magnitude)):
            if output.magnitude[k] > most:
                output.magnitude[k] = 0.0


@processing(category=CATEGORY, source="CLAM SpectralLimiter", synonyms=("limit", "flatten", "compressor"))
class SpectralLimiter(Transformation):
    """Lowers the bins whose magnitude is above a threshold to the threshold."""

    threshold = in_control("Amount", unit="dB", doc="the threshold")
    amount = None

    def process(output, threshold):
        most = ratio_of(threshold)
        for k in range(len(output.magnitude)):
            output.magnitude[k] = min(output.magnitude[k], most)


@processing(category=CATEGORY, source="CLAM Deesser", synonyms=("de-esser", "sibilance", "voice"))
class Deesser(Transformation):
    """Lowers the bins of a band whose magnitude is above a threshold to the threshold, which tames the sibilants of a voice."""

    low = in_control("LowCutoff", 3000.0, unit="Hz")
    high = in_control("HighCutoff", 10000.0, unit="Hz")
    threshold = in_control("Threshold", -30.0, unit="dB")

    def process(output, low, high, threshold):
        bins = len(output.magnitude)
        most = ratio_of(threshold)
        for k in range(max(bin_of(low, bins, output.top), 0), min(bin_of(high, bins, output.top) + 1, bins)):
            output.magnitude[k] = min(output.magnitude[k], most)


class _Bands(Transformation):
    """Three thresholds: below `low`, above `high`, and between."""

    low = in_control("LowCutoff", 1000.0, unit="Hz")
    high = in_control("HighCutoff", 5000.0, unit="Hz")


@processing(category=CATEGORY, source="CLAM ThreeBandGate", synonyms=("noise gate", "denoise", "multiband", "threshold"))
class ThreeBandGate(_Bands):
    """Silences the bins whose magnitude is below the threshold of their band."""

    low_threshold = in_control("LowThreshold", -60.0, unit="dB")
    mid_threshold = in_control("MidThreshold", -60.0, unit="dB")
    high_threshold = in_control("HighThreshold", -60.0, unit="dB")

    def process(output, low, high, low_threshold, mid_threshold, high_threshold):
        bins = len(output.magnitude)
        first, second = bin_of(low, bins, output.top), bin_of(high, bins, output.top)
        lower, middle, upper = ratio_of(low_threshold), ratio_of(mid_threshold), ratio_of(high_threshold)
        for k in range(bins):
            if output.magnitude[k] < (upper if k >= second else lower if k < first else middle):
                output.magnitude[k] = 0.0


@processing(category=CATEGORY, source="CLAM ThreeBandCompressor", synonyms=("multiband compressor", "limiter", "dynamics"))
class ThreeBandCompressor(_Bands):
    """Lowers the bins whose magnitude is above the threshold of their band to the threshold."""

    low_threshold = in_control("LowThreshold", unit="dB")
    mid_threshold = in_control("MidThreshold", unit="dB")
    high_threshold = in_control("HighThreshold", unit="dB")

    def process(output, low, high, low_threshold, mid_threshold, high_threshold):
        bins = len(output.magnitude)
        first, second = bin_of(low, bins, output.top), bin_of(high, bins, output.top)
        lower, middle, upper = ratio_of(low_threshold), ratio_of(mid_threshold), ratio_of(high_threshold)
        for k in range(bins):
            output.magnitude[k] = min(output.magnitude[k], upper if k >= second else lower if k < first else middle)
