"""Keeps journals while a person types, and offers what earlier sessions have left unsaved."""

from __future__ import annotations

from collections.abc import Callable

from IPython.core.interactiveshell import InteractiveShell

from .interactive import is_interactive
from .saying import say
from .session import Session


def install(shell: InteractiveShell, session: Session) -> Callable[[], None]:
    """Keep journals from now on. Call the returned function to end them."""

    def keep(*_: object) -> None:
        if session.journal and is_interactive(shell):
            session.keep_journals()

    shell.events.register("pre_run_cell", keep)
    shell.events.register("post_run_cell", keep)

    def remove() -> None:
        shell.events.unregister("pre_run_cell", keep)
        shell.events.unregister("post_run_cell", keep)
        session.journals.close(remove=True)

    return remove


def offer(session: Session) -> None:
    """Print what earlier sessions have left unsaved."""
    from ipyclam_core.frontend.journal import found

    left = found() if session.journal and is_interactive(session.shell) else []
    if len(left) == 1:
        say(f"{left[0].title}: {left[0].told_changes} not saved when its console ended. Type %recover to bring them back.")
    elif left:
        say(f"{len(left)} networks have unsaved changes from consoles that ended. Type %recover list to see them.")
