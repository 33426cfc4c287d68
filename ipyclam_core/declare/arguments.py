"""The arguments that the compiled functions of a processing type may take by name: one table for checks, compiler and plain Python.

Each kind of argument defines the functions that may take it and its value in plain Python.
``dsp.native.arguments`` has the same kinds with their compiled types and how they are loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from .declaration import Declared

ARRIVED: Final = "_arrived"
EVERYWHERE: Final = ("step", "process", "receive", "block")
PER_BLOCK: Final = ("process", "receive", "block")


class Plain(Protocol):
    """A processing that runs as plain Python, in the middle of a block; see `ipyclam_core.dsp.plain`."""

    @property
    def state(self) -> Any: ...
    @property
    def sample_rate(self) -> float: ...
    @property
    def frames(self) -> int: ...
    @property
    def fresh(self) -> bool: ...
    @property
    def ports(self) -> Mapping[str, Sequence[Any]]: ...
    @property
    def controls(self) -> Mapping[str, Sequence[float]]: ...
    @property
    def reached(self) -> Mapping[str, Sequence[float]]: ...
    @property
    def arrived(self) -> Mapping[str, int]: ...
    @property
    def senders(self) -> Mapping[str, Sequence[Any]]: ...

    def parameter(self, item: Declared) -> Any:
        """A parameter's value as a number."""


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of argument.

    Attributes
    ----------
    name : its name.
    doc : its description and use, for authors of types.
    functions : the functions that may take it.
    refusal : why other functions may not take it, for a message that begins "step takes 'audio', ".
    plain : its value in plain Python, once a block.
    at_frame : its value for one frame of ``step``, if different; None if it is the same.
    before : its value in ``block``, if different.
    returned : whether ``step``, which may not take it, returns its values.
    """

    name: str
    doc: str
    functions: tuple[str, ...]
    plain: Callable[[Plain, Argument], Any]
    refusal: str = ""
    at_frame: Callable[[Plain, Argument, int], Any] | None = None
    before: Callable[[Plain, Argument], Any] | None = None
    returned: bool = False


@dataclass(frozen=True, eq=False)
class Argument:
    """An argument of a function: its name, its kind, and the declared attribute of that name, if any."""

    name: str
    kind: Kind
    item: Declared | None = None

    @property
    def attribute(self) -> str:
        """The attribute in the class."""
        return self.item.attribute if self.item is not None else ""


def _glide(it: Plain, argument: Argument, frame: int) -> float:
    goal = it.controls[argument.attribute][0]
    start = goal if it.fresh else it.reached[argument.attribute][0]
    return start + (goal - start) * ((frame + 1) / it.frames)


STATE: Final = Kind(
    "state", "``state``: the fields of ``State`` and ``Prepared``, to read and to set.", EVERYWHERE, lambda it, argument: it.state
)
SAMPLE_RATE: Final = Kind(
    "sample rate", "``sample_rate``: frames a second.", EVERYWHERE, lambda it, argument: it.sample_rate
)  # fmt: skip
FRAMES: Final = Kind(
    "frames", "``frames``: the number of frames in this block.", PER_BLOCK, lambda it, argument: it.frames,
    "which only a function called once a block can take",
)  # fmt: skip
PARAMETER: Final = Kind(
    "parameter", "A parameter, by the name of its attribute: a number; for a choice, its index.", EVERYWHERE,
    lambda it, argument: it.parameter(argument.item),  # type: ignore[arg-type]
)  # fmt: skip
CONTROL: Final = Kind("control", "An in control: a number.", EVERYWHERE, lambda it, argument: it.controls[argument.attribute][0])
SMOOTH_CONTROL: Final = Kind(
    "smooth control",
    "A smooth in control: in ``step`` a number that ramps to the value sent, in ``process`` a pair (current value, target value).",
    EVERYWHERE,
    lambda it, argument: (it.reached[argument.attribute][0], it.controls[argument.attribute][0]),
    at_frame=_glide,
    before=lambda it, argument: it.controls[argument.attribute][0],
)
CONTROLS: Final = Kind(
    "controls", "In controls declared with `count`: a sequence of numbers.", ("process", "receive"),
    lambda it, argument: list(it.controls[argument.attribute]),
    "whose number is given by {count!r}. Only process and receive can take them",
)  # fmt: skip
SMOOTH_CONTROLS: Final = Kind(
    "smooth controls", "Smooth in controls declared with `count`: a sequence of pairs (current value, target value).",
    ("process", "receive"),
    lambda it, argument: list(zip(it.reached[argument.attribute], it.controls[argument.attribute], strict=True)),
    "whose number is given by {count!r}. Only process and receive can take them",
)  # fmt: skip
ARRIVALS: Final = Kind(
    "arrivals", "``Pitch_arrived``: the number of values sent to the in control ``Pitch`` since the last call.", EVERYWHERE,
    lambda it, argument: it.arrived[argument.attribute],
    at_frame=lambda it, argument, frame: it.arrived[argument.attribute] if frame == 0 else 0,
)  # fmt: skip
IN_PORT: Final = Kind(
    "in port", "An in port: in ``step`` a sample, in ``process`` a float32 array of the block, to read.", ("step", "process"),
    lambda it, argument: it.ports[argument.attribute][0],
    "which is an in port. Only step and process can take it",
    at_frame=lambda it, argument, frame: it.ports[argument.attribute][0][frame],
)  # fmt: skip
IN_PORTS: Final = Kind(
    "in ports", "In ports declared with `count`: a sequence of arrays to read.", ("process",),
    lambda it, argument: it.ports[argument.attribute],
    "whose number is given by {count!r}. Only process can take them",
)  # fmt: skip
OUT_PORT: Final = Kind(
    "out port", "An out port: a float32 array of zeros to fill. ``step`` returns the samples of the out ports instead.", ("process",),
    lambda it, argument: it.ports[argument.attribute][0],
    "which is an out port. Only process can take it. The value that step returns goes there", returned=True,
)  # fmt: skip
OUT_PORTS: Final = Kind(
    "out ports", "Out ports declared with `count`: a sequence of arrays of zeros to fill.", ("process",),
    lambda it, argument: it.ports[argument.attribute], "whose number is given by {count!r}. Only process can take them",
)  # fmt: skip
IN_PIECE: Final = Kind(
    "in piece", "An in port with `size`: a float32 array of one piece, to read.", ("process",),
    lambda it, argument: it.ports[argument.attribute][0],
    "which is an in port with size. Only process can take it",
)  # fmt: skip
OUT_PIECE: Final = Kind(
    "out piece", "An out port with `size`: a float32 array of one piece, to fill or to add to.", ("process",),
    lambda it, argument: it.ports[argument.attribute][0],
    "which is an out port with size. Only process can take it",
)  # fmt: skip
IN_FRAME: Final = Kind(
    "in frame", "An in port of a data type: a frame, whose fields are arrays and numbers to read.", ("process",),
    lambda it, argument: it.ports[argument.attribute][0],
    "which holds frames. Only process can take it",
)  # fmt: skip
OUT_FRAME: Final = Kind(
    "out frame", "An out port of a data type: a frame, whose fields are arrays to fill and numbers to set.", ("process",),
    lambda it, argument: it.ports[argument.attribute][0],
    "which holds frames. Only process can take it",
)  # fmt: skip
IN_FRAMES: Final = Kind(
    "in frames", "In ports of a data type declared with `count`: a sequence of frames.", ("process",),
    lambda it, argument: it.ports[argument.attribute], "whose number is given by {count!r}. Only process can take them",
)  # fmt: skip
OUT_FRAMES: Final = Kind(
    "out frames", "Out ports of a data type declared with `count`: a sequence of frames to fill.", ("process",),
    lambda it, argument: it.ports[argument.attribute], "whose number is given by {count!r}. Only process can take them",
)  # fmt: skip
SENDER: Final = Kind(
    "sender", "An out control: ``send(value)`` sends a value.", ("process", "receive"),
    lambda it, argument: it.senders[argument.attribute][0], "which is an out control. Only process and receive can send",
)  # fmt: skip
SENDERS: Final = Kind(
    "senders", "Out controls declared with `count`: ``outs[k].send(value)``.", ("process", "receive"),
    lambda it, argument: it.senders[argument.attribute], "which are out controls. Only process and receive can send",
)  # fmt: skip

KINDS: Final = (
    STATE, SAMPLE_RATE, FRAMES, PARAMETER, CONTROL, SMOOTH_CONTROL, CONTROLS, SMOOTH_CONTROLS, ARRIVALS, IN_PORT, IN_PORTS, OUT_PORT,
    OUT_PORTS, IN_PIECE, OUT_PIECE, IN_FRAME, OUT_FRAME, IN_FRAMES, OUT_FRAMES, SENDER, SENDERS,
)  # fmt: skip

_OF_ROLES: Final[Mapping[tuple[str, bool], Kind]] = {
    ("config", False): PARAMETER,
    ("inports", False): IN_PORT, ("inports", True): IN_PORTS, ("outports", False): OUT_PORT, ("outports", True): OUT_PORTS,
    ("incontrols", False): CONTROL, ("incontrols", True): CONTROLS, ("outcontrols", False): SENDER, ("outcontrols", True): SENDERS,
}  # fmt: skip
_PIECES: Final[Mapping[str, Kind]] = {"inports": IN_PIECE, "outports": OUT_PIECE}
_FRAMES: Final[Mapping[tuple[str, bool], Kind]] = {
    ("inports", False): IN_FRAME, ("inports", True): IN_FRAMES, ("outports", False): OUT_FRAME, ("outports", True): OUT_FRAMES,
}  # fmt: skip
_SMOOTH: Final[Mapping[Kind, Kind]] = {CONTROL: SMOOTH_CONTROL, CONTROLS: SMOOTH_CONTROLS}


def arguments_of(items: Iterable[Declared], has_state: bool) -> dict[str, Argument]:
    """All arguments that the functions of a type may take, by name."""
    items = tuple(items)
    known = {"sample_rate": Argument("sample_rate", SAMPLE_RATE)}
    if not any(item.framed for item in items):
        known["frames"] = Argument("frames", FRAMES)
    if has_state:
        known["state"] = Argument("state", STATE)
    for item in items:
        kind = _OF_ROLES[item.role, item.many]
        if item.framed:
            kind = _FRAMES[item.role, item.many] if item.frame is not None else _PIECES[item.role]
        known[item.attribute] = Argument(item.attribute, _SMOOTH[kind] if item.smooth and kind in _SMOOTH else kind, item)
        if item.role == "incontrols" and not item.many:
            known[f"{item.attribute}{ARRIVED}"] = Argument(f"{item.attribute}{ARRIVED}", ARRIVALS, item)
    return known


def refusal(argument: Argument, function: str) -> str:
    """Why a function may not take an argument, ``""`` if it may."""
    if function in argument.kind.functions:
        return ""
    count = getattr(argument.item.spec, "count", "") if argument.item is not None else ""
    return argument.kind.refusal.format(count=count)
