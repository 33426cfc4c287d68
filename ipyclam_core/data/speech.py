"""Features of speech and timbre: spectra on the mel scale, cepstra, linear prediction."""

from __future__ import annotations

from ..declare.frames import frame, number, row
from .spectra import BINS

BANDS = 20  # of an in port that nothing is connected to
ORDER = 11


@frame("MelSpectrum", bands=BANDS)
class MelSpectrum:
    """The sum of a spectrum in each of several bands, which are equally wide on the mel scale."""

    magnitude = row("bands", plot="decibels", doc="linear amplitudes, or powers; a picture shows dB")
    low = number(unit="Hz", doc="where the first band begins")
    high = number(11025.0, unit="Hz", doc="where the last band ends")


@frame("MelCepstrum", coefficients=BANDS)
class MelCepstrum:
    """Mel-frequency cepstral coefficients (MFCC). The first one is the loudness, the next ones are the shape of the spectrum."""

    coefficients = row("coefficients", plot="stems")


@frame("LPModel", order=ORDER, bins=BINS)
class LPModel:
    """A filter that predicts each sample from those before it (linear prediction)."""

    coefficients = row("order", plot="none", doc="of the prediction error filter; the first one is 1")
    reflections = row("order", plot="none", doc="reflection coefficients; the first one is 0")
    envelope = row("bins", plot="decibels", doc="the spectral envelope that the filter describes: linear amplitudes; a picture shows dB")
    error = number(1.0, doc="the part of the power that is not predicted, from 0 to 1")
    top = number(22050.0, unit="Hz", doc="the frequency of the last bin of the envelope")


@frame("AbeLPModel", order=ORDER, bins=BINS)
class AbeLPModel:
    """A filter that predicts each sample from those before it, as `LPModel`, which CLAM's speech types keep apart from it."""

    coefficients = row("order", plot="none", doc="of the prediction error filter; the first one is 1")
    reflections = row("order", plot="none", doc="reflection coefficients; the first one is 0")
    envelope = row("bins", plot="decibels", doc="the spectral envelope that the filter describes: linear amplitudes; a picture shows dB")
    error = number(1.0, doc="the part of the power that is not predicted, from 0 to 1")
    top = number(22050.0, unit="Hz", doc="the frequency of the last bin of the envelope")
