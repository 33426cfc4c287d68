"""Undo and redo: a proxy around any proxy, which records each operation together with those that take it back.

These are read from the engine's state before and after, never from what observers hear: an engine behind a socket may tell
of a change late, and of changes that somebody else made. Those are no steps.
"""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import replace
from functools import wraps
from typing import Any, Final, TypeVar, cast

from ..errors import (
    ConnectionError_,
    ConnectionExists,
    DifferentConnectorType,
    InvalidName,
    NameAlreadyExists,
    NoSuchConnector,
    NoSuchParameter,
    NoSuchProcessing,
    NoSuchType,
    NotConnected,
    NothingToRedo,
    NothingToUndo,
    NotSupported,
    PortTaken,
)
from ..observers import Observers
from ..parameters import PATHS, ParameterSpec, Value, plain_text
from ..proxy import CanAddMany, CanLoadUnseen, Change, ConnectorId, NetworkInfo, NetworkProxy, Observer, ProcessingState, TypeSpec, Wire
from ..system.interrupts import safe_point, whole
from ..variables import variable_of
from ..wires import wires_at
from . import names
from .levels import check_can_set_volume
from .operations import (
    Add,
    AddMany,
    Configure,
    Connect,
    ConnectMany,
    Disconnect,
    Operation,
    Place,
    Remove,
    Rename,
    SetControl,
    SetFile,
    SetInfo,
    SetVolume,
    apply,
)
from .paths import in_memory
from .searching import alike
from .steps import Entry, Step, Steps

_STALE = (NoSuchProcessing, NoSuchConnector, NoSuchParameter, NoSuchType, NotConnected, ConnectionExists, PortTaken, NameAlreadyExists)
"""Errors of undoing changes of things that are gone or were replaced: types defined again, clients that left the server."""


_NOTHING: Final = nullcontext()

_IN_STEP = "a step is being made. Undo it as a whole when it is complete"

_Stamp = tuple[int, int, int]

_Operation = TypeVar("_Operation", bound=Callable[..., Any])


def _recorded(operation: _Operation) -> _Operation:
    """Decorator of the methods that record what they do."""

    @wraps(operation)
    def recorded(self: RecordingProxy, *args: Any, **kwargs: Any) -> Any:
        with self._recording(), self.unchanging():
            return operation(self, *args, **kwargs)

    return cast(_Operation, recorded)


class RecordingProxy:
    """Any `NetworkProxy`, with ``undo``, ``redo`` and ``step``.

    Parameters
    ----------
    inner : the engine; an attribute, which cannot be assigned.
    base : the folder to which the relative paths given to file parameters are relative; None for the current one.

    Attributes
    ----------
    file : the path of the file that holds the network, or held it before the changes that are not saved; ``""`` for none.
    kept : called with the operations of each step, of undo and of redo too, in the thread that made them; with none when a file
        has come to hold them. None calls nobody.
    """

    def __init__(self, inner: NetworkProxy, base: str | None = None) -> None:
        self._inner = inner
        self.base = base
        self.file = ""
        self._stamps: dict[str, _Stamp | None] = {}
        self.steps = Steps()
        self.kept: Callable[[Sequence[Operation]], None] | None = None
        self._many = inner if isinstance(inner, CanAddMany) else None
        self._opened = threading.local()
        self._observers = Observers()
        self._heard: Callable[[], None] | None = None

    @property
    def inner(self) -> NetworkProxy:
        """The engine. It is the same one as long as the network exists."""
        return self._inner

    # -- steps

    @contextmanager
    def step(self, title: str = "", *, lenient: bool = False) -> Iterator[None]:
        """Make all changes of this thread in the block one undo step. If the block raises, they are all undone.

        Without a `title` the step is called after its operations.
        """
        if self._open is not None:
            with self._inner.batch(lenient=lenient):
                yield
            return
        entries: list[Entry] = []
        with self._recording():
            with self._collecting(entries, lenient):
                yield
            self._keep(title, entries)

    @_recorded
    def undo(self) -> str:
        """Undo the last step; returns its description."""
        if self._open is not None:
            raise NothingToUndo(_IN_STEP)
        step = self.steps.take_done()
        if step is None:
            raise NothingToUndo(self.steps.floor)
        redo = self._replay(step, self.steps.put_done)
        self.steps.undone.append(redo)
        self.steps.state = step.before
        self._tell_kept(redo.entries)
        return step.title

    @_recorded
    def redo(self) -> str:
        """Redo the last undone step; returns its description."""
        if self._open is not None or not self.steps.undone:
            raise NothingToRedo
        step = self.steps.undone.pop()  # at once: another thread may send a control meanwhile, which is a step as well
        undo = self._replay(step, self.steps.undone.append)
        self.steps.put_done(undo)
        self.steps.state = step.after
        self._tell_kept(undo.entries)
        return step.title

    def begin_here(self) -> None:
        """Clear the history: the session begins with the current network, and undo goes back no further."""
        self.steps.forget("the session began with this network")

    @property
    def modified(self) -> bool:
        """Whether there are changes that no file holds. Undoing them all makes this False again."""
        return self.steps.state != self.steps.saved.get(self.file)

    def mark_saved(self, path: str, state: int | None = None) -> None:
        """Note that a file holds the network as it is now, or as it was when ``steps.state`` was `state`."""
        self.file = path
        self.steps.saved[path] = self.steps.state if state is None else state
        self._stamps[path] = _stamp(path)
        self._tell_kept(())

    @property
    def file_has_changed(self) -> bool:
        """Whether another program has changed the network's file since it was read or written here."""
        return self.file in self._stamps and self._stamps[self.file] is not None and _stamp(self.file) != self._stamps[self.file]

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
        return self._inner.engine

    def types(self) -> Mapping[str, TypeSpec]:
        return self._inner.types()

    def processings(self) -> Mapping[str, ProcessingState]:
        return self._inner.processings()

    def wires(self) -> Collection[Wire]:
        return self._inner.wires()

    def peers(self, connector: ConnectorId) -> Sequence[ConnectorId]:
        return self._inner.peers(connector)

    def value(self, control: ConnectorId) -> float:
        return self._inner.value(control)

    def info(self) -> NetworkInfo:
        return self._inner.info()

    def observe(self, callback: Observer) -> Callable[[], None]:
        """Call `callback` with every change, once the operation or the step that made it is recorded: so it may edit, and undo."""
        if self._heard is None:
            self._heard = self._inner.observe(self._hear)
        return self._observers.add(callback)

    def unchanging(self) -> AbstractContextManager[None]:
        """Let no other thread change the network meanwhile, where the engine can: so it is read as a whole."""
        alone: Callable[[], AbstractContextManager[None]] = getattr(self._inner, "alone", nullcontext)
        return alone()

    def close(self) -> None:
        self._inner.close()
        self._observers.clear()

    @contextmanager
    def batch(self, *, lenient: bool = False) -> Iterator[None]:
        with self._inner.batch(lenient=lenient):
            yield

    # -- operations

    @_recorded
    def add(self, name: str, type: str | TypeSpec, *, index: int | None = None) -> None:
        name = _plain(name)
        there = name in self._inner.processings()
        with _saying_what_to_type(self):
            self._inner.add(name, type, index=index)
        if not there:  # a server's own client is taken as it is
            self._record(Add(name, type, index), Remove(name))

    @_recorded
    def add_many(self, names: Sequence[str], type: str, config: Mapping[str, Any], columns: Mapping[str, Sequence[Any]]) -> None:
        """Make processings of a type as one step, all or none; see `CanAddMany`."""
        names = tuple(map(_plain, names))
        _check_different(names)
        if self._many is not None:
            if self.base is not None:
                parameters = self._inner.types()[type].parameters
                config = _rebased(parameters, config, self.base)
                columns = {key: [_rebased(parameters, {key: value}, self.base)[key] for value in column] for key, column in columns.items()}
            with _saying_what_to_type(self):
                self._many.add_many(names, type, config, columns)
            if names:
                self._record(AddMany(names, type, config, columns), *(Remove(name) for name in reversed(names)))
            return
        with self.step(f"add {len(names)} {type}"):
            for k, name in enumerate(names):
                self.add(name, type)
                self.configure(name, {**config, **{parameter: column[k] for parameter, column in columns.items()}})

    @_recorded
    def connect_many(self, wires: Iterable[Wire]) -> Mapping[Wire, ConnectionError_]:
        """Make wires as one step; those that cannot be made are passed over, and returned with the reason."""
        wires = tuple(wires)
        if self._many is not None:
            refused = {wire: self._typed(wire, error) for wire, error in self._many.connect_many(wires).items()}
            made = tuple(wire for wire in wires if wire not in refused) if refused else wires
            if made:
                self._record(ConnectMany(made), *(Disconnect(wire) for wire in reversed(made)))
            return refused
        refused = {}
        with self.step():
            for wire in wires:
                try:
                    self.connect(wire)
                except (DifferentConnectorType, ConnectionExists, PortTaken) as error:
                    refused[wire] = error
        return refused

    @_recorded
    def remove(self, name: str) -> None:
        processings = self._inner.processings()
        self._remove(name, _index_of(name, processings) if name in processings else None)

    @_recorded
    def clear(self) -> None:
        """Remove everything, and what belongs to the network as a whole, as one step."""
        with self.step("clear the network"):
            stayed = False
            for index, name in reversed(list(enumerate(self._inner.processings()))):
                try:
                    self._remove(name, index if stayed else None)
                except NotSupported:  # the machine's own ports in a JACK graph stay, their wires do not
                    stayed = True
                    for wire in list(wires_at(self._inner.processings()[name], self._inner.peers)):
                        self.disconnect(wire)
            self.set_info(NetworkInfo())
            self.set_file("")

    def _remove(self, name: str, index: int | None) -> None:
        """Remove a processing that stands at that index, None for the last."""
        state = self._inner.processings().get(name)
        wires = [] if state is None or not self._is_wired(name) else list(wires_at(state, self._inner.peers))
        self._inner.remove(name)
        assert state is not None  # the engine has refused else
        self._record(Remove(name), *_making(state, index), *map(Connect, wires))

    @_recorded
    def rename(self, old: str, new: str) -> None:
        old, new = _plain(old), _plain(new)
        with _saying_what_to_type(self):
            self._inner.rename(old, new)
        if old != new:
            self._record(Rename(old, new), Rename(new, old))

    @_recorded
    def configure(self, name: str, changes: Mapping[str, Any]) -> None:
        before = self._inner.processings().get(name)
        if before is not None and self.base is not None:
            changes = _rebased(before.spec.parameters, changes, self.base)
        counts = before is not None and before.spec.counts  # else its connectors stay, and so do its wires
        wires = list(wires_at(before, self._inner.peers)) if before is not None and counts and self._is_wired(name) else []
        self._inner.configure(name, changes)
        after = self._inner.processings()[name]
        assert before is not None
        if after == before:
            return
        lost: list[Wire] = []
        if wires and after.connectors is not before.connectors:
            kept = set(wires_at(after, self._inner.peers))
            lost = [wire for wire in wires if wire not in kept]
        old = {key: value for key, value in before.config.items() if key in changes or value != after.config[key]}
        new = {key: after.config[key] for key in old}
        forgotten = [
            SetControl(name, control, value)
            for control, value in before.controls.items()
            if repr(after.controls.get(control)) != repr(value)
        ]
        self._record(Configure(name, new, old), Configure(name, old, new), *forgotten, *map(Connect, lost))

    @_recorded
    def connect(self, wire: Wire) -> None:
        try:
            self._inner.connect(wire)
        except (DifferentConnectorType, ConnectionExists, PortTaken) as error:
            raise self._typed(wire, error) from None
        self._record(Connect(wire), Disconnect(wire))

    @_recorded
    def disconnect(self, wire: Wire) -> None:
        try:
            self._inner.disconnect(wire)
        except NotConnected as error:
            raise self._typed(wire, error) from None
        self._record(Disconnect(wire), Connect(wire))

    @_recorded
    def set_control(self, name: str, control: str, value: float | None) -> None:
        state = self._inner.processings().get(name)
        held = state.controls.get(control) if state is not None else None
        known = held is None and state is not None and any(spec.name == control for spec in state.connectors.incontrols)
        connector = ConnectorId(name, "Control", "In", control)
        heard = self._inner.value(connector) if known else held
        self._inner.set_control(name, control, value)
        now = self._inner.processings()[name].controls.get(control)
        if now is None and value is not None:  # its parameter holds it, as with plugins
            now = self._inner.value(connector)
            if now != heard:
                self._record(SetControl(name, control, now, heard), SetControl(name, control, heard, now))
            return
        if repr(now) == repr(held):  # repr tells -0.0 from 0.0
            return
        if held is None:
            inverse = [SetControl(name, control, heard, now), SetControl(name, control, None)]
        else:
            inverse = [SetControl(name, control, held, now)]
        self._record(SetControl(name, control, now, heard), *inverse)

    @_recorded
    def place(self, name: str, position: tuple[float, float] | None, size: tuple[float, float] | None) -> None:
        state = self._inner.processings().get(name)
        self._inner.place(name, position, size)
        assert state is not None
        if (state.position, state.size) != (position, size):
            self._record(Place(name, position, size), Place(name, state.position, state.size))

    @_recorded
    def set_info(self, info: NetworkInfo) -> None:
        before = self._inner.info()
        if info.volume != before.volume:
            check_can_set_volume(self._inner)
        self._inner.set_info(info)
        if before != info:
            self._record(SetInfo(info), SetInfo(before))

    @_recorded
    def set_volume(self, volume: float) -> None:
        """Set the volume of the network, in dB."""
        check_can_set_volume(self._inner)
        info = self._inner.info()
        self._inner.set_info(replace(info, volume=volume))
        if info.volume != volume:
            self._record(SetVolume(volume, info.volume), SetVolume(info.volume, volume))

    @_recorded
    def set_file(self, path: str) -> None:
        """Belong to another file from now on, ``""`` for none. What it holds is not looked at."""
        before, self.file = self.file, path
        if before != path:
            self._record(SetFile(path), SetFile(before))

    # -- files that a network file names

    def unseen(self) -> AbstractContextManager[None]:
        """See `CanLoadUnseen.unseen`; nothing for an engine that never looks at files."""
        return self._inner.unseen() if isinstance(self._inner, CanLoadUnseen) else nullcontext()

    def assume(self, end: ConnectorId) -> bool:
        """See `CanLoadUnseen.assume`. It is no step: it belongs to making the processing."""
        return isinstance(self._inner, CanLoadUnseen) and self._inner.assume(end)

    def is_unseen(self, name: str) -> bool:
        """See `CanLoadUnseen.is_unseen`."""
        return isinstance(self._inner, CanLoadUnseen) and self._inner.is_unseen(name)

    # -- inside

    @contextmanager
    def _recording(self) -> Iterator[None]:
        """Around what is recorded: Ctrl-C waits for its end, and then the observers hear what has changed."""
        depth = getattr(self._opened, "depth", 0)
        self._opened.depth = depth + 1
        try:
            with whole():
                yield
        finally:
            self._opened.depth = depth
            if not depth:
                self._observers.tell()

    def _hear(self, change: Change) -> None:
        self._observers.note(change)
        if not getattr(self._opened, "depth", 0):  # somebody else's change, told in a thread that records nothing
            self._observers.tell()

    @property
    def _open(self) -> list[Entry] | None:
        """The entries of the step that this thread is making."""
        return getattr(self._opened, "entries", None)

    @_open.setter
    def _open(self, entries: list[Entry] | None) -> None:
        self._opened.entries = entries

    @property
    def _taking_back(self) -> bool:
        """Whether this thread is taking back what it has done."""
        return getattr(self._opened, "taking_back", False)

    def _is_wired(self, name: str) -> bool:
        """Whether a processing may have wires."""
        known: Callable[[str], bool] | None = getattr(self._inner, "is_wired", None)
        return known is None or known(name)

    def _typed(self, wire: Wire, error: ConnectionError_) -> ConnectionError_:
        """An engine's error about a wire with its two ends as one types them."""
        processings = self._inner.processings()
        variable = variable_of(self)
        ends = names.expression(processings, wire.out_end, variable), names.expression(processings, wire.in_end, variable)
        return error.of(*ends) if isinstance(error, (DifferentConnectorType, ConnectionExists, PortTaken, NotConnected)) else error

    def _record(self, done: Operation, *inverse: Operation) -> None:
        entry = Entry(done, inverse)
        if self._open is None:
            self._keep("", [entry])
            return
        self._open.append(entry)
        if not self._taking_back:
            safe_point()

    def _keep(self, title: str, entries: list[Entry]) -> None:
        if entries:
            self.steps.keep(Step(title, tuple(entries)))
            self._tell_kept(entries)

    def _tell_kept(self, entries: Sequence[Entry]) -> None:
        if self.kept is not None:
            self.kept(tuple(entry.done for entry in entries))

    def _replay(self, step: Step, put_back: Callable[[Step], None]) -> Step:
        """Take a step back; the step that takes that back. Where it fails nothing has changed, and `put_back` gets the step."""
        entries: list[Entry] = []
        try:
            with self._collecting(entries, True), self.relative_to(None), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what was there before has been warned of before
                self._take_back(step.entries)
        except _STALE as error:  # else it would bar the way to all that was done before it
            error.add_note(f"{step.title!r} can no longer be undone or redone, and was removed from the history. Undo continues before it")
            self.steps.saved.clear()
            raise
        except BaseException:
            put_back(step)
            raise
        return Step(step.title, tuple(entries), step.before, step.after)

    def _take_back(self, entries: Sequence[Entry], each: AbstractContextManager[Any] = _NOTHING) -> None:
        for entry in reversed(entries):
            for operation in entry.inverse:
                with each:
                    apply(self, operation)

    @contextmanager
    def _collecting(self, entries: list[Entry], lenient: bool) -> Iterator[None]:
        with self._inner.batch(lenient=lenient):
            before, self._open = self._open, entries
            try:
                yield
            except BaseException:
                self._open, self._opened.taking_back = [], True  # what takes it back is recorded nowhere, and not interrupted
                with self.unchanging(), self._inner.batch(lenient=True), self.relative_to(None), warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # what was there before has been warned of before
                    self._take_back(entries, suppress(*_STALE))  # which other threads have changed meanwhile
                raise
            finally:
                self._open, self._opened.taking_back = before, False


def _stamp(path: str) -> _Stamp | None:
    """What changes when somebody writes a file; None where there is none."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _making(state: ProcessingState, index: int | None) -> Iterator[Operation]:
    """The operations that make a processing like this one again, without its wires."""
    yield Add(state.name, state.spec, index)
    yield Configure(state.name, state.config, state.spec.defaults)
    if (state.position, state.size) != (None, None):
        yield Place(state.name, state.position, state.size)
    for control, value in state.controls.items():
        yield SetControl(state.name, control, value)


@contextmanager
def _saying_what_to_type(proxy: RecordingProxy) -> Iterator[None]:
    """Engines do not know which names are reserved: what takes a processing away is said here, as one types it."""
    try:
        yield
    except NameAlreadyExists as error:
        typed = variable_of(proxy) + names.access("Network", error.processing)
        raise NameAlreadyExists(error.processing, f"del {typed}") from error.__cause__
    except NoSuchType as error:
        types = proxy.types()
        raise NoSuchType(error.type, error.engine, types, alike(types.values(), error.type), variable_of(proxy)) from error.__cause__


def _plain(name: str) -> str:
    """A name as plain text; what is no text is left for the engine to refuse."""
    return plain_text(name) if isinstance(name, str) else name


def _check_different(names: Sequence[object]) -> None:
    """Refuse names of which two are the same."""
    seen: set[str] = set()
    for name in names:
        if isinstance(name, str):
            if name in seen:
                raise InvalidName(name, "it is given twice. Each needs a name of its own")
            seen.add(name)


def _index_of(name: str, processings: Mapping[str, ProcessingState]) -> int | None:
    """The index of a processing; None when it is the last, so that taking all back in turn costs no search."""
    with suppress(RuntimeError):  # another thread adds one
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
