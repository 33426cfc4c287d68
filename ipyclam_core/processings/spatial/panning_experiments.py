"""Variants of `Vbap3D` that CLAM has for experiments."""

from __future__ import annotations

import numpy as np
from numpy import float64, int64

from ...declare import Array, config, in_control, in_port, out_port, processing
from .._limits import limited
from ..audio.mixing import add_scaled
from .loudspeakers import FIFTEEN_NAMES, Vbap3D, aim, corner_gain, pan, triangle_around, triangulated

FOURTEEN = (*FIFTEEN_NAMES[:12], FIFTEEN_NAMES[13], FIFTEEN_NAMES[12])
"""The names of CLAM's loudspeakers but for that at the top, as this type has them."""


@processing(
    category="[plugin] 3D Audio",
    source="V. Pulkki: Virtual sound source positioning (1997); CLAM Vbap3DExperimental",
    synonyms=("spatial", "surround"),
)
class Vbap3DExperimental(Vbap3D):
    """`Vbap3D` with another sum of the gains: with the exponent 2 their squares have the sum 1, with 1 the gains themselves."""

    NormalizationExponent = config(1.0)
    azimuth = in_control("azimuth", 0.0, 0.0, 360.0, unit="deg")
    elevation = in_control("elevation", 0.0, -90.0, 90.0, unit="deg")
    exponent = in_control("normalization_exponent", 1.0, from_config="NormalizationExponent")

    def process(state, audio, outputs, azimuth, elevation, exponent):
        pan(state, audio, outputs, azimuth, elevation, limited(exponent, 0.1, 100.0))


@processing(category="[plugin] 3D Audio", source="CLAM Vbap3D_OneSpeaker", synonyms=("spatial", "surround", "nearest"))
class Vbap3D_OneSpeaker:
    """3D panner that plays on one loudspeaker alone, of fourteen: the one that `Vbap3D` would play loudest."""

    audio = in_port("W")
    outputs = out_port(count="speakers", names=FOURTEEN)
    azimuth = in_control("azimuth", 0.0, -360.0, 360.0, unit="deg")
    elevation = in_control("elevation", 0.0, -90.0, 90.0, unit="deg")

    class State:
        gains: Array[float64]
        begun: int64

    class Prepared:
        triangles: Array[int64]
        matrices: Array[float64]

    def ports():
        return {"speakers": len(FOURTEEN)}

    def initial():
        return {"gains": np.zeros(len(FIFTEEN_NAMES))}

    def prepare():
        return triangulated("", "")

    def process(state, audio, outputs, azimuth, elevation):
        x, y, z = aim(azimuth, elevation)
        triangle = triangle_around(state, x, y, z)
        chosen, loudest = 0, -1.0
        for k in range(3):
            gain = corner_gain(state, triangle, k, x, y, z)
            if gain > loudest + 1e-9:
                chosen, loudest = state.triangles[3 * triangle + k], gain
        for s in range(len(outputs)):
            place = 25 - s if s > 11 else s  # the last two in another order than the names of the fifteen
            goal = 1.0 if place == chosen else 0.0
            add_scaled(outputs[s], audio, state.gains[s] if state.begun else goal, goal, True)
            state.gains[s] = goal
        state.begun = 1
