"""How magics read their line, and what their arguments are to the completers."""

from __future__ import annotations

import re
import shlex
from argparse import ArgumentTypeError, Namespace
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

from IPython.core import magic_arguments
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, line_magic
from IPython.core.magic_arguments import MagicArgumentParser

from ipyclam_core.errors import suggest

from ..session import Session

Method = TypeVar("Method", bound=Callable[..., Any])


class NetworkMagics(Magics):
    """A family of magics that act on ``net``."""

    shell: InteractiveShell

    def __init__(self, session: Session) -> None:
        super().__init__(shell=session.shell)
        self.session = session


class Argument(NamedTuple):
    """An argument of a magic, as ``argparse`` takes it."""

    names: tuple[str, ...]
    facts: Mapping[str, Any]


def argument(*names: str, help: str, **facts: Any) -> Argument:
    """Declare an argument; completers tell from its `metavar` what can stand there."""
    return Argument(names, {"help": help, **facts})


def magic(*arguments: Argument) -> Callable[[Method], Method]:
    """Make a method a line magic; its docstring becomes its manual, with the arguments."""

    def mark(method: Method) -> Method:
        for each in reversed(arguments):
            magic_arguments.argument(*each.names, **each.facts)(method)
        line_magic(magic_arguments.magic_arguments()(method))  # both mark the method itself
        return method

    return mark


def parse(magic: Callable[..., Any], line: str) -> Namespace:
    """The arguments of a line, split as a shell splits: quotes keep spaces together."""
    try:
        words = shlex.split(line)
    except ValueError as error:  # a quote that is not closed
        raise UsageError(f"{error}: {line}") from None
    parser: MagicArgumentParser = magic.parser  # type: ignore[attr-defined]
    try:
        return parser.parse_args(words)
    except UsageError as error:
        unknown = re.search(r"unrecognized arguments: (--\S+)", str(error))
        if unknown is None:
            raise
        options = [option for action in parser._actions for option in action.option_strings if option.startswith("--")]
        raise UsageError(f"{error}{suggest(unknown[1], options)}") from None


def seconds(text: str) -> float:
    """A duration: ``3``, ``0.5``, ``3s`` or ``1:30``."""
    minutes, _, rest = text.removesuffix("s").rpartition(":")
    try:
        duration = float(rest) + 60.0 * float(minutes or 0)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no number of seconds") from None
    if not 0.0 < duration < float("inf"):
        raise ArgumentTypeError("the seconds must be above 0")
    return duration


SOUND_SUFFIXES = (".wav", ".flac", ".aiff", ".aif", ".ogg", ".w64", ".caf")


def wave_file(text: str) -> str:
    """The path of a sound file to write, by its suffix."""
    if not text.lower().endswith(SOUND_SUFFIXES):
        raise ArgumentTypeError(f"{text!r} is no sound file to write; take a name that ends with .wav")
    return text
