"""Output in encodings that lack characters, and without colours."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

CELLS = """
net.osc, net.out, net["\\xfc"] = "SimpleOscillator", "AudioSink", "AudioSink"
net.osc > net.out; net.osc > net["\\xfc"]
%tree
%types low pass
%tree --nope
net
net.types.SimpleOscillator?
net.osc?
print("\\u280b\\u2026")
"""


def shown(cells: str, **environment: str) -> str:
    """What a console prints for cells that come through a pipe."""
    command = [sys.executable, "-m", "ipyclam_console", "--no-banner"]
    env = {**os.environ, "PYTHONUTF8": "0", **environment}
    done = subprocess.run(command, input=cells.encode(), capture_output=True, env=env, timeout=120)
    return (done.stdout + done.stderr).decode(environment.get("PYTHONIOENCODING", "utf-8"))


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp437"])
def test_nothing_is_refused_where_characters_are_missing(encoding: str) -> None:
    told = shown(CELLS, PYTHONIOENCODING=encoding)
    assert "Traceback" not in told
    assert "UnicodeEncodeError" not in told
    assert 'Audio Output --> out["1"]' in told.replace("──▶", "-->").replace("──>", "-->")


def test_what_is_drawn_falls_back_to_ascii() -> None:
    told = shown(CELLS, PYTHONIOENCODING="ascii")
    assert '|- osc  SimpleOscillator\n|     Audio Output --> out["1"]\n|     Audio Output --> \\xfc["1"]\n' in told


def test_no_color_is_heeded() -> None:
    assert "\x1b" in shown("1/0\nnet.osk\n")
    assert "\x1b" not in shown("1/0\nnet.osk\nnet.types?\n", NO_COLOR="1")
