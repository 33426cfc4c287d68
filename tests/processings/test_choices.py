"""Choices that CLAM was not recorded at, one by one against their formulas: wave shapes, sound fields, loudspeakers."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import lpmv

from ipyclam_core import Network
from ipyclam_core.declare.declaration import catalog

from .kernels import CompiledProcessing

Shape = Callable[[np.ndarray, float], np.ndarray]

RAMP = np.linspace(-1.5, 1.5, 3001, dtype=np.float32)


def output(name: str, inputs: list[np.ndarray], sends: dict[str, float] | None = None, **config: Any) -> np.ndarray:
    processing = CompiledProcessing(catalog[name], config)
    for attribute, value in (sends or {}).items():
        processing.send(attribute, value)
    return np.stack(processing.run(inputs, len(inputs[0])))


def steep(w: float, factor: float, least: float) -> float:
    """What the third power of the drive makes of the steepness of several shapes."""
    return factor * w**3 + least


def pow_shape(x: np.ndarray, w: float) -> np.ndarray:
    s = steep(w, 20.0, 0.0001)
    y = np.where(np.abs(s * x) < 1.0, 3.0 * (s * x - (s * x) ** 3), 0.0)
    return y / s if s < 1.0 else y


def limited_to(x: np.ndarray, w: float) -> np.ndarray:
    top = 2.0 ** (-8.0 * w * w)
    return np.where(np.abs(x) > top, np.where(x >= 0.0, 1.0, -1.0), x / top)


def inverse(x: np.ndarray, w: float) -> np.ndarray:
    hole = (2.0 ** (6.0 * w) - 1.0) / 64.0
    return np.sign(x) * np.maximum(np.abs(x) - hole, 0.0)


def clip(x: np.ndarray, w: float) -> np.ndarray:
    y = 0.9999 * (5.0 ** (w * w) - 0.5) * x
    return y - np.floor(y + 0.5)


def asymmetric_2(x: np.ndarray, w: float) -> np.ndarray:
    s = steep(w, 30.0, 0.001)
    y = s * x
    return np.where((y > -2.0) & (y < 1.0), y * (1.0 - y) * (y + 2.0), 0.0) / (s if s < 0.3 else 1.0)


def pow_2(x: np.ndarray, w: float) -> np.ndarray:
    s = steep(w, 32.0, 0.0001)
    y = s * x
    bent = y * (1.0 - y) / (s * (1.0 + s) / 2.0 if s < 1.0 else 1.0)
    return np.where((y > -1.0) & (y < 1.618034), bent, np.where(y > 0.0, -1.0, -2.0))


def sigmoid(x: np.ndarray, w: float) -> np.ndarray:
    s = 80.0 * w**5 + 0.0001
    return np.tanh(np.clip(s * x, -10.0, 10.0) / 2.0) / (1.0 if s > 10.0 else math.tanh(s / 2.0))


SHAPES: dict[str, Shape] = {
    "Arctangent": lambda x, w: np.arctan((10.0 ** (3 * w * w) - 0.999) * x) / math.atan(10.0 ** (3 * w * w) - 0.999),
    "Asymmetric": lambda x, w: (
        np.sin(x * (0.1 + (32 * w * w + 0.0001) * (1.0 - x))) / (math.sin(32 * w * w + 0.0001) + 0.1 if 32 * w * w + 0.0001 < 1.0 else 1.1)
    ),
    "Pow": pow_shape,
    "Sine": lambda x, w: np.sin(steep(w, 32, 0.0001) * x) / (math.sin(steep(w, 32, 0.0001)) if steep(w, 32, 0.0001) < 1.57 else 1.0),
    "Quantisize": lambda x, w: np.floor(x / (w * w + 0.000001) + 0.5) * (w * w + 0.000001),
    "Zigzag": lambda x, w: (
        np.arcsin(np.sin(steep(w, 32, 0.0001) * x)) / (math.sin(steep(w, 32, 0.0001)) if steep(w, 32, 0.0001) < 1.0 else 1.0)
    ),
    "Limiter": limited_to,
    "Upper Limiter": lambda x, w: 2.0 * np.minimum(x, 2.0 ** (-8.0 * w * w)),
    "Lower Limiter": lambda x, w: 2.0 * np.maximum(x, -(2.0 ** (-8.0 * w * w))),
    "Inverse Limiter": inverse,
    "Clip": clip,
    "Asym2": asymmetric_2,
    "Pow2": pow_2,
    "Sigmoid": sigmoid,
}
"""ZynAddSubFX's distortion, of a signal and a drive from 0 to 1."""


def test_there_is_a_formula_for_every_wave_shape() -> None:
    assert tuple(SHAPES) == catalog["ZynDistortion"].spec.config["DistortionType"].choices


@pytest.mark.parametrize("drive", [0.0, 0.1, 0.3, 0.5, 0.75, 1.0])
@pytest.mark.parametrize("kind", SHAPES)
def test_a_wave_shape_is_its_formula(kind: str, drive: float) -> None:
    heard = output("ZynDistortion", [RAMP], {"drive": drive}, DistortionType=kind)[0]
    expected = SHAPES[kind](RAMP.astype(float), drive)
    # where a shape jumps, a sample may fall on either side
    wrong = np.abs(heard - expected) > 1e-5 * np.maximum(1.0, np.abs(expected))
    assert np.count_nonzero(wrong) <= 2


@pytest.mark.parametrize("drive", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("kind", SHAPES)
def test_a_wave_shape_can_be_heard(kind: str, drive: float) -> None:
    heard = output("ZynDistortion", [RAMP], {"drive": drive}, DistortionType=kind)[0]
    assert np.abs(heard).max() < 12.0
    assert np.ptp(heard) > 0.01


def test_a_drive_that_is_out_of_its_range_is_as_one_at_its_end() -> None:
    below, lowest = (output("ZynDistortion", [RAMP], {"drive": drive}, DistortionType="Sine") for drive in (-0.5, 0.0))
    assert np.array_equal(below, lowest)


@pytest.mark.parametrize(
    ("kind", "ranges"),
    [
        ("Factor", {"Param_0": (0.0, 1.0, 0.0), "Param_1": (0.0, 10.0, 9.0)}),
        ("Atan", {"Param_0": (0.0, 100.0, 0.5)}),
        ("Polynomial", {"Param_0": (0.0, 100.0, 1.0), "Param_1": (0.0, 100.0, 0.0)}),
    ],
)
def test_each_kind_of_distortion_has_its_own_controls(kind: str, ranges: dict[str, tuple[float, float, float]]) -> None:
    net = Network("clam")
    net.bent = net.types.GuitarDistortion
    net.bent.DistortionType = kind
    found = {spec.name: (spec.minimum, spec.maximum, spec.default) for spec in net.proxy.processings()["bent"].connectors.incontrols}
    assert found == ranges
    assert {control.name: control.value for control in net.bent._incontrols} == {name: first for name, (_, _, first) in ranges.items()}
    net.close()


@pytest.mark.parametrize("steepness", [0.0, 0.5, 100.0])
def test_an_arc_tangent_bends(steepness: float) -> None:
    heard = output("GuitarDistortion", [RAMP], {"steepness": steepness})[0]
    amount = steepness or 0.01
    np.testing.assert_allclose(heard, np.arctan(amount * RAMP) / math.atan(amount), atol=1e-6)


@pytest.mark.parametrize(("linear", "square"), [(1.0, 0.0), (0.5, 2.0), (0.0, 100.0)])
def test_a_polynomial_bends_by_its_square(linear: float, square: float) -> None:
    heard = output("GuitarDistortion", [RAMP], {"linear": linear, "square": square}, DistortionType="Polynomial")[0]
    np.testing.assert_allclose(heard, linear * RAMP + square * RAMP * np.abs(RAMP), rtol=1e-6)


@pytest.mark.parametrize("factor", [0.0, 0.5, 0.99, 1.0, 8.0])
def test_a_factor_bends_where_it_does_not_compress(factor: float) -> None:
    heard = output("GuitarDistortion", [RAMP], {"factor": factor, "compression": 0.0}, DistortionType="Factor")[0]
    bend = 2.0 * min(factor, 0.99) / (1.0 - min(factor, 0.99))
    np.testing.assert_allclose(heard, (1.0 + bend) * RAMP / (1.0 + bend * np.abs(RAMP)), atol=1e-5)


@pytest.mark.parametrize(("compression", "power"), [(9.0, 0.01), (5.0, 0.05), (1.0, 0.09), (10.0, 0.0001), (20.0, 0.0001)])
def test_a_factor_compresses_to_a_power(compression: float, power: float) -> None:
    tone = np.sin(2.0 * np.pi * 441.0 / 44100.0 * np.arange(88200)).astype(np.float32)
    heard = output("GuitarDistortion", [tone], {"factor": 0.5, "compression": compression}, DistortionType="Factor")[0]
    assert np.mean(heard[-4410:] ** 2) == pytest.approx(power, rel=0.02)


FUMA = {
    **dict.fromkeys("XYZRK", 1.0), **dict.fromkeys("STUV", 2.0 / math.sqrt(3.0)), "W": 0.707,
    **dict.fromkeys("LM", math.sqrt(45.0 / 32.0)), **dict.fromkeys("NO", math.sqrt(9.0 / 5.0)), **dict.fromkeys("PQ", math.sqrt(8.0 / 5.0)),
}  # fmt: skip
"""The weights of Furse and Malham over those of Schmidt."""

DEGREES = {
    "W": (0, 0), "X": (1, 1), "Y": (1, -1), "Z": (1, 0), "R": (2, 0), "S": (2, 1), "T": (2, -1), "U": (2, 2), "V": (2, -2),
    "K": (3, 0), "L": (3, 1), "M": (3, -1), "N": (3, 2), "O": (3, -2), "P": (3, 3), "Q": (3, -3),
}  # fmt: skip
"""Order and degree of each component of a sound field, in the order of the ports."""


def harmonic(name: str, azimuth: float, elevation: float) -> float:
    """The spherical harmonic in a direction in degrees, semi-normalised after Schmidt, without the phase of Condon and Shortley."""
    order, degree = DEGREES[name]
    m = abs(degree)
    weight = math.sqrt((1.0 if m == 0 else 2.0) * math.factorial(order - m) / math.factorial(order + m))
    around = math.cos(m * math.radians(azimuth)) if degree >= 0 else math.sin(m * math.radians(azimuth))
    return weight * (-1.0) ** m * float(lpmv(m, order, math.sin(math.radians(elevation)))) * around


DIRECTIONS = [(0.0, 0.0), (37.0, -21.0), (-360.0, 90.0), (200.0, -90.0), (123.0, 45.0)]


@pytest.mark.parametrize("name", ["HoaEncoder", "HoaEncoderBuffer"])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("order", [0, 1, 2, 3])
def test_an_encoders_gains_are_the_spherical_harmonics(name: str, weighted: bool, order: int) -> None:
    for azimuth, elevation in DIRECTIONS:
        sends = {"azimuth": azimuth, "elevation": elevation}
        heard = output(name, [np.ones(8, np.float32)], sends, Order=order, UseFuMa=weighted)[:, -1]
        expected = [harmonic(each, azimuth, elevation) * (FUMA[each] if weighted else 1.0) for each in DEGREES][: (order + 1) ** 2]
        np.testing.assert_allclose(heard, expected, atol=1e-6)


RING = [(0.0, 45.0 * k) for k in range(8)]
CUBE = [(elevation, 45.0 + 90.0 * k) for elevation in (-35.2644, 35.2644) for k in range(4)]
SHARES: dict[str, Callable[[int, int], float]] = {
    "In-phase 2D": lambda order, m: (2.0 if m else 1.0) * math.comb(2 * order, order - m) / math.comb(2 * order, order),
    "In-phase 3D": lambda order, m: math.comb(2 * order + 1, order - m) / math.comb(2 * order + 1, order),
}
"""How much of the components that go round `m` times is decoded."""


def decoded(name: str, places: list[tuple[float, float]], order: int, criteria: str, path: Path) -> np.ndarray:
    """The matrix from components to loudspeakers."""
    path.write_text("".join(f"{elevation} {azimuth}\n" for elevation, azimuth in places))
    components = (order + 1) ** 2
    pulses = list(np.eye(components, dtype=np.float32))
    return output(name, pulses, SpeakerLayout=str(path), Order=order, DecodingCriteria=criteria)


@pytest.mark.parametrize("name", ["Hoa2RegularSpeakerArray", "Hoa2RegularSpeakerArrayBuffer"])
@pytest.mark.parametrize("criteria", SHARES)
@pytest.mark.parametrize("order", [0, 1, 2, 3])
@pytest.mark.parametrize("places", [RING, CUBE], ids=["ring", "cube"])
def test_a_decoder_weighs_each_component_at_each_loudspeaker(
    name: str, criteria: str, order: int, places: list[tuple[float, float]], tmp_path: Path
) -> None:
    expected = [
        [
            2.0 / 8.0 * SHARES[criteria](order, abs(m)) * harmonic(component, azimuth, elevation)
            for component, (of, m) in DEGREES.items()
            if of <= order
        ]
        for elevation, azimuth in places
    ]
    np.testing.assert_allclose(decoded(name, places, order, criteria, tmp_path / "some.layout"), expected, atol=1e-6)


def test_a_ring_in_phase_plays_a_cardioid(tmp_path: Path) -> None:
    matrix = decoded("Hoa2RegularSpeakerArray", RING, 1, "In-phase 2D", tmp_path / "ring.layout")
    gains = matrix @ [harmonic(component, 30.0, 0.0) for component in "WXYZ"]
    np.testing.assert_allclose(gains, 2.0 / 8.0 * (1.0 + np.cos(np.radians([azimuth - 30.0 for _, azimuth in RING]))), atol=1e-6)


@pytest.mark.parametrize("beta", [*range(-360, 361, 15), 29.9, 30.0, 30.1, 110.0, -110.0])
def test_a_panner_between_two_of_five_loudspeakers_points_where_it_should(beta: float) -> None:
    heard = output("VectorBasedArrayPanning", [np.ones(8, np.float32)], {"angle": float(beta)})[:, -1]
    angles = np.radians([0.0, 30.0, -30.0, 110.0, -110.0])
    assert np.count_nonzero(np.abs(heard) > 1e-6) <= 2
    assert heard.min() >= -1e-6
    x, y = heard @ np.cos(angles), heard @ np.sin(angles)
    assert (x, y) == pytest.approx(
        (math.hypot(x, y) * math.cos(math.radians(beta)), math.hypot(x, y) * math.sin(math.radians(beta))), abs=1e-5
    )
