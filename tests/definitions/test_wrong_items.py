"""Every argument of the functions that declare parts of a type refuses values it cannot mean, at the definition and in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ipyclam_core import Network, errors
from ipyclam_core.declare import config, in_control, in_port, out_control, out_port, processing
from ipyclam_core.declare.declaration import catalog

TEXTS = [3, 1.5, b"x", ["a"], True, "\ud800"]
NUMBERS = ["a", True, [1], float("nan"), 1j, 10**400]
FLAGS = [1, "yes", 0.0, [True]]
WORDS = ["ab", 3, ["a", "a"], [1, 2], ["\ud800"]]
COUNTS = [1.5, "a", -1, True]

WRONG: dict[Callable[..., Any], dict[str, list[Any]]] = {
    config: {"name": TEXTS, "type": [*TEXTS, "number"], "minimum": NUMBERS, "maximum": NUMBERS, "choices": WORDS, "optional": FLAGS}
    | {"unit": TEXTS, "doc": TEXTS},
    in_port: {"name": TEXTS, "type": TEXTS, "count": TEXTS, "first": COUNTS, "names": WORDS, "open": NUMBERS, "doc": TEXTS},
    out_port: {"name": TEXTS, "type": TEXTS, "count": TEXTS, "first": COUNTS, "names": WORDS, "doc": TEXTS},
    in_control: {"name": TEXTS, "type": TEXTS, "default": NUMBERS, "minimum": NUMBERS, "maximum": NUMBERS, "unit": TEXTS}
    | {"from_config": TEXTS, "smooth": FLAGS, "count": TEXTS, "first": COUNTS, "doc": TEXTS},
    out_control: {"name": TEXTS, "type": TEXTS, "unit": TEXTS, "count": TEXTS, "first": COUNTS, "doc": TEXTS},
}  # fmt: skip

CASES = [(maker, argument, value) for maker, given in WRONG.items() for argument, values in given.items() for value in values]


def define(**items: Any) -> None:
    """A type with these declarations, which computes nothing of them."""
    processing(type("Wrong", (), {"__module__": __name__, **items, "sound": out_port(), "step": lambda: 0.0}))


@pytest.mark.parametrize(("maker", "argument", "value"), CASES, ids=[f"{m.__name__}-{a}-{v!r:.12}" for m, a, v in CASES])
def test_a_value_of_the_wrong_kind_is_refused(maker: Callable[..., Any], argument: str, value: Any) -> None:
    with pytest.raises((errors.DefinitionError, TypeError)) as refused:
        define(it=maker(**{argument: value}))
    assert "it" in str(refused.value)
    assert "Wrong" not in catalog


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ({"it": in_control(minimum=3, maximum=2)}, "the minimum of it, 3, is above its maximum, 2"),
        ({"it": config(2.5, minimum=3, maximum=2)}, "the minimum of it, 3, is above its maximum, 2"),
        ({"it": in_port(count="N"), "N": config(2.0)}, "it is counted by N, a float. Declare an int"),
        ({"it": out_port(count="N"), "N": config("2")}, "it is counted by N, a str. Declare an int"),
        ({"it": in_control(from_config="N"), "N": config("2")}, "it takes its value from N, which is a str, not a number"),
        ({"it": config("a", type="enum")}, "it is an enum without choices"),
    ],
)
def test_arguments_that_do_not_fit_each_other_are_refused(items: dict[str, Any], words: str) -> None:
    with pytest.raises(errors.DefinitionError, match=words):
        define(**items)
    assert "Wrong" not in catalog


def test_a_number_of_connectors_is_not_negative() -> None:
    processing(
        type("Several", (), {"__module__": __name__, "N": config(2), "ins": in_port(count="N"), "out": out_port(), "process": silent})
    )
    net = Network("clam")
    net.it = net.types.Several
    with pytest.raises(errors.ParameterValueError, match="an int from 0 to 1024"):
        net.it.N = -1
    assert len(net.it._inports) == 2


def silent(out):  # type: ignore[no-untyped-def]
    for k in range(len(out)):
        out[k] = 0.0
