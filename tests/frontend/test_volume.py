"""The volume of a network as a setting: what it accepts, that it is undone, saved and restored, and what else may be called so."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ipyclam_core import Network, errors
from ipyclam_core.frontend.journal import snapshot
from ipyclam_core.frontend.operations import SetVolume, apply
from ipyclam_core.frontend.portable import Reader, Writer
from ipyclam_core.graph import Graph
from ipyclam_core.proxy import State, Status

SILENCE = -math.inf


@pytest.mark.parametrize("volume", [-13, -6.5, 24, 0, np.float32(-3), np.int64(2), SILENCE, -1000])
def test_a_volume_is_a_number_of_decibels(net: Network, volume: Any) -> None:
    net.volume = volume
    assert net.volume == volume
    assert type(net.volume) is float


@pytest.mark.parametrize(
    ("volume", "error", "why"),
    [
        (math.nan, ValueError, r'a number of decibels such as -6, not nan. For silence: float\("-inf"\)'),
        ("loud", TypeError, "a number of decibels such as -6, not 'loud'"),
        (True, TypeError, "not True"),
        (np.True_, TypeError, "not "),
        (1j, TypeError, "not 1j"),
        (None, TypeError, "not None"),
        ([1, 2], TypeError, r"not \[1, 2\]"),
        (np.zeros(2), TypeError, "not array"),
        (24.1, ValueError, "must be 24 dB or less, not 24.1"),
        (math.inf, ValueError, "must be 24 dB or less, not inf"),
        (10**400, ValueError, "must be 24 dB or less"),
    ],
)
def test_what_is_no_volume_is_refused_and_changes_nothing(net: Network, volume: Any, error: type[Exception], why: str) -> None:
    net.volume = -3
    with pytest.raises(error, match=why):
        net.volume = volume
    assert net.volume == -3
    assert net.undo() == "volume 0 -> -3"


def test_turning_the_volume_is_one_gesture(net: Network) -> None:
    net.osc = net.types.Oscillator
    for volume in range(-1, -20, -1):
        net.volume = volume
    assert net.history.done == ("add osc", "volume 0 -> -19")
    net.undo()
    assert net.volume == 0
    net.redo()
    assert net.volume == -19


def test_turning_it_back_and_forth_is_undone_beside_other_controls(net: Network) -> None:
    net.osc = net.types.Oscillator
    net.osc.Pitch = 100.0
    net.volume = -3
    net.osc.Pitch = 200.0
    net.volume = -6
    net.undo()
    assert (net.volume, net.osc.Pitch.value) == (0.0, 440.0)
    net.redo()
    assert (net.volume, net.osc.Pitch.value) == (-6.0, 200.0)


def test_minus_zero_is_zero(net: Network) -> None:
    net.volume = -0.0
    assert not net.history.done
    assert math.copysign(1.0, net.volume) == 1.0


@pytest.mark.parametrize("volume", [-13.0, 6.25, SILENCE])
@pytest.mark.parametrize("trusted", [False, True])
def test_a_python_file_holds_it(net: Network, tmp_path: Path, volume: float, trusted: bool) -> None:
    net.volume = volume
    net.save(tmp_path / "a.py")
    other = Network("dummy")
    other.volume = 3
    other.load(tmp_path / "a.py", trusted=trusted)
    assert other.volume == volume
    assert other == net
    other.undo()
    assert other.volume == 3


def test_a_file_without_one_is_at_0(net: Network, tmp_path: Path) -> None:
    net.save(tmp_path / "a.py")
    assert "volume" not in (tmp_path / "a.py").read_text()
    net.volume = -3
    net.load(tmp_path / "a.py")
    assert net.volume == 0


def test_it_is_a_difference_and_a_change_that_no_file_holds(net: Network, tmp_path: Path) -> None:
    net.save(tmp_path / "a.py")
    net.volume = -3
    assert net.modified
    assert net != Network("dummy")
    net.undo()
    assert not net.modified
    assert net == Network("dummy")


def test_a_clam_file_cannot_hold_it_and_saving_one_says_so(net: Network, tmp_path: Path) -> None:
    net.volume = -3
    with pytest.warns(UserWarning, match=r"a.clamnetwork does not contain the volume of the network \(-3 dB\). To keep it, save as .py"):
        net.save(tmp_path / "a.clamnetwork")


def test_clear_sets_it_back(net: Network) -> None:
    net.volume = -3
    net.clear()
    assert net.volume == 0
    net.undo()
    assert net.volume == -3


@pytest.mark.parametrize("volume", [-3.0, SILENCE])
def test_a_journal_holds_it(net: Network, volume: float) -> None:
    net.volume = volume
    writer, reader, other = Writer(net.proxy.types()), Reader(net.proxy.types()), Network("dummy")
    for operation in snapshot(net.proxy):
        for line in writer.lines(operation):
            for read in reader.operations(line):
                apply(other.proxy, read)
    assert other.volume == volume
    (line,) = writer.lines(SetVolume(volume, 0.0))
    assert list(reader.operations(line)) == [SetVolume(volume, 0.0)]


@pytest.mark.parametrize("line", ['["SetVolume",1e300,0.0]', '["SetVolume","loud",0.0]', '["SetVolume",NaN,0.0]', '["SetVolume",1.0]'])
def test_a_damaged_journal_sets_no_volume(net: Network, line: str) -> None:
    with pytest.raises(ValueError, match=r"volume|operation"):
        list(Reader(net.proxy.types()).operations(line))


def test_a_journal_of_an_earlier_version_has_none(net: Network) -> None:
    (info,) = Reader(net.proxy.types()).operations('["SetInfo",{"description":"a","title":"","waiting":[]}]')
    apply(net.proxy, info)
    assert (net.description, net.volume) == ("a", 0.0)


def test_it_shows_only_where_it_is_not_0(net: Network) -> None:
    assert "volume" not in repr(net)
    net.volume = -13
    assert repr(net) == "Network('dummy')  # 0 processings, 0 wires, volume -13 dB"
    net.volume = SILENCE
    assert repr(net).endswith("volume -inf dB")


# -- processings of that name


@pytest.mark.parametrize("word", ["volume", "peaks", "panic", "levels"])
def test_the_words_are_reserved_and_a_processing_is_reached_by_a_subscript(net: Network, word: str) -> None:
    with pytest.raises(errors.ReservedName, match=rf'For a processing of that name: net\["{word}"\] = ...'):
        setattr(net, word, net.types.Oscillator)
    net[word] = net.types.Oscillator
    assert f'net["{word}"] = net.types.Oscillator' in net.code()
    with pytest.raises(errors.ReservedName):
        delattr(net, word)


def test_files_from_before_that_call_a_processing_volume_still_load(net: Network, tmp_path: Path) -> None:
    (tmp_path / "old.py").write_text(
        'from ipyclam_core import Network\n\nnet = Network("dummy")\n'
        "net.volume = net.types.Amplifier\nnet.peaks = net.types.Oscillator\nnet.panic = net.types.Sink\nnet.levels = net.types.Mixer\n"
        "net.peaks.Frequency = 3.0\nnet.peaks.Output > net.volume.Input\nnet.volume > net.panic\nnet.volume.Gain = 0.5\n"
    )
    net.load(tmp_path / "old.py")
    assert list(net) == ["volume", "peaks", "panic", "levels"]
    assert net.volume == 0
    assert net["volume"].Gain.value == 0.5
    assert len(net.proxy.wires()) == 2
    net.volume = -3
    net.save(tmp_path / "new.py")
    other = Network("dummy")
    other.load(tmp_path / "new.py")
    assert other == net
    assert other.volume == -3


# -- engines


class Bare(Graph):
    """An engine of somebody else, which plays and has no volume."""

    engine = "bare"
    state: State = "stopped"

    def devices(self) -> Sequence[str]:
        return ("auto",)

    def play(self, device: str = "auto", sample_rate: int | None = None, block_size: int | None = None) -> None:
        self.state = "playing"

    def pause(self) -> None:
        self.state = "paused"

    def stop(self) -> None:
        self.state = "stopped"

    def status(self) -> Status:
        return Status(self.state)


def test_an_engine_without_volume_refuses_it_and_says_what_to_do(tmp_path: Path) -> None:
    net = Network(Bare({}))
    with pytest.raises(errors.NotSupported, match=r"the bare engine cannot set a volume\. Set the levels of its processings"):
        net.volume = -3
    assert net.volume == 0
    with pytest.raises(errors.NotSupported, match=r"the bare engine cannot silence its output at once. To stop: net.stop\(\)"):
        net.panic()
    assert (net.peaks, net.levels().sinks) == ({}, ())
    net.play(limiter=False)
    (tmp_path / "a.py").write_text("net.volume = -3\n")
    with pytest.raises(errors.FormatError, match="cannot set a volume"):
        net.load(tmp_path / "a.py")


@pytest.mark.parametrize("odd", [None, 2, "no", 0.5])
def test_a_limiter_is_on_or_off(net: Network, odd: Any) -> None:
    with pytest.raises(TypeError, match="limiter must be True or False"):
        net.play(limiter=odd)
    assert net.state == "stopped"


def test_panic_stops(net: Network) -> None:
    net.play()
    net.panic()
    assert net.state == "stopped"
    net.panic()
