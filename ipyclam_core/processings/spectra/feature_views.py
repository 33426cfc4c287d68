"""Views of features, without outputs: `value` of their input is the newest frame."""

from __future__ import annotations

from ...data.speech import LPModel, MelCepstrum, MelSpectrum
from ...declare import in_port, processing

CATEGORY = "Graphical Monitors"


class _View:
    def process(frame):
        pass


@processing(category=CATEGORY, source="CLAM MelSpectrumView", synonyms=("mel", "mfcc", "plot", "display"))
class MelSpectrumView(_View):
    """Shows a spectrum on the mel scale: `value` of its input is the newest one."""

    frame = in_port("Input", MelSpectrum)


@processing(category=CATEGORY, source="CLAM MelCepstrumView", synonyms=("mfcc", "cepstrum", "plot", "display"))
class MelCepstrumView(_View):
    """Shows mel-frequency cepstral coefficients (MFCC): `value` of its input is the newest set."""

    frame = in_port("Input", MelCepstrum)


@processing(category=CATEGORY, source="CLAM LPModelView", synonyms=("lpc", "formants", "envelope", "plot", "display"))
class LPModelView(_View):
    """Shows linear prediction (LPC): `value` of its input is the newest model, drawn as its spectral envelope."""

    frame = in_port("Input", LPModel)
