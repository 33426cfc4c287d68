"""Band-limited oscillators that read tables: below half the sample rate they have the harmonics of the ideal wave, and no others.

When the pitch moves, the harmonics nearest to half the sample rate come and go with a crossfade.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy import float32, uint32

from ...declare import Array, Seldom, config, in_control, out_port, processing
from .._limits import limited
from ._tables import MOST, choose, faded, tables

LONGEST = 65536  # points of a Table
LONG = 16  # of the tables that are made of it, as a power of 2: for waves whose high harmonics are as loud as the low ones
LOUDEST = 1e6

_NUMBERS = np.arange(1, MOST + 1)
# triangle: a cosine series that begins at -1; falling saw: from 1 at the start to -1 at the end
TRIANGLE, TRIANGLE_PLACES, TRIANGLE_BITS = tables(-8.0 / (np.pi * _NUMBERS) ** 2 * (_NUMBERS % 2) + 0j, faint=3e-7)
FALLING, FALLING_PLACES, FALLING_BITS = tables(-2.0j / (np.pi * _NUMBERS), longest=15)


@processing(
    category="ipyclam",
    source="tables of the Fourier series, three for each octave, read by linear interpolation",
    synonyms=("vco", "tone", "tri"),
)
class Triangle:
    """Triangle oscillator from -1 to 1, band-limited: aliasing is below -120 dB.

    It begins at -1. Below 24 Hz (at 48 kHz) it has 1024 harmonics. Above half the sample rate it is silent. While the pitch moves,
    the harmonics nearest to half the sample rate are faded in and out in 10 ms.

    Notes
    -----
    It is two to three times as fast as scsynth's Osc. Both read two points of a table for each frame, which takes most of the time;
    but that table is the same at every pitch, and aliases.
    """

    Frequency = config(440.0, unit="Hz")
    Amplitude = config(1.0)
    audio = out_port("Audio Output")
    pitch = in_control("Pitch", from_config="Frequency", unit="Hz")
    amplitude = in_control("Amplitude", from_config="Amplitude", smooth=True)

    class State:
        phase: uint32
        turn: uint32
        place: uint32
        bits: uint32
        old_place: uint32
        old_bits: uint32
        share: float32
        rise: float32
        part: float
        number: int
        wanted: int
        running: bool
        fading: Seldom

    def block(state, pitch, sample_rate):
        choose(state, TRIANGLE_PLACES, TRIANGLE_BITS, pitch, sample_rate)

    def step(state, amplitude):
        if state.fading:
            state.share += state.rise
        sample = faded(state, TRIANGLE, state.phase) * float32(amplitude)
        state.phase += state.turn
        return sample


@processing(
    category="ipyclam",
    source="the difference of two saws, from tables of the Fourier series, three for each octave",
    synonyms=("vco", "tone", "pwm", "square", "square wave", "rectangle", "pulse width modulation", "duty cycle"),
)
class Pulse:
    """Pulse wave oscillator, band-limited: aliasing is below -100 dB.

    It is 1 for a part `Width` of each cycle, then -1: 0.5 is a square wave. `Width` can be modulated. The mean is 2 `Width` - 1.
    Below 24 Hz (at 48 kHz) it has 1024 harmonics. Above half the sample rate only the mean is left. While the pitch moves, the
    harmonics nearest to half the sample rate are faded in and out in 10 ms.
    """

    Frequency = config(440.0, unit="Hz")
    Amplitude = config(1.0)
    Width = config(0.5, minimum=0.0, maximum=1.0, doc="pulse width (duty cycle), as a part of the cycle")
    audio = out_port("Audio Output")
    pitch = in_control("Pitch", from_config="Frequency", unit="Hz")
    amplitude = in_control("Amplitude", from_config="Amplitude", smooth=True)
    width = in_control("Width", 0.5, 0.0, 1.0, from_config="Width", smooth=True)

    class State:
        phase: uint32
        turn: uint32
        place: uint32
        bits: uint32
        old_place: uint32
        old_bits: uint32
        share: float32
        rise: float32
        part: float
        number: int
        wanted: int
        running: bool
        fading: Seldom

    def block(state, pitch, sample_rate):
        choose(state, FALLING_PLACES, FALLING_BITS, pitch, sample_rate)

    def step(state, amplitude, width):
        if state.fading:
            state.share += state.rise
        part = limited(width, 0.0, 1.0)
        fall = uint32((state.phase - int(part * 4294967296.0)) & 0xFFFFFFFF)
        up = faded(state, FALLING, state.phase)
        down = faded(state, FALLING, fall)
        state.phase += state.turn
        return (up - down + float32(2.0 * part - 1.0)) * float32(amplitude)


@processing(
    category="ipyclam",
    source="tables of the wave's harmonics, three for each octave, read by linear interpolation",
    synonyms=("vco", "tone", "wavetable", "waveform", "single cycle", "additive", "organ", "drawbars"),
)
class TableOscillator:
    """Wavetable oscillator: repeats one cycle of any wave, band-limited.

    `Table` has the values of the cycle, evenly spaced, as many as you like. `Harmonics` has the amplitudes of sines at 1, 2, 3 ...
    times the frequency. If both are given they are added. If both are empty, it is a sine. The 1024 lowest harmonics are heard.
    Aliasing is below -95 dB for waves whose harmonics fall like those of a saw or faster, and below -80 dB for those of any wave
    up to the 256th. Above half the sample rate only the mean is left. While the pitch moves, the harmonics nearest to half the
    sample rate are faded in and out in 10 ms.

    Notes
    -----
    It is about twice as fast as scsynth's Osc. Both read two points of a table for each frame, which takes most of the time; but
    that table is the same at every pitch, and aliases.
    """

    Table = config((), type="floats", doc="values of one cycle")
    Harmonics = config((), type="floats", doc="amplitudes of the harmonics, from the first on")
    Frequency = config(440.0, unit="Hz")
    Amplitude = config(1.0)
    audio = out_port("Audio Output")
    pitch = in_control("Pitch", from_config="Frequency", unit="Hz")
    amplitude = in_control("Amplitude", from_config="Amplitude", smooth=True)

    class State:
        phase: uint32
        turn: uint32
        place: uint32
        bits: uint32
        old_place: uint32
        old_bits: uint32
        share: float32
        rise: float32
        part: float
        number: int
        wanted: int
        running: bool
        fading: Seldom

    class Prepared:
        samples: Array[float32]
        places: Array[uint32]
        sizes: Array[uint32]

    def problem(Table, Harmonics):
        if len(Table) > LONGEST:
            return f"Table has {len(Table):,} values: one cycle has at most {LONGEST:,}. To play a longer sound, use Sampler"
        if len(Harmonics) > MOST:
            return f"Harmonics has {len(Harmonics):,} amplitudes: there are at most {MOST:,}"
        for title, values in (("Table", Table), ("Harmonics", Harmonics)):
            if values and max(map(abs, values)) > LOUDEST:
                return f"{title} has a value of {max(values, key=abs):g}: values are between -{LOUDEST:,.0f} and {LOUDEST:,.0f}"
        return ""

    def prepare(Table, Harmonics):
        samples, places, sizes = tables_of(Table[:LONGEST], Harmonics[:MOST])
        return {"samples": samples, "places": places, "sizes": sizes}

    def block(state, pitch, sample_rate):
        choose(state, state.places, state.sizes, pitch, sample_rate)

    def step(state, amplitude):
        if state.fading:
            state.share += state.rise
        sample = faded(state, state.samples, state.phase) * float32(amplitude)
        state.phase += state.turn
        return sample


@lru_cache(8)
def tables_of(table, harmonics):
    """The tables of a wave, which oscillators of the same wave share."""
    made = tables(*spectrum_of(table, harmonics), longest=LONG, faint=1e-5)
    for each in made:
        each.flags.writeable = False
    return made


def spectrum_of(table, harmonics):
    """The complex amplitudes of the harmonics of a wave, and its mean."""
    if not table and not harmonics:
        harmonics = (1.0,)
    bins = np.fft.rfft(table) / len(table) if table else np.zeros(1)
    drawn = 2.0 * bins[1 : MOST + 1]
    if len(table) % 2 == 0 and len(drawn) == len(table) // 2:
        drawn[-1:] *= 0.5  # the harmonic of two points a cycle has no other half
    spectrum = np.zeros(max(len(drawn), len(harmonics)), complex)
    spectrum[: len(drawn)] += drawn
    spectrum[: len(harmonics)] += -1j * np.asarray(harmonics, float)
    return spectrum, float(bins[0].real)
