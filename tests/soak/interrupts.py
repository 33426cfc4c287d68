"""Ctrl-C at random moments of everything: an operation is whole, or has not happened, and the network plays on.

python tests/soak/interrupts.py --minutes 10
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from ipyclam_core import Network
from soak.trial import Trial

MANY = 1500  # processings of the network that is loaded
BANK = 3000
WAITS = 10.0  # seconds in which another thread gets a lock


class Storm:
    """A small network that plays, operations on it, and what may be the result of each."""

    def __init__(self, trial: Trial) -> None:
        self.trial, self.random = trial, trial.random
        self.other = Network()
        self._write_large_network()
        self.net = Network()
        self.begin_again()
        operations = [self.load, self.load, self.bank, self.clear, self.edits, self.undo, self.render, self.play, self.save, self.several]
        self.operations: list[Callable[[], None]] = operations

    def _write_large_network(self) -> None:
        net = Network()
        for k in range(MANY):
            net[f"a{k}"] = self.random.choice(["Gain", "Saw", "AudioMixer"])
        for k in range(MANY - 1):
            if len(net[f"a{k + 1}"]._inports):
                net[f"a{k}"]._outports[0] > net[f"a{k + 1}"]._inports[0]
        net.save("large.py")
        net.save("large.clamnetwork")
        began = time.monotonic()
        self.other.load("large.py")
        self.cost = time.monotonic() - began
        self.large = self.other.code()
        net.close()

    def begin_again(self) -> None:
        """The small network, and nothing else."""
        self.net.clear()
        self.net.keep = self.net.types.Sine
        self.net.out = self.net.types.AudioSink
        self.net.keep > self.net.out
        self.net.proxy.begin_here()
        self.net.play("clock")
        self.small = self.net.code()

    def act(self) -> None:
        """One operation, interrupted, and a look at everything."""
        operation = self.random.choice(self.operations)
        doing = operation.__name__
        self.trial.counts[doing] += 1
        try:
            operation()
            self.look(doing)
        except KeyboardInterrupt:
            self.trial.counts["late"] += 1
        except Exception:
            self.trial.error(doing)
            self.net.close()
            self.net = Network()
        self.begin_again_in_peace()

    def begin_again_in_peace(self) -> None:
        if self.net.code() != self.small or self.net.history.done or self.net.history.undone:
            self.begin_again()

    def interrupted(self, do: Callable[[], object], within: float) -> bool:
        """Do something while Ctrl-C comes some time within so many seconds; returns whether it was done to the end."""
        delay = self.random.uniform(0.0, within)

        def strike() -> None:
            time.sleep(delay)
            os.kill(os.getpid(), signal.SIGINT)

        thread = threading.Thread(target=strike)
        done = False
        try:
            thread.start()
            do()
            done = True
            thread.join()
            time.sleep(0.005)
        except KeyboardInterrupt:
            self.trial.counts["interrupted"] += not done
        while thread.is_alive():
            with suppress(KeyboardInterrupt):
                thread.join()
        return done

    # -- operations

    def load(self) -> None:
        path = self.random.choice(["large.py", "large.clamnetwork"])
        self.interrupted(lambda: self.net.load(path), 1.3 * self.cost)
        if len(self.net) == 2:
            self.check(self.net.code() == self.small, "an interrupted load has left another network")
        elif self.check(len(self.net) == MANY, "half a network is loaded"):
            if path == "large.py":
                self.check(self.net.code() == self.large, "another network is loaded than was in the file")
            self.net.undo()
            self.check(self.net.code() == self.small, "one undo does not take a load back")

    def bank(self) -> None:
        def make() -> None:
            bank = self.net.bank("b{}", self.net.types.Saw, BANK)
            bank > self.net.out

        self.interrupted(make, 0.1)
        made = sum(name.startswith("b") for name in self.net)
        self.check(made in (0, BANK), "half a bank is there")
        wires = sum(wire.source.startswith("b") for wire in self.net.proxy.wires())
        self.check(wires in (0, BANK), "half a bank is connected")
        for _ in range((made > 0) + (wires > 0)):
            self.net.undo()
        self.check(self.net.code() == self.small, "undo does not take a bank back")

    def clear(self) -> None:
        self.interrupted(self.net.clear, 0.003)
        if not len(self.net):
            self.net.undo()
        self.check(self.net.code() == self.small, "half is cleared")

    def edits(self) -> None:
        def edit() -> None:
            for _ in range(60):
                self.net.x = self.net.types.Gain
                self.net.keep > self.net.x
                self.net.x["Gain"] = 0.5
                self.net.x.name = "y"
                del self.net.y

        self.interrupted(edit, 0.2)
        while self.net.history.done:
            self.net.undo()
        self.check(self.net.code() == self.small, "undo does not take edits back")

    def undo(self) -> None:
        def back_and_forth() -> None:
            for _ in range(20):
                self.net.undo()
                self.net.redo()

        with self.net.proxy.step("many"):
            for k in range(100):
                self.net[f"u{k}"] = self.net.types.Gain
                self.net.keep > self.net[f"u{k}"]
        code = self.net.code()
        self.interrupted(back_and_forth, 0.5)
        there = len(self.net.history.done)
        self.check(self.net.code() == (code if there else self.small), "half an undo")
        self.check(there + len(self.net.history.undone) == 1, "undo has lost a step")

    def render(self) -> None:
        self.interrupted(lambda: self.net.render(seconds=200), 0.5)
        self.check(self.net.code() == self.small, "a render has changed the network")

    def play(self) -> None:
        def again() -> None:
            self.net.stop()
            self.net.play("clock")

        self.interrupted(again, 0.1)
        self.net.play("clock")

    def save(self) -> None:
        path = self.random.choice(["saved.py", "saved.clamnetwork"])
        self.net.save(path)
        before = Path(path).read_bytes()
        self.interrupted(lambda: self.other.save(path), 0.5 * self.cost)
        after = Path(path).read_bytes()
        large = path.endswith(".py") and self.large.encode() in after
        self.check(after == before or large or (path.endswith("k") and after.rstrip().endswith(b"</network>")), "half a file is written")
        left = [entry.name for entry in Path().iterdir() if entry.name.endswith("tmp")]
        self.check(not left, f"temporary files are left: {left}")

    def several(self) -> None:
        def together() -> None:
            with self.net.proxy.step("several"):
                for k in range(50):
                    self.net[f"s{k}"] = self.net.types.Gain
                    self.net.keep > self.net[f"s{k}"]
                    self.net[f"s{k}"] > self.net.out

        self.interrupted(together, 0.1)
        if self.net.history.done:
            self.net.undo()
        self.check(self.net.code() == self.small, "half a step")

    # -- looks

    def look(self, doing: str) -> None:
        """Locks are free, and it plays on."""
        answers: list[str] = []

        def probe() -> None:
            self.net.keep.Frequency = 440.0
            answers.append(self.net.status().state)

        thread = threading.Thread(target=probe)
        thread.start()
        thread.join(WAITS)
        if not self.check(answers, f"a lock is held after {doing}"):
            self.trial.end()
        if self.check(answers == ["playing"], f"it does not play after {doing}"):
            until, before = time.monotonic() + WAITS, self.net.status().position
            while self.net.status().position <= before and time.monotonic() < until:
                time.sleep(0.005)
            self.check(self.net.status().position > before, f"it does not play on after {doing}")
        for message in self.net.status().messages:
            self.check("internal error" not in message, message)

    def check(self, right: object, fault: str) -> bool:
        return self.trial.check(right, fault)


def main() -> None:
    trial = Trial(__doc__ or "")
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell has its background jobs ignore it
    storm = Storm(trial)
    while trial.goes_on:
        storm.act()
    storm.net.close()
    trial.end()


if __name__ == "__main__":
    main()
