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
    │   └── NothingToConnect
    ├── NotSupported                     (NotImplementedError)
    ├── NothingToUndo, NothingToRedo     (IndexError)
    ├── FormatError                      (ValueError)
    ├── NotPlayable                      (RuntimeError)
    └── EngineError                      (RuntimeError)
        └── DeviceError
"""

from __future__ import annotations

from collections.abc import Iterable
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

    def __init__(self, owner: str, name: str, known: Iterable[str] = ()) -> None:
        self.processing, self.connector = owner, name
        super().__init__(f"{owner} has no {name!r}{suggest(name, known)}")


class NoSuchParameter(NameError_):
    """`owner` has no configuration parameter called `name`."""

    def __init__(self, owner: str, name: str, known: Iterable[str] = ()) -> None:
        self.processing, self.parameter = owner, name
        super().__init__(f"{owner} has no parameter {name!r}{suggest(name, known)}")


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
    """A parameter was given a value it does not take."""

    def __init__(self, owner: str, name: str, value: object, expected: str) -> None:
        self.processing, self.parameter, self.value = owner, name, value
        close = get_close_matches(str(value), [word.strip("'") for word in expected.split("'")], 1) if isinstance(value, str) else []
        hint = f"; did you mean {close[0]!r}?" if close else ""
        super().__init__(f"{owner}.{name} takes {expected}, not {_brief(value)}{hint}")


class ConnectionError_(IpyclamError, ValueError):
    """Two connectors that cannot be connected, or disconnected, as asked."""


class DifferentConnectorType(ConnectionError_):
    """The data of the two ends is of different types."""


class DifferentConnectorKind(ConnectionError_):
    """A port and a control."""


class SameConnectorDirection(ConnectionError_):
    """Two ins, or two outs."""


class BadConnectorDirectionOrder(ConnectionError_):
    """The arrow points from an in to an out."""


class ConnectionExists(ConnectionError_):
    """The two are connected already."""


class NotConnected(ConnectionError_):
    """The two are not connected."""


class NothingToConnect(ConnectionError_):
    """A broadcast in which no pair could be connected, with the reasons."""


class NotSupported(IpyclamError, NotImplementedError):
    """The engine is not able to do `operation` at all (which is not the same as having failed at it)."""

    def __init__(self, engine: str, operation: str, instead: str = "") -> None:
        self.engine, self.operation = engine, operation
        super().__init__(f"the {engine} engine cannot {operation}{'; ' + instead if instead else ''}")


class NothingToUndo(IpyclamError, IndexError):
    """No change is left to undo."""

    def __init__(self) -> None:
        super().__init__("there is nothing to undo")


class NothingToRedo(IpyclamError, IndexError):
    """No undone change is left to redo."""

    def __init__(self) -> None:
        super().__init__("there is nothing to redo")


class FormatError(IpyclamError, ValueError):
    """A file that is not what its suffix says, or that asks for what a network file may not do."""

    def __init__(self, path: object, line: int | None, why: str) -> None:
        self.path, self.line, self.why = path, line, why
        super().__init__(f"{path}{f', line {line}' if line else ''}: {why}")


class NotPlayable(IpyclamError, RuntimeError):
    """The network cannot sound as it is: placeholders, files that are not there."""


class EngineError(IpyclamError, RuntimeError):
    """Something below the engine failed."""


class DeviceError(EngineError):
    """A sound device, or the server behind it, is not there or went away."""


def suggest(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """The end of a message: the closest of `known`, or all of them when they are few, or `otherwise`."""
    names = list(known)
    if len(names) > 5000:  # difflib compares with every one: at 10,000 names it would cost a visible pause
        names = [other for other in names if abs(len(other) - len(name)) <= 2 and other[:1].lower() == name[:1].lower()][:5000]
    lowered = {other.lower(): other for other in reversed(names)}
    close = lowered.get(name.lower()) or next((lowered[match] for match in get_close_matches(name.lower(), lowered, 1, 0.6)), None)
    if close is not None:
        return f"; did you mean {close!r}?"
    if 0 < len(names) <= 8:
        return f"; there is {', '.join(map(repr, names))}"
    return f"; {otherwise}" if otherwise else ""


def _brief(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
