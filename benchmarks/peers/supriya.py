"""SuperCollider's server, its score written with supriya, a client in Python."""

from __future__ import annotations

import importlib.util
import shutil
import struct
import time
from pathlib import Path
from typing import Any

from .measuring import SHORT, Command, Taken, of_program, of_start
from .workloads import RATE, Sines, Workload

NAME = "scsynth (supriya)"
INSTALL = "apt-get install supercollider-server; pip install supriya"
NOTE = ""


def missing() -> bool:
    return shutil.which("scsynth") is None or importlib.util.find_spec("supriya") is None


def measure(work: Workload, block: int, seconds: float, output: Path) -> Taken:
    import supriya

    def written(given: Workload | None, length: float) -> tuple[float, Command]:
        """The time to write a score, and what plays it."""
        path = output.with_suffix(f".{length}.{given is None}.osc")
        begun = time.process_time()
        score = supriya.Score()
        if given is not None:
            with score.at(0):
                _add(score, given)
        with score.at(length):
            score.do_nothing()
        path.write_bytes(b"".join(struct.pack(">i", len(part)) + part for part in score.iterate_datagrams()))
        options = ["-o", "2", "-z", str(block), "-n", "8192", "-m", "262144"]
        taken = time.process_time() - begun
        return taken, ["scsynth", "-N", path, "_", output, str(RATE), "WAV", "float", *options]

    once = block / RATE
    (before, nothing), (written_in, all_of_it) = written(None, once), written(work, once)
    idle, ready = of_start(nothing, all_of_it)
    long = of_program(written(work, SHORT + seconds)[1])
    return Taken(before + idle, written_in + ready, of_program(written(work, SHORT)[1]), long)


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
