"""The default engine: CLAM's processing types, computed in this process by compiled kernels, in real time or faster."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from .. import processings
from ..dsp.declare import ProcessingType, catalog, values_for
from ..dsp.instances import follow, places_of
from ..errors import NotPlayable
from ..graph import Graph
from ..parameters import Value
from ..proxy import ConnectorId, Connectors, ProcessingState, TypeSpec

if TYPE_CHECKING:
    from ..proxy import Samples


class CatalogTypes(Mapping[str, TypeSpec]):
    """The catalog as the front-end sees it, those of the prompt included."""

    def __getitem__(self, name: str) -> TypeSpec:
        return catalog[name].spec

    def __iter__(self) -> Iterator[str]:
        return iter(catalog)

    def __len__(self) -> int:
        return len(catalog)

    def __contains__(self, name: object) -> bool:
        return name in catalog


@cache
def load_types() -> CatalogTypes:
    """Import every module of the folder `processings`: each declares a family of types."""
    for info in pkgutil.iter_modules(processings.__path__):
        importlib.import_module(f"{processings.__name__}.{info.name}")
    return CatalogTypes()


class ClamProxy(Graph):
    """The network, and its sound."""

    engine = "clam"

    def __init__(self) -> None:
        super().__init__(load_types())

    # -- what configurations mean here

    def _connectors_of(self, spec: TypeSpec, config: Mapping[str, Value]) -> Connectors:
        type_ = catalog[spec.name]
        if type_.ports is None:
            return spec.connectors(config)
        return spec.connectors({**config, **type_.ports(**values_for(type_.ports, config, type_.items))})

    def _problem_of(self, state: ProcessingState) -> str:
        if state.placeholder:
            return f"{state.spec.name} is not implemented: it is a placeholder"
        type_ = catalog[state.spec.name]
        if type_.problem is None:
            return ""
        return type_.problem(**values_for(type_.problem, state.config, type_.items))

    def value(self, control: ConnectorId) -> float:
        self._connector(control)
        state = self._processings[control.processing]
        if state.placeholder:
            return super().value(control)
        role = "incontrols" if control.direction == "In" else "outcontrols"
        type_ = catalog[state.spec.name]
        item, k, _ = places_of(type_, state.connectors).place[role, control.name]
        if control.direction == "Out":
            return 0.0
        held = state.controls.get(control.name)
        return follow(state, item, k) if held is None else held

    # -- sound

    def sources(self) -> Mapping[str, int]:
        return {name: len(state.connectors.outports) for name, state in self._devices("source")}

    def sinks(self) -> Mapping[str, int]:
        return {name: len(state.connectors.inports) for name, state in self._devices("sink")}

    def _devices(self, role: str) -> list[tuple[str, ProcessingState]]:
        """The processings that stand for the device, by y position where every one of them has one."""
        found = [(n, s) for n, s in self._processings.items() if not s.placeholder and catalog[s.spec.name].role == role]
        if found and all(state.position is not None for _, state in found):
            found.sort(key=lambda entry: entry[1].position[1])  # type: ignore[index]
        return found

    def _check_playable(self) -> None:
        troubled = [f"{state.name} ({state.problem})" for state in self._processings.values() if state.problem]
        if troubled:
            rest = f" and {len(troubled) - 5} more" if len(troubled) > 5 else ""
            raise NotPlayable(f"this network cannot sound yet: {'; '.join(troubled[:5])}{rest}")

    def render(
        self,
        frames: int,
        inputs: Mapping[str, Samples],
        block_size: int,
        sample_rate: int,
        progress: Callable[[int], bool | None] | None = None,
    ) -> Samples:
        from ..dsp import offline

        self._check_playable()
        return offline.render(
            dict(self._processings), list(self._wires), _declaration, list(self.sources()), list(self.sinks()),
            frames, inputs, block_size, sample_rate, progress,
        )  # fmt: skip


def _declaration(name: str) -> ProcessingType:
    return catalog[name]


def create(**options: Any) -> ClamProxy:
    """A new engine; it takes no options."""
    if options:
        raise TypeError(f"the clam engine takes no {', '.join(map(repr, options))}")
    return ClamProxy()
