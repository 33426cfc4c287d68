"""Loops of somebody's own functions give what plain Python gives, and end, however they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from numba import literal_unroll, njit

from ipyclam_core import Network
from ipyclam_core.declare import in_control, out_port, processing
from ipyclam_core.declare.declaration import catalog
from ipyclam_core.dsp.plain import PlainProcessing

pytestmark = pytest.mark.slow

ROW = np.arange(1.0, 9.0)
TABLE = np.arange(6.0).reshape(2, 3)
GAINS = (0.5, 0.25, 0.125)


def left_soon(x):
    """Long, were it not left: no reason to end it."""
    for k in range(10**12):
        if k > x:
            break
    return float(k)


def returns_from_inside(x):
    for a in range(10**7):
        for b in range(10**7):
            if a * b > x:
                return a + 10.0 * b
    return -1.0


def with_else(x):
    total = 0.0
    for a in range(9):
        if a > x:
            break
        b = a
        while b > 0:
            b //= 2
            if b == 3:
                break
            total += 1.0
        else:
            total += 100.0
    else:
        total = -total
    return total


def backwards(x):
    total = 0.0
    for k in range(9, -12, -4):
        if k == 5:
            continue
        total = 0.5 * total + k * x
    for _ in range(5, 20, -3):
        total += 1000.0
    return total


def rows_and_tuples(x):
    total = 0.0
    for line in TABLE:
        for value in line[::-1]:
            total = 0.5 * total + value
    for i, (a, b) in enumerate(zip(ROW[1:6:2], ROW[::-1])):  # noqa: B905
        total += i * a - b
    for place, value in np.ndenumerate(TABLE):
        total += place[1] * value * x
    for gain in GAINS:
        total *= gain
    return total


def one_iterator_twice(x):
    numbers = iter(range(9))
    total = 0.0
    for k in numbers:
        total += k
        if k > x:
            break
    for k in numbers:
        total += 100.0 * k
    return total


def count_up(n):
    k = 0
    while k < n:
        yield k
        k += 1


def from_a_generator(x):
    total = 0.0
    for k in count_up(int(x) + 5):
        total = 0.5 * total + k
    return total


def three_times(function, x):
    total = 0.0
    for _ in range(3):
        total += function(x)
    return total


def inner_function(x):
    def add_up(y):
        total = 0.0
        for k in range(int(y) + 4):
            total += k + y
        return total

    return add_up(x) + three_times(add_up, x + 1.0)


def unrolled(x):
    total = 0.0
    for each in literal_unroll((1, 2.5, True)):
        for _ in range(2):
            total += each * x
    return total


EQUAL = [
    left_soon,
    returns_from_inside,
    with_else,
    backwards,
    rows_and_tuples,
    one_iterator_twice,
    from_a_generator,
    inner_function,
    unrolled,
]


def while_in_an_inner_function(x):
    def wait(y):
        while y > 2.0:
            y *= 1.0
        return y

    return wait(x)


def inner_function_given_away(x):
    def wait(y):
        while y > 2.0:
            y *= 1.0
        return y

    return three_times(wait, x)


def range_in_an_enumerate(x):
    total = 0.0
    for i, _ in enumerate(range(int(x))):
        total = 0.5 * total + i % 3
    return total


def range_in_an_iterator(x):
    total = 0.0
    numbers = iter(range(int(x)))
    for k in numbers:
        total = 0.5 * total + k % 3
    return total


def added_up(x):
    total = 0.0
    for k in range(int(x)):
        total = 0.5 * total + k % 3
    return total


def range_in_a_function_called_often(x):
    total = 0.0
    for _ in range(1000):
        total += added_up(x / 1e8)
    return total


@njit
def compiled_already(x):
    while x > 2.0:
        x *= 1.0
    return x


def function_compiled_already(x):
    return compiled_already(x)


@njit
def looked_up(x):
    return ROW[int(x)]


def index_in_a_function_compiled_already(x):
    return looked_up(x)


ENDLESS = [
    while_in_an_inner_function,
    inner_function_given_away,
    range_in_an_enumerate,
    range_in_an_iterator,
    range_in_a_function_called_often,
    function_compiled_already,
    index_in_a_function_compiled_already,
]


def looping(function: Callable[[Any], Any], form: str) -> type:
    """A type that hands its control on to a function."""

    class Looping:
        level = in_control("Level")
        audio = out_port()

    def step(level):
        return function(level)

    def process(level, audio):
        for i in range(len(audio)):
            audio[i] = function(level) + i

    setattr(Looping, form, step if form == "step" else process)
    return processing()(Looping)


@pytest.fixture
def net() -> Iterator[Network]:
    made = Network("clam")
    made.sink = made.types.AudioSink
    yield made
    made.close()


@pytest.mark.parametrize("form", ["step", "process"])
@pytest.mark.parametrize("function", EQUAL, ids=lambda function: function.__name__)
def test_a_loop_gives_what_plain_python_gives(net: Network, function: Callable[[Any], Any], form: str) -> None:
    net.one = looping(function, form)
    _ = net.one > net.sink
    net.one.Level = 2.0
    plain = PlainProcessing(catalog["Looping"])
    plain.send("level", 2.0)
    assert net.render(frames=4).ravel().tolist() == plain.run(frames=4)[0].tolist()


@pytest.mark.parametrize("function", ENDLESS, ids=lambda function: function.__name__)
def test_what_does_not_end_is_ended_wherever_it_is(net: Network, function: Callable[[Any], Any]) -> None:
    net.one = looping(function, "step")
    _ = net.one > net.sink
    net.one.Level = 1.0
    expected = np.float32(function(1.0))
    assert net.render(frames=2).ravel().tolist() == [expected] * 2
    net.one.Level = 1e17
    with pytest.warns(UserWarning, match=r"^one went outside of an array, or on in a loop without end"):
        assert net.render(frames=2).ravel().tolist() == [0.0, 0.0]
