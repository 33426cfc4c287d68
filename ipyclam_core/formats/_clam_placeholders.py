"""Placeholder types for processings whose type the engine lacks, inferred from the wires of a file."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from ..proxy import ConnectorId, ControlSpec, Direction, Kind, PortSpec, TypeSpec

_DEFAULT_TYPES: Final[Mapping[Kind, str]] = {"Port": "Audio", "Control": "float"}


def infer(
    names: Collection[str], ends: Sequence[tuple[ConnectorId, ConnectorId]], types: Mapping[ConnectorId, str]
) -> dict[ConnectorId, str]:
    """The wired connectors of the processings `names`, each with its data type.

    Parameters
    ----------
    names : the processings of unknown type.
    ends : the two ends of each wire.
    types : the data types of the known connectors.

    Both ends of a wire have the same data type. So a connector has the type of the connectors it is wired to, also through
    connectors of other unknown processings. If no type is known, ports carry Audio and controls float.
    """
    neighbours: dict[ConnectorId, list[ConnectorId]] = defaultdict(list)
    for out, into in ends:
        neighbours[out].append(into)
        neighbours[into].append(out)
    found: dict[ConnectorId, str] = {}
    for end in neighbours:
        if end.processing not in names or end in found:
            continue
        group, waiting, type_ = {end: None}, [end], ""
        while waiting:
            for other in neighbours[waiting.pop()]:
                if other.processing not in names:
                    type_ = type_ or types.get(other, "")
                elif other not in group:
                    group[other] = None
                    waiting.append(other)
        found.update(dict.fromkeys(group, type_ or _DEFAULT_TYPES[end.kind]))
    return found


def placeholder(name: str, connectors: Iterable[tuple[ConnectorId, str]], config: Mapping[str, Any]) -> TypeSpec:
    """The inferred type `name`, with connectors in natural order of their names.

    The order must not depend on the order of the wires, because it decides in which order wires are written.
    """
    sides: dict[tuple[Kind, Direction], list[tuple[str, str]]] = defaultdict(list)
    for end, type_ in connectors:
        sides[end.kind, end.direction].append((end.name, type_))
    for specs in sides.values():
        specs.sort(key=lambda spec: natural(spec[0]))
    return TypeSpec(
        name,
        inports=[PortSpec(*spec) for spec in sides["Port", "In"]],
        outports=[PortSpec(*spec) for spec in sides["Port", "Out"]],
        incontrols=[ControlSpec(*spec) for spec in sides["Control", "In"]],
        outcontrols=[ControlSpec(*spec) for spec in sides["Control", "Out"]],
        config=config,
    )


def natural(name: str) -> tuple[list[tuple[int, int, str]], str]:
    """Sort key for natural order: ``"2"`` before ``"10"``."""
    words = re.findall(r"[0-9]{1,18}|[^0-9]+", name, re.ASCII)
    return [(0, int(word), "") if word[0] in "0123456789" else (1, 0, word) for word in words], name
