"""The types of the engine are in the catalog."""

from __future__ import annotations

from ipyclam_core.registry import engines

engines.load("clam").load_types()  # type: ignore[attr-defined]
