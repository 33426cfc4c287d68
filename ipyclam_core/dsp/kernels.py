"""The kernels of the engine. numba is imported only if a kernel is missing in the cache."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable
from functools import cache

from ..declare.declaration import Declaration
from ..system.interrupts import safe_point
from . import kernel
from .memory.instances import layout_of
from .planning.plan import Kernels

WORD = ctypes.c_int64
QUEUES = ("collect", "emit", "advance", "rounds")
"""The kernels that are needed only where some type is called for each frame."""
BUFFERS = ("lift", "unroll")
"""Those that are needed only where some type puts out buffers."""
TRANSFORMS = ("forward", "inverse")


def of_type(type_: Declaration) -> int:
    """The address of a processing type's kernel; 0 for a source or sink.

    Raises
    ------
    DefinitionError
        When its function cannot be compiled; the message quotes the author's line.
    """
    if type_.form == "device":
        return 0
    if type_.kernel:
        return between(type_.kernel)
    layout = layout_of(type_)

    def compile_object(symbol: str) -> bytes:
        from .native import typed

        return typed.compile_type(type_, layout, symbol)

    return kernel.load(type_.name, _parts(type_), compile_object)


def _parts(type_: Declaration) -> list[object]:
    """All that the code of a type's kernel depends on."""
    layout = layout_of(type_)
    frames = [[(field.name, field.kind) for field in item.frame.fields] if item.frame else item.framed for item in type_.items]
    items = [(item.role, item.attribute, item.many, item.smooth, item.copies) for item in type_.items]
    cells = [(cell.name, cell.dtype.str, cell.offset) for cell in layout.cells.values()]
    fields = [(field.name, field.dtype.str, field.array, field.prepared, field.seldom, field.table) for field in type_.fields]
    return [type_.form, type_.function, type_.block, str(items), str(frames), str(cells), str(fields), layout.lanes]


_found: set[object] = set()
"""What `is_there` and `is_shared_there` have found, but for types that may be redefined: it stays there."""


def is_there(type_: Declaration) -> bool:
    """Whether nothing has to be compiled for a type."""
    if type_ in _found or type_.form == "device":
        return True
    own = bool(type_.kernel) or kernel.is_there(_parts(type_))
    there = own and all(is_shared_there(*job) for job in needed_by([type_]))
    if there and not type_.spec.origin:
        _found.add(type_)
    return there


def _beside(types: list[Declaration]) -> tuple[str, ...]:
    """The kernels that are needed beside those of some types."""
    queues = QUEUES if any(type_.framed for type_ in types) else ()
    buffers = BUFFERS if any(type_.puts_buffers for type_ in types) else ()
    return (*queues, *buffers, *dict.fromkeys(type_.kernel for type_ in types if type_.kernel))


def needed_by(types: list[Declaration]) -> list[tuple[str, str]]:
    """The kind and name of each kernel that is needed beside those of some types, the slowest to compile first."""
    transforms = TRANSFORMS if any(type_.transforms for type_ in types) else ()
    return [*(("fourier", name) for name in transforms), *(("wiring", name) for name in _beside(types))]


def shared(kind: str, name: str) -> int:
    """The address of one of the kernels of ``"wiring"``, ``"runtime"`` or ``"fourier"``."""
    return {"wiring": between, "runtime": runtime, "fourier": transform}[kind](name)


def is_shared_there(kind: str, name: str) -> bool:
    """Whether one of the kernels that `shared` gives does not have to be compiled."""
    if (kind, name) not in _found and kernel.is_there([kind, name]):
        _found.add((kind, name))
    return (kind, name) in _found


def can_be_kept() -> bool:
    """Whether kernels that are compiled now are there for other processes."""
    return kernel.object_files.can_write()


@cache
def _of_ours(type_: Declaration) -> int:
    """As `of_type`, for a type whose function refers to nothing that can be redefined at a prompt."""
    return of_type(type_)


@cache
def between(name: str) -> int:
    """The address of a kernel of `wiring` (``"mix"``, ``"hold"``, ``"tap"``, ``"carry"``, ``"levels"``), `queues`, `lifting`, `hosting`."""

    def compile_object(symbol: str) -> bytes:
        from .native import compiler, hosting, lifting, queues, wiring

        signature = compiler.ONE_WORD if name == "levels" else compiler.KERNEL
        module = next(module for module in (wiring, queues, lifting, hosting) if hasattr(module, name))
        return compiler.compile_object(getattr(module, name), symbol, signature)

    return kernel.load(name, ["wiring", name], compile_object)


@cache
def runtime(name: str) -> int:
    """The address of one of the functions of `runtime`."""

    def compile_object(symbol: str) -> bytes:
        from .native import compiler
        from .native import runtime as functions

        function = getattr(functions, name)
        return compiler.compile_object(function, symbol, functions.SIGNATURES[function])

    return kernel.load(name, ["runtime", name], compile_object)


@cache
def transform(name: str) -> int:
    """The address of a Fourier transform: ``"forward"`` or ``"inverse"``."""

    def compile_object(symbol: str) -> bytes:
        from .native import compiler, fourier

        return compiler.compile_object(getattr(fourier, name), symbol, fourier.SIGNATURE, called=fourier.CALLED)

    return kernel.load(f"Fourier transform ({name})", ["fourier", name], compile_object)


@cache
def offline() -> Callable[..., None]:
    """``offline(ctx, inputs, input_count, outputs, output_count, frames, blocks)``, without the GIL."""
    return kernel.function_at(runtime("offline"), None, *[WORD] * 7)


@cache
def publish() -> Callable[[int, int], None]:
    """``publish(address, value)``: a store with release ordering."""
    return kernel.function_at(runtime("publish"), None, WORD, WORD)


@cache
def drain() -> Callable[[int], None]:
    """``drain(ctx)``: process the pending messages."""
    return kernel.function_at(runtime("drain"), None, WORD)


@cache
def levels() -> Callable[[int], None]:
    """``levels(arguments)``: the order of computation; see `planning.order`."""
    return kernel.function_at(between("levels"), None, WORD)


def prepare(types: Iterable[Declaration]) -> None:
    """Compile the kernels of these types in advance. Ctrl-C takes effect between two of them."""
    for type_ in types:
        safe_point()
        of_type(type_) if type_.spec.origin else _of_ours(type_)


def kernels_for(types: list[Declaration], known: dict[Declaration, int]) -> Kernels:
    """The kernels of a score's types, and those of the wiring; `known` caches them from one plan to the next."""
    for type_ in types:
        if type_ not in known:
            known[type_] = of_type(type_) if type_.spec.origin else _of_ours(type_)
    wiring = {name: between(name) for name in ("mix", "hold", "tap", "carry", *_beside(types))}
    return Kernels([known[type_] for type_ in types], wiring, levels())
