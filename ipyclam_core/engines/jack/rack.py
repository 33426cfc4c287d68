"""Clients that are started here: LV2 plugins, each a separate process, and ipyclam networks."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ...errors import EngineError
from ...following.graph import PRESENCE, FollowedGraph
from ...parameters import Value, control_value, merge
from ...proxy import Change, ConnectorId, ConnectorSpecs, ProcessingState, TypeSpec
from .types import LaunchedClient, Types

_START_PATIENCE = 10.0
_UNKNOWN_PATIENCE = 1.0
"""Of a type that does not say what ports it has: it may have none."""
_END_PATIENCE = 3.0


class Rack:
    """Starts programs that are clients, sets their controls, and ends them.

    Parameters
    ----------
    graph : where they are processings.
    types : what can be launched.
    server : on which server; None for the one that JACK takes by default.
    ended : called, on any thread, with a program that ends by itself; to be handed to `mourn`.
    messages : where that is said.
    variable : gives the variable that holds the network.

    Attributes
    ----------
    programs : those that run, by the names of their processings.
    """

    def __init__(
        self,
        graph: FollowedGraph,
        types: Types,
        server: str | None,
        ended: Callable[[LaunchedClient], None],
        messages: deque[str],
        variable: Callable[[], str],
    ) -> None:
        self.programs: dict[str, LaunchedClient] = {}
        self._type_names: dict[str, str] = {}  # the server may forget a client before it is known why it ended
        self._held: set[str] = set()
        self._graph, self._types, self._server = graph, types, server
        self._ended, self._messages, self._variable = ended, messages, variable

    # -- their lives

    def launch(self, name: str, spec: TypeSpec, config: Mapping[str, Value], index: int | None = None, held: bool = False) -> None:
        """Start a client, and wait for its ports. `index` is its position in the order; None for the end.

        A network that is `held` opens its files at `go`.
        """
        if held:
            self._held.add(name)
        graph, ports = self._graph, len(spec.inports) + len(spec.outports)

        def complete() -> bool:
            state = graph.processings().get(name)
            return state is not None and len(state.connectors.inports) + len(state.connectors.outports) >= max(ports, 1)

        controls = ConnectorSpecs(incontrols=tuple(spec.incontrols), outcontrols=tuple(spec.outcontrols))
        with graph.expecting(name, spec, config, controls), graph.hushed(name, kinds=PRESENCE):
            program = self._types.launch(name, spec, config, self._server, self._ended, name in self._held)
            try:
                come = graph.wait_for(complete, _START_PATIENCE if ports else _UNKNOWN_PATIENCE)
                if not come and (ports or not graph.is_live(name)):
                    raise EngineError(f"{name} was started, but its ports did not appear within {_START_PATIENCE:g} s")
            except BaseException:
                self._stop(name, program)
                raise
        with graph.asking(), graph.alone():
            self.programs[name], self._type_names[name] = program, spec.name
            if index is not None:
                graph.move(name, index)
            if graph.is_live(name):
                graph.tell(Change("added", (name,), None, graph.state(name)))

    def is_held(self, name: str) -> bool:
        """Whether a network waits for `go`."""
        return name in self._held

    def go(self) -> None:
        """Let the networks that are held open their files."""
        for name in list(self._held):
            if name in self.programs:
                self.programs[name].go()
        self._held.clear()

    def end(self, name: str) -> None:
        """End a program, and wait until its client is removed."""
        graph = self._graph
        before, program = graph.processings().get(name), self.programs.pop(name, None)
        self._type_names.pop(name, None)
        self._held.discard(name)
        if program is None:  # it has ended by itself meanwhile
            return
        with graph.asking():
            with graph.hushed(name, kinds=PRESENCE):
                self._stop(name, program)
            graph.tell(Change("removed", (name,), before, None))

    def mourn(self, name: str, pid: int) -> None:
        """Report that a program ended by itself. JACK removes its client."""
        program = self.programs.get(name)
        if program is None or program.pid != pid:
            return
        del self.programs[name]
        again = f"To start it again: {self._variable()}[{name!r}] = {self._type_names.pop(name)!r}"
        self._messages.append(f"{name} {program.epitaph}. {again}")

    def let_go(self) -> tuple[list[ProcessingState], Callable[[], None]]:
        """Release all programs; returns their processings, and a function that ends them."""
        programs, processings = dict(self.programs), self._graph.processings()
        self.programs.clear()
        self._type_names.clear()

        def end_all() -> None:
            for program in programs.values():
                program.stop()

        return [processings[name] for name in programs if name in processings], end_all

    def forsake(self) -> None:
        """In a child process: the programs are the parent's."""
        for program in self.programs.values():
            program.forsake()
        self.programs.clear()

    # -- values

    def configure(self, name: str, changes: Mapping[str, Any]) -> None:
        """Change parameters of a program: a preset first, then the others."""
        with self._graph.alone():
            before, program = self._graph.state(name), self.programs[name]
            parameters = before.spec.parameters
            config = merge(parameters, before.config, changes, name)
            type_ = self._types.plugin(before.spec.name)
            if type_ is None:
                return
            sounding = dict(before.config)
            preset = changes.get(type_.preset_name) if type_.presets else None
            if preset is not None and (preset != before.config[type_.preset_name] or len(changes) == 1):
                numbers = program.load(type_.presets[preset])
                sounding |= {symbol: type_.inputs[symbol].value(number) for symbol, number in numbers.items() if symbol in type_.inputs}
                config = merge(parameters, sounding, changes, name)
            for symbol, control in type_.inputs.items():
                if config[symbol] != sounding[symbol]:
                    program.set(symbol, control.number(config[symbol]))
            if config != before.config:
                self._graph.update(replace(before, config=config))

    def turn(self, name: str, control: str, value: object) -> None:
        """Set a control input of a program; its parameter has the same value."""
        with self._graph.alone():
            before, program = self._graph.state(name), self.programs[name]
            self._graph.connector(ConnectorId(name, "Control", "In", control))
            type_ = self._types.plugin(before.spec.name)
            if value is None or type_ is None:
                return
            turned = type_.inputs[control]
            held = turned.value(control_value(name, control, value))
            after, heard = turned.number(held), turned.number(before.config[control])
            program.set(control, after)
            if after != heard:
                state = replace(before, config={**before.config, control: held})
                self._graph.update(state, Change("control", (name, control), heard, after))

    def value(self, control: ConnectorId) -> float:
        """The value of a control of a program, also while it waits for its server."""
        name = control.processing
        spec, state = self._graph.connector(control), self._graph.state(name)
        type_ = self._types.plugin(state.spec.name) if not state.placeholder else None
        if type_ is None:
            return self._graph.value(control)
        if control.direction == "In":
            return type_.inputs[control.name].number(state.config[control.name])
        default = float(getattr(spec, "default", 0.0))
        program = self.programs.get(name)
        return program.outputs().get(control.name, default) if program is not None else default

    # -- inside

    def _stop(self, name: str, program: LaunchedClient) -> None:
        """End a program, and wait until JACK has told that its client is gone; it is gone in any case."""
        program.stop()
        if not self._graph.wait_for(lambda: not self._graph.is_live(name), _END_PATIENCE):
            self._graph.went(name)
