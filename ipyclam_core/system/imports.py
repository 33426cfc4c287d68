"""Our imports never find a module in the current folder: a downloaded folder may hold a ``numpy.py`` beside a network file.

Python and IPython search the current folder (``""`` in ``sys.path``) before the packages that are installed. What is typed at
the prompt, and a program of the user's own, may import from there. What ipyclam imports when it is first needed, and what
others import on its behalf, may not.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, PathFinder
from types import FrameType, ModuleType
from typing import Final

_CORE: Final = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OURS: Final = (_CORE + os.sep, os.path.join(os.path.dirname(_CORE), "ipyclam_console") + os.sep)
_STANDARD: Final = os.path.dirname(os.path.abspath(os.__file__))
_INSTALLED: Final = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}")
_allowed = threading.local()


class _Elsewhere:
    """Finds the modules that ipyclam imports as Python does, except in the current folder."""

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """The module `name`, if ipyclam imports it; None leaves it to Python."""
        if path is not None or getattr(_allowed, "depth", 0) > 0:  # of a package, which was found before
            return None
        elsewhere = without_here()
        if len(elsewhere) == len(sys.path) or not _is_for_us(sys._getframe(1)):
            return None
        for finder in sys.meta_path:
            if finder is self:
                continue
            places = elsewhere if finder is PathFinder else None
            found = finder.find_spec(name, places, target) if hasattr(finder, "find_spec") else None
            if found is not None:
                return found
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def without_here() -> list[str]:
    """``sys.path`` without the current folder.

    An entry after those of the standard library that is the current folder by its full name has been installed there.
    """
    path = sys.path
    last = max((k for k, entry in enumerate(path) if entry == _STANDARD), default=-1)
    try:
        here = os.getcwd() if last > 0 else ""
    except OSError:  # a folder that is gone
        here = ""
    return [entry for k, entry in enumerate(path) if entry not in ("", ".") and not (k < last and entry == here)]


@contextmanager
def allowed_here() -> Iterator[None]:
    """In the block the current folder is searched too: for modules that the user names."""
    _allowed.depth = getattr(_allowed, "depth", 0) + 1
    try:
        yield
    finally:
        _allowed.depth -= 1


def install() -> None:
    """Search so from now on."""
    if not any(isinstance(finder, _Elsewhere) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Elsewhere())


def _is_for_us(frame: FrameType | None) -> bool:
    """Whether ipyclam imports, or somebody that it has called: not the user's own code, which may have called it, or be called."""
    while frame is not None:
        file = frame.f_code.co_filename
        if file.startswith(OURS):
            return True
        generated = file.startswith("<") and frame.f_globals.get("__name__") != "__main__"  # by numba, or of Python itself
        if not generated and not file.startswith(_STANDARD) and not any(part in file for part in _INSTALLED):
            return False
        frame = frame.f_back
    return False
