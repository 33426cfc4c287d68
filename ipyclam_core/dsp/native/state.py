"""The numba type of ``state``: the fields of one lane, held in registers while a function runs."""

from __future__ import annotations

from typing import Any, Final

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.datamodel import models
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import intrinsic, lower_getattr_generic, lower_setattr_generic, register_model
from numba.np import numpy_support
from numba.np.arrayobj import make_array, populate_array

from ...declare.declaration import Declaration
from ..memory.layout import Layout
from .memory import I8, I64
from .tables import TABLE

STRICT: Final = {"nsz"}
"""The only liberty the compiler has with floating point: an order or a fusion of its own would make the sound of an
instance depend on its neighbours, and a NaN must stay one."""


TABLES: Final = "tables"
"""The alias scope of tables that are only read (see `maths.table_value`)."""


def address_of(context: Any, builder: Any, layout: Layout, base: Any, name: str, lane: Any) -> Any:
    """A pointer to one cell of one lane of the chunk at the address `base`."""
    cell = layout.cells[name]
    kind = context.get_data_type(numpy_support.from_dtype(cell.dtype))
    first = builder.inttoptr(builder.add(base, I64(cell.offset)), kind.as_pointer())
    return builder.gep(first, [lane])


class Scopes:
    """Alias scopes: they tell the compiler which parts of a kernel's memory never overlap, as the planner guarantees.

    The cells of one name in all lanes, the buffers read, and each buffer written never overlap; the tables of a program
    are never written. A scope is the name of a cell, ``"inputs"``, or ``"output 0"``, ``"output 1"`` ...
    """

    def __init__(self, module: Any, type_: Declaration, layout: Layout) -> None:
        domain = module.add_metadata(["ipyclam"])
        names = [*layout.cells, "inputs", TABLES, *(f"output {k}" for k, _ in enumerate(type_.items_of("outports")))]
        self._module = module
        self._scopes = {name: module.add_metadata([f"ipyclam.{name}", domain]) for name in names}
        self._lists: dict[str, tuple[Any, Any]] = {}
        self._nothing = module.add_metadata([])

    @classmethod
    def of(cls, builder: Any, type_: Declaration, layout: Layout) -> Scopes:
        """Those of the function that is being built; they are made once."""
        module = builder.module
        if not hasattr(module, "ipyclam_scopes"):
            module.ipyclam_scopes = cls(module, type_, layout)
        return module.ipyclam_scopes  # type: ignore[no-any-return]

    def mark(self, instruction: Any, name: str) -> Any:
        """Say that a load or store is of one of the scopes."""
        if name not in self._lists:
            others = [scope for other, scope in self._scopes.items() if other != name]
            self._lists[name] = (self._module.add_metadata([self._scopes[name]]), self._module.add_metadata(others))
        own, foreign = self._lists[name]
        instruction.set_metadata("alias.scope", own)
        instruction.set_metadata("noalias", foreign)
        return instruction

    def constant(self, instruction: Any) -> Any:
        """Say that a load is of memory that no one writes."""
        instruction.set_metadata("invariant.load", self._nothing)
        return instruction


class StateType(types.Type):  # type: ignore[misc]
    """The numba type of ``state`` in the functions of one processing type."""

    def __init__(self, type_: Declaration, layout: Layout) -> None:
        self.type = type_
        self.fields = {field.name: field for field in type_.fields}
        self.layout = layout
        members = [(name, numpy_support.from_dtype(layout.cells[f"s.{name}"].dtype)) for name in self.fields]
        lengths = [(f"l.{name}", types.int64) for name, field in self.fields.items() if field.array]
        self.members = [*members, *lengths]
        self.index = {name: k for k, (name, _) in enumerate(self.members)}
        super().__init__(name=f"State({type_.owner}, {[(n, str(t)) for n, t in self.members]}, {id(type_)})")

    def field(self, name: str) -> Any:
        """The numba type that ``state.name`` has."""
        field = self.fields[name]
        if field.array:
            return types.Array(numpy_support.from_dtype(field.dtype), 1, "C")
        if field.table:
            return TABLE
        return types.boolean if field.dtype.kind == "b" else numpy_support.from_dtype(field.dtype)

    def struct(self, context: Any) -> Any:
        """The LLVM struct that holds the fields while the function runs."""
        return ir.LiteralStructType([context.get_data_type(member) for _, member in self.members])

    @property
    def seldom(self) -> list[str]:
        """The names of the fields that are true in few blocks."""
        return [name for name, field in self.fields.items() if field.seldom]

    def load(self, steady: bool = False) -> Any:
        """An intrinsic ``(base, lane) -> state`` that fetches a lane's fields; if `steady`, those that are true in few blocks are false."""

        @intrinsic
        def load_state(typingctx: Any, base: Any, lane: Any) -> Any:
            def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
                scopes = Scopes.of(builder, self.type, self.layout)
                struct = cgutils.alloca_once(builder, self.struct(context))
                for k, (name, _) in enumerate(self.members):
                    cell = name if name.startswith("l.") else f"s.{name}"
                    if steady and name in self.seldom:
                        builder.store(struct.type.pointee.elements[k](0), cgutils.gep_inbounds(builder, struct, 0, k))
                        continue
                    pointer = address_of(context, builder, self.layout, args[0], cell, args[1])
                    builder.store(scopes.mark(builder.load(pointer), cell), cgutils.gep_inbounds(builder, struct, 0, k))
                return builder.bitcast(struct, I8.as_pointer())

            return self(types.int64, types.int64), codegen

        return load_state

    def store(self, steady: bool = False) -> Any:
        """An intrinsic ``(base, lane, state)`` that puts back the fields a function may have changed."""

        @intrinsic
        def store_state(typingctx: Any, base: Any, lane: Any, state: Any) -> Any:
            def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
                scopes = Scopes.of(builder, self.type, self.layout)
                struct = builder.bitcast(args[2], self.struct(context).as_pointer())
                for k, (name, _) in enumerate(self.members):
                    field = self.fields.get(name)
                    if field is None or field.array or field.prepared or (steady and field.seldom):
                        continue
                    pointer = address_of(context, builder, self.layout, args[0], f"s.{name}", args[1])
                    scopes.mark(builder.store(builder.load(cgutils.gep_inbounds(builder, struct, 0, k)), pointer), f"s.{name}")
                return context.get_dummy_value()

            return types.void(types.int64, types.int64, self), codegen

        return store_state


@register_model(StateType)
class _StateModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, fe_type: Any) -> None:
        super().__init__(manager, fe_type, I8.as_pointer())


@infer_getattr
class _StateAttributes(AttributeTemplate):  # type: ignore[misc]
    key = StateType

    def generic_resolve(self, state: StateType, attribute: str) -> Any:
        return state.field(attribute) if attribute in state.fields else None


@lower_getattr_generic(StateType)  # type: ignore[misc]
def _get_field(context: Any, builder: Any, state: StateType, value: Any, attribute: str) -> Any:
    def member(name: str) -> Any:
        struct = builder.bitcast(value, state.struct(context).as_pointer())
        return builder.load(cgutils.gep_inbounds(builder, struct, 0, state.index[name]))

    field, held = state.field(attribute), member(attribute)
    if isinstance(field, types.Array):
        return array_over(context, builder, field, held, member(f"l.{attribute}"))
    if field is types.boolean:
        return builder.icmp_signed("!=", held, held.type(0))
    return held


@lower_setattr_generic(StateType)  # type: ignore[misc]
def _set_field(context: Any, builder: Any, signature: Any, args: Any, attribute: str) -> None:
    state, given = signature.args
    struct = builder.bitcast(args[0], state.struct(context).as_pointer())
    target = cgutils.gep_inbounds(builder, struct, 0, state.index[attribute])
    value = context.cast(builder, args[1], given, state.field(attribute))
    builder.store(builder.zext(value, target.type.pointee) if state.field(attribute) is types.boolean else value, target)


def array_over(context: Any, builder: Any, array: Any, address: Any, *shape: Any) -> Any:
    """A numba array over memory that it does not own."""
    value = make_array(array)(context, builder)
    item = context.get_abi_sizeof(context.get_data_type(array.dtype))
    data = builder.inttoptr(address, context.get_data_type(array.dtype).as_pointer())
    strides = [I64(item)]
    for length in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], length))
    populate_array(value, data=data, shape=list(shape), strides=strides, itemsize=I64(item), meminfo=None)
    return value._getvalue()
