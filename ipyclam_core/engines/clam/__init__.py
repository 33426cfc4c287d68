"""The default engine: CLAM's processing types, computed in this process by compiled kernels, in real time or faster."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...declare.declaration import catalog
from ...declare.unseen import Counts, joined, names_files, with_connector, without_files
from ...errors import NotPlayable
from ...graph import Graph, exclusive, gone
from ...parameters import Value, merge
from ...proxy import Change, ConnectorId, ConnectorSpecs, FrameValue, Levels, ProcessingState, State, Status, TypeSpec, Wire
from ...system import given
from ...system.display import warn
from ...system.living import Living
from . import ladspa, types
from .fitting import CHAINED, misfits
from .frames import check_frames, data_type, value_of
from .transport import Transport
from .types import CatalogTypes, declaration, filled_catalog

if TYPE_CHECKING:
    from ...declare.declaration import Declaration
    from ...dsp.memory.queues import Ring
    from ...dsp.offline import Kept
    from ...dsp.playing.player import Player
    from ...proxy import Samples


LATER = "it was loaded while the network plays. Its files are opened at the next play()"


def load_types() -> CatalogTypes:
    """Load the types that come with ipyclam into the catalog."""
    filled_catalog()
    return CatalogTypes()


def compile_type(type_: Declaration) -> None:
    """Compile the kernel of a user-defined type; `DefinitionError` if its function cannot be compiled."""
    from ...dsp.kernels import of_type  # which needs LLVM, as reading our own types does not

    of_type(type_)


def transform(name: str) -> int:
    """The address of a compiled Fourier transform: ``"forward"`` or ``"inverse"``."""
    from ...dsp.kernels import transform

    return transform(name)


def _redefined(type_: Declaration) -> None:
    """A type has been defined or redefined: every network that uses it is updated."""
    for proxy in _alive.all():
        proxy.take_up(type_)


_alive: Living[ClamProxy] = Living()
catalog.listen(_redefined)


def _forsake_all() -> None:
    types.forsake()
    for proxy in _alive.all():
        proxy.forsake()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forsake_all)


class ClamProxy(Graph):
    """A network of the clam engine, and its player."""

    engine = "clam"

    def __init__(self, hold_files: bool = False) -> None:
        super().__init__(CatalogTypes())
        self._troubled: dict[str, str] = {}
        self._device_names: dict[str, str] | None = None
        self._transport = Transport()
        self._rendered: dict[tuple[str, str], Ring] = {}  # of the last rendering, by processing and out port that holds frames
        self._unseen: dict[str, Counts] = {}  # processings whose files were not looked at, and the connectors they are taken to have
        self._blind = threading.local()
        self._holds_files = hold_files
        _alive.add(self)

    # -- configurations

    def _connectors_of(self, spec: TypeSpec, config: Mapping[str, Value]) -> ConnectorSpecs:
        return spec.connectors({**config, **self._counts_of(spec, config)})

    def _counts_of(self, spec: TypeSpec, config: Mapping[str, Value]) -> Counts:
        """The numbers of connectors that no parameter gives."""
        if not filled_catalog().listed[spec.name].has_ports:
            return {}
        from ...declare.rehearsal import counts_of

        return counts_of(filled_catalog()[spec.name], without_files(spec.parameters, config) if self._is_blind else config)

    def _connectors_with(self, before: ProcessingState, config: Mapping[str, Value]) -> ConnectorSpecs:
        """A processing keeps the connectors it was taken to have until its file can be read."""
        assumed = self._unseen.get(before.name)
        if assumed is None or not (self._is_blind or self._problem_of(replace(before, config=config))):
            return super()._connectors_with(before, config)
        counts = self._unseen[before.name] = joined(self._counts_of(before.spec, config), assumed)
        return before.spec.connectors({**config, **counts})

    def _problem_of(self, state: ProcessingState) -> str:
        if state.placeholder:
            why = ladspa.why_missing(state.spec.name)
            return f"{state.spec.name}: {why}" if why else f"{state.spec.name} is not implemented: it is a placeholder"
        if not state.spec.origin and not filled_catalog().listed[state.spec.name].has_problems:
            return ""
        if self._is_blind and names_files(state.spec.parameters, state.config):
            return LATER if self.player is not None else ""
        from ...declare.rehearsal import problem_of

        return problem_of(filled_catalog()[state.spec.name], state.config)

    def take_up(self, type_: Declaration) -> None:
        """Update the processings of a redefined type: parameters that are still valid keep their values, and connectors their wires."""
        with self.alone(), self.batch(lenient=True):
            used = [state for state in self._processings.values() if state.spec.name == type_.name]
            wires = list(self._wires) if used else []
            for before in used:
                self._retype(before, type_.spec)
        lost = [f"{w.source}[{w.source_connector!r}] > {w.target}[{w.target_connector!r}]" for w in wires if w not in self._wires]
        if lost:
            told = ", ".join(lost[:3]) + (f" and {len(lost) - 3} more" if len(lost) > 3 else "")
            warn(f"the connectors of {type_.name} have changed. These wires were removed: {told}", stacklevel=4)

    def _retype(self, before: ProcessingState, spec: TypeSpec) -> None:
        config: Mapping[str, Value] = spec.defaults
        for name, value in before.config.items():
            if name in spec.config:
                with contextlib.suppress(TypeError, ValueError):
                    config = merge(spec.parameters, config, {name: value}, before.name)
        connectors = self._connectors_of(spec, config)
        kept = {control.name for control in connectors.incontrols}
        controls = {name: value for name, value in before.controls.items() if name in kept}
        after = replace(before, spec=spec, config=config, connectors=connectors, controls=controls, placeholder=False)
        after = replace(after, problem=self._problem_of(after))
        self._cut(before, gone(before.connectors, connectors))
        self._processings[before.name] = after
        self._changed(Change("configured", (before.name,), before, after))

    def value(self, control: ConnectorId) -> float:
        with self._lock:
            return self._value(control)

    def _value(self, control: ConnectorId) -> float:
        from ...dsp.memory.instances import connector_map, follow

        self._connector(control)
        state = self._processings[control.processing]
        if state.placeholder:
            return super().value(control)
        role = "incontrols" if control.direction == "In" else "outcontrols"
        type_ = filled_catalog()[state.spec.name]
        item, k, _ = connector_map(type_, state.connectors).declared[role, control.name]
        player = self.player  # another thread may stop it meanwhile
        if player is not None:
            heard = player.value(control.processing, role, control.name)
            under_way = control.name in state.controls and not player.up_to_date and not self.peers(control)
            if heard is not None and not under_way:
                return heard
        if control.direction == "Out":
            return 0.0
        held = state.controls.get(control.name)
        return follow(state, item, k) if held is None else held

    @exclusive
    def configure(self, name: str, changes: Mapping[str, Any]) -> None:
        """See `NetworkProxy.configure`. If a parameter changes, a control that follows it loses the value set by hand."""
        if name in self._unseen and not self._is_blind:
            self._look_at(name)
        before = self._state(name)
        super().configure(name, changes)
        after = self._state(name)
        self._note_unseen(after)
        if after.placeholder or not after.controls:
            return
        from ...dsp.memory.instances import connector_map

        for item in filled_catalog()[after.spec.name].items_of("incontrols"):
            if item.from_config and before.config[item.from_config] != after.config[item.from_config]:
                for control in connector_map(filled_catalog()[after.spec.name], after.connectors).of_item(item):
                    if control in after.controls:
                        self.set_control(name, control, None)

    # -- files that were not looked at

    @contextlib.contextmanager
    def unseen(self) -> Iterator[None]:
        """See `CanLoadUnseen.unseen`."""
        self._blind.depth = getattr(self._blind, "depth", 0) + 1
        try:
            yield
        finally:
            self._blind.depth -= 1

    @exclusive
    def assume(self, end: ConnectorId) -> bool:
        """See `CanLoadUnseen.assume`."""
        state, counts = self._state(end.processing), self._unseen.get(end.processing)
        if state.connectors.find(end.kind, end.direction, end.name) is not None:
            return True
        more = with_connector(state.spec, state.connectors, counts, end) if counts is not None else None
        if more is None:
            return False
        self._unseen[end.processing] = more
        after = replace(state, connectors=state.spec.connectors({**state.config, **more}))
        self._put(after)
        self._changed(Change("configured", (state.name,), state, after))
        return True

    def is_unseen(self, name: str) -> bool:
        """See `CanLoadUnseen.is_unseen`."""
        return name in self._unseen and filled_catalog().listed[self._state(name).spec.name].has_ports

    @property
    def _is_blind(self) -> bool:
        return getattr(self._blind, "depth", 0) > 0

    def _note_unseen(self, state: ProcessingState) -> None:
        """Note whether the files of a processing that was just configured have been looked at, and could be read."""
        missing = self._is_blind or (state.problem and (self._lenient or state.name in self._unseen))
        if missing and not state.placeholder and names_files(state.spec.parameters, state.config):
            if state.name not in self._unseen:
                self._unseen[state.name] = self._counts_of(state.spec, state.config)
        else:
            self._unseen.pop(state.name, None)

    def _look_at(self, *names: str) -> None:
        """Look at the files of processings. Wires of connectors that they do not have are kept as waiting wires."""
        lost = [wire for name in names for wire in self._seen(name)]
        if lost:
            self.set_info(replace(self._info, waiting=tuple(dict.fromkeys((*self._info.waiting, *lost)))))
            said = ", ".join(f"{w.source}[{w.source_connector!r}] > {w.target}[{w.target_connector!r}]" for w in lost[:3])
            more = f" and {len(lost) - 3} more" if len(lost) > 3 else ""
            warn(f"a file does not have the channels of these wires, which wait: {said}{more}", stacklevel=4)

    def _seen(self, name: str) -> list[Wire]:
        """Look at the files of a processing; returns the wires that are lost."""
        before = self._state(name)
        problem = self._problem_of(before)
        after = replace(before, problem=problem)
        lost: list[Wire] = []
        if not problem:
            del self._unseen[name]
            connectors = self._connectors_of(before.spec, before.config)
            if connectors != before.connectors:
                left = gone(before.connectors, connectors)
                lost = list(self._wires_at(before, left))
                self._cut(before, left)
                kept = {control.name for control in connectors.incontrols}
                controls = {control: value for control, value in before.controls.items() if control in kept}
                after = replace(after, connectors=connectors, controls=controls)
        if after != before:
            self._put(after)
            self._changed(Change("configured", (name,), before, after))
        return lost

    def look_at_files(self) -> None:
        if self._unseen:
            with self.alone(), self.batch():
                self._look_at(*self._unseen)

    def put_off(self) -> None:
        """Where it holds its files, let it play without those whose files were not looked at."""
        if not self._holds_files:
            return
        with self.alone(), self.batch():
            for name in self._unseen:
                before = self._state(name)
                after = replace(before, problem=LATER)
                self._put(after)
                self._changed(Change("configured", (name,), before, after))

    def _connect(self, wire: Wire) -> None:
        if self._unseen and (self._is_blind or self._lenient):
            for end in (wire.out_end, wire.in_end):
                if end.processing in self._unseen:
                    self.assume(end)
        super()._connect(wire)

    # -- sound

    @property
    def player(self) -> Player | None:
        """While it plays or pauses."""
        return self._transport.player

    @property
    def lock(self) -> threading.RLock:
        """Held while the network changes."""
        return self._lock

    def sources(self) -> Mapping[str, int]:
        self.check_playable()
        with self._lock:  # another thread may edit meanwhile
            return {name: len(state.connectors.outports) for name, state in self._devices("source")}

    def sinks(self) -> Mapping[str, int]:
        self.check_playable()
        with self._lock:
            return {name: len(state.connectors.inports) for name, state in self._devices("sink")}

    def channels(self) -> tuple[list[str], list[str]]:
        """The names of the sources and sinks that play, in the order of the device's channels."""
        return [name for name, _ in self._devices("source")], [name for name, _ in self._devices("sink")]

    def _devices(self, role: str) -> list[tuple[str, ProcessingState]]:
        """The processings that represent the device, by y position if every one of them has one."""
        if self._device_names is None:
            roles = {state.name: filled_catalog()[state.spec.name].role for state in list(self._processings.values()) if not state.problem}
            self._device_names = {name: role for name, role in roles.items() if role}
        found = [(name, self._state(name)) for name, its_role in self._device_names.items() if its_role == role]
        if found and all(state.position is not None for _, state in found):
            found.sort(key=lambda entry: entry[1].position[1])  # type: ignore[index]
        return found

    def devices(self) -> Sequence[str]:
        from ...dsp.devices import AUTO, NAMES

        return AUTO, *NAMES

    def play(self, device: str = "auto", sample_rate: int | None = None, block_size: int | None = None) -> None:
        self._transport.play(self, device, sample_rate, block_size)
        self._holds_files = False

    def pause(self) -> None:
        self._transport.pause(self)

    def stop(self) -> None:
        self._transport.stop(self)

    def status(self) -> Status:
        status = self._transport.status()
        player = self.player
        if player is None:
            return status
        more = [f"{name} is silent: {problem}" for name, problem in self._troubled.items()]
        if any(type_.name in CHAINED for type_ in player.edits.score.types):
            more += misfits(self)
        return replace(status, messages=(*status.messages, *more)) if more else status

    def levels(self) -> Levels:
        return self._transport.levels()

    @property
    def limiter(self) -> bool:
        """See `CanLimit`."""
        return self._transport.limiter

    @limiter.setter
    def limiter(self, on: bool) -> None:
        self._transport.limiter = on

    def panic(self) -> None:
        """See `CanPanic.panic`."""
        player = self.player
        if player is not None:
            player.mute()  # before `stop`, which may have to wait for an edit
        self.stop()

    def samples(self, port: ConnectorId, frames: int) -> Samples:
        import numpy as np

        self._connector(port)
        player = self.player
        return np.zeros(frames, np.float32) if player is None else player.samples(port.processing, port.name, frames)

    def frame(self, port: ConnectorId) -> FrameValue | None:
        spec = data_type(self._state(port.processing), port)
        player = self.player
        found = player.frame(port.processing, port.name) if player is not None else None
        if found is None and (port.processing, port.name) in self._rendered:
            found = self._rendered[port.processing, port.name].last()
        if found is None:
            check_frames(self._state(port.processing), port)
        return None if found is None else value_of(spec, *found)

    def render_frames(
        self, port: ConnectorId, frames: int, inputs: Mapping[str, Samples], block_size: int, sample_rate: int
    ) -> Sequence[FrameValue]:
        from ...dsp.offline import Kept

        spec = data_type(self._state(port.processing), port)
        keep = Kept((port.processing, port.name))
        self._render(frames, inputs, block_size, sample_rate, None, keep)
        if not keep.all:
            check_frames(self._state(port.processing), port)
        return [value_of(spec, *found) for found in keep.all]

    def latency(self, port: ConnectorId | None = None) -> int:
        """See `CanTellLatency.latency`."""
        if port is not None:
            self._connector(port)
        player = self.player
        if player is not None:
            return player.latest if port is None else player.latency(port.processing, _role(port), port.name)
        from ...dsp.latency import planned

        with self._lock:
            states, wires, sinks = list(self._processings.values()), list(self._wires), self.channels()[1]
        return planned(states, wires, declaration, sinks, None if port is None else (port.processing, _role(port), port.name))

    def record(self, path: str, seconds: float | None = None) -> Callable[[], int]:
        return self._transport.record(path, seconds)

    def compile_ahead(self) -> None:
        from .idle import idle

        idle.begin()

    def close(self) -> None:
        self.stop()
        super().close()

    def forsake(self) -> None:
        """Reset in a child process: the player belongs to the parent, and the threads that held the lock do not exist."""
        self._lock = threading.RLock()
        self._transport.forsake()

    def has_moved(self, before: State, after: State) -> None:
        """See `Playable.has_moved`."""
        with self._lock:
            self._tell(Change("state", (), before, after))

    def tell(self) -> None:
        """See `Playable.tell`."""
        self._observers.tell()

    # -- changes while it plays

    def _heed(self, change: Change) -> None:
        if change.kind in ("added", "removed", "renamed", "configured"):
            if self._unseen and change.kind != "configured":
                self._follow_unseen(change)
            for name in change.names:
                state = self.processings().get(name)
                self._troubled.pop(name, None)
                if state is not None and state.problem:
                    self._troubled[name] = state.problem
                type_ = filled_catalog().listed.get(state.spec.name) if state is not None else None
                if name in (self._device_names or ()) or (type_ is not None and type_.role):
                    self._device_names = None  # looked up again on the next request
        if self.player is not None:
            self.player.heed(change)

    def _follow_unseen(self, change: Change) -> None:
        """A processing whose files were not looked at has another name, or is gone."""
        assumed = self._unseen.pop(change.names[0], None) if change.kind in ("removed", "renamed") else None
        if assumed is not None and change.kind == "renamed":
            self._unseen[change.names[1]] = assumed

    def _settle(self) -> None:
        if self.player is not None:
            self.player.settle()

    def wires_of(self, name: str) -> list[Wire]:
        state = self._state(name)
        return list(self._wires_at(state, state.connectors))

    def check_playable(self) -> None:
        if not self._holds_files:
            self.look_at_files()
        with self.alone():
            found = self._troubled | self._look_again()
        if self._holds_files:
            found = {name: problem for name, problem in found.items() if name not in self._unseen}
        troubled = [f"{name} ({problem})" for name, problem in found.items() if problem]
        if troubled:
            rest = f" and {len(troubled) - 5} more" if len(troubled) > 5 else ""
            raise NotPlayable(f"this network cannot play yet: {'; '.join(troubled[:5])}{rest}")

    def _look_again(self) -> dict[str, str]:
        """The problems that are others than when it was configured, for files come and go; what plays is left alone."""
        found = {}
        for before in list(self._processings.values()):
            if self._holds_files and before.name in self._unseen:
                continue
            if not before.placeholder and (before.problem or filled_catalog()[before.spec.name].problem is not None):
                problem = self._problem_of(before)
                if problem != before.problem:
                    found[before.name] = problem
                    if self.player is None:
                        after = replace(before, problem=problem)
                        self._put(after)
                        self._changed(Change("configured", (before.name,), before, after))
        return found

    def render(
        self,
        frames: int,
        inputs: Mapping[str, Samples],
        block_size: int,
        sample_rate: int,
        progress: Callable[[int], bool | None] | None = None,
    ) -> Samples:
        from ...dsp.offline import Kept

        return self._render(frames, inputs, block_size, sample_rate, progress, Kept())

    def _render(
        self,
        frames: int,
        inputs: Mapping[str, Samples],
        block_size: int,
        sample_rate: int,
        progress: Callable[[int], bool | None] | None,
        keep: Kept,
    ) -> Samples:
        from ...dsp import offline
        from .ahead import prepare

        with self._lock:  # the network as it is now: another thread may change it while it is rendered
            self.check_playable()
            processings, wires = list(self._processings.values()), list(self._wires)  # after the check, which may change them
            channels, gain = self.channels(), self._info.gain
        prepare(dict.fromkeys(declaration(state.spec.name) for state in processings), "step")
        found = offline.render(processings, wires, declaration, *channels, frames, inputs, block_size, sample_rate, progress, keep, gain)
        self._rendered = keep.newest
        return found


def _role(port: ConnectorId) -> str:
    return f"{port.direction.lower()}ports" if port.kind == "Port" else ""


def create(*, types: Sequence[str] = (), hold_files: bool = False) -> ClamProxy:
    """A new engine.

    Parameters
    ----------
    types : names of modules and paths of ``.py`` files that define your own processing types. They are run now.
    hold_files : whether the first `play` opens none of the files that a loaded network names. The next one does.
    """
    origins = given.origins(types)
    if origins:
        from ...declare.origins import define

        load_types()
        for origin in origins:
            define(origin)
    return ClamProxy(hold_files)
