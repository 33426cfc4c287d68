"""Playback of a network of the clam engine: whether it plays, on what, and what it records."""

from __future__ import annotations

import contextlib
import threading
import weakref
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING, ParamSpec, Protocol, TypeVar

from ...errors import DeviceError, EngineError
from ...proxy import Levels, NetworkInfo, ProcessingState, State, Status, Wire
from .ahead import Background, prepare
from .types import declaration

if TYPE_CHECKING:
    from ...dsp.playing.player import Player
    from ...dsp.playing.recorder import Recorder

P = ParamSpec("P")
R = TypeVar("R")


class Playable(Protocol):
    """A network, as far as its playback has to know it."""

    @property
    def lock(self) -> threading.RLock: ...

    def processings(self) -> Mapping[str, ProcessingState]: ...

    def wires(self) -> Collection[Wire]: ...

    def info(self) -> NetworkInfo: ...

    def channels(self) -> tuple[list[str], list[str]]:
        """The names of the sources and sinks that play, in the order of the device's channels."""

    def wires_of(self, name: str) -> list[Wire]:
        """The wires of a processing."""

    def look_at_files(self) -> None:
        """Look at the files of a network that was loaded without."""

    def check_playable(self) -> None:
        """`NotPlayable` if it cannot play."""

    def put_off(self) -> None:
        """Silence the processings whose files are not to be opened now."""

    def has_moved(self, before: State, after: State) -> None:
        """Queue a change of the state for the observers."""

    def tell(self) -> None:
        """Notify the observers."""


class Transport:
    """Plays, pauses and stops a network, and records it.

    Attributes
    ----------
    player : while the network plays or pauses.
    """

    def __init__(self) -> None:
        self.player: Player | None = None
        self._state: State = "stopped"
        self._compiling = ""
        self._recorder: Recorder | None = None  # begins with the next `play`
        self._lost: tuple[str, ...] = ()
        self._limiter = True
        self._levels = Levels()  # of the last playback
        self._abandon: weakref.finalize[..., Playable] | None = None
        self._changing = threading.RLock()  # held while the player starts or stops

    def play(self, network: Playable, device: str, sample_rate: int | None, block_size: int | None) -> None:
        """See `CanPlay.play`."""
        from ...dsp import kernel
        from ...dsp.devices import DeviceUnavailable
        from ...dsp.native.errors import KernelError

        heard = kernel.on_compile(self._compiles)
        try:
            with self._change(network):
                if self.player is not None and self._goes_on(self.player, device, sample_rate, block_size):
                    network.look_at_files()
                    self.player.go()
                else:
                    self._begin(network, device, sample_rate, block_size)
                self._now(network, "playing")
        except DeviceUnavailable as error:
            raise DeviceError(f"cannot play on {device!r}: {error}") from error
        except KernelError as error:
            raise EngineError(str(error)) from error
        finally:
            heard()
            self._compiling = ""

    def pause(self, network: Playable) -> None:
        """See `CanPlay.pause`."""
        with self._change(network):
            if self.player is not None and self._state == "playing":
                self.player.hold()
                self._now(network, "paused")

    def stop(self, network: Playable) -> None:
        """See `CanPlay.stop`."""
        with self._change(network):
            player, self.player = self.player, None
            if player is not None:
                self._leave(player)
                self._lost = player.lost
                self._levels = player.levels()
            self._recorder = None
            self._now(network, "stopped")

    def status(self) -> Status:
        """See `CanPlay.status`."""
        player = self.player
        if player is None:
            return Status(messages=tuple(filter(None, (self._compiling, self._armed(), *self._lost))))
        return player.status(self._state)

    def levels(self) -> Levels:
        """See `CanSetVolume.levels`."""
        player = self.player
        return self._levels if player is None else player.levels()

    @property
    def limiter(self) -> bool:
        """See `CanLimit`."""
        return self._limiter

    @limiter.setter
    def limiter(self, on: bool) -> None:
        self._limiter = on
        player = self.player
        if player is not None:
            player.limit(on)

    def record(self, path: str, seconds: float | None = None) -> Callable[[], int]:
        """See `CanRecord.record`."""
        from ...dsp.playing.recorder import Recorder

        recorder = Recorder(path, seconds)
        with self._changing:
            if self.player is not None:
                self.player.record(recorder)
            else:
                self._recorder = recorder

        held = weakref.ref(self)  # who keeps the function does not keep the player

        def end() -> int:
            transport = held()
            if transport is not None and transport._recorder is recorder:
                transport._recorder = None
            return recorder.end()

        return end

    def forsake(self) -> None:
        """Reset in a child process: the player belongs to the parent, and the thread that held the lock does not exist."""
        self._changing = threading.RLock()
        self.player, self._state, self._recorder = None, "stopped", None

    def _begin(self, network: Playable, device: str, sample_rate: int | None, block_size: int | None) -> None:
        """Start a player."""
        from ...dsp.playing.player import Player

        network.put_off()
        lookups = declaration, _weakly(network.channels), _weakly(network.wires_of), _weakly(network.processings)
        player = Player(*lookups, Background(), network.lock)
        network.check_playable()
        prepare(dict.fromkeys(declaration(state.spec.name) for state in list(network.processings().values())), device, self._compiles)
        if self._recorder is not None:
            player.record(self._recorder)
        player.limit(self._limiter)
        with network.lock:  # a control that another thread sends comes before, or is heard
            player.open(network.processings(), network.wires(), network.info(), device, sample_rate, block_size)
            self.player, self._recorder, self._lost = player, None, ()
            self._abandon = weakref.finalize(network, player.abandon)
            self._abandon.atexit = False

    def _goes_on(self, player: Player, device: str, sample_rate: int | None, block_size: int | None) -> bool:
        """Let the player continue with these settings; False if the network has to be restarted for them."""
        from ...dsp.playing.player import OtherRate

        if player.plays_on(device, sample_rate, block_size):
            return True
        try:
            player.move(device, sample_rate, block_size)
        except OtherRate:
            self._leave(player)
            self.player = None
            return False
        return True

    def _leave(self, player: Player) -> None:
        """Close a player."""
        player.close()
        if self._abandon is not None:
            self._abandon.detach()

    def _compiles(self, name: str) -> None:
        """Note what is being compiled, for threads that read the status meanwhile."""
        self._compiling = f"compiling {name}, once on this machine"

    def _armed(self) -> str:
        recorder = self._recorder
        return f"the next play() records to {recorder.path}. To cancel it: stop()" if recorder is not None else ""

    def _now(self, network: Playable, state: State) -> None:
        before, self._state = self._state, state
        if before != state:
            network.has_moved(before, state)

    @contextlib.contextmanager
    def _change(self, network: Playable) -> Iterator[None]:
        """Let no other thread start or stop meanwhile, and notify the observers afterwards."""
        try:
            with self._changing:
                yield
        finally:
            network.tell()


def _weakly(method: Callable[P, R]) -> Callable[P, R]:
    """A method of a network for its player, which does not keep the network."""
    held = weakref.WeakMethod(method)

    def call(*arguments: P.args, **options: P.kwargs) -> R:
        found = held()
        if found is None:
            raise ReferenceError("the network is gone")
        return found(*arguments, **options)

    return call
