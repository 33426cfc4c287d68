"""The end of a recording that ends by itself is told at the next prompt."""

from __future__ import annotations

from collections.abc import Callable

from IPython.core.interactiveshell import InteractiveShell

from . import sound_files
from .saying import say
from .session import Session


def install(shell: InteractiveShell, session: Session) -> Callable[[], None]:
    """Tell it so from now on. Call the returned function to undo this."""

    def after_cell(*_: object) -> None:
        if session.recorded:
            end(session)

    shell.events.register("post_run_cell", after_cell)
    return lambda: shell.events.unregister("post_run_cell", after_cell)


def end(session: Session) -> None:
    """End the recording, if there is one, and say how long its file is."""
    path, frames = session.end_recording()
    if path and not frames:
        say(f"nothing was recorded to {path}")
    elif path:
        say(f"wrote {path}: {sound_files.facts(path)}")
