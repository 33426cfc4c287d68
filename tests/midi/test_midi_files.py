"""MIDI files: read, played, and refused with a reason."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ipyclam_core import Network
from ipyclam_core.declare.declaration import catalog
from ipyclam_core.dsp.plain import PlainProcessing
from ipyclam_core.errors import NothingToConnect
from ipyclam_core.midi import library
from ipyclam_core.midi.files import problem_of, read

from .songs import write

TUNE = [(0, [0x90, 69, 127]), (1, [0x80, 69, 0]), (1, [0x90, 81, 64]), (2, [0x90, 81, 0])]


def loudest(samples: np.ndarray) -> float:
    """The frequency with the most energy."""
    return float(np.argmax(np.abs(np.fft.rfft(samples))) * 48000 / len(samples))


def test_a_midi_file_plays_an_oscillator(tmp_path: Path) -> None:
    net = Network("clam")
    net.song, net.note, net.osc, net.out = (
        net.types.MIDIFileReader, net.types.MIDINote2Freq, net.types.SimpleOscillator, net.types.AudioSink
    )  # fmt: skip
    net.song.SourceFile = write(tmp_path / "tune.mid", TUNE)
    net.song > net.note
    net.note.Frequency_Output > net.osc.Pitch
    net.note.Amplitude_Output > net.osc.Amplitude
    net.osc > net.out
    samples = net.render(1.5, sample_rate=48000)[:, 0]
    assert [loudest(part) for part in (samples[4800:19200], samples[28800:43200])] == [440.0, 880.0]
    assert np.abs(samples[28800:43200]).max() == pytest.approx(64 / 127, abs=1e-4)
    assert not samples[50000:].any()


def test_a_chord_of_a_midi_file_sounds_in_two_voices(tmp_path: Path) -> None:
    net = Network("clam")
    net.song, net.notes, net.chords = net.types.MIDIFileReader, net.types.MIDINotes, net.types.MIDIDispatcher
    net.frequency, net.loudness, net.out = net.types.ControlMapper, net.types.ControlScaler, net.types.AudioSink
    net.song.SourceFile = write(
        tmp_path / "chord.mid", [(0, [0x90, 69, 127]), (0, [0x90, 81, 127]), (2, [0x80, 69, 0]), (3, [0x80, 81, 0])]
    )
    net.frequency.Mapping, net.loudness.Amount = "NoteToFreq", 0.5 / 127
    net.song > net.notes
    net.notes.Note > net.chords.Note, net.notes.Velocity > net.chords.Velocity
    net.notes.Note > net.frequency > net.chords.InControl_0
    net.notes.Velocity > net.loudness.Control_In, net.loudness > net.chords.InControl_1
    for k in range(2):
        net[f"osc{k}"] = net.types.Sine
        osc = net[f"osc{k}"]
        osc.Amplitude = 0.0
        net.chords[f"a{k}0"] > osc.Pitch
        net.chords[f"a{k}1"] > osc._incontrols.Amplitude
        osc > net.out
    samples = net.render(2.0, sample_rate=48000)[:, 0]
    heard = [np.abs(np.fft.rfft(samples[begin : begin + 9600]))[[88, 176]] > 500 for begin in (14400, 52800, 81600)]
    assert [list(each) for each in heard] == [[True, True], [False, True], [False, False]]


def test_a_message_connects_only_with_what_takes_messages() -> None:
    net = Network("clam")
    net.song, net.osc = net.types.MIDIFileReader, net.types.SimpleOscillator
    with pytest.raises(NothingToConnect, match=r"carries MIDI::Message, but net.osc.Pitch takes float. To convert it: .*MIDINote2Freq"):
        net.song > net.osc.Pitch


def test_each_block_has_one_message_and_none_is_lost(tmp_path: Path) -> None:
    chord = [(0.0, [0x90, key, 100]) for key in (60, 64, 67)]
    song = PlainProcessing(catalog["MIDIFileReader"], {"SourceFile": write(tmp_path / "chord.mid", chord)})
    for heard in (1, 2, 3, 3):
        song.run()
        assert song.sent("message") == [0x903C64, 0x904064, 0x904364][:heard]


def test_of_a_controllers_positions_in_a_block_the_last_counts(tmp_path: Path) -> None:
    sweep = [(0.0, [0xB0, 7, value]) for value in range(100)] + [(0.0, [0xB0, 8, 5])]
    song = PlainProcessing(catalog["MIDIFileReader"], {"SourceFile": write(tmp_path / "sweep.mid", sweep)})
    song.run()
    song.run()
    assert song.sent("message") == [0xB00763, 0xB00805]


def test_a_channel_is_played_alone(tmp_path: Path) -> None:
    both = [(0.0, [0x90, 60, 100]), (0.0, [0x93, 61, 100])]
    song = PlainProcessing(catalog["MIDIFileReader"], {"SourceFile": write(tmp_path / "both.mid", both), "Channel": 4})
    song.run()
    song.run()
    assert song.sent("message") == [0x933D64]


def test_a_loop_begins_again_after_its_last_message(tmp_path: Path) -> None:
    path = write(tmp_path / "short.mid", [(0.0, [0x90, 60, 100]), (0.25, [0x80, 60, 0])])
    song = PlainProcessing(catalog["MIDIFileReader"], {"SourceFile": path, "Loop": True})
    for _ in range(40):
        song.run()
    assert song.sent("message")[:4] == [0x903C64, 0x803C00] * 2


def test_every_unreadable_file_is_told(tmp_path: Path) -> None:
    noise, empty = tmp_path / "noise.mid", tmp_path / "empty.mid"
    noise.write_bytes(b"no music")
    write(empty, [])
    assert problem_of("") == "no file is chosen: set SourceFile"
    assert problem_of("/nowhere.mid") == "there is no file '/nowhere.mid'"
    assert problem_of(str(tmp_path)) == f"{str(tmp_path)!r} is a folder, not a file"
    assert problem_of(str(noise)).startswith(f"{str(noise)!r} is not a MIDI file: ")
    assert problem_of(str(empty)) == f"{str(empty)!r} has no MIDI messages"


def test_a_package_that_is_not_there_is_missing_at_the_prompt_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend("")  # as at a prompt, where the current folder is left out
    assert library.missing("a_package_of_nobody", "It needs one").startswith("It needs one. Install it in a terminal: pip install")


def test_without_mido_the_command_that_installs_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "find_spec", lambda name: None)
    assert problem_of("song.mid") == "MIDI files need mido. Install it in a terminal: pip install 'ipyclam[midi]'"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(place=st.integers(0, 80), value=st.integers(0, 255), length=st.integers(0, 90))
def test_no_damaged_file_is_more_than_a_problem(tmp_path: Path, place: int, value: int, length: int) -> None:
    data = bytearray(Path(write(tmp_path / "tune.mid", TUNE)).read_bytes())
    data[min(place, len(data) - 1)] = value
    (tmp_path / "damaged.mid").write_bytes(data[:length])
    if not problem_of(str(tmp_path / "damaged.mid")):
        assert read(str(tmp_path / "damaged.mid"))
