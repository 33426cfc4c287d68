"""Files that are written or read at the moment: nothing else writes over them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from waiting import eventually

from ipyclam_core import Network, errors, in_use

from .conftest import Stage

SINE = np.sin(2 * np.pi * 440 / 48000 * np.arange(256 * 40)).astype(np.float32)


def writing(stage: Stage, path: Path, type_: str = "MonoAudioFileWriter") -> Stage:
    net = stage.net
    net.sine, net.writer, net.out = "Sine", type_, "AudioSink"
    net.writer.TargetFile, net.writer.SampleRate = str(path), 48000
    net.sine > net.writer._inports[0]
    net.sine > net.out
    return stage


def reading(stage: Stage, path: Path) -> Stage:
    net = stage.net
    net.reader, net.sink = "MonoAudioFileReader", "AudioSink"
    net.reader.SourceFile = str(path)
    net.reader > net.sink
    return stage


def recorded(path: Path) -> np.ndarray:
    samples = soundfile.read(path, dtype="float32", always_2d=True)[0][:, 0]
    return np.asarray(samples)


def same(kept: np.ndarray, heard: np.ndarray) -> bool:
    """Whether a file has what was heard, after the sinks have faded in."""
    return len(kept) == len(heard) and np.array_equal(kept[1024:], heard[1024:])


@pytest.mark.parametrize("type_", ["MonoAudioFileWriter", "MultiChannelAudioFileWriter", "SndfileWriter"])
def test_a_render_leaves_a_recording_alone_and_says_so(stage: Stage, tmp_path: Path, type_: str) -> None:
    writing(stage, tmp_path / "take.wav", type_).play()
    before = stage.run(20)
    with pytest.warns(UserWarning, match=r"take\.wav' is being written at the moment\. Choose another file"):
        assert stage.net.render(frames=1000).any()
    after = stage.run(20)
    stage.net.stop()
    assert same(recorded(tmp_path / "take.wav"), np.concatenate([before, after])[:, 0])


def test_the_first_of_two_writers_to_a_file_keeps_it(stages: Callable[..., Stage], tmp_path: Path) -> None:
    one, other = writing(stages(), tmp_path / "take.wav"), writing(stages(), tmp_path / "again.wav")
    one.play()
    heard = one.run(10)
    os.link(tmp_path / "take.wav", tmp_path / "same.wav")
    other.net.writer.TargetFile = str(tmp_path / "same.wav")  # the same file, whatever it is called
    with pytest.warns(UserWarning, match="same.wav' is being written at the moment"):
        other.play()
    other.run(5)
    assert any("same.wav' is being written" in message for message in other.net.status().messages)
    other.net.stop()
    one.net.stop()
    assert same(recorded(tmp_path / "take.wav"), heard[:, 0])
    other.play()
    other.run(3)
    other.net.stop()
    assert len(recorded(tmp_path / "same.wav")) == 3 * 256


def test_a_recording_of_the_output_is_not_written_over(stages: Callable[..., Stage], tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    one, other = stages(), writing(stages(), path)
    one.net.sine, one.net.out = "Sine", "AudioSink"
    one.net.sine > one.net.out
    one.net.record(path)
    one.play()
    heard = one.run(10)
    with pytest.warns(UserWarning, match="is being written"):
        other.play()
    with pytest.raises(errors.FileInUse):
        other.net.record(path)
    other.run(5)
    other.net.stop()
    one.net.stop()
    assert same(recorded(path), heard[:, 0])


def test_a_file_that_is_written_cannot_be_played_until_it_is_complete(stages: Callable[..., Stage], tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    soundfile.write(path, SINE, 48000)
    reader, writer = reading(stages(), path), writing(stages(), path)
    writer.play()
    writer.run(5)
    with pytest.raises(errors.NotPlayable, match=r"is being written at the moment\. It can be played when it is complete"):
        reader.play()
    writer.net.stop()
    reader.play()
    assert reader.run(5).any()


def test_a_file_that_plays_is_not_written_over(stages: Callable[..., Stage], tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    soundfile.write(path, SINE, 48000)
    reader, writer = reading(stages(), path), writing(stages(), path)
    reader.play()
    heard = [reader.run(5)]
    with pytest.warns(UserWarning, match="take.wav' is being played at the moment"):
        writer.play()
    writer.run(20)
    writer.net.stop()
    heard.append(reader.run(30))
    assert soundfile.info(path).frames == len(SINE)
    assert np.abs(np.concatenate(heard)[1024:8192, 0]).max() > 0.9


def test_a_network_that_is_gone_leaves_its_file(stage: Stage, tmp_path: Path) -> None:
    writing(stage, tmp_path / "take.wav").play()
    stage.run(2)
    with pytest.raises(errors.FileInUse):
        in_use.check(str(tmp_path / "take.wav"))
    stage.net.close()
    in_use.check(str(tmp_path / "take.wav"))


def test_a_child_process_leaves_the_recordings_of_its_parent(tmp_path: Path) -> None:
    """What it has of them shares the place in the file with the parent."""
    net = Network()
    net.sine, net.writer, net.out = "Sine", "MonoAudioFileWriter", "AudioSink"
    net.writer.TargetFile, net.writer.SampleRate = str(tmp_path / "take.wav"), 48000
    net.sine > net.writer._inports[0]
    net.sine > net.out
    net.record(tmp_path / "output.wav")
    net.play("clock")
    eventually(lambda: net.status().position > 0.2)
    child = os.fork()
    if not child:
        import gc

        net.stop()
        gc.collect()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    until = net.status().position + 0.2
    while net.status().position < until:
        time.sleep(0.01)
    net.stop()
    for name in ("take.wav", "output.wav"):
        kept = recorded(tmp_path / name)
        assert len(kept) >= int(0.4 * 48000)
        assert np.abs(np.diff(kept)).max() < 0.1
