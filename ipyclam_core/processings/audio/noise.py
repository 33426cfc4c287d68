"""Noise generators."""

from __future__ import annotations

import math

from numpy import float32, log, sqrt, uint32

from ...declare import config, in_control, out_port, processing
from ...declare.maths import cycles, sine
from .._random import scrambled


@processing(category="Generators", source="CLAM WhiteNoise", synonyms=("random",))
class WhiteNoise:
    """White noise, with uniform or Gaussian distribution. Each WhiteNoise in a network has a sequence of its own."""

    DistributionType = config("Uniform", choices=("Uniform", "Gaussian"))
    output = out_port("mOutput")
    mean = in_control("Noise Mean", 0.0, -1.0, 1.0)
    deviation = in_control("Noise Standard Deviation", 1.0, 0.0, 1.0)

    class State:
        count: uint32

    def initial(seed):
        return {"count": seed}

    def process(state, output, DistributionType, mean, deviation, frames):
        if DistributionType == 0:
            width = float32(2.0 * math.sqrt(3.0) * deviation)
            for i in range(frames):
                output[i] = cycles(scrambled(state.count)) * width + float32(mean)
                state.count += 1
        else:
            for i in range(frames):
                # Box and Muller's pair of independent numbers, of which one is taken
                part = (float(scrambled(state.count)) + 0.5) / 4294967296.0
                radius = sqrt(-2.0 * log(part)) * deviation
                output[i] = float32(radius) * sine(scrambled(state.count + 1)) + float32(mean)
                state.count += 2
