"""Interprets the statements of a Python network file. Python itself does not run them.

Allowed are the statements of ``net.code()`` and others in the same style: assignments of types, literals and placeholders;
``>``, ``<`` and ``/`` between connectors; ``del``; and ``with net.x._config as c:``. The only name is that of the network, the
only calls are `Placeholder`, `Network` and ``.clone()``, and private attributes are out of reach. Everything else is refused.
"""

from __future__ import annotations

import ast
import os
import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from ..errors import ConnectionError_, FormatError, IpyclamError, NoSuchConnector, NoSuchType
from ..frontend.configuration import Configuration
from ..frontend.connectors import Connectable, Connector, Connectors
from ..frontend.given_types import Clone
from ..frontend.names import alias, quoted
from ..frontend.placeholder import Placeholder
from ..frontend.processing import Processing
from ..frontend.processing_types import ProcessingTypes
from ..parameters import merge
from ..proxy import ConnectorId, Kind, Wire
from ..system.display import brief
from ..system.given import is_origin
from ..variables import variable_of
from ._clam_names import type_name
from ._clam_values import as_elements, read_config
from ._loading import LISTED, folder_of
from ._python_source import if_trusted, not_allowed, statements
from ._xml_tree import Element

if TYPE_CHECKING:
    from ..frontend.network import Network

MAX_REBUILT: Final = 1000
"""Processings that a file may delete or rename."""
MAX_BROADCAST: Final = 100_000
"""Wires that the arrows between whole processings may make or cut, in all."""

_SCOPES: Final = {"_inports": "Port", "_outports": "Port", "_incontrols": "Control", "_outcontrols": "Control"}
_ASSIGNED: Final[dict[str, frozenset[str]]] = {
    "Network": frozenset({"_title", "_waiting"}),
    "Processing": frozenset({"_config", "_position", "_size"}),
}
"""The attributes with a ``_`` that a file may assign, by class."""

_LATER: Final = frozenset({"devices", "history", "levels", "panic", "peaks", "proxy", "volume"})
"""Words reserved after files existed that use them as names of processings. In a file they are always such names, except
where a number is assigned to the volume."""

_CONNECTING: Final[dict[type[ast.AST], Callable[[Any, Any], object]]] = {
    ast.Gt: lambda a, b: a > b, ast.Lt: lambda a, b: a < b, ast.Div: lambda a, b: a / b,
}  # fmt: skip

_LATER_NODES: Final = {"TypeAlias": "type statements", "TemplateStr": "t-strings", "Interpolation": "t-strings"}
"""Nodes that only later versions of Python have."""

_WORDS: Final[dict[type[ast.AST], str]] = {
    ast.Import: "imports", ast.ImportFrom: "imports other than Network and Placeholder", ast.Call: "function calls",
    ast.ListComp: "comprehensions", ast.SetComp: "comprehensions", ast.DictComp: "comprehensions", ast.GeneratorExp: "comprehensions",
    ast.Lambda: "functions", ast.FunctionDef: "functions", ast.AsyncFunctionDef: "functions", ast.ClassDef: "classes",
    ast.For: "loops", ast.While: "loops", ast.If: "conditions", ast.IfExp: "conditions", ast.Try: "try statements",
    ast.JoinedStr: "f-strings", ast.NamedExpr: "assignment expressions (:=)", ast.BinOp: "arithmetic expressions",
    ast.Starred: "starred expressions", ast.Set: "sets", ast.AugAssign: "augmented assignments", ast.AnnAssign: "annotations",
    ast.BoolOp: "'and' and 'or'",
}  # fmt: skip
"""Parts of Python that people may expect to work."""

_OTHERS: Final[dict[type[ast.AST], str]] = {
    ast.UnaryOp: "signs and 'not' before anything but a number", ast.Compare: "comparisons of values",
    ast.Constant: "such values", ast.Attribute: "attributes here", ast.Subscript: "[...] here", ast.Slice: "slices here",
    ast.Name: "variables here", ast.Tuple: "tuples here", ast.List: "lists here", ast.Dict: "dicts here",
    ast.Await: "await expressions", ast.Yield: "yield expressions", ast.YieldFrom: "yield expressions",
    ast.FormattedValue: "f-strings", ast.Delete: "other del statements", ast.Assign: "other assignments", ast.Expr: "other expressions",
    ast.Return: "return statements", ast.Pass: "pass statements", ast.Break: "break statements", ast.Continue: "continue statements",
    ast.Raise: "raise statements", ast.Assert: "assert statements", ast.Global: "global statements", ast.Nonlocal: "nonlocal statements",
    ast.With: "other with statements", ast.AsyncWith: "async with statements", ast.AsyncFor: "loops", ast.Match: "match statements",
    ast.TryStar: "try statements",
    **{kind: words for name, words in _LATER_NODES.items() if (kind := getattr(ast, name, None)) is not None},
}  # fmt: skip


class Interpreter:
    """Loads one file once.

    Attributes
    ----------
    engine : the engine in the file, ``""`` if it gives none.
    count : the number of statements.
    waiting : wires that could not be connected, with the reason. Their processings were placeholders when the file was saved.
    """

    def __init__(self, network: Network, path: str | os.PathLike[str]) -> None:
        self.engine = ""
        self.count = 0
        self.waiting: dict[Wire, str] = {}
        self._network = network
        self._path = path
        self._line = 0
        self._variable = ""
        self._held: dict[str, Configuration] = {}
        self._known_now: set[str] = set()
        self._aliases: dict[str, set[str]] = {}
        self._rebuilt = self._arrows = 0

    def run(self) -> None:
        """Interpret the whole file. Raises ``FormatError`` with the line of the first error."""
        for statement, line in statements(self._path):
            self._line = line
            self._count(statement)

    def _count(self, statement: ast.stmt) -> None:
        self.count += 1
        try:
            self._do(statement)
        except FormatError as error:
            raise FormatError(self._path, error.line or self._line + statement.lineno, error.why) from error.__cause__
        except NoSuchType as error:
            raise FormatError(
                self._path, self._line + statement.lineno, f"{textwrap.shorten(str(error), 400)}. {self._if_own()}"
            ) from error
        except (IpyclamError, TypeError, ValueError, AttributeError, LookupError) as error:
            raise FormatError(self._path, self._line + statement.lineno, textwrap.shorten(str(error), 400)) from error
        except RecursionError:
            raise FormatError(self._path, self._line + statement.lineno, "a statement is nested too deeply") from None

    def _if_own(self) -> str:
        """The remedy for a type that is not defined yet."""
        again = f"{variable_of(self._network._proxy)}.load({quoted(os.fspath(self._path))})"
        return f"A type of your own? Run the file that defines it first, such as %run mine.py, then {again}"

    def _refuse(self, node: ast.AST, why: str = "") -> FormatError:
        what = (
            _WORDS.get(type(node)) or _OTHERS.get(type(node)) or ("these statements" if isinstance(node, ast.stmt) else "these expressions")
        )
        return FormatError(self._path, self._line + getattr(node, "lineno", 1), why or not_allowed(what, self._path))

    # -- statements

    def _do(self, node: ast.stmt) -> None:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            self._assign(node.targets[0], node.value)
        elif isinstance(node, ast.Expr):
            self._connect(node.value)
        elif isinstance(node, ast.ImportFrom):
            allowed = node.module == "ipyclam_core" and not node.level
            if not allowed or any(name.asname or name.name not in ("Network", "Placeholder") for name in node.names):
                raise self._refuse(node)
        elif isinstance(node, ast.Delete):
            for target in node.targets:
                self._delete(target)
        elif isinstance(node, ast.With):
            self._with(node)
        else:
            raise self._refuse(node, "each assignment in a network file must have one target" if isinstance(node, ast.Assign) else "")

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            if not _calls(value, "Network"):
                raise self._refuse(target, not_allowed(f"variables such as {target.id!r}", self._path))
            self._begin(target, value)
        elif isinstance(target, ast.Attribute):
            self._set(target, self._evaluate(target.value), target.attr, self._value(value))
        elif isinstance(target, ast.Subscript):
            base, key, made = self._evaluate(target.value), self._key(target.slice), self._value(value)
            if base is self._network and isinstance(key, str):
                self._add(key, made)
            elif isinstance(base, (Processing, Connectors, Configuration)):
                base[key] = made  # type: ignore[index]
            else:
                raise self._refuse(target, "network files can only assign to processings, parameters and controls")
        else:
            raise self._refuse(target, "each assignment in a network file must have one target")

    def _set(self, node: ast.AST, base: Any, name: str, value: Any) -> None:
        if name.startswith("_") and name not in _ASSIGNED.get(type(base).__name__, ()):
            raise self._refuse(node, f"network files cannot assign to {name!r}")
        if isinstance(base, Processing) and name == "name":
            self._rebuilds(node)
            self._note_alias(value)
        sets_volume = name == "volume" and type(value) in (int, float)
        if base is self._network and not sets_volume and (name in _LATER or not hasattr(type(base), name)):
            self._add(name, value)
        elif base is self._network or isinstance(base, (Processing, Connectors, Configuration, Connector)):
            setattr(base, name, value)
        else:
            raise self._refuse(node, "network files can only assign to processings, parameters and controls")

    def _begin(self, target: ast.Name, call: ast.expr) -> None:
        """``net = Network("clam", types=["my_types.py"], relative_to=__file__)``"""
        assert isinstance(call, ast.Call)
        if self._variable:
            raise self._refuse(target, "a network file must make only one network")
        engines = [self._evaluate(argument) for argument in call.args]
        for keyword in call.keywords:
            if keyword.arg == "engine":
                engines.append(self._evaluate(keyword.value))
            elif keyword.arg == "types":
                self._check_types(keyword.value, self._evaluate(keyword.value))
            elif keyword.arg != "relative_to" or not (isinstance(keyword.value, ast.Name) and keyword.value.id == "__file__"):
                raise self._refuse(call, "in a network file, Network(...) takes only an engine, types=[...] and relative_to=__file__")
        if len(engines) > 1 or not all(isinstance(engine, str) for engine in engines):
            raise self._refuse(call, "in a network file, Network(...) takes the name of one engine")
        self._variable, self.engine = target.id, next(iter(engines), "")

    def _check_types(self, node: ast.expr, origins: Any) -> None:
        """Refuse types that are not defined yet: a network file may name the module or file that defines them, but not run it."""
        if not isinstance(origins, (list, tuple)) or not all(isinstance(origin, str) for origin in origins):
            raise self._refuse(node, "types must be a list of names of modules and files")
        defined = {spec.origin for spec in self._network._proxy.types().values()}
        folder = folder_of(self._path)
        for origin in origins:
            if not is_origin(origin):
                raise self._refuse(node, f"types must be names of modules and paths of .py files, not {brief(origin)}")
            where = os.path.abspath(os.path.join(folder, origin)) if origin.endswith(".py") else origin
            if where not in defined:
                how = f"%run {origin}" if origin.endswith(".py") else f"import {origin}"
                why = f"the processing types of {origin!r} are not defined. Define them first ({how}). {if_trusted(self._path)}"
                raise self._refuse(node, why)

    def _delete(self, target: ast.expr) -> None:
        if isinstance(target, (ast.Attribute, ast.Subscript)) and self._evaluate(target.value) is self._network:
            name = target.attr if isinstance(target, ast.Attribute) else self._key(target.slice)
            if isinstance(name, str) and (isinstance(target, ast.Subscript) or not name.startswith("_")):
                self._rebuilds(target)
                del self._network[name]
                return
        raise self._refuse(target, "network files can delete only processings: del net.x")

    def _with(self, node: ast.With) -> None:
        item = node.items[0]
        held = self._evaluate(item.context_expr) if len(node.items) == 1 else None
        if not isinstance(held, Configuration) or not isinstance(item.optional_vars, ast.Name) or item.optional_vars.id == self._variable:
            raise self._refuse(node, not_allowed("with statements other than 'with net.x._config as c:'", self._path))
        with held as configuration:
            self._held[item.optional_vars.id] = configuration
            for statement in node.body:
                self._count(statement)
        del self._held[item.optional_vars.id]

    def _connect(self, node: ast.expr, assumes: bool = True) -> None:
        """``a > b``, ``a < b``, ``a > b > c``, ``a / b``; a string alone has no effect."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return
        if isinstance(node, ast.BinOp):
            nodes = [node.left, node.right]
            operators: list[type[ast.AST]] = [type(node.op)]
        elif isinstance(node, ast.Compare):
            nodes = [node.left, *node.comparators]
            operators = [type(operator) for operator in node.ops]
        else:
            raise self._refuse(node, "" if type(node) in _WORDS else "this statement has no effect. Delete it")
        if not all(kind in _CONNECTING for kind in operators):
            raise self._refuse(node, "only > and < (connect) and / (disconnect) are allowed here")
        try:
            ends = [self._evaluate(side) for side in nodes]
            for end, side in zip(ends, nodes, strict=True):
                if not isinstance(end, Connectable):
                    raise self._refuse(side, "only processings and connectors can be connected")
                self._check_seen(side, end)
            for kind, left, right in zip(operators, ends, ends[1:], strict=False):
                made = _CONNECTING[kind](left, right)
                self._arrows += len(made) - 1  # type: ignore[arg-type]
                if self._arrows > MAX_BROADCAST:
                    raise self._refuse(node, f"arrows between whole processings make more than {MAX_BROADCAST:,} wires")
        except (NoSuchConnector, ConnectionError_) as error:
            if assumes and isinstance(error, NoSuchConnector) and self._assume(nodes, operators):
                self._connect(node, assumes=False)
            elif not self._wait(nodes, operators, str(error) if len(self.waiting) < LISTED else ""):
                raise

    def _check_seen(self, node: ast.expr, end: Any) -> None:
        """Refuse to connect all ports of a processing whose number is known when its file is opened: that is when it plays."""
        if isinstance(end, Connector) or getattr(end, "kind", None) == "Control":
            return
        base = node
        while isinstance(base, (ast.Attribute, ast.Subscript)) and not isinstance(end, Processing):
            base = base.value
            end = self._evaluate(base)
        if isinstance(end, Processing) and self._network._proxy.is_unseen(end.name):
            why = f"the ports of {end.name} depend on a file, which is opened when the network plays. Connect each port by its name"
            raise self._refuse(node, f"{why}. {if_trusted(self._path)}")

    def _assume(self, nodes: list[ast.expr], operators: list[type[ast.AST]]) -> bool:
        """Take it that connectors exist that depend on files; returns whether one was missing, and exists now."""
        if len(set(operators)) != 1 or operators[0] is ast.Div:
            return False
        made, proxy = False, self._network._proxy
        for place, node in enumerate(nodes):
            end = self._end(node)
            if end is None or not proxy.is_unseen(end[0]):
                continue
            sides = {"In" if (operators[0] is ast.Lt) == (k == place) else "Out" for k in (place, place - 1) if 0 <= k < len(operators)}
            for kind in [end[2]] if end[2] else ["Port", "Control"]:
                for side in sides:
                    made = proxy.assume(ConnectorId(end[0], kind, side, end[1])) or made  # type: ignore[arg-type]
        return made

    def _wait(self, nodes: list[ast.expr], operators: list[type[ast.AST]], why: str) -> bool:
        """Keep a wire of a processing that was a placeholder when the file was saved, if its type now lacks the connector."""
        if operators not in ([ast.Gt], [ast.Lt]):
            return False
        ends = [self._end(node) for node in (nodes if operators == [ast.Gt] else reversed(nodes))]
        if None in ends or not any(end and end[0] in self._known_now for end in ends):
            return False
        (source, out, kind), (target, into, other) = ends  # type: ignore[misc]
        self.waiting[Wire(kind or other or "Port", source, out, target, into)] = f"{source}.{out} > {target}.{into} ({why})"
        return True

    def _end(self, node: ast.expr) -> tuple[str, str, Kind | None] | None:
        """Processing, connector and kind (if given) of one end of a wire."""
        kind: Any = None
        if not isinstance(node, (ast.Attribute, ast.Subscript)):
            return None
        name, base = node.attr if isinstance(node, ast.Attribute) else self._key(node.slice), node.value
        if isinstance(base, ast.Attribute) and base.attr in _SCOPES:
            kind, base = _SCOPES[base.attr], base.value
        processing = self._evaluate(base)
        if not isinstance(processing, Processing) or not isinstance(name, str):
            return None
        try:
            connector = self._evaluate(node)
        except NoSuchConnector:
            return processing.name, name, kind
        return (processing.name, connector.name, connector.kind) if isinstance(connector, Connector) else None

    # -- making processings

    def _add(self, name: str, value: Any) -> None:
        if isinstance(value, Placeholder):
            value = self._known(name, value)
        self._network[name] = value
        self._note_alias(name)

    def _note_alias(self, name: Any) -> None:
        if isinstance(name, str) and (text := alias(name)) != name:
            self._aliases.setdefault(text, set()).add(name)

    def _processing(self, name: str) -> Any:
        """The processing called `name`, or whose alias it is: found among those of the file, without a look at each of them."""
        known = self._network._proxy.processings()
        if name not in known:
            names = [other for other in self._aliases.get(name, ()) if other in known]
            if len(names) == 1:
                return self._network[names[0]]
        return self._network[name]

    def _rebuilds(self, node: ast.AST) -> None:
        """Refuse too many statements that look at every processing."""
        self._rebuilt += 1
        if self._rebuilt > MAX_REBUILT:
            raise self._refuse(node, f"a network file may delete and rename {MAX_REBUILT:,} processings. Delete the lines that add them")

    def _known(self, name: str, placeholder: Placeholder) -> Placeholder | Clone:
        """If the engine now has the type of a placeholder: a processing of this type, with the strings converted to values."""
        types = self._network._proxy.types()
        spec = types.get(type_name(placeholder.spec.name, types))
        if spec is None:
            return placeholder
        self._known_now.add(name)
        try:
            merge(spec.parameters, spec.defaults, placeholder.config, name)
        except IpyclamError:
            element = Element("processing", {}, 0, children=list(as_elements(placeholder.config)))
            return Clone(spec, read_config(spec.parameters, element, name, self._path, []))
        return Clone(spec, placeholder.config)

    # -- expressions

    def _value(self, node: ast.expr) -> Any:
        """Evaluate the right side of an assignment."""
        if _calls(node, "Placeholder"):
            assert isinstance(node, ast.Call)
            if any(keyword.arg is None for keyword in node.keywords):
                raise self._refuse(node, "** is not allowed in network files")
            given = {str(keyword.arg): self._evaluate(keyword.value) for keyword in node.keywords}
            return Placeholder(*map(self._evaluate, node.args), **given)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "clone":
            model = self._evaluate(node.func.value)
            if isinstance(model, (Processing, Configuration)) and not node.args and not node.keywords:
                return model.clone()
        return self._evaluate(node)

    def _evaluate(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Attribute):
            return self._attribute(node)
        if isinstance(node, ast.Name):
            return self._name(node)
        if isinstance(node, ast.Subscript):
            return self._item(node)
        if isinstance(node, ast.Constant):
            if node.value is None or isinstance(node.value, (str, bool, int, float)):
                return node.value
            raise self._refuse(node, f"the literal {node.value!r:.40} is not allowed in network files")
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)) and isinstance(node.operand, ast.Constant):
            number = node.operand.value
            if type(number) in (int, float):
                return -number if isinstance(node.op, ast.USub) else number  # type: ignore[operator]
        if isinstance(node, ast.Tuple):
            return tuple(map(self._evaluate, node.elts))
        if isinstance(node, ast.List):
            return list(map(self._evaluate, node.elts))
        if isinstance(node, ast.Dict):
            if not all(isinstance(key, ast.Constant) and isinstance(key.value, str) for key in node.keys):
                raise self._refuse(node, "the keys of a dict must be strings")
            return {key.value: self._evaluate(value) for key, value in zip(node.keys, node.values, strict=True)}  # type: ignore[union-attr]
        raise self._refuse(node)

    def _name(self, node: ast.Name) -> Any:
        if node.id in self._held:
            return self._held[node.id]
        if not self._variable:  # net.code() without the header of a file
            self._variable = node.id
        if node.id != self._variable:
            raise self._refuse(node, f"the name {node.id!r} is not defined here. The network is called {self._variable!r}")
        return self._network

    def _attribute(self, node: ast.Attribute) -> Any:
        base, name = self._evaluate(node.value), node.attr
        if base is self._network and name == "types":
            return self._network.types
        if isinstance(base, Processing) and (name in _SCOPES or name == "_config"):
            return getattr(base, name)
        if name.startswith("_") or (hasattr(type(base), name) and not (base is self._network and name in _LATER)):
            raise self._refuse(node, f"the attribute {name!r} is not allowed in network files")
        if base is self._network:
            return self._processing(name)
        if isinstance(base, (ProcessingTypes, Processing, Connectors, Configuration)):
            return base[name]
        raise self._refuse(node, f"the attribute {name!r} does not exist here")

    def _item(self, node: ast.Subscript) -> Any:
        base: Any = self._evaluate(node.value)
        key = self._key(node.slice)
        if base is self._network and isinstance(key, str):
            return self._processing(key)
        if base is self._network or isinstance(base, (ProcessingTypes, Processing, Connectors, Configuration)):
            return base[key]  # type: ignore[index]
        raise self._refuse(node, "[...] is not allowed here")

    def _key(self, node: ast.expr) -> str | int | slice:
        if isinstance(node, ast.Slice):
            parts = [None if part is None else self._evaluate(part) for part in (node.lower, node.upper, node.step)]
            if all(part is None or type(part) is int for part in parts):
                return slice(*parts)
        else:
            key = self._evaluate(node)
            if type(key) in (str, int):
                return key  # type: ignore[no-any-return]
        raise self._refuse(node, "[...] must contain a name, a whole number or a slice of whole numbers")


def _calls(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
