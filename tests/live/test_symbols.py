"""The functions outside of a kernel that it calls: they are found in every process, or the kernel is refused in words."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import pytest

from ipyclam_core.declare import out_port, processing
from ipyclam_core.dsp import kernel
from ipyclam_core.dsp.native.compiler import _machine
from ipyclam_core.dsp.native.symbols import undefined
from ipyclam_core.errors import DefinitionError, EngineError

DEFINES = """
import math
import numpy as np
from numpy import float32
from ipyclam_core import Network
from ipyclam_core.declare import Array, in_control, out_port, processing
from ipyclam_core.dsp import kernel

@processing
class Own:
    left = in_control("In", 0.5)
    audio = out_port("Out")
    class State:
        row: Array[float32]
    def initial():
        return {"row": np.full(8, 0.5, float32)}
    def process(state, left, audio):
        audio[:] = BODY

net = Network()
net.own, net.out = net.types.Own, net.types.AudioSink
net.own > net.out
print(net.render(0.02)[-1, 0], *kernel.compiled_here())
"""
CALLS = """
declare void @no_such_function()
define void @{symbol}(i64 %a, i64 %b) {{
    call void @no_such_function()
    ret void
}}
"""
TERMS = {
    "state.row.reshape(2, 4)[1, 1]": 0.5,
    "state.row[::2].max()": 0.5,
    "math.gamma(left + 3.5)": 6.0,
    "math.frexp(left)[0]": 0.5,
    "abs((left + 0j) ** (2.0 + 0j))": 0.25,
}


@pytest.mark.slow
def test_a_kernel_of_an_earlier_process_finds_the_functions_that_it_calls(tmp_path: Path) -> None:
    file = tmp_path / "own.py"
    file.write_text(DEFINES.replace("BODY", " + ".join(TERMS)))
    environment = {**os.environ, "IPYCLAM_CACHE": str(tmp_path / "cache")}
    for compiled in (True, False):
        run = subprocess.run([sys.executable, str(file)], env=environment, capture_output=True, text=True, timeout=300, check=False)
        assert run.returncode == 0, run.stderr
        value, *names = run.stdout.split()
        assert float(value) == pytest.approx(sum(TERMS.values()))
        assert ("Own" in names) == compiled


def object_file(assembly: str) -> bytes:
    return bytes(_machine().emit_object(llvm.parse_assembly(assembly)))


@pytest.fixture
def calling(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Makes the object file of a kernel that calls a function which does not exist; the cache is an empty one."""
    monkeypatch.setenv("IPYCLAM_CACHE", str(tmp_path))

    def compile_object(symbol: str) -> bytes:
        return object_file(CALLS.format(symbol=symbol))

    return compile_object


def harmless(symbol: str) -> bytes:
    return object_file(f"define void @{symbol}() {{ ret void }}")


def test_a_kernel_that_calls_an_unknown_function_is_refused_by_name_and_not_kept(calling: Any) -> None:
    with pytest.raises(EngineError, match=r"^Whatever cannot be computed: its code calls no_such_function,"):
        kernel.load("Whatever", ["a function that is nowhere"], calling)
    assert not kernel.is_there(["a function that is nowhere"])


def test_one_in_the_cache_is_compiled_again(calling: Any) -> None:
    parts = ["another function that is nowhere"]
    key = kernel.key_of(parts)
    code = calling(f"ipyclam_{key}")
    assert undefined(code) == set(kernel._missing(code)) == {"no_such_function"}
    kernel.object_files.write(key, code)
    assert kernel.load("Whatever", parts, harmless)
    assert kernel._missing(kernel.object_files.read(key) or b"") == []


def test_random_numbers_of_a_library_are_refused_with_the_line_and_a_replacement() -> None:
    import numpy as np

    with pytest.raises(DefinitionError, match=r"wait for Python.*np\.random\.random\(\).*keep an int in State"):

        @processing
        class OfChance:
            audio = out_port("Out")

            def process(audio):  # noqa: N805 -- no method: there is no self
                audio[0] = np.random.random()
