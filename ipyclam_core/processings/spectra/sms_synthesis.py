"""Spectral modelling: sound is made of sinusoids and a residual, after Serra and Smith (1990)."""

from __future__ import annotations

import numpy as np
from numpy import float32, float64

from ...data.sinusoids import Peaks
from ...data.spectra import Spectrum
from ...declare import Array, config, fourier, in_control, in_port, out_port, processing
from ...parameters import ParameterSpec
from .._limits import limited
from ._sine_phases import ALIGN, CONTINUATION, PHASES, RANDOM, align, clams_step, go_on, scatter
from ._sinusoids import SYNONYMS, add_sine, lobe, transform_of
from ._windows import WINDOWS, generator, whole
from .short_time import overlapped, rooms

NO_TIME = -0.9  # s: below, the time is that of the frames that were made
KEPT = "Kept for CLAM's files."


class _Synthesis:
    """What both syntheses share: their settings, and the phases of their sinusoids."""

    SynthSineSpectrum = config({"SpectrumSize": 513, "SamplingRate": 44100.0, "ZeroPadding": 0.0}, doc=KEPT)
    PhaseMan = config({
        "MaxSines": 100, "SamplingRate": 44100.0, "Type": ParameterSpec("Type", "Continuation", "enum", choices=PHASES),
    }, doc="Where the phases of the sinusoids come from: only Type has an effect.")  # fmt: skip
    SpectralSynth = config({
        "AnalWindowGenerator": generator("BlackmanHarris92", 1025, invert=True),
        "SynthWindowGenerator": generator("Triangular", 1025, "NoNormalization"), "CircularShift": {"Amount": 512.0},
        "IFFT": {"AudioSize": 1024}, "prZeroPadding": whole(0, 0, 8), "prSamplingRate": 44100, "Residual": False,
        "prAnalWindowSize": whole(1025, 3, 1 << 20, "frames"),
        "prAnalWindowType": ParameterSpec("prAnalWindowType", "BlackmanHarris92", "enum", choices=WINDOWS),
        "prHopSize": whole(512, 1, 1 << 20, "frames"),
    }, doc="The window and the hop of the spectra, which are those of the residual's analysis.")  # fmt: skip
    OverlapAddSin = config({"FrameSize": 512}, doc=KEPT)
    OverlapAddRes = config({"FrameSize": 512}, doc=KEPT)
    OverlapAddGlobal = config({"FrameSize": 512}, doc=KEPT)
    prSamplingRate = config(0, doc=KEPT)
    peaks = in_port("InputSinPeaks", Peaks)
    time = in_control("CurrentTime", -1.0, unit="s", doc="how long the sound has played; below 0, every frame is a hop after the last")
    pitch = in_control("CurrentPitch", unit="Hz", doc="what the phases are aligned to, with PhaseMan's type Align")

    class State:
        work: Array[float64]
        real: Array[float64]
        imaginary: Array[float64]
        residual_real: Array[float64]
        residual_imaginary: Array[float64]
        samples: Array[float64]
        last_frequency: Array[float32]
        last_phase: Array[float32]
        last_track: Array[float32]
        phase: Array[float32]
        last_count: int
        calls: int
        last_time: float
        period_begin: float
        period_end: float
        random: int

    class Prepared:
        factors: Array[float64]
        window: Array[float32]
        lobe: Array[float32]
        widening: float
        kind: float

    def ports(SpectralSynth):
        hop = SpectralSynth["prHopSize"]
        return {"written": 2 * hop, "hop": hop, "bins": transform_of(SpectralSynth) // 2 + 1}

    def initial(peaks, SpectralSynth, seed):
        size, most = transform_of(SpectralSynth), max(peaks.peaks, 1)
        return {
            **rooms(size), "random": seed,
            **{name: np.zeros(size // 2 + 1) for name in ("residual_real", "residual_imaginary")},
            **{name: np.zeros(most, float32) for name in ("last_frequency", "last_phase", "last_track", "phase")},
        }  # fmt: skip

    def prepare(SpectralSynth, PhaseMan):
        shape, nested = SpectralSynth["SynthWindowGenerator"], SpectralSynth
        return {
            "factors": fourier.table(transform_of(nested)), "lobe": lobe(), "widening": 2.0 ** nested["prZeroPadding"],
            "window": overlapped(
                nested["prAnalWindowType"], nested["prAnalWindowSize"], shape["Type"], shape["Normalize"], nested["prHopSize"]
            ),
            "kind": float(PHASES.index(PhaseMan["Type"])),
        }  # fmt: skip


@processing(category="Synthesis", source="CLAM SMSSynthesis", synonyms=SYNONYMS)
class SMSSynthesis(_Synthesis):
    """Makes sound of sinusoids and of the spectrum of a residual. The phase of each sinusoid goes on from frame to frame."""

    residual = in_port("InputResSpectrum", Spectrum)
    sines = out_port("OutputSinSpectrum", Spectrum, bins="bins")
    spectrum = out_port("OutputSpectrum", Spectrum, bins="bins")
    audio = out_port("OutputAudio", size="written", hop="hop")
    residual_audio = out_port("OutputResAudio", size="written", hop="hop")
    sine_audio = out_port("OutputSinAudio", size="written", hop="hop")

    def process(state, peaks, residual, sines, spectrum, audio, residual_audio, sine_audio, time, pitch, sample_rate):
        draw_sines(state, peaks, time, pitch, len(audio) // 2, sample_rate)
        fourier.to_complex(residual.magnitude, residual.phase, state.residual_real, state.residual_imaginary)
        sines.top = spectrum.top = sample_rate / 2.0
        fourier.to_polar(state.real, state.imaginary, sines.magnitude, sines.phase)
        fourier.inverse(state.factors, state.work, state.real, state.imaginary, state.samples)
        add_piece(state.samples, state.window, sine_audio)
        add_piece(state.samples, state.window, audio)
        fourier.inverse(state.factors, state.work, state.residual_real, state.residual_imaginary, state.samples)
        add_piece(state.samples, state.window, residual_audio)
        add_piece(state.samples, state.window, audio)
        for k in range(len(state.real)):
            state.real[k] += state.residual_real[k]
            state.imaginary[k] += state.residual_imaginary[k]
        fourier.to_polar(state.real, state.imaginary, spectrum.magnitude, spectrum.phase)


@processing(category="Synthesis", source="CLAM SinusoidalSynthesis", synonyms=SYNONYMS)
class SinusoidalSynthesis(_Synthesis):
    """Makes sound of sinusoids. The phase of each one goes on from frame to frame."""

    spectrum = out_port("OutputSpectrum", Spectrum, bins="bins")
    audio = out_port("OutputAudio", size="written", hop="hop")

    def process(state, peaks, spectrum, audio, time, pitch, sample_rate):
        draw_sines(state, peaks, time, pitch, len(audio) // 2, sample_rate)
        spectrum.top = sample_rate / 2.0
        fourier.to_polar(state.real, state.imaginary, spectrum.magnitude, spectrum.phase)
        fourier.inverse(state.factors, state.work, state.real, state.imaginary, state.samples)
        add_piece(state.samples, state.window, audio)


def draw_sines(state, peaks, time, pitch, hop, sample_rate):
    """Write the spectrum of the sinusoids, with phases that go on from those before."""
    size, count = len(state.samples), min(int(peaks.count), len(state.phase))
    choose_phases(state, peaks, count, time, pitch, hop, sample_rate)
    for k in range(len(state.real)):
        state.real[k] = state.imaginary[k] = 0.0
    for k in range(count):
        state.last_frequency[k], state.last_phase[k], state.last_track[k] = peaks.frequency[k], state.phase[k], peaks.track[k]
        place = limited(peaks.frequency[k], -1e6, 1e6) * size / sample_rate
        level = limited(peaks.magnitude[k], -1e3, 300.0)
        add_sine(state.real, state.imaginary, state.lobe, place, level, state.phase[k], state.widening, 1.0)
    state.last_count = count


def choose_phases(state, peaks, count, time, pitch, hop, sample_rate):
    """Write the phase of each sinusoid."""
    now, passed = state.calls * hop / sample_rate, clams_step(state.calls, hop, sample_rate)
    if time >= NO_TIME:
        now = limited(time, -1.0, 1e6)
        passed = float32(float32(now) - float32(state.last_time))
        state.last_time = now
    state.calls += 1
    if state.kind == CONTINUATION:
        go_on(peaks, count, passed, state.last_frequency, state.last_phase, state.last_track, state.last_count, state.phase)
    elif state.kind == ALIGN:
        state.period_begin, state.period_end = align(
            peaks, count, now, limited(pitch, 0.0, sample_rate), state.period_begin, state.period_end, state.phase
        )
    elif state.kind == RANDOM:
        scatter(peaks, count, state.random, state.last_phase, state.last_track, state.last_count, state.phase)
    else:
        for k in range(count):
            state.phase[k] = peaks.phase[k]


def add_piece(samples, window, audio):
    """Add what a transform gave, whose time 0 is in the middle of the piece."""
    size, hop = len(samples), len(audio) // 2
    for k in range(2 * hop):
        audio[k] += float32(samples[(size + k - hop) % size]) * window[k]
