"""Undo and redo: a proxy around any proxy, which records the inverse of every operation.

The inverse is read from the engine's state before and after, never from what observers hear: an engine behind a socket
may tell of a change late, and of changes that somebody else made. Those are no undo steps.
"""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from ..banks import Bank, Bundle, CanBank
from ..errors import (
    ConnectionExists,
    DifferentConnectorType,
    NameAlreadyExists,
    NoSuchConnector,
    NoSuchParameter,
    NoSuchProcessing,
    NoSuchType,
    NotConnected,
    NothingToRedo,
    NothingToUndo,
    NotSupported,
)
from ..parameters import PATHS, ParameterSpec, Value
from ..proxy import ConnectorId, NetworkInfo, NetworkProxy, Observer, ProcessingState, TypeSpec, Wire
from ..wires import wires_at
from . import names
from .paths import in_memory

_STALE = (NoSuchProcessing, NoSuchConnector, NoSuchParameter, NoSuchType, NotConnected, ConnectionExists, NameAlreadyExists)
"""What a step meets that is about things which are others by now: types defined anew, clients of a server that have gone."""

_Inverse = Callable[["RecordingProxy"], None]


class _Step:
    """What one statement changed: the operations that take it back, first to last as they were recorded."""

    __slots__ = ("control", "inverses", "what")

    def __init__(self, what: str, control: tuple[str, str] | None = None) -> None:
        self.what = what
        self.control = control
        self.inverses: list[_Inverse] = []


class RecordingProxy:
    """Any `NetworkProxy`, with ``undo``, ``redo`` and ``step``.

    Parameters
    ----------
    inner : the engine.
    base : the folder to which the relative paths given to file parameters are relative; None for the current one.
    """

    def __init__(self, inner: NetworkProxy, base: str | None = None) -> None:
        self.inner = inner
        self.base = base
        self._banking = inner if isinstance(inner, CanBank) else None
        self._done: list[_Step] = []
        self._undone: list[_Step] = []
        self._opened = threading.local()

    # -- steps

    @contextmanager
    def step(self, what: str, *, lenient: bool = False) -> Iterator[None]:
        """Make what follows in this thread one step, `what` in words; all of it is taken back when the block raises."""
        if self._open is not None:
            with self.inner.batch(lenient=lenient):
                yield
            return
        step = _Step(what)
        with self._collecting(step, lenient):
            yield
        self._keep(step)

    def undo(self) -> str:
        """Take the last step back; what it was, in words."""
        return self._replay(self._done, self._undone, NothingToUndo)

    def redo(self) -> str:
        """Do again what was undone last; what it was, in words."""
        return self._replay(self._undone, self._done, NothingToRedo)

    @contextmanager
    def relative_to(self, folder: str | None) -> Iterator[None]:
        """Read the relative paths of file parameters as relative to `folder`."""
        before, self.base = self.base, folder
        try:
            yield
        finally:
            self.base = before

    # -- inspection

    @property
    def engine(self) -> str:
        return self.inner.engine

    def types(self) -> Mapping[str, TypeSpec]:
        return self.inner.types()

    def processings(self) -> Mapping[str, ProcessingState]:
        return self.inner.processings()

    def wires(self) -> Collection[Wire]:
        return self.inner.wires()

    def peers(self, connector: ConnectorId) -> Sequence[ConnectorId]:
        return self.inner.peers(connector)

    def value(self, control: ConnectorId) -> float:
        return self.inner.value(control)

    def info(self) -> NetworkInfo:
        return self.inner.info()

    def observe(self, callback: Observer) -> Callable[[], None]:
        return self.inner.observe(callback)

    def close(self) -> None:
        self.inner.close()

    @contextmanager
    def batch(self, *, lenient: bool = False) -> Iterator[None]:
        with self.inner.batch(lenient=lenient):
            yield

    # -- operations

    def add(self, name: str, type: str | TypeSpec, *, index: int | None = None) -> None:
        there = name in self.inner.processings()
        with _saying_what_to_type():
            self.inner.add(name, type, index=index)
        if not there:  # a server's own client is taken as it is
            self._record(f"add {name}", lambda proxy: proxy.remove(name))

    def add_bank(self, names: Sequence[str], type: str, config: Mapping[str, Any], columns: Mapping[str, Sequence[Any]]) -> Bank | None:
        """Make many processings as one step, at once where the engine can."""
        what = f"add {len(names)} {type}"
        if self._banking is not None and self.base is None:
            with _saying_what_to_type():
                bank = self._banking.add_bank(names, type, config, columns)
            if bank is not None:
                self._record(what, lambda proxy: proxy._remove_all(bank.names))
                return bank
        with self.step(what):
            for k, name in enumerate(names):
                self.add(name, type)
                self.configure(name, {**config, **{parameter: column[k] for parameter, column in columns.items()}})
        return None

    def folded(self, bank: Bank | None) -> bool:
        """Whether a bank is still as it was made."""
        return bank is not None and self._banking is not None and self._banking.folded(bank)

    def connect_bundles(self, bundles: Sequence[Bundle], what: str) -> bool:
        """Make many wires as one step; False where they have to be made one by one."""
        if self._banking is None or not self._banking.connect_bundles(bundles):
            return False

        def restore(proxy: RecordingProxy) -> None:
            for bundle in reversed(bundles):
                for wire in reversed(list(bundle.wires())):
                    proxy.disconnect(wire)

        self._record(what, restore)
        return True

    def _remove_all(self, names: Sequence[str]) -> None:
        for name in reversed(names):
            self.remove(name)

    def remove(self, name: str) -> None:
        processings = self.inner.processings()
        self._remove(name, _place_of(name, processings) if name in processings else None)

    def clear(self) -> None:
        """Take everything away, and what belongs to the network as a whole, as one step."""
        with self.step("clear the network"):
            stayed = False
            for index, name in reversed(list(enumerate(self.inner.processings()))):
                try:
                    self._remove(name, index if stayed else None)
                except NotSupported:  # the machine's own ports in a JACK graph stay, their wires do not
                    stayed = True
                    for wire in list(wires_at(self.inner.processings()[name], self.inner.peers)):
                        self.disconnect(wire)
            self.set_info(NetworkInfo())

    def _remove(self, name: str, index: int | None) -> None:
        """Take a processing away that stands at that index, None for the last."""
        state = self.inner.processings().get(name)
        wires = [] if state is None else list(wires_at(state, self.inner.peers))
        self.inner.remove(name)
        assert state is not None  # the engine has refused else

        def restore(proxy: RecordingProxy) -> None:
            proxy.add(name, state.spec, index=index)
            proxy._restore(state, wires)

        self._record(f"remove {name}", restore)

    def rename(self, old: str, new: str) -> None:
        with _saying_what_to_type():
            self.inner.rename(old, new)
        if old != new:
            self._record(f"rename {old} to {new}", lambda proxy: proxy.rename(new, old))

    def configure(self, name: str, changes: Mapping[str, Any]) -> None:
        before = self.inner.processings().get(name)
        if before is not None and self.base is not None:
            changes = _rebased(before.spec.parameters, changes, self.base)
        counts = before is not None and before.spec.counts  # else its connectors stay, and so do its wires
        wires = list(wires_at(before, self.inner.peers)) if before is not None and counts else []
        self.inner.configure(name, changes)
        after = self.inner.processings()[name]
        assert before is not None
        if after == before:
            return
        lost: list[Wire] = []
        if after.connectors is not before.connectors:
            kept = set(wires_at(after, self.inner.peers))
            lost = [wire for wire in wires if wire not in kept]

        def restore(proxy: RecordingProxy) -> None:
            with proxy.relative_to(None):
                proxy.configure(name, {key: value for key, value in before.config.items() if key in changes or value != after.config[key]})
            proxy._restore(before, lost, configured=True)

        self._record(f"set {name}.{next(iter(changes))}" if len(changes) == 1 else f"configure {name}", restore)

    def connect(self, wire: Wire) -> None:
        try:
            self.inner.connect(wire)
        except (DifferentConnectorType, ConnectionExists) as error:
            raise error.of(*self._texts(wire)) from None
        self._record(f"connect {wire.source} to {wire.target}", lambda proxy: proxy.disconnect(wire))

    def disconnect(self, wire: Wire) -> None:
        try:
            self.inner.disconnect(wire)
        except NotConnected as error:
            raise error.of(*self._texts(wire)) from None
        self._record(f"disconnect {wire.source} from {wire.target}", lambda proxy: proxy.connect(wire))

    def set_control(self, name: str, control: str, value: float | None) -> None:
        state = self.inner.processings().get(name)
        held = state.controls.get(control) if state is not None else None
        known = state is not None and any(spec.name == control for spec in state.connectors.incontrols)
        heard = self.inner.value(ConnectorId(name, "Control", "In", control)) if known else None
        self.inner.set_control(name, control, value)

        def restore(proxy: RecordingProxy) -> None:
            proxy.set_control(name, control, heard if held is None else held)
            if held is None:
                proxy.set_control(name, control, None)

        if repr(self.inner.processings()[name].controls.get(control)) != repr(held):  # repr tells -0.0 from 0.0
            self._record(f"set {name}.{control}", restore, (name, control))

    def place(self, name: str, position: tuple[float, float] | None, size: tuple[float, float] | None) -> None:
        state = self.inner.processings().get(name)
        self.inner.place(name, position, size)
        assert state is not None
        if (state.position, state.size) != (position, size):
            self._record(f"place {name}", lambda proxy: proxy.place(name, state.position, state.size))

    def set_info(self, info: NetworkInfo) -> None:
        before = self.inner.info()
        self.inner.set_info(info)
        if before != info:
            self._record("describe the network", lambda proxy: proxy.set_info(before))

    # -- inside

    @property
    def _open(self) -> _Step | None:
        """The step that this thread is making."""
        return getattr(self._opened, "step", None)

    @_open.setter
    def _open(self, step: _Step | None) -> None:
        self._opened.step = step

    def _texts(self, wire: Wire) -> tuple[str, str]:
        """The two ends of a wire, as one types them."""
        processings = self.inner.processings()
        return names.expression(processings, wire.out_end), names.expression(processings, wire.in_end)

    def _record(self, what: str, inverse: _Inverse, control: tuple[str, str] | None = None) -> None:
        if self._open is not None:
            self._open.inverses.append(inverse)
            return
        step = _Step(what, control)
        step.inverses.append(inverse)
        self._keep(step)

    def _keep(self, step: _Step) -> None:
        if not step.inverses:
            return
        run = step.control is not None and self._done and not self._undone and self._done[-1].control == step.control
        self._undone.clear()
        if not run:  # a run of values on one control is one step: its first inverse takes all of them back
            self._done.append(step)

    def _replay(self, source: list[_Step], target: list[_Step], nothing: type[NothingToUndo] | type[NothingToRedo]) -> str:
        if not source:
            raise nothing()
        last = source.pop()  # now, as another thread may send a control meanwhile, which is a step as well
        step = _Step(last.what)
        try:
            with self._collecting(step, True), self.relative_to(None), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what was there before has been warned of before
                for inverse in reversed(last.inverses):
                    inverse(self)
        except _STALE as error:  # else it would bar the way to all that was done before it
            error.add_note(f"{step.what!r} cannot be taken back any more, and is forgotten; the next one is what was done before it")
            raise
        except BaseException:
            source.append(last)
            raise
        target.append(step)
        if source:
            source[-1].control = None  # what comes now is not the same run any more
        return step.what

    @contextmanager
    def _collecting(self, step: _Step, lenient: bool) -> Iterator[None]:
        with self.inner.batch(lenient=lenient):
            before, self._open = self._open, step
            try:
                yield
            except BaseException:
                self._open = _Step("taken back")  # the taking back is recorded nowhere
                with self.inner.batch(lenient=True), self.relative_to(None):
                    for inverse in reversed(step.inverses):
                        inverse(self)
                raise
            finally:
                self._open = before

    def _restore(self, state: ProcessingState, wires: Sequence[Wire], configured: bool = False) -> None:
        """Give a processing what adding or configuring it has not given: configuration, place, controls, wires."""
        if not configured:
            self.configure(state.name, state.config)
            self.place(state.name, state.position, state.size)
        controls = self.inner.processings()[state.name].controls
        for control, value in state.controls.items():
            if repr(controls.get(control)) != repr(value):
                self.set_control(state.name, control, value)
        for wire in wires:
            self.connect(wire)


@contextmanager
def _saying_what_to_type() -> Iterator[None]:
    """Engines do not know which names are reserved: what takes a processing away is said here, as one types it."""
    try:
        yield
    except NameAlreadyExists as error:
        raise NameAlreadyExists(error.processing, f"del net{names.access('Network', error.processing)}") from error.__cause__


def _place_of(name: str, processings: Mapping[str, ProcessingState]) -> int | None:
    """The index of a processing; None when it is the last, so that taking all back in turn costs no search."""
    if next(reversed(processings), None) == name:  # type: ignore[arg-type]  # true of dicts and views on them
        return None
    return list(processings).index(name)


def _rebased(parameters: Sequence[ParameterSpec], changes: Mapping[str, Any], base: str) -> Mapping[str, Value]:
    """`changes` with the relative paths of file parameters made relative to the current directory."""
    known = {parameter.name: parameter for parameter in parameters}
    rebased = dict(changes)
    for name, value in changes.items():
        parameter = known.get(name)
        if parameter is None:
            continue
        if parameter.type == "config" and isinstance(value, Mapping):
            rebased[name] = _rebased(parameter.fields, value, base)
        elif parameter.type in PATHS and isinstance(value, (str, os.PathLike)):
            path = os.fspath(value)
            rebased[name] = in_memory(path, base) if isinstance(path, str) else path
    return rebased
