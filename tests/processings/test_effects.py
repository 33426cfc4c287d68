"""Effects, filters and loudspeakers, against what the textbook says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from clam.judging import decibels
from scipy import signal
from scipy.spatial import ConvexHull

from ipyclam_core.declare.declaration import catalog, values_for
from ipyclam_core.processings.spatial.surround import direction

from .kernels import CompiledProcessing


def output(name: str, inputs: list[np.ndarray], sends: dict[str, float] | None = None, **config: Any) -> np.ndarray:
    processing = CompiledProcessing(catalog[name], config)
    for key, value in (sends or {}).items():
        attribute, _, k = key.partition(".")
        processing.send(attribute, value, int(k or 0))
    return np.stack(processing.run(inputs, len(inputs[0])))


RAMP = np.linspace(-1.0, 1.0, 2001, dtype=np.float32)


def test_clipping_clips_as_much_below_as_above() -> None:
    np.testing.assert_array_equal(output("Clipping", [RAMP], {"limit": -0.5})[0], np.clip(RAMP, -0.5, 0.5))


def test_a_filter_of_any_coefficients_is_scipys() -> None:
    noise = np.random.default_rng(4).uniform(-1.0, 1.0, 4096).astype(np.float32)
    b, a = signal.butter(3, 0.2)
    forth = {f"forth.{k}": float(value) for k, value in enumerate(2.0 * b)}
    back = {f"back.{k}": float(value) for k, value in enumerate(2.0 * a)}
    heard = output("Filter", [noise], {**forth, **back}, AmountOfInputCoefficients=4, AmountOfOutputCoefficients=4)[0]
    assert decibels(signal.lfilter(b, a, noise.astype(float)), heard) > 120.0


def test_an_adaptive_notch_learns_to_take_out_a_tone() -> None:
    time = np.arange(44100)
    hum = np.sin(2.0 * np.pi * 50.0 / 44100.0 * time).astype(np.float32)
    heard = output("AdaptativeNotch", [0.5 * hum, hum], FilterLength=16, Step=0.01)[0]
    assert np.abs(heard[-4410:]).max() < 0.01


def test_gain_control_brings_a_tone_to_its_reference() -> None:
    tone = (0.01 * np.sin(2.0 * np.pi * 440.0 / 44100.0 * np.arange(88200))).astype(np.float32)
    heard = output("AutomaticGainControl", [tone], {"reference": 0.1}, AdaptationStep=0.01)[0]
    assert np.mean(heard[-22050:] ** 2) == pytest.approx(0.1, rel=0.15)


@pytest.mark.parametrize(("name", "config"), [("AutomaticGainControl", {}), ("GuitarDistortion", {"DistortionType": "Factor"})])
def test_what_is_loud_after_silence_is_not_a_fault(name: str, config: dict[str, Any]) -> None:
    tone = np.sin(2.0 * np.pi * 440.0 / 44100.0 * np.arange(44100)).astype(np.float32)
    heard = output(name, [np.concatenate([np.zeros(10 * 44100, np.float32), tone])], **config)[0]
    assert np.isfinite(heard).all()
    assert np.abs(heard).max() <= 100.0
    assert np.abs(heard[-4410:]).max() < 2.0


def test_a_filter_that_is_not_stable_can_be_used_again_once_it_is() -> None:
    noise = np.random.default_rng(4).uniform(-1.0, 1.0, 4096).astype(np.float32)
    processing = CompiledProcessing(catalog["Filter"], {"AmountOfOutputCoefficients": 2})
    processing.send("back", -2.0, 1)
    assert np.abs(processing.run([noise], 4096)[0]).max() <= 1e6
    processing.send("back", 0.0, 1)
    np.testing.assert_array_equal(processing.run([noise], 4096)[0], noise)


@pytest.mark.parametrize("step", [0.01, 10.0])
def test_an_adaptive_notch_learns_at_any_step(step: float) -> None:
    noise = np.random.default_rng(4).uniform(-1.0, 1.0, 44100).astype(np.float32)
    heard = output("AdaptativeNotch", [noise, 2.0 * noise], FilterLength=16, Step=step)[0]
    assert np.abs(heard[-4410:]).max() < 0.01


@pytest.mark.parametrize("block", [64, 512, 4096])
def test_a_distance_is_reached_in_40_ms_whatever_the_block(block: int) -> None:
    doppler = CompiledProcessing(catalog["DopplerFractionalDelay"], block_size=block)
    ones = np.ones(block, np.float32)
    doppler.run([ones], block)
    doppler.send("distance", 5.0)
    places = []
    for _ in range(4096 // block):
        doppler.run([ones], block)
        places.append(float(doppler.field("at")))
    expected = [min(5.0, 5.0 * block * (k + 1) / (0.04 * 44100.0)) for k in range(len(places))]
    assert places == pytest.approx(expected)


def test_a_fractional_delay_lies_between_two_samples() -> None:
    heard = output("FractionalBufferDelay", [RAMP], {"delay": 10.25})[0]
    np.testing.assert_allclose(heard[100:] - RAMP[100:], -10.25 * 0.001, atol=1e-6)


def test_several_lines_of_one_delay_do_not_mix() -> None:
    one, other = RAMP, np.flip(RAMP).copy()
    heard = output("SampleAccurateStreamDelay", [one, other], {"delay": 3.0}, PortsNumber=2)
    np.testing.assert_array_equal(heard[:, 3:], np.stack([one, other])[:, :-3])


def test_half_wet_is_half_of_both() -> None:
    heard = output("DelayWetDry", [RAMP], {"delay": 100.0 / 44100.0, "balance": 0.5})[0]
    np.testing.assert_allclose(heard[100:], 0.5 * (RAMP[100:] + RAMP[:-100]), atol=1e-6)


def test_a_switch_fades_to_another_input() -> None:
    switch = CompiledProcessing(catalog["AudioSwitch"])
    ones, zeros = np.ones(512, np.float32), np.zeros(512, np.float32)
    assert np.array_equal(switch.run([ones, zeros])[0], 0.5 * ones)
    switch.send("switch", 1.0)
    assert np.abs(np.diff(switch.run([ones, zeros])[0])).max() < 0.002
    assert not switch.run([ones, zeros])[0].any()


def ring(count: int, elevation: float, turned: float = 0.0) -> list[tuple[float, float]]:
    """Loudspeakers in a circle: elevation and azimuth of each."""
    return [(elevation, turned + 360.0 * k / count) for k in range(count)]


LAYOUTS = {
    "octahedron": [*ring(4, 0.0), (90.0, 0.0), (-90.0, 0.0)],
    "cube": [*ring(4, -35.26, 45.0), *ring(4, 35.26, 45.0)],
    "two rings and a top": [*ring(8, 0.0), *ring(4, 45.0, 22.5), (90.0, 0.0), (-90.0, 0.0)],
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("triangulated", [True, False])
def test_a_place_between_loudspeakers_is_played_by_three_of_them(layout: str, triangulated: bool, tmp_path: Path) -> None:
    places = LAYOUTS[layout]
    (tmp_path / "some.layout").write_text("".join(f"{elevation} {azimuth}\n" for elevation, azimuth in places))
    files = {"SpeakerLayout": str(tmp_path / "some.layout")}
    if triangulated:
        around = ConvexHull([direction(azimuth, elevation) for elevation, azimuth in places])
        (tmp_path / "some.triangulation").write_text("".join(f"{a} {b} {c}\n" for a, b, c in around.simplices))
        files["Triangulation"] = str(tmp_path / "some.triangulation")
    ones = np.ones(64, np.float32)
    panner = CompiledProcessing(catalog["Vbap3D"], files)
    for azimuth, elevation in [(0.0, 0.0), (77.0, 20.0), (200.0, 45.0), (359.0, -10.0)]:
        panner.send("azimuth", azimuth)
        panner.send("elevation", elevation)
        panner.run([ones], 64)
        gains = np.array([samples[-1] for samples in panner.run([ones], 64)])
        assert np.sum(gains**2) == pytest.approx(1.0, abs=1e-5)
        assert np.count_nonzero(gains > 1e-6) <= 3


def problem(name: str, **config: Any) -> str:
    type_ = catalog[name]
    assert type_.problem is not None
    return type_.problem(**values_for(type_.problem, {**type_.spec.defaults, **config}, type_.items))


def test_a_layout_that_is_none_is_a_problem_in_words(tmp_path: Path) -> None:
    (tmp_path / "bad.layout").write_text("10 20 front\nup and left\n")
    (tmp_path / "empty.layout").write_text("# nothing\n")
    (tmp_path / "bad.triangulation").write_text("0 1 99\n")
    assert problem("Hoa2RegularSpeakerArray") == "no loudspeakers are chosen: set SpeakerLayout"
    assert problem("Vbap3D", SpeakerLayout="x.layout") == "there is no file 'x.layout'"
    assert "has a line that does not describe a loudspeaker: 'up and left'" in problem("Vbap3D", SpeakerLayout=str(tmp_path / "bad.layout"))
    assert "holds no loudspeakers" in problem("Vbap3D", SpeakerLayout=str(tmp_path / "empty.layout"))
    assert "not describe a triangle of 15 loudspeakers: '0 1 99'" in problem("Vbap3D", Triangulation=str(tmp_path / "bad.triangulation"))
    assert problem("Vbap3D") == ""


def test_ports_are_called_as_in_the_layout_where_labels_count() -> None:
    type_ = catalog["Vbap3D"]
    assert type_.ports is not None
    assert type_.ports(SpeakerLayout="", IgnoreLabels=False)["speakers"][0] == "Back Horizontal"
    assert type_.ports(SpeakerLayout="", IgnoreLabels=True)["speakers"][:2] == ("01", "02")
