"""A network file is data: what it names is not looked at before the network plays, and nothing is lost by that."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import numpy as np
import pytest
import soundfile
from looking import opened_in

from ipyclam_core import Network, errors

SUFFIXES = (".py", ".clamnetwork")
NAMED = {
    "SndfilePlayer": "SourceFile", "MultiChannelAudioFileReader": "SourceFile", "MonoAudioFileReader": "SourceFile",
    "AudioFileMemoryLoader": "SourceFile", "Vbap3D": "SpeakerLayout", "Hoa2RegularSpeakerArray": "SpeakerLayout",
    "MonoAudioFileWriter": "TargetFile", "Sampler": "SourceFile", "Hoa2IrregularSpeakerArray": "DecodingFile",
    "SndfileWriter": "TargetFile", "ControlTraceReader": "TraceFile", "ControlTraceWriter": "TraceFile",
    "ControlSequencer": "Filename", "ChoreoSequencer": "Filename",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    soundfile.write("four.wav", np.full((4800, 4), [0.1, 0.2, 0.3, 0.4]), 48000, "FLOAT")
    Path("ring.layout").write_text("0 0 front\n0 90 left\n0 180 back\n0 270 right\n90 0 up\n")
    return tmp_path


def written(type_: str, path: str, suffix: str) -> str:
    """A network file with one processing that names a path."""
    parameter = NAMED[type_]
    name = f"net{suffix}"
    if suffix == ".py":
        text = f'net = Network("clam")\nnet.a = net.types.{type_}\nnet.a.{parameter} = "{path}"\n'
    else:
        text = f'<network id="x"><processing id="a" type="{type_}"><{parameter}>{path}</{parameter}></processing></network>'
    Path(name).write_text(text)
    return name


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("type_", NAMED)
def test_no_path_is_looked_at_before_it_plays(folder: Path, type_: str, suffix: str) -> None:
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    for name in ("ring.layout", "four.wav"):
        os.rename(name, elsewhere / name)
    os.mkfifo(elsewhere / "pipe.wav")
    net = Network("clam")
    for path in ("four.wav", "ring.layout", "pipe.wav", "nothing.wav"):
        with opened_in(elsewhere) as opened, warnings.catch_warnings():
            warnings.simplefilter("error")
            net.load(written(type_, f"elsewhere/{path}", suffix))
            repr(net), dir(net.a), repr(net.a._outports), net.code(), net._repr_svg_()
            net.save("again.py"), net.save("again.clamnetwork")
        assert opened == set()
    net.close()


@pytest.mark.parametrize("type_", NAMED)
def test_only_a_regular_file_is_opened_when_it_plays(folder: Path, type_: str) -> None:
    os.mkfifo("pipe.wav")
    os.mkdir("folder.wav")
    net = Network("clam")
    for path in ("pipe.wav", "folder.wav", "/dev/zero"):
        net.load(written(type_, path, ".py"))
        net.s = net.types.AudioSink
        with pytest.raises(errors.NotPlayable):
            net.render(frames=10)
        with pytest.raises(errors.NotPlayable):
            net.play("clock")
        net.b = net.types[type_]
        with pytest.raises(ValueError, match=r"is a (pipe|folder|device), not a file|has no suffix|set SpeakerLayout|set DecodingFile"):
            net.b[NAMED[type_]] = path
    net.close()


def test_a_layout_is_read_up_to_a_megabyte(folder: Path) -> None:
    Path("long.layout").write_text("0 0 speaker\n" * 100_000)
    net = Network("clam")
    net.pan = net.types.Vbap3D
    with pytest.raises(ValueError, match=r"'long\.layout' is too large: 1,200,000 bytes\. The limit is 1,048,576"):
        net.pan.SpeakerLayout = "long.layout"
    net.close()


def patch() -> Network:
    net = Network("clam")
    net.many, net.player, net.pan, net.decode = (
        net.types[name] for name in ("MultiChannelAudioFileReader", "SndfilePlayer", "Vbap3D", "Hoa2RegularSpeakerArray")
    )
    net.many.SourceFile = net.player.SourceFile = "four.wav"
    net.pan.SpeakerLayout = net.decode.SpeakerLayout = "ring.layout"
    net.pan.IgnoreLabels = False
    net.out = net.types.AudioSink
    net.out.NInputs = 6
    net.many["Channel #3"] > net.out["1"]
    net.many["Channel #1"] > net.out["2"]
    net.player["out2"] > net.out["3"]
    net.player["out0"] > net.pan["W"]
    net.pan["back"] > net.out["4"]
    net.pan["up"] > net.out["5"]
    net.decode["05"] > net.out["6"]
    return net


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_wires_of_connectors_that_a_file_gives_are_loaded(folder: Path, suffix: str) -> None:
    net = patch()
    heard = net.render(0.01)
    net.save(f"x{suffix}")
    again = Network("clam")
    with opened_in(folder) as opened, warnings.catch_warnings():
        warnings.simplefilter("error")
        again.load(f"x{suffix}")
        assert again == net
        again.save("y.py")
    assert not {name for name in opened if name.endswith((".wav", ".layout"))}
    assert again.render(0.01) == pytest.approx(heard)
    assert again == net
    assert again._waiting == ()
    assert [port.name for port in again.many._outports] == [port.name for port in net.many._outports]
    assert [port.name for port in again.pan._outports] == ["front", "left", "back", "right", "up"]
    net.close(), again.close()


def test_aliases_in_a_file_reach_connectors_that_a_file_gives(folder: Path) -> None:
    Path("x.py").write_text(
        'net = Network("clam")\nnet.a = net.types.MultiChannelAudioFileReader\nnet.a.SourceFile = "four.wav"\n'
        "net.out = net.types.AudioSink\nnet.a.Channel_2 > net.out.Input1\nnet.out.Input1 < net.a._outports.Channel_0\n"
    )
    net = Network("clam")
    net.load("x.py")
    assert [wire.source_connector for wire in net.proxy.wires()] == ["Channel #2", "Channel #0"]
    net.close()


def test_a_broadcast_in_a_file_that_depends_on_another_file_is_refused_in_words(folder: Path) -> None:
    head = 'net = Network("clam")\nnet.a = net.types.SndfilePlayer\nnet.a.SourceFile = "four.wav"\nnet.out = net.types.AudioSink\n'
    net = Network("clam")
    for statement in ("net.a > net.out", "net.a._outports > net.out", "net.a[0:2] > net.out", "net.out < net.a"):
        Path("x.py").write_text(f"{head}{statement}\n")
        with pytest.raises(errors.FormatError, match=r"line 5: the ports of a depend on a file, .* Connect each port by its name"):
            net.load("x.py")
    net.close()


def test_wires_whose_connectors_the_file_does_not_have_wait(folder: Path) -> None:
    net = patch()
    net.save("x.py")
    soundfile.write("four.wav", np.full((4800, 2), 0.5), 48000)
    again = Network("clam")
    again.load("x.py")
    with pytest.warns(UserWarning, match=r"a file does not have the channels of these wires, which wait: many\['Channel #3'\]"):
        again.render(frames=10)
    assert ("Port", "many", "Channel #3", "out", "1") in again._waiting
    assert [port.name for port in again.many._outports] == ["Channel #0", "Channel #1"]
    net.close(), again.close()


def test_a_missing_file_loses_no_wire(folder: Path) -> None:
    net = patch()
    net.save("x.py")
    os.rename("four.wav", "moved.wav")
    again = Network("clam")
    again.load("x.py")
    with pytest.raises(errors.NotPlayable, match="there is no file"):
        again.render(frames=10)
    assert again == net
    again.many._position = (1, 2)
    again.player.Loop = True
    assert len(again.proxy.wires()) == len(net.proxy.wires())
    again.undo(), again.undo(), again.undo(), again.redo()
    assert again == net
    again.many.SourceFile = again.player.SourceFile = "moved.wav"
    assert len(again.proxy.wires()) == len(net.proxy.wires())
    assert again.render(0.01) == pytest.approx(net_heard(net))
    again.close()


def net_heard(net: Network) -> np.ndarray:
    os.symlink("moved.wav", "four.wav")
    try:
        return net.render(0.01)
    finally:
        net.close()


def test_what_is_loaded_while_it_plays_opens_its_files_at_the_next_play(folder: Path) -> None:
    net = Network("clam")
    net.out = net.types.AudioSink
    net.play("clock")
    Path("x.py").write_text(
        'net = Network("clam")\nnet.w = net.types.MonoAudioFileWriter\nnet.w.TargetFile = "four.wav"\nnet.o = net.types.Oscillator\n'
        'net.o["Audio Output"] > net.w["Samples Write"]\n'
    )
    before = Path("four.wav").read_bytes()
    with pytest.warns(UserWarning, match="w: it was loaded while the network plays"):
        net.load("x.py")
    assert net.state == "playing"
    assert "w is silent: it was loaded while the network plays. Its files are opened at the next play()" in net.status().messages
    assert Path("four.wav").read_bytes() == before
    net.play()
    assert not any("w is silent" in message for message in net.status().messages)
    assert f"{str(folder / 'four.wav')!r} is overwritten" in net.status().messages or "'four.wav' is overwritten" in net.status().messages
    net.stop()
    assert Path("four.wav").read_bytes() != before
    net.close()


def test_a_file_that_is_overwritten_is_told_once(folder: Path) -> None:
    net = Network("clam")
    net.o, net.w = net.types.Oscillator, net.types.MonoAudioFileWriter
    net.o > net.w
    net.w.TargetFile = "four.wav"
    net.play("clock")
    assert "'four.wav' is overwritten" in net.status().messages
    net.stop()
    net.play()
    assert "'four.wav' is overwritten" not in net.status().messages  # by now it is ours
    net.stop()
    soundfile.write("four.wav", np.zeros(100), 48000)
    with pytest.warns(UserWarning, match=r"'four\.wav' is overwritten"):
        net.render(frames=100)
    net.close()


def test_a_trusted_file_is_a_program_and_looks_at_its_files(folder: Path) -> None:
    net = patch()
    net.save("x.py")
    again = Network("clam")
    again.load("x.py", trusted=True)
    assert len(again.many._outports) == 4
    net.close(), again.close()
