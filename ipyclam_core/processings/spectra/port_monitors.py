"""Views by the names that CLAM's networks have for those of its tools: `value` of their input is the newest frame."""

from __future__ import annotations

from ...data.sinusoids import Fundamental, Peaks
from ...data.spectra import Spectrum
from ...declare import in_port, processing

CATEGORY = "Graphical Monitors"


class _OfSpectra:
    frame = in_port("Input", Spectrum)

    def process(frame):
        pass


class _OfPeaks(_OfSpectra):
    frame = in_port("Input", Peaks)


class _OfFundamentals(_OfSpectra):
    frame = in_port("Input", Fundamental)


@processing(category=CATEGORY, source="CLAM SpectrumPortMonitor", synonyms=("analyzer", "analyser", "plot"))
class SpectrumPortMonitor(_OfSpectra):
    """Spectrum analyzer, as `SpectrumView`: `value` of its input is the newest spectrum."""


@processing(category=CATEGORY, source="CLAM SpecgramPortMonitor", synonyms=("sonogram", "spectrogram", "waterfall"))
class SpecgramPortMonitor(_OfSpectra):
    """Shows a spectrum: `value` of its input is the newest one. For all spectra of a while, render the port that it hears."""


@processing(category=CATEGORY, source="CLAM PeaksPortMonitor", synonyms=("partials", "sinusoids", "plot"))
class PeaksPortMonitor(_OfPeaks):
    """Shows the peaks of a spectrum: `value` of its input is the newest set."""


@processing(category=CATEGORY, source="CLAM SinTracksPortMonitor", synonyms=("partials", "sinusoids", "tracks"))
class SinTracksPortMonitor(_OfPeaks):
    """Shows sinusoids: `value` of its input is the newest set, with the number of the track that each goes on with."""


@processing(category=CATEGORY, source="CLAM FundamentalPortMonitor", synonyms=("pitch", "f0", "tuner"))
class FundamentalPortMonitor(_OfFundamentals):
    """Shows a fundamental frequency: `value` of its input is the newest one."""


@processing(category=CATEGORY, source="CLAM FundTrackPortMonitor", synonyms=("pitch", "f0", "tuner"))
class FundTrackPortMonitor(_OfFundamentals):
    """Shows a fundamental frequency: `value` of its input is the newest one. For all of a while, render the port that it hears."""
