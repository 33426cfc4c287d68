"""Measurements of a signal that are sent as controls."""

from __future__ import annotations

import math

from ...declare import in_port, out_control, processing

PIECE = 512


@processing(category="Plugins", source="CLAM StatisticalProperties", synonyms=("average", "variance", "peak", "analysis"))
class StatisticalProperties:
    """Sends the mean, the standard deviation, the smallest and the largest sample of every 512 frames."""

    audio = in_port("Input", size=PIECE)
    mean = out_control("Mean")
    deviation = out_control("Standard deviation (std)")
    least = out_control("Min")
    most = out_control("Max")

    def process(audio, mean, deviation, least, most):
        total = 0.0
        low = high = float(audio[0])
        for i in range(len(audio)):
            value = float(audio[i])
            total += value
            low, high = min(low, value), max(high, value)
        middle = total / len(audio)
        squares = 0.0
        for i in range(len(audio)):
            squares += (float(audio[i]) - middle) ** 2
        mean.send(middle)
        deviation.send(math.sqrt(squares / len(audio)))
        least.send(low)
        most.send(high)
