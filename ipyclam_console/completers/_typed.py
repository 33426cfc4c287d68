"""A parser of the text before the cursor. It runs none of that text.

`read` finds the word under the cursor and what it hangs on: ``net.a > net.b.In`` is the attribute ``In`` of the path
``net.b``, right of a ``>`` whose left is the path ``net.a``. Text that is not finished, or not even Python, is no error.
"""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, NamedTuple

Relation = Literal["attribute", "item", "assigned", "argument", "peer"]
Key = str | int | slice

LONGEST = 20_000
"""Characters before the cursor that are looked at; of longer text, the last line."""


class Step(NamedTuple):
    """One step of a path: ``.name`` or ``[key]``."""

    key: Key
    subscript: bool = False


class Path(NamedTuple):
    """A name and the attributes and literal subscripts that follow it: ``net.osc["Audio Output"]``."""

    root: str
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Typed:
    """The word under the cursor.

    Attributes
    ----------
    fragment : the characters before the cursor that a completion replaces.
    text : what they mean: within a string, with its escapes resolved.
    quote : prefix and quotes of the string they stand in, ``""`` outside of strings.
    relation, owner : what the word is to the path before it: its attribute, its item, assigned to it (or compared with
        it), or an argument of it; where nothing but an arrow, or ``.connect(``, stands before it, a peer of `left`, and
        `owner` where that begins.
    operator, left : ``>``, ``<``, ``/``, ``connect`` or ``disconnect`` before `owner`, and the path it applies to.
    after : the rest of the line.
    given, listed : of an argument, those before it, as the path or the string that they are, if they are; and whether it
        stands in a list that is the first.
    keyword : of an argument given by keyword, which.
    """

    fragment: str
    text: str
    quote: str
    relation: Relation
    owner: Path
    operator: str = ""
    left: Path | None = None
    after: str = ""
    given: tuple[Path | str | None, ...] = ()
    listed: bool = False
    keyword: str = ""


class _Token(NamedTuple):
    kind: str
    text: str
    end: int


@lru_cache(maxsize=64)
def read(before: str, after: str = "") -> Typed | None:
    """The parsed text before the cursor; None if it belongs to no path."""
    tokens = _tokens(before)
    if tokens is None:
        return None
    fragment = text = quote = ""
    if tokens and tokens[-1].kind == "open":
        quote, fragment = _split_open(tokens.pop().text)
        if "f" in quote.lower() and "{" in fragment:
            inside = fragment.replace("{{", "  ").rpartition("{")
            return read(inside[2], after) if inside[1] and "}" not in inside[2] else None
        meant = _decoded(quote, fragment)
        if meant is None:
            return None
        text = meant
    elif tokens and tokens[-1].kind == "name" and tokens[-1].end == len(before):
        fragment = text = tokens.pop().text
    if not tokens:
        return None
    operator, left = _operator_before(tokens, len(tokens)) if not quote else ("", None)
    if left is not None:
        return Typed(fragment, text, quote, "peer", Path(left.root), operator, left, after)
    relation = _RELATIONS.get(tokens[-1].text)
    if relation is None or (relation == "attribute" and quote):
        return None
    if relation == "argument":
        return _read_argument(tokens, fragment, text, quote, after)
    found = _path_ending(tokens, len(tokens) - 1)
    if found is None:
        return _read_argument(tokens, fragment, text, quote, after) if tokens[-1].text == "[" else None
    owner, start = found
    if tokens[-1].text == "=" and not owner.steps and start and tokens[start - 1].text in _OPENING_ARGUMENTS:
        called = _read_argument(tokens[:start], fragment, text, quote, after)
        return None if called is None else replace(called, keyword=owner.root)
    operator, left = _operator_before(tokens, start)
    return Typed(fragment, text, quote, relation, owner, operator, left, after)


def path_in_with(before: str, name: str) -> Path | None:
    """The path that a ``with PATH as name:`` of the same cell, not run yet, gives a name to."""
    found = re.findall(rf"\bwith\s+([^\n]+?)\s+as\s+{re.escape(name)}\s*:", before)
    typed = read(f"{found[-1]}.") if found else None
    return typed.owner if typed is not None else None


@lru_cache(maxsize=64)
def names_in(text: str) -> frozenset[str]:
    """Every name in `text`, strings and comments left out."""
    return frozenset(token.text for token in _tokens(text) or () if token.kind == "name")


_PREFIX = r"(?:[rRbBuUfF]|[rR][bBfF]|[bBfF][rR])?"
_SHORT = r"""(?!\"\"\"|\'\'\')(?:"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')"""
_TOKEN = re.compile(
    rf"""
    (?P<space>[ \t\f\r]+|\\\n)
    |(?P<comment>\#[^\n]*)
    |(?P<string>{_PREFIX}(?:\"\"\"(?:\\.|[^\\])*?\"\"\"|\'\'\'(?:\\.|[^\\])*?\'\'\'|{_SHORT}))
    |(?P<open>{_PREFIX}(?:\"\"\".*|\'\'\'.*|"(?:\\.|[^"\\\n])*\\?|'(?:\\.|[^'\\\n])*\\?)\Z)
    |(?P<number>\d[\w.]*)
    |(?P<name>\w+)
    |(?P<op>==|!=|<=|>=|->|:=|\*\*=?|//=?|>>=?|<<=?|[-+*/%&|^@]=|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_OPEN = re.compile(rf"""({_PREFIX}(?:\"\"\"|'''|"|'))(.*)\Z""", re.DOTALL)
_RELATIONS: dict[str, Relation] = {
    ".": "attribute", "[": "item", "=": "assigned", "==": "assigned", "!=": "assigned", "(": "argument", ",": "argument",
}  # fmt: skip
_OPENING_ARGUMENTS = {"(", ","}
_ARROWS = {">", "<", "/"}
_CALLS = {"connect", "disconnect"}


def _tokens(text: str) -> list[_Token] | None:
    """The tokens of `text`, or None within a comment."""
    if len(text) > LONGEST:
        text = text.rpartition("\n")[2]
        if len(text) > LONGEST:
            return None
    tokens: list[_Token] = []
    depth = 0
    for match in _TOKEN.finditer(text):
        kind, symbol = match.lastgroup or "", match.group()
        if kind == "comment" and match.end() == len(text):
            return None
        if kind in ("space", "comment") or (symbol == "\n" and depth > 0):
            continue
        if kind == "op":
            depth = max(0, depth + (symbol in "([{") - (symbol in ")]}"))
        tokens.append(_Token(kind, symbol, match.end()))
    return tokens


def _split_open(text: str) -> tuple[str, str]:
    match = _OPEN.match(text)
    assert match is not None
    return match.group(1), match.group(2)


def _decoded(quote: str, fragment: str) -> str | None:
    """The value of the beginning of a string; None while an escape is unfinished."""
    if "\\" not in fragment:
        return None if "b" in quote.lower() else fragment
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an unknown escape is a warning of the compiler
            value = ast.literal_eval(quote + fragment + quote.lstrip("rRbBuUfF"))
    except (SyntaxError, ValueError):
        return None
    return value if isinstance(value, str) else None


def _read_argument(tokens: list[_Token], fragment: str, text: str, quote: str, after: str) -> Typed | None:
    """The word as an argument of the call whose parenthesis is open, or in a list that is the first of its arguments."""
    depth, end = 0, len(tokens) - 1
    given: list[Path | str | None] = []
    for place in range(len(tokens) - 1, -1, -1):
        symbol = tokens[place].text
        if symbol in (")", "]", "}"):
            depth += 1
        elif symbol in ("(", "[", "{"):
            depth -= 1
            if depth < 0:
                listed = symbol == "[" and place > 0 and tokens[place - 1].text == "("
                found = _path_ending(tokens, place - listed) if listed or symbol == "(" else None
                if place < end and not listed:
                    given.insert(0, _given(tokens, place + 1, end))
                return Typed(fragment, text, quote, "argument", found[0], after=after, given=tuple(given), listed=listed) if found else None
        elif symbol == "," and depth == 0 and place < end:
            given.insert(0, _given(tokens, place + 1, end))
            end = place
    return None


def _given(tokens: list[_Token], start: int, end: int) -> Path | str | None:
    """The argument between two tokens: a path, a string, or None where it is something else."""
    found = _path_ending(tokens, end)
    if found is not None and found[1] == start:
        return found[0]
    key = _key(tokens[start:end])
    return key if isinstance(key, str) else None


def _operator_before(tokens: list[_Token], start: int) -> tuple[str, Path | None]:
    """The arrow, or the ``.connect(``, before what begins at token `start`, and the path before that."""
    if start < 2:
        return "", None
    symbol = tokens[start - 1].text
    if symbol in _ARROWS:
        found = _path_ending(tokens, start - 1)
        return (symbol, found[0]) if found else ("", None)
    if symbol == "(":
        found = _path_ending(tokens, start - 1)
        if found and found[0].steps and found[0].steps[-1].key in _CALLS:
            return str(found[0].steps[-1].key), Path(found[0].root, found[0].steps[:-1])
    return "", None


def _path_ending(tokens: list[_Token], end: int) -> tuple[Path, int] | None:
    """The path whose last token is the one before `end`, and where it begins."""
    steps: list[Step] = []
    place = end
    while place > 0:
        token = tokens[place - 1]
        if token.text == "]":
            opening = _opening(tokens, place - 1)
            key = None if opening is None else _key(tokens[opening + 1 : place - 1])
            if opening is None or key is None:
                return None
            steps.append(Step(key, True))
            place = opening
        elif token.kind == "name":
            if place < 2 or tokens[place - 2].text != ".":
                return Path(token.text, tuple(reversed(steps))), place - 1
            steps.append(Step(token.text))
            place -= 2
        else:
            return None
    return None


def _opening(tokens: list[_Token], closing: int) -> int | None:
    depth = 0
    for place in range(closing, -1, -1):
        if tokens[place].text == "]":
            depth += 1
        elif tokens[place].text == "[":
            depth -= 1
            if depth == 0:
                return place
    return None


def _key(tokens: list[_Token]) -> Key | None:
    """The literal between brackets: a string, a whole number, or a slice of whole numbers."""
    if len(tokens) == 1 and tokens[0].kind == "string":
        try:
            value = ast.literal_eval(tokens[0].text)
        except (SyntaxError, ValueError):
            return None
        return value if isinstance(value, str) else None
    parts = "".join(token.text for token in tokens).split(":")
    if len(parts) > 3 or any(not re.fullmatch(r"-?\d+|", part) for part in parts):
        return None
    numbers = [int(part) if part else None for part in parts]
    return numbers[0] if len(numbers) == 1 else slice(*numbers)
