"""Wires that were just made, at the prompt: what may surprise about them is dimmed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from ipyclam_core.frontend.connecting import Connections

from .saying import dimmed
from .wrapping import columns, wrapped


def install(shell: InteractiveShell) -> Callable[[], None]:
    """Show wires so from now on. Call the returned function to undo this."""
    formatter = shell.display_formatter.formatters["text/plain"]  # type: ignore[union-attr]

    def show(wires: Connections, printer: Any, cycle: bool) -> None:
        printer.text(wrapped("\n".join([repr(wires), *(dimmed(shell, f"# {note}") for note in wires.notes)]), columns()))

    formatter.for_type(Connections, show)
    return lambda: formatter.pop(Connections, None) and None
