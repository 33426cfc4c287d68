"""How a processing type is written: a class whose attributes say what it has, and one Python function that computes it.

>>> from ipyclam_core.declare import config, in_control, out_port, processing
>>> @processing(category="Generators")
... class Ramp:
...     '''A sawtooth without any filtering.'''
...     Frequency = config(440.0, unit="Hz")
...     Pitch = in_control(from_config="Frequency")
...     audio = out_port("Audio Output")
...     class State:
...         phase: float
...     def step(state, Pitch, sample_rate):
...         state.phase = (state.phase + Pitch / sample_rate) % 1.0
...         return 2.0 * state.phase - 1.0

The function is one of three, and takes what it needs by name: parameters, controls, ports, ``state``, ``sample_rate``.

``step``
    computes one sample. Ports are numbers; what it returns goes to the out ports, in order.
``process``
    computes one block. Ports are float32 arrays of one length; controls and parameters are numbers; those declared with
    `count` are sequences.
``receive``
    computes a processing that has controls alone: called in the blocks in which a control arrives, and once at the start.

Controls come as numbers; smooth ones glide in ``step``, and are a pair (where it is, where it goes) in ``process``.
``Pitch_arrived``, in ``process``, ``receive`` and ``block``, is the number of values that came to ``Pitch`` since the last call.

Beside it there may be, each taking parameters, ``sample_rate``, ``block_size`` and what else is said here, by name:

``block``
    called once before the samples of a block, for what a ``step`` need not do every time; takes what ``process`` takes.
``initial``
    returns the values that fields of ``State`` begin with, where these are not zero or said there (``phase: float = 0.5``);
    arrays decide their length here. It may take ``seed``, a number
    that every processing of a network has for itself. When a parameter changes
    while it plays, those that come out different from before are set anew, the others keep what they hold.
``prepare``
    returns the values of all fields of ``Prepared``: coefficients and tables, computed outside the audio thread,
    and replaced as one between two blocks.
``companion``
    also takes ``state`` (a view of the processing's memory), and returns an object with ``service()``, called some fifty
    times a second outside the audio thread, and ``close()``: for files; or ``None``.
``problem``
    returns why such a configuration could not play (a file that is not there), or ``""``.
``ports``
    returns the numbers of connectors whose `count` is no parameter, ``{"channels": 2}``, or their names, in a tuple.

A class may be derived from another, and has what that declares, but for what it declares anew; what it sets to ``None`` it has not.

Nothing here imports numba.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar, overload

from ..errors import DefinitionError
from ..parameters import ParameterSpec, ParameterType
from ..proxy import ControlSpec, PortSpec
from ..registry import engines
from .declaration import Array, Declared, catalog

__all__ = ["Array", "config", "in_control", "in_port", "out_control", "out_port", "processing"]

C = TypeVar("C", bound=type)


def config(
    default: Any = 0.0,
    name: str = "",
    *,
    type: ParameterType | None = None,
    minimum: float | None = None,
    maximum: float | None = None,
    choices: tuple[str, ...] = (),
    optional: bool = False,
    unit: str = "",
    doc: str = "",
) -> Any:
    """A configuration parameter; its type is that of its default where it is not said, and ``enum`` where it has choices."""
    declared = ParameterSpec("", None) if default is None else ParameterSpec.of("", default)
    kind = type or ("enum" if choices else declared.type)
    spec = replace(declared, type=kind, minimum=minimum, maximum=maximum, choices=choices, optional=optional, unit=unit, doc=doc)
    return Declared(replace(spec, name=name), "config")


def in_port(
    name: str = "",
    type: str = "Audio",
    *,
    count: str = "",
    first: int = 1,
    names: tuple[str, ...] = (),
    open: float = 0.0,
    doc: str = "",
) -> Any:
    """An in port, or with `count` as many as the parameter of that name says (see `PortSpec`).

    It reads `open` in every frame while nothing is connected to it.
    """
    return Declared(PortSpec(name, type, doc, count, first, names), "inports", open=open)


def out_port(name: str = "", type: str = "Audio", *, count: str = "", first: int = 1, names: tuple[str, ...] = (), doc: str = "") -> Any:
    """An out port, or with `count` as many as the parameter of that name says."""
    return Declared(PortSpec(name, type, doc, count, first, names), "outports")


def in_control(
    name: str = "",
    default: float = 0.0,
    minimum: float | None = None,
    maximum: float | None = None,
    *,
    type: str = "float",
    unit: str = "",
    from_config: str = "",
    smooth: bool = False,
    count: str = "",
    first: int = 1,
    doc: str = "",
) -> Any:
    """An in control.

    Its first value is `default`, or that of the parameter `from_config`, which also sends it anew when it is changed.
    A `smooth` one reaches ``step`` as a value that glides to what was sent in the course of a block.
    """
    return Declared(ControlSpec(name, type, default, minimum, maximum, unit, doc, count, first), "incontrols", from_config, smooth)


def out_control(name: str = "", *, type: str = "float", unit: str = "", count: str = "", first: int = 1, doc: str = "") -> Any:
    """An out control: in ``process`` and ``receive`` it is an object with ``send(value)``."""
    return Declared(ControlSpec(name, type, unit=unit, doc=doc, count=count, first=first), "outcontrols")


@overload
def processing(cls: C, /) -> C: ...
@overload
def processing(*, category: str = "", source: str = "", name: str = "", role: str = "") -> Callable[[C], C]: ...
def processing(cls: Any = None, /, *, category: str = "", source: str = "", name: str = "", role: str = "") -> Any:
    """Make the decorated class a processing type, in ``net.types`` at once.

    Parameters
    ----------
    category : the heading it is listed under.
    source : the paper, book or CLAM class that it follows.
    name : the type's name, where it is not the class's.
    role : ``"source"`` or ``"sink"`` for those that stand for the sound device.

    A type that is defined anew takes the place of the old one wherever it is used, while it plays too; its state is kept
    where the fields are the same.

    Raises
    ------
    DefinitionError
        When the declaration cannot be understood, its function cannot be compiled, or one of the others fails: what, in
        which line. Whatever was defined under this name before stays.
    """

    def enter(cls: C) -> C:
        try:
            return define(cls)
        except DefinitionError as error:  # it is about their lines, not ours
            raise error.with_traceback(None) from None

    def define(cls: C) -> C:
        from .describe import describe  # which needs numpy: that is not loaded before somebody defines a type
        from .rehearsal import rehearse

        if not isinstance(cls, type):
            title = getattr(cls, "__name__", repr(cls))
            raise DefinitionError(title, "@processing() belongs above a class, in which step, process or receive is the function")
        entry = describe(cls, category=category, source=source, name=name or cls.__name__, role=role)
        if entry.spec.origin:  # ours are compiled when they are first used
            clam = engines.load("clam")
            clam.load_types()  # so that a name of ours is not taken unawares
            rehearse(entry)
            clam.compile_type(entry)
        cls.__processing__ = catalog.enter(entry)  # type: ignore[attr-defined]
        return cls

    if isinstance(cls, str):
        raise DefinitionError(f"@processing({cls!r})", f"say what that is: @processing(category={cls!r})")
    return enter if cls is None else enter(cls)
