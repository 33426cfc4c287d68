"""Connecting and disconnecting: what ``a > b``, ``a / b``, ``connect`` and ``disconnect`` mean for each pair of sides.

Two connectors are one explicit pair, and whatever is wrong with it is an error. Everything else is a broadcast: pairs
that cannot be connected are passed over, and only when none is left that is an error, with the reasons.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any, Final, NamedTuple

from ..errors import (
    BadConnectorDirectionOrder,
    ConnectionError_,
    DifferentConnectorKind,
    DifferentConnectorType,
    DifferentNetwork,
    NoSuchConnector,
    NoSuchProcessing,
    NotConnected,
    NothingToConnect,
    SameConnectorDirection,
)
from ..proxy import ConnectorId, Direction, Kind, ProcessingState, Wire
from ..variables import variable_of
from ..wires import between
from . import names
from .connecting_notes import notes
from .history import RecordingProxy

SUGGESTED: Final = 4
"""The most types that an error names."""

CONVERTING: Final[dict[Kind, tuple[str, str]]] = {
    "Port": ("AudioToControl", "To turn a signal into a control"),
    "Control": ("ControlToAudio", "To turn a control into a signal"),
}
"""For each kind of output, the type that makes it one of the other kind."""


class Side(NamedTuple):
    """One side of an arrow: a processing, or some of its connectors.

    Attributes
    ----------
    typed : gives it as one types it; called only where something is wrong.
    kind, direction : None where not known: a processing has all, a bare slice takes them from the other side.
    slices : applied to the connectors of that kind and direction, one after the other.
    connector : the name of the only connector, where it is one.
    bare : whether it is a slice whose kind is not known.
    """

    proxy: RecordingProxy
    processing: str
    typed: Callable[[], str]
    kind: Kind | None = None
    direction: Direction | None = None
    slices: tuple[slice, ...] = ()
    connector: str | None = None
    bare: bool = False

    @property
    def text(self) -> str:
        """As one types it."""
        return self.typed()

    @property
    def state(self) -> ProcessingState:
        processings = self.proxy.processings()
        try:
            return processings[self.processing]
        except KeyError:
            raise NoSuchProcessing(self.processing, processings) from None

    def ends(self, kind: Kind, direction: Direction) -> list[ConnectorId]:
        """The connectors of that kind and direction."""
        specs = self.state.connectors.of(kind, direction)
        found = [spec.name for spec in specs]
        if self.connector is not None:
            if self.connector not in found:
                raise NoSuchConnector(self.processing, self.connector, found)
            found = [self.connector]
        for part in self.slices:
            found = found[part]
        return [ConnectorId(self.processing, kind, direction, name) for name in found]


class Connections:
    """The wires that a statement made, or removed.

    It is always true, so that ``a > b > c`` chains (Python reads ``a > b and b > c``); ``len``, ``int`` and ``==``
    give their number, iterating gives the `Wire` values, and ``repr`` lists them as they can be typed.

    Attributes
    ----------
    notes : a line for each thing about the wires that may not be as meant; the prompt shows these too.
    """

    __slots__ = ("_arrow", "_proxy", "_wires", "notes")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, proxy: RecordingProxy, wires: Iterable[Wire], arrow: str, notes: Iterable[str] = ()) -> None:
        self._proxy = proxy
        self._wires = tuple(wires)
        self._arrow = arrow
        self.notes = tuple(notes)

    def after(self, wires: Iterable[Wire], notes: Iterable[str]) -> Connections:
        """These, and the wires and notes before them in a chain such as ``a > b > c``."""
        return Connections(self._proxy, (*wires, *self), self._arrow, (*notes, *self.notes))

    @property
    def variable(self) -> str:
        """The variable that holds the network."""
        return variable_of(self._proxy)

    def __bool__(self) -> bool:
        return True

    def __len__(self) -> int:
        return len(self._wires)

    def __int__(self) -> int:
        return len(self)

    __index__ = __int__

    def __iter__(self) -> Iterator[Wire]:
        return iter(self._wires)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Connections):
            return set(self._wires) == set(other._wires)
        if isinstance(other, int):
            return len(self._wires) == other
        return NotImplemented

    def __repr__(self) -> str:
        processings, variable = self._proxy.processings(), variable_of(self._proxy)

        def text(end: ConnectorId) -> str:
            return names.expression(processings, end, variable)

        shown = self._wires if len(self._wires) <= 30 else self._wires[:20]
        lines = [f"{text(w.out_end)} {self._arrow} {text(w.in_end)}" for w in shown]
        if len(shown) < len(self._wires):
            lines.append(f"# and {len(self._wires) - len(shown)} more")
        return "\n".join(lines) if lines else "# no connection"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """For IPython: with the notes."""
        printer.text("\n".join([repr(self), *(f"# {note}" for note in self.notes)]))


def connect(left: Side, right: Side, *, arrow: bool) -> Connections:
    """Make the wires of ``left > right``, or of ``left.connect(right)``, which takes either order."""
    out, into = oriented(left, right, ">" if arrow else "")
    proxy = out.proxy
    reasons: dict[str, None] = {}
    wires = [Wire(a.kind, a.processing, a.name, b.processing, b.name) for a, b in pairs(out, into, reasons)]
    if out.connector is not None and into.connector is not None:
        try:
            proxy.connect(wires[0])
        except DifferentConnectorType as error:
            raise _mended(proxy, wires[0], error, (False, False)) from None
        return Connections(proxy, wires, ">", notes(proxy, wires, (False, False)))
    open_ = out.connector is None, into.connector is None
    made = connect_all(proxy, wires, f"connect {out.processing} to {into.processing}", (out.text, into.text), reasons, open_)
    whole = out.kind is None and not out.slices, into.kind is None and not into.slices
    return Connections(proxy, made, ">", notes(proxy, [*made], whole))


def connect_all(
    proxy: RecordingProxy,
    wires: list[Wire],
    title: str,
    texts: tuple[str, str],
    reasons: dict[str, None],
    open_: tuple[bool, bool] = (True, True),
) -> Connections:
    """Make the wires of a broadcast between what is typed as `texts`, as one step; those that cannot be made are passed over.

    `reasons` tell why pairs were left out so far; `open_` tells of each side whether it was typed without naming one connector.
    """
    with proxy.step(title):
        refused = proxy.connect_many(wires)
        made = [wire for wire in wires if wire not in refused] if refused else wires
        if not made:
            reasons.update(dict.fromkeys(str(_mended(proxy, wire, error, open_)) for wire, error in list(refused.items())[:SUGGESTED]))
            raise NothingToConnect(*texts, tuple(reasons))
    return Connections(proxy, made, ">")


def disconnect(left: Side, right: Side, *, arrow: bool) -> Connections:
    """Cut the wires of ``left / right``; ``left.disconnect(right)`` cuts those between the two, whichever way they go."""
    out, into = oriented(left, right, "/" if arrow else "")
    proxy = out.proxy
    if out.connector is not None and into.connector is not None:
        if out.kind != into.kind:
            raise NotConnected(out.text, into.text)
        wire = Wire(_known(out.kind), out.processing, out.connector, into.processing, into.connector)
        proxy.disconnect(wire)
        return Connections(proxy, [wire], "/")
    wires = list(_between(out, into))
    if not arrow and out.direction is None and into.direction is None and out.processing != into.processing:
        wires += _between(into, out)
    return _cut(proxy, wires, f"disconnect {out.processing} from {into.processing}")


def disconnect_all(side: Side) -> Connections:
    """Cut every wire at a side."""
    kinds: tuple[Kind, ...] = (side.kind,) if side.kind else ("Port",) if side.bare else ("Port", "Control")
    directions: tuple[Direction, ...] = (side.direction,) if side.direction else ("In", "Out")
    wires: dict[Wire, None] = {}
    for kind in kinds:
        for direction in directions:
            for end in side.ends(kind, direction):
                wires.update((between(end, peer), None) for peer in side.proxy.peers(end))
    return _cut(side.proxy, list(wires), f"disconnect {side.processing}")


# -- inside


def _mended(proxy: RecordingProxy, wire: Wire, error: ConnectionError_, open_: tuple[bool, bool]) -> ConnectionError_:
    """An error about the data of a wire, with what fits: other connectors of an open side, or types that convert the data or take it."""
    if not isinstance(error, DifferentConnectorType):
        return error
    kind, carried, taken = wire.kind, error.carried, error.taken
    processings = proxy.processings()
    target = processings.get(wire.target)  # another thread may have removed it
    wanted = "" if target is None else target.spec.name
    fitting = _of_type(processings, wire.out_end, taken) if open_[0] else []
    fitting += _of_type(processings, wire.in_end, carried) if open_[1] else []
    known = [(spec, spec.connectors(spec.defaults)) for spec in proxy.types().values()]
    taking = [(spec, connectors) for spec, connectors in known if any(each.type == carried for each in connectors.of(kind, "In"))]
    converting = [spec.name for spec, connectors in taking if any(each.type == taken for each in connectors.of(kind, "Out"))]
    converting = [name for name in converting if not any(name.startswith(f"{other}_") for other in converting)]  # the same once more
    alike = sorted((spec.name for spec, _ in taking), key=lambda name: -SequenceMatcher(None, name, wanted).ratio())
    texts = [names.expression(processings, end, variable_of(proxy)) for end in fitting[:SUGGESTED]]
    return error.mended(texts, converting[:SUGGESTED], alike[:SUGGESTED])


def _of_type(processings: Mapping[str, ProcessingState], end: ConnectorId, type_: str) -> list[ConnectorId]:
    """The connectors on the same side of a processing that carry another type."""
    state = processings.get(end.processing)
    specs = () if state is None else state.connectors.of(end.kind, end.direction)
    return [replace(end, name=spec.name) for spec in specs if spec.type == type_]


def _cut(proxy: RecordingProxy, wires: list[Wire], what: str) -> Connections:
    with proxy.step(what):
        for wire in wires:
            proxy.disconnect(wire)
    return Connections(proxy, wires, "/")


def oriented(left: Side, right: Side, arrow: str) -> tuple[Side, Side]:
    """The side the signal comes from, and the one it goes to; `arrow` is what stands between them, ``""`` for a method."""
    if left.proxy is not right.proxy:
        raise DifferentNetwork(left.text, right.text)
    if arrow:
        if left.direction == "In":
            turned = f"{right.text} {arrow} {left.text}" if right.direction != "In" and _has(right, left.kind, "Out") else ""
            turned = turned or _with_other(left, right, arrow)
            raise BadConnectorDirectionOrder(left.text, "an input", turned)
        if right.direction == "Out":
            turned = f"{right.text} {arrow} {left.text}" if left.direction != "Out" and _has(left, right.kind, "In") else ""
            turned = turned or _with_other(left, right, arrow)
            raise BadConnectorDirectionOrder(right.text, "an output", turned)
    elif left.direction is not None and left.direction == right.direction:
        raise SameConnectorDirection(left.text, right.text, "inputs" if left.direction == "In" else "outputs")
    elif left.direction == "In" or right.direction == "Out":
        left, right = right, left
    return left, right


def _with_other(left: Side, right: Side, arrow: str) -> str:
    """For two outputs, or two inputs: the statement with a fitting connector of the other direction, in place of the wrong one."""
    if arrow != ">" or left.connector is None or right.connector is None or left.direction != right.direction or left.kind != right.kind:
        return ""
    wrong, stays = (right, left) if left.direction == "Out" else (left, right)
    direction: Direction = "In" if wrong is right else "Out"
    kind = _known(stays.kind)
    spec = stays.state.connectors.find(kind, stays.direction or "Out", stays.connector or "")
    found = [each.name for each in wrong.state.connectors.of(kind, direction) if spec is not None and each.type == spec.type]
    if not found:
        return ""
    text = names.expression(wrong.proxy.processings(), ConnectorId(wrong.processing, kind, direction, found[0]))
    return f"{left.text} > {text}" if wrong is right else f"{text} > {right.text}"


def _has(side: Side, kind: Kind | None, direction: Direction) -> bool:
    """Whether a side has a connector of that kind, or of any, and direction."""
    kinds: tuple[Kind, ...] = (kind,) if kind else ("Port", "Control")
    return any(side.state.connectors.of(each, direction) for each in kinds)


def _kinds_of(out: Side, into: Side) -> tuple[Kind, ...]:
    """The kinds in which two sides meet."""
    if out.kind and into.kind:
        return (out.kind,) if out.kind == into.kind else ()
    known = out.kind or into.kind
    if known:
        return (known,)
    return ("Port",) if out.bare or into.bare else ("Port", "Control")


def pairs(out: Side, into: Side, reasons: dict[str, None]) -> Iterator[tuple[ConnectorId, ConnectorId]]:
    """The pairs of a broadcast, by index or one with all; of two single connectors, these.

    `reasons` hears why nothing fits. Two single connectors of different kinds raise `DifferentConnectorKind`.
    """
    kinds = _kinds_of(out, into)
    if out.connector is not None and into.connector is not None:
        if out.kind != into.kind:
            raise DifferentConnectorKind(*_kinds(out, into), _conversion(out, into, _known(out.kind)))
        kind = _known(out.kind)
        yield ConnectorId(out.processing, kind, "Out", out.connector), ConnectorId(into.processing, kind, "In", into.connector)
        return
    if not kinds:
        reasons[str(DifferentConnectorKind(*_kinds(out, into), _conversion(out, into, _known(out.kind))))] = None
    have: dict[Direction, list[Kind]] = {"Out": [], "In": []}
    for kind in kinds:
        sources, targets = out.ends(kind, "Out"), into.ends(kind, "In")
        have["Out"] += [kind] if sources else []
        have["In"] += [kind] if targets else []
        if not sources or not targets:
            continue
        if out.connector is not None:
            yield from ((sources[0], target) for target in targets)
        elif into.connector is not None:
            yield from ((source, targets[0]) for source in sources)
        else:
            yield from zip(sources, targets, strict=False)
    if kinds and not set(have["Out"]) & set(have["In"]):
        reasons.update(dict.fromkeys(_missing(out, into, kinds, have)))


def _missing(out: Side, into: Side, kinds: tuple[Kind, ...], have: dict[Direction, list[Kind]]) -> Iterator[str]:
    """Why two sides have nothing in common."""
    words = " or ".join(f"{kind.lower()}s" for kind in kinds)
    other: Kind = "Control" if kinds[0] == "Port" else "Port"
    if not have["Out"]:
        yield f"{out.text} has no out {words}{_conversion(out, into, other) if have['In'] and len(kinds) == 1 else ''}"
    if not have["In"]:
        yield f"{into.text} has no in {words}{_conversion(out, into, kinds[0]) if have['Out'] and len(kinds) == 1 else ''}"
    if have["Out"] and have["In"]:
        has, takes = have["Out"][0], have["In"][0]
        yield f"{out.text} has only out {has.lower()}s, and {into.text} only in {takes.lower()}s{_conversion(out, into, has)}"


def _conversion(out: Side, into: Side, kind: Kind) -> str:
    """A sentence that names the type for outputs of `kind` to inputs of the other kind; ``""`` where there are none, or no such type."""
    name, purpose = CONVERTING[kind]
    other: Kind = "Control" if kind == "Port" else "Port"
    fits = name in out.proxy.types() and _has(out._replace(connector=None), kind, "Out") and _has(into, other, "In")
    return f". {purpose}: net.types.{name}" if fits else ""


def _between(out: Side, into: Side) -> Iterator[Wire]:
    """The wires that go from one side to the other, crossing ones too."""
    for kind in _kinds_of(out, into):
        targets = set(into.ends(kind, "In"))
        for end in out.ends(kind, "Out"):
            yield from (between(end, peer) for peer in out.proxy.peers(end) if peer in targets)


def _known(kind: Kind | None) -> Kind:
    assert kind is not None  # a single connector's always is
    return kind


def _kinds(out: Side, into: Side) -> tuple[str, str, str, str]:
    return out.text, (out.kind or "").lower(), into.text, (into.kind or "").lower()
