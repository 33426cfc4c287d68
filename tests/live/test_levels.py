"""How loud a network plays: its volume, its meters, the limiter of sound cards, and panic."""

from __future__ import annotations

import math
import warnings
from pathlib import Path

import numpy as np
import pytest
import soundfile

from ipyclam_core import Network
from ipyclam_core.dsp.devices.step import StepDevice

from .conftest import Stage, steepest

RATE = 48000
BLOCK = 256


@pytest.fixture
def cable(stage: Stage) -> Stage:
    """What comes in goes out, on two channels; it plays."""
    net = stage.net
    net.source, net.out = net.types.AudioSource, net.types.AudioSink
    net.source.NSources = net.out.NSinks = 2
    net.source > net.out
    stage.play()
    stage.run(4)  # the fade in
    return stage


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch, cable: Stage) -> Stage:
    """The same, on a device that clips."""
    monkeypatch.setattr(StepDevice, "limits", True)
    cable.net.stop()
    cable.play()
    cable.run(4)
    return cable


def noise(blocks: int, amplitude: float = 1.0) -> np.ndarray:
    """White noise on two channels, between -amplitude and amplitude, which it reaches."""
    samples = np.random.default_rng(5).uniform(-amplitude, amplitude, (blocks * BLOCK, 2)).astype(np.float32)
    samples[::BLOCK] = amplitude
    return samples


def ones(blocks: int, amplitude: float = 1.0) -> np.ndarray:
    return np.full((blocks * BLOCK, 2), amplitude, np.float32)


def louder(decibels: float) -> float:
    return 10.0 ** (decibels / 20.0)


# -- volume


def test_at_0_dB_every_bit_stays_as_it_is(cable: Stage) -> None:
    samples = noise(8, 3.0)
    np.testing.assert_array_equal(cable.run(8, samples).view(np.int32), samples.view(np.int32))
    cable.net.volume = -6
    cable.run(8, samples)
    cable.net.volume = 0
    cable.run(8, samples)
    np.testing.assert_array_equal(cable.run(8, samples).view(np.int32), samples.view(np.int32))


@pytest.mark.parametrize("volume", [-6.0, 24.0, -60.0])
def test_other_volumes_scale_every_sample(cable: Stage, volume: float) -> None:
    cable.net.volume = volume
    cable.run(8)
    samples = noise(4)
    np.testing.assert_allclose(cable.run(4, samples), samples * louder(volume), rtol=1e-6)


def test_minus_infinity_is_silence(cable: Stage) -> None:
    cable.net.volume = -math.inf
    cable.run(8, ones(8))
    assert not cable.run(4, noise(4)).any()


@pytest.mark.parametrize(("before", "after"), [(0.0, -math.inf), (-math.inf, 0.0), (0.0, -13.0), (-20.0, 6.0)])
def test_a_change_is_a_ramp_without_a_click(cable: Stage, before: float, after: float) -> None:
    cable.net.volume = before
    cable.run(8, ones(8))
    heard = [cable.run(1, ones(1))]
    cable.net.volume = after
    heard.append(cable.run(12, ones(12)))
    samples = np.concatenate(heard)
    assert steepest(samples) < 1.1 * abs(louder(before) - louder(after)) / (0.02 * RATE)
    np.testing.assert_allclose(samples[-1], louder(after), rtol=1e-6)
    assert np.array_equal(samples[:, 0], samples[:, 1])


def test_a_hand_on_the_fader_never_clicks(cable: Stage) -> None:
    heard = []
    for k in range(60):
        cable.net.volume = -40.0 * (k % 3) / 2.0
        heard.append(cable.run(1, ones(1)))
    assert steepest(np.concatenate(heard)) < 1.1 / (0.02 * RATE)


@pytest.mark.parametrize(("before", "after"), [(0.0, -34.0), (-34.0, 0.0)])
def test_a_network_that_is_loaded_is_heard_at_its_own_volume_and_the_one_before_at_that(
    cable: Stage, tmp_path: Path, before: float, after: float
) -> None:
    net, gains = cable.net, {0.0: 1.0, -34.0: louder(34.0)}

    def amplify(volume: float) -> None:
        net.clear()
        net.source, net.amp, net.out = net.types.AudioSource, net.types.AudioAmplifier, net.types.AudioSink
        net.source > net.amp
        net.amp > net.out
        net.amp.Gain = gains[volume]
        net.volume = volume

    amplify(after)
    net.save(tmp_path / "after.py")
    amplify(before)
    cable.run(20, ones(20))
    net.load(tmp_path / "after.py")
    assert abs(cable.run(20, ones(20))).max() < 1.1


def test_playing_begins_with_the_volume_at_once(stage: Stage) -> None:
    net = stage.net
    net.source, net.out = net.types.AudioSource, net.types.AudioSink
    net.source > net.out
    net.volume = -20
    stage.play()
    assert abs(stage.run(8, ones(8)[:, :1])).max() == pytest.approx(0.1)


def test_undoing_a_volume_is_heard(cable: Stage) -> None:
    cable.net.volume = -20
    cable.run(8, ones(8))
    cable.net.undo()
    cable.run(8, ones(8))
    np.testing.assert_array_equal(cable.run(1, ones(1)), ones(1))


def test_a_render_has_the_volume_too_and_the_same_bits_at_0_dB(cable: Stage) -> None:
    net, samples = cable.net, noise(4)
    np.testing.assert_array_equal(net.render(inputs=samples, sample_rate=RATE).view(np.int32), samples.view(np.int32))
    net.volume = -6
    np.testing.assert_allclose(net.render(inputs=samples, sample_rate=RATE), samples * louder(-6), rtol=1e-6)


def test_a_loud_volume_of_a_huge_sample_is_muted_not_infinite(cable: Stage) -> None:
    cable.net.volume = 24
    cable.run(8)
    heard = cable.run(1, ones(1, 3e38))
    assert np.isfinite(heard).all()


# -- the warning of renders


def test_a_render_above_full_scale_warns_once_of_the_sink_and_of_what_to_type(cable: Stage) -> None:
    net = cable.net
    with pytest.warns(UserWarning, match="full scale") as said:
        samples = net.render(inputs=noise(4, 4.0), sample_rate=RATE)
    assert [str(each.message) for each in said] == [
        "the render is above full scale: out by 12.0 dB. Arrays and files of floats keep it; sound cards and files of integers "
        "(FLAC, 16-bit WAV) clip it. To avoid that: net.volume = -13"
    ]
    assert said[0].filename == __file__
    assert abs(samples).max() == 4.0
    net.volume = -13
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        net.render(inputs=noise(4, 4.0), sample_rate=RATE)


@pytest.mark.parametrize("amplitude", [0.0, 0.5, 1.0, 1.0000001])
def test_a_render_up_to_full_scale_does_not_warn(cable: Stage, amplitude: float) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        cable.net.render(inputs=noise(4, amplitude), sample_rate=RATE)
        cable.net.render(frames=0)


def test_of_many_sinks_the_loudest_are_named(stage: Stage) -> None:
    net = stage.net
    net.source = net.types.AudioSource
    for k in range(6):
        net[f"out{k}"], net[f"amp{k}"] = net.types.AudioSink, net.types.AudioAmplifier
        net[f"amp{k}"].Gain = float(k)
        net.source > net[f"amp{k}"]
        net[f"amp{k}"] > net[f"out{k}"]
    with pytest.warns(UserWarning, match=r"full scale: out5 by 14.0 dB, out4 by 12.0 dB, out3 by 9.5 dB and 1 more\. .* net.volume = -14"):
        net.render(inputs=ones(2)[:, 0], sample_rate=RATE)


# -- meters


def test_a_meter_shows_the_peak_holds_it_and_lets_it_fall(cable: Stage) -> None:
    net = cable.net
    cable.run(1, ones(1, 0.5))
    assert net.peaks == {"out": pytest.approx(-6.02, abs=0.01)}
    second = RATE // BLOCK
    cable.run(second // 2)
    assert net.peaks["out"] == pytest.approx(-6.02, abs=0.01)
    cable.run(second)
    assert -6.02 - 20.0 < net.peaks["out"] < -6.02 - 5.0
    cable.run(8 * second)
    assert net.peaks["out"] < -100
    assert net.levels().sinks[0].peak == pytest.approx(-6.02, abs=0.01)


def test_peaks_are_those_after_the_volume_of_the_loudest_channel(cable: Stage) -> None:
    net = cable.net
    net.volume = -20
    cable.run(8)
    cable.run(1, np.array([[0.25, -1.0]], np.float32).repeat(BLOCK, 0))
    assert net.peaks["out"] == pytest.approx(-20.0, abs=0.01)


def test_samples_beyond_full_scale_are_counted(cable: Stage) -> None:
    samples = ones(4, 0.5)
    samples[[3, 300, 301], 0] = 2.0
    samples[[5, 700], 1] = -1.5
    cable.run(4, samples)
    (sink,) = cable.net.levels().sinks
    assert (sink.clipped, sink.peak) == (5, pytest.approx(6.02, abs=0.01))


def test_a_sink_keeps_its_peak_when_it_is_renamed_and_others_come_and_go(cable: Stage) -> None:
    net = cable.net
    cable.run(1, ones(1, 2.0))
    net.out.name = "main"
    net.other = net.types.AudioSink
    net.source._outports[0] > net.other
    cable.run(8)
    assert {sink.name: sink.clipped for sink in net.levels().sinks} == {"main": 2 * BLOCK, "other": 0}
    del net.main
    cable.run(8)
    assert [sink.name for sink in net.levels().sinks] == ["other"]


def test_a_stopped_network_tells_of_the_last_playback_and_the_next_begins_at_nothing(cable: Stage) -> None:
    net = cable.net
    cable.run(1, ones(1, 2.0))
    net.stop()
    last = net.levels()
    assert (net.peaks, last.clipped, last.sinks[0].now) == ({}, 2 * BLOCK, -math.inf)
    cable.play()
    assert net.levels().playback != last.playback
    assert net.levels().clipped == 0


# -- the limiter


def test_below_full_scale_the_limiter_changes_no_bit(card: Stage) -> None:
    samples = noise(20)
    np.testing.assert_array_equal(card.run(20, samples).view(np.int32), samples.view(np.int32))
    assert card.net.levels().blocks == 0
    assert card.net.levels().limits


@pytest.mark.parametrize("amplitude", [1.5, 49.0, 1e30])
def test_nothing_leaves_the_limiter_beyond_full_scale(card: Stage, amplitude: float) -> None:
    heard = card.run(20, noise(20, amplitude))
    assert abs(heard).max() == 1.0
    levels = card.net.levels()
    assert levels.blocks == 20
    assert levels.reduction == pytest.approx(20.0 * math.log10(amplitude), abs=0.01)
    assert 0 < levels.limited <= 20 * BLOCK / RATE


def test_a_limited_sound_falls_at_once_and_recovers_smoothly_to_the_same_bits(card: Stage) -> None:
    samples = ones(150, 0.5)
    samples[1000] = 5.0
    heard = card.run(150, samples)[:, 0]
    np.testing.assert_array_equal(heard[:1000], samples[:1000, 0])
    assert heard[1000] == 1.0
    gain = heard[1001:] / 0.5
    assert 0.2 < gain[0] < 0.21
    assert (np.diff(gain) >= -1e-6).all()
    assert np.diff(gain).max() < 0.001
    assert gain[int(0.05 * RATE)] < 0.5
    assert gain[int(0.15 * RATE)] == 1.0
    np.testing.assert_array_equal(card.run(8, noise(8)), noise(8))
    assert card.net.levels().clipped == 2


def test_all_channels_are_turned_down_together(card: Stage) -> None:
    samples = ones(4, 0.5)
    samples[:, 1] = 2.0
    np.testing.assert_allclose(card.run(4, samples), np.array([[0.25, 1.0]]).repeat(4 * BLOCK, 0), rtol=1e-6)


def test_nan_and_infinity_become_silence(card: Stage) -> None:
    samples = ones(2, 2.0)
    samples[10], samples[20], samples[300, 1] = np.nan, np.inf, -np.inf
    heard = card.run(2, samples)
    assert np.isfinite(heard).all()
    assert abs(heard).max() == 1.0
    assert not heard[[10, 20]].any()
    assert heard[300].tolist() == [1.0, 0.0]


def test_the_limiter_can_be_left_out_and_put_back(card: Stage) -> None:
    card.net.play(**card.options, limiter=False)
    np.testing.assert_array_equal(card.run(4, noise(4, 3.0)), noise(4, 3.0))
    assert not card.net.levels().limits
    card.net.play(**card.options)
    assert abs(card.run(4, noise(4, 3.0))).max() == 1.0


def test_where_playing_fails_the_limiter_is_as_it_was(card: Stage) -> None:
    with pytest.raises(Exception, match="there is no device 'nowhere'"):
        card.net.play("nowhere", limiter=False)
    assert card.net.proxy.inner.limiter


def test_renders_recordings_and_other_devices_are_not_limited(card: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert abs(card.net.render(inputs=noise(2, 3.0), sample_rate=RATE)).max() == 3.0
    with card.net.record(tmp_path / "take.wav"):
        card.run(4, noise(4, 3.0))
    np.testing.assert_array_equal(soundfile.read(tmp_path / "take.wav", dtype="float32")[0], noise(4, 3.0))
    monkeypatch.setattr(StepDevice, "limits", False)
    card.net.stop()
    card.play()
    card.run(4)
    np.testing.assert_array_equal(card.run(4, noise(4, 3.0)), noise(4, 3.0))


# -- panic


def test_panic_mutes_within_a_block_without_a_click_and_stops(cable: Stage) -> None:
    player = cable.player
    cable.run(1, ones(1))
    player.mute()
    heard = player.device.run(ones(1))
    assert steepest(np.concatenate([ones(1)[-1:], heard])) < 0.05
    assert not heard[BLOCK // 2 :].any()
    assert not player.device.run(ones(1)).any()
    cable.net.panic()
    assert cable.net.state == "stopped"


def test_after_panic_it_plays_afresh_with_the_controls_as_they_were(stage: Stage) -> None:
    net = stage.net
    net.source, net.delay, net.amp, net.out = net.types.AudioSource, net.types.Reverb, net.types.AudioAmplifier, net.types.AudioSink
    net.source > net.delay
    net.delay._outports[0] > net.amp
    net.amp > net.out
    net.amp.Gain = 0.5
    net.volume = -6
    stage.play()
    stage.run(40, ones(40)[:, :1])
    net.panic()
    assert (net.amp.Gain.value, net.volume, net.state) == (0.5, -6.0, "stopped")
    stage.play()
    assert not stage.run(200).any()


def test_a_playback_that_goes_on_after_being_muted_fades_as_always(cable: Stage) -> None:
    cable.player.mute()
    cable.run(4, ones(4))
    cable.play()
    assert steepest(cable.run(4, ones(4))) < 0.005


def test_a_network_that_does_not_play_is_not_disturbed() -> None:
    net = Network()
    net.panic()
    assert net.state == "stopped"
