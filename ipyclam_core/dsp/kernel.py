"""Kernels by key: compiled once on a machine, loaded from object files ever after, without importing numba.

The cache is a folder of object files in the user's cache directory (``IPYCLAM_CACHE`` names another). A file's name is a
digest of all that its code depends on: the functions, what they refer to, our own compiler, numba, Python and the CPU.
A file that is damaged, foreign or not writable is as good as none.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import sys
import tempfile
import threading
import types
from collections.abc import Callable, Iterable
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import llvmlite.binding as llvm
import numpy as np

MAGIC: Final = b"ipyclam kernel 1\n"
_PLAIN: Final = (int, float, complex, str, bytes, tuple, np.generic, np.ndarray)
_lock: Final = threading.RLock()
_loaded: Final[dict[str, int]] = {}
_compiled_here: Final[list[str]] = []
_listeners: Final[list[Callable[[str], None]]] = []


def load(name: str, parts: Iterable[object], compile_object: Callable[[str], bytes]) -> int:
    """The address of a kernel.

    Parameters
    ----------
    name : what it is called in messages.
    parts : everything its code depends on (see `fingerprint`).
    compile_object : makes the object file, exporting the symbol it is given; called only when the cache has none.
    """
    digest = hashlib.sha256(_environment())
    for part in parts:
        digest.update(fingerprint(part))
    key = digest.hexdigest()[:40]
    symbol = f"ipyclam_{key}"
    with _lock:
        address = _loaded.get(key)
        if address is None:
            code = _read(key)
            if code is None:
                for listener in _listeners:
                    listener(name)
                code = compile_object(symbol)
                _compiled_here.append(name)
                _write(key, code)
            address = _loaded[key] = _link(code, symbol)
        return address


def on_compile(listener: Callable[[str], None]) -> Callable[[], None]:
    """Call `listener` with the name of each kernel that has to be compiled, before that; what is returned ends it."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def compiled_here() -> tuple[str, ...]:
    """The kernels that this process had to compile."""
    return tuple(_compiled_here)


def function_at(address: int, result: Any, *arguments: Any) -> Callable[..., Any]:
    """A kernel as a Python callable; the GIL is released while it runs."""
    return ctypes.CFUNCTYPE(result, *arguments)(address)


def fingerprint(part: object) -> bytes:
    """A digest of a function with all it refers to, or of any plain value."""
    return hashlib.sha256(repr(_describe(part, set())).encode()).digest()


def _describe(part: object, seen: set[int]) -> object:
    part = getattr(part, "py_func", part)  # a function that numba's own decorator is on
    if isinstance(part, types.FunctionType):
        if id(part) in seen:
            return part.__name__
        seen.add(id(part))
        cells = [cell.cell_contents for cell in part.__closure__ or ()]
        given = [*cells, *(part.__defaults__ or ()), *(part.__kwdefaults__ or {}).values()]
        return (part.__name__, _describe_code(part.__code__, part.__globals__, cells, seen), [_describe(value, seen) for value in given])
    if isinstance(part, types.ModuleType):
        return part.__name__
    if isinstance(part, np.ndarray):
        return (part.dtype.str, part.shape, hashlib.sha256(np.ascontiguousarray(part).tobytes()).hexdigest())
    if isinstance(part, (tuple, list)):
        return [_describe(item, seen) for item in part]
    if isinstance(part, type):
        return (part.__module__, part.__qualname__)
    if isinstance(part, (int, float, complex, str, bytes, np.generic, np.dtype)):
        return (type(part).__name__, repr(part))
    return type(part).__name__


def _describe_code(code: types.CodeType, scope: dict[str, Any], cells: list[Any], seen: set[int]) -> object:
    constants = [_describe_code(c, scope, cells, seen) if isinstance(c, types.CodeType) else repr(c) for c in code.co_consts]
    used = [(name, scope[name]) for name in code.co_names if name in scope]
    modules = [value for value in (*cells, *(value for _, value in used)) if isinstance(value, types.ModuleType)]
    described = [(name, _describe(value, seen)) for name, value in used]
    return (code.co_code.hex(), code.co_varnames, code.co_names, constants, described, _describe_attributes(modules, code.co_names))


def _describe_attributes(modules: list[types.ModuleType], names: tuple[str, ...]) -> object:
    """What ``settings.GAIN`` is: the values in some modules, and in those in them, that a function may ask for."""
    found = [(name, vars(module)[name]) for module in modules for name in names if name in vars(module)]
    inner = [value for _, value in found if isinstance(value, types.ModuleType) and value not in modules]
    plain = [(name, _describe(value, set())) for name, value in found if isinstance(value, _PLAIN)]
    return (plain, _describe_attributes(inner, names) if inner else ())


@cache
def _environment() -> bytes:
    """What every kernel depends on."""
    here = Path(__file__).parent
    folders = [path for folder in ("memory", "native") for path in sorted((here / folder).rglob("*.py"))]
    sources = [path.read_bytes() for path in (*folders, here.parent / "declare" / "maths.py")]
    versions = [metadata.version(package) for package in ("numba", "llvmlite")]
    machine = [llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten(), llvm.get_process_triple(), sys.version]
    return hashlib.sha256(b"\0".join([*sources, *(item.encode() for item in versions + machine)])).digest()


def folder() -> Path:
    """Where the object files are."""
    named = os.environ.get("IPYCLAM_CACHE")
    if named:
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(base) / "ipyclam" / "kernels"


def _read(key: str) -> bytes | None:
    """The object file of a key, if a whole one is there: a damaged one must never reach the linker."""
    try:
        path = folder() / f"{key}.o"
        if not path.is_file():  # a pipe of that name would wait for ever
            return None
        held = path.read_bytes()
    except OSError:
        return None
    head = len(MAGIC) + 32
    code = held[head:]
    whole = held.startswith(MAGIC) and hashlib.sha256(key.encode() + code).digest() == held[len(MAGIC) : head]
    return code if whole else None


def _write(key: str, code: bytes) -> None:
    try:
        target = folder()
        target.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target, prefix=".new")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(MAGIC + hashlib.sha256(key.encode() + code).digest() + code)
            os.replace(name, target / f"{key}.o")
        except OSError:
            os.unlink(name)
    except OSError:
        return  # a cache that cannot be written to is no reason not to sound


@cache
def _linker() -> Any:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_default_triple().create_target_machine()
    return llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)


def _link(code: bytes, symbol: str) -> int:
    linker = _linker()
    linker.add_object_file(llvm.ObjectFileRef.from_data(code))
    linker.finalize_object()
    return int(linker.get_function_address(symbol))
