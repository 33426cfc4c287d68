"""All errors of ipyclam. Their messages are composed here.

A message says what was asked and why it was refused. A separate sentence says what to type instead.

::

    IpyclamError
    ├── NameError_                       (AttributeError and KeyError, for ``net.x`` and ``net["x"]``)
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
    │   ├── PortTaken
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
    ├── FileInUse                        (OSError)
    ├── WriteFailed                      (OSError)
    ├── NotPlayable                      (RuntimeError)
    ├── VideoError                       (RuntimeError)
    │   ├── EncoderMissing               (FileNotFoundError)
    │   ├── EncoderFailed
    │   ├── NoFrames                     (ValueError)
    │   └── BadFrame                     (ValueError)
    │       └── BadFrameType             (TypeError)
    ├── PictureError                     (RuntimeError)
    ├── PanelError                       (RuntimeError)
    └── EngineError                      (RuntimeError)
        └── DeviceError
            └── NoJackServer
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches

from . import variables
from .system.display import brief, escaped_lines


class IpyclamError(Exception):
    """The base class: ``except IpyclamError`` catches every error of ipyclam."""

    def __str__(self) -> str:  # str(KeyError) would give the repr of the message
        return escaped_lines(str(self.args[0])) if self.args else ""


class _Later:
    """A message that is composed when it is read: to look for names that are similar takes long, and many errors are caught."""

    def __init__(self, make: Callable[[], str]) -> None:
        self._make, self._text = make, ""

    def __str__(self) -> str:
        self._text = self._text or self._make()
        return self._text

    def __repr__(self) -> str:
        return repr(str(self))

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (str(self),)


class NameError_(IpyclamError, AttributeError, KeyError):
    """A name that does not exist, or is ambiguous."""


class NoSuchProcessing(NameError_):
    """The network has no processing called `name`."""

    def __init__(self, name: str, known: Iterable[str] = (), words: Iterable[str] = (), remedy: str = "") -> None:
        self.processing = name
        told = f". {remedy}" if remedy else ""
        super().__init__(_Later(lambda: f"there is no processing {name!r} in this network{told or suggest(name, known, aliases=words)}"))


class NoSuchConnector(NameError_):
    """`owner` has no connector called `name` (and no parameter, if both were searched)."""

    def __init__(
        self, owner: str, name: str, known: Iterable[str] = (), aliases: Iterable[str] = (), words: Iterable[str] = (), remedy: str = ""
    ) -> None:
        self.processing, self.connector = owner, name
        self._known, self._aliases = known, aliases
        told = f". {remedy}" if remedy else ""
        super().__init__(_Later(lambda: f"{owner} has no {name!r}{told or suggest(name, known, aliases=[*aliases, *words])}"))

    def among(self, words: Iterable[str], remedy: str = "") -> NoSuchConnector:
        """The same error where `words` of ours could be meant too, or `remedy` tells what to type."""
        return NoSuchConnector(self.processing, self.connector, self._known, self._aliases, words, remedy)


class NoSuchParameter(NameError_):
    """`owner` has no configuration parameter called `name`."""

    def __init__(self, owner: str, name: str, known: Iterable[str] = (), aliases: Iterable[str] = ()) -> None:
        self.processing, self.parameter = owner, name
        super().__init__(_Later(lambda: f"{owner} has no parameter {name!r}{suggest(name, known, aliases=aliases)}"))


class NoSuchType(NameError_):
    """The engine has no processing type called `name`; `found` are the types that a search for that word gives.

    `variable` is that of the network, for the hint. Types that know why one is missing, by a method ``why_missing(name)``, are asked.
    """

    def __init__(
        self, name: str, engine: str, known: Iterable[str] = (), found: Iterable[str] = (), variable: str = variables.DEFAULT
    ) -> None:
        self.type, self.engine = name, engine
        super().__init__(_Later(lambda: f"the {engine} engine has no type {name!r}{self._meant(known, found, variable)}"))

    def _meant(self, known: Iterable[str], found: Iterable[str], variable: str) -> str:
        named = ", ".join(map(str, found))
        if why := known.why_missing(self.type) if hasattr(known, "why_missing") else "":
            return f": {why}"
        if named and _closest(self.type, list(known), 0.8) is None:
            return f". These fit {self.type!r}: {named}"
        return suggest(self.type, known, f"To search: {variable}.types.search(...)")


class AmbiguousName(NameError_):
    """`name` is ambiguous: it could mean any of `candidates`, given as the user would type them."""

    def __init__(self, owner: str, name: str, candidates: Iterable[str]) -> None:
        self.processing, self.candidates = owner, tuple(candidates)
        super().__init__(f"{owner} has more than one {name!r}. Type {' or '.join(self.candidates)}")


class NameAlreadyExists(IpyclamError, ValueError):
    """A processing called `name` already exists; `removal` is the statement that removes it, ``"del net.osc"``.

    Where it was meant to get another type, `exchange` is the statement for that.
    """

    def __init__(self, name: str, removal: str, exchange: str = "") -> None:
        self.processing, self.removal = name, removal
        remedy = f"Choose another name, or remove it first: {removal}"
        if exchange:
            remedy = f"To change its type: {exchange}. To remove it: {removal}"
        super().__init__(f"{removal.removeprefix('del ')} already exists. {remedy}")


class ReservedName(IpyclamError, AttributeError):
    """`name` is an attribute of ipyclam itself and cannot be assigned; `instead` is the statement with a subscript."""

    def __init__(self, name: str, instead: str) -> None:
        self.reserved = name
        super().__init__(f"{name!r} is reserved for ipyclam. For a processing of that name: {instead}")


class InvalidName(IpyclamError, ValueError):
    """`name` cannot be the name of a processing."""

    def __init__(self, name: object, why: str) -> None:
        self.processing = name
        super().__init__(f"{brief(name)} cannot be the name of a processing: {why}")


class ReadOnly(IpyclamError, AttributeError):
    """An attribute is read-only; the message says what to type instead."""


class ParameterTypeError(IpyclamError, TypeError):
    """A value has the wrong type for its parameter."""

    def __init__(self, owner: str, name: str, value: object, expected: str) -> None:
        self.processing, self.parameter, self.value = owner, name, value
        super().__init__(f"{owner}.{name} takes {expected}, not {brief(value)} ({type(value).__name__})")

    def typed(self, name: str) -> None:
        """Say the parameter as the user types it: it may have two names."""
        self.args = (str(self).replace(f"{self.processing}.{self.parameter} ", f"{self.processing}.{name} ", 1),)


class ParameterValueError(IpyclamError, ValueError):
    """A parameter does not accept a value; or it accepts the value, but there is a `problem` with it, such as a missing file."""

    def __init__(
        self, owner: str, name: str, value: object, expected: str, *, choices: Iterable[str] | None = None, problem: str = ""
    ) -> None:
        self.processing, self.parameter, self.value = owner, name, value
        if problem:
            super().__init__(f"{owner}.{name} cannot be {brief(value)}: {problem}")
            return
        close = _closest(value, list(choices)) if isinstance(value, str) and choices is not None else None
        hint = f"; did you mean {close!r}?" if close is not None else ""
        super().__init__(f"{owner}.{name} takes {expected}, not {brief(value)}{hint}")

    def typed(self, name: str) -> None:
        """Say the parameter as the user types it: it may have two names."""
        self.args = (str(self).replace(f"{self.processing}.{self.parameter} ", f"{self.processing}.{name} ", 1),)


class ConnectionError_(IpyclamError, ValueError):
    """Two connectors cannot be connected or disconnected."""


class DifferentConnectorType(ConnectionError_):
    """The two connectors carry different data types."""

    def __init__(self, source: str, carried: str, target: str, taken: str, remedy: str = "") -> None:
        self.source, self.carried, self.target, self.taken = source, carried, target, taken
        super().__init__(f"{source} carries {carried}, but {target} takes {taken}{remedy}")

    def of(self, source: str, target: str) -> DifferentConnectorType:
        """The same error, with the two connectors as the user types them: engines do not know that."""
        return DifferentConnectorType(source, self.carried, target, self.taken)

    def mended(self, fitting: Sequence[str], converting: Sequence[str], taking: Sequence[str]) -> DifferentConnectorType:
        """The same error, with the connectors of the processings that would fit, or the types that convert the data, or take it."""
        names = ", ".join(fitting or converting or taking)
        remedy = f". {names} {'fits' if len(fitting) == 1 else 'fit'}" if fitting else f". To convert it: {names}" if converting else ""
        remedy = remedy or (f". It can go to {names}" if taking else "")
        return DifferentConnectorType(self.source, self.carried, self.target, self.taken, remedy)


class DifferentConnectorKind(ConnectionError_):
    """A port cannot be connected to a control; `remedy` is a sentence that names a type which converts one into the other."""

    def __init__(self, one: str, its_kind: str, other: str, others_kind: str, remedy: str = "") -> None:
        super().__init__(
            f"{one} is a {its_kind}, but {other} is a {others_kind}: ports connect only to ports, controls to controls{remedy}"
        )


class SameConnectorDirection(ConnectionError_):
    """Both connectors are inputs, or both are outputs."""

    def __init__(self, one: str, other: str, both: str) -> None:
        super().__init__(f"{one} and {other} are both {both}. Connect an output to an input")


class BadConnectorDirectionOrder(ConnectionError_):
    """An input is on the output side, or an output on the input side; `instead` is the statement with the two sides exchanged."""

    def __init__(self, wrong: str, what: str, instead: str = "") -> None:
        super().__init__(f"{wrong} is {what}, on the wrong side: wires go from outputs to inputs{f'. Type {instead}' if instead else ''}")


class ConnectionExists(ConnectionError_):
    """The two connectors are already connected, or already waiting to be connected."""

    def __init__(self, source: str, target: str, waiting: bool = False) -> None:
        self.waiting = waiting
        super().__init__(f"{source} and {target} are already {'waiting to be connected' if waiting else 'connected'}")

    def of(self, source: str, target: str) -> ConnectionExists:
        """The same error, with the two connectors as the user types them."""
        return ConnectionExists(source, target, self.waiting)


class PortTaken(ConnectionError_):
    """An in port that takes one wire has one already."""

    def __init__(self, source: str, target: str, held: str) -> None:
        self.held = held
        super().__init__(f"{target} takes one wire, and has one from {held}. Remove that first: {target}.disconnect()")

    def of(self, source: str, target: str) -> PortTaken:
        """The same error, with the two connectors as the user types them."""
        return PortTaken(source, target, self.held)


class NotConnected(ConnectionError_):
    """The two connectors are not connected."""

    def __init__(self, source: str, target: str) -> None:
        super().__init__(f"{source} and {target} are not connected")

    def of(self, source: str, target: str) -> NotConnected:
        """The same error, with the two connectors as the user types them."""
        return NotConnected(source, target)


class DifferentNetwork(ConnectionError_):
    """The two connectors belong to different networks."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"{one} and {other} belong to different networks")


class DifferentNumbers(ConnectionError_):
    """Two groups to connect have different sizes."""

    def __init__(self, one: str, size: int, other: str, other_size: int) -> None:
        super().__init__(f"{one} and {other} have different sizes, {size} and {other_size}: groups connect one to one")


class NothingToConnect(ConnectionError_):
    """A broadcast found no pair that can be connected; `reasons` says why."""

    def __init__(self, out: str, into: str, reasons: tuple[str, ...]) -> None:
        self.reasons = reasons
        more = f" (and {len(reasons) - 3} more)" if len(reasons) > 3 else ""
        super().__init__(f"nothing to connect in {out} > {into}: {'; '.join(reasons[:3])}{more}")


class NoSuchEngine(IpyclamError, ValueError):
    """No engine is called `name`."""

    def __init__(self, name: object, known: Iterable[str]) -> None:
        self.engine = name
        super().__init__(f"there is no engine {brief(name)}{suggest(str(name), known)}")


class DefinitionError(IpyclamError, TypeError):
    """The declaration of a processing type is wrong, or its function cannot be compiled."""

    def __init__(self, type_name: str, why: str) -> None:
        self.type, self.why = type_name, why
        super().__init__(f"{type_name}: {why}")


class NotSupported(IpyclamError, NotImplementedError):
    """The engine does not support `operation`; `instead` is a sentence that says what to do."""

    def __init__(self, engine: str, operation: str, instead: str = "") -> None:
        self.engine, self.operation = engine, operation
        super().__init__(f"the {engine} engine cannot {operation}{'. ' + instead if instead else ''}")


class NothingToUndo(IpyclamError, IndexError):
    """No change is left to undo; `floor` says why the history begins here."""

    def __init__(self, floor: str = "") -> None:
        super().__init__(f"there is nothing to undo{f': {floor}' if floor else ''}")


class NothingToRedo(IpyclamError, IndexError):
    """No undone change is left to redo."""

    def __init__(self) -> None:
        super().__init__("there is nothing to redo")


class FormatError(IpyclamError, ValueError):
    """A network file is not valid, or contains something that network files may not contain."""

    def __init__(self, path: object, line: int | None, why: str) -> None:
        self.path, self.line, self.why = path, line, why
        super().__init__(f"{path}{f', line {line}' if line else ''}: {why}")


class NotWritable(IpyclamError, ValueError):
    """The file format cannot hold this network: names that XML cannot contain, or wires that would be read differently."""


class NotPlayable(IpyclamError, RuntimeError):
    """The network cannot play: it has placeholders, or files are missing."""


class FileInUse(IpyclamError, OSError):
    """A file that is to be `use`, "written" or "read", is being `used` already."""

    def __init__(self, path: str, use: str, used: str) -> None:
        self.path = path
        doing = {"written": "written", "read": "played"}[used]
        advice = "Choose another file" if use == "written" else "It can be played when it is complete"
        super().__init__(f"{path!r} is being {doing} at the moment. {advice}, or stop the network that does it")


class WriteFailed(IpyclamError, OSError):
    """A file is not complete: the disk is full, or the folder has gone. The message tells how much of it there is."""


class VideoError(IpyclamError, RuntimeError):
    """A video cannot be made."""


class EncoderMissing(VideoError, FileNotFoundError):
    """No encoder for this container is installed; `installs` gives the command that installs each encoder."""

    def __init__(self, suffix: str, installs: Mapping[str, str]) -> None:
        self.suffix, self.installs = suffix, dict(installs)
        hints = " or ".join(f"{command} ({encoder})" for encoder, command in self.installs.items())
        super().__init__(f"no encoder for {suffix} videos is installed. Install one in a terminal: {hints}")


class EncoderFailed(VideoError):
    """The encoder failed: how it ended, the last lines of its output, and the incomplete file that is left."""

    def __init__(self, encoder: str, how: str, words: str, left: object = None) -> None:
        self.encoder, self.words, self.left = encoder, words, left
        said = f" {encoder} said: {words}" if words else ""
        kept = f"\nthe incomplete video is {left}" if left else ""
        super().__init__(f"{encoder} {how}{'' if how.endswith('?') or not words else '.'}{said}{kept}")


class NoFrames(VideoError, ValueError):
    """A video was closed before its first frame."""

    def __init__(self, path: object) -> None:
        self.path = path
        super().__init__(f"{path} was not written: it received no frames")


class BadFrame(VideoError, ValueError):
    """An array is not a frame of this video."""


class BadFrameType(BadFrame, TypeError):
    """A frame is not an array of uint8."""


class PictureError(IpyclamError, RuntimeError):
    """A picture cannot be drawn; the message says what to install."""


class PanelError(IpyclamError, RuntimeError):
    """A panel of sliders cannot be made; the message says what to install, or what has no slider."""


class EngineError(IpyclamError, RuntimeError):
    """A device, server or library used by the engine failed."""


class DeviceError(EngineError):
    """A sound device or sound server is missing or was disconnected."""


class NoJackServer(DeviceError):
    """No JACK server of that name is running, or it belongs to another user."""

    def __init__(self, server: str = "", reason: str = "") -> None:
        self.server, self.reason = server, reason
        called, flag, argument, variable = "", "", "", ""
        if server:
            called, flag, argument = f" called {server!r}", f" -n {server}", f"server={server!r}, "
            variable = f"JACK_DEFAULT_SERVER={server} "
        super().__init__(
            f"no JACK server{called} is running. "
            f"To start one in a terminal: jackd{flag} -d alsa (without a sound card: jackd{flag} -d dummy)\n"
            f'In Python: Network("jack", {argument}start_server=True). '
            f"With the console: {variable}ipyclam_console --engine=jack --start-server\n"
            "With PipeWire: pw-jack ipyclam_console --engine=jack"
        )


def suggest(name: str, known: Iterable[str], otherwise: str = "", aliases: Iterable[str] = ()) -> str:
    """The last sentence of a message: the closest of `known` or `aliases`; else all of `known` if they are few; else `otherwise`."""
    names = list(known)
    close = _closest(name, names) or _closest(name, list(aliases))
    if close is not None:
        return f"; did you mean {close!r}?"
    if 0 < len(names) <= 8:
        return f". Available: {', '.join(map(repr, names))}"
    return f". {otherwise}" if otherwise else ""


def _closest(name: str, names: list[str], alike: float = 0.6) -> str | None:
    if len(names) > 5000:  # difflib compares with each name: 10,000 of them would take a visible pause
        names = [other for other in names if abs(len(other) - len(name)) <= 2 and other[:1].lower() == name[:1].lower()][:5000]
    lowered = {other.lower(): other for other in reversed(names)}
    return lowered.get(name.lower()) or next((lowered[match] for match in get_close_matches(name.lower(), lowered, 1, alike)), None)
