"""Recordings of the output: armed before playing, cancelled, and what is said where they cannot be written."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import soundfile
from waiting import eventually

from ipyclam_core import Network, errors

from .conftest import Stage

pytestmark = pytest.mark.slow

FULL = pytest.mark.filterwarnings("ignore:.*the disk is full")


def sounding(stage: Stage) -> Stage:
    stage.net.sine, stage.net.out = "Sine", "AudioSink"
    stage.net.sine > stage.net.out
    return stage


def test_an_armed_recording_is_shown_until_it_begins(stage: Stage, tmp_path: Path) -> None:
    sounding(stage).net.record(tmp_path / "take.wav")
    assert stage.net.status().messages == (f"the next play() records to {tmp_path}/take.wav. To cancel it: stop()",)
    stage.play()
    assert stage.net.status().messages == ()
    stage.run(2)
    stage.net.stop()
    assert soundfile.info(tmp_path / "take.wav").frames == 512


def test_stop_cancels_an_armed_recording(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "take.wav").write_text("something else")
    end = sounding(stage).net.record(tmp_path / "take.wav")
    stage.net.stop()
    assert stage.net.status().messages == ()
    stage.play()
    stage.run(2)
    assert end() == 0
    assert (tmp_path / "take.wav").read_text() == "something else"


def test_to_end_a_recording_ends_no_other(stage: Stage, tmp_path: Path) -> None:
    first = sounding(stage).net.record(tmp_path / "first.wav")
    second = stage.net.record(tmp_path / "second.wav")
    assert first() == 0
    stage.play()
    stage.run(2)
    assert first() == 0
    stage.run(2)
    assert second() == 4 * 256
    assert not (tmp_path / "first.wav").exists()


def test_a_folder_that_is_not_there_is_told_at_once(stage: Stage, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        sounding(stage).net.record(tmp_path / "nowhere" / "take.wav")
    assert stage.net.status().messages == ()


@FULL
def test_a_full_disk_is_an_error_that_tells_how_much_is_kept(small_disk: Path) -> None:
    path = small_disk / "take.wav"
    net = Network()
    net.sine, net.out = "Sine", "AudioSink"
    net.sine > net.out
    end = net.record(path)
    net.play("clock")
    kept = str(eventually(lambda: [message for message in net.status().messages if "the disk is full" in message])[0])
    net.stop()
    assert net.status().messages == (kept,)
    with pytest.raises(errors.WriteFailed) as refused:
        end()
    assert str(refused.value) == kept == f"{path}: the disk is full. The file has the first {soundfile.info(path).duration:.2f} seconds"
    (small_disk / "take.wav").unlink()
    net.play("clock")
    assert net.status().messages == ()
    net.stop()


@FULL
def test_a_writer_on_a_full_disk_tells_how_much_is_kept(small_disk: Path) -> None:
    path = small_disk / "take.wav"
    net = Network()
    net.sine, net.writer, net.out = "Sine", "MonoAudioFileWriter", "AudioSink"
    net.writer.TargetFile, net.writer.SampleRate = str(path), 48000
    net.sine > net.writer
    net.sine > net.out
    with pytest.warns(UserWarning, match="the disk is full"):
        net.render(seconds=10)
    net.play("clock")
    kept = eventually(lambda: [message for message in net.status().messages if "the disk is full" in message])
    net.stop()
    there = f"The file has the first {soundfile.info(path).duration:.2f} seconds"
    assert kept == [f"{str(path)!r} cannot be written: the disk is full. {there}"] == list(net.status().messages)


def test_what_is_found_at_the_end_is_told_after_it(stages: Callable[..., Stage], small_disk: Path) -> None:
    """A disk that is filled by others: what is written last has no room."""
    stage = sounding(stages())
    end = stage.net.record(small_disk / "take.wav")
    stage.play()
    stage.run(2)
    with pytest.raises(OSError, match="No space"):
        (small_disk / "other").write_bytes(b"x" * 500_000)
    for _ in range(40):
        stage.player.device.run(None)
    with pytest.warns(UserWarning, match="the disk is full"):
        stage.net.stop()
    with pytest.raises(errors.WriteFailed, match="the disk is full"):
        end()


@pytest.mark.parametrize("how", ["removed", "moved", "replaced"])
def test_a_file_that_is_gone_when_it_is_complete_is_told(stage: Stage, tmp_path: Path, how: str) -> None:
    folder = tmp_path / "takes"
    folder.mkdir()
    net = sounding(stage).net
    net.writer = "MonoAudioFileWriter"
    net.writer.TargetFile = str(folder / "writer.wav")
    net.sine > net.writer
    end = net.record(folder / "take.wav")
    stage.play()
    stage.run(2)
    if how == "replaced":
        for name in ("writer.wav", "take.wav"):
            (tmp_path / name).write_bytes(b"another")
            (tmp_path / name).replace(folder / name)
    elif how == "moved":
        folder.rename(tmp_path / "elsewhere")
    else:
        shutil.rmtree(folder)
    with pytest.warns(UserWarning, match="moved, removed or replaced"):
        net.stop()
    assert len([message for message in net.status().messages if "moved, removed or replaced" in message]) == 2
    with pytest.raises(errors.WriteFailed, match=r"take\.wav: it was moved, removed or replaced"):
        end()


def test_a_file_that_may_not_grow_is_told(tmp_path: Path) -> None:
    """A limit of the system that is not the disk: the sizes of files."""
    code = """
import resource, signal, sys, warnings
warnings.simplefilter("ignore")
from ipyclam_core import Network, errors
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
net = Network()
net.sine, net.out = "Sine", "AudioSink"
net.sine > net.out
net.render(0.1)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
end = net.record(sys.argv[1])
net.play("clock")
while not net.status().messages:
    pass
net.stop()
try:
    end()
except errors.WriteFailed as error:
    print(error)
"""
    said = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "take.wav")], capture_output=True, text=True, timeout=120, check=False
    )
    seconds = soundfile.info(tmp_path / "take.wav").duration
    assert said.stderr == ""
    assert said.stdout.startswith(f"{tmp_path / 'take.wav'}: ")
    assert said.stdout.endswith(f"The file has the first {seconds:.2f} seconds\n")


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), 10**400, -1, 0, "1", True])
@pytest.mark.parametrize("playing", [False, True])
def test_a_duration_that_cannot_be_is_refused_and_the_file_stays(tmp_path: Path, seconds: object, playing: bool) -> None:
    path = tmp_path / "take.wav"
    path.write_bytes(b"an earlier take")
    net = Network()
    net.out = net.types.AudioSink
    if playing:
        net.play("clock")
    with pytest.raises((TypeError, ValueError), match=r"seconds"):
        net.record(path, seconds)  # type: ignore[arg-type]
    assert path.read_bytes() == b"an earlier take"
    net.play("clock")
    net.close()
