"""No edit is heard as a click: the largest step from sample to sample stays that of the sound itself."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from ipyclam_core import Network, Placeholder

from .conftest import Stage, steepest

PITCH = 60.0
STEP = 2.0 * np.pi * PITCH / 48000.0  # of a sine of amplitude 1
ALLOWED = 2.0 * STEP + 4.0 / 240.0  # of two of them, and of fades of 5 ms


def patch(net: Network) -> None:
    """Two sines into a mixer and an amplifier, into two channels."""
    for name in ("one", "two"):
        net[name] = net.types.Sine
        net[name].Frequency = PITCH
    net.mixer = net.types.AudioMixer
    net.amplifier = net.types.AudioAmplifier
    net.amplifier.PortsNumber = 2
    net.sink = net.types.AudioSink
    net.sink.NSinks = 2
    net.one > net.mixer["Input 0"]
    net.two > net.mixer["Input 1"]
    net.mixer > net.amplifier["Input Audio"]
    net.one > net.amplifier["Input Audio 1"]
    net.amplifier._outports[0] > net.sink.Input1
    net.amplifier._outports[1] > net.sink.Input2


def remove_a_source(net: Network) -> None:
    del net.one


def remove_what_is_between(net: Network) -> None:
    del net.amplifier


def remove_the_sink(net: Network) -> None:
    del net.sink


def remove_everything(net: Network) -> None:
    net.clear()


def cut_a_wire(net: Network) -> None:
    net.mixer._outports[0].disconnect()


def wire_directly(net: Network) -> None:
    net.two > net.sink.Input1


def wire_elsewhere(net: Network) -> None:
    net.one._outports[0] / net.mixer["Input 0"]
    net.one > net.mixer["Input 1"]


def become_another_type(net: Network) -> None:
    net.one.become(net.types.Oscillator)


def a_mixer_grows(net: Network) -> None:
    net.mixer.NumberOfInPorts = 3


def a_mixer_shrinks(net: Network) -> None:
    net.mixer.NumberOfInPorts = 1


def an_amplifier_shrinks(net: Network) -> None:
    net.amplifier.PortsNumber = 1


def a_sink_shrinks(net: Network) -> None:
    net.sink.NSinks = 1


def a_sink_grows(net: Network) -> None:
    net.sink.NSinks = 4


def close_a_loop(net: Network) -> None:
    net.amplifier._outports[0] > net.mixer["Input 1"]


def a_parameter_that_is_a_control(net: Network) -> None:
    net.one.Amplitude = 0.2


def a_parameter_that_is_none(net: Network) -> None:
    net.notch = net.types.Notch2ndOrder
    net.one > net.notch > net.sink.Input1
    net.notch.CentralFrequency = PITCH


def rename(net: Network) -> None:
    net.sink.name = "another"
    net.one.name = "first"


def change_the_order_of_sinks(net: Network) -> None:
    net.early = net.types.AudioSink
    net.two > net.early
    for k, name in enumerate(("early", "sink")):
        net[name]._position = (0.0, float(k))


EDITS = [
    remove_a_source, remove_what_is_between, remove_the_sink, remove_everything, cut_a_wire, wire_directly, wire_elsewhere,
    become_another_type, a_mixer_grows,
    a_mixer_shrinks, an_amplifier_shrinks, a_sink_shrinks, a_sink_grows, close_a_loop, a_parameter_that_is_a_control,
    a_parameter_that_is_none, rename, change_the_order_of_sinks,
]  # fmt: skip


@pytest.mark.parametrize("block_size", [32, 256, 1024])
@pytest.mark.parametrize("edit", EDITS)
def test_no_edit_clicks_nor_does_its_undoing(stages: Callable[..., Stage], edit: Callable[[Network], None], block_size: int) -> None:
    stage = stages(block_size=block_size)
    net = stage.net
    patch(net)
    stage.play()
    several = 4096 // block_size
    stage.run(several)
    heard = [stage.run(several)]
    with net._proxy.step("the edit"):
        edit(net)
    heard.append(stage.run(several))
    net.undo()
    heard.append(stage.run(several))
    net.redo()
    heard.append(stage.run(max(1, 128 // block_size)))  # in the middle of a fade
    net.undo()
    heard.append(stage.run(several))
    assert steepest(np.concatenate(heard)) < ALLOWED
    assert np.abs(heard[-1][-1024:, :2]).max(axis=0).min() > 0.4


def test_edits_one_after_the_other_in_every_block_do_not_click(stage: Stage) -> None:
    net = stage.net
    patch(net)
    stage.play()
    heard = [stage.run(10)]
    for k in range(60):
        if k % 4 == 0:
            del net.two
        elif k % 4 == 1:
            net.undo()
        elif k % 4 == 2:
            net.mixer.NumberOfInPorts = 2 + k % 3
        heard.append(stage.run())
    assert steepest(np.concatenate(heard)) < ALLOWED


def test_another_file_fades_over_and_a_loop_stays_where_it_is(stage: Stage, tmp_path: Path) -> None:
    time = np.arange(48000) / 48000.0
    for name, pitch in (("low.wav", 100.0), ("high.wav", PITCH)):
        soundfile.write(tmp_path / name, np.sin(2.0 * np.pi * pitch * time), 48000, subtype="FLOAT")
    net = stage.net
    net.reader = net.types.MonoAudioFileReader
    net.reader.SourceFile = str(tmp_path / "low.wav")
    net.sink = net.types.AudioSink
    net.reader > net.sink
    stage.play()
    heard = [stage.run(30)]
    net.reader.SourceFile = str(tmp_path / "high.wav")
    heard.append(stage.run(30))
    net.reader.Loop = True
    heard.append(stage.run(30))
    assert steepest(np.concatenate(heard)) < ALLOWED
    assert np.abs(np.concatenate(heard[1:])).max() > 0.9
    assert net.reader["Current Frame Position"].value == pytest.approx(58 * 256, abs=8 * 256)


def test_pause_and_play_ramp_and_go_on_from_there(stage: Stage) -> None:
    net = stage.net
    patch(net)
    stage.play()
    heard = [stage.run(4)]
    net.pause()
    heard.append(stage.run(4))
    assert not heard[-1][512:].any()
    where = net.status().position
    stage.run(10)
    assert net.status().position == where
    net.play("step")
    heard.append(stage.run(4))
    assert np.abs(heard[-1][512:]).max() > 0.9
    assert steepest(np.concatenate(heard)) < ALLOWED
    assert np.abs(heard[0][0]).max() < 0.01


def test_what_cannot_sound_is_silent_is_named_and_sounds_when_it_is_mended(stage: Stage, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "low.wav", np.sin(2.0 * np.pi * 100.0 * np.arange(48000) / 48000.0), 48000, subtype="FLOAT")
    net = stage.net
    net.sink = net.types.AudioSink
    stage.play()
    net.unknown = Placeholder("Unheard", outports=["out"])
    net.unknown > net.sink
    net.reader = net.types.MonoAudioFileReader
    net.reader > net.sink
    assert not stage.run(4).any()
    messages = " ".join(net.status().messages)
    assert "unknown is silent: Unheard is not implemented" in messages
    assert "reader is silent: no file is chosen" in messages
    net.reader.SourceFile = str(tmp_path / "low.wav")
    heard = stage.run(8)
    assert np.abs(heard).max() > 0.5
    assert "reader" not in " ".join(net.status().messages)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that there is no file is said or not, as undo likes
        net.undo()
    heard = np.concatenate([heard, stage.run(8)])
    assert not heard[-512:].any()
    assert steepest(heard) < ALLOWED
