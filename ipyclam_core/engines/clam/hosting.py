"""Running LADSPA plugins in this process: their declarations, and what happens outside the audio thread.

A plugin is made, connected, activated, deactivated and removed here. The audio thread only runs it (`dsp.native.hosting`).
"""

from __future__ import annotations

import ctypes
import os
import struct
import threading
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from ...declare.declaration import Declaration, Declared, StateField
from ...dsp.memory.hosting import (
    BOOL,
    CAPACITY,
    CONTROL_WORDS,
    FLOAT,
    HANDLE,
    HEAD_WORDS,
    IN_CONTROLS,
    IN_PORTS,
    INT,
    OUT_CONTROLS,
    OUT_PORTS,
    RUN,
)  # fmt: skip
from ...dsp.memory.layout import Layout
from ...errors import EngineError
from ...plugins import ladspa_library
from ...plugins.ladspa import Found
from ...plugins.ladspa_faults import FAULTS
from ...plugins.ladspa_library import AUDIO, INPUT
from ...proxy import TypeSpec

KINDS: Final = {"float": FLOAT, "int": INT, "bool": BOOL}
LIMIT: Final = 3.0e38
"""The range of controls without bounds: nearly that of a float32."""

_one_at_a_time: Final = threading.RLock()
"""Plugins share libraries, such as FFTW, in which only one thread may prepare at a time. A finalizer may come in between."""


def declaration_of(found: Found, spec: TypeSpec) -> Declaration:
    """The declaration of a plugin, whose kernel is the one that all plugins share."""
    roles = {"inports": spec.inports, "outports": spec.outports, "incontrols": spec.incontrols, "outcontrols": spec.outcontrols}
    items = tuple(
        Declared(connector, role, attribute=f"{role}_{k}")  # type: ignore[arg-type]
        for role, connectors in roles.items()
        for k, connector in enumerate(connectors)
    )
    ports, controls = len(spec.inports) + len(spec.outports), len(spec.incontrols) + len(spec.outcontrols)

    def initial() -> Mapping[str, Any]:
        return {
            "table": np.zeros(HEAD_WORDS + ports + CONTROL_WORDS * controls, np.int64),
            "samples": np.zeros(ports * CAPACITY, np.float32),
            "values": np.zeros(controls, np.float32),
        }

    def companion(sample_rate: float, state: Any) -> Hosted:
        return Hosted(found, layout, sample_rate, state.table, state.samples, state.values)

    def problem() -> str:
        if found.name in FAULTS:
            return f"this LADSPA plugin is not run: {FAULTS[found.name]}"
        return "" if os.path.isfile(found.path) else f"the library {found.path} of the LADSPA plugin is not there any more"

    fields = (  # the kernel expects the table first
        StateField("table", np.dtype(np.int64), array=True),
        StateField("samples", np.dtype(np.float32), array=True),
        StateField("values", np.dtype(np.float32), array=True),
    )
    declared = Declaration(
        found.name, spec, found.path, "process", None, items, fields, source=found.path,
        initial=initial, companion=companion, problem=problem, kernel="host",
    )  # fmt: skip
    layout = Layout(declared)
    return declared


class Hosted:
    """One running plugin. It is removed when the audio thread does not use it any more.

    Parameters
    ----------
    found : the plugin.
    layout : that of its type's memory.
    sample_rate : in Hz.
    table, samples, values : the arrays of the processing's memory: see `dsp.memory.hosting`.
    """

    def __init__(self, found: Found, layout: Layout, sample_rate: float, table: Any, samples: Any, values: Any) -> None:
        self._handle = None
        self._activated = False
        self._memory = (table, samples, values)  # the plugin writes there until it is removed
        with _one_at_a_time:
            self._descriptor = _descriptor(found)
            self._handle = self._descriptor.instantiate(ctypes.addressof(self._descriptor), round(sample_rate))
            if not self._handle:
                raise EngineError(f"{found.name}: the LADSPA plugin cannot run at {sample_rate:g} Hz")
            self._connect(found, layout, sample_rate)
            if self._descriptor.activate:
                self._descriptor.activate(self._handle)
            self._activated = True
        table[HANDLE] = self._handle
        table[RUN] = self._descriptor.run  # last: the audio thread may look at the table already

    def _connect(self, found: Found, layout: Layout, sample_rate: float) -> None:
        """Give the plugin the memory of its ports and controls, and write down for the audio thread where it is."""
        descriptor, handle = self._descriptor, self._handle
        table, samples, values = self._memory
        roles: dict[str, list[int]] = {"inports": [], "outports": [], "incontrols": [], "outcontrols": []}
        for k in range(descriptor.port_count):
            bits = descriptor.port_bits[k]
            roles[("in" if bits & INPUT else "out") + ("ports" if bits & AUDIO else "controls")].append(k)
        place = HEAD_WORDS
        for number, k in enumerate((*roles["inports"], *roles["outports"])):
            table[place] = address = samples.ctypes.data + 4 * CAPACITY * number
            descriptor.connect_port(handle, k, address)
            place += 1
        ranges = {f"incontrols_{n}": control for n, control in enumerate(found.control_inputs(sample_rate))}
        names = [f"{role}_{n}" for role in ("incontrols", "outcontrols") for n in range(len(roles[role]))]
        for number, (k, name) in enumerate(zip((*roles["incontrols"], *roles["outcontrols"]), names, strict=True)):
            address = values.ctypes.data + 4 * number
            descriptor.connect_port(handle, k, address)
            control = ranges.get(name)
            lowest = -LIMIT if control is None or control.minimum is None else control.minimum
            highest = LIMIT if control is None or control.maximum is None else control.maximum
            kind = FLOAT if control is None else KINDS[control.type]
            values[number] = 0.0 if control is None else control.default
            cells = layout.cells[f"c.{name}"].offset, layout.cells[f"n.{name}"].offset
            table[place : place + CONTROL_WORDS] = (*cells, address, _bits(lowest), _bits(highest), kind)
            place += CONTROL_WORDS
        table[[IN_PORTS, OUT_PORTS, IN_CONTROLS, OUT_CONTROLS]] = [len(numbers) for numbers in roles.values()]

    def service(self) -> None:
        """Nothing has to be done while it plays."""

    def close(self) -> None:
        """Deactivate and remove it. Calling it twice is allowed."""
        with _one_at_a_time:
            handle, self._handle = self._handle, None
            if not handle:
                return
            self._memory[0][RUN] = 0
            if self._activated and self._descriptor.deactivate:
                self._descriptor.deactivate(handle)
            if self._descriptor.cleanup:
                self._descriptor.cleanup(handle)


def _descriptor(found: Found) -> Any:
    """The plugin's descriptor, whose library is loaded into this process.

    Raises
    ------
    EngineError
        The library cannot be loaded, or has changed since it was looked at.
    """
    try:
        for each in ladspa_library.descriptors(found.path):
            descriptor = each.contents
            if (descriptor.id, ladspa_library.decoded(descriptor.label)) != (found.number, found.label):
                continue
            bits = [descriptor.port_bits[k] & 15 for k in range(descriptor.port_count)]
            if bits == [port[0] for port in found.facts["ports"]]:
                return descriptor
    except OSError as error:
        raise EngineError(f"{found.name}: the LADSPA plugin cannot be loaded: {error}") from None
    raise EngineError(f"{found.name}: {found.path} has changed. Start again to use its new version.")


def _bits(number: float) -> int:
    return int(struct.unpack("<q", struct.pack("<d", number))[0])
