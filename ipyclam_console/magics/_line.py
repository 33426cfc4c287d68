"""Declaration and parsing of the arguments of magics, for the magics and for their completion."""

from __future__ import annotations

import os
import re
import shlex
from argparse import Action, ArgumentTypeError, Namespace
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

from IPython.core import magic_arguments
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, line_magic
from IPython.core.magic_arguments import MagicArgumentParser
from IPython.utils.text import DollarFormatter

from ipyclam_core.errors import suggest
from ipyclam_core.frontend.exploring import Choice, Files, Member
from ipyclam_core.frontend.files import suffixes
from ipyclam_core.system import sound_formats

from ..session import Session

Method = TypeVar("Method", bound=Callable[..., Any])


class NetworkMagics(Magics):
    """A family of magics that act on ``net``."""

    shell: InteractiveShell

    def __init__(self, session: Session) -> None:
        super().__init__(shell=session.shell)
        self.session = session


Completes = Callable[[Session], Iterable[Choice | Member]]
"""Gives the values for an argument when tab is pressed."""


class Argument(NamedTuple):
    """An argument of a magic, as ``argparse`` takes it, and what tab offers for it."""

    names: tuple[str, ...]
    facts: Mapping[str, Any]
    completes: Completes | None
    several: bool


def argument(*names: str, help: str, completes: Completes | None = None, several: bool = False, **facts: Any) -> Argument:
    """Declare an argument.

    Parameters
    ----------
    names, help, **facts : as ``ArgumentParser.add_argument`` takes them.
    completes : what tab offers for it.
    several : whether it is several of those, separated by commas.
    """
    return Argument(names, {"help": help, **facts}, completes, several)


def choices_of(action: Action, session: Session) -> Iterable[Choice | Member]:
    """The values that tab offers for an argument."""
    declared: Argument | None = getattr(action, "declared", None)
    return declared.completes(session) if declared is not None and declared.completes is not None else ()


def takes_several(action: Action) -> bool:
    """Whether an argument is several values, separated by commas."""
    declared: Argument | None = getattr(action, "declared", None)
    return declared is not None and declared.several


def magic(*arguments: Argument) -> Callable[[Method], Method]:
    """Make a method a line magic; its docstring becomes its manual, with the arguments."""

    def mark(method: Method) -> Method:
        for each in reversed(arguments):
            magic_arguments.argument(*each.names, **each.facts)(method)
        line_magic(magic_arguments.magic_arguments()(method))  # both mark the method itself
        parser: MagicArgumentParser = method.parser  # type: ignore[attr-defined]
        for action in parser._actions:
            action.declared = next((each for each in arguments if {*action.option_strings, action.dest} & {*each.names}), None)  # type: ignore[attr-defined]
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
        if unknown is not None:
            options = [option for action in parser._actions for option in action.option_strings if option.startswith("--")]
            raise UsageError(f"{error}{suggest(unknown[1], options)}") from None
        if not re.match("the following arguments|unrecognized", str(error)):
            raise
        raise UsageError(f"{error}. Type {usage(magic)}") from None


def usage(magic: Callable[..., Any]) -> str:
    """How a magic is typed, without its options: ``%render FILE.wav SECONDS``."""
    parser: MagicArgumentParser = magic.parser  # type: ignore[attr-defined]
    words = (str(action.metavar or action.dest) for action in parser._actions if not action.option_strings)
    optional = (action.nargs in ("?", "*") for action in parser._actions if not action.option_strings)
    return " ".join([f"%{magic.__name__}", *(f"[{word}]" if may else word for word, may in zip(words, optional, strict=True))])


def expanded(shell: InteractiveShell, text: str) -> str:
    """The text with each ``{variable}`` and ``$variable`` replaced by its value, as IPython does; as it is, where that fails."""
    try:
        return DollarFormatter().vformat(text, args=[], kwargs=shell.user_ns.copy())
    except Exception:  # whatever the variables raise
        return text


def seconds(text: str) -> float:
    """A duration: ``3``, ``0.5``, ``3s`` or ``1:30``."""
    minutes, _, rest = text.removesuffix("s").rpartition(":")
    try:
        duration = float(rest) + 60.0 * float(minutes or 0)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a number of seconds") from None
    if not 0.0 < duration < float("inf"):
        raise ArgumentTypeError(f"a duration must be above 0 seconds, not {text!r}")
    return duration


def steps(text: str) -> int:
    """A number of steps: 1 or more."""
    if not text.isdecimal() or not int(text):
        raise ArgumentTypeError(f"{text!r} is not a number of steps: 1 or more")
    return int(text)


def network_files(session: Session) -> Iterable[Choice]:
    """Network files."""
    return [Files(suffixes())]


def sounds(session: Session) -> Iterable[Choice]:
    """Sound files."""
    return [Files(sound_formats.suffixes())]


def sound_file(text: str) -> str:
    """The path of a sound file to write, by its suffix."""
    suffix, known = os.path.splitext(text)[1], sound_formats.suffixes()
    if suffix.lower() not in known:
        hint = suggest(suffix, known) if suffix else ""
        raise ArgumentTypeError(f"{text!r} is not the name of a sound file, such as take.wav or take.flac{hint}")
    folder = os.path.dirname(os.path.expanduser(text))
    if folder and not os.path.isdir(folder):
        raise ArgumentTypeError(f"{text} cannot be written: there is no folder {folder!r}")
    return text
