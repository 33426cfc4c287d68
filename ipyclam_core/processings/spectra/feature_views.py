"""Views of features, without outputs: `value` of their input is the newest frame."""

from __future__ import annotations

from ...data.speech import LPModel, MelCepstrum, MelSpectrum
from ...data.vectors import FloatPair, FloatPairs, FloatVector, Segmentation
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


class _OfNumbers(_View):
    frame = in_port("Input", FloatVector)


@processing(category=CATEGORY, source="CLAM VectorView", synonyms=("chroma", "array", "bars", "plot", "display"))
class VectorView(_OfNumbers):
    """Shows numbers in a row: `value` of its input is the newest row."""


@processing(category=CATEGORY, source="CLAM Spectrogram", synonyms=("sonogram", "chromagram", "waterfall", "plot", "display"))
class Spectrogram(_OfNumbers):
    """Shows numbers in a row: `value` of its input is the newest row. For all rows of a while, render the port that it hears."""


@processing(category=CATEGORY, source="CLAM Tonnetz", synonyms=("chroma", "notes", "harmony", "pitch class", "plot"))
class Tonnetz(_OfNumbers):
    """Shows the strength of the twelve notes, from G to F#: `value` of its input is the newest profile."""


@processing(category=CATEGORY, source="CLAM KeySpace", synonyms=("key", "chords", "harmony", "plot"))
class KeySpace(_OfNumbers):
    """Shows how well each chord fits: `value` of its input is the newest correlation. ``ipyclam_core.data.chords.CHORDS`` has the names."""


@processing(category=CATEGORY, source="CLAM ChordRanking", synonyms=("chords", "harmony", "plot"))
class ChordRanking(_OfNumbers):
    """Shows how well each chord fits: `value` of its input is the newest correlation. ``ipyclam_core.data.chords.CHORDS`` has the names."""


@processing(category=CATEGORY, source="CLAM PolarChromaPeaks", synonyms=("chroma", "notes", "pitch class", "plot"))
class PolarChromaPeaks(_View):
    """Shows peaks of the octave: `value` of its input is the newest set, with semitones above G and strengths."""

    frame = in_port("Input", FloatPairs)


@processing(category=CATEGORY, source="CLAM Tunner", synonyms=("tuner", "tuning", "intonation", "cents"))
class Tunner(_View):
    """Tuner: `value` of its input is the newest deviation in semitones, and its strength."""

    frame = in_port("Input", FloatPair)


@processing(category=CATEGORY, source="CLAM SegmentationView", synonyms=("chords", "segments", "structure", "plot"))
class SegmentationView(_View):
    """Shows segments of time: `value` of its input has their begins, ends and labels."""

    frame = in_port("Input", Segmentation)
