"""From a Python function to machine code in an object file: the one place where numba compiles anything.

Nothing compiled here can take the GIL: a function that might raise is refused.
"""

from __future__ import annotations

import dis
import os
import tempfile
import types as python_types
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

import llvmlite.binding as llvm
from numba import njit, types
from numba.core import config

from ...declare import fourier, maths
from ...errors import DefinitionError
from . import fourier as compiled_fourier
from . import maths as compiled_maths
from .checked import GUARDING
from .errors import AllocatingKernel, KernelError, OutsideKernel, RecursiveKernel
from .explain import RAISING
from .loops import GUARDED, GUARDED_ONCE, NAN_SAFE, PLAIN
from .symbols import HARMLESS, undefined
from .whole import compile_whole

KERNEL: Final = types.void(types.int64, types.int64)
ONE_WORD: Final = types.void(types.int64)
FORBIDDEN: Final = ("numba_gil_ensure", "PyGILState_Ensure", "NRT_", "numba_unpickle", "PyErr_", "PyObject_")

OPTIONS: Final = {"nopython": True, "error_model": "numpy", "fastmath": NAN_SAFE}
_COMPILED: Final = frozenset(
    value for module in (fourier, maths) for value in vars(module).values() if isinstance(value, python_types.FunctionType)
)
_ALLOCATES: Final = (
    "would allocate memory or raise an error while it plays, as lists, new arrays, strings, print, raise and assert do; "
    "keep arrays in State, and make them in initial or prepare"
)

_OVERLOADS: Final = (compiled_maths, compiled_fourier)  # imported for these
if config.USE_LLVMLITE_MEMORY_MANAGER is None:
    config.USE_LLVMLITE_MEMORY_MANAGER = 1  # as in `dsp.kernel`: numba links its functions, too


def compilable(
    function: Callable[..., Any], guarded: bool = False, often: bool = False, callers: tuple[Any, ...] = ()
) -> Callable[..., Any]:
    """`function`, and the plain functions it calls, made callable from compiled code; inlined where it is called.

    A guarded one fails if it indexes outside an array or does not end (see `guard` and `loops`), after fewer rounds if it is
    called `often`. `callers` are the functions that it is called by.
    """
    return _compilable(function, guarded, often, dict.fromkeys(callers))


def _compilable(function: Callable[..., Any], guarded: bool, often: bool, done: dict[Any, Any]) -> Callable[..., Any]:
    if function in done:
        if done[function] is None:
            raise RecursiveKernel(f"{function.__name__} calls itself, which compiled code cannot; a loop can")
        return done[function]  # type: ignore[no-any-return]
    done[function] = None
    assert isinstance(function, python_types.FunctionType)

    def ready(used: Any) -> Any:
        used = getattr(used, "py_func", used) if guarded else used  # functions with numba's own decorator have no guards
        plain = isinstance(used, python_types.FunctionType) and used not in _COMPILED and not hasattr(used, "_ipyclam_plain")
        known = plain and (used.__module__ or "").partition(".")[0] in ("numba", "numpy")
        return _compilable(used, guarded, True, done) if plain and not known else used

    scope = dict(function.__globals__)
    scope.update({name: ready(scope[name]) for name in _names(function.__code__) if name in scope})
    closure = tuple(python_types.CellType(ready(cell.cell_contents)) for cell in function.__closure__ or ())
    copy = python_types.FunctionType(function.__code__, scope, function.__name__, function.__defaults__, closure or None)
    if guarded and RAISING & _operations(function.__code__):
        raise AllocatingKernel(_ALLOCATES)  # it would be taken for an index that is too large
    callers = tuple(caller for caller, ready_ in done.items() if ready_ is None)
    setattr(copy, GUARDING, partial(compilable, guarded=True, often=True, callers=callers))
    options = (GUARDED if often else GUARDED_ONCE) if guarded else PLAIN
    done[function] = njit(**options)(copy)
    return done[function]  # type: ignore[no-any-return]


def _names(code: python_types.CodeType) -> set[str]:
    return set(code.co_names).union(*map(_names, _inner(code)))


def _operations(code: python_types.CodeType) -> set[str]:
    return {instruction.opname for instruction in dis.get_instructions(code)}.union(*map(_operations, _inner(code)))


def _inner(code: python_types.CodeType) -> list[python_types.CodeType]:
    """The functions inside of a function."""
    return [constant for constant in code.co_consts if isinstance(constant, python_types.CodeType)]


def compile_object(
    function: Callable[..., Any], symbol: str, signature: Any = KERNEL, apart: Sequence[str] = (), called: Sequence[str] = ()
) -> bytes:
    """The object file of `function`, which it exports as `symbol`; `apart` and `called` are as in `compile_whole`.

    Raises
    ------
    KernelError
        When numba cannot compile it, or when it might raise an error or enter Python while it runs.
    """
    try:
        with _without_remarks():
            module = compile_whole(function, signature, symbol, OPTIONS, apart, called)
    except (DefinitionError, KernelError):
        raise
    except Exception as error:  # numba raises errors of many kinds
        raise KernelError(str(error)) from error
    machine = _machine()
    _drop_unused(module, machine)
    taken = sorted(f.name for f in module.functions if f.is_declaration and f.name.startswith(FORBIDDEN))
    if taken:
        raise AllocatingKernel(_ALLOCATES)
    code = bytes(machine.emit_object(module))
    outside = sorted(undefined(code) - HARMLESS)
    if outside:
        raise OutsideKernel(f"calls a function that may wait for Python while it plays: {', '.join(outside)}")
    return code


def _drop_unused(module: Any, machine: Any) -> None:
    """Remove unreachable code: numba's wrapper contains error reporting, but these functions never raise."""
    builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=0))
    passes = llvm.create_new_module_pass_manager()
    passes.add_ipsccp_pass()
    passes.add_simplify_cfg_pass()
    passes.add_global_dead_code_eliminate_pass()
    passes.run(module, builder)


@contextmanager
def _without_remarks() -> Iterator[None]:
    """Keep LLVM's remarks about loops that were not vectorised off the terminal.

    LLVM writes them directly to standard error, and llvmlite cannot turn that off. Any other output is passed on.
    """
    try:
        terminal = os.dup(2)
    except OSError:  # there is no standard error
        yield
        return
    with tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(terminal, 2)
            said.seek(0)
            rest = [line for line in said if not line.startswith(b"remark: ")]
            if rest:
                os.write(terminal, b"".join(rest))
            os.close(terminal)


def _machine() -> Any:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    features = llvm.get_host_cpu_features().flatten()
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=features, opt=3, reloc="pic", codemodel="default"
    )
