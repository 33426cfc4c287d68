"""Positions of boxes: columns side by side, with heights that keep wires straight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..proxy import Wire
from .boxes import Box
from .layers import Layers, Vertex, end, layered

MARGIN = 16.0
BETWEEN = 18.0
"""Pixels between the boxes of a column."""

PASSAGE = 10.0
SWEEPS = 12


@dataclass(slots=True)
class Plan:
    """The layout of a network.

    Attributes
    ----------
    boxes : the boxes with their positions.
    paths : for each wire, from its source: (left edge, right edge, y) for each column that it passes.
    columns : left and right edge of each column.
    column_of : the column of each processing.
    width, height : the size of the picture, in pixels.
    """

    boxes: Mapping[str, Box]
    paths: list[list[tuple[float, float, float]]]
    columns: list[tuple[float, float]]
    column_of: dict[str, int]
    width: float
    height: float


def plan(boxes: Mapping[str, Box], wires: Sequence[Wire]) -> Plan:
    """Lay out a network."""
    layers = layered(boxes, wires)
    heights = _heights(layers, boxes, wires)
    _close_up(heights, layers, boxes)
    top = min(heights.values(), default=0.0)
    for name, box in boxes.items():
        box.y = heights[name] - top + MARGIN
    columns = _columns(layers, boxes, wires)
    column_of = {}
    for place, ((left, right), column) in enumerate(zip(columns, layers.columns, strict=True)):
        for vertex in column:
            if isinstance(vertex, str):
                column_of[vertex] = place
                boxes[vertex].x = (left + right - boxes[vertex].width) / 2
    paths = []
    for wire, path in zip(wires, layers.wires, strict=True):
        passed = [(*columns[vertex[1]], heights[vertex] - top + MARGIN) for vertex in path if not isinstance(vertex, str)]
        paths.append(passed if path[0] == wire.source else passed[::-1])
    height = max([box.y + box.height for box in boxes.values()] + [y for path in paths for _, _, y in path], default=0.0) + MARGIN
    return Plan(boxes, paths, columns, column_of, (columns[-1][1] if columns else 0.0) + MARGIN, height)


def _columns(layers: Layers, boxes: Mapping[str, Box], wires: Sequence[Wire]) -> list[tuple[float, float]]:
    """The edges of each column. The gap between two columns grows with the number of wires in it."""
    place = {vertex: k for k, column in enumerate(layers.columns) for vertex in column}
    turning = [0] * (len(layers.columns) + 1)
    for path in layers.wires:
        for a, b in pairwise(path):
            turning[min(place[a], place[b])] += 1
    columns, x = [], MARGIN + 8
    for k, column in enumerate(layers.columns):
        width = max((boxes[vertex].width for vertex in column if isinstance(vertex, str)), default=20.0)
        columns.append((x, x + width))
        x += width + min(40 + 5 * turning[k], 110)
    return columns


def _heights(layers: Layers, boxes: Mapping[str, Box], wires: Sequence[Wire]) -> dict[Vertex, float]:
    """The upper edges. Each column in turn moves as close as possible to the heights at which its wires are straight."""
    pulls: dict[Vertex, list[tuple[Vertex, float, float]]] = {}
    for wire, path in zip(wires, layers.wires, strict=True):
        for a, b in pairwise(path):
            offset = end(boxes, wire, b) - end(boxes, wire, a)
            # long wires must be straight above all
            weight = 1.0 if isinstance(a, str) and isinstance(b, str) else 2.0 if isinstance(a, str) or isinstance(b, str) else 8.0
            pulls.setdefault(a, []).append((b, offset, weight))
            pulls.setdefault(b, []).append((a, -offset, weight))
    heights: dict[Vertex, float] = {}
    for column in layers.columns:
        y = 0.0
        for vertex in column:
            heights[vertex] = y
            y += _room(vertex, boxes)
    for sweep in range(SWEEPS):
        columns = layers.columns if sweep % 2 == 0 else layers.columns[::-1]
        for column in columns:
            wished = []
            for vertex in column:
                asked = [(heights[other] + offset, weight) for other, offset, weight in pulls.get(vertex, ()) if other != vertex]
                total = sum(weight for _, weight in asked)
                wished.append((sum(y * weight for y, weight in asked) / total if total else heights[vertex], total or 0.01))
            for vertex, y in zip(column, _apart(wished, [_room(vertex, boxes) for vertex in column]), strict=True):
                heights[vertex] = y
    return heights


def _close_up(heights: dict[Vertex, float], layers: Layers, boxes: Mapping[str, Box]) -> None:
    """Move each part of the network that is not wired to the rest up, close to the boxes above it."""
    part = {vertex: [vertex] for column in layers.columns for vertex in column}
    for path in layers.wires:
        for a, b in pairwise(path):
            if part[a] is not part[b]:
                small, large = sorted((part[a], part[b]), key=len)
                large.extend(small)
                part.update(dict.fromkeys(small, large))
    above = {vertex: before for column in layers.columns for before, vertex in pairwise(column)}
    top = min(heights.values(), default=0.0)
    parts = {id(vertices): vertices for vertices in part.values()}
    for vertices in sorted(parts.values(), key=lambda vertices: min(heights[vertex] for vertex in vertices)):
        inside = set(vertices)
        floors = {vertex: top if (other := above.get(vertex)) is None else heights[other] + _room(other, boxes) for vertex in vertices}
        gap = min((heights[vertex] - floors[vertex] for vertex in vertices if above.get(vertex) not in inside), default=0.0)
        for vertex in vertices:
            heights[vertex] -= max(0.0, gap)


def _room(vertex: Vertex, boxes: Mapping[str, Box]) -> float:
    return boxes[vertex].height + BETWEEN if isinstance(vertex, str) else PASSAGE


def _apart(wished: Sequence[tuple[float, float]], rooms: Sequence[float]) -> list[float]:
    """The positions closest to the wished (position, weight), in order and without overlap: isotonic regression by pooling."""
    blocks: list[tuple[float, float, int]] = []  # mean of (position - room before), weight, count
    offset = 0.0
    for (place, weight), room in zip(wished, rooms, strict=True):
        mean, total, count = place - offset, weight, 1
        while blocks and blocks[-1][0] > mean:
            before, its_weight, its_count = blocks.pop()
            mean = (before * its_weight + mean * total) / (its_weight + total)
            total, count = total + its_weight, count + its_count
        blocks.append((mean, total, count))
        offset += room
    places, offset = [], 0.0
    rest = iter(rooms)
    for mean, _, count in blocks:
        for _ in range(count):
            places.append(mean + offset)
            offset += next(rest)
    return places
