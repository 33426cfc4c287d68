"""SuperCollider's server, its score written with supriya, a client in Python."""

from __future__ import annotations

import importlib.util
import shutil
import struct
import time
from pathlib import Path
from typing import Any

from .measuring import SHORT, Taken, of_program
from .workloads import RATE, Sines, Workload

NAME = "scsynth (supriya)"
INSTALL = "apt-get install supercollider-server; pip install supriya"
NOTE = ""


def missing() -> bool:
    return shutil.which("scsynth") is None or importlib.util.find_spec("supriya") is None


def measure(work: Workload, block: int, seconds: float, output: Path) -> Taken:
    import supriya

    path = output.with_suffix(".osc")

    def write(given: Workload | None, length: float) -> float:
        """The time to write a score."""
        begun = time.process_time()
        score = supriya.Score()
        if given is not None:
            with score.at(0):
                _add(score, given)
        with score.at(length):
            score.do_nothing()
        path.write_bytes(b"".join(struct.pack(">i", len(part)) + part for part in score.iterate_datagrams()))
        return time.process_time() - begun

    def run(times: int = 1) -> float:
        options = ["-o", "2", "-z", str(block), "-n", "8192", "-m", "262144"]
        return of_program(["scsynth", "-N", path, "_", output, str(RATE), "WAV", "float", *options], times)

    once = block / RATE
    idle = write(None, once) + run(3)
    ready = write(work, once) + run(3)
    write(work, SHORT + seconds)
    long = run()
    write(work, SHORT)
    return Taken(idle, ready, run(), long)


def _add(score: Any, work: Workload) -> None:
    from supriya import synthdef
    from supriya.ugens import RLPF, Out, Pan2, Saw, SinOsc

    @synthdef()
    def sine(freq=440.0, amp=0.1):  # type: ignore[no-untyped-def]
        Out.ar(bus=0, source=[SinOsc.ar(frequency=freq) * amp] * 2)

    @synthdef()
    def strip(freq=440.0, cutoff=1000.0, rq=1.0, gain=1.0, pos=0.0):  # type: ignore[no-untyped-def]
        low = RLPF.ar(source=Saw.ar(frequency=freq), frequency=cutoff, reciprocal_of_q=rq)
        Out.ar(bus=0, source=Pan2.ar(source=low * gain, position=pos))

    if isinstance(work, Sines):
        score.add_synthdefs(sine)
        for k in range(work.voices):
            score.add_synth(sine, freq=work.frequency(k), amp=work.gain)
        return
    score.add_synthdefs(strip)
    rq, gain = 1.0 / work.resonance, work.gain
    for k in range(work.voices):
        score.add_synth(strip, freq=work.frequency(k), cutoff=work.cutoff(k), rq=rq, gain=gain, pos=work.position(k))
