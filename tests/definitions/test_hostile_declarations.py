"""Declarations that make no sense are refused where they are written, in words, and what runs beside them goes on."""

from __future__ import annotations

from collections.abc import Callable
from tokenize import open as open_source
from typing import Any

import numpy as np
import pytest

from ipyclam_core import Network
from ipyclam_core.declare import config, in_control, in_port, out_port, processing
from ipyclam_core.declare.declaration import catalog
from ipyclam_core.errors import DefinitionError


def of_state(annotation: Any, **values: Any) -> Callable[[], None]:
    def define() -> None:
        state = type("State", (), {"__annotations__": {"x": annotation}, **values})
        processing()(type("Wrong", (), {"State": state, "audio": out_port(), "step": lambda state: 0.0, "__module__": __name__}))

    return define


def contains_itself() -> None:
    held: dict[str, Any] = {}
    held["held"] = held
    config(held)


def loops_without_end() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        def step():
            while True:
                pass
            return 0.0


def calls_a_function_of_python() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        class State:
            x: float

        def step(state):
            return open_source("x")


def with_control(**given: Any) -> Callable[[], None]:
    def define() -> None:
        body = {"c": in_control(**given), "audio": out_port(), "step": lambda c: c, "__module__": __name__}
        processing()(type("Wrong", (), body))

    return define


def named_in_two_lines() -> None:
    processing(name="a\nb")(type("Wrong", (), {"audio": out_port(), "step": lambda: 0.0, "__module__": __name__}))


CASES = [
    (of_state(np.longdouble), r"Wrong: State.x is \w+, which compiled code does not have. Use np.float32 or float"),
    (of_state(np.float16), r"Wrong: State.x is float16, which compiled code does not have. Use np.float32 or float"),
    (of_state(np.int8, x=1000), r"Wrong: initial gives 'x' the value 1000. As int8, it can be from -128 to 127"),
    (of_state(np.uint32, x=-1), r"Wrong: initial gives 'x' the value -1. As uint32, it can be from 0 to 4294967295"),
    (of_state(np.float32, x=1e300), r"Wrong: initial gives 'x' the value 1e\+300. As float32"),
    (contains_itself, r"a dict that contains itself cannot be a default value"),
    (lambda: config(object()), r"config: <object .*> cannot be a default value"),
    (with_control(default=5.0, maximum=1.0), r"Wrong: c starts at 5, which is above its maximum, 1"),
    (with_control(default=-5.0, minimum=1.0), r"Wrong: c starts at -5, which is below its minimum, 1"),
    (named_in_two_lines, r"name is 'a\\nb'. It must have no line breaks"),
    (with_control(name="a\tb"), r"the name of c is 'a\\tb'"),
    (loops_without_end, r"Wrong: step, line \d+, `while True:`: this loop never ends. Leave it with break or return"),
    (calls_a_function_of_python, r"Wrong: step, line \d+, `return open_source\(\"x\"\)`: 'open_source' cannot be used in compiled code"),
]


@pytest.mark.parametrize(("define", "message"), CASES)
def test_it_is_refused_in_words(define: Callable[[], None], message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        define()
    assert "Wrong" not in catalog


@processing()
class Counted:
    """As many ports as it is told."""

    N = config(1)
    x = in_port("x{}", count="N")

    def process(x):
        pass


@processing()
class CountedByPorts:
    """The same, by a function."""

    N = config(1)
    x = in_port("x{}", count="n")

    def ports(N):
        return {"n": N}

    def process(x):
        pass


def test_connectors_have_a_limit() -> None:
    net = Network("clam")
    net.one, net.two = Counted, CountedByPorts
    with pytest.raises(ValueError, match=r"takes an int from 0 to 1024, not 1000000000"):
        net.one.N = 10**9
    with pytest.raises(DefinitionError, match=r"ports returns more than 1024 connectors for 'n'"):
        net.two.N = 10**9
    assert (net.one.N, net.two.N) == (1, 1)
