"""Whether a person is there: who can answer a question, and read page by page."""

from __future__ import annotations

import sys

from IPython.core.interactiveshell import InteractiveShell

from ipyclam_core.system.display import escaped

from .saying import say
from .wrapping import columns, wrapped


def is_interactive(shell: InteractiveShell) -> bool:
    """Whether a person types: in a terminal, not through a pipe and not in a ``-c`` run; or in a notebook."""
    return bool(getattr(shell.parent, "interact", True)) and (in_notebook(shell) or sys.stdin.isatty())


def asked(question: str) -> str:
    """What a person answers; ``cancel`` for Ctrl-C and Ctrl-D."""
    try:
        return input(wrapped(escaped(question), columns())).strip()
    except (EOFError, KeyboardInterrupt):
        say("")
        return "cancel"


def in_notebook(shell: InteractiveShell) -> bool:
    """Whether the shell is that of a kernel."""
    return getattr(shell, "kernel", None) is not None
