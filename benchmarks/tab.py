"""How long a press of tab takes, in networks of 1,000 and of 10,000 processings: ``python benchmarks/tab.py``.

Half of the names are no identifiers, so that their aliases have to be found, and each pair is connected.
"""

from __future__ import annotations

import statistics
import time

from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from ipyclam_core import Network
from ipyclam_core.frontend import names

SIZES = (1_000, 10_000)
TIMES = 15
GOAL = 0.05
TYPED = [
    "net.", "net.osc49", "net.nothing", 'net["my mix 4', "net.osc7.", "net.my_mix_99.", "net.osc7 > net.", "net.osc7 > net.my_mix_49",
    "net.osc7.Output > net.my_mix_99.", "net.my_mix_99 < net.", "net.osc7 / net.", "net.new = ", "net.osc7.Waveform = ", "%tree my",
]  # fmt: skip


def network(size: int) -> Network:
    """A network of so many processings, connected in pairs."""
    net = Network("dummy")
    for number in range(size // 2):
        net[f"osc{number}"], net[f"my mix {number}"] = "Oscillator", "Mixer"
        net[f"osc{number}"] > net[f"my mix {number}"]["Input 1"]
    return net


def press(shell: InteractiveShell, typed: str) -> float:
    """The time of a press of tab."""
    begin = time.perf_counter()
    with provisionalcompleter():
        list(shell.Completer.completions(typed, len(typed)))
    return time.perf_counter() - begin


def main() -> None:
    config = Config()
    config.HistoryManager.enabled = False
    shell = InteractiveShell(config=config)
    taken: dict[int, dict[str, float]] = {}
    for size in SIZES:
        shell.user_ns["net"] = network(size)
        shell.run_line_magic("reload_ext", "ipyclam_console")
        press(shell, "net.")
        names.alias.cache_clear()
        first = press(shell, "net.nothing")
        taken[size] = {typed: statistics.median(press(shell, typed) for _ in range(TIMES)) for typed in TYPED}
    small, large = SIZES
    print(f"{'typed':36}{small:>9,} {large:>9,}   ratio")
    for typed in TYPED:
        few, many = taken[small][typed], taken[large][typed]
        print(f"{typed:36}{few * 1e3:6.1f} ms {many * 1e3:6.1f} ms  {many / few:6.1f}")
    print(f"the first look at {large:,} names: {first * 1e3:.1f} ms")
    print(f"the slowest of {large:,}: {max(taken[large].values()) * 1e3:.1f} ms; goal {GOAL * 1e3:.0f} ms")


if __name__ == "__main__":
    main()
