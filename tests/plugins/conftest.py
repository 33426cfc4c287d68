"""LADSPA plugins in the catalog of the clam engine, for single tests: the others know none, whatever this machine has."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ipyclam_core.engines.clam import ladspa
from ipyclam_core.engines.clam.types import filled_catalog

HERE = Path(__file__).parent
Build = Callable[..., Path]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """``build("odd", "CRASHES")`` compiles ``odd.c`` with a macro defined, into a folder; returns the library's path."""

    def built(name: str, *macros: str, into: Path | None = None) -> Path:
        folder = into or tmp_path / "plugins"
        folder.mkdir(exist_ok=True)
        target = folder / f"{'_'.join([name, *macros]).lower()}.so"
        options = [f"-D{macro}" for macro in macros]
        subprocess.run(["gcc", "-shared", "-fPIC", "-O1", *options, "-o", target, HERE / f"{name}.c"], check=True)
        return target

    return built


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """``installed(folders)`` makes the plugins in some folders types, ``""`` those of this machine, until the test ends."""
    held = filled_catalog()._held
    found = ladspa._found

    def install(folders: str) -> None:
        monkeypatch.setenv("LADSPA_PATH", folders)
        held.update({entry.spec.name: entry for entry in ladspa.listed()})

    yield install
    for name in [name for name in held if name.startswith(ladspa.PREFIX)]:
        del held[name]
    ladspa._found = found
