"""Reverberation."""

from __future__ import annotations

import math

import numpy as np
from numpy import float32, float64, int64

from ...declare import Array, config, in_control, in_port, out_port, processing
from .._limits import limited
from .delays import delayed

LINES = 16
DIFFUSERS = 4
SOUND = 343.0  # m/s
LONGEST = 500.0  # ms of pre-delay


def primes(wanted):
    """Different prime numbers, each as near as possible above a wanted number: delays of which no two have a common period."""
    found = []
    for number in wanted:
        prime = max(2, round(number))
        while prime in found or any(prime % k == 0 for k in range(2, math.isqrt(prime) + 1)):
            prime += 1
        found.append(prime)
    return found


def line_lengths(size, lines, sample_rate):
    """The lengths of the lines in frames. Their mean is the time that sound takes for `size`."""
    ratios = 2.6 ** (np.arange(lines) / (lines - 1.0))
    return primes(ratios / ratios.mean() * (size / SOUND * sample_rate))


def diffuser_lengths(size, channel, sample_rate):
    """The lengths of the all-pass filters of a channel in frames: short against the lines."""
    return primes(np.array((0.07, 0.11, 0.19, 0.29)) * (1.0 + 0.06 * channel) * (size / SOUND * sample_rate))


@processing(
    category="ipyclam",
    source="J.-M. Jot, A. Chaigne: Digital delay networks for designing artificial reverberators (1991)",
    synonyms=("reverberation", "room", "hall", "space", "fdn", "plate", "echo", "ambience"),
)
class Reverb:
    """Stereo reverb: a feedback delay network of 8 or 16 delay lines, with damping and pre-delay.

    The wet signal is never louder than the input: the shorter `Decay`, the quieter. Changes are ramped over a block.

    Notes
    -----
    With 16 lines it takes about five times as long as scsynth's FreeVerb2, because each line feeds all others in every frame. 8 lines
    take half the time.
    """

    NumberOfInputs = config(1, minimum=1, maximum=2, doc="1 for mono, 2 for stereo")
    Lines = config("16", choices=("8", "16"), doc="the number of delay lines: 16 sounds denser, 8 takes half the time")
    Size = config(
        12.0, minimum=1.0, maximum=60.0, unit="m",
        doc="mean distance between two reflections: about 2 m in a small room, 15 m in a hall. A change clears the reverb",
    )  # fmt: skip
    InitialDecay = config(2.0, minimum=0.0, unit="s")
    InitialDamping = config(6000.0, minimum=0.0, unit="Hz")
    InitialPreDelay = config(0.0, minimum=0.0, maximum=LONGEST, unit="ms")
    InitialMix = config(0.3, minimum=0.0, maximum=1.0)
    inputs = in_port("Audio Input", count="NumberOfInputs")
    left = out_port("Left")
    right = out_port("Right")
    decay = in_control("Decay", 2.0, 0.0, 30.0, from_config="InitialDecay", unit="s", doc="RT60: the time in which it decays by 60 dB")
    damping = in_control(
        "Damping", 6000.0, 200.0, 20000.0, from_config="InitialDamping", unit="Hz", doc="the frequency that decays in half the time"
    )
    predelay = in_control("Pre-Delay", 0.0, 0.0, LONGEST, from_config="InitialPreDelay", unit="ms", doc="time before the reverb begins")
    mix = in_control("Mix", 0.3, 0.0, 1.0, from_config="InitialMix", smooth=True, doc="0 is dry, 1 is wet")

    class State:
        line: Array[float32]  # these four are those of the pre-delay, for `delayed`
        place: int64
        distance: int64
        running: bool
        diffusers: Array[float32]
        spots: Array[int64]
        lines: Array[float32]
        at: int64
        lows: Array[float64]
        mixed: Array[float64]
        gains: Array[float64]
        poles: Array[float64]
        rises: Array[float64]
        level: float

    class Prepared:
        lengths: Array[int64]
        diffusions: Array[int64]
        mean: float

    def initial(Size, NumberOfInputs, sample_rate):
        longest = max(*line_lengths(Size, 8, sample_rate), *line_lengths(Size, LINES, sample_rate))
        short = max(diffuser_lengths(Size, 1, sample_rate))
        return {
            "line": np.zeros(2 * (round(LONGEST * 0.001 * sample_rate) + 1), float32),
            "diffusers": np.zeros(2 * DIFFUSERS * (short + 1), float32),
            "spots": np.zeros(2 * DIFFUSERS, np.int64),
            "lines": np.zeros(LINES * (longest + 1), float32),
            **{name: np.zeros(LINES) for name in ("lows", "mixed", "gains", "poles")},
            "rises": np.zeros(2 * LINES),
        }

    def prepare(Size, Lines, sample_rate):
        lengths = line_lengths(Size, int(Lines), sample_rate)
        diffusions = [*diffuser_lengths(Size, 0, sample_rate), *diffuser_lengths(Size, 1, sample_rate)]
        return {"lengths": np.array(lengths), "diffusions": np.array(diffusions), "mean": float(np.mean(lengths))}

    def process(state, inputs, left, right, decay, damping, predelay, mix, sample_rate, frames):
        started = state.running
        start = mix[0] if started else mix[1]
        channels = len(inputs)
        late = limited(predelay, 0.0, LONGEST) * 0.001 * sample_rate
        if channels == 1:
            delayed(state, 1, 0, inputs[0], left, late, frames)
        else:
            delayed(state, 2, 0, inputs[0], left, late, frames)
            delayed(state, 2, 1, inputs[1], right, late, frames)
        seconds = limited(decay, 0.0, 3600.0)
        per_frame = 3.0 / (seconds * sample_rate) if seconds > 1e-4 else 1e9  # how many powers of ten a signal decays
        level = math.sqrt(1.0 - 10.0 ** max(-2.0 * per_frame * state.mean, -300.0))
        state.level = state.level if started else level
        level_rise = (level - state.level) / frames
        tune(state, per_frame, math.cos(2.0 * math.pi * limited(damping / sample_rate, 1e-4, 0.5)), started, frames)
        diffusion = min(0.6, 10.0 ** max(-per_frame * state.diffusions[DIFFUSERS - 1], -300.0))
        for i in range(frames):
            state.level += level_rise
            first = diffused(state, 0, limited(left[i], -1e6, 1e6), diffusion)
            second = diffused(state, 1, limited(right[i], -1e6, 1e6), diffusion) if channels == 2 else first
            wet_left, wet_right = reverberated(state, first, second)
            share = start + (mix[1] - start) * ((i + 1.0) / frames)
            left[i] = float32(inputs[0][i] * (1.0 - share) + wet_left * (share * state.level))
            right[i] = float32(inputs[channels - 1][i] * (1.0 - share) + wet_right * (share * state.level))
        state.level = level


def tune(state, per_frame, tilt, started, frames):
    """Ramp the gain of each line, and the pole of its low-pass filter, to where they give the decay times wanted."""
    for k in range(len(state.lengths)):
        lost = per_frame * state.lengths[k]
        gain = 10.0 ** max(-lost, -300.0)
        # at the damping frequency the filter attenuates once more as much; more than 12 dB would make it ring itself
        power = 10.0 ** max(-2.0 * lost, -1.2)
        bend = (1.0 - power * tilt) / (1.0 - power)
        pole = 1.0 / (bend + math.sqrt(max(bend * bend - 1.0, 0.0)))
        gain *= 1.0 - pole
        if not started:
            state.gains[k], state.poles[k] = gain, pole
        state.rises[k] = (gain - state.gains[k]) / frames
        state.rises[LINES + k] = (pole - state.poles[k]) / frames


def diffused(state, channel, sample, coefficient):
    """Pass a sample through the all-pass filters of a channel, which make one echo many."""
    stride = len(state.diffusers) // (2 * DIFFUSERS)
    for k in range(channel * DIFFUSERS, (channel + 1) * DIFFUSERS):
        spot = state.spots[k] if state.spots[k] < min(state.diffusions[k], stride) else 0
        state.spots[k] = spot + 1
        place = k * stride + spot
        old = state.diffusers[place]
        into = sample - coefficient * old
        state.diffusers[place] = float32(into)
        sample = old + coefficient * into
    return sample


def reverberated(state, first, second):
    """One frame of the network: the sums of the lines' outputs for the left and the right, which then are mixed and fed back."""
    lines, mixed, lows, lengths = state.lines, state.mixed, state.lows, state.lengths
    gains, poles, rises = state.gains, state.poles, state.rises
    count = len(lengths)
    stride = len(lines) // LINES
    at = state.at if state.at < stride else 0
    left, right = 0.0, 0.0
    for k in range(count):
        back = at - min(lengths[k], stride - 1)
        gains[k] += rises[k]
        poles[k] += rises[LINES + k]
        sample = gains[k] * lines[k * stride + (back if back >= 0 else back + stride)] + poles[k] * lows[k]
        lows[k] = sample
        mixed[k] = sample
        left += sample if k & 2 else -sample
        right += sample if (k + 1) & 2 else -sample
    if count == LINES:
        hadamard(mixed, LINES)
    else:
        hadamard(mixed, LINES // 2)
    scale = 1.0 / math.sqrt(count)
    for k in range(count):
        lines[k * stride + at] = float32(scale * (mixed[k] + (first if k & 1 else second)))
    state.at = at + 1 if at + 1 < stride else 0
    return left, right


def hadamard(values, count):
    """Multiply by a Hadamard matrix in place: orthogonal, but for a factor."""
    half = 1
    while half < count:
        for begin in range(0, count, 2 * half):
            for k in range(begin, begin + half):
                one, other = values[k], values[k + half]
                values[k], values[k + half] = one + other, one - other
        half *= 2
