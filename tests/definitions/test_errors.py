"""What is wrong with a processing type is said where it is defined: which line, why, what to write instead."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from ipyclam_core import Network
from ipyclam_core.declare import config, in_port, out_port, processing
from ipyclam_core.declare.declaration import catalog
from ipyclam_core.errors import DefinitionError

loudness = "11"


def unknown_name() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        def step():
            return loudnes  # noqa: F821


def text_in_compiled_code() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        def step():
            return math.sqrt(loudness)


def unknown_field() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        class State:
            phase: float

        def step(state):
            state.fase = 1.0
            return state.phase


def too_many_results() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        def step():
            return 1.0, 2.0


def no_result() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        def step():
            pass


def allocates() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        def process(audio):
            audio[:] = np.zeros(len(audio))


def prints() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        def step():
            print("hello")
            return 0.0


def raises() -> None:
    @processing()
    class Wrong:
        into = in_port()
        audio = out_port()

        def step(into):
            if into > 1.0:
                raise ValueError("too loud")
            return into


def undeclared_argument() -> None:
    @processing()
    class Wrong:
        into = in_port()
        audio = out_port()

        def step(imto):
            return imto


def takes_self() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        def step(self):
            return 0.0


def state_without_class() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        def step(state):
            return 0.0


def text_parameter() -> None:
    @processing()
    class Wrong:
        Name = config("x")
        audio = out_port()

        def step(Name):
            return 0.0


def nothing_to_do() -> None:
    @processing()
    class Wrong:
        audio = out_port()


def two_forms() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        def step():
            return 0.0

        def process(audio):
            pass


def opens_a_file() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        def step():
            with open("x"):
                pass
            return 0.0


def two_ports_of_one_name() -> None:
    @processing()
    class Wrong:
        left = out_port("Output")
        right = out_port("Output")

        def step():
            return 0.0, 0.0


CASES: list[tuple[Callable[[], None], str]] = [
    (unknown_name, r"Wrong: step, line \d+, `return loudnes.*`: 'loudnes' is not defined; did you mean 'loudness'"),
    (text_in_compiled_code, r"Wrong: step, line \d+, `return math.sqrt\(loudness\)`: "),
    (unknown_field, r"Wrong: step, line \d+, `state.fase = 1.0`: state.fase .* class State does not declare it"),
    (too_many_results, r"Wrong: step must return one number, one for each out port"),
    (no_result, r"Wrong: step must return one number, one for each out port; it returns nothing"),
    pytest.param(
        allocates,
        r"Wrong: process would allocate memory .* in initial or prepare \(line \d+, `audio\[:\] = np.zeros",
        marks=pytest.mark.slow,
    ),
    pytest.param(prints, r"Wrong: step would allocate memory or raise an error while it plays.*`print", marks=pytest.mark.slow),
    (raises, r"Wrong: step would allocate memory or raise an error while it plays.*`raise ValueError"),
    (undeclared_argument, r"Wrong: step takes 'imto', which is not declared; did you mean 'into'"),
    (takes_self, r"Wrong: step must not take 'self'"),
    (state_without_class, r"Wrong: step takes 'state', but there is no class State"),
    (text_parameter, r"Wrong: 'Name' is not a number, and compiled functions take numbers. Use it in prepare"),
    (nothing_to_do, r"Wrong: needs a step, process or receive function"),
    (two_forms, r"Wrong: has both step and process\. Keep one"),
    (opens_a_file, r"Wrong: step.*`with open"),
    (two_ports_of_one_name, r"Wrong: 2 of its out ports are called 'Output'. Give each its own name"),
]


@pytest.mark.parametrize(("define", "message"), CASES, ids=lambda value: getattr(value, "__name__", ""))
def test_a_wrong_definition_is_explained(define: Callable[[], None], message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        define()
    assert "Wrong" not in catalog
    assert "Wrong" not in Network("clam").types


def test_a_name_of_ours_is_not_taken() -> None:
    with pytest.raises(DefinitionError, match=r"SimpleOscillator: .* both define a type of this name; give one another name="):

        @processing(name="SimpleOscillator")
        class Mine:
            audio = out_port()

            def step():
                return 0.0


def test_a_definition_that_fails_leaves_the_one_before() -> None:
    @processing()
    class Half:
        audio = out_port()

        def step():
            return 0.5

    net = Network("clam")
    net.half = net.types.Half
    net.sink = net.types.AudioSink
    _ = net.half > net.sink
    with pytest.raises(DefinitionError):

        @processing()
        class Half:
            audio = out_port()

            def step():
                return nowhere  # noqa: F821

    assert net.render(frames=3).ravel().tolist() == [0.5, 0.5, 0.5]
