"""From many functions to one: numba compiles each function that a kernel calls, LLVM sees the kernel as a whole.

numba would optimise every function by itself, make machine code of it, and wrappers to call it from Python and from C. The functions
of a kernel are only inlined into one another, so all of that would be thrown away: it was half of the time to the first sound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import llvmlite.binding as llvm
from numba.core.ccallback import _CFuncCompiler  # type: ignore[attr-defined]
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import cpu_target


def compile_whole(
    function: Callable[..., Any],
    signature: Any,
    symbol: str,
    options: dict[str, Any],
    apart: Sequence[str] = (),
    called: Sequence[str] = (),
) -> Any:
    """The LLVM module of a function and of all that it calls. It exports the function, called like a C function, as `symbol`.

    Functions that are named in `apart`, and not inlined by force, are optimised before they are inlined, and again with the rest.
    Those named in `called` are not inlined.
    """
    context = cpu_target.target_context
    with global_compiler_lock, _in_parts(context):
        compiled = _CFuncCompiler(function, cpu_target, options, {}, Compiler).compile(signature.args, signature.return_type)
    context.create_cfunc_wrapper(compiled.library, compiled.fndesc, None, None)
    with global_compiler_lock:
        return compiled.library.optimised(compiled.fndesc.llvm_cfunc_wrapper_name, symbol, apart, called)


def warm_up() -> None:
    """Load what numba loads before it compiles anything."""
    cpu_target.typing_context.refresh()
    cpu_target.target_context.refresh()


@contextmanager
def _in_parts(context: Any) -> Iterator[None]:
    """Let numba translate functions, and leave out all that is done to call one by itself."""
    codegen = context.codegen()
    left_out = [(context, "create_cpython_wrapper"), (context, "create_cfunc_wrapper"), (codegen, "set_env")]
    codegen._library_class = _Part
    for owner, name in left_out:
        setattr(owner, name, _nothing)
    try:
        yield
    finally:
        del codegen._library_class
        for owner, name in left_out:
            delattr(owner, name)


def _nothing(*given: Any, **options: Any) -> None:
    pass


class _Part(JITCodeLibrary):  # type: ignore[misc]
    """The code of one function, as it was translated."""

    _final_module: Any
    _shared_module: Any

    def add_llvm_module(self, module: Any) -> None:
        self._final_module.link_in(module)

    def finalize(self) -> None:
        self._finalized = True
        if any(function.name == "NRT_incref" for function in self._final_module.functions):
            # that arrays need not be counted is easier to see function by function
            self._optimize_functions(self._final_module)
            self._final_module = self.linked()
            self._linking_libraries.clear()
            self._optimize_final_module()

    def get_pointer_to_function(self, name: str) -> int:
        self._ensure_finalized()
        return 0

    def _get_module_for_linking(self) -> Any:
        """For code that is compiled elsewhere, which links what it calls and not what that calls."""
        if self._shared_module is None:
            self._shared_module = _shared(self.linked())
        return self._shared_module

    def linked(self) -> Any:
        """The code of the function and of all that it calls."""
        module = self._final_module.clone()
        for library in _called(self, {self}):
            called = library._final_module if isinstance(library, _Part) else library._get_module_for_linking()
            module.link_in(_shared(called.clone()))
        return module

    def optimised(self, name: str, symbol: str, apart: Sequence[str], called: Sequence[str]) -> Any:
        """The code of the function and of all that it calls, optimised as one; it exports `name` alone, as `symbol`."""
        self._final_module = module = self.linked()
        for function in module.functions:
            if not function.is_declaration:
                function.linkage = "internal"
        exported = module.get_function(name)
        exported.name, exported.linkage = symbol, "external"
        lasting = [function for function in module.functions if _is_named(function, called)]
        for function in lasting:
            function.add_function_attribute("noinline")
        if lasting:  # each by itself, before the whole: their loops are a third faster so
            self._optimize_functions(module)
        parts = [function for function in module.functions if _is_named(function, apart)]
        if parts:
            for function in parts:
                function.add_function_attribute("noinline")
            self._optimize_final_module()
            self._final_module = llvm.parse_assembly(str(module).replace(" noinline", " alwaysinline"))
        self._optimize_final_module()
        return self._final_module


def _is_named(function: Any, names: Sequence[str]) -> bool:
    free = not function.is_declaration and b"alwaysinline" not in function.attributes
    return free and any(f"{len(name)}{name}B" in function.name for name in names)  # as numba mangles names


def _called(library: Any, seen: set[Any]) -> Iterator[Any]:
    for called in library._linking_libraries:
        if called not in seen:
            seen.add(called)
            yield called
            if isinstance(called, _Part):
                yield from _called(called, seen)


def _shared(module: Any) -> Any:
    """The module, whose functions may be defined in others too."""
    for function in module.functions:
        if not function.is_declaration and function.linkage == llvm.Linkage.external:
            function.linkage = "linkonce_odr"
    return module
