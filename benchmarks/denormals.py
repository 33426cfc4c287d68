"""What numbers too small to be normal cost: ``python benchmarks/denormals.py``.

Filters ring out: their memory falls below the smallest normal number after a while and would stay there. The time of a
render of 200 of them that hear a loud signal, and of the same ones that ring out; the ratio should be one.
"""

from __future__ import annotations

import time

import numpy as np

from ipyclam_core import Network

SECONDS, RATE = 20, 48000


def filters() -> Network:
    net = Network()
    net.mic = net.types.AudioSource
    net.sink = net.types.AudioSink
    for k in range(200):
        net[f"low{k}"] = net.types.ResonantLowPass
        net[f"low{k}"].Cutoff = 100.0 + 50.0 * k
        _ = net.mic > net[f"low{k}"] > net.sink
    return net


def seconds(net: Network, heard: np.ndarray) -> float:
    """CPU time of a render, the better of three."""
    times = []
    for _ in range(3):
        begin = time.process_time()
        net.render(SECONDS, inputs=heard, sample_rate=RATE)
        times.append(time.process_time() - begin)
    return min(times)


def main() -> None:
    net = filters()
    loud = np.random.default_rng(1).uniform(-0.5, 0.5, SECONDS * RATE).astype(np.float32)
    ringing = np.zeros_like(loud)
    ringing[0] = 1e-30
    net.render(0.1, inputs=loud[:100], sample_rate=RATE)
    one, other = seconds(net, loud), seconds(net, ringing)
    print(f"loud {one:.3f} s, ringing out {other:.3f} s: {other / one:.2f} times")


if __name__ == "__main__":
    main()
