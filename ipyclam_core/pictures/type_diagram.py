"""Diagrams of processing types: a box with connectors, as SVG for pages and as text for ``?``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from types import MappingProxyType
from typing import Any

from ..proxy import ConnectorSpec, ProcessingState, TypeSpec
from .boxes import box
from .network import FONT, drawn

MANY = 16
"""Maximum connectors on a side, in text."""


def svg(spec: TypeSpec, counts: Mapping[str, Any] = MappingProxyType({})) -> str:
    """The SVG diagram of a type in its default configuration; `counts` are numbers of connectors that no parameter gives."""
    config = spec.defaults
    shape = box(ProcessingState(spec.name, spec, spec.connectors({**config, **counts}), config))
    shape.type = spec.category
    shape.x, shape.y = 10, 6
    width, height = shape.width + 20, shape.height + 12
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}" {FONT}>'
    )
    return "\n".join([head, *drawn(shape), "</svg>"]) + "\n"


def text(spec: TypeSpec) -> str:
    """The diagram in characters; empty for a type without connectors.

    >>> from ipyclam_core.proxy import TypeSpec
    >>> print(text(TypeSpec("Gain", inports=["Input"], outports=["Output"], incontrols=["Factor"])))
               ┌──────┐
     Input ━━━━┫      ┣━━━━ Output
               │ Gain │
    Factor ┄┄┄┄┤      │
               └──────┘
    """
    connectors = spec.connectors(spec.defaults)
    left = _side(connectors.inports, connectors.incontrols)
    right = _side(connectors.outports, connectors.outcontrols)
    if not left and not right:
        return ""
    rows = list(zip_longest(left, right, fillvalue=("", False)))
    if len(rows) % 2 == 0:  # an odd number of rows, so that the name is in the middle
        rows.insert(len(rows) // 2, (("", False), ("", False)))
    wide = max((len(name) for name, _ in left), default=0)
    inner = len(spec.name) + 2
    lead = " " * (wide + (5 if left else 0))
    lines = [f"{lead}┌{'─' * inner}┐"]
    for k, ((into, port_in), (out, port_out)) in enumerate(rows):
        begin = f"{into:>{wide}} {'━━━━┫' if port_in else '┄┄┄┄┤'}" if into else f"{lead}│"
        end = f"{'┣━━━━' if port_out else '├┄┄┄┄'} {out}" if out else "│"
        lines.append(f"{begin}{f' {spec.name} ' if k == len(rows) // 2 else ' ' * inner}{end}")
    return "\n".join([*lines, f"{lead}└{'─' * inner}┘"])


def _side(ports: Sequence[ConnectorSpec], controls: Sequence[ConnectorSpec]) -> list[tuple[str, bool]]:
    """The connectors of a side: name, and whether it is a port."""
    every = [(spec.name, True) for spec in ports] + [(spec.name, False) for spec in controls]
    return every if len(every) <= MANY else [*every[: MANY - 1], (f"... {len(every) - MANY + 1} more", every[-1][1])]
