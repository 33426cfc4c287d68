"""No form of compiled code in a type written at the prompt reaches outside of an array: it is guarded, or refused where it is defined."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from typing import Any

import numba
import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided

from ipyclam_core import Network
from ipyclam_core.declare import Array, config, in_port, maths, out_port, processing
from ipyclam_core.errors import DefinitionError

table = np.array([1.0, 2.0, 3.0])
helpers = types.ModuleType("helpers")
exec("import numba\n@numba.vectorize\ndef louder(x): return 2.0 * x\n@numba.njit\ndef at(row, k): return row[k]\n", helpers.__dict__)
reached = numba.cfunc("f8(f8)")(lambda x: x)


@pytest.fixture
def net() -> Iterator[Network]:
    made = Network("clam")
    made.sink = made.types.AudioSink
    yield made
    made.close()


def flat_of_a_table() -> None:
    @processing()
    class Wrong:
        F = config(1)
        audio = out_port()

        def step(F):
            return table.flat[F]


def flat_of_state() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        class State:
            row: Array[float] = (1.0, 2.0)

        def step(state):
            state.row.flat[7] = 1.0
            return 0.0


def flat_of_a_port() -> None:
    @processing()
    class Wrong:
        F = config(1)
        audio = out_port()

        def process(audio, F):
            audio.flat[F] = 1.0


def made_of_another() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        def step():
            return as_strided(table, (9,), (8,))[8]


def vectorized_elsewhere() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        def step():
            return helpers.louder(1.0)


def compiled_for_c() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        def step():
            return reached(1.0)


def another_array_for_state() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        class State:
            b: Array[float] = (1.0, 2.0)
            c: Array[float] = (1.0, 2.0, 3.0)

        def step(state):
            state.b = state.c
            return 0.0


REFUSED = [
    (flat_of_a_table, r"Wrong: step, line \d+, `return table.flat\[F\]`: the indices of .flat are not checked.* a\[i\]"),
    (flat_of_state, r"Wrong: step, line \d+, `state.row.flat\[7\] = 1.0`: the indices of .flat"),
    (flat_of_a_port, r"Wrong: process, line \d+, `audio.flat\[F\] = 1.0`: the indices of .flat"),
    (made_of_another, r"as_strided cannot be used in compiled code"),
    (vectorized_elsewhere, r"the indices in louder are not checked"),
    (compiled_for_c, r"the indices in a function of numba.cfunc are not checked"),
    (another_array_for_state, r"`state.b = state.c`: state.b is an array, .* state.b\[:\] = "),
]


@pytest.mark.parametrize(("define", "message"), REFUSED, ids=lambda value: getattr(value, "__name__", ""))
def test_what_cannot_be_checked_is_refused_with_its_line(define: Callable[[], None], message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        define()


def square(F: int) -> Any:
    return table[F * F]


def power(F: int) -> Any:
    return table[F**2]


def reshaped(F: int) -> Any:
    return table.reshape((F, 3))[F // 2, 0]


def in_a_module(F: int) -> Any:
    return helpers.at(table, F)


@pytest.mark.parametrize(
    ("step", "large"), [(square, 3037000500), (power, 3037000500), (reshaped, 3074457345618258603), (in_a_module, 500000000000)]
)
def test_an_index_that_overflows_is_outside(net: Network, step: Any, large: int) -> None:
    net.one = processing(name="Overflow")(type("Overflow", (), {"F": config(1), "audio": out_port(), "step": step, "__module__": __name__}))
    _ = net.one > net.sink
    assert net.render(frames=1).ravel().tolist()[0] > 0.0
    net.one.F = large
    with pytest.warns(UserWarning, match=r"^one went outside of an array"):
        assert net.render(frames=2).ravel().tolist() == [0.0, 0.0]


@processing()
class AddsRow:
    """Adds a row of 8 to its block."""

    sound = in_port()
    audio = out_port()

    class State:
        row: Array[np.float32] = (1.0,) * 8

    def process(state, sound, audio):
        audio += state.row


@processing()
class AddsRowInto:
    """The same by a function of numpy."""

    audio = out_port()

    class State:
        row: Array[np.float32] = (1.0,) * 8

    def process(state, audio):
        np.add(state.row, state.row, audio)


@pytest.mark.parametrize(("type_", "heard"), [(AddsRow, 1.0), (AddsRowInto, 2.0)])
def test_arrays_of_different_lengths_are_not_added(net: Network, type_: Any, heard: float) -> None:
    net.one = type_
    _ = net.one > net.sink
    assert net.render(frames=8, block_size=8).ravel().tolist() == [heard] * 8
    with pytest.warns(UserWarning, match=r"^one went outside of an array"):
        assert net.render(frames=16, block_size=16).ravel().tolist() == [0.0] * 16


@processing()
class Counter:
    """A counter of a companion."""

    K = config(0)
    audio = out_port()

    class State:
        counters: Array[np.int64] = (4, 5)

    def step(state, K):
        return maths.published(state.counters, K)


def test_a_counter_that_is_not_there_is_outside_too(net: Network) -> None:
    net.one = Counter
    net.one.K = 1
    _ = net.one > net.sink
    assert net.render(frames=1).ravel().tolist() == [5.0]
    net.one.K = 2
    with pytest.warns(UserWarning, match=r"^one went outside of an array"):
        assert net.render(frames=1).ravel().tolist() == [0.0]
