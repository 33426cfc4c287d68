"""Networks and types as text for a terminal, with colours where it has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.core.page import page

from ipyclam_core.frontend import names
from ipyclam_core.frontend.levels import volume_in_words
from ipyclam_core.frontend.network import Network
from ipyclam_core.frontend.processing_types import ProcessingType
from ipyclam_core.proxy import ControlSpec, NetworkProxy, ProcessingState, Wire
from ipyclam_core.system.display import escaped, number
from ipyclam_core.variables import variable_of

from .folding import Family, Link, bundles, families, ranges, varied
from .interactive import in_notebook, is_interactive
from .wrapping import columns, wrapped

if TYPE_CHECKING:
    from rich.text import Text

Styled = tuple[str, str]
"""Text, and the style rich draws it in."""

Line = Sequence[Styled]

_WIDEST = 96
"""Characters of a row of types."""


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
        print(wrapped(text, columns()), end="")


def drawn_tree(network: Network, engine: NetworkProxy, width: int, only: Sequence[str] = (), unfold: bool = False) -> Iterator[Line]:
    """Every processing (or those in `only`) with its changed parameters, its values set by hand and its wires.

    Those that are alike share a row unless `unfold`. Rows of more than `width` characters are broken between words.
    """
    states = dict(engine.processings())  # other threads may change it meanwhile
    wires = list(engine.wires())
    chosen = [states[name] for name in only] or list(states.values())
    if not only:
        yield title(engine, network.state, len(states), len(wires))
    by_source: dict[str, list[Wire]] = {}
    by_target: dict[str, list[Wire]] = {}
    for wire in wires:
        by_source.setdefault(wire.source, []).append(wire)
        by_target.setdefault(wire.target, []).append(wire)
    shown = [[state] for state in chosen] if only or unfold else list(families(chosen, by_source))
    for place, family in enumerate(shown):
        last = place == len(shown) - 1
        lead, below = ("", "") if only else ("└─ ", "   ") if last else ("├─ ", "│  ")
        yield from _broken([(lead, "dim")], [*_head(family), *trouble(family[0])], below, width)
        leaving = (Link(w.kind, w.source_connector, w.target, w.target_connector) for s in family for w in by_source.get(s.name, ()))
        arriving = (Link(w.kind, w.target_connector, w.source, w.source_connector) for s in family for w in by_target.get(s.name, ()))
        details = [*settings(family), *_wires(leaving, ("──▶", "┄┄▶"), len(family), unfold)]
        if only:
            details += _wires(arriving, ("◀──", "◀┄┄"), len(family), unfold)
        for detail in details:
            yield from _broken([(below + "   ", "dim")], detail, below + " " * 6, width)


def title(engine: NetworkProxy, state: str, processings: int, wires: int) -> Line:
    """The row above a network."""
    info = engine.info()
    facts = f"  {engine.engine}, {state}, {contents(processings, wires)}{volume_in_words(info.volume)}"
    return [(info.title or variable_of(engine), "bold"), (facts, "dim")]


def contents(processings: int, wires: int) -> str:
    """``2 processings, 1 wire``"""
    return ", ".join(f"{count} {what}{'' if count == 1 else 's'}" for count, what in ((processings, "processing"), (wires, "wire")))


def trouble(state: ProcessingState) -> Iterator[Styled]:
    """Why a processing cannot play."""
    if state.placeholder:
        yield ("  placeholder", "yellow")
    if state.problem:
        yield (f"  {state.problem}", "red")


def name_and_type(family: Family) -> tuple[str, str]:
    """``osc`` and ``Saw``, or ``osc1 ... osc50`` and ``50 Saw``."""
    type_ = family[0].spec.name
    return ranges([state.name for state in family]), type_ if len(family) == 1 else f"{len(family)} {type_}"


def settings(family: Family) -> Iterator[Line]:
    """The parameters that are not as by default, and the controls that were set by hand."""
    members = [state.name for state in family]
    configs = [dict(_flat(state.config)) for state in family]
    defaults = [dict(_flat(state.spec.defaults)) for state in family]
    units = {parameter.name: parameter.unit for parameter in family[0].spec.parameters}
    for path in configs[0]:
        values = [config.get(path) for config in configs]
        usual = [default.get(path) for default in defaults]
        if values != usual:
            unit = units.get(path, "")
            yield [(f"{path} = {varied(_apart(values, usual), members)}{' ' if unit else ''}{unit}", "")]
    set_by_hand = dict.fromkeys(name for state in family for name in state.controls)
    for name in set_by_hand:
        yield [(f"{name} ← {varied([_control(state, name) for state in family], members)}", "magenta")]


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
        for row in _columns([str(member) for member in members], min(_WIDEST, columns() or _WIDEST)):
            yield [("  " + row, "cyan")]
    yield [(f"{len(found)} types. To search: %types TEXT. For help: net.types.NAME?", "dim")]


def _text(line: Line) -> Text:
    from rich.text import Text

    return Text.assemble(*((escaped(text), style) for text, style in line))


def _head(family: Family) -> Line:
    name, type_ = name_and_type(family)
    return [(name, "bold cyan"), (f"  {type_}" if len(family) == 1 else f"  ({type_})", "green")]


def _flat(config: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """The values of a configuration, of nested ones too, by their paths."""
    for name, value in config.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{path}{name}.")
        else:
            yield path + name, value


def _apart(values: Sequence[Any], usual: Sequence[Any]) -> list[str]:
    """Values as a person reads them; in full where they would look like the default that they are not."""
    texts = [(_value(value), value, default) for value, default in zip(values, usual, strict=True)]
    return [repr(value) if value != default and text == _value(default) else text for text, value, default in texts]


def _value(value: Any) -> str:
    """A value of a parameter, its numbers rounded."""
    if isinstance(value, float):
        return number(value)
    if isinstance(value, tuple):
        return f"({', '.join(map(_value, value))}{',' if len(value) == 1 else ''})"
    return f"[{', '.join(map(_value, value))}]" if isinstance(value, list) else repr(value)


def _control(state: ProcessingState, name: str) -> str:
    """The value of a control: as set by hand, or else as it begins."""
    spec = state.connectors.find("Control", "In", name)
    return number(state.controls.get(name, spec.default if isinstance(spec, ControlSpec) else 0.0))


def _wires(links: Iterable[Link], arrows: tuple[str, str], members: int, unfold: bool) -> Iterator[Line]:
    """The wires of a processing or a family, by its own connector; those between like connectors share a row."""
    for wires in bundles(list(links), members, unfold):
        arrow = f" {arrows[wires.kind == 'Control']} "
        yield [(ranges(wires.own), ""), (arrow, "yellow"), (ranges(wires.others), "cyan"), (access(wires.theirs), ""), (wires.note, "dim")]


def access(connectors: Sequence[str]) -> str:
    """Connectors behind the name of their processing: ``.Pitch``, ``["Input 1"] ... ["Input 4"]``."""
    return ranges(connectors, lambda name: names.access("Connectors", name))


def _broken(lead: Line, pieces: Line, below: str, width: int) -> Iterator[Line]:
    """A row, broken between words where it is longer than `width`; the rows after the first begin with `below`."""
    if sum(len(text) for text, _ in (*lead, *pieces)) <= width:
        yield [*lead, *pieces]
        return
    row, taken, begun = list(lead), sum(len(text) for text, _ in lead), False
    for text, style in pieces:
        for word in re.findall(r"\s*\S+|\s+$", text):
            if begun and taken + len(word) > width:
                yield row
                row, taken, word = [(below, "dim")], len(below), word.lstrip()
            row.append((word, style))
            taken, begun = taken + len(word), True
    yield row


def _signature(type_: ProcessingType) -> str:
    """``Input, Gain → Output``"""
    into = [*(port.name for port in type_.inports), *(control.name for control in type_.incontrols)]
    out = [*(port.name for port in type_.outports), *(control.name for control in type_.outcontrols)]
    return f"{', '.join(into) or '·'} → {', '.join(out) or '·'}"


def _first_sentence(text: str) -> str:
    return " ".join(text.strip().split("\n\n")[0].split()).partition(". ")[0].rstrip(".")


def _columns(words: Sequence[str], width: int) -> Iterator[str]:
    """Words in columns of one width, read across, in rows of `width` characters with their indent and a gap."""
    wide = max(map(len, words)) + 2
    count = max(1, width // wide)
    for begin in range(0, len(words), count):
        yield "".join(word.ljust(wide) for word in words[begin : begin + count]).rstrip()
