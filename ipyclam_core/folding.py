"""A graph that keeps banks folded: as they were given, until somebody asks for one of their processings or for wires."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from .bank_names import BankNames, bank_names, disjoint
from .banks import Bank, Bundle, checked_columns
from .errors import NameAlreadyExists, NoSuchType
from .graph import Graph, alone
from .parameters import merge
from .proxy import ConnectorId, ProcessingState, TypeSpec, Wire

MOST: Final = 64  # banks that are folded at once: a name is looked for in each of them


class FoldingGraph(Graph):
    """A `Graph` that `CanBank`, unless there are observers, who hear of each processing and of each wire."""

    def __init__(self, types: Mapping[str, TypeSpec]) -> None:
        self._kept: dict[str | Bank, ProcessingState | Bank] = {}  # by name; a folded bank by itself
        self._kept_wires: dict[Wire, None] = {}
        self._kept_peers: dict[ConnectorId, dict[ConnectorId, None]] = {}
        self._banks: tuple[Bank, ...] = ()
        self._bundles: tuple[Bundle, ...] = ()
        self._view = _Processings(self)
        super().__init__(types)

    def processings(self) -> Mapping[str, ProcessingState]:
        return self._view

    # -- many at once

    @alone
    def add_bank(self, names: Sequence[str], type: str, config: Mapping[str, Any], columns: Mapping[str, Sequence[Any]]) -> Bank | None:
        names = bank_names(names)
        self._check_all_new(names)
        spec = self._types.get(type)
        if spec is None:
            raise NoSuchType(type, self.engine, self._types)
        if not names or self._observers or len(self._banks) == MOST or not self._may_fold(spec, columns):
            return None
        shared = merge(spec.parameters, spec.defaults, config, names[0])
        bank = Bank(names, spec, self._connectors_of(spec, shared), shared, checked_columns(spec, columns, names))
        self._kept[bank] = bank
        self._banks += (bank,)
        return bank

    def folded(self, bank: Bank) -> bool:
        return bank in self._banks

    @alone
    def connect_bundles(self, bundles: Sequence[Bundle]) -> bool:
        banks = {bank for bundle in bundles for bank in bundle.banks}
        if self._observers or not all(map(self.folded, banks)):
            return False
        made = {_wiring(bundle) for bundle in self._bundles}
        if len(made.union(map(_wiring, bundles))) < len(made) + len(bundles):
            return False
        self._bundles += tuple(bundles)
        return True

    def _may_fold(self, spec: TypeSpec, columns: Collection[str]) -> bool:
        """Whether nothing has to be done now for each of so many processings, which differ in the parameters `columns`."""
        return not set(spec.counts).intersection(columns)

    def _check_all_new(self, names: BankNames) -> None:
        """As `_check_new` does, for many names."""
        if names.plain and not self._any_there(names):
            return
        before: set[str] = set()
        for name in names:
            self._check_new(name)
            if name in before:
                raise NameAlreadyExists(name, f"del net[{name!r}]")
            before.add(name)

    def _any_there(self, names: BankNames) -> bool:
        if not all(disjoint(names, bank.names) for bank in self._banks):
            return True
        if len(self._kept) < len(names):
            return any(key in names for key in self._kept)
        return not self._kept.keys().isdisjoint(names)

    # -- what is folded

    @property
    def _processings(self) -> dict[str, ProcessingState]:
        if self._banks:
            self._unfold()
        return self._kept  # type: ignore[return-value]

    @_processings.setter
    def _processings(self, processings: dict[str, ProcessingState]) -> None:
        self._kept = processings  # type: ignore[assignment]

    @property
    def _wires(self) -> dict[Wire, None]:
        if self._bundles:
            self._unfold()
        return self._kept_wires

    @_wires.setter
    def _wires(self, wires: dict[Wire, None]) -> None:
        self._kept_wires = wires

    @property
    def _peers(self) -> dict[ConnectorId, dict[ConnectorId, None]]:
        if self._bundles:
            self._unfold()
        return self._kept_peers

    @_peers.setter
    def _peers(self, peers: dict[ConnectorId, dict[ConnectorId, None]]) -> None:
        self._kept_peers = peers

    def _unfold(self) -> None:
        with self._lock:
            if self._banks:
                kept: dict[str | Bank, ProcessingState | Bank] = {}
                for key, entry in self._kept.items():
                    if isinstance(entry, Bank):
                        kept.update(zip(entry.names, entry.states(), strict=True))
                    else:
                        kept[key] = entry
                self._kept, self._banks = kept, ()  # at once, as others may look meanwhile
            for bundle in self._bundles:
                for wire in bundle.wires():
                    out, into = wire.out_end, wire.in_end
                    self._kept_wires[wire] = None
                    self._kept_peers.setdefault(out, {})[into] = None
                    self._kept_peers.setdefault(into, {})[out] = None
            self._bundles = ()

    def _content(self) -> tuple[list[ProcessingState | Bank], list[Wire | Bundle]]:
        """All there is, in order, the banks as they are."""
        with self._lock:
            return list(self._kept.values()), [*self._kept_wires, *self._bundles]

    def _entry(self, name: object) -> ProcessingState | Bank | None:
        """What there is of a name: a processing, or the folded bank it is one of."""
        banks = self._banks  # before the others: who unfolds meanwhile puts the processings there first
        found = self._kept.get(name)  # type: ignore[call-overload]
        return found or next((bank for bank in banks if name in bank.names), None)

    def _state(self, name: str) -> ProcessingState:
        state = self._entry(name)
        return super()._state(name) if state is None or isinstance(state, Bank) else state

    def _put(self, state: ProcessingState) -> None:
        self._kept[state.name] = state


def _wiring(bundle: Bundle) -> tuple[object, ...]:
    """What two bundles do not share that have no wire in common, for folded banks have no processing in common."""
    return bundle.kind, bundle.source, bundle.source_connector, bundle.target, bundle.target_connector


class _Processings(Mapping[str, ProcessingState]):
    """The processings as a read-only view: their names are known without unfolding anything."""

    __slots__ = ("_graph",)

    def __init__(self, graph: FoldingGraph) -> None:
        self._graph = graph

    def __getitem__(self, name: str) -> ProcessingState:
        found = self._graph._entry(name)
        if found is None:
            raise KeyError(name)
        return self._graph._processings[name] if isinstance(found, Bank) else found

    def get(self, name: str, default: Any = None) -> Any:
        found = self._graph._entry(name)
        return default if found is None else self._graph._processings[name] if isinstance(found, Bank) else found

    def __contains__(self, name: object) -> bool:
        return self._graph._entry(name) is not None

    def __iter__(self) -> Iterator[str]:
        for key in list(self._graph._kept):  # at once, as others may change it meanwhile
            if isinstance(key, Bank):
                yield from key.names
            else:
                yield key

    def __reversed__(self) -> Iterator[str]:
        return reversed(list(self))

    def __len__(self) -> int:
        return len(self._graph._kept) + sum(len(bank) - 1 for bank in self._graph._banks)

    def values(self) -> Any:
        return self._graph._processings.values()

    def items(self) -> Any:
        return self._graph._processings.items()

    def __repr__(self) -> str:
        return repr(self._graph._processings)
