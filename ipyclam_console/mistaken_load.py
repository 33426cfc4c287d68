"""IPython's own ``%load`` puts the text of a file into the prompt: for a network file, a line says how to open that."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps

from IPython.core.interactiveshell import InteractiveShell

from ipyclam_core.system import regular

from .saying import remark

HEAD = b"# ipyclam network"
"""The first words of a network file in Python."""


def install(shell: InteractiveShell) -> Callable[[], None]:
    """Say so from now on. Call the returned function to undo this."""
    table = shell.magics_manager.magics["line"]
    before = shell.find_line_magic("load")
    if before is None:
        return lambda: None

    @wraps(before)
    def load(line: str) -> object:
        done = before(line)
        name = line.strip().strip("\"'")
        if is_network(os.path.expanduser(name)):
            remark(shell, f"To open it as the network: %open {name}")
        return done

    table["load"] = load
    return lambda: table.__setitem__("load", before)


def is_network(path: str) -> bool:
    """Whether a file is a network file."""
    if path.lower().endswith(".clamnetwork"):
        return os.path.isfile(path)
    try:
        with open(regular.open_to_read(path), "rb") as file:
            return file.read(len(HEAD)) == HEAD
    except (OSError, ValueError):
        return False
