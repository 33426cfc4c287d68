"""Values at the prompt, at the width of the terminal: lists in rows of it, handles in lines that end between words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.lib.pretty import RepresentationPrinter

from ipyclam_core.frontend.exploring import Explorable

from .wrapping import columns, wrapped


def install(shell: InteractiveShell) -> Callable[[], None]:
    """Show values so from now on. Call the returned function to undo this."""
    formatter = shell.display_formatter.formatters["text/plain"]  # type: ignore[union-attr]
    widest = formatter.max_width
    kinds = list(_kinds(Explorable))

    def fit(*_: object) -> None:
        formatter.max_width = min(widest, columns() or widest)

    for kind in kinds:
        formatter.for_type(kind, _show)
    shell.events.register("pre_run_cell", fit)

    def remove() -> None:
        shell.events.unregister("pre_run_cell", fit)
        formatter.max_width = widest
        for kind in kinds:
            formatter.pop(kind, None)

    return remove


def _show(handle: Any, printer: Any, cycle: bool) -> None:
    """What a handle shows by itself, wrapped; inside of a list it is what one types."""
    if len(printer.stack) > 1:
        printer.text(repr(handle))
        return
    text = StringIO()
    alone = RepresentationPrinter(text)
    alone.pretty(handle)
    alone.flush()
    printer.text(wrapped(text.getvalue(), columns()))


def _kinds(kind: type[Any]) -> Iterator[type[Any]]:
    """The classes derived from a class."""
    for each in kind.__subclasses__():
        yield each
        yield from _kinds(each)
