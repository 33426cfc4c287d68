"""Builds the network described by a `.clamnetwork` file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..errors import ConnectionError_, ConnectionExists, FormatError, IpyclamError, NameError_
from ..frontend.history import RecordingProxy
from ..proxy import ConnectorId, NetworkInfo, TypeSpec, Wire
from ._clam_document import Document, ProcessingEntry, WireEntry
from ._clam_names import Ends, type_name
from ._clam_placeholders import infer, placeholder
from ._clam_upgrades import connector
from ._clam_values import as_config, read_config
from ._loading import LISTED


def build(proxy: RecordingProxy, document: Document, path: str | os.PathLike[str]) -> tuple[list[str], list[str]]:
    """Add the content of `document` to the empty network behind `proxy`. Raises ``FormatError`` for invalid content.

    A type that the engine lacks becomes a placeholder. Wires that cannot be connected are kept as waiting wires; returns the
    reasons, one for each, and the parameters that only older versions of CLAM had.
    """
    builder = _Builder(proxy, path)
    unknown = [(place, entry) for place, entry in enumerate(document.processings) if not builder.add_known(entry)]
    ends = Ends((entry.name for entry in document.processings), builder.has)
    wires = [builder.wire(ends, wire) for wire in document.wires]
    builder.add_unknown(unknown, wires)
    waiting: list[Wire] = []
    reasons: list[str] = []
    for wire in wires:
        try:
            proxy.connect(wire)
        except ConnectionExists:
            continue  # a duplicate in the file
        except (NameError_, ConnectionError_) as error:
            waiting.append(wire)
            told = len(reasons) < LISTED  # why the others wait is not looked for
            reasons.append(f"{wire.source}.{wire.source_connector} > {wire.target}.{wire.target_connector} ({error})" if told else "")
    waiting.sort(key=lambda wire: wire.kind == "Control")  # the order of the file
    proxy.set_info(NetworkInfo(document.description, document.title, tuple(dict.fromkeys(waiting))))
    return reasons, builder.dropped


class _Builder:
    """Adds processings. Known types are added first: their connectors tell the data types of the unknown ones."""

    def __init__(self, proxy: RecordingProxy, path: str | os.PathLike[str]) -> None:
        self._proxy, self._path = proxy, path
        self._types = proxy.types()
        self.dropped: list[str] = []

    def add_known(self, entry: ProcessingEntry) -> bool:
        """Add a processing if the engine has its type; returns whether it has."""
        spec = self._types.get(type_name(entry.type, self._types))
        if spec is None:
            return False
        config = read_config(spec.parameters, entry.element, entry.name, self._path, self.dropped)
        defaults = spec.defaults
        changes = {name: value for name, value in config.items() if repr(value) != repr(defaults[name])}
        every = any(parameter.sets_others and parameter.name in changes for parameter in spec.parameters)
        self._add(entry, spec.name, config if every else changes, None)
        return True

    def add_unknown(self, entries: list[tuple[int, ProcessingEntry]], wires: list[Wire]) -> None:
        """Add placeholders, each at its position in the order, with the connectors used by `wires`."""
        names = {entry.name for _, entry in entries}
        touching = [(wire.out_end, wire.in_end) for wire in wires if wire.source in names or wire.target in names]
        types = {end: self._type(end) for pair in touching for end in pair if end.processing not in names}
        found: dict[str, list[tuple[ConnectorId, str]]] = {name: [] for name in names}
        for end, type_ in infer(names, touching, types).items():
            found[end.processing].append((end, type_))
        for place, entry in entries:
            spec = placeholder(entry.type, found[entry.name], as_config(replace(entry.element, attributes={})))
            self._add(entry, spec, {}, place if place < len(self._proxy.processings()) else None)

    def has(self, end: ConnectorId) -> bool:
        """Whether the connector exists so far."""
        return self._type(end) != ""

    def wire(self, ends: Ends, entry: WireEntry) -> Wire:
        out = self._upgraded(ends.read(entry.out, entry.kind, "Out"))
        into = self._upgraded(ends.read(entry.into, entry.kind, "In"))
        for end in (out, into):
            if self._proxy.is_unseen(end.processing) and not self.has(end):
                self._proxy.assume(end)
        return Wire(entry.kind, out.processing, out.name, into.processing, into.name)

    def _upgraded(self, end: ConnectorId) -> ConnectorId:
        state = self._proxy.processings().get(end.processing)
        if state is None or self.has(end):
            return end
        today = connector(end, state.spec.name)
        return today if self.has(today) else end

    def _type(self, end: ConnectorId) -> str:
        """The data type of a connector; ``""`` if it does not exist."""
        state = self._proxy.processings().get(end.processing)
        spec = None if state is None else state.connectors.find(end.kind, end.direction, end.name)
        return "" if spec is None else spec.type

    def _add(self, entry: ProcessingEntry, type: str | TypeSpec, changes: Mapping[str, Any], index: int | None) -> None:
        try:
            self._proxy.add(entry.name, type, index=index)
            if changes:
                self._proxy.configure(entry.name, changes)
            if entry.position is not None or entry.size is not None:
                self._proxy.place(entry.name, entry.position, entry.size)
        except IpyclamError as error:
            tag = getattr(error, "parameter", None)
            line = next((child.line for child in entry.element.children if child.tag == tag), entry.element.line)
            raise FormatError(self._path, line, str(error)) from error
