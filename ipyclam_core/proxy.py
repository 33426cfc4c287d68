"""The network proxy: the interface between the front-end and an engine.

Read this page before you write an engine. An engine is one object with the methods of `NetworkProxy`. For each further
ability it also has the methods of an optional protocol below: `CanPlay`, `CanRender`, `CanMonitor` and so on. Only strings,
numbers, arrays of samples and the frozen values below pass between front-end and engine.

`ipyclam_core.graph.Graph` keeps a network in plain Python structures and implements all of `NetworkProxy`. Derive from it
an engine that keeps its network in this process. An engine that drives a server implements the protocol itself.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, TypeVar, runtime_checkable

from .errors import ConnectionError_
from .parameters import ParameterSpec, Value, defaults

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

Kind = Literal["Port", "Control"]
Direction = Literal["In", "Out"]
State = Literal["stopped", "playing", "paused"]
ChangeKind = Literal["added", "removed", "renamed", "configured", "connected", "disconnected", "control", "placed", "info", "state"]

FULL_SCALE: Final = 1.0 + 2.0**-15
"""The largest amplitude that is not clipped: 1, and what rounding adds to it, less than a step of 16 bits."""


@dataclass(frozen=True, slots=True)
class PortSpec:
    """A port, declared by a type or owned by a processing.

    A declared port with `count` stands for several ports: `count` names the parameter that gives their number. ``{}`` in the
    name is replaced by the number of the port, starting at `first`: ``PortSpec("Input {}", count="NInputs", first=0)`` gives
    ``Input 0``, ``Input 1``, ... ``{:02}`` gives two digits. Without either, the first port is called ``name``, the next ones
    ``name 1``, ``name 2``. If `names` are given, they are the names of the first ports.
    A `single` in port takes one wire. Samples that are read or written in pieces say so in `pieces`, as ``"of 1024 frames"``.
    """

    name: str
    type: str = "Audio"
    doc: str = ""
    count: str = ""
    first: int = 1
    names: tuple[str, ...] = ()
    single: bool = False
    pieces: str = ""


@dataclass(frozen=True, slots=True)
class ControlSpec:
    """A control, declared by a type or owned by a processing. `count`, `first` and `names` are as in `PortSpec`.

    `minimum` and `maximum` are the range of a slider. Values outside this range are accepted, as in CLAM.
    """

    name: str
    type: str = "float"
    default: float = 0.0
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""
    doc: str = ""
    count: str = ""
    first: int = 1
    names: tuple[str, ...] = ()


ConnectorSpec = PortSpec | ControlSpec
_SHARED: Final = 4096  # connectors of one kind and direction: those of larger numbers are made for each processing
_sharing: Final = threading.Lock()
_Spec = TypeVar("_Spec", PortSpec, ControlSpec)


class Numbered(tuple[ConnectorSpec, ...]):
    """The first so many of connectors that are only numbered; `places` gives the number of each name, for all of them."""

    places: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ConnectorSpecs:
    """The connectors of one processing, in order. Processings with the same configuration may share one object."""

    inports: tuple[PortSpec, ...] = ()
    outports: tuple[PortSpec, ...] = ()
    incontrols: tuple[ControlSpec, ...] = ()
    outcontrols: tuple[ControlSpec, ...] = ()
    _named: dict[tuple[Kind, Direction], dict[str, ConnectorSpec]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def of(self, kind: Kind, direction: Direction) -> tuple[ConnectorSpec, ...]:
        """The connectors of one kind and direction."""
        if kind == "Port":
            return self.inports if direction == "In" else self.outports
        return self.incontrols if direction == "In" else self.outcontrols

    def find(self, kind: Kind, direction: Direction, name: str) -> ConnectorSpec | None:
        """The connector called `name`, the first one if there are two, or None. The cost does not depend on their number."""
        side = self.of(kind, direction)
        if isinstance(side, Numbered):
            place = side.places.get(name)
            return side[place] if place is not None and place < len(side) else None
        named = self._named.get((kind, direction))
        if named is None:
            named = self._named[kind, direction] = {spec.name: spec for spec in reversed(self.of(kind, direction))}
        return named.get(name)


@dataclass(frozen=True, eq=False)
class TypeSpec:
    """A processing type: its name, its connectors and its configuration.

    Connectors may be given as plain names, and `config` as default values; a nested dict is a nested configuration.
    `origin` is the module or file that defines the type, ``"__main__"`` for the prompt, ``""`` for a type of the engine itself.
    `counts` are the parameters that give numbers of connectors. `title` is a readable name for a type whose name is hard to
    type, such as a URI; the engine finds the type by its title too. `synonyms` are words that a search finds the type by,
    besides those in its own texts: what other systems call it.

    >>> TypeSpec("Delay", inports=["Input"], outports=[PortSpec("Output", "Audio")], config={"Time": 0.5}).parameters[0].type
    'float'
    """

    name: str
    inports: Sequence[PortSpec] = ()
    outports: Sequence[PortSpec] = ()
    incontrols: Sequence[ControlSpec] = ()
    outcontrols: Sequence[ControlSpec] = ()
    config: Mapping[str, Any] = field(default_factory=dict)
    doc: str = ""
    category: str = ""
    origin: str = ""
    title: str = ""
    synonyms: tuple[str, ...] = ()
    counts: tuple[str, ...] = field(default=(), init=False, repr=False)
    _made: dict[tuple[Any, ...], ConnectorSpecs] = field(default_factory=dict, init=False, repr=False)
    _pools: dict[int, tuple[list[Any], dict[str, int], dict[int, Any]]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        set_once = object.__setattr__
        set_once(self, "inports", tuple(map(_port, self.inports)))
        set_once(self, "outports", tuple(map(_port, self.outports)))
        set_once(self, "incontrols", tuple(map(_control, self.incontrols)))
        set_once(self, "outcontrols", tuple(map(_control, self.outcontrols)))
        set_once(self, "config", MappingProxyType({k: ParameterSpec.of(k, v) for k, v in self.config.items()}))
        declared: tuple[ConnectorSpec, ...] = (*self.inports, *self.outports, *self.incontrols, *self.outcontrols)
        set_once(self, "counts", tuple(dict.fromkeys(spec.count for spec in declared if spec.count)))

    @cached_property
    def parameters(self) -> tuple[ParameterSpec, ...]:
        """The configuration parameters, in declared order."""
        return tuple(self.config.values())

    @cached_property
    def defaults(self) -> Mapping[str, Value]:
        """The configuration of a new processing of this type."""
        return defaults(self.parameters)

    def connectors(self, config: Mapping[str, Value]) -> ConnectorSpecs:
        """The connectors of a processing of this type with a configuration; equal numbers of connectors give the same object.

        A count that is not a parameter is known only to the engine: here it counts as one.
        """
        counts = tuple(config.get(name, 1) for name in self.counts)
        made = self._made.get(counts)
        if made is None:
            while len(self._made) >= 64:
                self._made.pop(next(iter(self._made)), None)
            sides = (self._side(declared, config) for declared in (self.inports, self.outports, self.incontrols, self.outcontrols))
            made = self._made[counts] = ConnectorSpecs(*sides)
        return made

    def _side(self, declared: Any, config: Mapping[str, Value]) -> Any:
        """The connectors of one kind and direction. Those that are only numbered are shared between all numbers of them."""
        only = declared[0] if len(declared) == 1 and declared[0].count else None
        given = config.get(only.count, 1) if only is not None else ()
        if only is None or isinstance(given, tuple) or int(given) > _SHARED:
            return tuple(_expand(declared, config))
        number = int(given)
        with _sharing:
            specs, places, made = self._pools.setdefault(id(only), ([], {}, {}))
            while len(specs) < number:
                name = numbered_name(only, len(specs))
                places.setdefault(name, len(specs))
                specs.append(replace(only, name=name, count="", first=1, names=()))
            side = made.get(number)
            if side is None:
                side = made[number] = Numbered(specs[:number])
                side.places = places
            return side


@dataclass(frozen=True, slots=True)
class ProcessingState:
    """A snapshot of one processing.

    Attributes
    ----------
    config : the values of all parameters; nested configurations are mappings.
    controls : the values of the in controls set by hand, by name.
    position, size : in a picture, in pixels; None if never set.
    placeholder : whether the engine lacks its type. A placeholder keeps its order, wires and configuration, but cannot play.
    problem : why it cannot play now; ``""`` if it can.
    """

    name: str
    spec: TypeSpec
    connectors: ConnectorSpecs
    config: Mapping[str, Value]
    controls: Mapping[str, float] = field(default_factory=dict)
    position: tuple[float, float] | None = None
    size: tuple[float, float] | None = None
    placeholder: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ConnectorId:
    """Identifies a connector: name of the processing, kind, direction, name of the connector."""

    processing: str
    kind: Kind
    direction: Direction
    name: str


@dataclass(frozen=True, slots=True)
class Wire:
    """A connection from an out connector to an in connector of the same kind."""

    kind: Kind
    source: str
    source_connector: str
    target: str
    target_connector: str

    @property
    def out_end(self) -> ConnectorId:
        return ConnectorId(self.source, self.kind, "Out", self.source_connector)

    @property
    def in_end(self) -> ConnectorId:
        return ConnectorId(self.target, self.kind, "In", self.target_connector)


@dataclass(frozen=True, slots=True)
class NetworkInfo:
    """Properties of the whole network.

    Attributes
    ----------
    description : free text.
    title : the name given by its author (the network id of CLAM).
    waiting : wires that cannot be connected because a processing or connector is missing. They are kept so that saving loses nothing.
    volume : the master volume in dB, at most 24; minus infinity is silence. An engine that applies it is `CanSetVolume`.
    """

    description: str = ""
    title: str = ""
    waiting: tuple[Wire, ...] = ()
    volume: float = 0.0

    @property
    def gain(self) -> float:
        """The factor that is the volume: exactly 1 at 0 dB."""
        return float(10.0 ** (self.volume / 20.0))


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a network, as observers receive it.

    ========================== ======================= ============================ ============================
    kind                       names                   before                       after
    ========================== ======================= ============================ ============================
    added, removed             (name,)                 None / `ProcessingState`     `ProcessingState` / None
    renamed                    (old, new)              old                          new
    configured                 (name,)                 `ProcessingState`            `ProcessingState`
    connected, disconnected    (source, target)        None / `Wire`                `Wire` / None
    control                    (name, control)         the value before, or None    the value, or None
    placed                     (name,)                 (position, size)             (position, size)
    info                       ()                      `NetworkInfo`                `NetworkInfo`
    state                      ()                      `State`                      `State`
    ========================== ======================= ============================ ============================
    """

    kind: ChangeKind
    names: tuple[str, ...] = ()
    before: Any = None
    after: Any = None


@dataclass(frozen=True, slots=True)
class Status:
    """The state of playback.

    Attributes
    ----------
    load : DSP load: computing time of a block divided by its duration, 0 to 1, averaged over about one second.
    xruns : number of blocks that were late since playback started.
    position : seconds played.
    messages : messages for the user, most important first: a lost device, a processing that outputs NaN.
    profile : share of the load by processing type, largest first, if the engine measures it.
    longest : the longest computing time of a block in the last second, divided by the duration of a block; 0 if it is not measured.
    latency : frames by which the latest sink is later than the sources, besides the device's own latency.
    """

    state: State = "stopped"
    device: str = ""
    sample_rate: float = 0.0
    block_size: int = 0
    load: float = 0.0
    xruns: int = 0
    position: float = 0.0
    messages: tuple[str, ...] = ()
    profile: tuple[tuple[str, float], ...] = ()
    longest: float = 0.0
    latency: int = 0


@dataclass(frozen=True, slots=True)
class SinkLevel:
    """The level of a sink, over all its channels, in dBFS: 0 is full scale, minus infinity is silence.

    Attributes
    ----------
    now : the peak now, as a meter shows it: held for a second, then falling by 20 dB a second.
    peak : the largest peak since playback started.
    clipped : the number of samples beyond full scale since playback started.
    """

    name: str
    now: float = -math.inf
    peak: float = -math.inf
    clipped: int = 0


@dataclass(frozen=True, slots=True)
class Levels:
    """The levels of playback, or after its end those of the last one.

    Attributes
    ----------
    sinks : those that play.
    limits : whether a limiter keeps the output within full scale.
    limited : seconds for which the limiter has turned the output down.
    blocks : the number of blocks in which it has.
    reduction : by how much at most, in dB, 0 or more.
    playback : the number of this playback, another one for each; 0 if there was none.
    """

    sinks: tuple[SinkLevel, ...] = ()
    limits: bool = False
    limited: float = 0.0
    blocks: int = 0
    reduction: float = 0.0
    playback: int = 0

    @property
    def clipped(self) -> int:
        """The number of samples beyond full scale, of all sinks."""
        return sum(sink.clipped for sink in self.sinks)


Observer = Callable[[Change], None]


class NetworkProxy(Protocol):
    """The methods of every engine.

    Reading never changes anything, never blocks for long, and sees the result of the last operation. An operation that is
    refused raises an error of ``ipyclam_core.errors`` and changes nothing.

    Observers receive each change once, in order, no matter who made it. No lock of the engine is held then. They are called in the
    thread that made the change, before its operation returns; or in another thread, if that is notifying observers at the time.
    An observer may read and edit the network, and wait for other threads that do. Its own edits are reported after the
    current change. If an observer raises, its traceback is printed and the other observers are still called.
    """

    @property
    def engine(self) -> str:
        """The name of the engine, as in ``Network(engine)``."""

    def types(self) -> Mapping[str, TypeSpec]:
        """The processing types, by name, in display order. The mapping may create its values on access."""

    def processings(self) -> Mapping[str, ProcessingState]:
        """The processings, by name, in order of creation: a read-only view, cheap to get."""

    def wires(self) -> Collection[Wire]:
        """All wires, in order of creation."""

    def peers(self, connector: ConnectorId) -> Sequence[ConnectorId]:
        """The connectors wired to this one, in order of creation of the wires."""

    def value(self, control: ConnectorId) -> float:
        """The current value of a control: the last received by an in control, the last sent by an out control."""

    def info(self) -> NetworkInfo:
        """The properties of the whole network."""

    def add(self, name: str, type: str | TypeSpec, *, index: int | None = None) -> None:
        """Add a processing, at position `index` of the order or at the end.

        `type` may be a `TypeSpec`. If the engine has no type of that name, a placeholder with the connectors and the
        configuration of the spec is added.
        """

    def remove(self, name: str) -> None:
        """Remove a processing, after its wires."""

    def rename(self, old: str, new: str) -> None:
        """Rename a processing. It keeps its order, its wires and its sound."""

    def configure(self, name: str, changes: Mapping[str, Any]) -> None:
        """Change parameters, all or none; a nested configuration is a nested mapping. The wires of removed ports are removed."""

    def connect(self, wire: Wire) -> None:
        """Connect a wire.

        Raises ``DifferentConnectorType``, ``ConnectionExists`` if the wire already exists, or ``PortTaken``.
        """

    def disconnect(self, wire: Wire) -> None:
        """Remove a wire. Raises ``NotConnected`` if it does not exist."""

    def set_control(self, name: str, control: str, value: float | None) -> None:
        """Send `value` to an in control and store it as set by hand; None only deletes the stored value."""

    def place(self, name: str, position: tuple[float, float] | None, size: tuple[float, float] | None) -> None:
        """Set the position and size of a processing in pictures."""

    def set_info(self, info: NetworkInfo) -> None:
        """Replace the properties of the whole network."""

    def batch(self, *, lenient: bool = False) -> AbstractContextManager[None]:
        """Postpone the effect of changes (planning, sound) until the end of the ``with`` block.

        In a lenient batch a missing file is a `ProcessingState.problem` and a warning, not an error.
        """

    def observe(self, callback: Observer) -> Callable[[], None]:
        """Call `callback` with every `Change` from now on. Returns a function that stops this."""

    def close(self) -> None:
        """Stop everything, and release devices, files and servers. May be called twice."""


@runtime_checkable
class CanAddMany(Protocol):
    """An engine that adds many processings, or many wires, in one operation: thousands in a few milliseconds."""

    def add_many(self, names: Sequence[str], type: str, config: Mapping[str, Any], columns: Mapping[str, Sequence[Any]]) -> None:
        """Add processings of one type, all or none.

        Parameters
        ----------
        config : parameters with the same value in all of them.
        columns : parameters with different values: a list of values, one for each name.
        """

    def connect_many(self, wires: Iterable[Wire]) -> Mapping[Wire, ConnectionError_]:
        """Connect wires. Wires that already exist or connect different types are skipped, and returned with the reason."""


@runtime_checkable
class CanLoadUnseen(Protocol):
    """An engine that looks at files when a processing is configured, and not while a network file is loaded."""

    def unseen(self) -> AbstractContextManager[None]:
        """While this thread is in the block, no file that a parameter names is looked at: it is when the network plays."""

    def assume(self, end: ConnectorId) -> bool:
        """Take it that a connector exists, where that depends on a file that was not looked at; returns whether it exists now."""

    def is_unseen(self, name: str) -> bool:
        """Whether the connectors of a processing depend on a file that was not looked at."""


@runtime_checkable
class CanCompileAhead(Protocol):
    """An engine that compiles its types, each once on a machine."""

    def compile_ahead(self) -> None:
        """Begin to compile all types in a process that leaves the processors to every other one. It ends with this process."""


@runtime_checkable
class CanPlay(Protocol):
    """An engine that plays sound."""

    def devices(self) -> Sequence[str]:
        """The names that `play` takes, ``"auto"`` first; known without opening any of them."""

    def play(self, device: str = "auto", sample_rate: int | None = None, block_size: int | None = None) -> None:
        """Start or resume playback; ``"auto"`` takes the first device that works."""

    def pause(self) -> None:
        """Pause playback: `play` resumes from here."""

    def stop(self) -> None:
        """Stop playback: `play` starts from the beginning."""

    def status(self) -> Status:
        """The state of playback; costs microseconds."""


@runtime_checkable
class CanSetVolume(Protocol):
    """An engine that applies `NetworkInfo.volume` to the output of its sinks, and measures their levels.

    A change is smooth while it plays, and is heard in a render too. At 0 dB every sample stays as it is.
    """

    def levels(self) -> Levels:
        """The levels of the sinks after the volume, while it plays and of the last playback; costs microseconds."""


@runtime_checkable
class CanLimit(Protocol):
    """An engine that limits the output of sound cards to full scale, unless `limiter` is False: it may be set at any time."""

    limiter: bool


@runtime_checkable
class CanPanic(Protocol):
    """An engine that can silence its output at once."""

    def panic(self) -> None:
        """Silence the output within a block, and stop. The next `play` starts from the initial state."""


@runtime_checkable
class CanRender(Protocol):
    """An engine that can render offline, faster than real time, without disturbing playback."""

    def sources(self) -> Mapping[str, int]:
        """The source processings of `render`, in order, with their numbers of channels."""

    def sinks(self) -> Mapping[str, int]:
        """The sink processings of `render`, in order, with their numbers of channels."""

    def render(
        self,
        frames: int,
        inputs: Mapping[str, Samples],
        block_size: int,
        sample_rate: int,
        progress: Callable[[int], bool | None] | None = None,
    ) -> Samples:
        """Render from the beginning: `frames` frames of all sinks side by side, float32 ``(frames, channels)``.

        `inputs` are float32 ``(frames, channels)`` for each source, followed by silence. `progress` is called now and then
        with the number of frames done. If it returns False, rendering ends early and returns these frames.
        """


@runtime_checkable
class CanMonitor(Protocol):
    """An engine whose audio can be monitored during playback."""

    def samples(self, port: ConnectorId, frames: int) -> Samples:
        """The last `frames` frames of an out port, float32 ``(frames,)``, with zeros before the start of playback."""


@dataclass(frozen=True)
class FrameValue:
    """What a port holds instead of samples: one frame of its data type.

    Attributes
    ----------
    type : the name of the data type.
    time : the time that it stands for, in frames since the network began.
    fields : by name, float32 arrays, which belong to the caller, and floats.
    units : by name, the units of fields that have one.
    used : by name of an array, the name of the field that counts how many of its items are in use.
    plots : by name of an array, how a picture shows it: "line" or "stems".
    """

    type: str
    time: int
    fields: Mapping[str, Any]
    units: Mapping[str, str]
    used: Mapping[str, str]
    plots: Mapping[str, str]


@runtime_checkable
class CanShowFrames(Protocol):
    """An engine whose ports may hold frames, of spectra for instance."""

    def frame(self, port: ConnectorId) -> FrameValue | None:
        """The newest frame of an out port: while the network plays of that, otherwise of the last `render`; None if there is none."""

    def render_frames(
        self, port: ConnectorId, frames: int, inputs: Mapping[str, Samples], block_size: int, sample_rate: int
    ) -> Sequence[FrameValue]:
        """All frames of an out port, in a rendering of `frames` frames of sound; see `CanRender.render`."""


@runtime_checkable
class CanTellLatency(Protocol):
    """An engine that knows how late its signals are."""

    def latency(self, port: ConnectorId | None = None) -> int:
        """How many frames later than the sources the signal of a port is; of the latest sink without `port`. The device's own is not in it.

        While the network does not play it is the latency for blocks of 512 frames.
        """


@runtime_checkable
class CanRecord(Protocol):
    """An engine that can record its output to a file during playback."""

    def record(self, path: str, seconds: float | None = None) -> Callable[[], int]:
        """Record the output of the sinks to the sound file `path`, for `seconds`; None records until you call the returned function.

        The returned function stops recording and returns the number of frames written. A recording requested before `play`
        starts with the first frame played.
        """


@runtime_checkable
class CanLocate(Protocol):
    """An engine that can change its playback position."""

    def locate(self, seconds: float) -> None:
        """Continue playback at `seconds` from the beginning."""


@runtime_checkable
class CanFreewheel(Protocol):
    """An engine that can freewheel: it and all its clients run faster than real time, without the device."""

    def freewheel(self, on: bool) -> None:
        """Start or stop freewheeling."""


@runtime_checkable
class CanTell(Protocol):
    """An engine that has further information about processings and connectors."""

    def facts(self, subject: str | ConnectorId) -> Mapping[str, Any]:
        """Information about a processing or one of its connectors, by name. It may change at any time."""


def _port(declared: object) -> PortSpec:
    if isinstance(declared, str):
        return PortSpec(declared)
    if isinstance(declared, PortSpec):
        return declared
    raise TypeError(f"a port must be a PortSpec or a name, not {declared!r}")


def _control(declared: object) -> ControlSpec:
    if isinstance(declared, str):
        return ControlSpec(declared)
    if isinstance(declared, ControlSpec):
        return declared
    if isinstance(declared, PortSpec):
        type_ = "float" if declared.type == "Audio" else declared.type
        return ControlSpec(declared.name, type_, count=declared.count, first=declared.first)
    raise TypeError(f"a control must be a ControlSpec or a name, not {declared!r}")


def numbered_name(spec: PortSpec | ControlSpec, k: int) -> str:
    """The name of connector number `k` (from 0) of a declared connector with `count`."""
    if k < len(spec.names):
        return spec.names[k]
    if "{}" in spec.name or "{:02}" in spec.name:
        return spec.name.replace("{}", str(k + spec.first)).replace("{:02}", f"{k + spec.first:02}")
    return spec.name if k == 0 else f"{spec.name} {k + spec.first - 1}"


def _expand(declared: Sequence[_Spec], config: Mapping[str, Value]) -> Iterator[_Spec]:
    for spec in declared:
        if not spec.count:
            yield spec
            continue
        given = config.get(spec.count, 1)
        names = given if isinstance(given, tuple) else [numbered_name(spec, k) for k in range(int(given))]
        for name in names:
            yield replace(spec, name=name, count="", first=1, names=())
