"""Transformations of the residual of a sound."""

from __future__ import annotations

from ...declare import in_control, processing
from ._bins import ratio_of
from .sms_sinusoids import CATEGORY
from .spectral_dynamics import Deesser
from .transformations import Transformation


@processing(category=CATEGORY, source="CLAM SMSResidualGain", synonyms=("noise", "breath", "volume", "balance"))
class SMSResidualGain(Transformation):
    """Makes the residual louder, and leaves the sinusoids: more breath, more noise."""

    gain = in_control("Gain", 0.0, 0.0, 25.0, unit="dB")

    def process(output, gain):
        factor = ratio_of(gain)
        for k in range(len(output.magnitude)):
            output.magnitude[k] *= factor


@processing(category=CATEGORY, source="CLAM SMSDeesser", synonyms=("de-esser", "sibilance", "voice"))
class SMSDeesser(Deesser):
    """Lowers the bins of a band of the residual to a threshold, which tames the sibilants of a voice and leaves its sinusoids."""

    low = in_control("LowCutoff", unit="Hz")
    high = in_control("HighCutoff", unit="Hz")
    threshold = in_control("Threshold", unit="dB")
