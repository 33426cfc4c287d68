"""The network proxy: what an engine must offer so that the front-end can drive it.

This is the page to read before writing an engine. An engine is one object with the methods of `NetworkProxy`;
what it can do beyond editing a network it says by having the methods of the optional protocols below, `CanPlay`, `CanRender`,
`CanMonitor` and so on. Strings, numbers, arrays of samples and the frozen values below cross this border, nothing else.

`ipyclam_core.graph.Graph` keeps a network in plain Python structures and implements all of `NetworkProxy`: an engine
that holds its network in this process begins there, and one that drives a server implements the protocol itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar, runtime_checkable

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


@dataclass(frozen=True, slots=True)
class PortSpec:
    """A port as its type declares it, or as a processing has it.

    A declared port with `count` stands for as many ports as the parameter of that name says. Where the name holds
    ``{}``, that is replaced by the number, beginning with `first`: ``PortSpec("Input {}", count="NInputs", first=0)``
    gives ``Input 0``, ``Input 1``, ...; ``{:02}`` gives two digits; without either the first port has the bare name, the next
    ``name 1``, ``name 2``. Where there are `names`, the first ports are called so instead.
    """

    name: str
    type: str = "Audio"
    doc: str = ""
    count: str = ""
    first: int = 1
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ControlSpec:
    """A control as its type declares it, or as a processing has it. `count`, `first` and `names` are those of `PortSpec`.

    `minimum` and `maximum` are what a slider would offer: values beyond are accepted, as in CLAM.
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
_Spec = TypeVar("_Spec", PortSpec, ControlSpec)


@dataclass(frozen=True, slots=True)
class Connectors:
    """The connectors of one processing, in order. Processings of one configuration may share one of these."""

    inports: tuple[PortSpec, ...] = ()
    outports: tuple[PortSpec, ...] = ()
    incontrols: tuple[ControlSpec, ...] = ()
    outcontrols: tuple[ControlSpec, ...] = ()
    _named: dict[tuple[Kind, Direction], dict[str, ConnectorSpec]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def of(self, kind: Kind, direction: Direction) -> tuple[ConnectorSpec, ...]:
        """Those of one kind and direction."""
        if kind == "Port":
            return self.inports if direction == "In" else self.outports
        return self.incontrols if direction == "In" else self.outcontrols

    def find(self, kind: Kind, direction: Direction, name: str) -> ConnectorSpec | None:
        """The one of that name, the first where there are two; None when there is none. The cost is that of one, not of all."""
        named = self._named.get((kind, direction))
        if named is None:
            named = self._named[kind, direction] = {spec.name: spec for spec in reversed(self.of(kind, direction))}
        return named.get(name)


@dataclass(frozen=True, eq=False)
class TypeSpec:
    """A processing type: its name, its connectors and its configuration.

    Connectors may be given as plain names, and `config` as default values; a nested dict is a nested configuration.
    `origin` is the module or the file that defines a type which is not the engine's own, ``"__main__"`` for the prompt;
    `counts` are the parameters on which the number of connectors depends; `title` is what people call a type whose name
    is not made for typing, as a URI: the engine finds it by its title, too.

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
    counts: tuple[str, ...] = field(default=(), init=False, repr=False)
    _made: dict[tuple[Any, ...], Connectors] = field(default_factory=dict, init=False, repr=False)

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
        """The configuration that a new processing of this type has."""
        return defaults(self.parameters)

    def connectors(self, config: Mapping[str, Value]) -> Connectors:
        """The connectors of a processing of this type configured so; those of equal numbers are one object.

        A number that no parameter gives is known to the engine alone: here it counts as one.
        """
        counts = tuple(config.get(name, 1) for name in self.counts)
        made = self._made.get(counts)
        if made is None:
            while len(self._made) >= 64:
                self._made.pop(next(iter(self._made)), None)
            made = self._made[counts] = Connectors(
                tuple(_expand(self.inports, config)), tuple(_expand(self.outports, config)),
                tuple(_expand(self.incontrols, config)), tuple(_expand(self.outcontrols, config)),
            )  # fmt: skip
        return made


@dataclass(frozen=True, slots=True)
class ProcessingState:
    """All that can be known of one processing at one moment.

    Attributes
    ----------
    config : every parameter's value; nested configurations are mappings.
    controls : the values of in controls that were set by hand, by name.
    position, size : where a picture draws it, in pixels, where somebody has said so.
    placeholder : its type is not one of the engine's: it keeps its place, its wires and its configuration, and cannot play.
    problem : why it could not play now, ``""`` when it could.
    """

    name: str
    spec: TypeSpec
    connectors: Connectors
    config: Mapping[str, Value]
    controls: Mapping[str, float] = field(default_factory=dict)
    position: tuple[float, float] | None = None
    size: tuple[float, float] | None = None
    placeholder: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ConnectorId:
    """Which connector: the processing's name, kind, direction and the connector's own name."""

    processing: str
    kind: Kind
    direction: Direction
    name: str


@dataclass(frozen=True, slots=True)
class Wire:
    """A connection, from an out to an in connector of one kind."""

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
    """What belongs to the network as a whole.

    Attributes
    ----------
    description : free text.
    title : the name its author gave it (CLAM's network id).
    waiting : wires that could not be made because one of their ends is not there, kept so that saving loses nothing.
    """

    description: str = ""
    title: str = ""
    waiting: tuple[Wire, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a network, as observers hear it.

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
    """How the playing goes.

    Attributes
    ----------
    load : the share of each block's time that computing it takes, 0 to 1, averaged over the last second or so.
    xruns : blocks that came too late since playing began.
    position : seconds played.
    messages : what a person should know, most important first: a device that went away, a processing that puts out NaN.
    profile : share of the load by processing type, greatest first, where the engine measures it.
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


Observer = Callable[[Change], None]


class NetworkProxy(Protocol):
    """What every engine offers.

    Reading never changes anything, never blocks for long, and sees what the last operation left. An operation that is
    refused raises one of ``ipyclam_core.errors`` and has changed nothing.

    Observers hear each change once, in order, whoever made it, outside of every lock of the engine: in the thread that made
    the change, before its operation returns, or, where another thread is telling observers at that moment, in that one.
    An observer may read and edit the network, and wait for other threads that do. What it edits is told after the change
    that it is hearing. An observer that raises is shown like an uncaught error; the others hear the change all the same.
    """

    @property
    def engine(self) -> str:
        """The engine's name, as ``Network(engine)`` takes it."""

    def types(self) -> Mapping[str, TypeSpec]:
        """The processing types, by name, in the order to list them; a mapping that may make its values when asked."""

    def processings(self) -> Mapping[str, ProcessingState]:
        """The processings, by name, in the order they were made: a read-only view that costs nothing to get."""

    def wires(self) -> Collection[Wire]:
        """Every wire, in the order they were made."""

    def peers(self, connector: ConnectorId) -> Sequence[ConnectorId]:
        """The connectors at the other ends of this one's wires, in the order they were made."""

    def value(self, control: ConnectorId) -> float:
        """The value a control has now: for an in control the last one that arrived, for an out control the last sent."""

    def info(self) -> NetworkInfo:
        """What belongs to the network as a whole."""

    def add(self, name: str, type: str | TypeSpec, *, index: int | None = None) -> None:
        """Make a processing; at place `index` of the order, else at the end.

        A `TypeSpec` asks for a type the engine may not have: where it has none of that name, a placeholder is made
        with the connectors and the configuration of the spec.
        """

    def remove(self, name: str) -> None:
        """Take a processing away, and its wires first."""

    def rename(self, old: str, new: str) -> None:
        """Give a processing another name; its place, its wires and its sound stay."""

    def configure(self, name: str, changes: Mapping[str, Any]) -> None:
        """Change parameters, all or none; a nested configuration's are a nested mapping. Wires go with ports that go."""

    def connect(self, wire: Wire) -> None:
        """Make a wire. Types and kinds are compared here; ``ConnectionExists`` where it is there already."""

    def disconnect(self, wire: Wire) -> None:
        """Cut a wire. ``NotConnected`` where there is none."""

    def set_control(self, name: str, control: str, value: float | None) -> None:
        """Send `value` to an in control and remember it as set by hand; None only forgets what was set by hand."""

    def place(self, name: str, position: tuple[float, float] | None, size: tuple[float, float] | None) -> None:
        """Say where a picture draws a processing."""

    def set_info(self, info: NetworkInfo) -> None:
        """Replace what belongs to the network as a whole."""

    def batch(self, *, lenient: bool = False) -> AbstractContextManager[None]:
        """Hold back what follows from changes (planning, sound) until the end of the ``with`` block.

        In a lenient batch a file that is not there is a `ProcessingState.problem` and a warning, not an error.
        """

    def observe(self, callback: Observer) -> Callable[[], None]:
        """Call `callback` with every `Change` from now on; calling the result ends that."""

    def close(self) -> None:
        """Stop everything, and let go of devices, files and servers. Twice is no error."""


@runtime_checkable
class CanAddMany(Protocol):
    """An engine that takes in many processings, and many wires, in one operation: thousands in some milliseconds."""

    def add_many(self, names: Sequence[str], type: str, config: Mapping[str, Any], columns: Mapping[str, Sequence[Any]]) -> None:
        """Make processings of a type, all of them or none.

        Parameters
        ----------
        config : parameters that all of them have, beside the defaults.
        columns : parameters that differ: for each, as many values as there are names.
        """

    def connect_many(self, wires: Iterable[Wire]) -> Mapping[Wire, ConnectionError_]:
        """Make wires; those that exist already or whose ends carry different types are passed over, and returned with the reason."""


@runtime_checkable
class CanPlay(Protocol):
    """An engine that sounds."""

    def devices(self) -> Sequence[str]:
        """The names that `play` takes, ``"auto"`` first; known without opening any of them."""

    def play(self, device: str = "auto", sample_rate: int | None = None, block_size: int | None = None) -> None:
        """Begin, or go on, playing; ``"auto"`` takes the first device that works."""

    def pause(self) -> None:
        """Hold, so that `play` goes on from here."""

    def stop(self) -> None:
        """End, so that `play` begins anew."""

    def status(self) -> Status:
        """How the playing goes; costs microseconds."""


@runtime_checkable
class CanRender(Protocol):
    """An engine that can compute sound faster than time, without disturbing what plays."""

    def sources(self) -> Mapping[str, int]:
        """The processings that `render` feeds, in order, with their number of channels."""

    def sinks(self) -> Mapping[str, int]:
        """The processings that `render` collects, in order, with their number of channels."""

    def render(
        self,
        frames: int,
        inputs: Mapping[str, Samples],
        block_size: int,
        sample_rate: int,
        progress: Callable[[int], bool | None] | None = None,
    ) -> Samples:
        """`frames` frames of all sinks side by side, float32 ``(frames, channels)``, from a network newly begun.

        `inputs` are float32 ``(frames, channels)`` by source, silence after their end. `progress` hears the number
        of frames done from time to time, and ends the rendering early by returning False: what is done is returned.
        """


@runtime_checkable
class CanMonitor(Protocol):
    """An engine whose audio can be looked at while it plays."""

    def samples(self, port: ConnectorId, frames: int) -> Samples:
        """The last `frames` frames that an out port played, float32 ``(frames,)``, zeros before its beginning."""


@runtime_checkable
class CanRecord(Protocol):
    """An engine that can write what is heard to a file while it plays."""

    def record(self, path: str, seconds: float | None = None) -> Callable[[], int]:
        """Write what the sinks play to the sound file `path`, for so many seconds or until what is returned is called.

        That gives the number of frames written. Asked for before `play`, it begins with the first frame played.
        """


@runtime_checkable
class CanLocate(Protocol):
    """An engine whose playing has a position that can be changed."""

    def locate(self, seconds: float) -> None:
        """Go on from `seconds` after the beginning."""


@runtime_checkable
class CanFreewheel(Protocol):
    """An engine that can run faster than time, without its device, for everybody who takes part."""

    def freewheel(self, on: bool) -> None:
        """Begin or end that."""


@runtime_checkable
class CanTell(Protocol):
    """An engine that knows more of processings and ports than their names and types."""

    def facts(self, subject: str | ConnectorId) -> Mapping[str, Any]:
        """What it knows of a processing, or of one of its connectors; it may change from one moment to the next."""


def _port(declared: object) -> PortSpec:
    if isinstance(declared, str):
        return PortSpec(declared)
    if isinstance(declared, PortSpec):
        return declared
    raise TypeError(f"a port is declared by a PortSpec or its name, not by {declared!r}")


def _control(declared: object) -> ControlSpec:
    if isinstance(declared, str):
        return ControlSpec(declared)
    if isinstance(declared, ControlSpec):
        return declared
    if isinstance(declared, PortSpec):
        type_ = "float" if declared.type == "Audio" else declared.type
        return ControlSpec(declared.name, type_, count=declared.count, first=declared.first)
    raise TypeError(f"a control is declared by a ControlSpec or its name, not by {declared!r}")


def numbered_name(spec: PortSpec | ControlSpec, k: int) -> str:
    """The name of the connector number `k`, counted from 0, of those that a declared one with `count` stands for."""
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
