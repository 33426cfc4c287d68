"""Kernels by key: compiled once per machine, then loaded from object files without importing numba.

The object files are in the user's cache folder. A file's name is a digest of all that its code depends on: the functions,
the values they refer to, our own compiler, numba, Python and the CPU.
"""

from __future__ import annotations

import ctypes
import hashlib
import sys
import threading
import types
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import llvmlite.binding as llvm
import numpy as np

from ..errors import EngineError
from ..system.cache import Cache
from .native import symbols

PACKAGE: Final = Path(__file__).parents[1]
SOURCES: Final = (
    "dsp/memory", "dsp/native", "dsp/kernels.py", "declare/fourier.py", "declare/frames.py", "declare/maths.py", "declare/arguments.py",
)  # fmt: skip
"""Files and folders that are compiled into kernels, or decide how."""
object_files: Final = Cache("kernels", ".o")
_LIBRARIES: Final = frozenset({*sys.stdlib_module_names, "numpy", "numba", "llvmlite"})  # known by their versions
_compiler: Final = threading.RLock()
_linking: Final = threading.RLock()
_loaded: Final[dict[str, int]] = {}
_compiled_here: Final[list[str]] = []
_listeners: Final[list[Callable[[str], None]]] = []


def load(name: str, parts: Iterable[object], compile_object: Callable[[str], bytes]) -> int:
    """The address of a kernel.

    Parameters
    ----------
    name : its name in messages.
    parts : everything its code depends on (see `fingerprint`).
    compile_object : makes the object file, exporting the symbol it is given; called only when the cache has none that can be linked.
    """
    key = key_of(parts)
    address = _loaded.get(key)
    if address is None:
        code = _kept(key)
        address = _compiled(name, key, compile_object) if code is None else _link(key, code)
    return address


def _compiled(name: str, key: str, compile_object: Callable[[str], bytes]) -> int:
    """The address of a kernel that was missing, whoever compiles it: of several threads and processes one does."""
    with object_files.making(key):
        if key in _loaded:
            return _loaded[key]
        code = _kept(key)
        if code is None:
            with _compiler:
                for listener in [*_listeners]:
                    listener(name)
                code = compile_object(_symbol(key))
                missing = _missing(code)
                if missing:
                    raise EngineError(
                        f"{name} cannot be computed: its code calls {', '.join(missing)}, which cannot be used while it plays"
                    )
                _compiled_here.append(name)
            object_files.write(key, code)
        return _link(key, code)


def _kept(key: str) -> bytes | None:
    """The object file of a kernel that was compiled earlier; None if there is none that can be linked."""
    code = object_files.read(key)
    return None if code is None or _missing(code) else code


def is_there(parts: Iterable[object]) -> bool:
    """Whether a kernel has been loaded, or compiled at an earlier time."""
    key = key_of(parts)
    return key in _loaded or object_files.has(key)


def key_of(parts: Iterable[object]) -> str:
    """The key of a kernel that depends on some parts, and on what every kernel depends on."""
    digest = hashlib.sha256(_environment())
    for part in parts:
        digest.update(fingerprint(part))
    return digest.hexdigest()[:40]


def on_compile(listener: Callable[[str], None]) -> Callable[[], None]:
    """Call `listener` with the name of each kernel before it is compiled. Call the returned function to end this."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def compiled_here() -> tuple[str, ...]:
    """The names of the kernels compiled by this process."""
    return tuple(_compiled_here)


def function_at(address: int, result: Any, *arguments: Any) -> Callable[..., Any]:
    """A kernel as a Python callable; the GIL is released while it runs."""
    return ctypes.CFUNCTYPE(result, *arguments)(address)


def fingerprint(part: object) -> bytes:
    """A digest of a function and everything it refers to, or of a plain value."""
    return hashlib.sha256(repr(_describe(part, set())).encode()).digest()


def _describe(part: object, seen: set[int]) -> object:
    if hasattr(part, "py_func"):  # a function that numba's own decorator is on
        return (_describe(part.py_func, seen), _describe_options(getattr(part, "targetoptions", {})))
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
        return (repr(part.dtype), part.shape, hashlib.sha256(np.ascontiguousarray(part).tobytes()).hexdigest())
    if isinstance(part, (tuple, list)):
        return (type(part).__name__, getattr(part, "_fields", ()), [_describe(item, seen) for item in part])
    if isinstance(part, type):
        members = [(each.name, _describe(each.value, seen)) for each in part] if issubclass(part, Enum) else ()
        return (part.__module__, part.__qualname__, members)
    if isinstance(part, (int, float, complex, str, bytes, np.generic, np.dtype)):
        return (type(part).__name__, repr(part))
    if isinstance(part, Enum):
        return (type(part).__name__, part.name, _describe(part.value, seen))
    return type(part).__name__


def _describe_options(options: dict[str, Any]) -> object:
    return sorted(
        (name, sorted(map(repr, value)) if isinstance(value, (set, frozenset)) else repr(value)) for name, value in options.items()
    )


def _describe_code(code: types.CodeType, scope: dict[str, Any], cells: list[Any], seen: set[int]) -> object:
    constants = [_describe_code(c, scope, cells, seen) if isinstance(c, types.CodeType) else repr(c) for c in code.co_consts]
    used = [(name, scope[name]) for name in code.co_names if name in scope]
    modules = [value for value in (*cells, *(value for _, value in used)) if isinstance(value, types.ModuleType)]
    described = [(name, _describe(value, seen)) for name, value in used]
    taken = (code.co_flags, code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_varnames, code.co_freevars)
    attributes = list(_describe_attributes(modules, code.co_names, seen))
    return (code.co_code.hex(), code.co_exceptiontable.hex(), taken, code.co_names, constants, described, attributes)


def _describe_attributes(modules: list[types.ModuleType], names: tuple[str, ...], seen: set[int]) -> Iterator[object]:
    """The values of attributes such as ``settings.GAIN``, in some modules and their submodules, that a function may read by these names."""
    for module in modules:
        library = module.__name__.partition(".")[0] in _LIBRARIES
        for name in names:
            value = vars(module).get(name)
            if isinstance(value, types.ModuleType):
                if id(value) not in seen:
                    seen.add(id(value))
                    yield from _describe_attributes([value], names, seen)
            elif name in vars(module) and not library:
                yield (name, _describe(value, seen))


@cache
def _environment() -> bytes:
    """The versions and the hardware that every kernel depends on."""
    digest = hashlib.sha256()
    for source in SOURCES:
        path = PACKAGE / source
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(f"{file.relative_to(PACKAGE)}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    versions = [metadata.version(package) for package in ("numba", "llvmlite")]
    machine = [llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten(), llvm.get_process_triple(), sys.version, np.__version__]
    digest.update("\0".join(versions + machine).encode())
    return digest.digest()


@cache
def _linker() -> Any:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_default_triple().create_target_machine()
    # with a memory manager that keeps the code and the constants of a kernel together: where samples and delay lines take some
    # gigabytes, LLVM's own puts them so far from one another that it cannot link them, and ends the process
    return llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine, use_lmm=True)


def _missing(code: bytes) -> list[str]:
    """The functions wanted by an object file that cannot be linked."""
    with _linking:
        _linker()  # which tells LLVM where the functions of this process are
        return symbols.missing(code)


def _link(key: str, code: bytes) -> int:
    with _linking:
        if key not in _loaded:
            linker = _linker()
            linker.add_object_file(llvm.ObjectFileRef.from_data(code))
            linker.finalize_object()
            _loaded[key] = int(linker.get_function_address(_symbol(key)))
        return _loaded[key]


def _symbol(key: str) -> str:
    return f"ipyclam_{key}"
