"""Views of frames, without outputs: what is connected to one shows its newest frame at the prompt."""

from __future__ import annotations

from ...data.spectra import Spectrum
from ...declare import in_port, processing


@processing(category="Graphical Monitors", source="CLAM SpectrumView", synonyms=("analyzer", "analyser", "plot", "display", "frequencies"))
class SpectrumView:
    """Spectrum analyzer: `value` of its input is the newest spectrum."""

    spectrum = in_port("Input", Spectrum)

    def process(spectrum):
        pass
