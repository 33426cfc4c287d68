"""Pyo: objects that stand for as many voices as their arguments' lists are long, and its offline server."""

from __future__ import annotations

import contextlib
import importlib.util
import os
from pathlib import Path
from typing import Any

from .measuring import SHORT, Taken, of_call
from .workloads import RATE, Sines, Workload

NAME = "pyo"
INSTALL = "pip install pyo"
NOTE = "building: one object stands for all voices of a kind, which cannot be patched one by one"


def missing() -> bool:
    return importlib.util.find_spec("pyo") is None


def measure(work: Workload, block: int, seconds: float, output: Path) -> Taken:
    os.environ["PYO_GUI_WX"] = "0"
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        import pyo

        server = pyo.Server(sr=RATE, nchnls=2, buffersize=block, duplex=0, audio="offline")
        server.setVerbosity(1)
        server.boot()
        held: list[Any] = []
        ready = of_call(lambda: held.append(build(pyo, work)))

        def render(length: float) -> None:
            server.recordOptions(dur=length, filename=str(output), fileformat=0, sampletype=3)
            server.start()

        long = of_call(lambda: render(SHORT + seconds))
        return Taken(0.0, ready, of_call(lambda: render(SHORT)), long)


def build(pyo: Any, work: Workload) -> Any:
    """The objects, connected to the output."""
    voices = range(work.voices)
    if isinstance(work, Sines):
        return pyo.Sine(freq=[work.frequency(k) for k in voices], mul=work.gain).mix(1).mix(2).out()
    saw = pyo.LFO(freq=[work.frequency(k) for k in voices], sharp=1.0, type=0)  # its only band-limited sawtooth but for tables
    low = pyo.Biquad(saw, freq=[work.cutoff(k) for k in voices], q=work.resonance, type=0, mul=work.gain)
    return pyo.Pan(low, outs=2, pan=[(work.position(k) + 1) / 2 for k in voices]).out()
