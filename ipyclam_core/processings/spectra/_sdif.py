"""Reading SDIF files: sinusoids, fundamental frequencies and spectra, each frame of which has a time.

M. Wright et al.: New applications of the Sound Description Interchange Format (1998), describes the format. A frame is a name, its
size, a time, a stream and matrices; a matrix is a name, a type, rows, columns and numbers, filled up to eight bytes.
"""

from __future__ import annotations

import os
import struct
import weakref
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from ...errors import FileInUse
from ...in_use import check
from ...system import regular
from ...system.given import fault_of_path

Frame = tuple[str, float, int, list[tuple[str, Any]]]
"""Its kind, its time, its stream, and its matrices by name."""

NO_FILE: Final = "nofile"
PITCH, SINES, RESIDUAL = "1FQ0", "1TRC", "1STF"
LARGEST: Final = 1 << 28  # bytes of a file
MOST_FRAMES: Final = 1 << 20
MOST_ROWS: Final = 1 << 24
MOST_OF_A_MOMENT: Final = (1 << 20) + 1  # rows
COLUMNS: Final = {PITCH: 2, SINES: 4, RESIDUAL: 2}
MANY: Final = 1 << 16  # columns
ALIGNED: Final = 8  # bytes
LATEST: Final = 1e9  # seconds
TOGETHER: Final = 1e-6  # seconds: frames that are nearer to each other belong together
TYPES: Final = {0x4: ">f4", 0x8: ">f8", 0x101: ">i1", 0x102: ">i2", 0x104: ">i4", 0x108: ">i8", 0x201: ">u1", 0x202: ">u2", 0x204: ">u4"}
"""The types of numbers in matrices."""


class Model:
    """What a file holds: rows of numbers for each moment, by kind of frame.

    Attributes
    ----------
    moments : how many there are.
    rows : float32 ``(rows, columns)`` of a kind, of all moments, one after the other.
    begins : int64: for each moment the first of its rows, and at the end their number.
    """

    def __init__(self, data: bytes) -> None:
        found = _rows_by_time(data)
        times = sorted({time for rows in found.values() for time in rows})
        self.moments = len(times)
        self.rows: dict[str, Any] = {}
        self.begins: dict[str, Any] = {}
        for kind, held in found.items():
            empty = np.zeros((0, COLUMNS[kind]), np.float32)
            parts = [held.get(time, empty) for time in times]
            self.rows[kind] = np.concatenate([empty, *parts])
            self.begins[kind] = np.cumsum([0, *map(len, parts)], dtype=np.int64)

    def most(self, kind: str) -> int:
        """The most rows of a kind at one moment."""
        return int(np.diff(self.begins[kind]).max(initial=0))


def _rows_by_time(data: bytes) -> dict[str, dict[int, Any]]:
    """The rows of the first stream of each kind of frames, by time in microseconds."""
    found: dict[str, dict[int, Any]] = {kind: {} for kind in COLUMNS}
    first: dict[str, int] = {}
    total = 0
    for kind, time, stream, matrices in _frames(data):
        if stream != first.setdefault(kind, stream):
            continue
        for name, rows in matrices:
            if name == kind:
                found[kind][round(time / TOGETHER)] = rows
                total += len(rows)
        if total > MOST_ROWS:
            raise ValueError(f"its matrices have more than {MOST_ROWS:,} rows")
    return found


def _frames(data: bytes) -> Iterator[Frame]:
    """Every frame of a kind that is read; ``ValueError`` says what is wrong with the file."""
    if data[:4] != b"SDIF":
        raise ValueError("it is no SDIF file")
    place, count = 0, 0
    while place < len(data):
        count += 1
        if count > MOST_FRAMES:
            raise ValueError(f"it has more than {MOST_FRAMES:,} frames")
        name, size = _name(data[place : place + 4]), _whole(data, place + 4)
        end = place + 8 + size
        if size < 0 or end > len(data):
            raise ValueError(f"the frame at byte {place:,} is cut off")
        if name in COLUMNS:
            yield _frame(data, name, place + 8, end)
        place = end


def _frame(data: bytes, name: str, place: int, end: int) -> Frame:
    if end - place < 16:
        raise ValueError(f"the frame at byte {place - 8:,} has no time")
    time, stream, count = struct.unpack_from(">dii", data, place)
    if not abs(time) < LATEST:
        raise ValueError(f"the frame at byte {place - 8:,} is at {time:g} s")
    place, matrices = place + 16, []
    for _ in range(count):
        matrix, rows, place = _matrix(data, place, end)
        matrices.append((matrix, rows))
    return name, time, stream, matrices


def _matrix(data: bytes, place: int, end: int) -> tuple[str, Any, int]:
    """The name of a matrix, its rows, and where it ends."""
    if end - place < 16:
        raise ValueError(f"the frame that ends at byte {end:,} has not all of its matrices")
    name, kind, rows, columns = _name(data[place : place + 4]), *struct.unpack_from(">iii", data, place + 4)
    size = rows * columns * (kind & 0xFF)
    begin, after = place + 16, place + 16 + -(-size // ALIGNED) * ALIGNED
    if rows < 0 or not 0 <= columns <= MANY or begin + size > end:
        raise ValueError(f"the matrix at byte {place:,} is larger than its frame")
    if name not in COLUMNS:
        return name, None, after
    if rows > MOST_OF_A_MOMENT:
        raise ValueError(f"the matrix at byte {place:,} has {rows:,} rows. The limit is {MOST_OF_A_MOMENT:,}")
    if kind not in TYPES:
        raise ValueError(f"the matrix at byte {place:,} has numbers of the unknown type {kind:#x}")
    return name, _numbers(data, begin, TYPES[kind], rows if columns else 0, columns, COLUMNS[name]), after


def _numbers(data: bytes, begin: int, kind: str, rows: int, columns: int, wanted: int) -> Any:
    """So many columns of a matrix, float32; those that it lacks are 0, and so is what is no finite number."""
    held = np.zeros((rows, wanted), np.float32)
    numbers = np.frombuffer(data, kind, rows * columns, begin).reshape(rows, columns)[:, :wanted]
    with np.errstate(all="ignore"):
        held[:, : numbers.shape[1]] = numbers
    held[~np.isfinite(held)] = 0.0
    return held


def _name(letters: bytes) -> str:
    return letters.decode("latin-1")


def _whole(data: bytes, place: int) -> int:
    if place + 4 > len(data):
        raise ValueError(f"the frame at byte {place - 4:,} is cut off")
    return int(struct.unpack_from(">i", data, place)[0])


_held: weakref.WeakValueDictionary[tuple[Any, ...], Model] = weakref.WeakValueDictionary()
_last: list[Model] = []
"""The model that was read last: one file is asked about several times."""


def model_of(path: str) -> Model:
    """What a file holds; ``OSError`` or ``ValueError`` when it cannot be read."""
    found = os.stat(path)
    key = (os.path.abspath(path), found.st_mtime_ns, found.st_size, found.st_ino)
    model = _held.get(key)
    if model is None:
        model = _held[key] = Model(regular.read(path, LARGEST))
    _last[:] = [model]
    return model


def readable_model(path: str) -> Model | None:
    """What a file holds, or ``None`` when it cannot be read."""
    try:
        return None if problem_of_sdif(path) else model_of(path)
    except (OSError, ValueError):
        return None


def problem_of_sdif(path: str, parameter: str = "FileName") -> str:
    """Why a file cannot be played, or ``""``."""
    if path in ("", NO_FILE):
        return f"no file is chosen: set {parameter}"
    if fault := fault_of_path(path):
        return f"{path!r} is not a file name: {fault}"
    try:
        check(path, "read")
        model = model_of(path)
    except (FileInUse, regular.NotRegular, regular.TooLarge) as error:
        return str(error)
    except (FileNotFoundError, NotADirectoryError):
        return f"there is no file {path!r}"
    except OSError as error:
        return f"{path!r} cannot be read: {error.strerror}"
    except ValueError as error:
        return f"{path!r} cannot be read: {error}"
    return "" if model.moments else f"{path!r} holds no frames of the kinds {', '.join(COLUMNS)}"


def decibels(amplitudes: Any) -> Any:
    """Levels of amplitudes."""
    return 20.0 * np.log10(np.clip(np.abs(amplitudes), 1e-10, 1e10))


def in_order(rows: Any, begins: Any) -> Any:
    """The order in which the frequencies of each moment rise."""
    moment = np.repeat(np.arange(len(begins) - 1), np.diff(begins))
    return np.lexsort((rows[:, 1], moment))
