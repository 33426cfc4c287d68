"""Makes the network that a `.clamnetwork` file describes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from ..errors import ConnectionError_, ConnectionExists, FormatError, IpyclamError, NameError_
from ..history import RecordingProxy
from ..parameters import merge
from ..proxy import ConnectorId, Connectors, Direction, Kind, NetworkInfo, TypeSpec, Wire
from ._clam_document import Document, ProcessingEntry, WireEntry
from ._clam_names import SIDES, Ends, type_name, upgrade
from ._clam_placeholders import infer, placeholder
from ._clam_values import as_config, read_config

_Table = Mapping[tuple[Kind, Direction], Mapping[str, str]]
_NOTHING: Final[_Table] = {side: {} for side in SIDES}


def build(proxy: RecordingProxy, document: Document, path: str | os.PathLike[str]) -> list[str]:
    """Add what `document` says to the network behind `proxy`, which is empty; ``FormatError`` when it is refused.

    A type that the engine does not have becomes a placeholder. Wires that cannot be made are kept as waiting; why they
    could not be made is the answer, a line each.
    """
    builder = _Builder(proxy, document, path)
    for entry in document.processings:
        builder.add(entry)
    waiting: list[Wire] = []
    reasons: list[str] = []
    for wire in builder.wires:
        try:
            proxy.connect(wire)
        except ConnectionExists:
            continue  # said twice
        except (NameError_, ConnectionError_) as error:
            waiting.append(wire)
            reasons.append(f"{wire.source}.{wire.source_connector} > {wire.target}.{wire.target_connector} ({error})")
    waiting.sort(key=lambda wire: wire.kind == "Control")  # the order in which a file has them
    proxy.set_info(NetworkInfo(document.description, document.title, tuple(dict.fromkeys(waiting))))
    return reasons


class _Builder:
    """What can be known before anything is made: configurations, the ends of wires, the connectors of unknown types."""

    def __init__(self, proxy: RecordingProxy, document: Document, path: str | os.PathLike[str]) -> None:
        self._proxy, self._path = proxy, path
        self._types = proxy.types()
        self._specs: dict[str, TypeSpec] = {}
        self._changes: dict[str, dict[str, Any]] = {}
        self._tables: dict[str, _Table] = {}
        self._default_tables: dict[str, _Table] = {}
        for entry in document.processings:
            self._prepare(entry)
        ends = Ends((entry.name for entry in document.processings), self._has)
        self.wires = [self._wire(ends, wire) for wire in document.wires]
        self._infer([entry for entry in document.processings if entry.name not in self._specs])

    def add(self, entry: ProcessingEntry) -> None:
        changes = self._changes.get(entry.name)
        spec = self._specs[entry.name]
        try:
            self._proxy.add(entry.name, spec if changes is None else spec.name)
            if changes:
                self._proxy.configure(entry.name, changes)
            if entry.position is not None or entry.size is not None:
                self._proxy.place(entry.name, entry.position, entry.size)
        except IpyclamError as error:
            tag = getattr(error, "parameter", None)
            line = next((child.line for child in entry.element.children if child.tag == tag), entry.element.line)
            raise FormatError(self._path, line, str(error)) from error

    def _prepare(self, entry: ProcessingEntry) -> None:
        """Read the configuration of a known type, and see what connectors it gives."""
        spec = self._types.get(type_name(entry.type, self._types))
        if spec is None:
            return
        config = read_config(spec.parameters, entry.element, entry.name, self._path)
        defaults = spec.defaults
        changes = {name: value for name, value in config.items() if repr(value) != repr(defaults[name])}
        self._specs[entry.name], self._changes[entry.name] = spec, changes
        if changes:
            config = dict(merge(spec.parameters, defaults, changes, entry.name))
            self._tables[entry.name] = _table(spec.connectors(config))
        elif spec.name in self._default_tables:
            self._tables[entry.name] = self._default_tables[spec.name]
        else:
            self._tables[entry.name] = self._default_tables[spec.name] = _table(spec.connectors(defaults))

    def _wire(self, ends: Ends, entry: WireEntry) -> Wire:
        out = self._upgraded(ends.read(entry.out, entry.kind, "Out"))
        into = self._upgraded(ends.read(entry.into, entry.kind, "In"))
        return Wire(entry.kind, out.processing, out.name, into.processing, into.name)

    def _upgraded(self, end: ConnectorId) -> ConnectorId:
        spec = self._specs.get(end.processing)
        if spec is None or self._has(end):
            return end
        today = upgrade(end, spec.name)
        return today if self._has(today) else end

    def _has(self, end: ConnectorId) -> bool:
        return end.name in self._tables.get(end.processing, _NOTHING)[end.kind, end.direction]

    def _infer(self, unknown: list[ProcessingEntry]) -> None:
        """Make the types of placeholders."""
        names = {entry.name for entry in unknown}
        touching = [(wire.out_end, wire.in_end) for wire in self.wires if wire.source in names or wire.target in names]
        types = {
            end: self._tables[end.processing][end.kind, end.direction].get(end.name, "")
            for pair in touching for end in pair if end.processing in self._tables
        }  # fmt: skip
        found: dict[str, list[tuple[ConnectorId, str]]] = {name: [] for name in names}
        for end, type_ in infer(names, touching, types).items():
            found[end.processing].append((end, type_))
        for entry in unknown:
            self._specs[entry.name] = placeholder(entry.type, found[entry.name], as_config(replace(entry.element, attributes={})))


def _table(connectors: Connectors) -> _Table:
    """The types of connectors; of two of one name the first is meant, as in CLAM."""
    return {side: {spec.name: spec.type for spec in reversed(connectors.of(*side))} for side in SIDES}
