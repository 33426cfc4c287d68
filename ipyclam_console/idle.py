"""While nobody types, the engine compiles the types that were never used on this machine: later, none of them is waited for."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Timer
from typing import Final

from IPython.core.interactiveshell import InteractiveShell

from ipyclam_core.frontend.idle import compile_ahead
from ipyclam_core.frontend.network import Network

from .interactive import is_interactive
from .session import VARIABLE, Session

AFTER: Final = 5.0
"""Seconds from the first prompt until the engine begins."""


def install(shell: InteractiveShell, session: Session) -> Callable[[], None]:
    """Begin soon, if a person types in a terminal. Call the returned function to do without."""
    prompt = getattr(shell, "pt_app", None)
    if prompt is None or not is_interactive(shell) or not session.compile_ahead:
        return lambda: None

    def begin() -> None:
        held = shell.user_ns.get(VARIABLE)
        if isinstance(held, Network):
            with suppress(Exception):  # nobody has asked for it
                compile_ahead(held)

    timer = Timer(AFTER, begin)
    timer.daemon = True
    timer.name = "ipyclam idle"
    drawn = prompt.app.before_render

    def at_first_prompt(_: object) -> None:
        drawn.remove_handler(at_first_prompt)
        timer.start()

    def remove() -> None:
        drawn.remove_handler(at_first_prompt)
        timer.cancel()

    drawn.add_handler(at_first_prompt)
    return remove
