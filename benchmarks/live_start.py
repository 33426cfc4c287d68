"""From the key press to the sound: ``python benchmarks/live_start.py``.

A process of its own each time: ``net.play()`` is timed until the first block has been computed, with a cache that holds no
kernel (once: everything is compiled) and with one that holds them all. The goal for the latter is 0.3 s, without numba.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile

PLAY = """
import sys, time
from ipyclam_core import Network

net = Network()
net.saw = net.types.Saw
net.low = net.types.ResonantLowPass
net.gain = net.types.Gain
net.pan = net.types.StereoPanner
net.sink = net.types.AudioSink
net.sink.NSinks = 2
net.saw > net.low > net.gain > net.pan
net.pan.Left > net.sink.Input1
net.pan.Right > net.sink.Input2
begin = time.perf_counter()
net.play("clock", block_size=64)
while not net.status().position:
    time.sleep(0.0005)
print(time.perf_counter() - begin, "numba" in sys.modules)
net.stop()
"""


def seconds(cache: str) -> tuple[float, bool]:
    """The time until the first block, and whether numba was imported for it."""
    environment = {**os.environ, "IPYCLAM_CACHE": cache}
    out = subprocess.run([sys.executable, "-c", PLAY], env=environment, capture_output=True, text=True, check=True).stdout.split()
    return float(out[0]), out[1] == "True"


def main() -> None:
    with tempfile.TemporaryDirectory() as cache:
        first, _ = seconds(cache)
        times = [seconds(cache) for _ in range(9)]
    print(f"first play on a machine  {first:6.2f} s")
    again = [taken for taken, _ in times]
    print(
        f"every other one          {statistics.median(again):6.3f} s (worst {max(again):.3f}), numba imported: {any(n for _, n in times)}"
    )


if __name__ == "__main__":
    main()
