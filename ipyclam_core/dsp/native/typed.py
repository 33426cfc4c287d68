"""The kernel of a processing type, whichever of its three forms it has."""

from __future__ import annotations

import inspect
from functools import partial

from ...declare.declaration import Declaration
from ...errors import DefinitionError
from ..memory.layout import Layout
from . import blocks, lanes
from .arguments import Functions
from .compiler import compilable, compile_object
from .errors import KernelError
from .explain import allocation, explain, unfit_call
from .guard import guarded


def compile_type(type_: Declaration, layout: Layout, symbol: str) -> bytes:
    """The object file of a type's kernel, exported as `symbol`.

    Raises
    ------
    DefinitionError
        When the type's function cannot be compiled; the message gives the line and the reason.
    """
    form = lanes if type_.form == "step" else blocks
    ready = partial(compilable, guarded=guarded(type_))
    try:
        return compile_object(form.build(type_, layout, ready), symbol, apart=lanes.APART if form is lanes else ())
    except KernelError as error:
        if error.said:
            raise DefinitionError(type_.name, f"{type_.form}{error.place}: {error}") from None
        taken = Functions(type_, layout)
        functions = []
        for name, function in (("block", type_.block), (type_.form, type_.function)):
            if function is not None:
                given = taken.types(name, inspect.signature(function).parameters)
                functions.append((function, compilable(function), given))
        cause = error.__cause__ or error
        if error.allocates:
            unfit = unfit_call(function for function, _, _ in functions)
            if unfit:
                raise DefinitionError(type_.name, unfit) from None
            raise DefinitionError(type_.name, f"{type_.form} {error}{allocation(functions)}") from None
        assert isinstance(cause, Exception)
        raise explain(type_, cause, functions) from None
