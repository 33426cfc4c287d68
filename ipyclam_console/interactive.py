"""Whether a person is there: who can answer a question, and read page by page."""

from __future__ import annotations

import sys

from IPython.core.interactiveshell import InteractiveShell


def is_interactive(shell: InteractiveShell) -> bool:
    """Whether a person types: in a terminal, not through a pipe and not in a ``-c`` run; or in a notebook."""
    return bool(getattr(shell.parent, "interact", True)) and (in_notebook(shell) or sys.stdin.isatty())


def in_notebook(shell: InteractiveShell) -> bool:
    """Whether the shell is that of a kernel."""
    return getattr(shell, "kernel", None) is not None
