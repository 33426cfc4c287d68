"""Hypothesis strategies: hostile names, configurations, and whole networks of the dummy engine."""

from __future__ import annotations

import keyword
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from ipyclam_core import Network, Placeholder
from ipyclam_core.errors import IpyclamError
from ipyclam_core.frontend import names
from ipyclam_core.parameters import ParameterSpec
from ipyclam_core.proxy import NetworkProxy, Wire

HOSTILE = (
    "two words", " ", "a.b", "a.", ".", "1", "12", "3rd", "-", "_", "__init__", "_proxy", "'", '"', "\"'", "\\", "\\n", "\n",
    "\t", "#", "ä", "ünïcödé", "ﬁ", "²", "🎹", "日本", "e\u0301", "\u200b", "\x00", "a" * 300, "net", "net.x", "{}", "%s",
    "</id>", "&amp;", "None", "True",
)  # fmt: skip

processing_names = st.one_of(
    st.sampled_from(HOSTILE),
    st.sampled_from(sorted(keyword.kwlist)),
    st.sampled_from(sorted(names.reserved("Network") | names.reserved("Processing"))),
    st.from_regex(r"[a-z]{1,3}", fullmatch=True),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=8),
)
"""Names that a processing can have: any text that can be written in UTF-8."""

words = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(codec="utf-8"), max_size=12))
"""Texts, for descriptions and str parameters."""

numbers = st.floats(allow_nan=False, allow_infinity=False)


def values(parameter: ParameterSpec, text: st.SearchStrategy[str] = words) -> st.SearchStrategy[Any]:
    """The values that a parameter takes."""
    low, high = parameter.minimum, parameter.maximum
    one: st.SearchStrategy[Any]
    if parameter.type == "config":
        one = st.fixed_dictionaries({}, optional={field.name: values(field, text) for field in parameter.fields})
    elif parameter.type == "enum":
        one = st.sampled_from(parameter.choices)
    elif parameter.type == "bool":
        one = st.booleans()
    elif parameter.type == "int":
        one = st.integers(int(low if low is not None else -1000), int(min(high if high is not None else 1000, (low or 0) + 5)))
    elif parameter.type == "float":
        one = st.floats(low, high, allow_nan=False, allow_infinity=False)
    elif parameter.type == "floats":
        one = st.lists(numbers, max_size=4).map(tuple)
    elif parameter.type == "ints":
        one = st.lists(st.integers(-1000, 1000), max_size=4).map(tuple)
    else:
        one = text
    return st.none() | one if parameter.optional else one


@st.composite
def networks(
    draw: st.DrawFn,
    processing_names: st.SearchStrategy[str] = processing_names,
    text: st.SearchStrategy[str] = words,
    placeholders: bool = True,
    new: Callable[[], Network] = lambda: Network("dummy"),
) -> Network:
    """A network: processings of any types, configured, placed, wired, with controls set by hand and a description.

    Parameters
    ----------
    processing_names, text : for formats that cannot hold every text.
    placeholders : whether some of the processings are of types the engine does not have.
    new : makes the empty network.
    """
    network = new()
    types = list(network.types)
    for name in draw(st.lists(processing_names, unique=True, max_size=6)):
        if placeholders and draw(st.integers(0, 5)) == 0:
            network[name] = draw(_placeholders(text))
        else:
            network[name] = draw(st.sampled_from(types))
            spec = network[name].type.spec
            network[name]._config = draw(st.fixed_dictionaries({}, optional={p.name: values(p, text) for p in spec.parameters}))
        if draw(st.booleans()):
            network[name]._position = draw(st.tuples(st.integers(-1000, 1000), st.integers(-1000, 1000)))
        if draw(st.booleans()):
            network[name]._size = draw(st.tuples(st.integers(1, 1000), st.integers(1, 1000)))
    candidates = _wires(network._proxy)
    for wire in draw(st.lists(st.sampled_from(candidates), max_size=6)) if candidates else ():
        try:
            network._proxy.connect(wire)
        except IpyclamError:
            continue  # of different types, or there already
    for processing in list(network):
        for control in network[processing]._incontrols:
            if draw(st.integers(0, 3)) == 0:
                control.value = draw(numbers)
    network.description = draw(text)
    return network


def _placeholders(text: st.SearchStrategy[str]) -> st.SearchStrategy[Placeholder]:
    connectors = st.lists(st.sampled_from(["In", "Out", "1", "two words", "config"]), unique=True, max_size=3)
    config = st.dictionaries(st.sampled_from(["Gain", "File", "name"]), st.integers(-9, 9) | numbers | text | st.booleans(), max_size=3)
    return st.builds(Placeholder, st.sampled_from(["Vocoder9000", "a type"]), connectors, connectors, connectors, connectors, config)


def _wires(proxy: NetworkProxy) -> list[Wire]:
    """Wires between connectors of one kind, some of which cannot be made."""
    states = proxy.processings().values()
    return [
        Wire("Port", one.name, out.name, other.name, into.name)
        for one in states for out in one.connectors.outports for other in states for into in other.connectors.inports
    ] + [
        Wire("Control", one.name, out.name, other.name, into.name)
        for one in states for out in one.connectors.outcontrols for other in states for into in other.connectors.incontrols
    ]  # fmt: skip
