"""A progress bar, in seconds, for a terminal and for Jupyter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from IPython.core.interactiveshell import InteractiveShell

WIDTH = 40


@contextmanager
def progress(shell: InteractiveShell, what: str, seconds: float) -> Iterator[Callable[[float], None]]:
    """Show a bar while the block runs; what is yielded is called with the seconds that are done."""
    yield from _in_jupyter(what, seconds) if hasattr(shell, "kernel") else _in_terminal(what, seconds)


def _in_terminal(what: str, seconds: float) -> Iterator[Callable[[float], None]]:
    from rich.progress import BarColumn, Progress, TextColumn  # rich costs half of what IPython does

    columns = TextColumn("{task.description}"), BarColumn(WIDTH), TextColumn("{task.completed:.1f}/{task.total:g} s")
    with Progress(*columns) as bar:
        task = bar.add_task(what, total=seconds)
        yield lambda done: bar.update(task, completed=min(done, seconds))


def _in_jupyter(what: str, seconds: float) -> Iterator[Callable[[float], None]]:
    """rich would ask for ipywidgets here; an output that is updated needs nothing."""
    from IPython.display import DisplayHandle

    handle = DisplayHandle()

    def text(done: float) -> dict[str, str]:
        filled = round(WIDTH * min(1.0, done / seconds)) if seconds else WIDTH
        return {"text/plain": f"{what} {'━' * filled}{'╌' * (WIDTH - filled)} {min(done, seconds):.1f}/{seconds:g} s"}

    handle.display(text(0.0), raw=True)
    yield lambda done: handle.update(text(done), raw=True)
