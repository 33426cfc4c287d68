"""Tables that frames hold by address, in compiled code: a value of the address of a handle, 0 for none."""

from __future__ import annotations

import operator
from typing import Any, Final

from numba import types
from numba.core import cgutils
from numba.core.datamodel import models
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import intrinsic, lower_getattr_generic, overload, register_model

from ..memory.tables import HANDLE_COUNT, HANDLE_DATA
from .memory import I64


class TableType(types.Type):  # type: ignore[misc]
    """A table: ``table.values`` is its array; two are equal if they are the same one."""

    def __init__(self) -> None:
        super().__init__(name="Table")


TABLE: Final = TableType()
VALUES: Final = types.Array(types.float32, 1, "C")


@register_model(TableType)
class _TableModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, fe_type: Any) -> None:
        super().__init__(manager, fe_type, I64)


@infer_getattr
class _TableAttributes(AttributeTemplate):  # type: ignore[misc]
    key = TableType

    def generic_resolve(self, table: TableType, attribute: str) -> Any:
        return VALUES if attribute == "values" else None


@lower_getattr_generic(TableType)  # type: ignore[misc]
def _get_values(context: Any, builder: Any, table: TableType, value: Any, attribute: str) -> Any:
    from .state import array_over

    found = [cgutils.alloca_once_value(builder, I64(0)) for _ in range(2)]
    with builder.if_then(builder.icmp_signed("!=", value, I64(0))):
        words = builder.inttoptr(value, I64.as_pointer())
        for k, place in zip((HANDLE_DATA, HANDLE_COUNT), found, strict=True):
            builder.store(builder.load(builder.gep(words, [I64(k)])), place)
    return array_over(context, builder, VALUES, *map(builder.load, found))


@intrinsic
def _handle(typingctx: Any, table: Any) -> Any:
    return types.int64(TABLE), lambda context, builder, signature, args: args[0]


@overload(operator.eq)
def _equal(one, other):  # type: ignore[no-untyped-def]
    if isinstance(one, TableType) and isinstance(other, TableType):
        return lambda one, other: _handle(one) == _handle(other)
    return None


@overload(operator.ne)
def _different(one, other):  # type: ignore[no-untyped-def]
    if isinstance(one, TableType) and isinstance(other, TableType):
        return lambda one, other: _handle(one) != _handle(other)
    return None
