"""Pages of ``?`` and long lists at the width of the terminal."""

from __future__ import annotations

from collections.abc import Callable

from IPython.core import page
from IPython.core.interactiveshell import InteractiveShell

from .interactive import in_notebook
from .wrapping import columns, reflowed, wrapped


def install(shell: InteractiveShell) -> Callable[[], None]:
    """Wrap what IPython shows page by page from now on. Call the returned function to undo this."""
    if in_notebook(shell):
        return lambda: None

    def show_in_pager(shell: InteractiveShell, data: object, start: int, screen_lines: int) -> None:
        page.pager_page(fitted(data), start, screen_lines)

    return hooked(shell, show_in_pager, priority=2)


def fitted(data: object) -> str:
    """The text of a page for the terminal: help, which comes with other forms of it, or a list."""
    return reflowed(str(data.get("text/plain", "")), columns()) if isinstance(data, dict) else wrapped(str(data), columns())


def hooked(shell: InteractiveShell, hook: Callable[..., None], priority: int) -> Callable[[], None]:
    """Show pages by `hook` from now on; returns the function that ends it."""
    shell.set_hook("show_in_pager", hook, priority)

    def remove() -> None:
        chain = shell.hooks.show_in_pager.chain
        chain[:] = [entry for entry in chain if getattr(entry[1], "__func__", None) is not hook]

    return remove
