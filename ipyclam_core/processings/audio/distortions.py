"""Clipping, overdrive and distortion (wave shaping)."""

from __future__ import annotations

import math

from numpy import float32

from ...declare import config, in_control, in_port, out_port, processing
from .dynamics import within_reach

PARAMETERS = {"Factor": ("factor", "compression"), "Atan": ("steepness",), "Polynomial": ("linear", "square")}


@processing(category="Plugins", source="CLAM Clipping", synonyms=("limiter", "distortion"))
class Clipping:
    """Hard clipper: limits a signal to plus and minus a value. A negative value has the same effect as the positive one."""

    audio = in_port("Input")
    output = out_port("Output")
    limit = in_control("Clipping Value", 1.0, 0.0, 1.0)

    def step(audio, limit):
        top = abs(float32(limit))
        lower = audio if audio < top else top
        return lower if lower > -top else -top


@processing(category="[plugin] Guitar Effects", source="CLAM GuitarDistortion", synonyms=("fuzz", "waveshaper"))
class GuitarDistortion:
    """Overdrive and distortion for guitar, with three wave shapers.

    ``Atan`` shapes with an arc tangent of steepness `Param_0`. ``Polynomial`` outputs ``Param_0 * x + Param_1 * x * abs(x)``.
    ``Factor`` distorts by `Param_0` (0 to 1), and then compresses: the higher `Param_1` (0 to 10), the quieter the output.
    0 turns this compression off.
    """

    DistortionType = config("Atan", choices=tuple(PARAMETERS))
    audio = in_port("Input Audio")
    output = out_port("Audio Output")
    factor = in_control("Factor Param_0", 0.0, 0.0, 1.0, count="factor", doc="Param_0 of Factor: amount of distortion")
    compression = in_control("Factor Param_1", 9.0, 0.0, 10.0, count="compression", doc="Param_1 of Factor: amount of compression")
    steepness = in_control("Atan Param_0", 0.5, 0.0, 100.0, count="steepness", doc="Param_0 of Atan: steepness")
    linear = in_control("Polynomial Param_0", 1.0, 0.0, 100.0, count="linear", doc="Param_0 of Polynomial: linear coefficient")
    square = in_control("Polynomial Param_1", 0.0, 0.0, 100.0, count="square", doc="Param_1 of Polynomial: quadratic coefficient")

    class State:
        gain: float32

    def ports(DistortionType):
        given = PARAMETERS[DistortionType]
        return {name: (f"Param_{given.index(name)}",) if name in given else () for names in PARAMETERS.values() for name in names}

    def initial():
        return {"gain": 1.0}

    def process(state, audio, output, factor, compression, steepness, linear, square, DistortionType, frames):
        if DistortionType == 0:
            bend = min(max(factor[0], 0.0), 0.99)
            bend = float32(2.0 * bend / (1.0 - bend))
            if compression[0] < 0.01:
                state.gain = 1.0
            level = float32((10.0 - min(compression[0], 9.99)) / 100.0)
            for i in range(frames):
                sample = (float32(1.0) + bend) * audio[i] / (float32(1.0) + bend * abs(audio[i])) * state.gain
                output[i] = sample
                if compression[0] >= 0.01:
                    state.gain = within_reach(state.gain + float32(0.1) * (level - sample * sample))
        elif DistortionType == 1:
            amount = steepness[0] if abs(steepness[0]) > 1e-9 else 0.01
            whole = 1.0 / math.atan(amount)
            for i in range(frames):
                output[i] = float32(math.atan(audio[i] * amount) * whole)
        else:
            for i in range(frames):
                output[i] = float32(linear[0] * audio[i] + square[0] * audio[i] * abs(audio[i]))


@processing(
    category="[plugin] Guitar Effects",
    source="P. O. Nasca: ZynAddSubFX (wave shapes); CLAM ZynDistortion",
    synonyms=("overdrive", "waveshaper", "fuzz", "bitcrusher", "limiter"),
)
class ZynDistortion:
    """Distortion with the wave shapers of the synthesizer ZynAddSubFX."""

    DistortionType = config(
        "Arctangent",
        choices=(
            "Arctangent", "Asymmetric", "Pow", "Sine", "Quantisize", "Zigzag", "Limiter", "Upper Limiter", "Lower Limiter",
            "Inverse Limiter", "Clip", "Asym2", "Pow2", "Sigmoid",
        ),
    )  # fmt: skip
    audio = in_port("Input Audio")
    output = out_port("Audio Output")
    drive = in_control("Drive amount", 0.0, 0.0, 1.0)

    def process(audio, output, drive, DistortionType, frames):
        # below 0 some shapes divide by 0; from 3.5 on CLAM's numbers are infinite
        amount = min(max(drive, 0.0), 3.5)
        for i in range(frames):
            output[i] = float32(shaped(audio[i], amount, DistortionType))


def shaped(x, drive, kind):
    """Apply wave shaper number `kind` to one sample."""
    if kind == 0:
        amount = 10.0 ** (drive * drive * 3.0) - 0.999
        return math.atan(x * amount) / math.atan(amount)
    if kind == 1:
        amount = drive * drive * 32.0 + 0.0001
        return math.sin(x * (0.1 + amount - amount * x)) / (math.sin(amount) + 0.1 if amount < 1.0 else 1.1)
    if kind == 2:
        amount = drive**3 * 20.0 + 0.0001
        y = x * amount
        y = (y - y**3) * 3.0 if abs(y) < 1.0 else 0.0
        return y / amount if amount < 1.0 else y
    if kind == 3:
        amount = drive**3 * 32.0 + 0.0001
        return math.sin(x * amount) / (math.sin(amount) if amount < 1.57 else 1.0)
    if kind == 4:
        amount = drive * drive + 0.000001
        return math.floor(x / amount + 0.5) * amount
    if kind == 5:
        amount = drive**3 * 32.0 + 0.0001
        return math.asin(math.sin(x * amount)) / (math.sin(amount) if amount < 1.0 else 1.0)
    if kind == 6:
        amount = 2.0 ** (-drive * drive * 8.0)
        return x / amount if abs(x) <= amount else (1.0 if x >= 0.0 else -1.0)
    if kind == 7:
        return 2.0 * min(x, 2.0 ** (-drive * drive * 8.0))
    if kind == 8:
        return 2.0 * max(x, -(2.0 ** (-drive * drive * 8.0)))
    if kind == 9:
        amount = (2.0 ** (drive * 6.0) - 1.0) / 64.0
        return 0.0 if abs(x) <= amount else (x - amount if x >= 0.0 else x + amount)
    if kind == 10:
        y = x * (5.0 ** (drive * drive) - 0.5) * 0.9999
        return y - math.floor(0.5 + y)
    if kind == 11:
        amount = drive**3 * 30.0 + 0.001
        y = x * amount
        return y * (1.0 - y) * (y + 2.0) / (amount if amount < 0.3 else 1.0) if -2.0 < y < 1.0 else 0.0
    if kind == 12:
        amount = drive**3 * 32.0 + 0.0001
        y = x * amount
        if -1.0 < y < 1.618034:
            return y * (1.0 - y) / (amount * (1.0 + amount) / 2.0 if amount < 1.0 else 1.0)
        return -1.0 if y > 0.0 else -2.0
    amount = drive**5 * 80.0 + 0.0001
    y = min(max(x * amount, -10.0), 10.0)
    return (0.5 - 1.0 / (math.exp(y) + 1.0)) / (0.5 if amount > 10.0 else 0.5 - 1.0 / (math.exp(amount) + 1.0))
