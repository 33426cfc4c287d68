"""The installed LV2 plugins, read with liblilv, the library that LV2 hosts use to find and load plugins.

Debian 12 has no Python bindings of it, and ``lv2info`` prints neither units nor scale points; a few of its functions
called by ctypes are all that is needed, and the library comes with every host.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace
from typing import Any

_LV2 = "http://lv2plug.in/ns/lv2core#"
_UNITS = "http://lv2plug.in/ns/extensions/units#"
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_COMMENT = "http://www.w3.org/2000/01/rdf-schema#comment"
_PRESET = "http://lv2plug.in/ns/ext/presets#Preset"
_MIDI = "http://lv2plug.in/ns/ext/midi#MidiEvent"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_CLASSES = ("InputPort", "OutputPort", "ControlPort", "AudioPort", "CVPort")
_PROPERTIES = ("toggled", "integer", "enumeration", "sampleRate")

_UNIT_SYMBOLS = {"hz": "Hz", "khz": "kHz", "mhz": "MHz", "db": "dB", "pc": "%", "coef": "", "degree": "°", "semitone12TET": "semitones"}
"""Where LV2's specifications, which say these too, are not installed (they come with its headers)."""


@dataclass(frozen=True, slots=True)
class Port:
    """A port of a plugin, as its author declared it.

    Attributes
    ----------
    classes : of ``InputPort``, ``OutputPort``, ``ControlPort``, ``AudioPort``, ``CVPort``, and ``MIDI`` for event ports that take MIDI.
    properties : of ``toggled``, ``integer``, ``enumeration``, ``sampleRate`` (the range is in multiples of the sample rate).
    points : named values, by value.
    """

    symbol: str
    name: str
    classes: frozenset[str]
    properties: frozenset[str]
    default: float | None
    minimum: float | None
    maximum: float | None
    unit: str
    points: tuple[tuple[float, str], ...]
    doc: str


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plugin: its `presets` are pairs of label and URI."""

    uri: str
    name: str
    category: str
    author: str
    doc: str
    ports: tuple[Port, ...]
    presets: tuple[tuple[str, str], ...]


class World:
    """The LV2 plugins of this machine: those in LV2_PATH, or in the usual directories.

    ``OSError`` where the library is not installed. Safe to use from several threads, which lilv itself is not.
    """

    def __init__(self) -> None:
        self._lilv = _library()
        self._lock = threading.Lock()

    @cached_property
    def _world(self) -> Any:
        world = self._lilv.world_new()
        self._lilv.world_load_all(world)
        return world

    @cached_property
    def _plugins(self) -> dict[str, Any]:
        every = self._lilv.world_get_all_plugins(self._world)
        found = {self._text(self._lilv.plugin_get_uri(plugin)): plugin for plugin in self._each("plugins", every)}
        return dict(sorted(found.items()))

    def uris(self) -> tuple[str, ...]:
        """The URIs of all plugins, sorted."""
        with self._lock:
            return tuple(self._plugins)

    def names(self) -> dict[str, str]:
        """The name of each plugin, by URI."""
        with self._lock:
            return {uri: self._own_text(self._lilv.plugin_get_name(handle)) for uri, handle in self._plugins.items()}

    def plugin(self, uri: str) -> Plugin:
        """The full description of one plugin; ``KeyError`` if it is not installed."""
        with self._lock:
            handle = self._plugins[uri]
            lilv = self._lilv
            count = lilv.plugin_get_num_ports(handle)
            return Plugin(
                uri,
                self._own_text(lilv.plugin_get_name(handle)) or uri,
                self._category(handle),
                self._own_text(lilv.plugin_get_author_name(handle)),
                self._first(lilv.plugin_get_value(handle, self._uri(_COMMENT))),
                tuple(self._port(handle, lilv.plugin_get_port_by_index(handle, index)) for index in range(count)),
                tuple(self._presets(handle)),
            )

    def _port(self, plugin: Any, port: Any) -> Port:
        lilv = self._lilv
        classes = {name for name in _CLASSES if lilv.port_is_a(plugin, port, self._uri(_LV2 + name))}
        if lilv.port_supports_event(plugin, port, self._uri(_MIDI)):
            classes.add("MIDI")
        default, minimum, maximum = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_void_p()
        lilv.port_get_range(plugin, port, ctypes.byref(default), ctypes.byref(minimum), ctypes.byref(maximum))
        return Port(
            self._text(lilv.port_get_symbol(plugin, port)),
            self._own_text(lilv.port_get_name(plugin, port)),
            frozenset(classes),
            frozenset(name for name in _PROPERTIES if lilv.port_has_property(plugin, port, self._uri(_LV2 + name))),
            self._own_number(default), self._own_number(minimum), self._own_number(maximum),
            self._unit(plugin, port),
            tuple(sorted(self._points(plugin, port))),
            self._first(lilv.port_get_value(plugin, port, self._uri(_COMMENT))),
        )  # fmt: skip

    def _category(self, plugin: Any) -> str:
        """``Reverb`` of lv2:ReverbPlugin: the name of its class, as LV2's own labels are often not installed."""
        classes = self._lilv.plugin_get_value(plugin, self._uri(_TYPE))
        names = [self._text(kind).removeprefix(_LV2).removesuffix("Plugin") for kind in self._each("nodes", classes)]
        if classes:
            self._lilv.nodes_free(classes)
        return next((name for name in names if name and ":" not in name), "")

    def _unit(self, plugin: Any, port: Any) -> str:
        """The unit's symbol, of LV2's own units or one the plugin defines."""
        lilv = self._lilv
        units = lilv.port_get_value(plugin, port, self._uri(_UNITS + "unit"))
        if not units:
            return ""
        try:
            unit = lilv.nodes_get_first(units)
            symbol = lilv.world_get(self._world, unit, self._uri(_UNITS + "symbol"), None)
            name = self._text(unit).rpartition("#")[2]
            return self._own_text(symbol) or _UNIT_SYMBOLS.get(name, name)
        finally:
            lilv.nodes_free(units)

    def _points(self, plugin: Any, port: Any) -> Iterator[tuple[float, str]]:
        points = self._lilv.port_get_scale_points(plugin, port)
        for point in self._each("scale_points", points):
            value = self._lilv.scale_point_get_value(point)
            yield _short(self._lilv.node_as_float(value)), self._text(self._lilv.scale_point_get_label(point))
        if points:
            self._lilv.scale_points_free(points)

    def _presets(self, plugin: Any) -> Iterator[tuple[str, str]]:
        lilv = self._lilv
        presets = lilv.plugin_get_related(plugin, self._uri(_PRESET))
        for preset in self._each("nodes", presets):
            lilv.world_load_resource(self._world, preset)
            uri = self._text(preset)
            yield self._own_text(lilv.world_get(self._world, preset, self._uri(_LABEL), None)) or uri, uri
        if presets:
            lilv.nodes_free(presets)

    # -- lilv's collections and nodes

    def _each(self, kind: str, items: Any) -> Iterator[Any]:
        if not items:
            return
        begin, end = getattr(self._lilv, f"{kind}_begin"), getattr(self._lilv, f"{kind}_is_end")
        get, after = getattr(self._lilv, f"{kind}_get"), getattr(self._lilv, f"{kind}_next")
        place = begin(items)
        while not end(items, place):
            yield get(items, place)
            place = after(items, place)

    def _uri(self, uri: str) -> Any:
        node = self._nodes.get(uri)
        if node is None:
            node = self._nodes[uri] = self._lilv.new_uri(self._world, uri.encode())
        return node

    @cached_property
    def _nodes(self) -> dict[str, Any]:
        return {}

    def _text(self, node: Any) -> str:
        text: bytes | None = self._lilv.node_as_string(node) if node else None
        return text.decode(errors="replace") if text else ""

    def _own_text(self, node: Any) -> str:
        text = self._text(node)
        self._lilv.node_free(node)
        return text

    def _own_number(self, node: ctypes.c_void_p) -> float | None:
        if not node.value:
            return None
        number = None
        if self._lilv.node_is_float(node) or self._lilv.node_is_int(node):
            number = _short(self._lilv.node_as_float(node))
        self._lilv.node_free(node)
        return number

    def _first(self, nodes: Any) -> str:
        text = self._text(self._lilv.nodes_get_first(nodes)) if nodes else ""
        if nodes:
            self._lilv.nodes_free(nodes)
        return text.strip()


def _short(number: float) -> float:
    """A float of 32 bits as its author wrote it: 0.27, not 0.27000001072883606."""
    return float(f"{number:.7g}")


def _library() -> SimpleNamespace:
    path = ctypes.util.find_library("lilv-0")
    if path is None:
        raise OSError("liblilv is not installed")
    library = ctypes.CDLL(path)
    pointer, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint32
    signatures: dict[str, tuple[Any, ...]] = {
        "world_new": (pointer,),
        "world_load_all": (None, pointer),
        "world_get_all_plugins": (pointer, pointer),
        "world_load_resource": (ctypes.c_int, pointer, pointer),
        "world_get": (pointer, pointer, pointer, pointer, pointer),
        "new_uri": (pointer, pointer, text),
        "node_as_string": (text, pointer),
        "node_as_float": (ctypes.c_float, pointer),
        "node_is_float": (ctypes.c_bool, pointer),
        "node_is_int": (ctypes.c_bool, pointer),
        "node_free": (None, pointer),
        "nodes_get_first": (pointer, pointer),
        "nodes_free": (None, pointer),
        "plugin_get_uri": (pointer, pointer),
        "plugin_get_name": (pointer, pointer),
        "plugin_get_author_name": (pointer, pointer),
        "plugin_get_value": (pointer, pointer, pointer),
        "plugin_get_related": (pointer, pointer, pointer),
        "plugin_get_num_ports": (number, pointer),
        "plugin_get_port_by_index": (pointer, pointer, number),
        "port_is_a": (ctypes.c_bool, pointer, pointer, pointer),
        "port_supports_event": (ctypes.c_bool, pointer, pointer, pointer),
        "port_has_property": (ctypes.c_bool, pointer, pointer, pointer),
        "port_get_symbol": (pointer, pointer, pointer),
        "port_get_name": (pointer, pointer, pointer),
        "port_get_value": (pointer, pointer, pointer, pointer),
        "port_get_range": (None, pointer, pointer, pointer, pointer, pointer),
        "port_get_scale_points": (pointer, pointer, pointer),
        "scale_point_get_value": (pointer, pointer),
        "scale_point_get_label": (pointer, pointer),
        "scale_points_free": (None, pointer),
    }
    for kind in ("plugins", "nodes", "scale_points"):
        signatures[f"{kind}_begin"] = (pointer, pointer)
        signatures[f"{kind}_get"] = (pointer, pointer, pointer)
        signatures[f"{kind}_next"] = (pointer, pointer, pointer)
        signatures[f"{kind}_is_end"] = (ctypes.c_bool, pointer, pointer)
    functions = SimpleNamespace()
    for name, (result, *arguments) in signatures.items():
        function = getattr(library, f"lilv_{name}")
        function.restype, function.argtypes = result, arguments
        setattr(functions, name, function)
    return functions
