"""Networks: processings as attributes, and the methods that play, render, save and edit a whole network."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NoReturn

from ..errors import NameAlreadyExists, NoSuchEngine, NoSuchProcessing, NotSupported, ReadOnly, ReservedName, suggest
from ..panels import panel
from ..parameters import plain_text
from ..pictures import draw, shown
from ..proxy import (
    CanFreewheel,
    CanLocate,
    CanPanic,
    CanPlay,
    CanRecord,
    CanSetVolume,
    CanTellLatency,
    Change,
    Levels,
    NetworkProxy,
    State,
    Status,
    Wire,
)
from ..registry import engines
from ..system import given
from ..system.display import brief
from ..system.interrupts import whole
from ..variables import variable_of
from . import arguments, files, levels, names, offered, rendering
from .code import code, same
from .exploring import Choice, Explorable, Key, Member, structural, takes
from .given_types import Clone, spec_of, type_name
from .groups import Group, find_group, make_bank, names_of
from .history import RecordingProxy
from .placeholder import Placeholder
from .processing import Processing
from .processing_types import ProcessingType, ProcessingTypes
from .recording import Recording
from .sounding import begun
from .steps import Past

if TYPE_CHECKING:
    from ..proxy import Samples


LONGEST: Final = 1e9
"""Seconds: 31 years."""

ELSEWHERE: Final = {
    "add": "To add one: net.osc = net.types.Oscillator",
    "connect": "To connect two: net.osc > net.amp",
    "delete": "To remove one: del net.osc",
    "disconnect": "To disconnect two: net.osc / net.amp",
    "remove": "To remove one: del net.osc",
    "rename": 'To rename one: net.osc.name = "bass"',
}
"""What one may look for among the methods of a network, and what to type for it."""


_SET_BY: Final[Mapping[type, tuple[type, ...]]] = {int: (float, int), float: (float,), bool: (bool,)}
"""The types of parameters that a value of each type can be meant for."""


class Network(Explorable):
    """A live network of audio processings.

    Processings are attributes, or items if a name is not an identifier: ``net.osc = net.types.Oscillator`` adds one,
    ``del net.osc`` removes it, ``net.osc.Output > net.mixer`` connects. Every change can be undone.

    Parameters
    ----------
    engine : the name of an engine (``"clam"``, ``"jack"``, ``"dummy"`` ...) or a `NetworkProxy`.
    relative_to : a file. Relative paths of file parameters are then relative to its folder instead of the
        current directory. Files written by `save` use this.
    **options : options of the engine, the arguments of its ``create``.

    Examples
    --------
    >>> net = Network()
    >>> net.osc = net.types.SimpleOscillator
    >>> net.out = net.types.AudioSink
    >>> net.osc.Frequency = 220.0
    >>> print(net.code())
    net.osc = net.types.SimpleOscillator
    net.osc.Frequency = 220.0
    net.out = net.types.AudioSink
    >>> net.osc > net.out
    net.osc["Audio Output"] > net.out["1"]
    """

    __slots__ = ("__weakref__", "_proxy")
    __hash__ = None  # type: ignore[assignment]

    _proxy: RecordingProxy

    @takes(engine=arguments.engines)
    def __init__(
        self, engine: str | NetworkProxy | RecordingProxy = "clam", *, relative_to: str | os.PathLike[str] | None = None, **options: Any
    ) -> None:
        folder = None if relative_to is None else os.path.dirname(os.path.realpath(given.path(relative_to, "relative_to")))
        if folder is not None and "types" in options:
            origins = given.origins(options["types"])
            options["types"] = [os.path.join(folder, origin) if origin.endswith(".py") else origin for origin in origins]
        proxy = _create(engine, options)
        if folder is not None:
            proxy.base = folder
        object.__setattr__(self, "_proxy", proxy)

    # -- facts

    @property
    def engine(self) -> str:
        """The engine's name."""
        return self._proxy.engine

    @property
    def proxy(self) -> RecordingProxy:
        """The `NetworkProxy` of this network, for tools. Changes made through it can be undone as well."""
        return self._proxy

    @property
    @structural
    def types(self) -> ProcessingTypes:
        """The processing types of the engine: ``net.types.Oscillator``, ``net.types.search("filter")``."""
        return ProcessingTypes(self._proxy)

    @property
    def description(self) -> str:
        """A description of the network. Assign to change it."""
        return self._proxy.info().description

    @description.setter
    def description(self, text: str) -> None:
        self._set_info("description", text)

    @property
    def volume(self) -> float:
        """The volume of the whole network in dB, heard while it plays and in renders. Assign to change it.

        0 leaves every sample as it is, -6 is half the amplitude, ``float("-inf")`` is silence; the most is 24.
        A change while it plays is smooth. It can be undone, and is saved with the network in a ``.py`` file.
        """
        return self._proxy.info().volume

    @volume.setter
    def volume(self, decibels: float) -> None:
        if isinstance(decibels, (ProcessingType, Placeholder, Clone, Processing)):
            raise ReservedName("volume", 'net["volume"] = ...')
        self._proxy.set_volume(levels.checked_volume(decibels))

    @property
    def peaks(self) -> dict[str, float]:
        """The peak of each sink in dBFS, as a meter shows it now: 0 is full scale. Empty unless it plays."""
        return {sink.name: sink.now for sink in self.levels().sinks} if self.state == "playing" else {}

    @property
    def modified(self) -> bool:
        """Whether there are changes that no file holds: edits, and control values set by hand, since `save` or `load`.

        Undoing all of them makes this False again. Playing is no change.
        """
        return self._proxy.modified

    @property
    def state(self) -> State:
        """``"stopped"``, ``"playing"`` or ``"paused"``."""
        return self.status().state

    def status(self) -> Status:
        """Device, load, xruns, position and messages."""
        inner = self._proxy.inner
        return inner.status() if isinstance(inner, CanPlay) else Status()

    def levels(self) -> Levels:
        """The peak of each sink, now and since playback started, its clipped samples, and what the limiter did."""
        inner = self._proxy.inner
        return inner.levels() if isinstance(inner, CanSetVolume) else Levels()

    @property
    def latency(self) -> int:
        """How many frames later than the sources the sinks are: the latest of them. 0 without spectra and other frames.

        The device's own latency is not in it. The latency of a single port is ``net.analysis.Output.latency``.
        While the network does not play, it is the latency that it has with blocks of 512 frames.
        """
        inner = self._proxy.inner
        return inner.latency() if isinstance(inner, CanTellLatency) else 0

    @property
    def devices(self) -> tuple[str, ...]:
        """The devices that `play` accepts. ``"auto"`` is first, then the others in the order in which it tries them."""
        inner = self._proxy.inner
        return tuple(inner.devices()) if isinstance(inner, CanPlay) else ()

    # -- playing

    @takes(device=arguments.devices)
    def play(self, device: str = "auto", sample_rate: int | None = None, block_size: int | None = None, *, limiter: bool = True) -> None:
        """Start playing, or resume after `pause`.

        It plays until `stop`, or until nothing holds the network any more: keep it in a variable.
        `ipyclam_core.stop_all` stops every network of this process.

        Parameters
        ----------
        device : one of `devices`; ``"auto"`` uses the first that works.
        sample_rate : in Hz; None uses the sample rate of the device.
        block_size : in frames; None uses one that suits the device.
        limiter : whether a safety limiter keeps what a sound card plays within full scale. Below that it changes nothing.
            JACK, recordings and renders are never limited.
        """
        with whole():
            if not isinstance(device, str):
                raise TypeError(
                    f'the device must be a name such as "auto" or "clock", not {brief(device)}. To play for some seconds: %play 2'
                )
            player = self._player("play")
            rate = None if sample_rate is None else given.count("sample_rate", sample_rate, 1)
            block = None if block_size is None else given.count("block_size", block_size, 1, rendering.LARGEST_BLOCK)
            with levels.limiting(player, given.flag("limiter", limiter)):
                player.play(plain_text(device), rate, block)
            begun(player)

    def pause(self) -> None:
        """Pause. `play` resumes from here."""
        with whole():
            self._player("pause").pause()

    def stop(self) -> None:
        """Stop. `play` starts again from the beginning."""
        with whole():
            self._player("stop").stop()

    def panic(self) -> None:
        """Silence the output at once, and stop.

        The output fades out within a block. All processings lose their state: delays, reverbs, held notes. Controls and
        parameters keep their values. The next `play` starts from the beginning.
        """
        with whole():
            if not isinstance(self._proxy.inner, CanPanic):
                raise NotSupported(self.engine, "silence its output at once", "To stop: net.stop()")
            self._proxy.inner.panic()

    def locate(self, seconds: float) -> None:
        """Go to a position in seconds. It works whether playing or not."""
        with whole():
            if not isinstance(self._proxy.inner, CanLocate):
                raise NotSupported(self.engine, "go to another position", f"To go to the beginning: {variable_of(self._proxy)}.stop()")
            self._proxy.inner.locate(given.duration(seconds, most=LONGEST))

    def freewheel(self, on: bool = True) -> None:
        """Run faster than real time, without the device. So a client of the server can record faster. ``False`` ends it."""
        with whole():
            if not isinstance(self._proxy.inner, CanFreewheel):
                raise NotSupported(self.engine, "freewheel", f"To compute faster than real time: {variable_of(self._proxy)}.render(...)")
            self._proxy.inner.freewheel(given.flag("on", on))

    @takes(path=arguments.sound_files)
    def record(self, path: str | os.PathLike[str], seconds: float | None = None) -> Recording:
        """Record the output to a sound file. Recording starts now, or at the first frame if called before `play`.

        Parameters
        ----------
        path : the sound file. Its suffix gives the format: ``.wav``, ``.flac``, ``.ogg`` ...
        seconds : duration. None records until the recording, or the network, is stopped.

        Returns
        -------
        Recording
            Its ``stop()`` ends it and returns the number of frames; ``path`` and ``seconds`` tell about it.
        """
        with whole():
            if not isinstance(self._proxy.inner, CanRecord):
                raise NotSupported(self.engine, "record what it plays")
            longest = None if seconds is None else given.duration(seconds, most=LONGEST)
            if longest == 0:
                raise ValueError(f"record takes more than 0 seconds, not {brief(seconds)}. Without a number it records until it is stopped")
            end = self._proxy.inner.record(given.path(path), longest)
            return Recording(given.path(path), self._player("record"), end, longest)

    def render(
        self,
        seconds: float | None = None,
        *,
        frames: int | None = None,
        inputs: Samples | str | Sequence[Samples | str] | Mapping[str, Samples | str] | None = None,
        block_size: int = 512,
        sample_rate: int | None = None,
        progress: Callable[[int], bool | None] | None = None,
    ) -> Samples:
        """Render the network to an array. It is faster than real time, and does not disturb playback.

        Parameters
        ----------
        seconds, frames : duration. Give one of them, or neither to render as long as the longest input.
        inputs : the signals of the sources: one array or path, a list of them in the order of the sources, or a mapping
            from a processing or its name. Arrays are ``(frames,)`` or ``(frames, channels)``, of floats, or of int16, int32,
            int8 or uint8 samples, which are scaled to -1 to 1. A sound file
            with another sample rate is resampled, with a warning. When an input ends, its source is silent.
        block_size : in frames.
        sample_rate : in Hz; None uses the sample rate of the current playback, or 48000.
        progress : called from time to time with the number of frames rendered. If it returns False, rendering ends early.

        Returns
        -------
        numpy.ndarray
            float32, ``(frames, channels)``: all sinks, by y position if every sink has one, otherwise in order of creation.

        Raises
        ------
        ValueError, TypeError
            The duration or an input is not valid.
        NotPlayable
            The network cannot play: it has placeholders, or files are missing.
        """
        with whole():
            return rendering.render(self._proxy, seconds, frames, inputs, block_size, sample_rate, progress)

    # -- many at once

    @takes(type=arguments.types, config=arguments.parameters)
    def bank(self, names: str | Iterable[str], type: Any, count: int | None = None, /, **config: Any) -> Group:
        """Add many processings of a type, as one undo step.

        Parameters
        ----------
        names : a pattern with a place for a number counted from 1, ``"saw{}"`` or ``"saw{:02}"``; or a list of names.
        type : the processing type, such as ``net.types.Saw``.
        count : the number of processings, if `names` is a pattern; at most a million.
        **config : parameters: one value for all, or a list, a tuple or an array with one value for each.

        Examples
        --------
        >>> net = Network()
        >>> net.out = net.types.AudioSink
        >>> net.bank("osc{}", net.types.SimpleOscillator, 3, Frequency=[110.0, 220.0, 330.0], Amplitude=0.1) > net.out
        net.osc1["Audio Output"] > net.out["1"]
        net.osc2["Audio Output"] > net.out["1"]
        net.osc3["Audio Output"] > net.out["1"]
        """
        return make_bank(self._proxy, names, spec_of(self._proxy, type), count, config)

    @takes(which=arguments.members)
    def group(self, which: str | Iterable[str | Processing]) -> Group:
        """A group of processings, to handle them together. They match a pattern, ``"saw*"``, or are given as a list.

        >>> net = Network()
        >>> net.kick, net.snare = net.types.SndfilePlayer, net.types.SndfilePlayer
        >>> net.group(["kick", "snare"]).Loop = True
        >>> net.group("*").Loop
        (True, True)
        """
        return find_group(self._proxy, which)

    @takes(which=arguments.members)
    def panel(self, *which: str | Processing | Group) -> Any:
        """Show a panel of sliders in a notebook: one for each in control that has a range. It needs ipywidgets.

        Moving a slider sets the control. The sliders follow values that are set elsewhere.

        Parameters
        ----------
        *which : processings, groups, names, or patterns such as ``"osc*"``; none for all processings.

        Raises
        ------
        PanelError
            ipywidgets is not installed, or nothing has a range; the message says what to do.
        """
        return panel(self._proxy, dict.fromkeys(names_of(self._proxy, which) if which else list(self)))

    # -- text and files

    def code(self, variable: str = "net", full_config: bool = False) -> str:
        """The network as Python statements. They recreate it in an empty network.

        Parameters
        ----------
        variable : the name of the network in the statements.
        full_config : write every parameter, not only those that differ from their defaults.
        """
        return code(self._proxy, variable, full_config=given.flag("full_config", full_config))

    def xml(self) -> str:
        """The network as CLAM's XML, as in ``.clamnetwork`` files."""
        return files.xml(self)

    @takes(path=arguments.network_files)
    def save(self, path: str | os.PathLike[str]) -> None:
        """Save the network to a ``.py`` or ``.clamnetwork`` file.

        If writing is interrupted, the file is either the old one or the new one, never a part.
        """
        with whole():
            state = self._proxy.steps.state
            files.save(self, path)
            self._proxy.mark_saved(os.path.abspath(path), state)

    @takes(path=arguments.network_files)
    def load(self, path: str | os.PathLike[str], trusted: bool = False) -> None:
        """Replace the network by the content of a file. It is one undo step. After an error nothing has changed.

        A ``.py`` file is not executed: only the statements of a network are accepted, and anything else is an error.

        Parameters
        ----------
        path : a ``.py`` or ``.clamnetwork`` file.
        trusted : execute a ``.py`` file as a Python program.
        """
        with whole():
            files.load(self, path, given.flag("trusted", trusted))
            self._proxy.mark_saved(os.path.abspath(path))

    # -- pictures

    @takes(path=arguments.picture_files)
    def draw(self, path: str | os.PathLike[str]) -> None:
        """Draw the network to a ``.svg`` or ``.png`` file. Boxes and wires go from left to right."""
        draw(self._proxy, given.path(path))

    def _repr_svg_(self) -> str | None:
        """The picture that Jupyter shows."""
        return shown(self._proxy)

    # -- changes

    def clear(self) -> None:
        """Remove everything, as one undo step."""
        self._proxy.clear()

    def undo(self, times: int = 1) -> str:
        """Undo the last change, or several. Returns the descriptions. Raises `NothingToUndo` when there is none left."""
        return "\n".join(self._proxy.undo() for _ in range(_times(times, "undo")))

    def redo(self, times: int = 1) -> str:
        """Redo the last undone change, or several. Returns the descriptions. Raises `NothingToRedo` when there is none left."""
        return "\n".join(self._proxy.redo() for _ in range(_times(times, "redo")))

    @property
    def history(self) -> Past:
        """Descriptions of the undo steps. They are ``done``, oldest first, and ``undone``, the next to redo first."""
        return self._proxy.steps.past()

    def observe(self, callback: Callable[[Change], None]) -> Callable[[], None]:
        """Call `callback` with each `Change` from now on. It does not matter who makes the change. Call the returned function to end this.

        The callback runs outside the engine's lock, in the thread that made the change or in one that made another change at that
        moment. It can edit the network. If it raises, the change remains, and the error is shown like an uncaught one.
        """
        if not callable(callback):
            raise TypeError(f"observe takes a callable, not {brief(callback)}")
        return self._proxy.observe(callback)

    def close(self) -> None:
        """Stop, and close devices, files and servers."""
        with whole():
            self._proxy.close()

    # -- processings

    def __getitem__(self, name: str) -> Processing:
        processings = self._proxy.processings()
        if isinstance(name, str) and name in processings:
            return Processing(self._proxy, plain_text(name))
        return Processing(self._proxy, self._resolve(name))

    def __setitem__(self, name: str, value: Any) -> None:
        if isinstance(value, (Placeholder, Clone)):
            self._add(name, value.spec, value.config)
        else:
            try:
                type_ = type_name(self._proxy, value, name)
            except TypeError as error:
                raise self._not_replaced(name, value) or error from None
            try:
                self._proxy.add(name, type_)
            except NameAlreadyExists as error:
                variable = variable_of(self._proxy)
                processing, exact = names.access("Network", error.processing), names.access("ProcessingTypes", type_)
                exchange = f"{variable}{processing}.become({variable}.types{exact})"
                raise NameAlreadyExists(error.processing, error.removal, exchange if type_ in self._proxy.types() else "") from None

    def __delitem__(self, name: str) -> None:
        self._proxy.remove(self._resolve(name))

    def __getattr__(self, name: str) -> Processing:
        found = names.ours(self, name)
        return Processing(self._proxy, self._resolve(name, attribute=True)) if found is None else found

    def __setattr__(self, name: str, value: Any) -> None:
        ours = getattr(Network, name, None)
        if isinstance(ours, property) and ours.fset is not None:
            object.__setattr__(self, name, value)
        elif isinstance(ours, property) and isinstance(value, (int, float)):
            raise ReadOnly(f"{variable_of(self._proxy)}.{name} is read-only")
        elif name.startswith("_") or name in names.reserved("Network"):
            raise ReservedName(name, f"{variable_of(self._proxy)}[{names.quoted(name)}] = ...")
        else:
            self[name] = value

    def __delattr__(self, name: str) -> None:
        if name.startswith("_") or name in names.reserved("Network"):
            raise ReservedName(name, f"del {variable_of(self._proxy)}[{names.quoted(name)}]")
        del self[name]

    def __contains__(self, name: object) -> bool:
        return name in self._proxy.processings()

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._proxy.processings()))

    def keys(self) -> list[str]:
        """The names of the processings. They are in the order of their making."""
        return list(self._proxy.processings())

    def values(self) -> list[Processing]:
        """The processings. They are in the order of their making."""
        return [Processing(self._proxy, name) for name in self.keys()]

    def items(self) -> list[tuple[str, Processing]]:
        """The names, each with its processing. They are in the order of their making."""
        return [(name, Processing(self._proxy, name)) for name in self.keys()]

    def __len__(self) -> int:
        return len(self._proxy.processings())

    def __bool__(self) -> bool:
        return True  # an empty network is a network

    def __eq__(self, other: object) -> bool:
        return same(self._proxy, other._proxy) if isinstance(other, Network) else NotImplemented

    def __copy__(self) -> NoReturn:
        raise TypeError(
            f'a network cannot be copied. Save it, and load that: {(net := variable_of(self._proxy))}.save("copy.py"). '
            f"To copy a processing: {net}.b = {net}.a.clone()"
        )

    def __deepcopy__(self, memo: object) -> NoReturn:
        self.__copy__()

    def __repr__(self) -> str:
        processings, wires = len(self), len(self._proxy.wires())
        held = f"{_plural(processings, 'processing')}, {_plural(wires, 'wire')}"
        return f"Network({self.engine!r})  # {held}{levels.volume_in_words(self._proxy.info().volume)}"

    def __dir__(self) -> list[str]:
        return [*(text for text, _ in names.attributes("Network", dict(self._proxy.processings()))), *super().__dir__()]

    # -- exploring

    def _attributes(self) -> Iterator[Member]:
        states = dict(self._proxy.processings())  # other threads may change it meanwhile
        return (offered.OfNetwork(text, states[name]) for text, name in names.attributes("Network", states))

    def _items(self) -> Iterator[Member]:
        return (offered.OfNetwork(name, state) for name, state in tuple(self._proxy.processings().items()))

    def _data(self, key: Key) -> Processing | None:
        name = names.resolve(key, self._proxy.processings(), self._proxy) if isinstance(key, str) else None
        return None if name is None else Processing(self._proxy, name)

    def _choices(self, name: str) -> Iterator[Choice]:
        return iter(()) if name in self._proxy.processings() else arguments.types(self)

    # -- inside

    @property
    def _title(self) -> str:
        """The title from the network's file, if it has one."""
        return self._proxy.info().title

    @_title.setter
    def _title(self, text: str) -> None:
        self._set_info("title", text)

    @property
    def _waiting(self) -> tuple[tuple[str, ...], ...]:
        """Wires whose ends do not exist yet, as tuples of kind, source, its connector, target and its connector."""
        return tuple((w.kind, w.source, w.source_connector, w.target, w.target_connector) for w in self._proxy.info().waiting)

    @_waiting.setter
    def _waiting(self, wires: Any) -> None:
        if not isinstance(wires, (list, tuple)):
            raise TypeError(f"_waiting takes a list of wires, not {brief(wires)} ({type(wires).__name__})")
        self._proxy.set_info(replace(self._proxy.info(), waiting=tuple(map(_waiting_wire, wires))))

    def _set_info(self, what: str, text: str) -> None:
        if not isinstance(text, str):
            raise TypeError(f"the {what} must be a str, not {brief(text)} ({type(text).__name__})")
        self._proxy.set_info(replace(self._proxy.info(), **{what: plain_text(text)}))  # type: ignore[arg-type]

    def _add(self, name: str, spec: Any, config: Mapping[str, Any]) -> None:
        with self._proxy.step(f"add {name}"):
            self._proxy.add(name, spec)
            self._proxy.configure(name, config)

    def _not_replaced(self, name: Any, value: Any) -> TypeError | None:
        """The error for ``net.osc = 5`` where `net.osc` exists: a parameter may be meant."""
        state = self._proxy.processings().get(name) if isinstance(name, str) else None
        if state is None or isinstance(value, Processing):
            return None
        text = f"net{names.access('Network', name)}"
        meant = next((parameter.name for parameter in state.spec.parameters if type(parameter.default) in _SET_BY.get(type(value), ())), "")
        remedy = f". To set a parameter: {text}{names.access('Processing', meant)} = {brief(value)}" if meant else ""
        return TypeError(f"{text} is a processing, and cannot be replaced by {brief(value)} ({type(value).__name__}){remedy}")

    def _resolve(self, name: str, *, attribute: bool = False) -> str:
        if not isinstance(name, str):
            raise TypeError(f"a processing is selected by its name, not by {brief(name)} ({type(name).__name__})")
        processings = self._proxy.processings()
        exact = names.resolve(name, processings, self._proxy)
        if exact is None:
            words = names.reserved("Network") if attribute else ()
            remedy = ELSEWHERE[name].replace("net.", f"{variable_of(self._proxy)}.") if attribute and name in ELSEWHERE else ""
            raise NoSuchProcessing(name, processings, words, remedy)
        return exact

    def _player(self, operation: str) -> CanPlay:
        inner = self._proxy.inner
        if not isinstance(inner, CanPlay):
            raise NotSupported(self.engine, operation)
        return inner


def _create(engine: str | NetworkProxy | RecordingProxy, options: Mapping[str, Any]) -> RecordingProxy:
    if isinstance(engine, str):
        engine = plain_text(engine)
        if engine not in engines:
            raise NoSuchEngine(engine, engines.names())
        create = engines.load(engine).create
        known = inspect.signature(create).parameters
        for option in options:
            if option not in known:
                raise TypeError(f"the {engine} engine has no option {option!r}{suggest(option, known)}")
        return RecordingProxy(create(**options))
    if options:
        raise TypeError(f"options can only be given with the name of an engine: {', '.join(options)}")
    if isinstance(engine, RecordingProxy):
        return engine
    if isinstance(engine, type) or not all(hasattr(engine, method) for method in ("processings", "wires", "add", "configure")):
        raise TypeError(f"Network takes the name of an engine, or a proxy, not {brief(engine)}")
    return RecordingProxy(engine)


def _waiting_wire(wire: Any) -> Wire:
    if isinstance(wire, (list, tuple)) and len(wire) == 5 and all(isinstance(part, str) for part in wire):
        parts = [plain_text(part) for part in wire]
        if parts[0] in ("Port", "Control"):
            return Wire(*parts)  # type: ignore[arg-type]
    raise ValueError(f"a waiting wire is a tuple (kind, source, its connector, target, its connector), not {brief(wire)}")


def _times(times: int, what: str) -> int:
    return given.count(what, times, 1, head=f"{what} takes the number of changes, ")


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
