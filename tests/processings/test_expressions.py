"""Expressions that users type: their values, and the place of each mistake."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipyclam_core import Network
from ipyclam_core.declare.declaration import catalog
from ipyclam_core.dsp.plain import PlainProcessing
from ipyclam_core.errors import ParameterValueError
from ipyclam_core.processings.controls._expressions import LONGEST, NAMES, ExpressionError, compiled

from .kernels import CompiledProcessing


def sent(text: str, *steps: tuple[float, ...], kind: type = CompiledProcessing) -> list[float]:
    """What is sent for the values of each step, all variables at once."""
    expression = kind(catalog["ControlExpression"], {"Expression": text})
    expression.run([], 512)
    for step in steps:
        for k, value in enumerate(step):
            expression.send("inputs", value, k)
        expression.run([], 512)
    return list(expression.sent("result"))


VALUES = [
    ("a + b * c", (1.0, 2.0, 3.0), 7.0),
    ("(a + b) * c", (1.0, 2.0, 3.0), 9.0),
    ("a - b - c", (1.0, 2.0, 3.0), -4.0),
    ("a / b / c", (12.0, 2.0, 3.0), 2.0),
    ("-a ^ 2", (3.0,), -9.0),
    ("2 ^ -a", (1.0,), 0.5),
    ("a ^ 3 ^ 2", (2.0,), 512.0),
    ("a ** 0.5", (9.0,), 3.0),
    ("a % 3", (-1.0,), 2.0),
    ("a % -3", (1.0,), -2.0),
    ("a > b ? a : b", (1.0, 5.0), 5.0),
    ("a < 1 ? 10 : a < 2 ? 20 : 30", (1.5,), 20.0),
    ("a < b && b < 3 || a == 9", (1.0, 2.0), 1.0),
    ("b != 0 && a / b > 1", (0.0, 1.0), 0.0),
    ("b == 0 || a / b > 1", (0.0, 1.0), 1.0),
    ("b == 0 && a / b > 1", (2.0, 3.0), 0.0),
    ("b == 0 || a / b > 1", (2.0, 3.0), 1.0),
    ("!a != (a >= b)", (2.0, 2.0), 1.0),
    ("440 * 2 ^ ((note - 69) / 12)", (81.0,), 880.0),
    ("pow(a, 2) + mod(a, 2) + fabs(-a) + ln(exp(a))", (3.0,), 16.0),
    ("min(a, max(b, 2))", (9.0, 1.0), 2.0),
    ("round(a) + floor(a) + ceil(a)", (-1.5,), -4.0),
    ("sin(pi / 6) + cos(a) + atan2(a, 1)", (0.5,), 0.5 + math.cos(0.5) + math.atan2(0.5, 1.0)),
    (".5e1 + 1.5f + 2.", (), 8.5),
    ("a // the rest is said\n /* b */ + 1", (1.0,), 2.0),
    ("float main(a, b, c)\n{\n    return (a + b) - c;\n}\n", (1.0, 2.0, 4.0), -1.0),
    ("int main(float a, int b) { int x = a * 10; bool y = b; return x + y; }", (0.79, 1.9), 8.0),
    ("float main(a) { if (a < 0) return 0; else if (a > 1) { return 1; } a = a * a; return a; }", (0.5,), 0.25),
    ("float main(a) { float x = 1; if (a > 0) { x = 2; } else x = 3; return x; }", (-1.0,), 3.0),
    ("float main(a) { if (a > 5) { float x = 7; } return x; }", (1.0,), 0.0),
]


@pytest.mark.parametrize(("text", "given", "value"), VALUES)
def test_an_expression_has_its_value(text: str, given: tuple[float, ...], value: float) -> None:
    for kind in (CompiledProcessing, PlainProcessing):
        assert sent(text, given, kind=kind)[-1:] == [pytest.approx(value)]


@pytest.mark.parametrize(
    "text", ["1 / a", "a % 0", "sqrt(-1 - a)", "log(a)", "0 ^ -1", "(0 - 8) ^ 0.5", "acos(2)", "exp(1e9)", "1e300 * 1e300"]
)
@pytest.mark.parametrize("kind", [CompiledProcessing, PlainProcessing])
def test_what_is_not_defined_is_not_sent(text: str, kind: type) -> None:
    assert sent(text, (0.0,) if "a" in text.replace("acos", "") else (), kind=kind) == []
    assert sent(f"1 + 0 * ({text})", kind=kind) == []
    assert sent(f"({text}) ? 1 : 2", kind=kind) == []


def test_a_value_is_sent_for_each_one_that_arrives_and_at_the_start_only_if_there_is_something_to_compute_with() -> None:
    assert sent("a + 1") == []
    assert sent("a + 1", (2.0,), (2.0,)) == [3.0, 3.0]
    assert sent("0.25") == [0.25]


def test_the_variables_are_in_controls_in_the_order_in_which_they_are_named() -> None:
    net = Network("clam")
    net.formula = net.types.ControlExpression
    assert [control.name for control in net.formula._incontrols] == ["a", "b", "c"]
    net.formula.Expression = "note + bend * note"
    assert [control.name for control in net.formula._incontrols] == ["note", "bend"]


MISTAKES = [
    ("", "line 1, column 1: a value is missing at the end"),
    ("a +", "line 1, column 4: a value is missing at the end"),
    ("a b", "line 1, column 3: the expression should end before 'b'"),
    ("(a", "line 1, column 3: ')' is missing after what is in brackets"),
    ("a\n + @ b", "line 2, column 4: '@' means nothing here"),
    ("a /* b", "line 1, column 3: the comment has no end: '*/' is missing"),
    ("x = 3", "line 1, column 3: the expression should end before '='"),
    ("sin", "line 1, column 1: sin is a function: type sin(x)"),
    ("a + sin(1, 2)", "line 1, column 5: sin takes one value, not 2"),
    ("pow(2)", "line 1, column 1: pow takes two values, not 1"),
    ("__import__('os')", 'line 1, column 12: "\'" means nothing here'),
    ("system(1)", f"line 1, column 1: there is no function 'system'; there are {', '.join(sorted(NAMES))}"),
    ("1e999", "line 1, column 1: 1e999 is too large a number"),
    ("float main(a) { return b; }", "line 1, column 24: there is no variable 'b'; there are: a"),
    ("float main(a, a) { return a; }", "line 1, column 15: there are two parameters of the name 'a'"),
    ("float main(pi) { return pi; }", "line 1, column 12: 'pi' is a name of the language: choose another one"),
    ("float main(a)\n{\n    return a +;\n}", "line 3, column 15: a value is missing before ';'"),
    ("float main(a) { a = 3; }", "line 1, column 24: a return is missing: 'return a + b;'"),
    ("float main(a) { b = 3; return b; }", "line 1, column 17: there is no variable 'b': 'float b = ...;' makes one"),
    ("float main(a) { if (a > 1) { return 2; }", "line 1, column 41: '}' is missing at the end"),
    ("float f(a) { return a; }", "line 1, column 7: the function has the name main, not 'f'"),
    ("float main(a) { while (a) a = 1; return a; }", "line 1, column 17: there is no variable 'while': 'float while = ...;' makes one"),
    ("(" * 60 + "a" + ")" * 60, "line 1, column 51: it is nested more than 50 levels deep"),
    ("-" * 100 + "a", "line 1, column 51: it is nested more than 50 levels deep"),
    ("a +" * LONGEST + "a", f"it has {3 * LONGEST + 1:,} characters: the limit is {LONGEST:,}"),
]


@pytest.mark.parametrize(("text", "message"), MISTAKES)
def test_a_mistake_is_told_with_its_place_and_changes_nothing(text: str, message: str) -> None:
    net = Network("clam")
    net.formula = net.types.ControlExpression
    net.sender = net.types.OutControlSender
    net.sender.out > net.formula.b
    with pytest.raises(ParameterValueError) as raised:
        net.formula.Expression = text
    assert f"Expression: {message}" in str(raised.value)
    assert net.formula.b.peers


@given(st.text(st.sampled_from("ab12.+-*/%^()<>=!&|?:,;{} \nsinreturnifelsefloatmain")))
def test_no_text_is_too_strange(text: str) -> None:
    try:
        program = compiled(text)
    except ExpressionError:
        return
    assert program.code
    expression = PlainProcessing(catalog["ControlExpression"], {"Expression": text})
    expression.run([], 512)
    assert all(math.isfinite(value) for value in expression.sent("result"))


def test_an_expression_of_a_network_of_clam_survives_being_saved(tmp_path: object) -> None:
    net = Network("clam")
    net.formula = net.types.ControlExpression
    text = "float main(a, b)\n{\n    return a < b && b > 1 ? a : b;\n}\n"
    net.formula.Expression = text
    for suffix in (".clamnetwork", ".py"):
        path = f"{tmp_path}/formula{suffix}"
        net.save(path)
        other = Network("clam")
        other.load(path)
        assert other.formula.Expression == text
        assert [control.name for control in other.formula._incontrols] == ["a", "b"]
