"""A large network as text: a row for each processing, with its type, its settings and where its wires go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from ipyclam_core.proxy import Direction, NetworkProxy, ProcessingState, Wire

from .drawing import Line, Styled, access, name_and_type, settings, title, trouble
from .folding import Bundle, Family, Link, bundles, families, ranges

_LEAD: Final = 3
_LEAST: Final = 36
"""Characters of a row that settings and wires have at least: names and types are not aligned beyond that."""
_VALUE: Final = 36
"""Characters of a setting that are shown."""


def overview(engine: NetworkProxy, state: str, width: int, unfold: bool = False) -> Iterator[Line]:
    """Every processing, in rows of `width` characters. Those that are alike share a row unless `unfold`.

    A connector that is the only one of its kind and direction is not named.
    """
    states = dict(engine.processings())  # other threads may change it meanwhile
    wires = [wire for wire in tuple(engine.wires()) if wire.source in states and wire.target in states]
    leaving: dict[str, list[Wire]] = {}
    for wire in wires:
        leaving.setdefault(wire.source, []).append(wire)
    yield title(engine, state, len(states), len(wires))
    free = max(0, width - _LEAD - 4 - _LEAST)
    shown = [[each] for each in states.values()] if unfold else list(families(states.values(), leaving))
    heads = [name_and_type(family) for family in shown]
    widest = min(max((len(name) for name, _ in heads), default=0), free // 2)
    types = min(max((len(type_) for _, type_ in heads), default=0), free - widest)
    for place, (family, (name, type_)) in enumerate(zip(shown, heads, strict=True)):
        lead, below = ("└─ ", "   ") if place == len(shown) - 1 else ("├─ ", "│  ")
        sent = [Link(w.kind, w.source_connector, w.target, w.target_connector) for each in family for w in leaving.get(each.name, ())]
        pieces = [*_about(family), *_sent(states, family[0], list(bundles(sent, len(family), unfold)))]
        head = [
            (name.ljust(widest), "bold cyan"),
            ("  " + type_.ljust(types if pieces else 0), "green"),
            ("  " if pieces else "", ""),
        ]
        indent = widest + types + 4
        first, *others = _rows(pieces, width - _LEAD - indent, _long(head) - indent)
        yield [(lead, "dim"), *head, *first]
        for row in others:
            yield [(below + " " * indent, "dim"), *row]


def _about(family: Family) -> Iterator[Line]:
    """The problem of a processing, and its values that differ from the defaults."""
    for text, style in trouble(family[0]):
        yield from ([(f" {word}", style)] for word in text.split())
    for setting in settings(family):
        yield [("  ", ""), *((text if len(text) <= _VALUE else f"{text[: _VALUE - 1]}…", style) for text, style in setting)]


def _sent(states: Mapping[str, ProcessingState], source: ProcessingState, sent: Sequence[Bundle]) -> Iterator[Line]:
    """For each connector that something leaves by, the ends of its wires."""
    by_connector: dict[tuple[str, tuple[str, ...]], list[Bundle]] = {}
    for wires in sent:
        by_connector.setdefault((wires.kind, wires.own), []).append(wires)
    for (kind, own), together in by_connector.items():
        said = f"{ranges(own)} " if _has_several(source, kind, "Out") else ""
        begin: Line = [(f"  {said}", ""), ("──▶ " if kind == "Port" else "┄┄▶ ", "yellow")]
        for wires in together:
            comma = "" if wires is together[-1] else ","
            end = access(wires.theirs) if _has_several(states[wires.others[0]], kind, "In") else ""
            yield [*begin, (ranges(wires.others), "cyan"), (end, ""), (wires.note, "dim"), (comma, "")]
            begin = [(" ", "")]


def _has_several(state: ProcessingState, kind: str, direction: Direction) -> bool:
    return len(state.connectors.of("Control" if kind == "Control" else "Port", direction)) > 1


def _rows(pieces: Iterable[Line], width: int, taken: int) -> list[Line]:
    """Pieces one after the other in as many rows as they take, the first of which is `taken` in part; each begins with its gap."""
    rows: list[list[Styled]] = [[]]
    for piece in pieces:
        long = _long(piece)
        if rows[-1] and taken + long > width:
            rows.append([])
            taken = 0
        if not rows[-1]:
            (gap, style), *rest = piece
            piece = [(gap.lstrip(), style), *rest]
        rows[-1] += piece
        taken += _long(piece)
    return [list(row) for row in rows]


def _long(line: Line) -> int:
    return sum(len(text) for text, _ in line)
