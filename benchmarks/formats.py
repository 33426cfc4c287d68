"""How files grow: saving and loading 10,000 processings against 1,000, and a network of 1,000 oscillators against CLAM.

Run as ``python benchmarks/formats.py [ENGINE]`` (``clam``): for each operation the times and their ratio, of which 10 is
linear. CLAM itself takes 2.8 s to load the XML of 1,000 oscillators.
"""

from __future__ import annotations

import gc
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ipyclam_core import Network
from ipyclam_core.frontend.connectors import Connectors

SIZES = (1_000, 10_000)
REPEATS = 5
INPUTS = 1_000  # of one mixer
OF_CLAM = 2.8  # seconds
MIXERS = {"clam": ("AudioMixer", "NumberOfInPorts"), "dummy": ("Mixer", "NInputs")}


def measured(operation: Callable[[], object]) -> float:
    """Seconds that `operation` takes: the least of a few times, for the rest is what else the machine does."""
    times = []
    for _ in range(REPEATS):
        gc.collect()
        begin = time.perf_counter()
        operation()
        times.append(time.perf_counter() - begin)
    return min(times)


def network(engine: str, count: int) -> Network:
    """`count` oscillators, each with its own frequency, into mixers."""
    net = Network(engine)
    for k in range(count):
        if k % INPUTS == 0:
            ports = iter(_mixer(net, f"mixer{k // INPUTS}", *MIXERS.get(engine, MIXERS["dummy"])))
        net[f"osc{k}"] = "Oscillator"
        net[f"osc{k}"].Frequency = 100.0 + k
        net[f"osc{k}"]._outports[0] > next(ports)
    return net


def _mixer(net: Network, name: str, type: str, inputs: str) -> Connectors:
    net[name] = type
    net[name][inputs] = INPUTS
    return net[name]._inports


def run(engine: str, count: int, folder: Path) -> dict[str, float]:
    """The times of every operation."""
    times = {}
    net = network(engine, count)
    for suffix in (".clamnetwork", ".py"):
        path = folder / f"{count}{suffix}"
        times[f"save {suffix}"] = measured(lambda path=path: net.save(path))  # type: ignore[misc]
        times[f"load {suffix}"] = measured(lambda path=path: Network(engine).load(path))  # type: ignore[misc]
    return times


def main() -> None:
    engine = sys.argv[1] if len(sys.argv) > 1 else "clam"
    with tempfile.TemporaryDirectory() as folder:
        small, large = (run(engine, count, Path(folder)) for count in SIZES)
    print(f"{'':20}{SIZES[0]:>12,} {SIZES[1]:>12,}  ratio")
    for what, seconds in small.items():
        print(f"{what:20}{seconds * 1000:>9.1f} ms {large[what] * 1000:>9.1f} ms  {large[what] / seconds:5.1f}")
    share = small["load .clamnetwork"] / OF_CLAM
    print(f"\n{SIZES[0]:,} oscillators from .clamnetwork: {share:.1%} of the {OF_CLAM} s that CLAM takes (to reach: below 10%)")


if __name__ == "__main__":
    main()
