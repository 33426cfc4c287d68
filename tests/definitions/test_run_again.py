"""A file that defines types, imported and then run by its path, defines each of them once: the later definition counts."""

from __future__ import annotations

import importlib
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from ipyclam_core import Network
from ipyclam_core.errors import DefinitionError

SOURCE = '''
from ipyclam_core.declare import in_port, out_port, processing

@processing
class Scaled{name}:
    """Scales by {factor}."""
    audio = in_port("In")
    out = out_port("Out")
    def step(audio):
        return audio * {factor}
'''


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    (tmp_path / "mymod_of_test.py").write_text(SOURCE.format(name="", factor=2))
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module("mymod_of_test")
    sys.modules.pop("mymod_of_test", None)


def doc() -> str:
    net = Network("clam")
    net.it = net.types.Scaled
    return net.types.Scaled.doc


def test_run_by_its_path_after_an_import(module: ModuleType) -> None:
    assert doc() == "Scales by 2."
    Path(str(module.__file__)).write_text(SOURCE.format(name="", factor=3))
    runpy.run_path(str(module.__file__), run_name="__main__")
    assert doc() == "Scales by 3."


def test_loaded_for_a_network_after_an_import(module: ModuleType) -> None:
    net = Network("clam", types=[str(module.__file__)])
    net.it = net.types.Scaled


def test_reloaded(module: ModuleType) -> None:
    Path(str(module.__file__)).write_text(SOURCE.format(name="", factor=10))
    importlib.reload(module)
    assert doc() == "Scales by 10."


def test_another_file_may_not_take_the_name(module: ModuleType, tmp_path: Path) -> None:
    other = tmp_path / "other.py"
    other.write_text(SOURCE.format(name="", factor=5))
    with pytest.raises(DefinitionError, match="both define a type of this name"):
        Network("clam", types=[str(other)])
    assert doc() == "Scales by 2."
