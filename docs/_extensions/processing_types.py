"""The reference of the processing types: one page for each category, generated from the declarations of the types."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from ipyclam_core.parameters import ParameterSpec
from ipyclam_core.pictures import type_diagram
from ipyclam_core.proxy import ControlSpec, PortSpec, TypeSpec
from ipyclam_core.registry import engines

# Engines with a fixed set of types. Those of the others depend on the servers and plugins of the machine.
ENGINES = ("clam", "dummy")


def pages(root: Path) -> dict[str, str]:
    """An index, and one page for each category of each engine."""
    made = {}
    index = ["# Processing types", ""]
    for engine in ENGINES:
        proxy = engines.load(engine).create()
        types = sorted(proxy.types().values(), key=lambda spec: (spec.category, spec.name.lower()))
        proxy.close()
        index += [f"## The `{engine}` engine", "", "```{toctree}", ":maxdepth: 1", ""]
        for category, specs in groupby(types, key=lambda spec: spec.category or "Others"):
            path = f"{engine}_{re.sub(r'[^a-z0-9]+', '_', category.lower())}"
            made[f"types/{path}.md"] = "\n".join([f"# {category}", "", *(line for spec in specs for line in page(spec))])
            index.append(path)
        index += ["```", ""]
    return {"types/index.md": "\n".join(index), **made}


def page(spec: TypeSpec) -> Iterator[str]:
    """The text of one type, and tables of its connectors and parameters."""
    yield from [f"## {spec.name}", "", *plain(spec.doc), ""]
    if spec.inports or spec.outports or spec.incontrols or spec.outcontrols:
        yield from ["```{raw} html", *type_diagram.svg(spec).splitlines(), "```", ""]
    ports = ("name", "data type", "description")
    yield from table("In ports", ports, map(port_row, spec.inports))
    yield from table("Out ports", ports, map(port_row, spec.outports))
    controls = ("name", "type", "range", "default", "description")
    yield from table("In controls", controls, map(control_row, spec.incontrols))
    yield from table("Out controls", controls, map(control_row, spec.outcontrols))
    parameters = ("name", "type", "default", "range or choices", "description")
    yield from table("Configuration", parameters, map(parameter_row, flat(spec.parameters)))


def plain(doc: str) -> list[str]:
    """A docstring as text. Its underlined titles become bold, so that they do not become headings of the page."""
    text = re.sub(r"^(.+)\n-{3,}$", r"**\1**\n", doc.strip(), flags=re.MULTILINE)
    return re.sub(r"``(.+?)``", r"`\1`", text).splitlines()


def table(title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    lines = ["| " + " | ".join(cell(value) for value in row) + " |" for row in rows]
    if not lines:
        return []
    return [f"**{title}**", "", "| " + " | ".join(head) + " |", "|" + "---|" * len(head), *lines, ""]


def cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")


def many(spec: PortSpec | ControlSpec) -> str:
    return f"`{spec.name}`" + (f" (one for each of `{spec.count}`)" if spec.count else "")


def port_row(spec: PortSpec) -> tuple[object, ...]:
    return many(spec), spec.type, spec.doc


def control_row(spec: ControlSpec) -> tuple[object, ...]:
    return many(spec), spec.type, bounds(spec.minimum, spec.maximum), f"{spec.default:g} {spec.unit}", spec.doc


def bounds(minimum: float | None, maximum: float | None) -> str:
    if minimum is None and maximum is None:
        return ""
    return f"{'' if minimum is None else format(minimum, 'g')} to {'' if maximum is None else format(maximum, 'g')}".strip()


def flat(parameters: Iterable[ParameterSpec], prefix: str = "") -> Iterator[ParameterSpec]:
    """All parameters; those of nested configurations are named by their path."""
    for parameter in parameters:
        named = replace(parameter, name=prefix + parameter.name)
        yield from flat(parameter.fields, f"{named.name}.") if parameter.type == "config" else (named,)


def parameter_row(spec: ParameterSpec) -> tuple[object, ...]:
    takes = ", ".join(f"`{choice}`" for choice in spec.choices) or bounds(spec.minimum, spec.maximum)
    return f"`{spec.name}`", spec.type, f"`{spec.default!r}` {spec.unit}", takes, spec.doc
