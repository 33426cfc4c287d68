"""`ipyclam_core.declare.maths` in types of one's own: compiled, each function does what it does in plain Python, as exactly as it says."""

from __future__ import annotations

import ast
import inspect
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy import float32, int64, uint32
from processings.kernels import CompiledProcessing

from ipyclam_core import Network
from ipyclam_core.declare import Array, config, in_port, maths, out_port, processing
from ipyclam_core.declare.declaration import catalog
from ipyclam_core.declare.maths import (
    cycles,
    exp2,
    log2,
    multiply_add,
    publish,
    published,
    sine,
    sine_of,
    table_pair,
    table_value,
    tanh,
    to_phase,
)

RATE = 48000


def heard(type_: Any, given: np.ndarray | None = None, frames: int = 4800, **configuration: float) -> np.ndarray:
    """What a processing of one's own puts out, in float32, from what it is given."""
    net = Network()
    net.own = type_
    for name, value in configuration.items():
        net.own[name] = value
    net.sink = net.types.AudioSink
    if given is not None:
        net.source = net.types.AudioSource
        _ = net.source > net.own
    _ = net.own > net.sink
    try:
        samples: np.ndarray = net.render(frames=frames, inputs=given, sample_rate=RATE)[:, 0]
    finally:
        net.close()
    return samples


@processing(category="Tests")
class Whistle:
    """A sine."""

    Pitch = config(440.0)
    audio = out_port()

    class State:
        phase: uint32

    def step(state, Pitch, sample_rate):
        sample = sine(state.phase)
        state.phase += to_phase(Pitch / sample_rate)
        return sample


@pytest.mark.parametrize("pitch", [440.0, -440.0, 12345.678, RATE + 440.0, -3.0 * RATE, 0.0])
def test_a_sine_by_phases_is_as_exact_as_it_says(pitch: float) -> None:
    step = round(pitch / RATE % 1.0 * maths.TURN)
    phases = step * np.arange(4800, dtype=np.uint64) % 2**32
    expected = np.sin(phases * (2.0 * np.pi / maths.TURN))
    assert np.abs(heard(Whistle, Pitch=pitch) - expected).max() < 2e-7
    assert abs(sine(int(phases[-1])) - expected[-1]) < 2e-7


@processing(category="Tests")
class SineOf:
    """The sine of its input."""

    sound = in_port()
    audio = out_port()

    def step(sound):
        return sine_of(sound)


def test_a_sine_of_radians_is_as_exact_as_it_says_near_zero() -> None:
    angles = np.linspace(-4.0 * np.pi, 4.0 * np.pi, 4800).astype(np.float32)
    assert np.abs(heard(SineOf, angles) - np.sin(angles.astype(np.float64))).max() < 1e-6
    assert abs(sine_of(1.0) - math.sin(1.0)) < 1e-6


@processing(category="Tests")
class Saws:
    """Phases as cycles."""

    sound = in_port()
    audio = out_port()

    def step(sound):
        return cycles(to_phase(sound))


def test_cycles_go_from_a_half_below_zero_to_a_half_above() -> None:
    turns = np.linspace(-3.0, 3.0, 4801).astype(np.float32)
    sawtooth = heard(Saws, turns, frames=4801)
    assert (sawtooth.min(), sawtooth.max()) == (-0.5, pytest.approx(0.5, abs=2e-3))
    assert sawtooth.tolist() == pytest.approx([float(cycles(to_phase(float(turn)))) for turn in turns], abs=1e-7)  # given as float32


@processing(category="Tests")
class Fused:
    """One rounding, or two."""

    sound = in_port()
    audio = out_port()

    def step(sound):
        return multiply_add(sound, sound, float32(-1.0))


def test_multiply_add_rounds_once() -> None:
    near = np.nextafter(np.float32(1.0), np.float32(2.0)) + np.zeros(64, np.float32)
    exact = np.float32(float(near[0]) ** 2 - 1.0)
    assert heard(Fused, near, frames=64).tolist() == [exact] * 64
    assert multiply_add(float(near[0]), float(near[0]), -1.0) == pytest.approx(float(exact))


SQUARES = np.arange(5.0) ** 2


@processing(category="Tests")
class LooksUp:
    """Reads tables by index, of both kinds, and one that is empty."""

    Step = config(1)
    sound = in_port()
    audio = out_port()

    class Prepared:
        cubes: Array[float32]
        nothing: Array[int64]

    def prepare(Step):
        return {"cubes": np.arange(0.0, 5.0, Step) ** 3, "nothing": []}

    def step(state, sound):
        k = int(sound)
        return table_value(SQUARES, k) + table_value(state.cubes, uint32(max(k, 0))) + table_value(state.nothing, k)


def test_a_table_is_read_within_its_ends() -> None:
    indices = np.arange(-3.0, 4797.0).astype(np.float32)
    k = np.clip(indices, 0, 4)
    assert np.array_equal(heard(LooksUp, indices), k**2 + k**3)
    k2 = 2 * np.clip(indices, 0, 2)
    assert np.array_equal(heard(LooksUp, indices, Step=2), k**2 + k2**3)
    assert [table_value(SQUARES, k) for k in (-1, 2, 9)] == [0.0, 4.0, 16.0]
    assert table_value(SQUARES[:0], 0) == 0.0


def test_a_table_is_read_for_many_at_once_as_for_one() -> None:
    net = Network()
    net.source, net.sink = net.types.AudioSource, net.types.AudioSink
    net.sink.NSinks = 70
    for k in range(70):
        net[f"own{k}"] = LooksUp
        net[f"own{k}"].Step = 1 + k % 3
        _ = net.source > net[f"own{k}"]._inports[0], net[f"own{k}"]._outports[0] > net.sink._inports[k]
    given = np.arange(64.0, dtype=np.float32) / 8.0
    try:
        together = net.render(frames=64, inputs=given, sample_rate=RATE)
    finally:
        net.close()
    for k in range(70):
        assert np.array_equal(together[:, k], heard(LooksUp, given, frames=64, Step=1 + k % 3))


@processing(category="Tests")
class Between:
    """Lines between the points of tables of two, one and no values."""

    sound = in_port()
    audio = out_port()

    class Prepared:
        steps: Array[float32]
        one: Array[float32]
        nothing: Array[float32]

    def prepare():
        return {"steps": [1.0, 2.0, 4.0, 8.0], "one": [16.0], "nothing": []}

    def step(state, sound):
        a, b = table_pair(state.steps, uint32(int(sound)))
        c, d = table_pair(state.one, uint32(int(sound)))
        e, f = table_pair(state.nothing, uint32(int(sound)))
        g, h = table_pair(SQUARES, int(sound))
        return (a + 100.0 * b) + (c - d + e + f) + 10000.0 * (g + h)


def test_a_pair_of_a_table_is_read_within_its_ends() -> None:
    k = np.arange(9.0)
    low, high = 2.0 ** np.minimum(k, 3.0), 2.0 ** np.minimum(k + 1.0, 3.0)
    squares = np.minimum(k, 4.0) ** 2 + np.minimum(k + 1.0, 4.0) ** 2
    assert heard(Between, k.astype(np.float32), frames=9).tolist() == (low + 100.0 * high + 10000.0 * squares).tolist()
    assert table_pair(SQUARES, 3) == (9.0, 16.0)


@processing(category="Tests")
class Curve:
    """One of the curves."""

    Which = config(0)
    sound = in_port()
    audio = out_port()

    def step(sound, Which):
        return exp2(sound) if Which == 0 else log2(sound) if Which == 1 else tanh(sound)


@pytest.mark.parametrize(
    ("which", "exact", "fast", "given"),
    [
        (0, np.exp2, exp2, np.linspace(-126.0, 127.0, 48000)),
        (1, np.log2, log2, np.geomspace(2e-38, 3e38, 48000)),
        (1, np.log2, log2, np.linspace(0.9, 1.1, 48000)),
        (2, np.tanh, tanh, np.linspace(-12.0, 12.0, 48000)),
        (2, np.tanh, tanh, np.geomspace(1e-30, 1.0, 48000)),
    ],
)
def test_curves_are_as_exact_as_they_say(which: int, exact: Any, fast: Any, given: np.ndarray) -> None:
    samples = given.astype(np.float32)
    expected = exact(samples.astype(np.float64))
    size = np.maximum(np.abs(expected), 1.0) if which == 1 else np.abs(expected)
    assert (np.abs(compiled(samples, which) - expected) / np.maximum(size, 1e-30)).max() < (4e-7 if which == 2 else 3e-7)
    assert fast(float(samples[99])) == pytest.approx(expected[99], rel=4e-7)


def compiled(samples: np.ndarray, which: int) -> np.ndarray:
    """Without a network, whose sink would mute NaN."""
    return CompiledProcessing(catalog["Curve"], {"Which": which}).run([samples], len(samples))[0].astype(np.float64)


def test_curves_are_limited_and_keep_nan() -> None:
    assert [exp2(-1000.0), exp2(1000.0), log2(0.0), log2(-1.0), tanh(100.0)] == [2.0**-126, 2.0**127, -126.0, -126.0, 1.0]
    samples = np.array([-1000.0, 1000.0, np.nan], np.float32)
    assert np.array_equal(compiled(samples, 0), [2.0**-126, 2.0**127, np.nan], equal_nan=True)
    assert compiled(np.array([0.0, -1.0, np.nan], np.float32), 1).tolist() == [-126.0] * 3
    assert np.array_equal(compiled(samples, 2), [-1.0, 1.0, np.nan], equal_nan=True)


read: list[float] = []


@processing(category="Tests")
class Sends:
    """Its companion hears what it computes."""

    sound = in_port()
    audio = out_port()

    class State:
        counters: Array[int64]
        ring: Array[float32]

    def initial():
        return {"counters": [0, 0], "ring": np.zeros(4096)}

    def companion(state):
        class Companion:
            def service(self) -> None:
                begin, end = int(state.counters[1]), int(published(state.counters, 0))
                read.extend(state.ring[k % 4096] for k in range(begin, end))
                publish(state.counters, 1, end)

            def close(self) -> None:
                self.service()

        return Companion()

    def process(state, sound, audio, frames):
        begin = published(state.counters, 0)
        room = 4096 - (begin - published(state.counters, 1))
        for i in range(min(frames, room)):
            state.ring[(begin + i) % 4096] = sound[i]
        publish(state.counters, 0, begin + min(frames, room))
        for i in range(frames):
            audio[i] = float32(published(state.counters, 1))


def test_a_companion_reads_what_was_published() -> None:
    read.clear()
    given = np.random.default_rng(1).uniform(-1.0, 1.0, 9000).astype(np.float32)
    taken = heard(Sends, given, frames=9000)
    assert read == given.tolist()
    assert taken[-1] >= 9000 - 4096


def functions() -> list[Callable[..., Any]]:
    return [value for value in vars(maths).values() if inspect.isfunction(value)]


@pytest.mark.parametrize("function", functions(), ids=lambda function: function.__name__)
def test_each_says_what_it_takes_and_returns(function: Callable[..., Any]) -> None:
    doc = inspect.getdoc(function) or ""
    for argument in inspect.signature(function).parameters:
        assert f"{argument} :" in doc or f"{argument}," in doc or f", {argument}" in doc, argument
    returns = any(isinstance(node, ast.Return) for node in ast.walk(ast.parse(inspect.getsource(function))))
    assert ("Returns" in doc) == returns
