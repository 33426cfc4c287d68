"""The reference of the processing types, generated from their declarations: a page for each, and one for each category."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

import patches
import sources
import type_tables
from markdown_tables import table

from ipyclam_core.declare.code import code_of
from ipyclam_core.declare.declaration import Declaration, catalog
from ipyclam_core.declare.rehearsal import counts_of
from ipyclam_core.errors import DefinitionError
from ipyclam_core.pictures import type_diagram
from ipyclam_core.proxy import TypeSpec
from ipyclam_core.registry import engines

# Engines with a fixed set of types, and what the index says of them. Those of the others depend on the servers and plugins of the machine.
ENGINES = {
    "clam": "The audio engine of ipyclam. Every page has a sound, which is the output of the example on the page.",
    "dummy": "An engine without sound, for tests and for learning the console.",
}
SOUNDING = "clam"
OURS = "ipyclam's own"
"""The title of the category that is called ipyclam."""
MOST_RELATED = 6
SOUNDS = "../../../sounds"
"""From the page of a type to the sounds."""


@dataclass(frozen=True)
class Type:
    """A type, and what its page needs of its engine."""

    engine: str
    spec: TypeSpec

    @property
    def category(self) -> str:
        """The title of its category."""
        title = self.spec.category.removeprefix("[plugin] ")
        title = OURS if title == "ipyclam" else title or "Others"
        return title if self.engine == SOUNDING else f"{title} ({self.engine} engine)"

    @cached_property
    def declaration(self) -> Declaration | None:
        return catalog[self.spec.name] if self.engine == SOUNDING else None

    @cached_property
    def counts(self) -> Mapping[str, Any]:
        """The numbers of connectors that no parameter gives, in the default configuration; none for those that a file gives."""
        if self.declaration is None or not self.declaration.has_ports:
            return {}
        with contextlib.suppress(DefinitionError):
            return counts_of(self.declaration, self.spec.defaults)
        return {}

    @property
    def words(self) -> set[str]:
        """The words that it has in common with related types."""
        return {*self.spec.synonyms, *re.findall(r"[A-Z][a-z]{3,}", self.spec.name), self.spec.category}


def pages(root: Path) -> dict[str, str]:
    """An index, a page for each category of each engine, and one for each type."""
    made = {}
    index = ["# Processing types", "", "`%types` lists them in the console, and `%types low pass` searches for words.", ""]
    for engine, words in ENGINES.items():
        types = types_of(engine)
        index += [f"## The `{engine}` engine", "", words, ""]
        paths, rows = [], []
        for title, several in groupby(types, key=lambda each: each.category):
            members = list(several)
            path = re.sub(r"[^a-z0-9]+", "_", f"{engine} {title.lower()}".replace(f" ({engine} engine)", "")).strip("_")
            made[f"types/{path}.md"] = "\n".join(category(title, members))
            made |= {f"types/{engine}/{each.spec.name}.md": "\n".join(page(each, types)) for each in members}
            paths.append(path)
            rows.append((f"[{title}]({path}.md)", ", ".join(f"[{each.spec.name}]({engine}/{each.spec.name}.md)" for each in members)))
        index += [*table(("Category", "Types"), rows), "```{toctree}", ":hidden:", ":maxdepth: 1", "", *paths, "```", ""]
    return {"types/index.md": "\n".join(index), **made}


def types_of(engine: str) -> list[Type]:
    """The types of an engine, by category and name."""
    proxy = engines.load(engine).create()
    types = [Type(engine, spec) for spec in proxy.types().values()]
    proxy.close()
    return sorted(types, key=lambda each: (each.category.lower(), each.spec.name.lower()))


def category(title: str, types: list[Type]) -> Iterator[str]:
    """A table of the types, with their sounds."""
    engine = types[0].engine
    yield from [f"# {title}", ""]
    rows = [
        (
            f"[{each.spec.name}]({engine}/{each.spec.name}.md)",
            summary(each.spec),
            ", ".join(each.spec.synonyms),
            player(f"../../sounds/{each.spec.name}.mp3", each.spec.name) if engine == SOUNDING else "",
        )
        for each in types
    ]
    yield from table(("Type", "Use", "Also known as", "Sound"), rows)
    yield from ["```{toctree}", ":hidden:", ":maxdepth: 1", "", *(f"{engine}/{each.spec.name}" for each in types), "```", ""]


def page(type_: Type, types: list[Type]) -> Iterator[str]:
    """The page of one type."""
    spec = type_.spec
    yield from [f"# {spec.name}", "", *linked(plain(spec.doc), type_, types), ""]
    if spec.synonyms:
        yield from [f"Also known as: {', '.join(spec.synonyms)}.", ""]
    if spec.inports or spec.outports or spec.incontrols or spec.outcontrols:
        yield from ["```{raw} html", f'<div class="type-diagram">{type_diagram.svg(spec, type_.counts).strip()}</div>', "```", ""]
    if type_.engine == SOUNDING:
        yield from sound(spec)
    yield from type_tables.tables(spec, type_.counts)
    if type_.declaration is not None and (code := code_of(type_.declaration)):
        yield from folded("Code of the signal processing", code)
    if type_.declaration is not None and type_.declaration.source:
        yield from ["## Reference", "", f"{type_.declaration.source}.".replace("..", "."), ""]
    if near := related(type_, types):
        yield from ["## Related types", "", *(f"- [{each.spec.name}]({each.spec.name}.md): {summary(each.spec)}" for each in near), ""]


def sound(spec: TypeSpec) -> Iterator[str]:
    """What the example of a type plays, and its code."""
    example = patches.example(spec)
    given = f'soundfile.read("{example.source}.flac", dtype="float32")[0]'
    render = f"inputs={example.source}" if example.source else f"seconds={sources.SECONDS:g}"
    yield from ["## Sound", "", html(player(f"{SOUNDS}/{spec.name}.mp3", spec.name))]
    yield from [html(f'<img class="sound" src="{SOUNDS}/{spec.name}.svg" alt="Waveform and spectrogram of this sound">')]
    yield from ["It is the output of this network:", "", "```python", "from ipyclam_core import Network"]
    yield from ["import soundfile"] if example.source else []
    yield from ["", 'net = Network("clam")', example.code]
    yield from [f"{example.source} = {given}"] if example.source else []
    yield from [f"sound = net.render({render})", "```", ""]
    files = [example.source] if example.source else re.findall(r'"(\w+)\.flac"', example.code)
    for name in files:
        yield from [f"The input is `{name}.flac`:", "", html(player(f"{SOUNDS}/{name}.flac", f"{name}.flac"))]


def player(path: str, title: str) -> str:
    return f'<audio controls preload="none" src="{path}" title="{title}"></audio>'


def html(text: str) -> str:
    return f"```{{raw}} html\n{text}\n```\n"


def folded(title: str, code: str) -> list[str]:
    """Code that a click shows."""
    return [
        f"## {title}", "", html("<details><summary>Show the code</summary>"), "```python", code, "```", "", html("</details>"),
    ]  # fmt: skip


def plain(doc: str) -> str:
    """A docstring as text. Its underlined titles become bold, so that they do not become headings of the page."""
    text = re.sub(r"^(.+)\n-{3,}$", r"**\1**\n", doc.strip(), flags=re.MULTILINE)
    return re.sub(r"``(.+?)``", r"`\1`", text)


def summary(spec: TypeSpec) -> str:
    """The first paragraph of its docstring."""
    return plain(spec.doc).partition("\n\n")[0].replace("\n", " ")


def linked(text: str, type_: Type, types: list[Type]) -> list[str]:
    """The names of other types become links."""
    names = {each.spec.name for each in types} - {type_.spec.name}
    own = {each.name for each in (*type_.spec.inports, *type_.spec.outports, *type_.spec.incontrols, *type_.spec.outcontrols)}
    own |= set(type_.spec.config)
    return re.sub(r"`(\w+)`", lambda found: f"[{found[0]}]({found[1]}.md)" if found[1] in names - own else found[0], text).splitlines()


def related(type_: Type, types: list[Type]) -> list[Type]:
    """The types that have most words in common with it, and those that the docstrings name together."""
    ranked = []
    for other in types:
        named = re.search(rf"`{other.spec.name}`", type_.spec.doc) or re.search(rf"`{type_.spec.name}`", other.spec.doc)
        if other.spec.name != type_.spec.name and (score := len(type_.words & other.words) + (4 if named else 0)):
            ranked.append((-score, other.spec.name.lower(), other))
    return [other for _, _, other in sorted(ranked, key=lambda each: each[:2])[:MOST_RELATED]]
