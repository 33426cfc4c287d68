"""Partitioned convolution of spectra with impulse responses, as CLAM does it, and what changes the response without a click."""

from __future__ import annotations

import numpy as np
from numpy import float32, float64, int64

from ...data.impulse_responses import ImpulseResponse
from ...data.spectra import ComplexSpectrum
from ...declare import Array, Table, config, in_port, out_port, processing
from ._responses import add_products, partitions_in

SPATIAL = "[plugin] 3D Audio"
FADE = 512  # frames
SYNONYMS = ("convolver", "reverb", "room", "fir", "filter", "ir")


@processing(category=SPATIAL, source="CLAM LowLatencyConvolution", synonyms=("partitioned convolution", *SYNONYMS))
class LowLatencyConvolution:
    """Convolves a signal with an impulse response of any length, by their spectra.

    The signal comes as spectra of `FrameSize` frames with as many zeros behind them: from `AudioStream2Buffer` and `MyFFT`.
    `MyIFFT` and `AudioBuffer2Stream` make the result a signal again. `ConvolutionReverb` is all of this in one.
    """

    MaxFrames = config(0, minimum=0, maximum=1 << 20, doc="The most pieces of the response that are used; 0 for all.")
    FrameSize = config(512, minimum=1, maximum=1 << 16, unit="frames", doc="The frames of a piece, half the size of the transform.")
    spectrum = in_port("Input", ComplexSpectrum)
    response = in_port("ImpulseResponse", ImpulseResponse)
    output = out_port("Output", ComplexSpectrum, bins="bins")

    class State:
        history: Array[float32]
        total: Array[float32]
        place: int64

    def ports(FrameSize):
        return {"bins": FrameSize + 1}

    def initial(MaxFrames, FrameSize, response, sample_rate):
        partitions = partitions_in(response.seconds, FrameSize, sample_rate)
        width = 2 * (FrameSize + 1)
        return {"history": np.zeros(min(partitions, MaxFrames or partitions) * width, float32), "total": np.zeros(width, float32)}

    def process(state, spectrum, response, output):
        width = len(state.total)
        bins, capacity = width // 2, len(state.history) // width
        real, imaginary = spectrum.real, spectrum.imaginary
        state.place = (state.place + 1) % capacity
        row = state.history[state.place * width : (state.place + 1) * width]
        given = min(len(real), bins)
        for k in range(given):
            row[k], row[bins + k] = real[k], imaginary[k]
        for k in range(given, bins):
            row[k], row[bins + k] = float32(0.0), float32(0.0)
        total = state.total
        for k in range(width):
            total[k] = float32(0.0)
        spectra, first = response.spectra.values, int(response.first)
        if int(response.bins) == bins and first >= 0:
            there = min(int(response.partitions), (len(spectra) - first) // width)
            add_products(total, state.history, state.place, spectra, first, 0, min(there, capacity), bins)
        out_real, out_imaginary = output.real, output.imaginary
        for k in range(bins):
            out_real[k], out_imaginary[k] = total[k], total[bins + k]
        output.top = spectrum.top


@processing(category=SPATIAL, source="CLAM DebugImpulseResponse", synonyms=("view", *SYNONYMS))
class DebugImpulseResponse:
    """The spectrum of the first piece of an impulse response."""

    response = in_port("ImpulseResponse", ImpulseResponse)
    output = out_port("Output", ComplexSpectrum, bins="response.bins")

    def process(response, output, sample_rate):
        spectra, first, bins = response.spectra.values, int(response.first), len(output.real)
        usable = first >= 0 and int(response.bins) == bins and response.partitions >= 1.0 and first + 2 * bins <= len(spectra)
        for k in range(bins):
            output.real[k] = spectra[first + k] if usable else float32(0.0)
            output.imaginary[k] = spectra[first + bins + k] if usable else float32(0.0)
        output.top = sample_rate / 2.0


def pass_on(response, out):
    """Have a frame hold the response that another one holds."""
    out.spectra, out.first, out.partitions, out.bins = response.spectra, response.first, response.partitions, response.bins


def remember(response, held, k):
    """Write the numbers of a response into row `k`."""
    held[3 * k], held[3 * k + 1], held[3 * k + 2] = response.first, response.partitions, response.bins


def put_out(spectra, held, k, out):
    """Have a frame hold a response whose numbers are in row `k`."""
    out.spectra, out.first, out.partitions, out.bins = spectra, held[3 * k], held[3 * k + 1], held[3 * k + 2]


class _Delay:
    response = in_port("Input IR", ImpulseResponse)
    current = out_port("Current IR", ImpulseResponse, seconds="response.seconds", bins="response.bins")
    previous = out_port("Previous IR", ImpulseResponse, seconds="response.seconds", bins="response.bins")

    class State:
        one: Table
        two: Table
        held: Array[float64]
        second: bool
        began: bool

    def initial():
        return {"held": np.zeros(6)}


@processing(category=SPATIAL, source="CLAM IRDelayCascade", synonyms=("crossfade", "change", *SYNONYMS))
class IRDelayCascade(_Delay):
    """Puts out an impulse response, and the one of the frame before."""

    def process(state, response, current, previous):
        if not state.began:
            state.one, state.began = response.spectra, True
            remember(response, state.held, 0)
        put_out(state.one, state.held, 0, previous)
        pass_on(response, current)
        state.one = response.spectra
        remember(response, state.held, 0)


@processing(category=SPATIAL, source="CLAM IRSwappingDelay", synonyms=("crossfade", "change", *SYNONYMS))
class IRSwappingDelay(_Delay):
    """Puts out an impulse response at two ports, for `XFadeAndSwitch` to fade from one response to the next.

    A new response comes out at one port at once. The other port keeps the one before for two frames: in the first the convolution at
    the new one goes over to it, in the second it is faded in. The ports take turns. What changes meanwhile is seen after that.
    """

    class State(_Delay.State):
        since: int64

    def process(state, response, current, previous):
        newest, k = (state.two, 1) if state.second else (state.one, 0)
        changed = state.began and (newest != response.spectra or state.held[3 * k] != response.first)
        state.since += 1
        if not state.began or (state.since >= 2 and not changed):
            state.one, state.two = response.spectra, response.spectra
            remember(response, state.held, 0)
            remember(response, state.held, 1)
        elif state.since >= 2:
            state.second = not state.second
            remember(response, state.held, 1 - k)
            if state.second:
                state.two = response.spectra
            else:
                state.one = response.spectra
        if changed and state.since >= 2:
            state.since = 0
        if not state.began:
            state.began, state.since = True, 2
        put_out(state.one, state.held, 0, current)
        put_out(state.two, state.held, 1, previous)


@processing(category="[plugin] New Spectral Processing", source="CLAM XFadeAndSwitch", synonyms=("crossfade", "change", *SYNONYMS))
class XFadeAndSwitch:
    """Plays one of two signals. When the impulse response of one becomes another than that of the other, it fades over to that one.

    It does so in the frame after: until then that signal has a part of the response before.
    """

    one = in_port("Audio1", size=FADE)
    response1 = in_port("ImpulseResponse1", ImpulseResponse)
    two = in_port("Audio2", size=FADE)
    response2 = in_port("ImpulseResponse2", ImpulseResponse)
    output = out_port("CrossFadedBuffer", size=FADE)

    class State:
        spectra1: Table
        spectra2: Table
        first1: float
        first2: float
        wanted: bool
        second: bool
        began: bool

    def process(state, one, response1, two, response2, output):
        before = state.second
        state.second = state.wanted
        differ = response1.spectra != response2.spectra or response1.first != response2.first
        if state.began and differ and (state.spectra1 != response1.spectra or state.first1 != response1.first):
            state.wanted = False
        elif state.began and differ and (state.spectra2 != response2.spectra or state.first2 != response2.first):
            state.wanted = True
        state.spectra1, state.first1, state.spectra2, state.first2 = response1.spectra, response1.first, response2.spectra, response2.first
        state.began = True
        for k in range(len(output)):
            share = (k + 1) / len(output) if before != state.second else 1.0
            if state.second:
                output[k] = one[k] + (two[k] - one[k]) * share
            else:
                output[k] = two[k] + (one[k] - two[k]) * share
