"""Errors at the prompt: what ipyclam refuses takes at most three lines, and no traceback leads through our layers.

Ctrl-C in the middle of them is one line as well: below them may be a compiler, of which nobody wants to see where it was.
"""

from __future__ import annotations

import os
import re
import sys
import traceback
from collections.abc import Callable
from difflib import get_close_matches
from itertools import takewhile
from types import TracebackType
from typing import Any

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

from ipyclam_core.errors import IpyclamError, suggest
from ipyclam_core.frontend.network import Network
from ipyclam_core.system.display import escaped, escaped_lines

from .mistaken import explained
from .notes import OURS
from .session import VARIABLE
from .wrapping import columns, wrapped

LINES = 3
ALIKE = 0.75
"""How similar the name of a file is, from 0 to 1, that may have been meant: many have their suffix in common."""

_NO_MAGIC = re.compile(r"`%(\w+)` not found")


def install(shell: InteractiveShell) -> Callable[[], None]:
    """Show our errors briefly from now on. Call the returned function to undo this."""
    before = shell.custom_exceptions, getattr(shell, "CustomTB", None)
    earlier: tuple[type[BaseException], ...] = tuple(before[0] or ())

    def show(
        shell: InteractiveShell, kind: type[BaseException], error: BaseException, trace: TracebackType, tb_offset: int | None = None
    ) -> Any:
        if isinstance(error, UsageError):
            shell.show_usage_error(UsageError(_wrapped_usage(escaped_lines(str(_with_suggestion(shell, error))))))
        elif (
            isinstance(error, IpyclamError)
            or (isinstance(error, (OSError, MemoryError, KeyboardInterrupt)) and _is_ours(trace))
            or _is_meant(trace)
        ):
            sys.last_type, sys.last_value, sys.last_traceback = kind, error, trace  # shown by %tb
            shell._showtraceback(kind, error, _brief(shell, kind, error, trace))
        elif message := explained(shell, error, trace):
            sys.last_type, sys.last_value, sys.last_traceback = kind, error, trace
            shell._showtraceback(kind, error, _brief(shell, kind, message, trace))
        elif isinstance(error, earlier) and before[1] is not None:
            return before[1](kind, error, trace, tb_offset=tb_offset)
        else:
            _add_path(shell, error)
            shell.showtraceback((kind, error, trace), tb_offset=tb_offset, running_compiled_code=True)
        return None

    shell.set_custom_exc((Exception, KeyboardInterrupt, *earlier), show)

    def restore() -> None:
        shell.custom_exceptions = before[0]
        setattr(shell, "CustomTB", before[1])  # noqa: B010 - None where there was none

    return restore


def message_of(error: object) -> str:
    """The message of an error; of one about a file, without the number that the system gives it."""
    if isinstance(error, OSError) and error.strerror and error.filename:
        return f"{error.filename}: {_why(error)}"
    return str(error)


def _why(error: OSError) -> str:
    """Why a file cannot be used; where it does not exist, the folder that is missing, or a file with a similar name."""
    if not (isinstance(error, FileNotFoundError) and isinstance(error.filename, str)):
        return str(error.strerror)
    folder, name = os.path.split(os.path.expanduser(error.filename))
    try:
        near = get_close_matches(name, os.listdir(folder or os.curdir), 1, ALIKE)
    except OSError:
        return f"there is no folder {folder!r}"
    return f"{error.strerror}{f'; did you mean {os.path.join(folder, near[0])!r}?' if near else ''}"


def _wrapped_usage(message: str) -> str:
    """The message for rows that begin as IPython's ``UsageError: `` does."""
    head = f"{UsageError.__name__}: "
    return wrapped(head + message, columns(sys.stderr)).removeprefix(head)


def _with_suggestion(shell: InteractiveShell, error: UsageError) -> UsageError:
    """IPython's own message, with the magic that may have been meant."""
    message = str(error)
    missing = _NO_MAGIC.search(message)
    if missing is None:
        return error
    hint = suggest(missing[1], shell.magics_manager.lsmagic()["line"], "To list them: %lsmagic")
    return UsageError(message.rstrip(".") + re.sub(r"'(\w+)'", r"`%\1`", hint))


def _add_path(shell: InteractiveShell, error: BaseException) -> None:
    """To a name that Python does not know and the network does, a note that tells how to type it."""
    network, name = shell.user_ns.get(VARIABLE), getattr(error, "name", None)
    if not (isinstance(error, NameError) and isinstance(network, Network) and isinstance(name, str)) or getattr(error, "__notes__", None):
        return
    if name in network:
        error.add_note(f"Type {VARIABLE}.{name}")
    elif name in network.types:
        error.add_note(f"Type {VARIABLE}.types.{name}")


def _brief(shell: InteractiveShell, kind: type[BaseException], error: BaseException | str, trace: TracebackType) -> list[str]:
    """The lines for an error, or for its message in other words."""
    name, message = kind.__name__, escaped_lines(message_of(error)).split("\n")
    if shell.colors.lower() != "nocolor" and (hasattr(shell, "kernel") or sys.stdout.isatty()):
        name = f"\x1b[31m{name}\x1b[0m"
    lines = [f"{name}: {message[0]}" if message[0] else name, *message[1:], *map(escaped_lines, getattr(error, "__notes__", ()))]
    where = _where(trace)
    if len(lines) > LINES - bool(where):
        lines = [*lines[: LINES - bool(where) - 1], "  ... (type %tb for the full traceback)"]
    return [wrapped(line, columns()) for line in ([*lines, where] if where else lines)]


def _where(trace: TracebackType) -> str:
    """The line of the user's own function that failed; nothing when it is the cell itself, which is there to be seen."""
    theirs = list(takewhile(lambda frame: not frame.filename.startswith(OURS), traceback.extract_tb(trace)))
    last = theirs[-1] if theirs else None
    if last is None or last.name == "<module>" or "IPython" in last.filename or not last.line:
        return ""
    return f"  in {last.name}, line {last.lineno}: {escaped(last.line[:80])}"


def _is_ours(trace: TracebackType) -> bool:
    return any(frame.filename.startswith(OURS) for frame in traceback.extract_tb(trace))


def _is_meant(trace: TracebackType) -> bool:
    """Whether a statement of ours refused something in words, a `ValueError` say: what fails by itself is shown whole."""
    last = traceback.extract_tb(trace, -1)
    return bool(last) and last[0].filename.startswith(OURS) and (last[0].line or "").startswith("raise ")
