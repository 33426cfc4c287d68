"""Expressions as arguments of magics: ``%scope net.osc["Audio Output"]``."""

from __future__ import annotations

import keyword
import shlex
from collections.abc import Iterable, Iterator
from typing import Any

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

from ipyclam_core.errors import IpyclamError

from ..session import Session

_OPENING, _CLOSING = "([{", ")]}"


def value(shell: InteractiveShell, expression: str, what: str) -> Any:
    """The value of what was typed; `what` is the name of the argument."""
    try:
        return shell.ev(expression)
    except SyntaxError as error:
        raise UsageError(f'{what} must be an expression, such as net.osc["Audio Output"] or frames, not {expression!r}') from error
    except IpyclamError:
        raise
    except Exception as error:  # whatever the user's expression may raise
        raise UsageError(f"{what} {expression}: {type(error).__name__}: {error}") from error


def handles(session: Session, words: Iterable[str], what: str) -> list[Any]:
    """The values of expressions; a name that is no variable is that of a processing of ``net``."""
    found = []
    for word in words:
        is_name = word.isidentifier() and not keyword.iskeyword(word)
        named = word not in session.shell.user_ns if is_name else word in session.network
        found.append(session.network[word] if named else value(session.shell, word, what))
    return found


def quoted(line: str) -> str:
    """The line with each word that holds brackets in quotes, so that ``net.osc["Audio Output"]`` is one word and keeps its own."""
    return " ".join(shlex.quote(word) if set(word) & set(_OPENING) and word[0] not in "'\"" else word for word in _words(line))


def _words(line: str) -> Iterator[str]:
    """Words parted by spaces that stand in no bracket and no quote."""
    word, quote, depth = "", "", 0
    for letter in line:
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter in _OPENING:
            depth += 1
        elif letter in _CLOSING:
            depth = max(0, depth - 1)
        elif letter.isspace() and not depth:
            if word:
                yield word
            word = ""
            continue
        word += letter
    if word:
        yield word
