"""Edits of a large network while it plays: ``python benchmarks/live_edit.py [PROCESSINGS ...]``.

A random graph of 12 types plays on the clock device. An edit is timed from the statement to the block that first runs the
new program; what belongs to the blocks themselves (two at most) is told apart from what belongs to us. Planning alone is
timed for growing networks: the last column is the time divided by n log n, which should not grow.
"""

from __future__ import annotations

import gc
import math
import random
import statistics
import sys
import time

from ipyclam_core import Network
from ipyclam_core.dsp.memory.context import HEAD, TAIL

TYPES = (
    "Sine", "Saw", "SquareWave", "WhiteNoise", "Gain", "ResonantLowPass", "Notch2ndOrder", "StereoPanner", "AudioAdder", "AudioMultiplier",
    "AudioMixer", "Vumeter",
)  # fmt: skip
BLOCK, RATE = 512, 48000


def build(count: int, seed: int = 1) -> Network:
    """A random graph without cycles: every in port has one wire or two, from what was made before."""
    rng = random.Random(seed)
    net = Network()
    proxy = net._proxy.inner
    from ipyclam_core.proxy import Wire

    sounding: list[tuple[str, str]] = []
    with proxy.batch():
        for k in range(count):
            name = f"p{k}"
            proxy.add(name, TYPES[k % len(TYPES)])
            connectors = proxy.processings()[name].connectors
            for port in connectors.inports:
                for source in rng.sample(sounding, min(len(sounding), rng.choice((1, 1, 2)))):
                    proxy.connect(Wire("Port", *source, name, port.name))
            sounding += [(name, port.name) for port in connectors.outports]
        proxy.add("sink", "AudioSink")
        for source in rng.sample(sounding, min(len(sounding), 16)):
            proxy.connect(Wire("Port", *source, "sink", "1"))
    return net


def heard_after(net: Network, edit: object) -> tuple[float, float, float]:
    """Milliseconds of CPU that the statement takes, until it is done, and until the audio thread has taken the program."""
    context = net._proxy.inner.player._context
    begin, spent = time.perf_counter(), time.thread_time()
    edit()  # type: ignore[operator]
    done, spent = time.perf_counter(), time.thread_time() - spent
    tail = int(context[TAIL])
    while int(context[HEAD]) < tail:
        time.sleep(0.0001)
    return 1000.0 * spent, 1000.0 * (done - begin), 1000.0 * (time.perf_counter() - begin)


def measure(count: int) -> None:
    began = time.perf_counter()
    net = build(count)
    built = time.perf_counter()
    net.play("clock", sample_rate=RATE, block_size=BLOCK)
    playing = time.perf_counter()
    time.sleep(1.0)
    gc.collect()
    edits = net._proxy.inner.player.edits
    rng = random.Random(2)
    outs = [name for name in net if len(net._proxy.processings()[name].connectors.outports)]
    ins = [name for name in net if len(net._proxy.processings()[name].connectors.inports)]
    times: dict[str, list[tuple[float, float, float]]] = {
        "add": [],
        "connect": [],
        "disconnect": [],
        "remove": [],
        "configure": [],
        "control": [],
    }
    for k in range(12):
        source, target = net[rng.choice(outs)], net[rng.choice(ins)]

        def add(k: int = k) -> None:
            net[f"new{k}"] = "Sine"

        def connect(k: int = k, target: object = target) -> None:
            net[f"new{k}"]._outports[0] > target._inports[0]  # type: ignore[attr-defined]

        def disconnect(k: int = k, target: object = target) -> None:
            net[f"new{k}"]._outports[0] / target._inports[0]  # type: ignore[attr-defined]

        def remove(k: int = k) -> None:
            del net[f"new{k}"]

        def configure(k: int = k) -> None:
            net["p10"].NumberOfInPorts = 3 + k % 2

        def control(k: int = k) -> None:
            net["p0"]["Pitch"] = 100.0 + k

        assert source
        for name, edit in (
            ("add", add),
            ("connect", connect),
            ("control", control),
            ("configure", configure),
            ("disconnect", disconnect),
            ("remove", remove),
        ):
            times[name].append(heard_after(net, edit))
            time.sleep(0.08)  # fades end
    plans = []
    for _ in range(10):
        begin = time.perf_counter()
        with net._proxy.inner.player._lock:
            edits.publish()
        plans.append(1000.0 * (time.perf_counter() - begin))
        time.sleep(0.03)
    plan = statistics.median(plans)
    status = net.status()
    wires, built, starting = len(net._proxy.wires()), built - began, playing - built
    print(f"{count} processings, {wires} wires: built in {built:.2f} s, playing after {starting:.2f} s more,")
    share = 1e6 * plan / (count * math.log2(count))
    print(f"  load {status.load:.0%}, xruns {status.xruns}; planning {plan:.2f} ms, / n log n {share:.1f} ns")
    print(f"  two blocks + 10 ms: {2000.0 * BLOCK / RATE + 10:.1f}")
    print(f"  {'ms':10} " + " ".join(f"{column:>8}" for column in ("CPU", "worst", "done", "worst", "taken", "worst")))
    for name, measured in times.items():
        columns = [value for kind in zip(*measured, strict=True) for value in (statistics.median(kind), max(kind))]
        print(f"  {name:10} " + " ".join(f"{value:8.2f}" for value in columns))
    net.close()


if __name__ == "__main__":
    for number in map(int, sys.argv[1:] or ("1000", "10000", "20000")):
        measure(number)
