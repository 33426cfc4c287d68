"""What people get wrong in the declarations of their first processing types, and what they are told."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from ipyclam_core import Network
from ipyclam_core.declare import Array, config, in_control, in_port, out_control, out_port, processing
from ipyclam_core.declare.declaration import catalog
from ipyclam_core.errors import DefinitionError


def positional_category() -> None:
    processing("Mine")


def a_function_is_decorated() -> None:
    @processing()
    def Wrong(x):
        return x


def name_of_a_port() -> None:
    @processing()
    class Wrong:
        sound = in_port("Input")
        audio = out_port()

        def step(Input):
            return Input


def stars() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        def step(**given):
            return 0.0


def out_port_taken() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        def step(audio):
            return 0.0


def control_sent_by_step() -> None:
    @processing()
    class Wrong:
        audio = out_port()
        level = out_control()

        def step(level):
            return 0.0


def several_in_step() -> None:
    @processing()
    class Wrong:
        N = config(2)
        inputs = in_port(count="N")
        audio = out_port()

        def step(inputs):
            return inputs[0]


def asynchronous() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        async def step():
            return 0.0


def generator() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        def step():
            yield 0.0


def not_a_function() -> None:
    @processing()
    class Wrong:
        sound = in_port()
        audio = out_port()
        step = math.sin


def with_init() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        def __init__(self):
            self.phase = 0.0

        def step():
            return 0.0


def maker_not_called() -> None:
    @processing()
    class Wrong:
        audio = out_port

        def step():
            return 0.0


def default_for_a_name() -> None:
    @processing()
    class Wrong:
        Drive = in_control(2.0)
        audio = out_port()

        def step(Drive):
            return Drive


def default_out_of_range() -> None:
    @processing()
    class Wrong:
        Drive = config(20.0, minimum=0.0, maximum=10.0)
        audio = out_port()

        def step(Drive):
            return Drive


def reserved_name() -> None:
    @processing()
    class Wrong:
        state = in_port()
        audio = out_port()

        def step(state):
            return state


def constant_of_the_class() -> None:
    @processing()
    class Wrong:
        gain = 3.0
        audio = out_port()

        def step():
            return gain  # noqa: F821


def argument_forgotten() -> None:
    @processing()
    class Wrong:
        Drive = config(3.0)
        audio = out_port()

        def step():
            return Drive  # noqa: F821


def field_without_type() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        class State:
            phase = 0.5

        def step(state):
            return state.phase


def field_of_a_list() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        class State:
            line: list[float]

        def step(state):
            return state.line[0]


def array_without_length() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        class State:
            line: Array[float]

        def step(state):
            return state.line[0]


def initial_fails() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        class State:
            phase: float

        def initial(sample_rate):
            return {"phase": sample_rate / 0}

        def step(state):
            return state.phase


def initial_of_another_field() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        class State:
            phase: float

        def initial():
            return {"fase": 1.0}

        def step(state):
            return state.phase


def initial_gives_text() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        class State:
            phase: float

        def initial():
            return {"phase": "high"}

        def step(state):
            return state.phase


def ports_forget_one() -> None:
    @processing()
    class Wrong:
        Width = config(2)
        audio = out_port(count="channels")

        def ports(Width):
            return {"chanels": Width}

        def process(audio):
            pass


def problem_says_a_number() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        def problem():
            return 3

        def step():
            return 0.0


def companion_of_nothing() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        def companion(Fil):
            return None

        def step():
            return 0.0


def _decorated(**arguments: Any) -> Callable[[], None]:
    def declare() -> None:
        @processing(**arguments)
        class Wrong:
            audio = out_port()

            def step():
                return 0.0

    declare.__name__ = f"decorated_with_{'_'.join(arguments)}"
    return declare


CASES: list[tuple[Callable[[], None], str]] = [
    (positional_category, r"@processing\('Mine'\): say what that is: @processing\(category='Mine'\)"),
    (_decorated(category=None), r"Wrong: category takes a str, not None"),
    (_decorated(name=3), r"Wrong: name takes a str, not 3"),
    (_decorated(source=["a"]), r"Wrong: source takes a str, not \['a'\]"),
    (_decorated(role="x"), r'Wrong: role takes "source" or "sink", .* not \'x\''),
    (_decorated(synonyms="lfo"), r"Wrong: synonyms takes a tuple of words, .* not 'lfo'"),
    (a_function_is_decorated, r"Wrong: @processing\(\) belongs above a class"),
    (name_of_a_port, r"step takes 'Input', which is a displayed name. Use its attribute name: 'sound'"),
    (stars, r"step takes \*\*given. Name each argument that it needs"),
    (out_port_taken, r"step takes 'audio', which is an out port. Only process can take it. The value that step returns goes there"),
    (control_sent_by_step, r"step takes 'level', which is an out control. Only process and receive can send"),
    (several_in_step, r"step takes 'inputs', whose number is given by 'N'. Only process can take them"),
    (asynchronous, r"step is asynchronous. Write def step, without async"),
    (generator, r"step yields, but is called again for each sample, and must return it"),
    (not_a_function, r"step must be a function: def step\(...\)"),
    (with_init, r"__init__ is not called. Give initial values in State: phase: float = 0.5"),
    (maker_not_called, r"audio is the function out_port. Call it: audio = out_port\(\)"),
    (default_for_a_name, r"the name of Drive is 2.0, which is not a str; did you mean in_control\(default=2.0\)\?"),
    (default_out_of_range, r"the default of Drive is not valid: Wrong.Drive takes a float from 0 to 10, not 20.0"),
    (reserved_name, r"'state' already has a meaning in its functions. Choose another attribute, with name='state'"),
    (constant_of_the_class, r"step, line \d+, `return gain.*`: 'gain' is a name inside the class, .* Define it before the class"),
    (argument_forgotten, r"step, line \d+, `return Drive.*`: 'Drive' is declared, but step does not take it. Add it to the arguments"),
    (field_without_type, r"State.phase has no type. Write phase: float"),
    (field_of_a_list, r"State.line is list\[float\]. A field is a number such as float, or an array of numbers such as Array\[float\]"),
    (array_without_length, r"State.line is an Array without a length. initial must return its content"),
    (initial_fails, r'initial, line \d+, `return {"phase": sample_rate / 0}`: ZeroDivisionError'),
    (initial_of_another_field, r"initial gives a value for 'fase', which is not a field .*; did you mean 'phase'\?"),
    (initial_gives_text, r"initial gives 'phase' the value 'high', which is not a number"),
    (ports_forget_one, r"ports does not return the number of 'channels'; did you mean 'chanels'\?"),
    (problem_says_a_number, r"problem must return a description of the problem, .* not 3"),
    (companion_of_nothing, r"companion takes 'Fil', which is not a parameter"),
]


@pytest.mark.parametrize(("define", "message"), CASES, ids=lambda value: getattr(value, "__name__", ""))
def test_a_mistake_is_explained(define: Callable[[], None], message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        define()
    assert "Wrong" not in catalog


def test_the_decorator_may_stand_alone() -> None:
    @processing
    class Alone:
        audio = out_port()

        @staticmethod
        def step():
            return 0.5

    assert heard("Alone") == [0.5]


def test_what_a_field_begins_with_is_said_in_the_class() -> None:
    @processing()
    class Begins:
        Start = config(2.0)
        audio = out_port()

        class State:
            a: float = 0.25
            b: float = 8.0
            row: Array[float] = (16.0, 32.0)

        def initial(Start):
            return {"b": Start}

        def step(state):
            return state.a + state.b + state.row[1]

    assert heard("Begins") == [34.25]


def test_a_configuration_with_which_a_function_fails_is_refused_and_what_plays_goes_on() -> None:
    @processing()
    class Picky:
        Size = config(3)
        audio = out_port()

        class Prepared:
            row: Array[float]

        def prepare(Size):
            if Size > 5:
                raise ValueError("too many")
            return {"row": np.full(Size, 0.5)}

        def step(state):
            return state.row[0]

    net = network("Picky")
    net.play("step", sample_rate=48000, block_size=64)
    try:
        with pytest.raises(ValueError, match=r"own.Size cannot be 7: prepare, line \d+, `raise .*: ValueError: too many"):
            net.own.Size = 7
        assert net.own.Size == 3
        net.own.Size = 4
        assert not net.status().messages
    finally:
        net.stop()


def network(type_name: str) -> Network:
    net = Network("clam")
    net.own = net.types[type_name]
    net.sink = net.types.AudioSink
    _ = net.own > net.sink
    return net


def heard(type_name: str) -> list[float]:
    """The first sample."""
    return [float(sample) for sample in network(type_name).render(frames=1).ravel()]
