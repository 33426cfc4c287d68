"""The language of `ControlExpression`, compiled to instructions for a stack of numbers.

A program is an expression, or a function in the manner of C:

    float main(note, bend)
    {
        float semitones = note + 2 * bend - 69;
        if (note < 0) return 0;
        return 440 * 2 ^ (semitones / 12);
    }

Every value is a number. There are no loops, so that the work is known before.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

LONGEST: Final = 10_000  # characters
DEEPEST: Final = 50  # levels of brackets
MOST: Final = 1024  # variables

OPERATIONS: Final = (
    "constant", "load", "store", "jump unless", "return", "select", "whole", "truth",
    "negative", "not", "+", "-", "*", "/", "%", "^", "<", "<=", ">", ">=", "==", "!=", "&&", "||",
    "min", "max", "atan2", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "exp", "log", "log2", "log10",
    "sqrt", "abs", "floor", "ceil", "round",
)  # fmt: skip
CODES: Final = {name: code for code, name in enumerate(OPERATIONS)}
FUNCTIONS: Final = {name: 2 if name in ("min", "max", "atan2") else 1 for name in OPERATIONS[CODES["min"] :]}
NAMES: Final = {**FUNCTIONS, "pow": 2, "mod": 2, "fabs": 1, "ln": 1}
"""The functions, and how many arguments they take."""
ALIASES: Final = {"pow": "^", "mod": "%", "fabs": "abs", "ln": "log"}
CONSTANTS: Final = {"pi": math.pi, "true": 1.0, "false": 0.0}
TYPES: Final = {"float": "", "double": "", "int": "whole", "bool": "truth"}
LEVELS: Final = (("||",), ("&&",), ("==", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "/", "%"))
"""Operators of two values, the loosest first; those of a level go from left to right."""
WORDS: Final = {*TYPES, "return", "if", "else"}
TOKEN: Final = re.compile(
    r"(?P<space>\s+|//[^\n]*|/\*.*?\*/)|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fF]?(?!\w))|(?P<name>[^\W\d]\w*)"
    r"|(?P<sign>\*\*|<=|>=|==|!=|&&|\|\||[-+*/%^<>=!?:(){},;])",
    re.DOTALL,
)


class ExpressionError(ValueError):
    """An expression cannot be read: where, and why."""


@dataclass(frozen=True)
class Token:
    """A word, a number or a sign, and its place in the text."""

    kind: str
    text: str
    place: int


@dataclass
class Program:
    """Instructions: pairs of an operation and a number, which is the place of a variable, of a constant or of an instruction."""

    arguments: list[str] = field(default_factory=list)
    variables: list[str] = field(default_factory=list)
    constants: list[float] = field(default_factory=list)
    code: list[tuple[int, int]] = field(default_factory=list)
    depth: int = 0


@lru_cache(maxsize=64)
def compiled(text: str) -> Program:
    """The program of a text; `ExpressionError` if it is none."""
    if len(text) > LONGEST:
        raise ExpressionError(f"it has {len(text):,} characters: the limit is {LONGEST:,}")
    return _Compiler(text).program


def problem_of(text: str) -> str:
    """Why a text cannot be compiled, and where, or ``""``."""
    try:
        compiled(text)
    except ExpressionError as error:
        return f"Expression: {error}"
    return ""


class _Compiler:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = self._split()
        self._next = 0
        self._level = 0  # of brackets
        self._held = 0  # numbers on the stack
        self._plain = not any(token.text in ("{", "return") for token in self._tokens)
        self.program = Program()
        if self._plain:
            self._expression()
            self._emit("return", pops=1)
        else:
            self._function()
        if self._token.kind != "end":
            raise self._error(f"the expression should end before {self._token.text!r}")

    # -- words

    def _split(self) -> list[Token]:
        tokens, place = [], 0
        while place < len(self._text):
            found = TOKEN.match(self._text, place)
            if found is None:
                raise self._error(f"{self._text[place]!r} means nothing here", place)
            if found.group() == "/" and self._text.startswith("/*", place):
                raise self._error("the comment has no end: '*/' is missing", place)
            if found.lastgroup != "space":
                tokens.append(Token(str(found.lastgroup), found.group(), place))
            place = found.end()
        return [*tokens, Token("end", "", len(self._text.rstrip()))]

    @property
    def _token(self) -> Token:
        return self._tokens[self._next]

    def _take(self, *texts: str) -> Token | None:
        """The next word, if it is one of these."""
        token = self._token
        if token.kind == "end" or token.text not in texts:
            return None
        self._next += 1
        return token

    def _need(self, text: str, why: str) -> None:
        if self._take(text) is None:
            raise self._error(f"{text!r} is missing {why}")

    def _name(self, what: str) -> Token:
        token = self._token
        if token.kind != "name" or token.text in WORDS:
            raise self._error(f"a name is missing: {what}")
        self._next += 1
        return token

    def _error(self, why: str, place: int | None = None) -> ExpressionError:
        place = self._token.place if place is None else place
        before = self._text[:place]
        return ExpressionError(f"line {before.count(chr(10)) + 1}, column {place - before.rfind(chr(10))}: {why}")

    # -- instructions

    def _emit(self, operation: str, operand: int = 0, pops: int = 0, pushes: int = 0) -> int:
        self.program.code.append((CODES[operation], operand))
        self._held += pushes - pops
        self.program.depth = max(self.program.depth, self._held)
        return len(self.program.code) - 1

    def _land(self, jump: int) -> None:
        """Let a jump end here."""
        self.program.code[jump] = (self.program.code[jump][0], len(self.program.code))

    def _constant(self, value: float) -> None:
        if value not in self.program.constants:
            self.program.constants.append(value)
        self._emit("constant", self.program.constants.index(value), pushes=1)

    def _add_variable(self, token: Token) -> int:
        variables = self.program.variables
        if token.text in CONSTANTS or token.text in NAMES:
            raise self._error(f"{token.text!r} is a name of the language: choose another one", token.place)
        if len(variables) == MOST:
            raise self._error(f"there are more than {MOST} variables", token.place)
        variables.append(token.text)
        return len(variables) - 1

    # -- a function

    def _function(self) -> None:
        self._take(*TYPES)
        name = self._name("a program begins as in 'float main(a, b)'")
        if name.text != "main":
            raise self._error(f"the function has the name main, not {name.text!r}", name.place)
        self._need("(", "after main")
        if self._take(")") is None:
            self._parameter()
            while self._take(","):
                self._parameter()
            self._need(")", "after the parameters")
        self.program.arguments = list(self.program.variables)
        self._need("{", "before the statements")
        if not self._statements():
            raise self._error("a return is missing: 'return a + b;'", self._tokens[self._next - 1].place)

    def _parameter(self) -> None:
        type_ = self._take(*TYPES)
        token = self._name("of a parameter")
        if token.text in self.program.variables:
            raise self._error(f"there are two parameters of the name {token.text!r}", token.place)
        place = self._add_variable(token)
        if type_ is not None and TYPES[type_.text]:
            self._emit("load", place, pushes=1)
            self._emit(TYPES[type_.text])
            self._emit("store", place, pops=1)

    def _statements(self) -> bool:
        """Statements up to a closing brace; returns whether they return in every case."""
        returned = False
        while self._take("}") is None:
            if self._token.kind == "end":
                raise self._error("'}' is missing at the end")
            returned = self._statement() or returned
        return returned

    def _statement(self) -> bool:
        if self._take("{"):
            return self._deeper(self._statements)
        if self._take("if"):
            return self._deeper(self._condition)
        if self._take("return"):
            self._expression()
            self._emit("return", pops=1)
            self._need(";", "after the value that is returned")
            return True
        if self._take(";") is None:
            self._assignment()
        return False

    def _condition(self) -> bool:
        self._need("(", "after if")
        self._expression()
        self._need(")", "after the condition")
        jump = self._emit("jump unless", pops=1)
        first = self._statement()
        if self._take("else") is None:
            self._land(jump)
            return False
        self._constant(0.0)
        out = self._emit("jump unless", pops=1)
        self._land(jump)
        second = self._statement()
        self._land(out)
        return first and second

    def _assignment(self) -> None:
        type_ = self._take(*TYPES)
        token = self._name("a statement is 'return a;', 'if (a > b) ...' or 'float x = a;'")
        known = token.text in self.program.variables
        if type_ is None and not known:
            raise self._error(f"there is no variable {token.text!r}: 'float {token.text} = ...;' makes one", token.place)
        self._need("=", f"after {token.text}")
        self._expression()
        place = self.program.variables.index(token.text) if known else self._add_variable(token)
        if type_ is not None and TYPES[type_.text]:
            self._emit(TYPES[type_.text])
        self._emit("store", place, pops=1)
        self._need(";", "after the value")

    # -- an expression

    def _deeper(self, read: Callable[[], bool]) -> bool:
        self._level += 1
        if self._level > DEEPEST:
            raise self._error(f"it is nested more than {DEEPEST} levels deep")
        result = read()
        self._level -= 1
        return result

    def _expression(self) -> bool:
        return self._deeper(self._choice)

    def _choice(self) -> bool:
        self._binary(0)
        if self._take("?"):
            self._expression()
            self._need(":", "between the two values of '?'")
            self._expression()
            self._emit("select", pops=3, pushes=1)
        return True

    def _binary(self, level: int) -> None:
        if level == len(LEVELS):
            self._sign()
            return
        self._binary(level + 1)
        while token := self._take(*LEVELS[level]):
            self._binary(level + 1)
            self._emit(token.text, pops=2, pushes=1)

    def _sign(self) -> None:
        token = self._take("-", "+", "!")
        if token is None:
            self._power()
            return
        self._deeper(self._signed)
        if token.text != "+":
            self._emit("negative" if token.text == "-" else "not")

    def _signed(self) -> bool:
        self._sign()
        return True

    def _power(self) -> None:
        self._value()
        if self._take("^", "**"):
            self._deeper(self._signed)  # 2 ^ -1, and 2 ^ 3 ^ 2 is 2 ^ (3 ^ 2)
            self._emit("^", pops=2, pushes=1)

    def _value(self) -> None:
        token = self._token
        self._next += token.kind != "end"
        if token.kind == "number":
            value = float(token.text.rstrip("fF"))
            if not math.isfinite(value):
                raise self._error(f"{token.text} is too large a number", token.place)
            self._constant(value)
        elif token.text == "(":
            self._expression()
            self._need(")", "after what is in brackets")
        elif token.kind == "name" and token.text not in WORDS:
            self._named(token)
        elif token.kind == "end":
            raise self._error("a value is missing at the end")
        else:
            raise self._error(f"a value is missing before {token.text!r}", token.place)

    def _named(self, token: Token) -> None:
        if self._take("("):
            self._call(token)
        elif token.text in self.program.variables:
            self._emit("load", self.program.variables.index(token.text), pushes=1)
        elif token.text in CONSTANTS:
            self._constant(CONSTANTS[token.text])
        elif token.text in NAMES:
            raise self._error(f"{token.text} is a function: type {token.text}({', '.join('xyz'[: NAMES[token.text]])})", token.place)
        elif self._plain:
            self.program.arguments.append(token.text)
            self._emit("load", self._add_variable(token), pushes=1)
        else:
            known = ", ".join(self.program.variables) or "none"
            raise self._error(f"there is no variable {token.text!r}; there are: {known}", token.place)

    def _call(self, token: Token) -> None:
        if token.text not in NAMES:
            raise self._error(f"there is no function {token.text!r}; there are {', '.join(sorted(NAMES))}", token.place)
        count = 0
        if self._take(")") is None:
            self._expression()
            count = 1
            while self._take(","):
                self._expression()
                count += 1
            self._need(")", f"after the values of {token.text}")
        if count != NAMES[token.text]:
            wanted = "one value" if NAMES[token.text] == 1 else "two values"
            raise self._error(f"{token.text} takes {wanted}, not {count}", token.place)
        self._emit(ALIASES.get(token.text, token.text), pops=count, pushes=1)
