"""Networks and types as text for a terminal, with colours where it has them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.core.page import page

from ipyclam_core.frontend import names
from ipyclam_core.frontend.levels import volume_in_words
from ipyclam_core.frontend.network import Network
from ipyclam_core.frontend.processing_types import ProcessingType
from ipyclam_core.proxy import NetworkProxy, ProcessingState, Wire
from ipyclam_core.system.display import escaped

from .interactive import in_notebook, is_interactive

if TYPE_CHECKING:
    from rich.text import Text

Styled = tuple[str, str]
"""Text, and the style rich draws it in."""

Line = Sequence[Styled]


def show(shell: InteractiveShell, lines: Iterable[Line]) -> None:
    """Print lines, in colour in a terminal that has colours; page by page for a person, where they are more than it shows."""
    from rich.console import Console  # rich costs half of what IPython does

    console = Console(highlight=False, soft_wrap=True, force_jupyter=False, no_color=shell.colors.lower() == "nocolor")
    with console.capture() as captured:
        for line in lines:
            console.print(_text(line))
    text = captured.get()
    if is_interactive(shell) and not in_notebook(shell):
        page(text.rstrip("\n"))
    else:
        print(text, end="")


def drawn_tree(network: Network, engine: NetworkProxy, only: Sequence[str] = ()) -> Iterator[Line]:
    """Every processing (or those in `only`) with its changed parameters, its values set by hand and its wires."""
    states = engine.processings()
    wires = list(engine.wires())
    chosen = [states[name] for name in only] or list(states.values())
    if not only:
        yield title(engine, network.state, len(states), len(wires))
    by_source: dict[str, list[Wire]] = {}
    by_target: dict[str, list[Wire]] = {}
    for wire in wires:
        by_source.setdefault(wire.source, []).append(wire)
        by_target.setdefault(wire.target, []).append(wire)
    for place, state in enumerate(chosen):
        last = place == len(chosen) - 1
        lead, below = ("", "") if only else ("└─ ", "   ") if last else ("├─ ", "│  ")
        yield [(lead, "dim"), (state.name, "bold cyan"), (f"  {state.spec.name}", "green"), *trouble(state)]
        details = [*settings(state), *_wires(by_source.get(state.name, ()), by_target.get(state.name, ()) if only else ())]
        for detail in details:
            yield [(below + "   ", "dim"), *detail]


def title(engine: NetworkProxy, state: str, processings: int, wires: int) -> Line:
    """The row above a network."""
    info = engine.info()
    facts = f"  {engine.engine}, {state}, {contents(processings, wires)}{volume_in_words(info.volume)}"
    return [(info.title or "net", "bold"), (facts, "dim")]


def wrapped(text: str) -> str:
    """A text in lines of the terminal's width, which end between words."""
    import textwrap

    width = shutil.get_terminal_size((100, 40)).columns
    return textwrap.fill(text, max(width - 1, 20), break_long_words=False, break_on_hyphens=False)


def contents(processings: int, wires: int) -> str:
    """``2 processings, 1 wire``"""
    return ", ".join(f"{count} {what}{'' if count == 1 else 's'}" for count, what in ((processings, "processing"), (wires, "wire")))


def trouble(state: ProcessingState) -> Iterator[Styled]:
    """Why a processing cannot play."""
    if state.placeholder:
        yield ("  placeholder", "yellow")
    if state.problem:
        yield (f"  {state.problem}", "red")


def settings(state: ProcessingState) -> Iterator[Line]:
    """The parameters that are not as by default, and the controls that were set by hand."""
    changed = dict(_changed(state.config, state.spec.defaults))
    units = {parameter.name: parameter.unit for parameter in state.spec.parameters}
    for name, value in changed.items():
        yield [(f"{name} = {value!r}{' ' if units.get(name) else ''}{units.get(name, '')}", "")]
    for name, value in state.controls.items():
        yield [(f"{name} ← {value:g}", "magenta")]


def drawn_types(found: Sequence[ProcessingType], *, in_full: bool) -> Iterator[Line]:
    """Types under their categories; in full with connectors and description."""
    if in_full:
        for type_ in found:
            yield [(type_, "bold cyan"), (f"  {type_.category}", "green"), (f"  {_first_sentence(type_.doc)}", "")]
            yield [("    " + _signature(type_), "dim")]
        return
    ordered = sorted(found, key=lambda type_: type_.category or "~")
    for category, members in groupby(ordered, key=lambda type_: type_.category):
        yield [(category or "Others", "green")]
        for row in _columns([str(member) for member in members]):
            yield [("  " + row, "cyan")]
    yield [(f"{len(found)} types. To search: %types TEXT. For help: net.types.NAME?", "dim")]


def _text(line: Line) -> Text:
    from rich.text import Text

    return Text.assemble(*((escaped(text), style) for text, style in line))


def _changed(config: Mapping[str, Any], defaults: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in config.items():
        if isinstance(value, Mapping):
            yield from _changed(value, defaults.get(name, {}), f"{path}{name}.")
        elif value != defaults.get(name):
            yield path + name, value


def _wires(leaving: Sequence[Wire], arriving: Sequence[Wire]) -> Iterator[Line]:
    """Each wire that leaves; of those that arrive, where they come from."""
    for wire in leaving:
        arrow, there = " ──▶ " if wire.kind == "Port" else " ┄┄▶ ", names.access("Connectors", wire.target_connector)
        yield [(wire.source_connector, ""), (arrow, "yellow"), (wire.target, "cyan"), (there, "")]
    for wire in arriving:
        arrow, there = " ◀── " if wire.kind == "Port" else " ◀┄┄ ", names.access("Connectors", wire.source_connector)
        yield [(wire.target_connector, ""), (arrow, "yellow"), (wire.source, "cyan"), (there, "")]


def _signature(type_: ProcessingType) -> str:
    """``Input, Gain → Output``"""
    into = [*(port.name for port in type_.inports), *(control.name for control in type_.incontrols)]
    out = [*(port.name for port in type_.outports), *(control.name for control in type_.outcontrols)]
    return f"{', '.join(into) or '·'} → {', '.join(out) or '·'}"


def _first_sentence(text: str) -> str:
    return " ".join(text.strip().split("\n\n")[0].split()).partition(". ")[0].rstrip(".")


def _columns(words: Sequence[str], width: int = 96) -> Iterator[str]:
    """Words in columns of one width, read across."""
    wide = max(map(len, words)) + 2
    count = max(1, width // wide)
    for begin in range(0, len(words), count):
        yield "".join(word.ljust(wide) for word in words[begin : begin + count]).rstrip()
