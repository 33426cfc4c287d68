"""The journal: the changes of a network that are not in its file yet, on disk within a second, for after a crash.

A `Journal` writes the operations of the history to a file of its own while the network has changes that are not saved. It begins
with a snapshot of the network, so recovery depends on no other file. An edit only appends to a queue; a thread writes. `found`
lists the journals of processes that ended before they had saved.

The files are in ``~/.local/state/ipyclam/journal`` (``XDG_STATE_HOME`` is heeded; ``IPYCLAM_STATE`` names another folder than
``~/.local/state/ipyclam``), readable by their user only. They are read as data: nothing in them is imported or run.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
import weakref
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any, Final, NamedTuple

from ..errors import ConnectionExists, NameAlreadyExists, NoSuchProcessing, NotConnected
from ..proxy import NetworkProxy, ProcessingState
from ..system.living import Living
from .history import RecordingProxy
from .operations import Add, Configure, ConnectMany, Operation, Place, SetControl, SetInfo, SetVolume, apply
from .portable import Reader, Writer

PACE: Final = 0.4
"""Seconds between writes."""

AGAIN: Final = 10.0
"""Seconds until the next attempt where writing has failed."""

LARGEST: Final = 4_000_000
"""Bytes of a file, beyond which it begins again with a new snapshot."""

FORMAT: Final = 1
_HEAD, _MARK = "ipyclam journal", "Saved"
_HEAD_LIMIT: Final = 65536
"""The most bytes of the first line."""

_TAIL: Final = 4096
"""Bytes at the end of a whole file that hold its last mark."""

_SUFFIX: Final = ".journal"
_ours: Living[Journal] = Living()


def folder() -> Path:
    """The folder of the journals; it may be missing."""
    named = os.environ.get("IPYCLAM_STATE")
    if named:
        return Path(named) / "journal"
    base = os.environ.get("XDG_STATE_HOME") or os.path.join(os.path.expanduser("~"), ".local", "state")
    return Path(base) / "ipyclam" / "journal"


class Journal:
    """Writes the unsaved changes of one network.

    Parameters
    ----------
    proxy : the network. It is not kept alive; when it is gone, its file stays, to be found.

    Attributes
    ----------
    problem : why changes cannot be written; ``""`` while they can.
    """

    def __init__(self, proxy: RecordingProxy) -> None:
        self.problem = ""
        self._proxy = weakref.ref(proxy, lambda _: self._end())
        self._pending: deque[Sequence[Operation]] = deque()  # one for each step, and () where a file has come to hold them all
        self._changes = 0
        self._file: _File | None = None
        self._is_behind = False  # the file does not hold all that was taken from `_pending`
        self._wake, self._ended = Event(), Event()
        self._writing = Lock()
        self._thread: Thread | None = None
        self._process = os.getpid()
        proxy.kept = self._note
        _ours.add(self)
        if proxy.modified:
            self._changes = max(1, len(proxy.steps.done))
            self._begin()

    def _note(self, operations: Sequence[Operation]) -> None:
        self._pending.append(operations)
        self._begin()

    def _begin(self) -> None:
        self._wake.set()
        if self._thread is None:
            self._thread = Thread(target=self._run, name="ipyclam-journal", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while not self._ended.is_set():
            self._wake.wait(AGAIN if self.problem else None)
            self._wake.clear()
            self.flush()
            self._ended.wait(PACE)
        self.flush()
        with self._writing:
            if self._proxy() is None and self._file is not None:
                self._file.close()  # its lock too: it can be recovered now

    def flush(self) -> None:
        """Write what has not been written yet, now."""
        with self._writing:
            if self._process == os.getpid():
                try:
                    self._write()
                    self.problem = ""
                except Exception as error:  # whatever it is, the next attempt begins with a snapshot, and the old file stays until then
                    self._is_behind = True
                    reason = getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
                    self.problem = f"unsaved changes cannot be kept for a crash: {reason} ({folder()})"

    def close(self, *, remove: bool) -> bool:
        """End it, and wait for that. `remove` its file; else one with unsaved changes stays, to be found: returns whether one does."""
        proxy = self._proxy()
        if proxy is not None and proxy.kept == self._note:
            proxy.kept = None
        _ours.discard(self)
        self._end()
        if self._thread is not None:
            self._thread.join()
        with self._writing:
            if remove:
                self._drop()
            elif self._file is not None:
                self._file.close()
            stays, self._file = self._file is not None, None
            return stays

    @property
    def proxy(self) -> RecordingProxy | None:
        """The network; None when it is gone."""
        return self._proxy()

    def _end(self) -> None:
        self._ended.set()
        self._wake.set()

    def _write(self) -> None:
        """Bring the file up to date: there is one while the network has unsaved changes."""
        proxy = self._proxy()
        taken = self._taken()
        if proxy is not None and not proxy.modified:
            self._drop()
            self._changes = 0
            return
        if () in taken:  # saved, or opened, since
            self._is_behind, self._changes = True, 0
            taken = taken[len(taken) - taken[::-1].index(()) :]
        self._changes += len(taken)
        file = self._file
        if proxy is not None and (file is None or self._is_behind or file.size > LARGEST or file.name != proxy.file):
            with proxy.unchanging():
                self._changes += len(self._taken())
                content = list(snapshot(proxy.inner))
            self._replace(proxy, content)
        elif taken and file is not None:
            file.write(_without_repeated_controls(operation for step in taken for operation in step), self._changes)

    def _taken(self) -> list[Sequence[Operation]]:
        """The steps that were made since the last call."""
        taken = []
        while self._pending:
            taken.append(self._pending.popleft())
        return taken

    def _replace(self, proxy: RecordingProxy, content: Sequence[Operation]) -> None:
        """Begin a new file; the old one stays until the new one is whole."""
        new = _File(proxy, proxy.file, "" if self._file is None else self._file.path.name)
        try:
            new.write(content, self._changes)
        except BaseException:
            new.remove()
            raise
        self._drop()
        self._file, self._is_behind = new, False

    def _drop(self) -> None:
        if self._file is not None:
            self._file.remove()
            self._file = None

    def _leave_to_parent(self) -> None:
        """After a fork, in the child: its changes are not the parent's."""
        proxy = self._proxy()
        if proxy is not None:
            proxy.kept = None
        self._thread = None


class _File:
    """A file that is being written, and locked as long as its process lives."""

    def __init__(self, proxy: RecordingProxy, name: str, replaces: str) -> None:
        where = folder()
        where.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path = where / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}-{os.urandom(4).hex()}{_SUFFIX}"
        self._descriptor: int | None = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        _open_here.add(self.path.name)
        self.name, self.size = name, 0
        self._lines = Writer(proxy.inner.types())
        try:
            fcntl.lockf(self._descriptor, fcntl.LOCK_EX)
            head = {_HEAD: FORMAT, "engine": proxy.engine, "name": name, "folder": os.getcwd(), "begun": time.time()}
            head["replaces"] = replaces  # which is removed after this one is whole, if nothing ends the process in between
            self._append(json.dumps(head) + "\n")
        except OSError:
            self.remove()
            raise

    def write(self, operations: Iterable[Operation], changes: int) -> None:
        """Append operations and a mark: without the mark they count as not written."""
        lines = [line for operation in operations for line in self._lines.lines(operation)]
        self._append("".join(lines) + json.dumps([_MARK, changes, time.time()]) + "\n")
        assert self._descriptor is not None
        os.fdatasync(self._descriptor)

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            _open_here.discard(self.path.name)
        self._descriptor = None

    def remove(self) -> None:
        with contextlib.suppress(OSError):
            self.path.unlink()
        self.close()

    def _append(self, text: str) -> None:
        assert self._descriptor is not None
        rest = memoryview(text.encode())
        while rest:
            written = os.write(self._descriptor, rest)
            self.size += written
            rest = rest[written:]


_open_here: set[str] = set()
"""The files of this process. Opening one again and closing it would give up its lock."""


def snapshot(proxy: NetworkProxy) -> Iterator[Operation]:
    """The operations that make the network as it is now in an empty one."""
    states, wires, info = list(proxy.processings().values()), tuple(proxy.wires()), proxy.info()
    for state in states:
        yield from making(state)
    if wires:
        yield ConnectMany(wires)
    yield SetInfo(info)


def making(state: ProcessingState) -> Iterator[Operation]:
    """The operations that make a processing like this one, without its wires."""
    yield Add(state.name, state.spec)
    if state.config != state.spec.defaults:
        yield Configure(state.name, state.config, {})
    if (state.position, state.size) != (None, None):
        yield Place(state.name, state.position, state.size)
    for control, value in state.controls.items():
        yield SetControl(state.name, control, value)


def _without_repeated_controls(operations: Iterator[Operation]) -> Iterator[Operation]:
    """Of values that follow each other on the same controls, and of volumes, only the last ones."""
    held: dict[tuple[str, str], Operation] = {}
    for operation in operations:
        if isinstance(operation, SetControl):
            held[operation.name, operation.control] = operation
            continue
        if isinstance(operation, SetVolume):
            held["", ""] = operation
            continue
        yield from held.values()
        held.clear()
        yield operation
    yield from held.values()


class Found(NamedTuple):
    """A journal with changes that were not saved, of a process that has ended.

    Attributes
    ----------
    name : the path of the network's file, or ``""``.
    folder : its current folder, which relative paths are relative to.
    changes : number of changes since the network was saved.
    replaces : the file name of an older journal of the same network, ``""`` for none.
    begun, ended : the time of the first change and of the last, in seconds since 1970.
    """

    path: Path
    engine: str
    name: str
    folder: str
    changes: int
    replaces: str
    begun: float
    ended: float

    @property
    def title(self) -> str:
        """The name of the network's file, or ``a network without a file``."""
        return os.path.basename(self.name) or "a network without a file"

    @property
    def told_changes(self) -> str:
        """The number of changes, in words."""
        return "1 change" if self.changes == 1 else f"{self.changes} changes"

    def discard(self) -> None:
        """Remove the file, and an older one that it should have replaced."""
        self.path.unlink(missing_ok=True)
        if self.replaces.endswith(_SUFFIX):
            self.path.with_name(os.path.basename(self.replaces)).unlink(missing_ok=True)

    def recover(self, proxy: RecordingProxy) -> list[str]:
        """Replace the network by what the journal holds, as one undo step; returns what could not be made again, and why.

        The journal stays. Raises ``OSError`` if it cannot be read.
        """
        reader = Reader(proxy.types())
        problems: list[str] = []
        operations: list[Operation] = []
        with _locked(self.path) as text:
            for line in _whole_lines(text):
                try:
                    operations += reader.operations(line)
                except ValueError:
                    problems.append(f"a damaged line was left out: {line[:60]!r}")
        with proxy.step(f"recover {os.path.basename(self.name) or 'the network'}", lenient=True), proxy.relative_to(self.folder):
            proxy.clear()
            proxy.set_file(self.name)
            for operation in operations:
                problems += _make(proxy, operation)
        return problems


def found() -> list[Found]:
    """The journals of processes that have ended, the newest first."""
    listed = []
    with contextlib.suppress(OSError):
        for path in folder().glob(f"*{_SUFFIX}"):
            with contextlib.suppress(Exception):  # whatever is wrong with one, the others are there
                listed.append(_facts(path))
    replaced = {one.replaces for one in listed}
    return sorted((one for one in listed if one.path.name not in replaced), key=lambda one: one.ended, reverse=True)


def _facts(path: Path) -> Found:
    """The facts of a journal; ``ValueError`` if nothing in it is whole."""
    for tail in (_TAIL, None):  # what comes after the last mark may be long
        with _locked(path, tail) as text:
            first, *lines = text.split("\n")
        marks = [line for line in lines[:-1] if line.startswith(f'["{_MARK}"')]
        if marks:
            break
    else:
        raise ValueError("nothing in it is whole")
    head, mark = json.loads(first), json.loads(marks[-1])
    if head[_HEAD] != FORMAT:
        raise ValueError("written by another version of ipyclam")
    texts = (str(head.get(fact, "")) for fact in ("engine", "name", "folder", "replaces"))
    engine, name, there, replaces = texts
    return Found(path, engine, name, there, int(mark[1]), replaces, float(head["begun"]), float(mark[2]))


@contextlib.contextmanager
def _locked(path: Path, tail: int | None = None) -> Iterator[str]:
    """The text of a journal, or its first line and its end, while no other process has it. Raises ``OSError`` if one has."""
    if path.name in _open_here:
        raise BlockingIOError("this process writes it")
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    with open(descriptor, "rb") as file:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        head = file.readline(_HEAD_LIMIT)
        if tail is not None:
            file.seek(max(file.tell(), os.fstat(descriptor).st_size - tail))
        yield (head + file.read()).decode(errors="replace")


def _whole_lines(text: str) -> Iterator[str]:
    """The lines of operations up to the last mark; what comes after it was not written whole."""
    _, *lines = text.split("\n")
    held: list[str] = []
    for line in lines[:-1]:
        if line.startswith(f'["{_MARK}"'):
            yield from held
            held = []
        else:
            held.append(line)


_ALREADY_SO = (NameAlreadyExists, ConnectionExists, NotConnected, NoSuchProcessing)
"""Errors of an operation that the snapshot holds already, as it was recorded while that was taken; or that follow from another error."""


def _make(proxy: RecordingProxy, operation: Operation) -> Iterator[str]:
    """Make an operation; why it cannot be made, if so."""
    try:
        if isinstance(operation, ConnectMany):
            refused: Any = proxy.connect_many(operation.wires)
            yield from (str(error) for error in refused.values() if not isinstance(error, _ALREADY_SO))
        else:
            apply(proxy, operation)
    except _ALREADY_SO:
        pass
    except Exception as error:  # a damaged journal may hold anything
        yield f"{operation}: {error}"


def _after_fork() -> None:
    for journal in _ours.all():
        journal._leave_to_parent()
    _ours.clear()
    _open_here.clear()


os.register_at_fork(after_in_child=_after_fork)
