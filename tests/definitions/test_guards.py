"""A type written at the prompt that goes outside of an array, or on without end, is stopped, silent and named."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from ipyclam_core import Network
from ipyclam_core.declare import Array, config, in_control, in_port, out_port, processing
from ipyclam_core.errors import DefinitionError


@processing()
class Astray:
    """Half, but nothing once it is past the end of its row."""

    audio = out_port()

    class State:
        row: Array[float]
        place: int

    def initial():
        return {"row": np.full(100, 0.5)}

    def step(state):
        here = state.row[state.place]
        state.place += 1
        return here


@processing()
class AstrayBlock:
    """Ones, in blocks no longer than its row."""

    sound = in_port()
    audio = out_port()

    class State:
        row: Array[float]

    def initial():
        return {"row": np.ones(8)}

    def process(state, sound, audio):
        for i in range(len(audio)):
            audio[i] = state.row[i] + sound[i]


@processing()
class AstrayPorts:
    """The port called for, of two."""

    Width = config(2)
    which = in_control("Which")
    inputs = in_port("Input", count="Width")
    audio = out_port()

    def process(which, inputs, audio):
        chosen = inputs[int(which)]
        for i in range(len(audio)):
            audio[i] = chosen[i] + 1.0


@processing()
class AstrayBegin:
    """Looks something up before each block."""

    which = in_control("Which")
    audio = out_port()

    class State:
        row: Array[float] = (0.25, 0.5)
        found: float

    def block(state, which):
        state.found = state.row[int(which)]

    def step(state):
        return state.found


@pytest.fixture
def net() -> Iterator[Network]:
    made = Network("clam")
    made.sink = made.types.AudioSink
    yield made
    made.close()


def test_an_index_past_the_end_makes_a_sample_silent_and_is_said(net: Network) -> None:
    net.one = Astray
    _ = net.one > net.sink
    with pytest.warns(UserWarning, match=r"^one went outside of an array, or on in a loop without end: silent wherever that happens$"):
        heard = net.render(frames=200).ravel()
    assert heard.tolist() == [0.5] * 100 + [0.0] * 100


@pytest.mark.parametrize("count", [1, 5, 10, 70])
def test_it_is_so_for_any_number_of_them(net: Network, count: int) -> None:
    names = net.bank("one{}", Astray, count)
    _ = names > net.sink
    with pytest.warns(UserWarning, match=r"went outside of an array"):
        heard = net.render(frames=120).ravel()
    assert heard.tolist() == [0.5 * count] * 100 + [0.0] * 20


def test_a_block_that_fails_is_silent_as_a_whole(net: Network) -> None:
    net.one = AstrayBlock
    _ = net.one > net.sink
    with pytest.warns(UserWarning, match=r"^one went outside of an array"):
        assert net.render(frames=16, block_size=16).ravel().tolist() == [0.0] * 16
    assert net.render(frames=16, block_size=8).ravel().tolist() == [1.0] * 16


@pytest.mark.parametrize(("which", "heard"), [(0.0, 1.0), (1.0, 1.0), (-1.0, 1.0), (2.0, 0.0), (-3.0, 0.0)])
@pytest.mark.filterwarnings("ignore:one went outside")
def test_a_port_that_is_not_there_is_outside_too(net: Network, which: float, heard: float) -> None:
    net.one = AstrayPorts
    net.one.Which = which
    _ = net.one > net.sink
    assert net.render(frames=4).ravel().tolist() == [heard] * 4


def test_what_fails_before_a_block_leaves_the_state_as_it_was(net: Network) -> None:
    net.one = AstrayBegin
    net.one.Which = 1.0
    _ = net.one > net.sink
    assert net.render(frames=2).ravel().tolist() == [0.5, 0.5]
    net.one.Which = 2.0
    with pytest.warns(UserWarning, match=r"^one went outside of an array"):
        assert net.render(frames=2).ravel().tolist() == [0.0, 0.0]


def test_while_it_plays_the_status_names_it_until_it_is_mended(net: Network) -> None:
    net.one = AstrayBlock
    _ = net.one > net.sink
    net.play("step", sample_rate=48000, block_size=64)
    device = net._proxy.inner.player.device
    device.run()
    assert "one went outside of an array, or on in a loop without end: silent wherever that happens" in net.status().messages

    @processing()
    class AstrayBlock2:
        audio = out_port()

        def step():
            return 0.5

    del net.one
    net.one = AstrayBlock2
    device.run()
    assert not any("outside" in message for message in net.status().messages)


@processing()
class Endless:
    """A wavefolder, as in the tutorial."""

    level = in_control("Level")
    audio = out_port()

    def step(level):
        while level > 1.0 or level < -1.0:
            level = 2.0 - level if level > 1.0 else -2.0 - level
        return level


@processing()
class EndlessBlock:
    """Counts to a number by steps that may be zero."""

    size = in_control("Step")
    audio = out_port()

    def process(size, audio):
        for i in range(len(audio)):
            count = 0.0
            while count < 10.0:
                count += size
            audio[i] = count


def test_a_loop_that_does_not_end_is_ended_and_said(net: Network) -> None:
    net.one = Endless
    net.one.Level = 1.5
    _ = net.one > net.sink
    assert net.render(frames=2).ravel().tolist() == [0.5, 0.5]
    net.one.Level = 1e30
    with pytest.warns(UserWarning, match=r"^one went outside of an array, or on in a loop without end"):
        assert net.render(frames=2).ravel().tolist() == [0.0, 0.0]


def test_a_loop_inside_of_another_that_does_not_end_is_ended_too(net: Network) -> None:
    net.one = EndlessBlock
    net.one.Step = 2.5
    _ = net.one > net.sink
    assert net.render(frames=1000, block_size=1000).ravel().tolist() == [10.0] * 1000
    net.one.Step = 0.0
    with pytest.warns(UserWarning, match=r"^one went outside of an array, or on in a loop without end"):
        assert net.render(frames=2).ravel().tolist() == [0.0, 0.0]


@processing()
class EndlessRange:
    """Adds up as many numbers as it is told to, for each sample."""

    size = in_control("Size")
    audio = out_port()

    def process(size, audio):
        for i in range(len(audio)):
            total = 0.0
            for k in range(int(size)):
                total = 0.5 * total + k % 3
            audio[i] = total


def test_a_for_loop_over_a_range_that_is_too_long_is_ended_too(net: Network) -> None:
    net.one = EndlessRange
    net.one.Size = 1000.0
    _ = net.one > net.sink
    assert net.render(frames=2000, block_size=1000).ravel().tolist() == [pytest.approx(10 / 7)] * 2000
    net.one.Size = 1e17
    with pytest.warns(UserWarning, match=r"^one went outside of an array, or on in a loop without end"):
        assert net.render(frames=2).ravel().tolist() == [0.0, 0.0]


def test_what_raises_on_purpose_is_still_refused_wherever_that_is() -> None:
    def careful(x):
        if x > 1.0:
            raise ValueError("too loud")
        return x

    with pytest.raises(DefinitionError, match=r"would allocate memory or raise an error"):

        @processing()
        class Wrong:
            sound = in_port()
            audio = out_port()

            def step(sound):
                return careful(sound)
