"""A kernel is compiled again whenever something changes that its code depends on, wherever that is written."""

from __future__ import annotations

import ast
import shutil
from collections import namedtuple
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numba import njit

from ipyclam_core import Network
from ipyclam_core.declare import out_port, processing
from ipyclam_core.dsp import kernel
from ipyclam_core.dsp.kernel import fingerprint


def of_a_module(gain: float) -> Callable[[], Any]:
    settings = ModuleType("settings")
    settings.GAIN = gain  # type: ignore[attr-defined]

    def function():
        return settings.GAIN

    return function


def of_a_module_in_a_module(gain: float) -> Callable[[], Any]:
    package = ModuleType("package")
    package.settings = ModuleType("package.settings")  # type: ignore[attr-defined]
    package.settings.GAIN = gain

    def function():
        return package.settings.GAIN

    return function


def of_a_default(gain: float) -> Callable[[], Any]:
    def amplified(x, by=gain):
        return by * x

    def function():
        return amplified(1.0)

    return function


def of_a_function_that_is_compiled_already(gain: float) -> Callable[[], Any]:
    @njit
    def amplified(x):
        return gain * x

    def function():
        return amplified(1.0)

    return function


def of_a_row(gain: float) -> Callable[[], Any]:
    row = np.array([gain, 1.0])

    def function():
        return row[0]

    return function


def of_a_function_in_a_module(gain: float) -> Callable[[], Any]:
    helpers = ModuleType("helpers")

    @njit
    def amplified(x):
        return gain * x

    helpers.amplified = amplified  # type: ignore[attr-defined]

    def function():
        return helpers.amplified(1.0)

    return function


def of_a_member_of_an_enumeration(gain: float) -> Callable[[], Any]:
    class Level(Enum):
        SOFT = gain

    def function():
        return Level.SOFT.value

    return function


def of_a_named_tuple(gain: float) -> Callable[[], Any]:
    """The same numbers, by other names."""
    levels = namedtuple("levels", ["soft", "loud"] if gain == 0.5 else ["loud", "soft"])(0.5, 0.25)

    def function():
        return levels.soft

    return function


def of_a_row_with_names(gain: float) -> Callable[[], Any]:
    row = np.zeros(1, [(name, float) for name in (("soft", "loud") if gain == 0.5 else ("loud", "soft"))])
    row.view(float)[:] = 0.5, 0.25

    def function():
        return row[0].soft

    return function


KINDS = [
    of_a_module, of_a_module_in_a_module, of_a_default, of_a_function_that_is_compiled_already, of_a_row, of_a_function_in_a_module,
    of_a_member_of_an_enumeration, of_a_named_tuple, of_a_row_with_names,
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_value_that_changed_is_heard(kind: Callable[[float], Callable[[], Any]]) -> None:
    heard = []
    for gain in (0.5, 0.25):
        function = kind(gain)

        @processing()
        class Stale:
            audio = out_port()

            def step():
                return function()  # noqa: B023

        net = Network("clam")
        net.one = Stale
        net.sink = net.types.AudioSink
        _ = net.one > net.sink
        heard += net.render(frames=1).ravel().tolist()
        net.close()
    assert heard == [0.5, 0.25]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_is_the_same_is_compiled_once(kind: Callable[[float], Callable[[], Any]]) -> None:
    assert fingerprint(kind(0.5)) == fingerprint(kind(0.5))


def test_modules_that_contain_each_other_are_described() -> None:
    first, second = ModuleType("first"), ModuleType("second")
    first.second, second.first = second, first  # type: ignore[attr-defined]
    first.GAIN = 0.5  # type: ignore[attr-defined]

    def function():
        return first.second.first.GAIN

    before = fingerprint(function)
    first.GAIN = 0.25  # type: ignore[attr-defined]
    assert fingerprint(function) != before


def sources() -> list[str]:
    """The files of our own that are compiled into kernels, or decide how."""
    found = [path for source in kernel.SOURCES for path in [kernel.PACKAGE / source, *(kernel.PACKAGE / source).rglob("*.py")]]
    return sorted(str(path.relative_to(kernel.PACKAGE)) for path in found if path.is_file())


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of those files, read in place of them."""
    for source in kernel.SOURCES:
        whole = kernel.PACKAGE / source
        (tmp_path / source).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if whole.is_dir() else shutil.copy)(whole, tmp_path / source)
    monkeypatch.setattr(kernel, "PACKAGE", tmp_path)
    kernel._environment.cache_clear()
    yield tmp_path
    kernel._environment.cache_clear()


def key() -> str:
    kernel._environment.cache_clear()
    return kernel.key_of(["wiring", "mix"])


def test_there_are_such_files() -> None:
    assert {"dsp/memory/layout.py", "dsp/native/lanes.py", "declare/maths.py"} < set(sources())


@pytest.mark.parametrize("name", sources())
def test_no_kernel_outlives_a_change_of_a_file_it_is_made_with(name: str, package: Path) -> None:
    before = key()
    assert key() == before
    with open(package / name, "a") as file:
        file.write("#")
    assert key() != before


@pytest.mark.parametrize("folder", ["dsp/memory", "dsp/native"])
def test_nor_one_that_comes_goes_or_has_another_name(folder: str, package: Path) -> None:
    keys = [key()]
    (package / folder / "zebra.py").write_text("")
    keys.append(key())
    (package / folder / "zebra.py").rename(package / folder / "zoo.py")
    keys.append(key())
    (package / folder / "zoo.py").unlink()
    assert len(set(keys)) == 3
    assert key() == keys[0]


NOT_COMPILED = {"errors", "proxy", "banks", "declare.declaration", "declare.mistakes"}
"""What `memory` and `native` take from elsewhere: declarations, whose facts a kernel's `parts` hold, and words for errors."""


def taken_from_elsewhere() -> set[str]:
    taken = set()
    for folder in ("memory", "native"):
        for path in (kernel.PACKAGE / "dsp" / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.ImportFrom) and node.level == 3:
                    taken |= {
                        f"{node.module}.{alias.name}" if (node.module or "") == "declare" else str(node.module) for alias in node.names
                    }
                elif isinstance(node, ast.ImportFrom) and node.level == 2:
                    assert (node.module or "").split(".")[0] in ("memory", "native"), f"{path}:{node.lineno}"
    return taken


def test_nothing_else_of_ours_is_compiled() -> None:
    assert taken_from_elsewhere() - NOT_COMPILED == {"declare.maths", "declare.arguments", "declare.fourier", "declare.frames"}
    assert {"declare/maths.py", "declare/arguments.py", "declare/fourier.py", "declare/frames.py"} < set(kernel.SOURCES)
