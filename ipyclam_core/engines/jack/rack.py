"""Clients that are launched here: LV2 plugins, each a program of its own, and networks of ours."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ...errors import DeviceError, EngineError, InvalidName, NoSuchType, NotSupported, ParameterTypeError, ParameterValueError
from ...parameters import Value, merge
from ...proxy import Change, ConnectorId, ProcessingState, TypeSpec
from .live_graph import FOREIGN
from .notifications import PluginEnded
from .patchbay import Patchbay
from .server import library
from .types import Program, Types

_START_PATIENCE = 10.0
_UNKNOWN_PATIENCE = 1.0
"""Of a type that does not say what ports it has: it may have none."""
_END_PATIENCE = 3.0


class Rack(Patchbay):
    """A `Patchbay` that launches clients, sets their controls, and ends them.

    Programs that others started are connected here, and no more: what else is asked of them is `NotSupported`.
    """

    _types: Types

    def _prepare(self, server: str | None) -> None:
        self._server = server
        self._programs: dict[str, Program] = {}

    # -- operations

    def add(self, name: str, type: str | TypeSpec, *, index: int | None = None) -> None:
        wanted = type.name if isinstance(type, TypeSpec) else type
        with self._lock:
            if wanted == FOREIGN.name and self._is_live(name):
                return  # a file asks for a client that is there
            self._check_new(name)
            known = wanted in self._types
            if not known and not isinstance(type, TypeSpec):
                if "://" in wanted and self._types.plugins.missing:
                    raise DeviceError(self._types.plugins.missing)
                raise NoSuchType(wanted, self.engine, self._types)
            if not known:
                super().add(name, type, index=index)
        if known:
            self._check_client_name(name)
            spec = self._types[wanted]
            self._launch(name, spec, spec.defaults, index)
        self.tell()

    def remove(self, name: str) -> None:
        with self._lock:
            self._state(name)
            self._refuse_kept(name)
            program = self._programs.get(name)
            if program is None:
                self._refuse_foreign(name, "end", f"Quit it there; {name}.disconnect() cuts its wires")
                super().remove(name)
        if program is not None:
            self._end(name, program)
        self.tell()

    def rename(self, old: str, new: str) -> None:
        """JACK renames no clients: one of ours is launched again under the new name, and begins anew."""
        with self._lock:
            state = self._state(old)
            if old == new:
                return
            self._refuse_kept(old)
            self._check_new(new)
            program = self._programs.get(old)
            if program is None:
                self._refuse_foreign(old, "rename", "Start it under another name")
                super().rename(old, new)
            index = list(self._processings).index(new if program is None else old)
            wires = list(self._wires_at(state, state.connectors)) if program is not None else []
        if program is not None:
            self._check_client_name(new)
            self._renaming |= {old, new}
            try:
                self._launch(new, state.spec, state.config, index)
                self.place(new, state.position, state.size)
                for wire in wires:
                    source = new if wire.source == old else wire.source
                    target = new if wire.target == old else wire.target
                    self.connect(replace(wire, source=source, target=target))
                self._end(old, program)
            finally:
                self._renaming -= {old, new}
            self._tell(Change("renamed", (old, new), old, new))
        self.tell()

    def configure(self, name: str, changes: Mapping[str, Any]) -> None:
        with self._lock:
            before = self._state(name)
            program = self._programs.get(name)
            if not changes:
                return
            self._refuse_kept(name)
            if program is None:
                self._refuse_foreign(name, "configure", "Set it in its own window, or where it is started")
                super().configure(name, changes)
            else:
                self._set(program, before, changes)
        self.tell()

    def set_control(self, name: str, control: str, value: float | None) -> None:
        with self._lock:
            self._refuse_kept(name)
            program = self._programs.get(name)
            if program is None:
                super().set_control(name, control, value)
            else:
                self._connector(ConnectorId(name, "Control", "In", control))
                if value is not None:
                    self._turn(program, control, value)
        self.tell()

    def value(self, control: ConnectorId) -> float:
        with self._lock:
            spec = self._connector(control)
            state = self._processings[control.processing]
            program = self._programs.get(control.processing)
            type_ = self._types.plugin(state.spec.name) if not state.placeholder else None
            if type_ is None:
                return super().value(control)
        if control.direction == "In":
            return type_.number(control.name, state.config[control.name])
        if program is None:
            return float(getattr(spec, "default", 0.0))
        return program.outputs().get(control.name, getattr(spec, "default", 0.0))

    # -- values

    def _set(self, program: Program, before: ProcessingState, changes: Mapping[str, Any]) -> None:
        """Change parameters: a preset first, and then what is asked for besides."""
        parameters, name = before.spec.parameters, before.name
        config = merge(parameters, before.config, changes, name)
        type_ = self._types.plugin(before.spec.name)
        if type_ is None:
            return
        sounding = dict(before.config)
        preset = changes.get(type_.preset_name) if type_.presets else None
        if preset is not None and (preset != before.config[type_.preset_name] or len(changes) == 1):
            numbers = program.load(type_.presets[preset])
            sounding |= {symbol: type_.value(symbol, number) for symbol, number in numbers.items() if symbol in type_.inputs}
            config = merge(parameters, sounding, changes, name)
        for symbol in type_.inputs:
            if config[symbol] != sounding[symbol]:
                program.set(symbol, type_.number(symbol, config[symbol]))
        if config != before.config:
            after = self._processings[name] = replace(before, config=config)
            self._changed(Change("configured", (name,), before, after))

    def _turn(self, program: Program, control: str, value: object) -> None:
        """Set one control input; its parameter is the same number."""
        if isinstance(value, (str, bytes)) or not hasattr(value, "__float__"):
            raise ParameterTypeError(program.name, control, value, "a number")
        number = float(value)
        if not math.isfinite(number):
            raise ParameterValueError(program.name, control, value, "a finite number")
        before = self._processings[program.name]
        type_ = self._types.plugin(before.spec.name)
        if type_ is None:
            return
        held = type_.value(control, number)
        after, heard = type_.number(control, held), type_.number(control, before.config[control])
        program.set(control, after)
        if after != heard:
            self._processings[program.name] = replace(before, config={**before.config, control: held})
            self._changed(Change("control", (program.name, control), heard, after))

    # -- programs

    def _launch(self, name: str, spec: TypeSpec, config: Mapping[str, Value], index: int | None) -> None:
        self._alive()
        expected = len(spec.inports) + len(spec.outports)

        def complete() -> bool:
            state = self._processings.get(name)
            return state is not None and len(state.connectors.inports) + len(state.connectors.outports) >= max(expected, 1)

        self._launching[name] = (spec, config)
        self._quiet.add(name)
        try:
            program = self._types.launch(
                name, spec, config, self._server, lambda ended: self._worker.put(PluginEnded(ended.name, ended.pid))
            )
            come = self._worker.wait_for(complete, self._told, _START_PATIENCE if expected else _UNKNOWN_PATIENCE)
            if not come and (expected or name not in self._keys):
                program.stop()
                raise EngineError(f"{name} was launched, but its ports have not come within {_START_PATIENCE:g} s")
        finally:
            del self._launching[name]
            self._quiet.discard(name)
        with self._lock:
            self._programs[name] = program
            if index is not None:
                self._move_to(name, index)
                self._view = None
            if name in self._processings:
                self._tell(Change("added", (name,), None, self._processings[name]))

    def _end(self, name: str, program: Program) -> None:
        before = self._processings.get(name)
        self._programs.pop(name, None)
        for wire in [wire for wire in self._kept if name in (wire.source, wire.target)]:
            del self._kept[wire]
        self._quiet.add(name)
        program.stop()
        if not self._worker.wait_for(lambda: name not in self._keys, self._told, _END_PATIENCE):
            with self._lock:
                self._forget(name)
        self._quiet.discard(name)
        self._tell(Change("removed", (name,), before, None))

    def _mourn(self, name: str, pid: int) -> None:
        """A program of ours has ended by itself: say so. JACK takes its client away."""
        program = self._programs.get(name)
        if program is None or program.pid != pid:
            return
        del self._programs[name]
        state = self._processings.get(name)
        again = f"; net[{name!r}] = {state.spec.name!r} launches it again" if state is not None else ""
        self._messages.append(f"{name} {program.epitaph}{again}")

    # -- refusals

    def _refuse_foreign(self, name: str, verb: str, instead: str) -> None:
        if self._is_live(name):
            raise NotSupported(self.engine, f"{verb} {name}, which is a program of its own", instead)

    def _check_client_name(self, name: str) -> None:
        longest = library().client_name_size() - 1
        if len(name.encode()) > longest:
            raise InvalidName(name, f"JACK takes at most {longest} bytes")
        if ":" in name or "\0" in name:
            raise InvalidName(name, "JACK's client names have no ':'")
