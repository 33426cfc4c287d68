"""The object that ``net.record`` returns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile
from waiting import eventually

from ipyclam_core import Network, in_use
from ipyclam_core.errors import FileInUse


@pytest.fixture
def net() -> Iterator[Network]:
    network = Network("clam")
    network.saw, network.out = network.types.Saw, network.types.AudioSink
    network.saw > network.out
    yield network
    network.close()


def test_it_tells_its_path_and_length_and_is_stopped(net: Network, tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    take = net.record(path)
    assert (take.path, take.seconds, take.ended) == (str(path), 0.0, False)
    assert repr(take) == f"<recording {path}, 0.0 s>"
    net.play("clock")
    eventually(lambda: take.seconds > 0.1)
    frames = take.stop()
    assert frames == take.stop() == take() == soundfile.info(path).frames
    assert take.ended
    assert take.seconds == frames / 48000
    net.stop()
    assert take.seconds == frames / 48000
    assert repr(take) == f"<recorded {path}, {frames / 48000:.1f} s>"


def test_it_ends_with_its_block_and_with_its_duration(net: Network, tmp_path: Path) -> None:
    net.play("clock")
    with net.record(tmp_path / "block.wav") as take:
        eventually(lambda: take.seconds > 0.05)
    assert take.ended
    short = net.record(tmp_path / "short.wav", 0.1)
    eventually(lambda: short.ended)
    assert short.seconds == 0.1
    assert short.stop() == soundfile.info(tmp_path / "short.wav").frames == 4800


def test_it_ends_where_its_block_raises(net: Network, tmp_path: Path) -> None:
    net.play("clock")

    class Mishap(Exception):
        pass

    def record() -> None:
        with take:
            eventually(lambda: take.seconds > 0.05)
            raise Mishap

    take = net.record(tmp_path / "take.wav")
    with pytest.raises(Mishap):
        record()
    assert take.ended
    assert soundfile.info(tmp_path / "take.wav").frames > 0


def test_the_file_of_a_duration_is_whole_while_the_network_plays_on(net: Network, tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    take = net.record(path, 0.1)
    net.play("clock")
    eventually(lambda: take.ended and path.stat().st_size > 44 and soundfile.info(path).frames == 4800)
    assert net.state == "playing"

    def is_nobodys() -> bool:
        try:
            in_use.check(str(path))
        except FileInUse:  # its last sample is there a moment before it is closed
            return False
        return True

    eventually(is_nobodys)
