"""Readers and writers of audio files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from clam.judging import decibels

from ipyclam_core import Network, errors
from ipyclam_core.declare.declaration import catalog, values_for
from ipyclam_core.processings.files._streams import WRITTEN
from ipyclam_core.processings.files.writers import FORMATS

from .kernels import CompiledProcessing

READERS = pytest.mark.parametrize("name", ["MonoAudioFileReader", "AudioFileMemoryLoader"])
WRITERS = pytest.mark.parametrize("name", ["MonoAudioFileWriter", "MultiChannelAudioFileWriter", "SndfileWriter"])


def played(name: str, blocks: int, config: dict[str, Any], **options: Any) -> np.ndarray:
    reader = CompiledProcessing(catalog[name], config, **options)
    heard = np.concatenate([np.stack(reader.run()) for _ in range(blocks)], axis=1)
    reader.close()
    return heard


def problem(name: str, **config: Any) -> str:
    type_ = catalog[name]
    return type_.problem(**values_for(type_.problem, {**type_.spec.defaults, **config}, type_.items))


@pytest.fixture
def stereo(tmp_path: Path) -> tuple[str, np.ndarray]:
    """A stereo file of half a second at 44100 Hz, and what is in it."""
    samples = np.random.default_rng(3).uniform(-0.9, 0.9, (22050, 2)).astype(np.float32)
    path = tmp_path / "stereo.wav"
    soundfile.write(path, samples, 44100, subtype="FLOAT")
    return str(path), samples


@READERS
def test_a_file_is_played_sample_for_sample_and_then_silence(name: str, stereo: tuple[str, np.ndarray]) -> None:
    path, samples = stereo
    heard = played(name, 50, {"SourceFile": path, "SelectedChannel": 1})[0]
    assert np.array_equal(heard[:22050], samples[:, 1])
    assert not heard[22050:].any()


@READERS
def test_a_loop_goes_on_with_the_beginning(name: str, stereo: tuple[str, np.ndarray]) -> None:
    path, samples = stereo
    heard = played(name, 130, {"SourceFile": path, "Loop": True})[0]
    assert np.array_equal(heard, np.tile(samples[:, 0], 4)[: len(heard)])


def test_a_player_is_told_by_a_control_whether_to_go_on_with_the_beginning(stereo: tuple[str, np.ndarray]) -> None:
    path, samples = stereo
    player = CompiledProcessing(catalog["SndfilePlayer"], {"SourceFile": path, "Loop": True})
    heard = np.concatenate([np.stack(player.run()) for _ in range(60)], axis=1)  # in the second pass, and read far ahead
    player.send("loop", 0.0)
    heard = np.concatenate([heard, *(np.stack(player.run()) for _ in range(60))], axis=1)
    assert np.array_equal(heard[:, :44100], np.tile(samples.T, 2))
    assert not heard[:, 44100:].any()
    player.send("loop", 1.0)
    player.run()  # asks for it
    again = np.concatenate([np.stack(player.run()) for _ in range(100)], axis=1)
    assert np.array_equal(again, np.tile(samples.T, 3)[:, : again.shape[1]])
    player.close()


def test_every_channel_has_a_port(stereo: tuple[str, np.ndarray]) -> None:
    path, samples = stereo
    heard = played("MultiChannelAudioFileReader", 10, {"SourceFile": path})
    assert np.array_equal(heard, samples[:5120].T)


def test_channels_can_be_selected(stereo: tuple[str, np.ndarray]) -> None:
    path, samples = stereo
    heard = played("MultiChannelAudioFileReader", 10, {"SourceFile": path, "SelectedChannels": (1,)})
    assert np.array_equal(heard, samples[:5120, 1:].T)


@READERS
def test_a_file_of_another_rate_is_resampled_and_says_so(name: str, tmp_path: Path) -> None:
    path = tmp_path / "low.wav"
    soundfile.write(path, 0.5 * np.sin(2.0 * np.pi * 440.0 / 22050.0 * np.arange(22050)), 22050, subtype="FLOAT")
    with pytest.warns(UserWarning, match="is at 22050 Hz: it is resampled to 48000 Hz"):
        heard = played(name, 80, {"SourceFile": str(path)}, sample_rate=48000.0)[0]
    expected = 0.5 * np.sin(2.0 * np.pi * 440.0 / 48000.0 * np.arange(len(heard)))
    assert decibels(expected[2000:30000], heard[2000:30000]) > 80.0


def test_seek_jumps_and_then_plays_on(stereo: tuple[str, np.ndarray]) -> None:
    path, samples = stereo
    reader = CompiledProcessing(catalog["MonoAudioFileReader"], {"SourceFile": path})
    for _ in range(4):
        reader.run()
    reader.send("seek", 0.5)
    reader.run()  # asks for it
    reader.run()  # fades over
    heard = np.concatenate([reader.run()[0] for _ in range(10)])
    reader.close()
    assert np.array_equal(heard, samples[11025 + 512 : 11025 + 512 + 5120, 0])


def test_many_seeks_at_once_end_at_the_last(stereo: tuple[str, np.ndarray]) -> None:
    path, samples = stereo
    reader = CompiledProcessing(catalog["MonoAudioFileReader"], {"SourceFile": path, "Loop": True})
    for k in range(40):
        reader.send("seek", k / 80.0)
        reader.run()
    reader.send("seek", 0.25)
    for _ in range(5):
        reader.run()
    start = int(reader.sent("frame")[-1]) + 512
    heard = reader.run()[0]
    reader.close()
    assert np.array_equal(heard, samples[start : start + 512, 0])
    assert 5512 <= start <= 5512 + 6 * 512


def test_a_reader_says_where_it_is(stereo: tuple[str, np.ndarray]) -> None:
    reader = CompiledProcessing(catalog["MonoAudioFileReader"], {"SourceFile": stereo[0]})
    for _ in range(3):
        reader.run()
    reader.close()
    assert reader.sent("frame") == [0.0, 512.0, 1024.0]
    assert reader.sent("time") == pytest.approx([0.0, 1000.0 * 512 / 44100, 1000.0 * 1024 / 44100])
    assert reader.sent("progress") == pytest.approx([0.0, 512 / 22050, 1024 / 22050])


def test_a_disk_that_is_too_slow_is_silence_and_is_counted(voice: str) -> None:
    reader = CompiledProcessing(catalog["MonoAudioFileReader"], {"SourceFile": voice})
    companion, reader.companion = reader.companion, None  # nobody reads ahead any more
    there = int(reader.field("counters")[WRITTEN])
    heard = np.concatenate([reader.run()[0] for _ in range(there // 512 + 4)])
    assert not heard[there:].any()
    assert reader.field("starved") == len(heard) - there
    companion.service()
    assert reader.run()[0].any()
    companion.close()


@pytest.mark.parametrize("name", ["MonoAudioFileReader", "AudioFileMemoryLoader", "MultiChannelAudioFileReader"])
def test_what_cannot_be_read_is_a_problem_in_words(name: str, tmp_path: Path, stereo: tuple[str, np.ndarray]) -> None:
    assert problem(name) == "no file is chosen: set SourceFile"
    assert problem(name, SourceFile="x.wav") == "there is no file 'x.wav'"
    (tmp_path / "text.wav").write_text("not a sound")
    assert "cannot be read" in problem(name, SourceFile=str(tmp_path / "text.wav"))
    soundfile.write(tmp_path / "empty.wav", np.zeros(0), 44100)
    assert "holds no samples" in problem(name, SourceFile=str(tmp_path / "empty.wav"))
    channel: dict[str, Any] = {"SelectedChannels": (2,)} if name.startswith("Multi") else {"SelectedChannel": 2}
    assert "there is no channel 2" in problem(name, SourceFile=stereo[0], **channel)
    assert problem(name, SourceFile=stereo[0]) == ""


def recorded(name: str, path: Path, signals: list[np.ndarray], **config: Any) -> np.ndarray:
    writer = CompiledProcessing(catalog[name], {"TargetFile": str(path), **config})
    for place in range(0, len(signals[0]), 512):
        writer.run([samples[place : place + 512] for samples in signals])
    writer.close()
    return soundfile.read(path, dtype="float32", always_2d=True)[0]


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".aiff", ".ogg"])
@WRITERS
def test_a_signal_is_recorded_whole(name: str, suffix: str, tmp_path: Path, recordings: list[np.ndarray]) -> None:
    channels = 2 if name.startswith("Multi") else 1
    signals = [samples[: 512 * 100] for samples in recordings[:channels]]
    kept = recorded(name, tmp_path / f"out{suffix}", signals)
    assert kept.shape == (51200, channels)
    wanted = 10.0 if suffix == ".ogg" else 60.0
    for k in range(channels):
        assert decibels(signals[k], kept[:, k]) > wanted


@pytest.mark.parametrize(("chosen", "kind"), FORMATS.items())
def test_a_chosen_format_is_that_of_the_file_and_of_its_samples(
    chosen: str, kind: tuple[str, str], tmp_path: Path, recordings: list[np.ndarray]
) -> None:
    signals = [2.0 * samples[:51200] for samples in recordings[:3]]
    kept = recorded("SndfileWriter", tmp_path / "take", signals, NumberChannels=3, Format=chosen)
    found = soundfile.info(tmp_path / "take")
    assert (found.format, found.subtype, found.channels, found.samplerate) == (*kind, 3, 44100)
    wanted = np.array(signals).T if "Float" in chosen else np.clip(signals, -1.0, 1.0).T
    assert np.abs(kept - wanted).max() <= 2.0**-15


def test_a_format_is_not_asked_for_more_channels_than_it_has(tmp_path: Path) -> None:
    target = str(tmp_path / "take.flac")
    assert problem("SndfileWriter", TargetFile=target, Format="FLAC 16 bit", NumberChannels=8) == ""
    assert problem("SndfileWriter", TargetFile=target, Format="FLAC 16 bit", NumberChannels=9) == (
        "a FLAC file has at most 8 channels, not 9: choose a Wav format"
    )


def test_a_float_file_is_kept_bit_for_bit(tmp_path: Path, recordings: list[np.ndarray]) -> None:
    kept = recorded("MonoAudioFileWriter", tmp_path / "out.wav", [3.0 * recordings[0][:51200]])
    assert np.array_equal(kept[:, 0], 3.0 * recordings[0][:51200])


def test_a_file_has_the_rate_it_is_asked_to_have(tmp_path: Path, recordings: list[np.ndarray]) -> None:
    kept = recorded("MonoAudioFileWriter", tmp_path / "out.wav", [recordings[3][:88064]], SampleRate=22050.0)
    assert soundfile.info(tmp_path / "out.wav").samplerate == 22050
    assert abs(len(kept) - 44032) <= 1


def test_a_disk_that_is_full_is_said_and_playing_goes_on(tmp_path: Path, recordings: list[np.ndarray]) -> None:
    (tmp_path / "full.wav").symlink_to("/dev/full")

    def play() -> None:
        writer = CompiledProcessing(catalog["MonoAudioFileWriter"], {"TargetFile": str(tmp_path / "full.wav")})
        for _ in range(100):
            writer.run([recordings[0][:512]])
        writer.close()

    with pytest.warns(UserWarning, match="full.wav' cannot be written"):
        play()


def test_frames_that_find_no_room_are_counted(tmp_path: Path) -> None:
    writer = CompiledProcessing(catalog["MonoAudioFileWriter"], {"TargetFile": str(tmp_path / "out.wav")})
    companion, writer.companion = writer.companion, None
    room = int(writer.field("capacity"))
    for _ in range(room // 4096 + 2):
        writer.run([np.ones(4096, np.float32)], 4096)
    assert writer.field("lost") == (room // 4096 + 2) * 4096 - room
    companion.close()
    assert soundfile.info(tmp_path / "out.wav").frames == room


@WRITERS
def test_what_cannot_be_written_is_a_problem_in_words(name: str, tmp_path: Path) -> None:
    assert problem(name) == "no file is chosen: set TargetFile"
    assert "has no suffix of an audio format" in problem(name, TargetFile=str(tmp_path / "out.txt"))
    assert "there is no folder" in problem(name, TargetFile=str(tmp_path / "nowhere" / "out.wav"))
    assert problem(name, TargetFile=str(tmp_path / "out.wav")) == ""


def test_a_render_records_as_many_frames_as_it_computes(tmp_path: Path, voice: str) -> None:
    net = Network("clam")
    net.reader, net.writer = "MonoAudioFileReader", "MonoAudioFileWriter"
    net.reader.SourceFile, net.writer.TargetFile = voice, str(tmp_path / "out.wav")
    net.reader > net.writer
    net.render(frames=1000, block_size=512, sample_rate=44100)
    net.close()
    assert np.array_equal(soundfile.read(tmp_path / "out.wav", dtype="float32")[0], soundfile.read(voice, 1000, dtype="float32")[0])


def test_a_refused_file_is_told_with_its_reason(tmp_path: Path) -> None:
    net = Network("clam")
    net.reader = "MonoAudioFileReader"
    with pytest.raises(ValueError, match=r"^reader\.SourceFile cannot be 'x\.wav': there is no file 'x\.wav'$"):
        net.reader.SourceFile = "x.wav"
    with pytest.raises(ValueError, match=r"^reader\.SourceFile cannot be 'x\.wav'"), net.reader._config as c:
        c.Loop, c.SourceFile = True, "x.wav"
    assert (net.reader.SourceFile, net.reader.Loop) == ("", False)


def test_files_that_went_or_came_since_they_were_chosen(stereo: tuple[str, np.ndarray]) -> None:
    path, elsewhere = Path(stereo[0]), Path(stereo[0] + ".away")
    net = Network("clam")
    net.reader, net.sink = "MonoAudioFileReader", "AudioSink"
    net.reader.SourceFile = path
    net.reader > net.sink
    before = net.render(frames=1000, sample_rate=44100)
    path.rename(elsewhere)
    with pytest.raises(errors.NotPlayable, match=r"reader \(there is no file"):
        net.render(frames=1000, sample_rate=44100)
    with pytest.raises(errors.NotPlayable, match=r"reader \(there is no file"):
        net.play("clock")
    elsewhere.rename(path)
    assert np.array_equal(net.render(frames=1000, sample_rate=44100), before)
    assert before.any()
