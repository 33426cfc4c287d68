"""How the front-end grows: what 10,000 processings cost against 1,000, per processing; and what one access costs.

Run as ``python benchmarks/front_end.py``: for each operation the times, and their ratio, of which 10 is linear.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

from ipyclam_core import Network

SIZES = (1_000, 10_000)


def measured(operation: Callable[[], object]) -> float:
    """Seconds that `operation` takes, the collector at rest."""
    gc.collect()
    gc.disable()
    try:
        begin = time.perf_counter()
        operation()
        return time.perf_counter() - begin
    finally:
        gc.enable()


def run(count: int) -> dict[str, float]:
    """The times of every operation on a network of `count` oscillators into one mixer."""
    net, again = Network("dummy"), Network("dummy")

    def add() -> None:
        for k in range(count):
            net[f"osc{k}"] = "Oscillator"

    def configure() -> None:
        for k in range(count):
            net[f"osc{k}"].Frequency = float(k)

    def connect() -> None:
        inputs = net.mixer._inports
        for k in range(count):
            net[f"osc{k}"].Output > inputs[k]

    def connect_by_name() -> None:
        for k in range(count - 1):
            net[f"osc{k}"].Output > net[f"osc{k + 1}"].Frequency_Modulation

    def access() -> None:
        for _ in range(1000):
            net.osc500

    times = {"add": measured(add), "configure": measured(configure)}
    net.mixer = "Mixer"
    net.mixer.NInputs = count
    times["connect by index"] = measured(connect)
    times["connect by name"] = measured(connect_by_name)
    times["code()"] = measured(net.code)
    times["dir()"] = measured(lambda: dir(net))
    text = net.code()
    times["running the code"] = measured(lambda: exec(text, {"net": again}))
    times["=="] = measured(lambda: net == again)
    times["clear"] = measured(net.clear)
    times["undo of clear"] = measured(net.undo)
    times["net.osc500, 1,000 times"] = measured(access)
    assert net == again
    return times


def main() -> None:
    small, large = map(run, SIZES)
    print(f"{'':26}{SIZES[0]:>10,}{SIZES[1]:>10,}     ratio")
    for operation, seconds in small.items():
        print(f"{operation:26}{seconds * 1e3:>8.1f}ms{large[operation] * 1e3:>8.1f}ms{large[operation] / seconds:>10.1f}")


if __name__ == "__main__":
    main()
