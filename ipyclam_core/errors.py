"""Every error of ipyclam, and the one place where its text is composed.

::

    IpyclamError
    ├── NameError_                       (AttributeError and KeyError: ``net.x`` and ``net["x"]`` alike)
    │   ├── NoSuchProcessing
    │   ├── NoSuchConnector
    │   ├── NoSuchParameter
    │   ├── NoSuchType
    │   └── AmbiguousName
    ├── NameAlreadyExists                (ValueError)
    ├── ReservedName                     (AttributeError)
    ├── InvalidName                      (ValueError)
    ├── ReadOnly                         (AttributeError)
    ├── ParameterTypeError               (TypeError)
    ├── ParameterValueError              (ValueError)
    ├── ConnectionError_                 (ValueError)
    │   ├── DifferentConnectorType
    │   ├── DifferentConnectorKind
    │   ├── SameConnectorDirection
    │   ├── BadConnectorDirectionOrder
    │   ├── ConnectionExists
    │   ├── NotConnected
    │   ├── DifferentNetwork
    │   ├── DifferentNumbers
    │   └── NothingToConnect
    ├── NoSuchEngine                     (ValueError)
    ├── DefinitionError                  (TypeError)
    ├── NotSupported                     (NotImplementedError)
    ├── NothingToUndo, NothingToRedo     (IndexError)
    ├── FormatError                      (ValueError)
    ├── NotWritable                      (ValueError)
    ├── NotPlayable                      (RuntimeError)
    ├── VideoError                       (RuntimeError)
    │   ├── EncoderMissing               (FileNotFoundError)
    │   ├── EncoderFailed
    │   ├── NoFrames                     (ValueError)
    │   └── BadFrame                     (ValueError)
    │       └── BadFrameType             (TypeError)
    ├── PictureError                     (RuntimeError)
    └── EngineError                      (RuntimeError)
        └── DeviceError
            └── NoJackServer
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches


class IpyclamError(Exception):
    """The root: ``except IpyclamError`` catches what ipyclam itself refuses."""

    def __str__(self) -> str:  # KeyError would show the repr of its message
        return str(self.args[0]) if self.args else ""


class NameError_(IpyclamError, AttributeError, KeyError):
    """A name that leads nowhere, or to more than one thing."""


class NoSuchProcessing(NameError_):
    """`name` is no processing of the network."""

    def __init__(self, name: str, known: Iterable[str] = ()) -> None:
        self.processing = name
        super().__init__(f"there is no processing {name!r} in this network{suggest(name, known)}")


class NoSuchConnector(NameError_):
    """`owner` has no connector (and no parameter, where both were looked for) called `name`."""

    def __init__(self, owner: str, name: str, known: Iterable[str] = (), aliases: Iterable[str] = ()) -> None:
        self.processing, self.connector = owner, name
        super().__init__(f"{owner} has no {name!r}{suggest(name, known, aliases=aliases)}")


class NoSuchParameter(NameError_):
    """`owner` has no configuration parameter called `name`."""

    def __init__(self, owner: str, name: str, known: Iterable[str] = (), aliases: Iterable[str] = ()) -> None:
        self.processing, self.parameter = owner, name
        super().__init__(f"{owner} has no parameter {name!r}{suggest(name, known, aliases=aliases)}")


class NoSuchType(NameError_):
    """`name` is no processing type of the engine."""

    def __init__(self, name: str, engine: str, known: Iterable[str] = ()) -> None:
        self.type, self.engine = name, engine
        super().__init__(f"the {engine} engine has no type {name!r}{suggest(name, known, 'net.types.search(...) finds types')}")


class AmbiguousName(NameError_):
    """`name` could mean any of `candidates`, which are written as one would type them."""

    def __init__(self, owner: str, name: str, candidates: Iterable[str]) -> None:
        self.processing, self.candidates = owner, tuple(candidates)
        super().__init__(f"{owner} has more than one {name!r}; type {' or '.join(self.candidates)}")


class NameAlreadyExists(IpyclamError, ValueError):
    """A processing called `name` is there already."""

    def __init__(self, name: str, removal: str) -> None:
        self.processing = name
        super().__init__(f"there is a processing {name!r} already; type {removal} first, or take another name")


class ReservedName(IpyclamError, AttributeError):
    """`name` is one of our own words where an attribute is assigned."""

    def __init__(self, name: str, instead: str) -> None:
        self.reserved = name
        super().__init__(f"{name!r} is a word of ipyclam itself; type {instead} for a processing of that name")


class InvalidName(IpyclamError, ValueError):
    """`name` cannot name a processing."""

    def __init__(self, name: object, why: str) -> None:
        self.processing = name
        super().__init__(f"{name!r} cannot be the name of a processing: {why}")


class ReadOnly(IpyclamError, AttributeError):
    """An attribute that cannot be assigned; the message says what to type instead."""


class ParameterTypeError(IpyclamError, TypeError):
    """A parameter was given a value of another type."""

    def __init__(self, owner: str, name: str, value: object, expected: str) -> None:
        self.processing, self.parameter, self.value = owner, name, value
        super().__init__(f"{owner}.{name} takes {expected}, not {_brief(value)} ({type(value).__name__})")


class ParameterValueError(IpyclamError, ValueError):
    """A parameter was given a value it does not take; or that it does, but with which there is a `problem`."""

    def __init__(
        self, owner: str, name: str, value: object, expected: str, *, choices: Iterable[str] | None = None, problem: str = ""
    ) -> None:
        self.processing, self.parameter, self.value = owner, name, value
        if problem:
            super().__init__(f"{owner}.{name} cannot be {_brief(value)}: {problem}")
            return
        close = _closest(value, list(choices)) if isinstance(value, str) and choices is not None else None
        hint = f"; did you mean {close!r}?" if close is not None else ""
        super().__init__(f"{owner}.{name} takes {expected}, not {_brief(value)}{hint}")


class ConnectionError_(IpyclamError, ValueError):
    """Two connectors that cannot be connected, or disconnected, as asked."""


class DifferentConnectorType(ConnectionError_):
    """The data of the two ends is of different types."""

    def __init__(self, source: str, carried: str, target: str, taken: str) -> None:
        self.carried, self.taken = carried, taken
        super().__init__(f"{source} carries {carried}, {target} takes {taken}")

    def of(self, source: str, target: str) -> DifferentConnectorType:
        """The same, with other words for the two: engines do not know how one types them."""
        return DifferentConnectorType(source, self.carried, target, self.taken)


class DifferentConnectorKind(ConnectionError_):
    """A port and a control."""

    def __init__(self, one: str, its_kind: str, other: str, others_kind: str) -> None:
        super().__init__(f"{one} is a {its_kind} and {other} is a {others_kind}: ports go with ports, controls with controls")


class SameConnectorDirection(ConnectionError_):
    """Two ins, or two outs."""

    def __init__(self, one: str, other: str, both: str) -> None:
        super().__init__(f"{one} and {other} are both {both}")


class BadConnectorDirectionOrder(ConnectionError_):
    """The arrow points from an in, or to an out; `instead` turns it around, where that would do."""

    def __init__(self, wrong: str, what: str, instead: str = "") -> None:
        super().__init__(f"{wrong} is {what}, and the arrow goes from outputs to inputs{f'; type {instead}' if instead else ''}")


class ConnectionExists(ConnectionError_):
    """The two are connected already, or wait to be."""

    def __init__(self, source: str, target: str, waiting: bool = False) -> None:
        self.waiting = waiting
        super().__init__(f"{source} and {target} {'wait for each other' if waiting else 'are connected'} already")

    def of(self, source: str, target: str) -> ConnectionExists:
        """The same, with other words for the two."""
        return ConnectionExists(source, target, self.waiting)


class NotConnected(ConnectionError_):
    """The two are not connected."""

    def __init__(self, source: str, target: str) -> None:
        super().__init__(f"{source} and {target} are not connected")

    def of(self, source: str, target: str) -> NotConnected:
        """The same, with other words for the two."""
        return NotConnected(source, target)


class DifferentNetwork(ConnectionError_):
    """The two are of different networks."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"{one} and {other} belong to different networks")


class DifferentNumbers(ConnectionError_):
    """The two are groups of different sizes."""

    def __init__(self, one: str, size: int, other: str, other_size: int) -> None:
        super().__init__(f"{one} are {size} processings, and {other} are {other_size}: groups are connected one to one")


class NothingToConnect(ConnectionError_):
    """A broadcast in which no pair could be connected, with the reasons."""

    def __init__(self, out: str, into: str, reasons: tuple[str, ...]) -> None:
        self.reasons = reasons
        more = f" (and {len(reasons) - 3} more like these)" if len(reasons) > 3 else ""
        super().__init__(f"{out} > {into}: there is nothing to connect: {'; '.join(reasons[:3])}{more}")


class NoSuchEngine(IpyclamError, ValueError):
    """`name` is no engine."""

    def __init__(self, name: object, known: Iterable[str]) -> None:
        self.engine = name
        super().__init__(f"there is no engine {name!r}{suggest(str(name), known)}")


class DefinitionError(IpyclamError, TypeError):
    """A processing type whose class says something that cannot be, or whose function cannot be compiled."""

    def __init__(self, type_name: str, why: str) -> None:
        self.type, self.why = type_name, why
        super().__init__(f"{type_name}: {why}")


class NotSupported(IpyclamError, NotImplementedError):
    """The engine is not able to do `operation` at all (which is not the same as having failed at it)."""

    def __init__(self, engine: str, operation: str, instead: str = "") -> None:
        self.engine, self.operation = engine, operation
        super().__init__(f"the {engine} engine cannot {operation}{'; ' + instead if instead else ''}")


class NothingToUndo(IpyclamError, IndexError):
    """No change is left to undo; `floor` says why there is none before."""

    def __init__(self, floor: str = "") -> None:
        super().__init__(f"there is nothing to undo{f': {floor}' if floor else ''}")


class NothingToRedo(IpyclamError, IndexError):
    """No undone change is left to redo."""

    def __init__(self) -> None:
        super().__init__("there is nothing to redo")


class FormatError(IpyclamError, ValueError):
    """A file that is not what its suffix says, or that asks for what a network file may not do."""

    def __init__(self, path: object, line: int | None, why: str) -> None:
        self.path, self.line, self.why = path, line, why
        super().__init__(f"{path}{f', line {line}' if line else ''}: {why}")


class NotWritable(IpyclamError, ValueError):
    """A network that a file format has no words for: names that XML cannot hold, wires that would be read as others."""


class NotPlayable(IpyclamError, RuntimeError):
    """The network cannot sound as it is: placeholders, files that are not there."""


class VideoError(IpyclamError, RuntimeError):
    """A film that cannot be made."""


class EncoderMissing(VideoError, FileNotFoundError):
    """No program that could make the film is installed; `installs` says what to type, by encoder."""

    def __init__(self, suffix: str, installs: Mapping[str, str]) -> None:
        self.suffix, self.installs = suffix, dict(installs)
        hints = " or ".join(f"{command} ({encoder})" for encoder, command in self.installs.items())
        super().__init__(f"no encoder for {suffix} films is installed; type {hints}")


class EncoderFailed(VideoError):
    """The encoder did not make the film: how it ended, and its own words."""

    def __init__(self, encoder: str, how: str, words: str, left: object = None) -> None:
        self.encoder, self.words, self.left = encoder, words, left
        said = f": {words}" if words else ""
        kept = f"\nwhat it wrote is in {left}" if left else ""
        super().__init__(f"{encoder} {how}{said}{kept}")


class NoFrames(VideoError, ValueError):
    """A film was closed before its first frame."""

    def __init__(self, path: object) -> None:
        self.path = path
        super().__init__(f"{path} was not written: no frame was given")


class BadFrame(VideoError, ValueError):
    """An array that is no frame of this film."""


class BadFrameType(BadFrame, TypeError):
    """An array of another type than uint8."""


class PictureError(IpyclamError, RuntimeError):
    """A picture that cannot be drawn here; the message says what to install."""


class EngineError(IpyclamError, RuntimeError):
    """Something below the engine failed."""


class DeviceError(EngineError):
    """A sound device, or the server behind it, is not there or went away."""


class NoJackServer(DeviceError):
    """No JACK server of that name runs (or it is not one of this user)."""

    def __init__(self, server: str = "", reason: str = "") -> None:
        self.server, self.reason = server, reason
        called, flag, argument, variable = "", "", "", ""
        if server:
            called, flag, argument = f" called {server!r}", f" -n {server}", f"server={server!r}, "
            variable = f"JACK_DEFAULT_SERVER={server} "
        super().__init__(
            f"no JACK server{called} is running; start one with: jackd{flag} -d alsa (without a sound card: jackd{flag} -d dummy)\n"
            f'or from here: Network("jack", {argument}start_server=True), {variable}ipyclam_console --engine=jack --start-server\n'
            "or, where PipeWire runs, begin with: pw-jack ipyclam_console --engine=jack"
        )


def suggest(name: str, known: Iterable[str], otherwise: str = "", aliases: Iterable[str] = ()) -> str:
    """The end of a message: the closest of `known`, else of `aliases`; or all that are known when they are few, or `otherwise`."""
    names = list(known)
    close = _closest(name, names) or _closest(name, list(aliases))
    if close is not None:
        return f"; did you mean {close!r}?"
    if 0 < len(names) <= 8:
        return f"; there is {', '.join(map(repr, names))}"
    return f"; {otherwise}" if otherwise else ""


def _closest(name: str, names: list[str]) -> str | None:
    if len(names) > 5000:  # difflib compares with every one: at 10,000 names it would cost a visible pause
        names = [other for other in names if abs(len(other) - len(name)) <= 2 and other[:1].lower() == name[:1].lower()][:5000]
    lowered = {other.lower(): other for other in reversed(names)}
    return lowered.get(name.lower()) or next((lowered[match] for match in get_close_matches(name.lower(), lowered, 1, 0.6)), None)


def _brief(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
