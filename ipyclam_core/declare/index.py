"""The index of types: what the modules below a package declare, kept from one session to the next.

Listing, searching and completing types needs their specs alone: with an index none of the modules is imported for that,
nor numpy. An index belongs to the very files that it was made of. It is JSON, so that reading it runs nothing, and names
only modules that are there.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import pkgutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from ..parameters import ParameterSpec
from ..proxy import ControlSpec, PortSpec, TypeSpec
from ..system.cache import Cache
from .declaration import Declaration, Listed, catalog

indices: Final = Cache("types", ".json")
_PACKAGE: Final = Path(__file__).parents[1]
SOURCES: Final = (_PACKAGE / "declare", _PACKAGE / "data", _PACKAGE / "proxy.py", _PACKAGE / "parameters.py")
"""The modules that a spec depends on besides those that declare it."""


def types_below(package: ModuleType) -> list[Listed]:
    """The types that the modules below a package declare, in the order of the modules.

    The modules are imported where no index of them is kept.
    """
    sources = list(_sources(Path(package.__path__[0])))
    modules = {f"{package.__name__}.{name}" for name, _ in sources}
    key = _key(sources)
    held = indices.read(key) if modules else None
    if held is not None:
        try:
            return _from_json(held, modules)
        except (ValueError, TypeError, KeyError, AttributeError):
            pass  # made by something else than `_to_json`
    types = list(_import_all(package))
    if modules:
        indices.write(key, _to_json(types))
    return types


def _sources(folder: Path) -> Iterator[tuple[str, Path]]:
    """The modules in a folder and those below it, by dotted name: none in an archive, whose types are not kept."""
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def _key(sources: list[tuple[str, Path]]) -> str:
    """A digest of all that an index depends on; the contents of files, as their times and sizes may stay when they change."""
    ours = [(path.name, path) for source in SOURCES for path in (sorted(source.rglob("*.py")) if source.is_dir() else [source])]
    digest = hashlib.sha256(f"{sys.version}\0{sys.flags.optimize}".encode())  # docstrings are optimized away
    for name, path in [*sources, *ours]:
        digest.update(f"\0{name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:40]


def _import_all(package: ModuleType) -> Iterator[Listed]:
    declared: dict[str, list[Declaration]] = {}
    for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(info.name)
        declared[info.name] = []
    for entry in catalog.values():
        around = [module for module in declared if entry.owner.startswith(f"{module}.")]
        if around:
            declared[max(around, key=len)].append(entry)
    for module, entries in declared.items():
        for entry in entries:
            yield Listed(entry.spec, entry.owner, module, entry.role, entry.has_ports, entry.has_problems)


def _to_json(types: list[Listed]) -> bytes:
    return json.dumps([plain(entry) for entry in types]).encode()


def _from_json(held: bytes, modules: set[str]) -> list[Listed]:
    entries, types = json.loads(held), []
    if not isinstance(entries, list) or not entries:
        raise ValueError("no types")
    for entry in entries:
        spec = type_spec(entry.pop("spec"))
        types.append(Listed(spec, **entry))
        if types[-1].module not in modules:
            raise ValueError(types[-1].module)
    return types


def plain(value: Any) -> Any:
    """A spec as dicts, lists, strings and numbers; fields that have their default are left out."""
    if is_dataclass(value):
        held = [(field, getattr(value, field.name)) for field in fields(value) if field.init]
        return {field.name: plain(entry) for field, entry in held if repr(entry) != repr(_default(field))}
    if isinstance(value, Mapping):
        return [plain(entry) for entry in value.values()]
    if isinstance(value, tuple):
        return [plain(entry) for entry in value]
    return value


def type_spec(held: Mapping[str, Any]) -> TypeSpec:
    """The spec that `plain` has made this of."""
    rest = dict(held)
    ports = {side: [PortSpec(**_tuples(spec)) for spec in rest.pop(side, ())] for side in ("inports", "outports")}
    controls = {side: [ControlSpec(**_tuples(spec)) for spec in rest.pop(side, ())] for side in ("incontrols", "outcontrols")}
    config = {spec["name"]: _parameter(spec) for spec in rest.pop("config", ())}
    return TypeSpec(**ports, **controls, config=config, **_tuples(rest))  # type: ignore[arg-type]


def _parameter(held: Mapping[str, Any]) -> ParameterSpec:
    nested = tuple(map(_parameter, held.get("fields", ())))
    return ParameterSpec(**{**_tuples(held), "fields": nested})


def _tuples(held: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in held.items()}


def _default(field: Field[Any]) -> Any:
    return field.default if field.default is not MISSING or field.default_factory is MISSING else field.default_factory()
