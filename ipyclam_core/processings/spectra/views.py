"""Views of frames, without outputs: what is connected to one shows its newest frame at the prompt."""

from __future__ import annotations

from ...data.sinusoids import Peaks
from ...data.spectra import Spectrum
from ...declare import in_port, processing


@processing(category="Graphical Monitors", source="CLAM SpectrumView", synonyms=("analyzer", "analyser", "plot", "display", "frequencies"))
class SpectrumView:
    """Spectrum analyzer: `value` of its input is the newest spectrum."""

    spectrum = in_port("Input", Spectrum)

    def process(spectrum):
        pass


@processing(category="Graphical Monitors", source="CLAM PeakView", synonyms=("partials", "sinusoids", "plot", "display"))
class PeakView:
    """Shows the peaks of a spectrum: `value` of its input is the newest set."""

    peaks = in_port("Input", Peaks)

    def process(peaks):
        pass
