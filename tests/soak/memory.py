"""Thousands of delay lines of half a minute come and go while a network plays: their memory comes back.

python tests/soak/memory.py --edits 10000
"""

from __future__ import annotations

import ctypes
import gc
import sys
import time
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from ipyclam_core import Network
from soak.trial import Trial, resident

MOST = 300  # megabytes above the start, at any time
LEFT = 20  # megabytes above the start, after a rest
REST = 30.0  # seconds, at most


def rested() -> int:
    """The memory in use, less what only the allocator keeps, in megabytes."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    return resident()


def edit(net: Network, k: int) -> None:
    """A delay line comes, is heard, and goes."""
    name = f"line{k % 3}"
    if name in net:
        del net[name]
    net[name] = net.types.TimeDelay
    net.osc > net[name] > net.out
    net[name].Delay = 0.01
    if k % 5 == 0:
        net[name].MaxDelay = 29
    if k % 7 == 0:
        net.undo()
        net.redo()


def main() -> None:
    trial = Trial(__doc__ or "", edits="10000")
    warnings.simplefilter("ignore")
    net = Network()
    net.osc, net.out = net.types.Sine, net.types.AudioSink
    net.osc > net.out
    net.play("clock")
    for k in range(20):
        edit(net, k)
    for k in range(3):
        del net[f"line{k}"]
    net.proxy.begin_here()
    time.sleep(1.0)
    begin, highest = rested(), 0
    for k in range(int(trial.options.edits)):
        edit(net, k)
        highest = max(highest, resident())
        trial.goes_on
    trial.counts["edits"] = int(trial.options.edits)
    for k in range(3):
        del net[f"line{k}"]
    until = time.monotonic() + REST
    while rested() > begin + LEFT and time.monotonic() < until:
        time.sleep(0.1)
    left = rested()
    print(f"{begin} MB in the beginning, {highest - begin} more at most, {left - begin} more after a rest")
    trial.check(highest < begin + MOST, f"more than {MOST} MB above the start")
    trial.check(left < begin + LEFT, f"more than {LEFT} MB above the start after a rest")
    trial.check(net.status().state == "playing" and not net.status().messages, f"status: {net.status()}")
    net.close()
    trial.end()


if __name__ == "__main__":
    main()
