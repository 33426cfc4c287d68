"""Short runs of the programs that look for what breaks: with the same seed each time, so that a fault is seen again."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def short_run(program: str, *options: str, seconds: float = 6.0) -> str:
    """What a program prints; an error where it has found a fault."""
    command = [sys.executable, str(HERE / f"{program}.py"), "--minutes", f"{seconds / 60.0:.3f}", "--seed", "1", *options]
    environment = {key: value for key, value in os.environ.items() if key not in ("IPYCLAM_TRIAL", "IPYCLAM_POISON")}
    ended = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=280, env=environment)
    assert ended.returncode == 0, ended.stdout[-4000:] + ended.stderr[-4000:]
    return ended.stdout


@pytest.mark.slow
def test_three_threads_edit_a_network_that_plays() -> None:
    assert re.search(r"\d+ wire", short_run("soak", seconds=10.0))


@pytest.mark.slow
def test_three_threads_edit_a_network_that_plays_on_jack() -> None:
    assert re.search(r"\d+ wire", short_run("soak", "--device", "jack", seconds=10.0))


@pytest.mark.slow
def test_ctrl_c_at_any_moment() -> None:
    assert re.search(r"\d+ interrupted", short_run("interrupts", seconds=10.0))


@pytest.mark.slow
def test_the_memory_of_delay_lines_comes_back() -> None:
    assert "400 edits" in short_run("memory", "--edits", "400")


@pytest.mark.slow
def test_no_type_goes_beyond_its_memory() -> None:
    assert re.search(r"\d+ types", short_run("kernels"))


@pytest.mark.slow
def test_spoilt_files_are_read_or_refused() -> None:
    assert re.search(r"\d+ refused", short_run("fuzz_files"))


@pytest.mark.slow
def test_strange_calls_are_refused_as_documented() -> None:
    assert re.search(r"\d+ looks", short_run("fuzz_api"))
