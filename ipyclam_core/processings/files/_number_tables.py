"""Tables of numbers in text files: a row in each line, its numbers separated by spaces or tabs. Lines that begin with # are comments."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ...system import regular
from ...system.display import brief
from ...system.given import fault_of_path

Table = NDArray[np.float64]

LARGEST: Final = 1 << 25  # bytes of a file
MOST: Final = 1024  # columns
EMPTY: Final[Table] = np.zeros((0, 0))


def read_table(path: str) -> Table:
    """The rows of a file, read-only; `OSError` if it cannot be read, `ValueError` with the line if it holds something else."""
    found = os.stat(path)
    return _read(path, (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns))


def table_of(path: str) -> Table:
    """The rows of a file, none if there is no such file."""
    try:
        return read_table(path) if path else EMPTY
    except (OSError, ValueError):
        return EMPTY


def problem_of(path: str, parameter: str, columns: int = 1) -> str:
    """Why a file cannot be used, or ``""``: it needs this many columns."""
    if not path:
        return f"no file is chosen: set {parameter}"
    if fault := fault_of_path(path):
        return f"{path!r} is not a file name: {fault}"
    try:
        table = read_table(path)
    except (FileNotFoundError, NotADirectoryError):
        return f"there is no file {path!r}"
    except (regular.NotRegular, regular.TooLarge, ValueError) as error:
        return str(error)
    except OSError as error:
        return f"{path!r} cannot be read: {error.strerror}"
    held = table.shape[1]
    return f"{path!r} has {held} column{'s' if held != 1 else ''}: {columns} are needed" if held < columns else ""


@lru_cache(maxsize=8)
def _read(path: str, identity: object) -> Table:
    """The rows of a file that was found to be this one."""
    rows: list[list[float]] = []
    for number, line in enumerate(regular.read(path, LARGEST).decode(errors="replace").splitlines(), 1):
        if (words := line.split()) and not words[0].startswith("#"):
            rows.append(_row(path, number, words, len(rows[0]) if rows else 0))
    if not rows:
        raise ValueError(f"{path!r} holds no numbers")
    table = np.array(rows)
    if not np.isfinite(table).all():
        raise ValueError(f"{path!r} holds numbers that are not finite")
    table.flags.writeable = False
    return table


def _row(path: str, number: int, words: list[str], wanted: int) -> list[float]:
    if len(words) > MOST:
        raise ValueError(f"{path!r}, line {number}, has more than {MOST} numbers")
    if wanted and len(words) != wanted:
        raise ValueError(f"{path!r}, line {number}, has {len(words)} numbers, not {wanted} as the lines before")
    try:
        return [float(word) for word in words]
    except ValueError:
        raise ValueError(f"{path!r}, line {number}, does not hold numbers: {brief(' '.join(words))}") from None
