"""Whether a comparison was typed: ``a > b`` in somebody's code connects, a comparison that sorts or displays does not.

Sorting, `max`, a dict that is printed and a failing assertion compare too. They call ``__lt__`` from C, where the instruction of
the calling frame is no comparison, or from code of Python's library or of a library that sorts and displays.
"""

from __future__ import annotations

import dis
import os
import sys
from types import CodeType
from typing import Final

_COMPARE: Final = dis.opmap["COMPARE_OP"]
_STANDARD: Final = os.path.dirname(os.__file__) + os.sep
_PACKAGES: Final = ("site-packages", "dist-packages")

_LIBRARIES: Final = frozenset(
    {"IPython", "_pytest", "attr", "hypothesis", "ipykernel", "jedi", "matplotlib", "numpy", "pandas"}
    | {"prompt_toolkit", "pytest", "rich", "sortedcontainers", "traitlets"}
)
"""Packages that sort and display anything."""


def typed() -> bool:
    """Whether the comparison that called the calling method stands in code of somebody who means to connect."""
    frame = sys._getframe(2)
    code = frame.f_code
    if code.co_code[frame.f_lasti] != _COMPARE:
        return False
    return not _of_library(code, frame.f_globals.get("__name__"))


def _of_library(code: CodeType, module: object) -> bool:
    file = code.co_filename
    if file.startswith(_STANDARD) and not file[len(_STANDARD) :].startswith(_PACKAGES):
        return True
    return isinstance(module, str) and module.partition(".")[0] in _LIBRARIES
