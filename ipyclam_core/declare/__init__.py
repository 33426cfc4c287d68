"""Functions to write a processing type: a class whose attributes declare its parts, and one Python function that computes it.

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

The function is one of three:

``step``
    computes one sample. It returns a number for each out port, in order.
``process``
    computes one block; or, if ports have a `size` or hold frames of a data type, one piece or one frame.
``receive``
    computes a processing that has only controls. It is called in the blocks in which a control arrives, and once at the start.

It takes these arguments by name, in any order:

- ``state``: the fields of ``State`` and ``Prepared``, to read and to set.
- ``sample_rate``: frames a second.
- ``frames``: the number of frames in this block.
- A parameter, by the name of its attribute: a number; for a choice, its index.
- An in control: a number.
- A smooth in control: in ``step`` a number that ramps to the value sent, in ``process`` a pair (current value, target
  value).
- In controls declared with `count`: a sequence of numbers.
- Smooth in controls declared with `count`: a sequence of pairs (current value, target value).
- ``Pitch_arrived``: the number of values sent to the in control ``Pitch`` since the last call.
- An in port: in ``step`` a sample, in ``process`` a float32 array of the block, to read.
- In ports declared with `count`: a sequence of arrays to read.
- An out port: a float32 array of zeros to fill. ``step`` returns the samples of the out ports instead.
- Out ports declared with `count`: a sequence of arrays of zeros to fill.
- An in port with `size`: a float32 array of one piece, to read.
- An out port with `size`: a float32 array of one piece, to fill or to add to.
- An in port of a data type: a frame, whose fields are arrays and numbers to read.
- An out port of a data type: a frame, whose fields are arrays to fill and numbers to set.
- In ports of a data type declared with `count`: a sequence of frames.
- Out ports of a data type declared with `count`: a sequence of frames to fill.
- A table of a frame (see `ipyclam_core.declare.frames.table`), and a field declared as a `Table`: ``frame.spectra = state.response``
  passes it on, and ``frame.spectra.values`` is a float32 array.
- An out control: ``send(value)`` sends a value.
- Out controls declared with `count`: ``outs[k].send(value)``.

Other functions may stand beside it. They too take their arguments by name:

``block``
    is called before the samples of a block, for work that ``step`` need not repeat for every sample. It takes no ports. A field
    of ``State`` that it sets to true in few blocks, as while a filter is being retuned, is faster if its type is `Seldom`.
``initial``
    returns the initial values of fields of ``State``, by name, where these are neither zero nor given there
    (``phase: float = 0.5``). The value of an array decides its length. It takes parameters, ``sample_rate``, ``block_size`` and
    ``seed``, a number of this processing's own in the network; and the names of in ports that hold frames, which tell how long
    the rows of these frames are: ``spectrum.bins``. When a parameter changes while the network plays, fields whose
    initial value changes are set again. The others keep their values.
``prepare``
    returns the values of all fields of ``Prepared``: coefficients and tables. They are computed outside the audio thread and
    replaced together between two blocks. It takes the same arguments as ``initial``. A read-only array
    (``table.flags.writeable = False``) is not copied, so several processings can share it.
``companion``
    returns an object with ``service()``, which is called some fifty times a second outside the audio thread, and ``close()``;
    or ``None``. It is for files and sockets. It takes the same arguments as ``prepare``, and ``state``, a view of the
    processing's memory.
``problem``
    takes parameters, and returns why a processing with this configuration cannot play (a missing file), or ``""``.
``ports``
    takes parameters, and returns the numbers of connectors whose `count` is not a parameter, ``{"channels": 2}``, or their names
    in a tuple.

A class may be derived from another one and inherits its declarations. A declaration of the same name replaces the inherited
one. ``None`` removes it.

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
from .declaration import Array, Declared, Length, Seldom, Table, catalog
from .frames import FrameSpec

__all__ = ["Array", "Seldom", "Table", "config", "in_control", "in_port", "out_control", "out_port", "processing"]

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
    keeps: bool = False,
    unit: str = "",
    doc: str = "",
) -> Any:
    """A configuration parameter; its type is that of its default where it is not said, and ``enum`` where it has choices.

    With another file, a processing begins again. Where a file `keeps`, the state stays, whatever it holds and however long the arrays
    of ``Prepared`` become.
    """
    try:
        declared = ParameterSpec("", None) if default is None else ParameterSpec.of("", default)
    except RecursionError:
        raise DefinitionError("config", "a dict that contains itself cannot be a default value") from None
    except TypeError as error:
        raise DefinitionError("config", str(error).removeprefix(": ")) from None
    kind = type or ("enum" if choices else declared.type)
    spec = replace(declared, type=kind, minimum=minimum, maximum=maximum, choices=choices, optional=optional, unit=unit, doc=doc)
    return Declared(replace(spec, name=name), "config", keeps=keeps)


def in_port(
    name: str = "",
    type: str | FrameSpec | type = "Audio",
    *,
    count: str = "",
    first: int = 1,
    names: tuple[str, ...] = (),
    open: float = 0.0,
    size: Length = 0,
    hop: Length = 0,
    before: Length = 0,
    doc: str = "",
) -> Any:
    """An in port, or with `count` as many as the parameter of that name says (see `PortSpec`), up to 1024 unless it has a maximum.

    Parameters
    ----------
    open : the value that it reads in every frame while nothing is connected to it.
    type : ``"Audio"``, or a data type (see `ipyclam_core.data`): then it holds frames of that type.
    size : the frames of one piece: ``process`` is called when so many are there, instead of once a block. This and the next
        two are numbers of frames, or names: of a parameter, or of a number that ``ports`` returns.
    hop : the frames from one piece to the next, `size` if not given. Pieces overlap where it is less.
    before : the frames of a piece that lie before the time it stands for; half of its size puts its middle there.
    """
    frame = type if isinstance(type, FrameSpec) else None
    spec = PortSpec(name, frame.name if frame else type, doc, count, first, names, single=frame is not None)  # type: ignore[arg-type]
    return Declared(spec, "inports", open=open, size=size, hop=hop or size, before=before, frame=frame)


def out_port(
    name: str = "",
    type: str | FrameSpec | type = "Audio",
    *,
    count: str = "",
    first: int = 1,
    names: tuple[str, ...] = (),
    size: Length = 0,
    hop: Length = 0,
    before: Length = 0,
    copies: str = "",
    doc: str = "",
    **lengths: Length,
) -> Any:
    """An out port, or with `count` as many as the parameter of that name says.

    Parameters
    ----------
    type : ``"Audio"``, or a data type (see `ipyclam_core.data`): then it holds frames of that type.
    size : the frames that ``process`` writes in one call, of which the first `hop` leave afterwards. The others move up and are
        there in the next call, so that overlapping pieces are added with ``+=``.
    hop : the frames that leave, `size` if not given.
    before : the frames between the time of the call and that of the first sample which is written, as where a window is put out
        without its beginning: so much less is the latency that the port tells.
    copies : the in port, of the same data type, whose frame this one is a copy of at the beginning of each call.
    lengths : how long the rows of its frames are, by the names in the data type: ``bins="bins"``, or ``bins="spectrum.bins"``
        for the length that the frames of the in port ``spectrum`` have.
    """
    frame = type if isinstance(type, FrameSpec) else None
    spec = PortSpec(name, frame.name if frame else type, doc, count, first, names)  # type: ignore[arg-type]
    if frame is not None and size:  # the length of a row may have this name too
        lengths, size = {"size": size, **lengths}, 0
    return Declared(spec, "outports", size=size, hop=hop or size, before=before, frame=frame, copies=copies, lengths=tuple(lengths.items()))


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

    Its first value is `default`, or that of the parameter `from_config`, which also sends it again when it changes.
    In ``step``, a `smooth` one ramps to each new value over one block.
    """
    return Declared(ControlSpec(name, type, default, minimum, maximum, unit, doc, count, first), "incontrols", from_config, smooth)


def out_control(name: str = "", *, type: str = "float", unit: str = "", count: str = "", first: int = 1, doc: str = "") -> Any:
    """An out control: in ``process`` and ``receive`` it is an object with ``send(value)``."""
    return Declared(ControlSpec(name, type, unit=unit, doc=doc, count=count, first=first), "outcontrols")


@overload
def processing(cls: C, /) -> C: ...
@overload
def processing(
    *, category: str = "", source: str = "", name: str = "", role: str = "", synonyms: tuple[str, ...] = ()
) -> Callable[[C], C]: ...
def processing(
    cls: Any = None,
    /,
    *,
    category: str = "",
    source: str = "",
    name: str = "",
    role: str = "",
    synonyms: tuple[str, ...] = (),
) -> Any:
    """Make the decorated class a processing type, in ``net.types`` at once.

    Parameters
    ----------
    category : the heading it is listed under.
    source : the paper, book or CLAM class that it follows.
    name : the type's name, where it is not the class's.
    role : ``"source"`` or ``"sink"`` for those that stand for the sound device.
    synonyms : other words for it, by which ``net.types.search`` finds it too: ``("lfo", "vco")``.

    A type that is defined again replaces the old one wherever it is used, even while it plays; its state is kept
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
        entry = describe(cls, category=category, source=source, name=name or cls.__name__, role=role, synonyms=synonyms)
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
