"""Faust, compiled by LLVM inside DawDreamer."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import soundfile

from .measuring import SHORT, Taken, of_call
from .workloads import RATE, Sines, Workload

NAME = "faust (dawdreamer)"
INSTALL = "pip install dawdreamer"
NOTE = "frequencies and gains are constants of its program, which it is compiled for"

SINES = """import("stdfaust.lib");
process = par(i, {voices}, os.osc({first} + {step} * i) * {gain}) :> _ <: _, _;
"""
STRIPS = """import("stdfaust.lib");
strip(i) = os.sawtooth({first} + {step} * i) : fi.resonlp({low} + {rise} * i, {q}, 1) : *({gain}) : sp.panner(i / {last});
process = par(i, {voices}, strip(i)) :> _, _;
"""


def missing() -> bool:
    return importlib.util.find_spec("dawdreamer") is None


def measure(work: Workload, block: int, seconds: float, output: Path) -> Taken:
    import dawdreamer

    engine = dawdreamer.RenderEngine(RATE, block)
    processor = engine.make_faust_processor("faust")

    def build() -> None:
        processor.set_dsp_string(program(work))
        processor.compile()
        engine.load_graph([(processor, [])])

    def render(length: float) -> None:
        engine.render(length)
        soundfile.write(output, engine.get_audio().T, RATE, subtype="FLOAT")

    ready = of_call(build)
    long = of_call(lambda: render(SHORT + seconds))
    return Taken(0.0, ready, of_call(lambda: render(SHORT)), long)


def program(work: Workload) -> str:
    """The program in Faust."""
    first, step = work.frequency(0), work.frequency(1) - work.frequency(0)
    if isinstance(work, Sines):
        return SINES.format(voices=work.voices, first=first, step=step, gain=work.gain)
    low, rise = work.cutoff(0), work.cutoff(1) - work.cutoff(0)
    return STRIPS.format(
        voices=work.voices, first=first, step=step, gain=work.gain, low=low, rise=rise, q=work.resonance, last=work.voices - 1.0
    )
