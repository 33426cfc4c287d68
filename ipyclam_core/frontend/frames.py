"""Frames as one sees them: ``net.analysis.Output.value``, and those of a whole rendering."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..errors import NotSupported
from ..proxy import CanShowFrames, ConnectorId, FrameValue
from .history import RecordingProxy

if TYPE_CHECKING:
    import numpy as np

SILENCE = 1e-5
"""Smaller amplitudes are shown as this one, -100 dB."""


class Frame:
    """One frame: the fields of its data type as attributes, float32 arrays and floats. It does not change.

    Attributes
    ----------
    type : the name of the data type.
    time : the time that it stands for, in frames since the network began to play.
    units : the unit of each field that has one.
    """

    def __init__(self, value: FrameValue, title: str) -> None:
        self.__dict__.update(value.fields)
        self.__dict__.update(type=value.type, time=value.time, units=dict(value.units), _value=value, _title=title)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a frame does not change. To change {name} while it plays, write a processing type")

    def __getattr__(self, name: str) -> Any:
        fields = ", ".join(self._value.fields) if "_value" in self.__dict__ else ""
        raise AttributeError(f"a {self.type} has no field {name!r}. Its fields are {fields}")

    def in_use(self, name: str) -> Any:
        """A field; of an array of which only some items are in use, these."""
        values = self._value.fields[name]
        counter = self._value.used.get(name)
        return values if counter is None else values[: int(self._value.fields[counter])]

    def __repr__(self) -> str:
        parts = []
        for name, value in self._value.fields.items():
            unit = f" {self.units[name]}" if name in self.units else ""
            if isinstance(value, float):
                parts.append(f"{name} {value:.6g}{unit}")
            else:
                of = f" of {len(value)}" if name in self._value.used else ""
                columns = f" x {value.shape[1]}" if value.ndim > 1 else ""
                parts.append(f"{name} ({len(self.in_use(name))}{of}{columns}){unit and f' in{unit}'}")
        return f"<{self.type} at frame {self.time}: {', '.join(parts)}>"

    def _plotted(self, columns: int) -> tuple[str, Any, Any]:
        """The title of a picture, the values that it shows, and the marks of its axis."""
        for name, plot in self._value.plots.items():
            values = self.in_use(name)
            if not len(values):
                continue
            if plot == "decibels":
                import numpy as np

                values = 20.0 * np.log10(np.maximum(values, SILENCE))
            top: float | None = self._value.fields.get("top")  # the frequency of the last bin, of a frame with bins
            if top is None or len(values) < 3:
                return f"{name}{' in dB' if plot == 'decibels' else ''}", values, ()
            from ..pictures.frequencies import logarithmic

            return f"{name}{' in dB' if plot == 'decibels' else ''}", *logarithmic(values, top, columns)
        return "", None, ()

    def _repr_svg_(self) -> str | None:
        from ..pictures import plot

        name, values, marks = self._plotted(plot.WIDTH)
        return None if values is None else plot.svg(values, f"{self._title}: {name}", marks)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        from ..pictures import braille

        columns = braille.room(printer.max_width)
        name, values, marks = self._plotted(2 * columns)
        if values is None:
            printer.text(repr(self))
            return
        printer.text(f"{self!r}\n{braille.plot(values, name, columns, marks=marks)}")


class Frames:
    """All frames of a rendering: each field as an array with one row for each frame. ``frames[0]`` is one of them, ``frames[10:20]`` some.

    Attributes
    ----------
    type : the name of the data type.
    times : seconds, ``(frames,)``.
    units : the unit of each field that has one.
    """

    def __init__(self, values: Sequence[FrameValue], rate: float, title: str) -> None:
        import numpy as np

        first = values[0]
        fields = {name: np.array([value.fields[name] for value in values]) for name in first.fields}
        times = np.array([value.time for value in values]) / rate
        self.__dict__.update(fields)
        self.__dict__.update(type=first.type, times=times, units=dict(first.units), _fields=fields, _title=title)
        self.__dict__.update(_first=replace(first, fields={}), _rate=rate)

    times: np.ndarray[Any, Any]
    type: str

    def __len__(self) -> int:
        return len(self.times)

    def __getitem__(self, which: int | slice) -> Frame | list[Frame]:
        places = range(len(self))[which]
        return self._frame(places) if isinstance(places, int) else [self._frame(place) for place in places]

    def _frame(self, place: int) -> Frame:
        fields = {name: array[place] if array.ndim > 1 else float(array[place]) for name, array in self._fields.items()}
        return Frame(replace(self._first, time=round(self.times[place] * self._rate), fields=fields), f"{self._title}, frame {place}")

    def __getattr__(self, name: str) -> Any:
        fields = ", ".join(self.__dict__.get("_fields", ()))
        raise AttributeError(f"these frames have no field {name!r}. Their fields are {fields}")

    def __repr__(self) -> str:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in self._fields.items())
        return f"<{len(self)} frames of the type {self.type}: {shapes}>"


def newest(proxy: RecordingProxy, port: ConnectorId, text: str) -> Frame:
    """The newest frame of a port; that of an in port is the one that its source put out."""
    engine = proxy.inner
    if not isinstance(engine, CanShowFrames):
        raise AttributeError(f"{text} is a port and has no value: {proxy.engine} does not show it")
    source = port
    if port.direction == "In":
        peers = list(proxy.peers(port))
        if not peers:
            raise AttributeError(f"{text} is not connected, so it has no value")
        source = peers[0]
    value = engine.frame(source)
    if value is None:
        raise AttributeError(f"{text} has no value yet. Type net.play(), or net.render(1)")
    return Frame(value, text)


def rendered(proxy: RecordingProxy, port: ConnectorId, text: str, frames: int, inputs: Mapping[str, Any], block: int, rate: int) -> Frames:
    """All frames of a port in a rendering."""
    engine = proxy.inner
    if not isinstance(engine, CanShowFrames) or port.direction != "Out":
        raise NotSupported(proxy.engine, f"render {text}", "Only out ports that hold frames can be rendered")
    values = engine.render_frames(port, frames, inputs, block, rate)
    if not values:
        raise ValueError(f"{text} puts out no frame in {frames} frames. Render more of them")
    return Frames(values, rate, text)
