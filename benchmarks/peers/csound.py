"""Csound: an orchestra of one instrument, and a score of as many notes as there are voices."""

from __future__ import annotations

import shutil
from pathlib import Path

from .measuring import SHORT, Command, Taken, of_program, of_start
from .workloads import RATE, Sines, Workload

NAME = "csound"
INSTALL = "apt-get install csound"
NOTE = ""

FILE = """<CsoundSynthesizer>
<CsOptions>
-d -m0 -W -f -o {output}
</CsOptions>
<CsInstruments>
sr = {rate}
ksmps = {block}
nchnls = 2
0dbfs = 1
giSine ftgen 1, 0, 8192, 10, 1
instr 1
{instrument}
endin
</CsInstruments>
<CsScore>
{score}
f0 {length}
e
</CsScore>
</CsoundSynthesizer>
"""
SINE = """
aSine oscili p5, p4, giSine
outs aSine, aSine
"""
STRIP = """
aSaw vco2 1, p4
aLow lowpass2 aSaw, p5, p6
aLeft, aRight pan2 aLow * p7, p8
outs aLeft, aRight
"""


def missing() -> bool:
    return shutil.which("csound") is None


def measure(work: Workload, block: int, seconds: float, output: Path) -> Taken:
    def command(given: Workload | None, length: float) -> Command:
        instrument, score = ("", "") if given is None else (SINE if isinstance(given, Sines) else STRIP, notes(given, length))
        path = output.with_suffix(f".{length}.{len(score)}.csd")
        path.write_text(FILE.format(output=output, rate=RATE, block=block, instrument=instrument, score=score, length=length))
        return ["csound", path]

    once = block / RATE
    idle, ready = of_start(command(None, once), command(work, once))
    long = of_program(command(work, SHORT + seconds))
    return Taken(idle, ready, of_program(command(work, SHORT)), long)


def notes(work: Workload, length: float) -> str:
    """A line of the score for each voice."""
    if isinstance(work, Sines):
        return "\n".join(f"i1 0 {length} {work.frequency(k)} {work.gain}" for k in range(work.voices))
    return "\n".join(
        f"i1 0 {length} {work.frequency(k)} {work.cutoff(k)} {work.resonance} {work.gain} {(work.position(k) + 1) / 2}"
        for k in range(work.voices)
    )
