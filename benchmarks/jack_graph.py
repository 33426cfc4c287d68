"""How long one waits on a server with 200 clients and 2,000 ports: ``python benchmarks/jack_graph.py``.

Every line gives a time, and its share of the 50 ms within which tab has to answer. It starts a server of its own, without a
sound card, and needs jackd and the package JACK-Client.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

TESTS = Path(__file__).parents[1] / "tests"
sys.path.insert(0, str(TESTS))

from IPython.core.completer import provisionalcompleter  # noqa: E402
from IPython.core.interactiveshell import InteractiveShell  # noqa: E402
from jackd import Jackd  # noqa: E402 - it stands beside the tests
from traitlets.config import Config  # noqa: E402

from ipyclam_core import Network  # noqa: E402

BUDGET = 0.050
PORTS = ",".join([*(f"out:o{k}" for k in range(5)), *(f"in:i{k}" for k in range(5))])
TYPED = ["net.", "net.c0_0.", "net.c0_0 > net.", "net.c0_0.o0 > net.c1_1.", 'net["c4_3', "net.system.disconnect(net.", "net.new = "]


def timed(what: str, act: Callable[[], object], times: int = 20) -> None:
    """Print the median time of `act`."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
    median = sorted(taken)[times // 2]
    print(f"{what:<52} {median * 1000:9.3f} ms {median / BUDGET:8.1%}")


def main() -> None:
    """Build the crowd, and measure."""
    with Jackd("benchmark"):
        words = [[word for k in range(40) for word in (f"c{program}_{k}", PORTS)] for program in range(5)]
        command = [sys.executable, str(TESTS / "jack" / "foreign.py")]
        programs = [
            subprocess.Popen([*command, *names], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            for names in words
        ]
        for program in programs:
            assert program.stdout is not None
            program.stdout.readline()
        print(f"{'':<52} {'median':>12} {'of 50 ms':>8}")
        timed("begin to follow the server", lambda: Network("jack", name="other").close(), 5)
        net = Network("jack")
        source, target = net.c0_0.o0, net.c1_1.i0

        def after_a_change() -> None:
            source > target
            source / target
            dir(net)

        config = Config()
        config.HistoryManager.enabled = False
        shell = InteractiveShell(config=config)
        shell.user_ns["net"] = net
        shell.run_line_magic("load_ext", "ipyclam_console")

        def press(typed: str) -> None:
            with provisionalcompleter():
                list(shell.Completer.completions(typed, len(typed)))

        for typed in TYPED:
            timed(f"tab: {typed}", lambda typed=typed: press(typed))
        timed("one call of processings()", lambda: net._proxy.processings())
        timed("connect, cut, and dir(net)", after_a_change)
        timed("connect two clients by five ports, and cut them", lambda: (net.c2_0 > net.c3_0, net.c2_0.disconnect()))
        timed("code()", net.code, 5)
        net.close()
        for program in programs:
            program.communicate()


if __name__ == "__main__":
    main()
