"""A network as SVG: boxes from left to right, ports, controls, wires."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from ..proxy import Direction, NetworkProxy, Wire
from ..variables import variable_of
from .boxes import HEAD, ROW, Box, box, carries
from .placing import Plan, plan
from .words import escaped

INK, PALE, PAPER, EDGE, TROUBLE = "#1f2933", "#66727f", "#ffffff", "#aab4be", "#c62828"
CONTROL, AUDIO = "#b26a00", "#1667b7"
OTHERS = ("#2e7d32", "#8e24aa", "#00838f", "#ad1457", "#5d4037", "#558b2f")
CATEGORIES = ("#dbe9f9", "#e3f1de", "#fcebd3", "#eee3f7", "#fbe1e6", "#dff2f1", "#f2eedb", "#e6e8ee")
FONT = "font-family=\"'DejaVu Sans', Verdana, Arial, sans-serif\""
TURN = 14.0
"""The horizontal distance from a box at which a feedback wire turns back."""


def svg(proxy: NetworkProxy) -> str:
    """The SVG picture of a network.

    Raises
    ------
    PictureError : igraph is not installed; the message says what to type.
    """
    states = dict(proxy.processings())  # other threads may change it meanwhile
    wires = [wire for wire in tuple(proxy.wires()) if wire.source in states and wire.target in states]
    by_name: dict[str, list[Wire]] = {}
    for wire in wires:
        for name in {wire.source, wire.target}:
            by_name.setdefault(name, []).append(wire)
    boxes = {name: box(state, by_name.get(name, ())) for name, state in states.items()}
    laid_out = plan(boxes, wires)
    width, height = max(laid_out.width, 60), max(laid_out.height, 40)
    title = proxy.info().title or variable_of(proxy)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}" {FONT}>',
        f"<title>{escaped(title)}</title>",
        f'<rect width="100%" height="100%" rx="8" fill="{PAPER}"/>',
        '<g fill="none" stroke-width="1.6">',
        *(_wire(laid_out, k, wire) for k, wire in enumerate(wires)),
        "</g>",
        *(line for each in boxes.values() for line in drawn(each)),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def drawn(box: Box) -> Iterator[str]:
    """The SVG elements of a box and its connectors."""
    edge = TROUBLE if box.problem else EDGE
    dashes = ' stroke-dasharray="5 3"' if box.placeholder else ""
    yield f'<g transform="translate({box.x:.1f} {box.y:.1f})">'
    yield f"<title>{escaped(f'{box.name}: {box.type}' + (f', {box.problem}' if box.problem else ''))}</title>"
    yield f'<rect width="{box.width:.1f}" height="{box.height:.1f}" rx="6" fill="#fbfcfd" stroke="{edge}"{dashes}/>'
    head = f"M0.5 {HEAD - 4} V6.5 A6 6 0 0 1 6.5 0.5 H{box.width - 6.5:.1f} A6 6 0 0 1 {box.width - 0.5:.1f} 6.5 V{HEAD - 4} Z"
    yield f'<path d="{head}" fill="{_of(box.category, CATEGORIES)}"/>'
    middle = box.width / 2
    yield f'<text x="{middle:.1f}" y="14" text-anchor="middle" font-size="12" font-weight="bold" fill="{INK}">{escaped(box.name)}</text>'
    yield f'<text x="{middle:.1f}" y="26" text-anchor="middle" font-size="10" fill="{PALE}">{escaped(box.type)}</text>'
    yield from _side(box, "In")
    yield from _side(box, "Out")
    yield "</g>"


def _side(box: Box, direction: Direction) -> Iterator[str]:
    rows, x, anchor, inward = (box.left, 0.0, "start", 9) if direction == "In" else (box.right, box.width, "end", -9)
    for k, row in enumerate(rows):
        y = HEAD + ROW * (k + 0.5)
        if row is None:
            count = box.hidden[0 if direction == "In" else 1]
            yield f'<text x="{x + inward:.1f}" y="{y + 3.5:.1f}" text-anchor="{anchor}" font-size="10" fill="{PALE}">+ {count}</text>'
            continue
        kind, spec = row
        colour = colour_of(carries(spec))
        yield f"<g><title>{escaped(f'{spec.name}: {spec.type}' + (f', {spec.doc}' if spec.doc else ''))}</title>"
        if kind == "Port":
            yield f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" rx="1.5" fill="{colour}"/>'
        else:
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{PAPER}" stroke="{colour}" stroke-width="1.6"/>'
        ink = INK if kind == "Port" else PALE
        words = f'text-anchor="{anchor}" font-size="10" fill="{ink}">{escaped(spec.name)}'
        yield f'<text x="{x + inward:.1f}" y="{y + 3.5:.1f}" {words}</text></g>'


def _wire(plan: Plan, k: int, wire: Wire) -> str:
    source, target = plan.boxes[wire.source], plan.boxes[wire.target]
    begin = source.x + source.width, source.y + source.row(wire.kind, "Out", wire.source_connector)
    end = target.x, target.y + target.row(wire.kind, "In", wire.target_connector)
    forward = plan.column_of[wire.source] < plan.column_of[wire.target]
    points = _forward(plan, k, wire, begin, end) if forward else _back(plan, k, wire, begin, end)
    spec = source.spec(wire.kind, "Out", wire.source_connector)
    colour = colour_of(carries(spec) if spec is not None else "control" if wire.kind == "Control" else "Audio")
    dashes = ' stroke-dasharray="5 3"' if wire.kind == "Control" else ""
    told = f"{wire.source}[{wire.source_connector!r}] > {wire.target}[{wire.target_connector!r}]"
    return f'<path d="{points}" stroke="{colour}"{dashes}><title>{escaped(told)}</title></path>'


def _forward(plan: Plan, k: int, wire: Wire, begin: tuple[float, float], end: tuple[float, float]) -> str:
    """A path to the right: straight across columns, curved between them."""
    x, y = begin
    edge = plan.columns[plan.column_of[wire.source]][1]
    path = f"M{x:.1f} {y:.1f} H{edge:.1f}"
    at, stops = edge, [*plan.paths[k], (plan.columns[plan.column_of[wire.target]][0], end[0], end[1])]
    for left, right, height in stops:
        path += _curve(at, y, left, height) + f" H{right:.1f}"
        at, y = right, height
    return path


def _back(plan: Plan, k: int, wire: Wire, begin: tuple[float, float], end: tuple[float, float]) -> str:
    """A feedback path: below its source and target boxes, straight across the columns between them."""
    source, target = plan.boxes[wire.source], plan.boxes[wire.target]
    x, y = begin
    under = source.y + source.height + 7
    right = plan.columns[plan.column_of[wire.source]][1] + TURN
    left = plan.columns[plan.column_of[wire.source]][0]
    path = f"M{x:.1f} {y:.1f} H{right - TURN:.1f} C{right + TURN:.1f} {y:.1f} {right + TURN:.1f} {under:.1f} {right - TURN:.1f} {under:.1f}"
    if wire.source != wire.target:
        path += f" H{left:.1f}"
        at, y = left, under
        below = target.y + target.height + 7
        stops = [*plan.paths[k], (*plan.columns[plan.column_of[wire.target]], below)]
        for stop_left, stop_right, height in stops:
            if stop_right <= at:
                path += _curve(at, y, stop_right, height)
            path += f" H{stop_left:.1f}"
            at, y = stop_left, height
    else:
        y = under
    edge = plan.columns[plan.column_of[wire.target]][0]
    return path + f" H{edge:.1f} C{edge - 2 * TURN:.1f} {y:.1f} {edge - 2 * TURN:.1f} {end[1]:.1f} {edge:.1f} {end[1]:.1f} H{end[0]:.1f}"


def _curve(x: float, y: float, to_x: float, to_y: float) -> str:
    if abs(y - to_y) < 0.05:
        return f" H{to_x:.1f}"
    middle = (x + to_x) / 2
    return f" C{middle:.1f} {y:.1f} {middle:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}"


def colour_of(carried: str) -> str:
    """The colour of a data type."""
    return CONTROL if carried == "control" else AUDIO if carried.startswith("Audio") else _of(carried, OTHERS)


def _of(word: str, colours: tuple[str, ...]) -> str:
    """One of the colours, always the same one for the same word."""
    return colours[zlib.crc32(word.encode()) % len(colours)]
