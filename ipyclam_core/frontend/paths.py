"""Paths of file parameters: relative to the current directory in memory, relative to its own folder in a network's file.

So a saved network finds its sound files wherever one stands when it is loaded. What is written and read again from the
same place is the same text, however it is spelled.
"""

from __future__ import annotations

import os


def in_file(path: str, folder: str) -> str:
    """`path` as a file in `folder` writes it: relative to that folder. Absolute and empty paths do not change."""
    if not _moves(path, folder):
        return path
    if os.path.relpath(path) == path:
        return os.path.relpath(path, folder)
    return _kept(folder) + path  # its spelling is odd, "./a", "a//b", "../here/a": it could not be found again


def in_memory(path: str, folder: str) -> str:
    """`path`, written relative to `folder`, as a path relative to the current directory."""
    if not _moves(path, folder):
        return path
    kept = _kept(folder)
    return path.removeprefix(kept) if path.startswith(kept) else os.path.relpath(os.path.join(folder, path))


def _moves(path: str, folder: str) -> bool:
    return bool(path) and not os.path.isabs(path) and os.path.abspath(folder) != os.getcwd()


def _kept(folder: str) -> str:
    """The way from `folder` to here, with a mark by which what follows is known to be kept as it is."""
    return os.path.join(os.path.relpath(os.curdir, folder), os.curdir, "")
