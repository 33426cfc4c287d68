"""The ipyclam console: an IPython application, and an IPython extension with the same magics and completers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Called by ``%load_ext ipyclam_console``."""
    from . import extension  # not at the top: the application must begin before IPython is imported

    extension.load(shell)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """Called by ``%unload_ext ipyclam_console``."""
    from . import extension

    extension.unload(shell)
