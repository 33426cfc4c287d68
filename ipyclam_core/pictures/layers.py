"""Layered layout: the column of each processing, and the order within each column, with few crossings of wires.

igraph removes the cycles, makes the layers and a first order. (Its Sugiyama layout is maintained, has wheels for every
platform, and is free under the GPL. grandalf is no longer maintained, networkx has layers but ignores crossings, Graphviz
is a separate program to install.) igraph treats processings as points: it does not know at which height of a box a wire
ends. So we exchange neighbours afterwards, as long as this reduces the crossings of the wires as drawn.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter

from ..errors import PictureError
from ..proxy import Wire
from .boxes import Box

Vertex = str | tuple[int, int]
"""A processing, or the point ``(k, j)`` at which wire k passes layer j."""

SWEEPS = 24
MANY = 2000
"""With more wires than this, the order from igraph is final: nobody can follow one of so many wires by eye."""


@dataclass(slots=True)
class Layers:
    """The order of all vertices.

    Attributes
    ----------
    columns : the vertices of each layer, from the top.
    wires : for each wire the vertices on its path, always from left to right.
    """

    columns: list[list[Vertex]]
    wires: list[list[Vertex]]


def layered(boxes: Mapping[str, Box], wires: Sequence[Wire]) -> Layers:
    """Compute the layers of boxes and wires.

    Raises
    ------
    PictureError : igraph is not installed.
    """
    layer = _layers(boxes, wires)
    layers = _with_passages(layer, wires)
    _first_order(layers)
    best, fewest = [list(column) for column in layers.columns], crossings(layers, boxes, wires)
    for sweep in range(SWEEPS if len(wires) <= MANY else 0):
        if not fewest:
            break
        _by_barycentre(layers, boxes, wires, leftwards=sweep % 2 == 1)
        _exchange_neighbours(layers, boxes, wires)
        found = crossings(layers, boxes, wires)
        if found < fewest:
            best, fewest = [list(column) for column in layers.columns], found
    layers.columns = best
    return layers


def crossings(layers: Layers, boxes: Mapping[str, Box], wires: Sequence[Wire]) -> int:
    """The number of pairs of wires that cross."""
    heights = _heights(layers, boxes)
    return sum(_inversions(stretch) for stretch in _stretches(layers, boxes, wires, heights))


def _layers(boxes: Mapping[str, Box], wires: Sequence[Wire]) -> dict[str, int]:
    """The column of each processing: right of its sources. A processing without sources is directly left of its first target."""
    try:
        import igraph
    except ImportError:
        raise PictureError("pictures of networks need igraph. Install it in a terminal: pip install igraph") from None

    names = list(boxes)
    number = {name: k for k, name in enumerate(names)}
    edges = dict.fromkeys((number[wire.source], number[wire.target]) for wire in wires if wire.source != wire.target)
    graph = igraph.Graph(n=len(names), edges=list(edges), directed=True)
    against = set(graph.feedback_arc_set(method="eades")) if edges else set()
    forward = [(source, target) for k, (source, target) in enumerate(edges) if k not in against]
    forward += [(target, source) for k, (source, target) in enumerate(edges) if k in against]
    graph = igraph.Graph(n=len(names), edges=forward, directed=True)
    layer = [0] * len(names)
    for vertex in graph.topological_sorting():
        layer[vertex] = max((layer[before] + 1 for before in graph.predecessors(vertex)), default=0)
    for vertex in reversed(graph.topological_sorting()):
        after = graph.successors(vertex)
        if after and not graph.predecessors(vertex):
            layer[vertex] = min(layer[other] for other in after) - 1
    return {name: layer[number[name]] for name in names}


def _with_passages(layer: Mapping[str, int], wires: Sequence[Wire]) -> Layers:
    """Columns in order of creation, with a vertex in each column that a wire passes."""
    columns: list[list[Vertex]] = [[] for _ in range(max(layer.values(), default=-1) + 1)]
    for name, place in layer.items():
        columns[place].append(name)
    paths: list[list[Vertex]] = []
    for k, wire in enumerate(wires):
        first, last = sorted((wire.source, wire.target), key=lambda name: layer[name])
        passages: list[Vertex] = [(k, place) for place in range(layer[first] + 1, layer[last])]
        for passage in passages:
            columns[passage[1]].append(passage)  # type: ignore[index]
        paths.append([first, *passages, last] if wire.source != wire.target else [wire.source])
    return Layers(columns, paths)


def _first_order(layers: Layers) -> None:
    """Sort each column as igraph proposes."""
    import igraph

    vertices = [vertex for column in layers.columns for vertex in column]
    number = {vertex: k for k, vertex in enumerate(vertices)}
    edges = dict.fromkeys((number[a], number[b]) for path in layers.wires for a, b in pairwise(path) if a != b)
    place = [k for k, column in enumerate(layers.columns) for _ in column]
    edges = dict.fromkeys((a, b) for a, b in edges if place[a] != place[b])
    if not edges:
        return
    graph = igraph.Graph(n=len(vertices), edges=list(edges), directed=True)
    answer = graph.layout_sugiyama(layers=place, maxiter=200)
    across = {vertex: answer[k][0] for k, vertex in enumerate(vertices)}
    for column in layers.columns:
        column.sort(key=lambda vertex: across[vertex])


def _heights(layers: Layers, boxes: Mapping[str, Box]) -> dict[Vertex, float]:
    """The upper edge of all vertices, if each column were filled from the top."""
    heights: dict[Vertex, float] = {}
    for column in layers.columns:
        y = 0.0
        for vertex in column:
            heights[vertex] = y
            y += boxes[vertex].height if isinstance(vertex, str) else 1.0
    return heights


def end(boxes: Mapping[str, Box], wire: Wire, vertex: Vertex) -> float:
    """The distance of a wire from the upper edge of a vertex."""
    if not isinstance(vertex, str):
        return 0.0
    which = wire.out_end if vertex == wire.source else wire.in_end
    return boxes[vertex].row(wire.kind, which.direction, which.name)


Stretch = list[tuple[float, float]]


def _stretches(layers: Layers, boxes: Mapping[str, Box], wires: Sequence[Wire], heights: Mapping[Vertex, float]) -> list[Stretch]:
    """For each gap between two columns: the heights of the wires on its left and right side."""
    place = {vertex: k for k, column in enumerate(layers.columns) for vertex in column}
    stretches: list[Stretch] = [[] for _ in layers.columns]
    for wire, path in zip(wires, layers.wires, strict=True):
        for a, b in pairwise(path):
            if place[a] != place[b]:
                stretches[place[a]].append((heights[a] + end(boxes, wire, a), heights[b] + end(boxes, wire, b)))
    return stretches


def _inversions(stretch: Stretch) -> int:
    """The number of inversions. Wires from or to the same point do not cross."""
    count = 0
    ends: list[float] = []
    for _, group in groupby(sorted(stretch), key=itemgetter(0)):
        arriving = [right for _, right in group]
        count += sum(len(ends) - bisect_right(ends, right) for right in arriving)
        for right in arriving:
            insort(ends, right)
    return count


def _by_barycentre(layers: Layers, boxes: Mapping[str, Box], wires: Sequence[Wire], *, leftwards: bool) -> None:
    """Sort each column by the mean height of the vertices wired to it in the previous column."""
    place = {vertex: k for k, column in enumerate(layers.columns) for vertex in column}
    order = range(len(layers.columns) - 2, -1, -1) if leftwards else range(1, len(layers.columns))
    for k in order:
        heights = _heights(layers, boxes)
        pulls: dict[Vertex, list[float]] = {}
        for wire, path in zip(wires, layers.wires, strict=True):
            for a, b in pairwise(path):
                here, there = (a, b) if leftwards else (b, a)
                if place[here] == k and place[there] == k + (1 if leftwards else -1):
                    pulls.setdefault(here, []).append(heights[there] + end(boxes, wire, there) - end(boxes, wire, here))
        column = layers.columns[k]
        mean = {vertex: sum(pull) / len(pull) if (pull := pulls.get(vertex)) else heights[vertex] for vertex in column}
        column.sort(key=lambda vertex: mean[vertex])


def _exchange_neighbours(layers: Layers, boxes: Mapping[str, Box], wires: Sequence[Wire]) -> None:
    """Exchange neighbouring vertices as long as this reduces the crossings."""
    place = {vertex: k for k, column in enumerate(layers.columns) for vertex in column}
    touching: dict[Vertex, list[tuple[Vertex, float, float]]] = {}
    for wire, path in zip(wires, layers.wires, strict=True):
        for a, b in pairwise(path):
            if place[a] != place[b]:
                touching.setdefault(a, []).append((b, end(boxes, wire, a), end(boxes, wire, b)))
                touching.setdefault(b, []).append((a, end(boxes, wire, b), end(boxes, wire, a)))
    for _ in range(8):
        heights = _heights(layers, boxes)
        changed = False
        for column in layers.columns:
            for k in range(len(column) - 1):
                upper, lower = column[k], column[k + 1]
                as_is = exchanged = 0
                for a, _, at_a in touching.get(upper, ()):
                    for b, _, at_b in touching.get(lower, ()):
                        if place[a] == place[b]:
                            difference = heights[a] + at_a - heights[b] - at_b
                            as_is += difference > 0
                            exchanged += difference < 0
                if exchanged < as_is:
                    column[k], column[k + 1] = lower, upper
                    changed = True
        if not changed:
            return
