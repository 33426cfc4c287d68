"""Compiled code: it cannot reach the interpreter, and the cache it lies in may be in any state."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ipyclam_core.declare import catalog
from ipyclam_core.dsp import kernel, kernels
from ipyclam_core.dsp.native import runtime
from ipyclam_core.dsp.native.symbols import undefined
from ipyclam_core.engines.clam import load_types

load_types()

# what computes a number from numbers, or fills memory; nothing of these waits, allocates or knows Python
MEMORY = {"memset", "memcpy", "memmove"}
NUMBERS = """
    acos asin atan atan2 cbrt ceil copysign cos cosh erf exp exp2 expm1 fabs floor fma fmod frexp hypot ldexp log log10 log1p log2
    pow rint round sin sincos sinh sqrt tan tanh trunc
"""
HARMLESS = {*MEMORY, *NUMBERS.split()}
HARMLESS |= {f"{name}f" for name in HARMLESS}

OURS = sorted(name for name, type_ in catalog.items() if type_.owner.startswith("ipyclam_core.") and type_.form != "device")


def symbols_of(load: object) -> set[str]:
    """What the kernels that `load` loads ask others for."""
    kernel._loaded.clear()
    load()  # type: ignore[operator]
    assert kernel._loaded
    wanted: set[str] = set()
    for key in kernel._loaded:
        code = kernel.object_files.read(key)
        assert code is not None
        wanted |= undefined(code)
    return wanted


@pytest.mark.parametrize("name", OURS)
def test_no_kernel_can_reach_the_interpreter_or_wait_for_memory(name: str) -> None:
    assert symbols_of(lambda: kernels.of_type(catalog[name])) <= HARMLESS


@pytest.mark.parametrize("name", ["mix", "hold", "tap", "carry", "levels", "host"])
def test_nor_can_what_is_between_them(name: str) -> None:
    kernels.between.cache_clear()
    assert symbols_of(lambda: kernels.between(name)) <= HARMLESS


@pytest.mark.parametrize("function", runtime.SIGNATURES, ids=lambda function: function.__name__)
def test_nor_can_the_callbacks(function: object) -> None:
    kernels.runtime.cache_clear()
    assert symbols_of(lambda: kernels.runtime(function.__name__)) <= HARMLESS  # type: ignore[attr-defined]


PLAY = """
import sys, time
from ipyclam_core import Network
from ipyclam_core.dsp import kernel

kernel.on_compile(lambda name: print("compiles", name))
net = Network()
net.noise = net.types.WhiteNoise
net.sink = net.types.AudioSink
net.noise > net.sink
net.play("step")
played = net._proxy.inner.player.device.run()
assert abs(played).max() > 0.1, played
print("compiled", len(kernel.compiled_here()), "numba" in sys.modules)
"""


def play(cache: Path | str) -> subprocess.Popen[str]:
    """A process that plays with this cache."""
    environment = {**os.environ, "IPYCLAM_CACHE": str(cache)}
    return subprocess.Popen([sys.executable, "-c", PLAY], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def told(process: subprocess.Popen[str]) -> list[str]:
    out, errors = process.communicate(timeout=120)
    assert (process.returncode, errors) == (0, ""), errors
    return out.splitlines()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that two processes have filled at once."""
    cache = tmp_path_factory.mktemp("cache") / "ipyclam"
    for process in [play(cache), play(cache)]:
        assert told(process)[-1].startswith("compiled ")
    assert list(cache.rglob("*.o"))
    return cache


@pytest.fixture
def cache(filled: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(filled, tmp_path / "ipyclam"))


@pytest.mark.slow
def test_the_second_process_compiles_nothing_and_never_imports_numba(filled: Path) -> None:
    assert told(play(filled)) == ["compiled 0 False"]
    assert not [file for file in filled.rglob("*") if file.name.startswith(".new")]


def smallest(cache: Path) -> list[Path]:
    """The files of a cache, those first whose kernels take least long to compile."""
    return sorted(cache.iterdir(), key=lambda file: file.stat().st_size)


@pytest.mark.slow
def test_damaged_files_are_compiled_again(cache: Path) -> None:
    files = smallest(cache / "kernels")
    whole = files[0].read_bytes()
    files[0].write_bytes(whole[: len(whole) // 2])  # truncated
    files[1].write_bytes(b"")
    middle = bytearray(files[2].read_bytes())
    middle[len(middle) // 2] ^= 0xFF  # one byte
    files[2].write_bytes(middle)
    files[3].write_bytes(whole)  # whole, but another's
    files[4].write_bytes(b"\x7fELF" + bytes(1000))  # not ours
    assert told(play(cache))[-1] == "compiled 5 True"
    assert told(play(cache)) == ["compiled 0 False"]


@pytest.mark.slow
def test_what_is_no_file_is_not_waited_for(cache: Path) -> None:
    first, second = smallest(cache / "kernels")[:2]
    first.unlink()
    os.mkfifo(first)
    second.unlink()
    second.mkdir()
    assert told(play(cache))[-1] in ("compiled 1 True", "compiled 2 True")  # another process may compile one, too
    assert told(play(cache))[-1] == "compiled 1 True"  # a folder stays where it is


@pytest.mark.slow
def test_a_cache_that_cannot_be_written_to_is_no_reason_not_to_sound() -> None:
    assert told(play("/dev/null/ipyclam"))[-1].startswith("compiled ")
