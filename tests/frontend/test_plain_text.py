"""Text of a subclass of str, such as numpy's, is kept as plain text: what is saved can be read again."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from pathlib import Path

import numpy as np
import pytest

from ipyclam_core import Network, Placeholder


class Text(str):
    __slots__ = ()

    def __repr__(self) -> str:
        return f"Text<{super().__repr__()}>"

    def __str__(self) -> str:
        return "something else"


def member(text: str) -> str:
    return Enum("Made", {"ONE": text}, type=str).ONE  # type: ignore[attr-defined,no-any-return]


@pytest.mark.parametrize("of", [np.str_, Text, member])
@pytest.mark.parametrize("suffix", [".py", ".clamnetwork"])
def test_networks_with_such_texts_are_read_again(of: Callable[[str], str], suffix: str, tmp_path: Path) -> None:
    net = Network("dummy")
    net[of("bass 1")] = net.types.Oscillator
    net[of("bass 1")].Waveform = of("saw")
    net[of("bass 1")].name = of("bass 2")
    net.bank([of("x"), of("y")], net.types.Oscillator, Waveform=[of("saw"), of("sine")])
    net.player = net.types.Player
    net.player.File = of("take.wav")
    net.sink = net.types.Sink
    net[of("bass 2")][of("Output")] > net.sink[of("Input")]
    net.odd = Placeholder(of("Odd"), config={of("Size"): of("large")})
    net.description = of("loud")
    net._title = of("tune")
    assert all(type(name) is str for name in net)
    assert repr(net[of("bass 2")]) == 'net["bass 2"]'
    net.save(tmp_path / f"a{suffix}")
    again = Network("dummy")
    again.load(tmp_path / f"a{suffix}")
    assert again.code() == net.code()
    assert "something" not in net.code()


def test_numbers_of_numpy_are_plain_numbers(tmp_path: Path) -> None:
    net = Network("dummy")
    net.osc, net.player = net.types.Oscillator, net.types.Player
    net.osc.Frequency = np.float32(220)
    net.osc.Amplitude = np.int64(1)
    net.player.Loop = np.bool_(True)
    assert [type(value) for value in (net.osc.Frequency, net.osc.Amplitude, net.player.Loop)] == [float, float, bool]
