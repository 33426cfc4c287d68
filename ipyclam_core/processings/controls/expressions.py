"""Arithmetic that is typed: an expression is compiled to instructions, which run when a value arrives."""

from __future__ import annotations

import math

import numpy as np
from numpy import float64, int64

from ...declare import Array, config, in_control, out_control, processing
from ._expressions import CODES, ExpressionError, compiled, problem_of

CONSTANT, LOAD, STORE, JUMP, RETURN, SELECT = (CODES[name] for name in ("constant", "load", "store", "jump unless", "return", "select"))
WHOLE, TRUTH, NEGATIVE, NOT = (CODES[name] for name in ("whole", "truth", "negative", "not"))
ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO, POWER = (CODES[name] for name in "+-*/%^")
LESS, AT_MOST, MORE, AT_LEAST, EQUAL, UNEQUAL, AND, OR = (CODES[name] for name in ("<", "<=", ">", ">=", "==", "!=", "&&", "||"))
MIN, MAX, ATAN2, SIN, COS, TAN = (CODES[name] for name in ("min", "max", "atan2", "sin", "cos", "tan"))
ASIN, ACOS, ATAN, SINH, COSH, TANH = (CODES[name] for name in ("asin", "acos", "atan", "sinh", "cosh", "tanh"))
EXP, LOG, LOG2, LOG10, SQRT, ABS = (CODES[name] for name in ("exp", "log", "log2", "log10", "sqrt", "abs"))
FLOOR, CEIL = CODES["floor"], CODES["ceil"]
UNDEFINED = math.nan
STEEP = 700.0  # e to the power of this is a number

DEFAULT = "float main(a, b, c)\n{\n    return (a + b) - c;\n}\n"
NOTHING = compiled("0")


def program_of(text):
    """The program of a text, or that of 0 if it is none."""
    try:
        return compiled(text)
    except ExpressionError:
        return NOTHING


def number(value):
    """A value, or `UNDEFINED` where it is not a finite number."""
    return value if value - value == 0.0 else UNDEFINED


def power(x, y):
    """A number to the power of another."""
    if y == 0.0:
        return 1.0
    if x == 0.0:
        return 0.0 if y > 0.0 else UNDEFINED
    if x < 0.0 and y != math.floor(y):
        return UNDEFINED
    exponent = y * math.log(abs(x))
    if exponent > STEEP:
        return UNDEFINED
    odd = x < 0.0 and y % 2.0 == 1.0
    size = abs(x) ** y
    return -size if odd else size


def of_one(code, x):
    """A function of one number."""
    if x != x:
        return UNDEFINED
    if code == NEGATIVE:
        return -x
    if code == NOT:
        return 1.0 if x == 0.0 else 0.0
    if code == WHOLE:
        return float(np.trunc(x))
    if code == TRUTH:
        return 0.0 if x == 0.0 else 1.0
    if code == SIN:
        return math.sin(x)
    if code == COS:
        return math.cos(x)
    if code == TAN:
        return math.tan(x)
    if code == ASIN:
        return math.asin(x) if abs(x) <= 1.0 else UNDEFINED
    if code == ACOS:
        return math.acos(x) if abs(x) <= 1.0 else UNDEFINED
    if code == ATAN:
        return math.atan(x)
    if code == SINH:
        return math.sinh(x) if abs(x) <= STEEP else UNDEFINED
    if code == COSH:
        return math.cosh(x) if abs(x) <= STEEP else UNDEFINED
    if code == TANH:
        return math.tanh(x)
    if code == EXP:
        return math.exp(x) if x <= STEEP else UNDEFINED
    if code == LOG:
        return math.log(x) if x > 0.0 else UNDEFINED
    if code == LOG2:
        return math.log2(x) if x > 0.0 else UNDEFINED
    if code == LOG10:
        return math.log10(x) if x > 0.0 else UNDEFINED
    if code == SQRT:
        return math.sqrt(x) if x >= 0.0 else UNDEFINED
    if code == ABS:
        return abs(x)
    if code == FLOOR:
        return float(np.floor(x))
    if code == CEIL:
        return float(np.ceil(x))
    return float(np.floor(x + 0.5))


def of_two(code, x, y):
    """An operation of two numbers."""
    if code == AND and x == 0.0:  # the other one does not count, as in C
        return 0.0
    if code == OR and x == x and x != 0.0:
        return 1.0
    if x != x or y != y:
        return UNDEFINED
    if code == ADD:
        return x + y
    if code == SUBTRACT:
        return x - y
    if code == MULTIPLY:
        return x * y
    if code == DIVIDE:
        return x / y if y != 0.0 else UNDEFINED
    if code == MODULO:
        return x - y * float(np.floor(x / y)) if y != 0.0 else UNDEFINED
    if code == POWER:
        return power(x, y)
    if code == MIN:
        return min(x, y)
    if code == MAX:
        return max(x, y)
    if code == ATAN2:
        return math.atan2(x, y)
    true = False
    if code == LESS:
        true = x < y
    elif code == AT_MOST:
        true = x <= y
    elif code == MORE:
        true = x > y
    elif code == AT_LEAST:
        true = x >= y
    elif code == EQUAL:
        true = x == y
    elif code == UNEQUAL:
        true = x != y
    else:  # of `&&` and `||` the second side counts now
        true = y != 0.0
    return 1.0 if true else 0.0


def run(state):
    """The value of the program, `UNDEFINED` if it has none."""
    stack, slots = state.stack, state.slots
    top = -1
    place = 0
    while place < len(state.codes):
        code, operand = state.codes[place], state.operands[place]
        place += 1
        if code == CONSTANT:
            top += 1
            stack[top] = state.constants[operand]
        elif code == LOAD:
            top += 1
            stack[top] = slots[operand]
        elif code == STORE:
            slots[operand] = stack[top]
            top -= 1
        elif code == JUMP:
            if stack[top] != stack[top]:
                return UNDEFINED
            if stack[top] == 0.0:
                place = operand
            top -= 1
        elif code == RETURN:
            return stack[top]
        elif code == SELECT:
            top -= 2
            chosen = stack[top + 1] if stack[top] != 0.0 else stack[top + 2]
            stack[top] = chosen if stack[top] == stack[top] else UNDEFINED
        elif code >= ADD and code <= ATAN2:
            top -= 1
            stack[top] = number(of_two(code, float(stack[top]), float(stack[top + 1])))
        else:
            stack[top] = number(of_one(code, float(stack[top])))
    return UNDEFINED


@processing(
    category="[plugin] Expression compiler", source="CLAM ControlExpression", synonyms=("formula", "math", "calculator", "expr", "function")
)
class ControlExpression:
    """Sends the value of an expression whenever one of its variables receives a value. Each variable is an in control.

    An expression is a formula, such as ``440 * 2 ^ ((note - 69) / 12)``, or a function in the manner of C, which may have
    variables of its own: ``float main(a, b) { float x = 2 * b; if (a < x) return a; return x; }``.

    The operators are ``+ - * / % ^ == != < <= > >= && || !`` and ``a ? b : c``. ``^`` is the power, and ``%`` the rest, which has
    the sign of the divisor. The functions are ``abs``, ``acos``, ``asin``, ``atan``, ``atan2``, ``ceil``, ``cos``, ``cosh``,
    ``exp``, ``floor``, ``log``, ``log10``, ``log2``, ``max``, ``min``, ``mod``, ``pow``, ``round``, ``sin``, ``sinh``, ``sqrt``,
    ``tan`` and ``tanh``; angles are in radians, and there is ``pi``. A value that is not defined, such as 1 / 0, is not sent.
    """

    Expression = config(DEFAULT, type="text")
    inputs = in_control("{}", count="variables")
    result = out_control("result")

    class State:
        stack: Array[float64]
        slots: Array[float64]
        running: bool

    class Prepared:
        codes: Array[int64]
        operands: Array[int64]
        constants: Array[float64]

    def problem(Expression):
        return problem_of(Expression)

    def ports(Expression):
        return {"variables": tuple(program_of(Expression).arguments)}

    def initial(Expression):
        program = program_of(Expression)
        return {"stack": np.zeros(program.depth + 1), "slots": np.zeros(len(program.variables) + 1)}

    def prepare(Expression):
        program = program_of(Expression)
        codes, operands = zip(*program.code, strict=True)
        constants = np.array([*program.constants, 0.0])
        return {"codes": np.array(codes, np.int64), "operands": np.array(operands, np.int64), "constants": constants}

    def receive(state, inputs, result):
        given = len(inputs) == 0
        for k in range(len(inputs)):
            state.slots[k] = number(float(inputs[k]))
            given = given or inputs[k] != 0.0
        for k in range(len(inputs), len(state.slots)):
            state.slots[k] = 0.0
        if state.running or given:  # at the start there may be nothing to compute with
            value = run(state)
            if value == value:
                result.send(value)
        state.running = True
