"""The processing types of the clam engine: those of the folder `processings`, LADSPA plugins, and those defined by the user."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ... import processings
from ...declare.declaration import Catalog, catalog
from ...proxy import TypeSpec
from . import ladspa

if TYPE_CHECKING:
    from ...declare.declaration import Declaration


class CatalogTypes(Mapping[str, TypeSpec]):
    """The types of the catalog for the front-end, including those defined at the prompt; read at first use."""

    def __getitem__(self, name: str) -> TypeSpec:
        return filled_catalog().listed[name].spec

    def __iter__(self) -> Iterator[str]:
        return iter(filled_catalog())

    def __len__(self) -> int:
        return len(filled_catalog())

    def __contains__(self, name: object) -> bool:
        return name in filled_catalog()

    def why_missing(self, name: str) -> str:
        """Why a LADSPA plugin is not there, by the name of its type; ``""`` if nothing is known."""
        return ladspa.why_missing(name) if isinstance(name, str) else ""


def filled_catalog() -> Catalog:
    """The catalog; at first use, the types of the folder `processings` are loaded."""
    global _is_filled
    if not _is_filled:
        with _filling:
            if not _is_filled:
                from ...declare.index import types_below

                catalog.expect([*types_below(processings), *ladspa.listed()])
                _is_filled = True
    return catalog


_is_filled = False
_filling = threading.Lock()  # tab asks in a thread of its own


def declaration(name: str) -> Declaration:
    """The declaration of a type, read if it was not yet."""
    return filled_catalog()[name]


def forsake() -> None:
    """Reset in a child process: the thread that held the lock does not exist."""
    global _filling
    _filling = threading.Lock()
