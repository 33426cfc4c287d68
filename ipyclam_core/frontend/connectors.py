"""Connectors, ``net.osc.Output``, and sequences of them, ``net.osc._outports``, ``net.osc[1::2]``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, overload

from ..errors import NoSuchConnector, NotSupported, ParameterTypeError, ReadOnly
from ..proxy import CanMonitor, CanPlay, CanShowFrames, CanTell, CanTellLatency, ConnectorId, ConnectorSpec, Direction, Kind
from ..system import given
from ..system.display import brief
from ..variables import variable_of
from . import described, frames, names, offered
from .chains import answer
from .configuration import Configuration
from .connecting import Connections, Side, connect, disconnect, disconnect_all
from .connecting_lists import is_list, with_each
from .exploring import Explorable, Member, Selection, structural
from .history import RecordingProxy
from .pages import of_connector, shown_connector
from .processing_types import Page
from .typed import typed

if TYPE_CHECKING:
    from ..proxy import Samples
    from .frames import Frames
    from .processing import Processing


MOST_SAMPLES: Final = 1 << 27
"""Frames."""


class Connectable(Explorable):
    """Anything that can be connected with ``>``, ``<`` and ``/``, with each of a list too."""

    __slots__ = ()
    _INSTEAD = ". To remove wires: .disconnect()"

    _proxy: RecordingProxy

    def _side(self) -> Side:
        raise NotImplementedError

    def _selections(self) -> Iterator[Selection]:
        side = self._side()
        yield Selection(side.state, side.kind, side.direction, side.slices, side.connector)

    def connect(self, other: Connectable | Sequence[Connectable]) -> Connections:
        """Connect to `other`, in either order. The output is the source; between two processings, this one.

        A list of processings and connectors is connected with each of them, as one undo step.

        Returns
        -------
        Connections
            The wires that were made.
        """
        if is_list(other):
            return self._with_each(other, self.connect, ">")
        if isinstance(other, Several):
            return other.connect(self)
        return connect(self._side(), _side_of(other, self._proxy), arrow=False)

    def disconnect(self, other: Connectable | Sequence[Connectable] | None = None) -> Connections:
        """Remove the wires to `other`, or all wires. Wires in both directions are removed.

        Returns
        -------
        Connections
            The wires that were removed.
        """
        if is_list(other):
            return self._with_each(other, self.disconnect, "/")
        if isinstance(other, Several):
            return other.disconnect(self)
        side = self._side()
        return disconnect_all(side) if other is None else disconnect(side, _side_of(other, self._proxy), arrow=False)

    def __gt__(self, other: object) -> Any:
        if not typed():
            return self._sorts(other, 1)
        if is_list(other):
            return answer(lambda: self._with_each(other, lambda one: self > one, ">"), self, other)
        if isinstance(other, Several):
            return NotImplemented
        return answer(lambda: connect(self._side(), _side_of(other, self._proxy), arrow=True), self, other)

    def __lt__(self, other: object) -> Any:
        if not typed():
            return self._sorts(other, -1)
        if is_list(other):
            return answer(lambda: self._with_each(other, lambda one: self < one, ">"), self, other)
        if isinstance(other, Several):
            return NotImplemented
        return answer(lambda: connect(_side_of(other, self._proxy), self._side(), arrow=True), self, other)

    def __truediv__(self, other: object) -> Connections:
        if is_list(other):
            return self._with_each(other, lambda one: self / one, "/")
        if isinstance(other, Several):
            return NotImplemented
        return disconnect(self._side(), _side_of(other, self._proxy), arrow=True)

    def __rtruediv__(self, other: object) -> Connections:
        if is_list(other):
            return self._with_each(other, lambda one: one / self, "/")
        return disconnect(_side_of(other, self._proxy), self._side(), arrow=True)

    def _with_each(self, others: Sequence[Any], connect: Callable[[Any], Connections], arrow: str) -> Connections:
        return with_each(self._proxy, repr(self), others, connect, arrow)

    def _sorts(self, other: object, sign: int) -> Any:
        """Whether this comes after `other` in a sorted list (`sign` 1), or before it (-1): in the order of their names."""
        if not isinstance(other, Connectable):
            return NotImplemented
        mine, others = self._place(), other._place()
        return mine > others if sign > 0 else mine < others

    def _place(self) -> tuple[str, ...]:
        side = self._side()
        return side.processing, side.kind or "", side.direction or "", side.connector or "", repr(side.slices)


class Several(Connectable):
    """Anything that stands for several processings in a connection."""

    __slots__ = ()

    def __iter__(self) -> Iterator[Connectable]:
        raise NotImplementedError

    def __len__(self) -> int:
        raise NotImplementedError

    def _selections(self) -> Iterator[Selection]:
        for member in self:
            yield from member._selections()


class Connector(Connectable):
    __doc__ = Page(
        """A port or a control of a processing: ``net.osc.Output``, ``net.osc["Audio Output"]``.

        ``a > b`` connects, ``a / b`` disconnects. Two connectors are equal if they are the same connector of the same network.
        """,
        of_connector,
    )

    __slots__ = ("_id", "_proxy")

    _proxy: RecordingProxy
    _id: ConnectorId

    def __init__(self, proxy: RecordingProxy, end: ConnectorId) -> None:
        object.__setattr__(self, "_proxy", proxy)
        object.__setattr__(self, "_id", end)

    @property
    def name(self) -> str:
        """The exact name."""
        return self._id.name

    @property
    def kind(self) -> Kind:
        """``"Port"`` or ``"Control"``."""
        return self._id.kind

    @property
    def direction(self) -> Direction:
        """``"In"`` or ``"Out"``."""
        return self._id.direction

    @property
    def index(self) -> int:
        """The index, from 0. It counts the connectors of the same kind and direction."""
        return names.index(self._side().state, self._id)

    @property
    def type(self) -> str:
        """The data type: ``"Audio"``, ``"Spectrum"``, ``"float"`` ..."""
        return self._spec.type

    @property
    @structural
    def host(self) -> Processing:
        """The processing it belongs to."""
        from .processing import Processing

        return Processing(self._proxy, self._id.processing)

    @property
    def fullname(self) -> str:
        """Processing and connector, as in CLAM. For example ``"osc.Audio Output"``."""
        return f"{self._id.processing}.{self._id.name}"

    @property
    def peers(self) -> tuple[Connector, ...]:
        """The connectors it is connected to. They are in the order of connection."""
        return tuple(Connector(self._proxy, end) for end in self._proxy.peers(self._id))

    @property
    def facts(self) -> Mapping[str, Any]:
        """More information from the engine. For a JACK port: ``physical``, ``terminal``, latencies, ``aliases``, ``metadata``."""
        inner = self._proxy.inner
        return inner.facts(self._id) if isinstance(inner, CanTell) else {}

    @property
    def latency(self) -> int:
        """How many frames later than the sources its signal is, or a frame that it holds. 0 where the engine does not know."""
        inner = self._proxy.inner
        return inner.latency(self._id) if isinstance(inner, CanTellLatency) else 0

    @property
    def value(self) -> Any:
        """The current value of a control; the newest frame of a port that holds frames. Assign to an in control to send a value.

        A frame is a `Frame`, while the network plays, or after `net.render`. That of an in port is the one it reads.
        """
        if self.kind != "Control":
            if isinstance(self._proxy.inner, CanShowFrames) and self.type != "Audio":
                return frames.newest(self._proxy, self._id, repr(self))
            raise AttributeError(f"{self!r} is a port and has no value{'. For its signal: .samples(n)' if self.direction == 'Out' else ''}")
        return self._proxy.value(self._id)

    @value.setter
    def value(self, value: float) -> None:
        if (self.kind, self.direction) != ("Control", "In"):
            raise not_assignable(self)
        if value is None:  # the proxy would forget the value
            raise ParameterTypeError(self._id.processing, self._id.name, value, "a number")
        self._proxy.set_control(self._id.processing, self._id.name, value)

    def render(
        self,
        seconds: float | None = None,
        *,
        frames: int | None = None,
        inputs: Samples | str | Sequence[Samples | str] | Mapping[str, Samples | str] | None = None,
        block_size: int | None = None,
        sample_rate: int | None = None,
    ) -> Frames:
        """All frames that this out port puts out in a rendering, for analysis.

        Parameters
        ----------
        seconds, frames, inputs, block_size, sample_rate : as in ``net.render``.

        Returns
        -------
        Frames
            Its fields are arrays with one row for each frame; `times` are in seconds.

        Raises
        ------
        NotSupported
            The engine has no such ports, or this one does not hold frames.

        Examples
        --------
        >>> from ipyclam_core import Network
        >>> net = Network()
        >>> net.osc, net.analysis = net.types.Sine, net.types.SpectralAnalysis
        >>> wires = net.osc > net.analysis
        >>> net.analysis.Output.render(1.0, sample_rate=44100).magnitude.shape
        (85, 513)
        """
        from .rendering import render_frames

        return render_frames(self._proxy, self._id, repr(self), seconds, frames, inputs, block_size, sample_rate)

    def samples(self, n: int = 1024) -> Samples:
        """The last `n` frames of this out port. The oldest is first.

        Parameters
        ----------
        n : the number of frames. Frames before the start of playback are zeros.

        Returns
        -------
        numpy.ndarray
            float32, shape ``(n,)``. At a prompt it is displayed as a plot.

        Raises
        ------
        NotSupported
            The engine does not offer samples, or this is not an audio out port.
        """
        n = given.count("samples", n, 0, MOST_SAMPLES, "samples takes the number of frames, ")
        if (self.kind, self.direction, self.type.capitalize()) != ("Port", "Out", "Audio"):
            raise NotSupported(self._proxy.engine, f"get samples of {self!r}", "Only out ports that carry Audio have samples")
        if not isinstance(self._proxy.inner, CanMonitor):
            raise NotSupported(self._proxy.engine, "get samples of what it plays", "Networks of the clam engine can")
        from ..pictures.samples import ShownSamples

        silent = isinstance(self._proxy.inner, CanPlay) and self._proxy.inner.status().state == "stopped"
        title = f"{self.fullname}{' (silence: the network does not play. Type ' + variable_of(self._proxy) + '.play())' if silent else ''}"
        return ShownSamples.of(self._proxy.inner.samples(self._id, n), title)

    @property
    def _spec(self) -> ConnectorSpec:
        state = self._side().state
        for spec in state.connectors.of(self.kind, self.direction):
            if spec.name == self.name:
                return spec
        raise NoSuchConnector(state.name, self.name, [spec.name for spec in state.connectors.of(self.kind, self.direction)])

    def _side(self) -> Side:
        end = self._id
        return Side(self._proxy, end.processing, self.__repr__, end.kind, end.direction, connector=end.name)

    def _says(self) -> str:
        return described.connector(self.kind, self.direction, self._spec)

    def __setattr__(self, name: str, value: Any) -> None:
        if name != "value":
            raise ReadOnly(f"{name!r} of a connector cannot be assigned")
        object.__setattr__(self, name, value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Connector) and self._proxy is other._proxy and self._id == other._id

    def __hash__(self) -> int:
        return hash((id(self._proxy), self._id))

    def __repr__(self) -> str:
        return names.expression(self._proxy.processings(), self._id, variable_of(self._proxy))

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """For IPython: its value or data type, and its wires. Inside of a list it is what one types."""
        printer.text(repr(self) if len(printer.stack) > 1 else shown_connector(self))


class ControlledValue(float):
    """The value of a parameter that has the name of a control: in ``net.lfo > net.osc.ModIndex`` it stands for the control."""

    __slots__ = ("control",)

    control: Connector

    @staticmethod
    def of(value: float, control: Connector) -> ControlledValue:
        """A value of the parameter that has the name of `control`."""
        made = ControlledValue(value)
        made.control = control
        return made

    def __reduce__(self) -> tuple[type[float], tuple[float]]:
        return float, (float(self),)


class Connectors(Connectable):
    """Connectors of a processing, in order: by index, slice, name or attribute.

    >>> from ipyclam_core import Network
    >>> net = Network()
    >>> net.mixer = net.types.AudioMixer
    >>> net.mixer._inports
    [net.mixer["Input 0"], net.mixer["Input 1"]]
    >>> net.mixer._inports.Input_1.index
    1
    """

    __slots__ = ("_direction", "_kind", "_name", "_proxy", "_slices")

    _proxy: RecordingProxy
    _name: str
    _kind: Kind | None
    _direction: Direction | None
    _slices: tuple[slice, ...]

    def __init__(
        self,
        proxy: RecordingProxy,
        name: str,
        kind: Kind | None = None,
        direction: Direction | None = None,
        slices: tuple[slice, ...] = (),
    ) -> None:
        for field, value in (("_proxy", proxy), ("_name", name), ("_kind", kind), ("_direction", direction), ("_slices", slices)):
            object.__setattr__(self, field, value)

    @overload
    def __getitem__(self, which: slice) -> Connectors: ...
    @overload
    def __getitem__(self, which: int | str) -> Connector: ...
    def __getitem__(self, which: slice | int | str) -> Connectors | Connector:
        if isinstance(which, slice):
            slices = (*self._slices, given.slice_of_ints(which))
            return Connectors(self._proxy, self._name, self._kind, self._direction, slices)
        if isinstance(which, str):
            return Connector(self._proxy, self._named(which))
        try:
            return Connector(self._proxy, self._at(which))
        except IndexError:
            there = f"{len(self)} connector{'' if len(self) == 1 else 's'}"
            raise IndexError(f"{self._text()} has {there}: index {which} is out of range") from None
        except TypeError:
            raise TypeError(f"connectors are selected by index, slice or name, not by {brief(which)}") from None

    def __getattr__(self, name: str) -> Connector:
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __setitem__(self, which: int | str, value: float) -> None:
        connector = self[which]
        if (connector.kind, connector.direction) != ("Control", "In"):
            raise not_assignable(connector)
        connector.value = value

    def __setattr__(self, name: str, value: float) -> None:
        if name.startswith("_") or name in names.reserved("Connectors"):
            raise ReadOnly(f"{name!r} of connectors cannot be assigned. For a connector of that name: [{name!r}] = ...")
        self[name] = value

    def __len__(self) -> int:
        return len(self._ends())

    def __iter__(self) -> Iterator[Connector]:
        return (Connector(self._proxy, end) for end in self._ends())

    def __reversed__(self) -> Iterator[Connector]:
        return (Connector(self._proxy, end) for end in reversed(self._ends()))

    def __contains__(self, which: object) -> bool:
        if isinstance(which, str):
            return any(end.name == which for end in self._ends())
        return isinstance(which, Connector) and which._proxy is self._proxy and which._id in self._ends()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Connectors):
            return NotImplemented
        return self._proxy is other._proxy and self._ends() == other._ends()

    def __hash__(self) -> int:
        return hash((id(self._proxy), self._name))

    def __repr__(self) -> str:
        there = self._name in self._proxy.processings()
        return repr(list(self)) if there and self._kind is not None else self._text()

    def __dir__(self) -> list[str]:
        state = self._proxy.processings().get(self._name)
        if state is None or self._kind is None or self._direction is None:
            return list(super().__dir__())
        known = {text: None for text in names.connector_attributes(state, (self._kind, self._direction)) if self._has(text)}
        return [*known, *super().__dir__()]

    def _attributes(self) -> Iterator[Member]:
        if self._kind is None or self._direction is None:
            return iter(())
        found = offered.by_attribute([self._side().state], names.reserved("Connectors"), (self._kind, self._direction))
        return (member for member in found if self._has(member.name))

    def _items(self) -> Iterator[Member]:
        if self._kind is None or self._direction is None:
            return iter(())
        found = offered.by_name([self._side().state], [(self._kind, self._direction)])
        return (member for member in found if self._has(member.name))

    def _has(self, name: str) -> bool:
        if not self._slices:
            return True
        try:
            return self._named(name) is not None
        except NoSuchConnector:
            return False

    def _at(self, index: int) -> ConnectorId:
        """The connector at an index, at no cost for the others where that can be."""
        if self._slices or self._kind is None or self._direction is None:
            return self._ends()[index]
        spec = self._side().state.connectors.of(self._kind, self._direction)[index]
        return ConnectorId(self._name, self._kind, self._direction, spec.name)

    def _named(self, name: str) -> ConnectorId:
        """The one of these connectors that `name` means."""
        state = self._side().state
        if self._kind is None or self._direction is None:
            found = names.find(state, name, self._proxy)
        else:
            found = names.find_connector(state, (self._kind, self._direction), name, self._proxy)
        if isinstance(found, ConnectorId) and (not self._slices or found in self._ends()):
            return found
        raise NoSuchConnector(self._text(), name, [end.name for end in self._ends()])

    def _ends(self) -> list[ConnectorId]:
        side = self._side()
        if self._kind is not None and self._direction is not None:
            return side.ends(self._kind, self._direction)
        return [*side.ends("Port", "In"), *side.ends("Port", "Out")]

    def _side(self) -> Side:
        bare = self._kind is None
        return Side(self._proxy, self._name, self._text, self._kind, self._direction, self._slices, bare=bare)

    def _text(self) -> str:
        scope = f".{names.SCOPES[self._kind, self._direction]}" if self._kind and self._direction else ""
        return f"{variable_of(self._proxy)}{names.access('Network', self._name)}{scope}" + "".join(map(_slice_text, self._slices))


Sequence.register(Connectors)


def not_assignable(connector: Connector) -> ReadOnly:
    """The error for assigning to a connector that takes no value."""
    other = f"{variable_of(connector._proxy)}.x"
    if connector.kind == "Port":
        arrow = f"{other} > {connector!r}" if connector.direction == "In" else f"{connector!r} > {other}"
        return ReadOnly(f"{connector!r} is a port, and cannot be assigned. To connect it: {arrow}")
    return ReadOnly(f"{connector!r} is an out control, whose value the processing sets. To connect it: {connector!r} > {other}")


def _side_of(other: object, proxy: RecordingProxy) -> Side:
    if isinstance(other, Connectable):
        return other._side()
    if isinstance(other, ControlledValue):
        return other.control._side()
    told = f"{brief(other)} ({type(other).__name__}){_meant(other, proxy)}"
    raise TypeError(f"processings and connectors can only be connected to each other, not to {told}")


def _meant(other: object, proxy: RecordingProxy) -> str:
    """A sentence that tells what to type in place of something that cannot be connected."""
    if isinstance(other, str) and (exact := names.resolve(other, proxy.processings())) is not None:
        return f". Type net{names.access('Network', exact)}"
    if isinstance(other, str) and isinstance(other, Explorable):
        return f". To add one: net.x = net.types{names.access('ProcessingTypes', other)}"
    if _is_value(other):
        return ". If a parameter has the name of a connector, select the connector by ._inports, ._incontrols ..."
    return ""


def _is_value(other: object) -> bool:
    """Whether it may be what a parameter gave where a connector was meant."""
    return isinstance(other, (bool, int, float, str, tuple, Configuration))


def _slice_text(part: slice) -> str:
    start, stop = ("" if end is None else str(end) for end in (part.start, part.stop))
    return f"[{start}:{stop}{'' if part.step is None else f':{part.step}'}]"
