"""From the key press to the sound: ``python benchmarks/live_start.py``.

A process of its own each time: ``net.play()`` is timed until the first block has been computed, with a cache that holds no
kernel (everything is compiled) and with one that holds them all. The goals are 4 s on two idle processors, and 0.3 s without numba.
What the machine does besides makes the first of them longer; beside it stands the processors' time of all processes, as a multiple of
what importing numba takes, which does not depend on that as much.
"""

from __future__ import annotations

import os
import resource
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
IMPORT = "import numba; print(0, True)"
FIRST = 3


def seconds(cache: str, code: str = PLAY) -> tuple[float, bool, float]:
    """The time until the first block, whether numba was imported for it, and the processors' time of all processes."""
    environment = {**os.environ, "IPYCLAM_CACHE": cache}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True).stdout.split()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return float(out[0]), out[1] == "True", after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    firsts, imports = [], []
    for _ in range(FIRST):
        with tempfile.TemporaryDirectory() as cache:
            firsts.append(seconds(cache))
            imports.append(seconds(cache, IMPORT)[2])
            again = [seconds(cache) for _ in range(3)]
    spent = min(cpu for _, _, cpu in firsts)
    print(
        f"first play on a machine  {min(wall for wall, _, _ in firsts):6.2f} s, processors {spent:.2f} s: "
        f"{spent / min(imports):.0f} times as long as importing numba"
    )
    times = [wall for wall, _, _ in again]
    imported = any(numba for _, numba, _ in again)
    print(f"every other one          {statistics.median(times):6.3f} s (worst {max(times):.3f}), numba imported: {imported}")


if __name__ == "__main__":
    main()
