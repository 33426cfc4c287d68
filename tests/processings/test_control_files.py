"""Controls that are recorded to text files, and played from them; choreographies."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ipyclam_core import Network
from ipyclam_core.declare.declaration import catalog, values_for
from ipyclam_core.errors import ParameterValueError

from .kernels import CompiledProcessing

CHOREOGRAPHY = """\
#ClamChoreoVersion 1.3
1 50 90 0 -90 0 0 1 2 0 1   0 3 1
2 50 90 0 -90 0 0 1 0 2 1   0 3 1
3 50 90 0   0 1 0 1 1 2 1   0 3 1
"""
"""A listener who looks along x, and then along y; two sources."""


@pytest.fixture
def trace(tmp_path: Path) -> str:
    path = tmp_path / "some.trace"
    path.write_text("# two controls\n1 2\n1\t3\n\n4 3.5e0\n")
    return str(path)


@pytest.fixture
def choreography(tmp_path: Path) -> str:
    path = tmp_path / "some.choreo"
    path.write_text(CHOREOGRAPHY)
    return str(path)


def problem(name: str, **config: Any) -> str:
    type_ = catalog[name]
    assert type_.problem is not None
    return str(type_.problem(**values_for(type_.problem, {**type_.spec.defaults, **config}, type_.items)))


@pytest.mark.parametrize("block", [64, 512])
def test_a_line_is_played_every_512_frames_and_sent_where_it_changes(trace: str, block: int) -> None:
    reader = CompiledProcessing(catalog["ControlTraceReader"], {"TraceFile": trace})
    told = []
    for _ in range(5 * 512 // block):
        reader.run(frames=block)
        told.append((len(reader.sent("outputs", 0)), len(reader.sent("outputs", 1))))
    assert told[:: 512 // block] == [(1, 1), (1, 2), (2, 3), (2, 3), (2, 3)]
    assert (reader.sent("outputs", 0), reader.sent("outputs", 1)) == ([1.0, 4.0], [2.0, 3.0, 3.5])


def test_the_outputs_are_the_columns_of_the_file(trace: str) -> None:
    net = Network("clam")
    net.trace = net.types.ControlTraceReader
    net.trace.TraceFile = trace
    assert [control.name for control in net.trace._outcontrols] == ["output", "output 1"]


def test_what_was_recorded_is_played_again(tmp_path: Path) -> None:
    path = str(tmp_path / "walk.txt")
    net = Network("clam")
    net.walk, net.writer, net.out = net.types.RandomControl, net.types.ControlTraceWriter, net.types.AudioSink
    net.walk._config.Rate = 50.0
    net.writer.TraceFile, net.writer.NumberOfInputs = path, 2
    net.walk > net.writer["input 1"]
    net.render(frames=100 * 512)
    lines = Path(path).read_text().splitlines()
    assert len(lines) == 100
    assert {line.split()[0] for line in lines} == {"0"}
    recorded = [float(line.split()[1]) for line in lines]
    assert len(set(recorded)) == pytest.approx(100 * 512 / 48000 * 50, abs=2)
    reader = CompiledProcessing(catalog["ControlTraceReader"], {"TraceFile": path})
    for k in range(100):
        reader.run()
        assert reader.sent("outputs", 1)[-1] == recorded[k]


def test_a_file_that_was_not_written_here_is_told_before_it_is_lost(trace: str) -> None:
    net = Network("clam")
    net.writer, net.out = net.types.ControlTraceWriter, net.types.AudioSink
    net.writer.TraceFile = trace
    with pytest.warns(UserWarning, match="is overwritten"):
        net.render(frames=512)
    net.render(frames=512)  # this one is ours


def test_a_writer_says_why_it_cannot_write(tmp_path: Path) -> None:
    assert problem("ControlTraceWriter") == "no file is chosen: set TraceFile"
    assert problem("ControlTraceWriter", TraceFile="nowhere/a.txt") == "there is no folder 'nowhere'"
    assert problem("ControlTraceWriter", TraceFile=str(tmp_path)) == f"{str(tmp_path)!r} is a folder, not a file"


def test_rows_that_find_no_room_are_counted(tmp_path: Path) -> None:
    writer = CompiledProcessing(catalog["ControlTraceWriter"], {"TraceFile": str(tmp_path / "a.txt"), "NumberOfInputs": 1024})
    companion, writer.companion = writer.companion, None  # nobody drains it
    for _ in range(300):
        writer.run()
    companion.close()
    assert writer.field("lost") == 300 - (1 << 18) // 1024


MISTAKES = [
    ("", "{} holds no numbers"),
    ("# only words\n", "{} holds no numbers"),
    ("1 2\n3 4 5\n", "{}, line 2, has 3 numbers, not 2 as the lines before"),
    ("1 2\n# three\n3 x\n", "{}, line 3, does not hold numbers: '3 x'"),
    ("1 nan\n", "{} holds numbers that are not finite"),
    ("1 " * 1025, "{}, line 1, has more than 1024 numbers"),
    ("\0\1\2", "{}, line 1, does not hold numbers: '\\x00\\x01\\x02'"),
]


@pytest.mark.parametrize(("text", "message"), MISTAKES)
@pytest.mark.parametrize(
    ("name", "parameter"), [("ControlTraceReader", "TraceFile"), ("ControlSequencer", "Filename"), ("ChoreoSequencer", "Filename")]
)
def test_a_file_that_holds_something_else_is_refused_with_the_line(
    tmp_path: Path, name: str, parameter: str, text: str, message: str
) -> None:
    path = tmp_path / "some.txt"
    path.write_text(text)
    net = Network("clam")
    net.one = net.types[name]
    with pytest.raises(ParameterValueError) as raised:
        net.one[parameter] = str(path)
    assert message.format(repr(str(path))) in str(raised.value)
    assert net.one[parameter] == ""


def test_a_file_that_has_changed_is_read_again(trace: str) -> None:
    assert problem("ControlTraceReader", TraceFile=trace) == ""
    Path(trace).write_text("words\n")
    assert "does not hold numbers" in problem("ControlTraceReader", TraceFile=trace)
    os.remove(trace)
    assert problem("ControlTraceReader", TraceFile=trace) == f"there is no file {trace!r}"


def test_a_sequencer_plays_so_many_lines_a_second_and_its_last_line_stays(trace: str) -> None:
    sequencer = CompiledProcessing(catalog["ControlSequencer"], {"Filename": trace, "NumberOfColumns": 2, "ControlsPerSecond": 10})
    places = []
    for _ in range(1000):
        sequencer.run([np.zeros(441)], 441)
        places.append(sequencer.sent("outputs", 1)[-1])
    assert [places.index(value) / 100 for value in (2.0, 3.0, 3.5)] == pytest.approx([0.0, 0.1, 0.2], abs=0.011)
    assert len(sequencer.sent("outputs", 1)) == 3


def test_a_sequencer_needs_its_columns(trace: str) -> None:
    assert problem("ControlSequencer", Filename=trace, NumberOfColumns=3) == f"{trace!r} has 2 columns: 3 are needed"
    assert problem("ControlSequencer") == "no file is chosen: set Filename"


def frame_of(choreography: CompiledProcessing) -> list[float]:
    """What was sent last: a number, a listener, a source, and the direction."""
    return [choreography.sent("outputs", k)[-1] for k in range(12)]


def test_a_choreography_moves_a_listener_and_a_source(choreography: str) -> None:
    sequencer = CompiledProcessing(catalog["ChoreoSequencer"], {"Filename": choreography, "ControlsPerSecond": 100})
    frames = []
    for _ in range(6):
        sequencer.run([np.zeros(441)], 441)
        frames.append(frame_of(sequencer))
    assert frames[0] == pytest.approx([0, 0, 0, 1, 0, 0, 0, 2, 0, 1, 0, 0])
    assert frames[1] == pytest.approx([1, 0, 0, 1, 0, 0, 0, 0, 2, 1, 90, 0])
    assert frames[2] == pytest.approx([2, 1, 0, 1, 0, 90, 0, 1, 2, 1, 0, 0], abs=1e-9)
    assert frames[5] == frames[2]


def test_a_choreography_goes_on_where_it_is_told_to(choreography: str) -> None:
    config = {"Filename": choreography, "ControlsPerSecond": 1, "SourceIndex": 1}
    sequencer = CompiledProcessing(catalog["ChoreoSequencer"], config)
    sequencer.send("seek", 1.0)
    sequencer.run([np.zeros(512)])
    assert frame_of(sequencer)[0] == 1.0
    assert frame_of(sequencer)[7:10] == [0.0, 3.0, 1.0]
    sequencer.send("seek", 1e12)
    sequencer.run([np.zeros(512)])
    assert frame_of(sequencer)[0] == 2.0
    sequencer.send("seek", -1.0)
    sequencer.run([np.zeros(512)])
    assert frame_of(sequencer)[0] == 0.0


def test_a_choreography_follows_a_time_that_comes_as_a_control(choreography: str) -> None:
    sequencer = CompiledProcessing(catalog["ChoreoSequencerViaControl"], {"Filename": choreography})
    for time, frame in ((0.0, 0.0), (39.0, 0.0), (41.0, 1.0), (1e9, 2.0), (-5.0, 0.0)):
        sequencer.send("time", time)
        sequencer.run()
        assert frame_of(sequencer)[0] == frame


def test_without_a_file_a_source_may_climb_around_the_listener() -> None:
    assert problem("ChoreoSequencer") == "no file is chosen: set Filename"
    assert problem("ChoreoSequencer", UseSpiralIfNoFilename=True) == ""
    sequencer = CompiledProcessing(catalog["ChoreoSequencerViaControl"], {"UseSpiralIfNoFilename": True})
    elevations = []
    for k in range(0, 600, 10):
        sequencer.send("time", k * 40.0)
        sequencer.run()
        place = np.array(frame_of(sequencer)[7:10])
        assert np.linalg.norm(place) == pytest.approx(2.0)
        elevations.append(frame_of(sequencer)[11])
    assert min(elevations) == pytest.approx(-90.0)
    assert max(elevations) == pytest.approx(90.0, abs=1.0)


def test_a_source_that_is_not_in_the_choreography_is_told(choreography: str) -> None:
    assert problem("ChoreoSequencer", Filename=choreography, SourceIndex=2) == f"{choreography!r} has 14 columns: 17 are needed"
