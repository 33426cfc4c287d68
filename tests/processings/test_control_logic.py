"""Controls that are compared, chosen, converted, faded, and turned into places."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ipyclam_core.declare.declaration import catalog

from .kernels import CompiledProcessing


def sent(name: str, steps: list[dict[str, float]], **config: Any) -> dict[str, list[float]]:
    """What each out control sends for what arrives, a block for each step; ``values.1`` is the second of several."""
    processing = CompiledProcessing(catalog[name], config)
    for step in steps:
        for key, value in step.items():
            attribute, _, k = key.partition(".")
            processing.send(attribute, value, int(k or 0))
        processing.run()
    return {item.attribute: processing.sent(item.attribute) for item in catalog[name].items_of("outcontrols")}


def test_a_surface_sends_two_values() -> None:
    assert sent("ControlSurface", [{}, {}], DefaultX=0.25, DefaultY=0.75) == {"x": [0.25], "y": [0.75]}


def test_a_flag_is_one_or_zero() -> None:
    assert sent("FlagControl", [{}], Flag=True) == {"out": [1.0]}
    assert sent("FlagControl", [{}]) == {"out": [0.0]}


def test_a_range_is_carried_over_to_another() -> None:
    steps = [{}, {"control": 0.25}]
    assert sent("ControlIntervalMapper", steps, OutputMin=100.0, OutputMax=200.0) == {"mapped": [125.0]}


def test_a_selector_sends_the_chosen_value() -> None:
    steps = [{}, {"values.0": 5.0, "values.1": 6.0}, {"index": 0.0}, {"index": 1.9}]
    assert sent("ControlSelector", steps) == {"output": [6.0, 5.0, 6.0]}


def test_a_selector_does_not_send_for_what_is_not_chosen() -> None:
    steps = [{}, {"values.0": 5.0}, {"index": 2.0}, {"values.1": 6.0}, {"index": -1.0}]
    assert sent("ControlSelector", steps) == {"output": []}


def test_a_fraction_is_cut_off() -> None:
    assert sent("Float2IntegerControl", [{}, {"control": 2.9}, {"control": -2.9}]) == {"output": [2.0, -2.0]}


def test_a_gate_has_hysteresis() -> None:
    steps = [{"control": value} for value in (0.0, 0.55, 0.7, 0.55, 0.3)]
    assert sent("ControlGate", steps, Threshold=0.5, HysteresisWidth=0.2)["output"] == [0.0, 0.0, 1.0, 1.0, 0.0]
    assert sent("ControlGate", steps[2:3], Threshold=0.5, Inverted=True)["output"] == [0.0]


def test_values_are_compared_whole_where_that_is_asked() -> None:
    steps = [{}, {"left": 3.7}]
    assert sent("ControlComparison", steps, RightTerm=3.2) == {"equal": [0.0], "number": [0.0]}
    assert sent("ControlComparison", steps, RightTerm=3.2, ConvertOps2IntegersFirst=True) == {"equal": [1.0], "number": [1.0]}


def test_a_fade_gets_there_in_its_time() -> None:
    steps: list[dict[str, float]] = [{"control": 1.0}, *({} for _ in range(9))]
    values = sent("ControlFade", steps, FadeTimeInMs=1000.0 * 4 * 512 / 44100)["output"]
    assert values == pytest.approx([0.25, 0.5, 0.75, 1.0])


def test_a_panner_sends_what_adds_up_to_one() -> None:
    values = sent("AutoPanner", [{}] * 20, Frequency=3.0, Phase=0.1)
    phases = 0.1 + 2.0 * np.pi * 3.0 / 44100.0 * 512 * np.arange(20)
    assert values["left"] == pytest.approx(np.abs(np.sin(phases)))
    assert np.add(values["left"], values["right"]) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("config", "distance", "gain"),
    [({}, 0.0, 1.0), ({}, 4.0, 0.25), ({"DistanceExponent": 2.0}, 4.0, 0.0625), ({"DistanceThreshold": 3.0}, 4.0, 0.0)],
)
def test_what_is_further_is_softer(config: dict[str, float], distance: float, gain: float) -> None:
    assert sent("GainBecauseOfDistance", [{"distance": distance}], **config) == {"gain": [pytest.approx(gain)]}


def test_a_direction_and_its_coordinates_are_the_same_place() -> None:
    there = sent("Spherical2CartesianControl", [{"azimuth": 30.0, "elevation": -20.0, "distance": 2.0}])
    back = sent("Cartesian2SphericalControl", [{name: values[0] for name, values in there.items()}])
    assert back == {"azimuth": [pytest.approx(30.0)], "elevation": [pytest.approx(-20.0)], "distance": [pytest.approx(2.0)]}


def test_a_listener_who_turns_left_hears_what_was_in_front_at_the_right() -> None:
    heard = sent("AbsoluteCoordinates2RelativeAngles", [{"source_x": 3.0, "listener_azimuth": 90.0}])
    assert heard == {"azimuth": [pytest.approx(-90.0)], "elevation": [pytest.approx(0.0)], "distance": [pytest.approx(3.0)]}


def test_what_is_near_looks_wide() -> None:
    assert sent("AngleBecauseOfDistance", [{"size": 2.0, "distance": 1.0}])["thickness"] == [pytest.approx(90.0)]
