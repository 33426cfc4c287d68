"""Data types of ports: what a port may hold instead of samples, each declared in one place.

>>> from ipyclam_core.declare.frames import frame, number, row
>>> @frame("Spectrum")
... class Spectrum:
...     '''Magnitude and phase of every bin, from 0 Hz to `top`.'''
...     magnitude = row("bins")
...     phase = row("bins", unit="rad")
...     top = number(22050.0, unit="Hz")

A value of a data type is a frame. A `row` has as many float32 as the out port says that holds it:
``out_port("Output", Spectrum, bins="bins")``, where the text names a parameter, or a number that ``ports`` returns.
Rows whose lengths have one name are of one length. ``row("partitions", "bins")`` is an array of two dimensions. A `number` is one
float64, and so is the number that `used` gives: how many items of those rows are in use. In a function ``spectrum.magnitude`` is an
array, ``spectrum.top`` a number that can be set.

A `table` is a row that a frame holds by its address, as it is too large to be copied with each frame: an impulse response. In a
function ``response.spectra.values`` is an array to read, and ``response.spectra = state.spectra`` passes on the table itself, which
a type holds in a field declared as a `Table`.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, overload

from ..errors import DefinitionError, suggest

CACHE_LINE: Final = 64
BUFFER: Final = "AudioBuffer"
AUDIO: Final = ("Audio", BUFFER)
"""The types of ports that hold a block of samples. A frame may be of the type AudioBuffer too: so many samples at once."""

Plot = Literal["line", "decibels", "stems", "none"]


@dataclass(frozen=True)
class FrameField:
    """One field of a frame.

    Attributes
    ----------
    name : its name.
    length : the name of a row's length; ``""`` for a number.
    default : the value of a number in a frame that nobody has written.
    unit : its unit.
    used : of a number that counts the items in use, the name of the length of these rows.
    plot : how a picture shows a row; amplitudes as "decibels".
    doc : its description.
    columns : of an array of two dimensions, the name of the second length.
    axes : of a table, the names of its lengths.
    """

    name: str
    length: str = ""
    default: float = 0.0
    unit: str = ""
    used: str = ""
    plot: Plot = "line"
    doc: str = ""
    columns: str = ""
    axes: tuple[str, ...] = ()

    @property
    def kind(self) -> Literal["row", "rows", "number", "table"]:
        """How a frame holds it: as an array of one dimension or two, as a number, or by its address."""
        if self.length:
            return "rows" if self.columns else "row"
        return "table" if self.axes else "number"

    def shape(self, lengths: Mapping[str, int]) -> tuple[int, ...]:
        """The shape of the array of a row; ``()`` for a number."""
        return tuple(int(lengths[name]) for name in (self.length, self.columns) if name)


@dataclass(frozen=True)
class FrameSpec:
    """A data type.

    Attributes
    ----------
    name : its name, as ports show it.
    fields : its fields, in order.
    lengths : the names of the lengths of its rows, and a length that each has where nothing is connected.
    doc : its description.
    """

    name: str
    fields: tuple[FrameField, ...]
    lengths: Mapping[str, int]
    doc: str = ""

    def __hash__(self) -> int:
        return hash((self.name, self.fields))

    def offsets(self, lengths: Mapping[str, int]) -> tuple[list[tuple[int, int, int]], int]:
        """For each field its offset in a frame, in bytes, its items and its columns; and the bytes of a frame.

        Rows begin at cache lines.
        """
        table, size = [], 0
        for field in self.fields:
            shape = field.shape(lengths)
            count = math.prod(shape)
            table.append((size, count, shape[1] if len(shape) > 1 else 1))
            size += -(-count * (4 if field.length else 8) // CACHE_LINE) * CACHE_LINE
        return table, max(size, CACHE_LINE)

    def field(self, name: str) -> FrameField | None:
        """The field of a name."""
        return next((field for field in self.fields if field.name == name), None)

    def counter_of(self, length: str) -> FrameField | None:
        """The field that counts how many items are in use in rows of this length."""
        return next((field for field in self.fields if field.used == length), None)


frame_types: Final[dict[str, FrameSpec]] = {}
"""The data types that have been declared, by name."""


def row(length: str, columns: str = "", *, unit: str = "", plot: Plot = "line", doc: str = "") -> Any:
    """A row of float32, as long as the port says that puts it out.

    With `columns`, the name of a second length, it is an array of two dimensions: ``response.real[partition, bin]``.
    """
    return FrameField("", length, 0.0, unit, plot="none" if columns else plot, doc=doc, columns=columns)


def number(default: float = 0.0, *, unit: str = "", doc: str = "") -> Any:
    """One number, a float64."""
    return FrameField("", "", default, unit, doc=doc)


def table(length: str, *lengths: str, unit: str = "", doc: str = "") -> Any:
    """Float32 that a frame holds by their address, whatever their number.

    The lengths are names, as for a row. The out port gives them, to tell readers how much room they need.
    """
    return FrameField("", unit=unit, plot="none", doc=doc, axes=(length, *lengths))


def used(length: str, *, doc: str = "") -> Any:
    """A number: how many items, from the first, are in use in the rows of this length."""
    return FrameField("", used=length, doc=doc)


@overload
def frame(cls: type, /) -> FrameSpec: ...
@overload
def frame(name: str = "", /, **lengths: int) -> Callable[[type], FrameSpec]: ...
def frame(name: Any = "", /, **lengths: int) -> Any:
    """Make the decorated class a data type of ports.

    Parameters
    ----------
    name : its name, as ports show it, where it is not the class's.
    lengths : for the rows of a port that nothing is connected to, the length by name: ``bins=513``. 0 where it is not given.

    Raises
    ------
    DefinitionError
        When a field is not what `row`, `number`, `used` or `table` returns, or when another data type has the name.
    """

    def define(cls: type) -> FrameSpec:
        name = called or cls.__name__
        fields = []
        for key, value in vars(cls).items():
            if key.startswith("__"):
                continue
            if not isinstance(value, FrameField):
                raise DefinitionError(name, f"{key} is {value!r}. A field is row(...), number(...), used(...) or table(...)")
            fields.append(replace(value, name=key))
        found = dict.fromkeys(length for field in fields for length in (field.length, field.columns, *field.axes) if length)
        for field in fields:
            if field.used and field.used not in found:
                raise DefinitionError(name, f"{field.name} counts {field.used!r}, which is no length of a row{suggest(field.used, found)}")
        for length in lengths:
            if length not in found:
                raise DefinitionError(name, f"no row has the length {length!r}{suggest(length, found)}")
        doc = inspect.cleandoc(cls.__doc__ or "")
        spec = FrameSpec(name, tuple(fields), {length: lengths.get(length, 0) for length in found}, doc)
        if name in frame_types and frame_types[name] != spec and not _at_prompt(cls):
            raise DefinitionError(name, "another data type has this name. Choose another one")
        frame_types[name] = spec
        return spec

    called = "" if isinstance(name, type) else name
    if not isinstance(called, str):
        raise DefinitionError(f"@frame({called!r})", 'the name of a data type is a str: @frame("Spectrum")')
    return define(name) if isinstance(name, type) else define


def _at_prompt(cls: type) -> bool:
    """Whether a class is defined at a prompt, where one may define it again."""
    return cls.__module__ == "__main__"
