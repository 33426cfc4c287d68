"""A progress bar, in seconds, for a terminal and for Jupyter; and word of what takes longer than it may."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Lock, Timer

from IPython.core.interactiveshell import InteractiveShell

from ipyclam_core.system.display import escaped

WIDTH = 40

MOMENT = 1.0
"""Seconds after which a person at a terminal should know what is under way."""


@contextmanager
def progress(shell: InteractiveShell, what: str, seconds: float) -> Iterator[Callable[[float], None]]:
    """Show a bar while the block runs; what is yielded is called with the seconds that are done."""
    yield from _in_jupyter(what, seconds) if hasattr(shell, "kernel") else _in_terminal(what, seconds)


@contextmanager
def busy(what: str, news: Callable[[], str] = str) -> Iterator[None]:
    """Say in a terminal what is under way, where the block takes longer than a moment; nothing of it stays.

    `news` is asked ten times a second, in another thread, for what there is to say beside.
    """
    if not sys.stdout.isatty():
        yield
        return
    stack, lock, over = ExitStack(), Lock(), False

    def show() -> None:
        from rich.progress import Progress, ProgressColumn, SpinnerColumn, Task, TextColumn, TimeElapsedColumn
        from rich.text import Text

        class News(ProgressColumn):
            def render(self, task: Task) -> Text:
                return Text(escaped(news()))

        with lock:
            if not over:
                columns = SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn(), News()
                bar = stack.enter_context(Progress(*columns, transient=True))
                bar.add_task(escaped(what), total=None)

    timer = Timer(MOMENT, show)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        with lock:
            over = True
            stack.close()


def _in_terminal(what: str, seconds: float) -> Iterator[Callable[[float], None]]:
    from rich.progress import BarColumn, Progress, TextColumn  # rich costs half of what IPython does

    columns = TextColumn("{task.description}", markup=False), BarColumn(WIDTH), TextColumn("{task.completed:.1f}/{task.total:g} s")
    with Progress(*columns) as bar:
        task = bar.add_task(escaped(what), total=seconds)
        yield lambda done: bar.update(task, completed=min(done, seconds))


def _in_jupyter(what: str, seconds: float) -> Iterator[Callable[[float], None]]:
    """rich would ask for ipywidgets here; an output that is updated needs nothing."""
    from IPython.display import DisplayHandle

    handle = DisplayHandle()

    def text(done: float) -> dict[str, str]:
        filled = round(WIDTH * min(1.0, done / seconds)) if seconds else WIDTH
        return {"text/plain": f"{escaped(what)} {'━' * filled}{'╌' * (WIDTH - filled)} {min(done, seconds):.1f}/{seconds:g} s"}

    handle.display(text(0.0), raw=True)
    yield lambda done: handle.update(text(done), raw=True)
