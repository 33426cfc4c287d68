"""Short-time spectra: of windows of a signal that overlap, and back."""

from __future__ import annotations

import numpy as np
from numpy import float32, float64

from ...data.buffers import AudioBuffer
from ...data.spectra import Spectrum
from ...declare import Array, config, fourier, in_port, out_port, processing
from ._windows import WINDOWS, generator, power_of_two, window


def rooms(size):
    """What a transform of a size needs of memory."""
    bins = size // 2 + 1
    return {"work": fourier.workspace(size), "real": np.zeros(bins), "imaginary": np.zeros(bins), "samples": np.zeros(size)}


def overlapped(shape, size, overlap, normal, hop):
    """What undoes a window of an analysis, and shapes pieces of two hops so that they overlap."""
    beyond = max(hop - size // 2, 0) + 1  # frames of a piece that no window reaches
    half = size // 2 + beyond
    inverse = np.pad(window(shape, size, invert=True), beyond)[half - hop : half + hop + 1]
    shaped = window(overlap, 2 * hop + 1, normal)
    shaped[-2:] = 0.0  # as in CLAM, which takes a sample too few
    return (inverse * shaped)[:-1]


class _Rooms:
    work: Array[float64]
    real: Array[float64]
    imaginary: Array[float64]
    samples: Array[float64]


@processing(category="Analysis", source="CLAM SpectralAnalysis", synonyms=("stft", "fft", "spectrum", "window", "phase vocoder"))
class SpectralAnalysis:
    """The spectrum of a window of the signal, every hop; phases are those at the middle of the window.

    A sine of amplitude 1 gives a magnitude of 1: the window is normalised by its sum.
    """

    WindowGenerator = config(generator("BlackmanHarris92", 1025))
    CircularShift = config({"Amount": -512.0})
    FFT = config({"AudioSize": 1024})
    prHopSize = config(512, minimum=1, unit="frames", doc="Frames from one window to the next.")
    prZeroPadding = config(0, minimum=0, maximum=8, doc="How often the size of the transform is doubled.")
    prSamplingRate = config(44100, minimum=1, unit="Hz")
    prFFTSize = config(1024, minimum=0, unit="frames")
    prWindowSize = config(1025, minimum=3, maximum=1 << 20, unit="frames", doc="Frames of a window, an odd number.")
    prWindowType = config("BlackmanHarris92", choices=WINDOWS)
    audio = in_port("Input", size="prWindowSize", hop="prHopSize")
    spectrum = out_port("Output", Spectrum, bins="bins")

    State = _Rooms

    class Prepared:
        factors: Array[float64]
        window: Array[float32]

    def ports(prWindowSize, prZeroPadding):
        return {"bins": power_of_two((prWindowSize - 1) << prZeroPadding) // 2 + 1}

    def initial(prWindowSize, prZeroPadding):
        return rooms(power_of_two((prWindowSize - 1) << prZeroPadding))

    def prepare(prWindowSize, prZeroPadding, prWindowType):
        size = power_of_two((prWindowSize - 1) << prZeroPadding)
        return {"factors": fourier.table(size), "window": window(prWindowType, prWindowSize)[:-1]}

    def process(state, audio, spectrum, sample_rate):
        half, size = len(state.window) // 2, len(state.samples)
        for k in range(size):
            state.samples[k] = 0.0
        for k in range(len(state.window)):
            state.samples[k - half if k >= half else size + k - half] = float32(audio[k] * state.window[k])
        fourier.forward(state.factors, state.work, state.samples, state.real, state.imaginary)
        fourier.to_polar(state.real, state.imaginary, spectrum.magnitude, spectrum.phase)
        spectrum.top = sample_rate / 2.0


@processing(category="Analysis", source="CLAM AudioWindowing", synonyms=("window", "stft", "zero padding", "circular shift"))
class AudioWindowing:
    """A window of the signal, every hop, as a buffer that is ready for a Fourier transform.

    The window is normalised by its sum, and zeros fill the buffer up to `FFTSize`.
    """

    HopSize = config(512, minimum=1, maximum=1 << 20, unit="frames", doc="Frames from one window to the next.")
    SamplingRate = config(44100, minimum=1, unit="Hz", doc="Kept for CLAM's files.")
    FFTSize = config(1024, minimum=2, maximum=1 << 20, unit="frames", doc="Frames of the buffer, a power of two.")
    WindowSize = config(1025, minimum=3, maximum=(1 << 20) + 1, unit="frames", doc="Frames of the window, an odd number up to FFTSize + 1.")
    WindowType = config("BlackmanHarris92", choices=WINDOWS)
    DoHalfWindowShift = config(True, doc="Put the middle of the window at the beginning of the buffer, so that phases are those there.")
    audio = in_port("Input", size="read", hop="HopSize")
    buffer = out_port("Output", AudioBuffer, size="FFTSize")

    class Prepared:
        window: Array[float32]

    def problem(FFTSize, WindowSize):
        if FFTSize & (FFTSize - 1):
            near = 1 << FFTSize.bit_length()
            return f"FFTSize is {FFTSize}, which is not a power of two. Set {near // 2} or {near}"
        if WindowSize % 2 == 0:
            return f"WindowSize is {WindowSize}, which is even. Set {WindowSize - 1} or {WindowSize + 1}"
        if WindowSize > FFTSize + 1:
            return f"the window ({WindowSize} frames) does not fit into the buffer. Set FFTSize to {power_of_two(WindowSize - 1)}"
        return ""

    def ports(WindowSize):
        return {"read": max(WindowSize - 1, 1)}

    def prepare(WindowSize, WindowType):
        return {"window": window(WindowType, WindowSize)[:-1]}

    def process(state, audio, buffer, DoHalfWindowShift):
        size = len(buffer.samples)
        first = size - len(state.window) // 2 if DoHalfWindowShift else 0
        for k in range(min(len(state.window), size)):
            buffer.samples[(first + k) % size] = audio[k] * state.window[k]


@processing(category="Synthesis", source="CLAM SpectralSynthesis", synonyms=("istft", "ifft", "resynthesis", "phase vocoder"))
class SpectralSynthesis:
    """The samples of each spectrum, shaped by a triangular window of two hops; `OverlapAdd` puts them together.

    The samples are divided by the window of the analysis. If an effect changes phases, set a Hamming window in both:
    others are nearly zero at their ends, and the sound becomes far too loud.
    """

    AnalWindowGenerator = config(generator("BlackmanHarris92", 1025, invert=True))
    SynthWindowGenerator = config(generator("Triangular", 1025, "NoNormalization"))
    CircularShift = config({"Amount": 512.0})
    IFFT = config({"AudioSize": 1024})
    prZeroPadding = config(0, minimum=0, maximum=8, doc="That of the analysis.")
    prSamplingRate = config(44100, minimum=1, unit="Hz")
    Residual = config(False)
    prAnalWindowSize = config(1025, minimum=3, maximum=1 << 20, unit="frames", doc="Frames of the window of the analysis, an odd number.")
    prAnalWindowType = config("BlackmanHarris92", choices=WINDOWS, doc="That of the analysis. Hamming if an effect changes phases.")
    prHopSize = config(512, minimum=1, unit="frames", doc="The hop of the analysis.")
    spectrum = in_port("Input", Spectrum)
    audio = out_port("Output", size="written", before="left_out")

    State = _Rooms

    class Prepared:
        factors: Array[float64]
        window: Array[float32]

    def ports(prAnalWindowSize, prHopSize):
        return {"written": 2 * prHopSize, "left_out": max(prAnalWindowSize // 2 - prHopSize, 0)}

    def initial(prAnalWindowSize, prZeroPadding):
        return rooms(power_of_two((prAnalWindowSize - 1) << prZeroPadding))

    def prepare(prAnalWindowSize, prZeroPadding, prAnalWindowType, prHopSize, SynthWindowGenerator):
        size = power_of_two((prAnalWindowSize - 1) << prZeroPadding)
        shape = SynthWindowGenerator
        return {
            "factors": fourier.table(size),
            "window": overlapped(prAnalWindowType, prAnalWindowSize, shape["Type"], shape["Normalize"], prHopSize),
        }

    def process(state, spectrum, audio):
        fourier.to_complex(spectrum.magnitude, spectrum.phase, state.real, state.imaginary)
        fourier.inverse(state.factors, state.work, state.real, state.imaginary, state.samples)
        size = len(state.samples)
        hop = len(audio) // 2
        for k in range(len(audio)):
            audio[k] = float32(state.samples[(size + k - hop) % size]) * state.window[k]


@processing(category="Synthesis", source="CLAM OverlapAdd", synonyms=("ola", "resynthesis"))
class OverlapAdd:
    """The first half of each piece, added to the second half of the piece before."""

    FrameSize = config(512, minimum=1, unit="frames", doc="Half of a piece.")
    audio = in_port("Audio Input", size="both")
    output = out_port("Audio Output", size="FrameSize")

    class State:
        rest: Array[float32]

    def ports(FrameSize):
        return {"both": 2 * FrameSize}

    def initial(FrameSize):
        return {"rest": np.zeros(FrameSize, float32)}

    def process(state, audio, output):
        for k in range(len(output)):
            output[k] = state.rest[k] + audio[k]
            state.rest[k] = audio[k + len(output)]
