"""One companion after the other, where they write to one place; and files that cannot be."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from waiting import eventually

from ipyclam_core import Network
from ipyclam_core.declare import config, in_port, out_port, processing
from ipyclam_core.errors import DefinitionError

from .conftest import Stage

happened: list[str] = []


@processing(category="Tests")
class Keeps:
    """Writes down when its companion begins and ends."""

    Number = config(0)
    audio = in_port("In")

    def companion(Number):  # noqa: N805 -- no method: there is no self
        class Companion:
            def __init__(self) -> None:
                happened.append(f"begin {Number}")

            def service(self) -> None:
                pass

            def close(self) -> None:
                happened.append(f"end {Number}")

        return Companion()

    class State:
        unused: int

    def process(state, audio, frames):  # noqa: N805 -- as above
        state.unused += 1


def playing(stage: Stage) -> Any:
    happened.clear()
    stage.net.keeps = Keeps
    stage.play()
    stage.run(4)
    return stage.net.keeps


def test_a_companion_begins_when_the_one_before_has_ended(stage: Stage) -> None:
    keeps = playing(stage)
    keeps.Number = 1
    stage.player._files.service()  # the thread of the files may come before the audio thread has the change
    stage.run(20)
    assert happened == ["begin 0", "end 0", "begin 1"]


def test_one_that_is_replaced_before_it_began_never_begins(stage: Stage) -> None:
    keeps = playing(stage)
    keeps.Number = 1
    keeps.Number = 2
    stage.net._proxy.inner.player.device.run(None)
    stage.player.serve()  # a slow disk: the files are not served yet
    stage.run(20)
    del stage.net.keeps
    stage.run(20)
    assert happened == ["begin 0", "end 0", "begin 2", "end 2"]


@pytest.fixture
def pipe(tmp_path: Path) -> str:
    path = str(tmp_path / "pipe.wav")
    os.mkfifo(path)
    return path


@pytest.mark.parametrize(("type_", "parameter"), [("MonoAudioFileReader", "SourceFile"), ("MonoAudioFileWriter", "TargetFile")])
def test_a_pipe_is_refused_and_not_waited_for(type_: str, parameter: str, pipe: str) -> None:
    net = Network()
    net.one = net.types[type_]
    with pytest.raises(ValueError, match="is a pipe, not a file"):
        net.one[parameter] = pipe
    assert net.one[parameter] == ""


def test_a_recording_into_a_pipe_is_refused(pipe: str, stage: Stage) -> None:
    stage.net.sink = stage.net.types.AudioSink
    stage.play()
    with pytest.raises(ValueError, match="is a pipe, not a file"):
        stage.net._proxy.inner.record(pipe)


def test_a_file_that_cannot_be_written_is_in_the_status(stage: Stage, tmp_path: Path) -> None:
    stage.net.tone = stage.net.types.SimpleOscillator
    stage.net.writer = stage.net.types.MonoAudioFileWriter
    stage.net.tone > stage.net.writer
    stage.net.writer.TargetFile = str(tmp_path / f"{'long' * 80}.wav")
    with pytest.warns(UserWarning, match="cannot be written"):
        stage.play()
    stage.run(4)
    assert any(".wav' cannot be written" in message for message in stage.net.status().messages)


def test_a_looped_file_that_is_emptied_while_it_plays_is_said_and_ends(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "loop.wav"
    soundfile.write(path, np.full(48000, 0.3, np.float32), 48000)
    stage.net.reader = stage.net.types.MonoAudioFileReader
    stage.net.reader.SourceFile = str(path)
    stage.net.reader.Loop = True
    stage.net.sink = stage.net.types.AudioSink
    stage.net.reader > stage.net.sink
    stage.play()
    path.write_bytes(b"")
    with pytest.warns(UserWarning, match="cannot be read any more"):
        stage.run(200)
    assert any("cannot be read any more: nothing is left of it" in message for message in stage.net.status().messages)


@processing(category="Tests")
class WrongCompanion:
    """Has a number for its companion."""

    output = out_port("Out")

    def companion():
        return 5

    def process(output):  # noqa: N805 -- as above
        output[:] = 0.5


@processing(category="Tests")
class FailsAtItsEnd:
    """Its companion cannot be closed."""

    output = out_port("Out")

    def companion():
        class Companion:
            def service(self) -> None:
                pass

            def close(self) -> None:
                raise OSError("disk full")

        return Companion()

    def process(output):  # noqa: N805 -- as above
        output[:] = 0.5


def connected(type_: Any) -> Network:
    net = Network("clam")
    net.one, net.sink = type_, net.types.AudioSink
    _ = net.one > net.sink
    return net


def test_a_companion_without_its_functions_is_refused() -> None:
    with pytest.raises(DefinitionError, match=r"WrongCompanion: companion must return an object .* service\(\) and close\(\), .* not 5"):
        connected(WrongCompanion).render(frames=2)


def test_a_companion_without_its_functions_is_in_the_status(stage: Stage) -> None:
    stage.net.one = WrongCompanion
    stage.play()
    stage.run(4)
    assert any("companion must return" in message for message in stage.net.status().messages)


def test_a_companion_that_fails_at_its_end_loses_nothing() -> None:
    with pytest.warns(UserWarning, match="the companion of a FailsAtItsEnd could not be closed: OSError: disk full"):
        assert connected(FailsAtItsEnd).render(frames=2).ravel().tolist() == [0.5, 0.5]


def test_a_printer_that_is_configured_while_it_plays_prints(capfd: pytest.CaptureFixture[str]) -> None:
    net = Network("clam")
    net.sender, net.osc, net.out = net.types.OutControlSender, net.types.Sine, net.types.AudioSink
    net.osc > net.out
    net.play("clock")
    net.printer = net.types.ControlPrinter
    net.printer.Identifier, net.printer.GuiOnly = "heard", False
    net.sender > net.printer
    said: list[str] = []

    def is_heard() -> bool:
        net.sender.Default = 0.75 - net.sender.Default  # 0.75, 0, 0.75 ...
        said.append(capfd.readouterr().out)
        return "heard: 0.75" in "".join(said)

    eventually(is_heard)
    net.close()
