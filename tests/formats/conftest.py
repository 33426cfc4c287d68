"""Networks of CLAM's types, and files to load."""

from __future__ import annotations

from pathlib import Path

import pytest
from clam.specs import type_specs
from xml_files import Written

from ipyclam_core import Network
from ipyclam_core.engines.dummy import DummyProxy
from ipyclam_core.proxy import TypeSpec


@pytest.fixture(scope="session")
def types() -> list[TypeSpec]:
    """All of CLAM's types."""
    return type_specs()


@pytest.fixture
def clam(types: list[TypeSpec]) -> Network:
    """An empty network of CLAM's types."""
    return Network(DummyProxy(types))


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Writes a file: its name, its text."""

    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode())
        return path

    return write
