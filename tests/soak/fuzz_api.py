"""Calls of the public functions with anything: only documented errors, and the network stays whole.

python tests/soak/fuzz_api.py --minutes 10
"""

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

from ipyclam_core import Network, Placeholder
from ipyclam_core.errors import IpyclamError
from soak.trial import Trial

CONTRACT = (IpyclamError, TypeError, ValueError, AttributeError, KeyError, IndexError, OSError)
"""Our errors, and those that Python itself raises for such a mistake or such a file."""

LOOKED_AT = 40  # calls between two looks at the whole network
MOST = 40  # processings

METHODS = {
    "net": ["bank", "clear", "code", "draw", "group", "load", "observe", "redo", "render", "save", "stop", "pause", "undo", "xml", "record",
            "_repr_svg_", "__getitem__", "__setitem__", "__delitem__", "__getattr__", "__setattr__", "__delattr__", "__contains__",
            "__eq__", "__len__", "__bool__", "__repr__", "__dir__", "__iter__"],
    "processing": ["clone", "connect", "disconnect", "__getitem__", "__setitem__", "__getattr__", "__setattr__", "__delattr__", "__gt__",
                   "__lt__", "__eq__", "__hash__", "__repr__", "__dir__", "__len__", "__iter__", "__contains__"],
}  # fmt: skip


class Text(str):
    """A text that is more than one."""


class Fuzzer:
    """Somebody who types anything."""

    def __init__(self, trial: Trial, engine: str) -> None:
        self.trial, self.random, self.engine = trial, trial.random, engine
        self.calls: list[Callable[[], object]] = [
            *10 * [self.add], *6 * [self.wire, self.set, self.call, self.get], *3 * [self.remove, self.undo, self.redo, self.of_connector],
            self.render, self.placeholder, self.info, self.volume, self.panic, self.proxy, self.step,
        ]  # fmt: skip
        self.begin()

    def begin(self) -> None:
        self.net = Network(self.engine)
        self.types = sorted(set(self.net.types))
        self.playing = self.engine == "clam" and self.random.random() < 0.5
        if self.playing:
            self.net.play("clock")
        for name in ("a", "b", "two words", "ä", "class"):
            self.net[name] = self.random.choice(self.types)

    def act(self) -> None:
        do = self.random.choice(self.calls)
        self.trial.attempt(do.__name__, do, CONTRACT)

    # -- what to say

    def name(self) -> Any:
        names = list(self.net) or ["a"]
        return self.random.choice(
            [*names, *names, *names, "new", "x1", "a.b", "", " ", "net", "_x", "\x1b[2J", "ü" * 300, "a\nb", self.value()]
        )

    def value(self) -> Any:
        """Any value at all."""
        random = self.random
        values = [
            None, True, False, 0, 1, -1, 2, 10**400, -(10**400), 0.0, -0.0, 0.5, 440.0, 1e308, math.nan, math.inf, -math.inf, 1j,
            "", "a", "1", "0.5", "\x00", "\ud800", b"a", b"", bytearray(b"a"), (), [], {}, set(), (1, 2), [1.0, 2.0], ["a", "b"], {"a": 1},
            range(3), slice(None), slice(0, 1), np.float64(0.5), np.int64(3), np.float32(math.nan), np.bool_(True), np.str_("b"),
            np.array(0.5), np.zeros(3), np.zeros((2, 3)), Decimal("0.5"), Fraction(1, 3), object(), Text("two"),
            object, len, lambda: 0, Ellipsis, NotImplemented, Path("there.py"), "there.py", "nowhere.clamnetwork", "sound.wav", "/",
            self.net, self.net.types, Network, Placeholder, iter([1]), (k for k in range(2)), memoryview(b"ab"), type("Thing", (), {}),
            Exception(), print,
        ]  # fmt: skip
        names = list(self.net) or ["a"]
        kinds: list[Callable[[], Any]] = [lambda: random.choice(values), self.handle, self.type, lambda: random.choice(names)]
        return random.choice([*3 * [kinds[0]], *kinds])()

    def type(self) -> Any:
        return self.net.types[self.random.choice(self.types)]

    def processing(self) -> Any:
        names = list(self.net)
        if not names:
            self.net["a"] = self.random.choice(self.types)
            names = ["a"]
        return self.net[self.random.choice(names)]

    def handle(self) -> Any:
        processing, random = self.processing(), self.random
        lists = [processing._inports, processing._outports, processing._incontrols, processing._outcontrols]
        connectors = random.choice(lists)
        return random.choice([processing, processing._config, connectors, *list(connectors)[:3], self.net.types, self.net.group("*")])

    # -- what to do

    def add(self) -> None:
        if len(self.net) > MOST:
            self.net.clear()
        self.net[self.name()] = self.random.choice([self.type, self.type, self.value])()

    def remove(self) -> None:
        del self.net[self.name()]

    def wire(self) -> None:
        self.random.choice([self.handle, self.handle, self.processing, self.value])() > self.random.choice([self.handle, self.processing])()

    def set(self) -> None:
        handle = self.random.choice([self.processing, self.handle])()
        attributes = [name for name in dir(handle) if not name.startswith("__")] or ["x"]
        which = self.random.choice([*attributes, self.name()])
        if isinstance(which, str) and self.random.random() < 0.7:
            setattr(handle, which, self.value())
        else:
            handle[which] = self.value()

    def get(self) -> None:
        handle = self.random.choice([self.net, self.processing(), self.handle()])
        attributes = [name for name in dir(handle) if not name.startswith("_") and name not in ("play", "close", "locate", "freewheel")]
        found = getattr(handle, self.random.choice(attributes or ["x"]))
        repr(found)

    def call(self) -> None:
        kind = self.random.choice(list(METHODS))
        target = self.net if kind == "net" else self.handle()
        method = getattr(target, self.random.choice(METHODS[kind]))
        method(*(self.random.choice([self.value, self.handle, self.name])() for _ in range(self.random.choice([0, 1, 1, 1, 2, 2, 3]))))

    def of_connector(self) -> None:
        handle = self.handle()
        attributes = [name for name in dir(handle) if not name.startswith("_")]
        method = getattr(handle, self.random.choice(attributes or ["x"]))
        if callable(method):
            method(*(self.value() for _ in range(self.random.choice([0, 1, 1, 2]))))

    def undo(self) -> None:
        self.net.undo()

    def redo(self) -> None:
        self.net.redo()

    def render(self) -> None:
        small = [1, 100, 5000, 0, -1, 0.5, None]
        inputs = self.random.choice(
            [None, None, np.zeros(100), np.zeros((50, 2), np.int16), [np.zeros(3)], {"a": np.ones(5)}, self.value()]
        )
        self.net.render(frames=self.random.choice(small), inputs=inputs, block_size=self.random.choice([1, 64, 512, 0, -3, 2.5]))

    def placeholder(self) -> None:
        self.net[self.name()] = Placeholder(self.name(), *(self.value() for _ in range(self.random.choice([0, 0, 1, 2]))))

    def info(self) -> None:
        self.net.description = self.random.choice(["", "about it", "'\"\\\n", self.value()])

    def volume(self) -> None:
        self.net.volume = self.random.choice([0, -6.0, 24, -math.inf, self.value()])

    def panic(self) -> None:
        self.net.panic()
        if self.playing:
            self.net.play("clock", limiter=self.random.choice([True, False]))

    def proxy(self) -> None:
        proxy, name = self.net.proxy, self.name()
        self.random.choice([
            lambda: proxy.add(name, self.random.choice(self.types)), lambda: proxy.remove(name), lambda: proxy.rename(name, self.name()),
            lambda: proxy.configure(name, {self.name(): self.value()}), lambda: proxy.set_control(name, self.name(), self.value()),
        ])()  # fmt: skip

    def step(self) -> None:
        with self.net.proxy.step("a few"):
            for _ in range(4):
                self.random.choice([self.add, self.wire, self.set, self.remove])()

    # -- looks

    def look(self) -> None:
        """The network can be written, read and drawn, and all of it undone and done again."""
        self.trial.counts["looks"] += 1
        try:
            code = self.net.code()
            self.net.save("whole.py")
            again = Network(self.engine)
            again.load("whole.py")
            self.trial.check(again.code() == code, f"{self.engine}: another network is read than was written")
            self.trial.check(again == self.net, f"{self.engine}: the network that is read is not equal")
            again.close()
            self.net._repr_svg_()
            steps = 0
            while self.net.history.done and steps < 30:
                self.net.undo()
                steps += 1
            for _ in range(steps):
                self.net.redo()
            self.trial.check(self.net.code() == code, f"{self.engine}: undo and redo give another network")
            for message in self.net.status().messages:
                self.trial.check("internal error" not in message, message)
        except Exception:
            self.trial.error(f"{self.engine}: looking at the network")
        if self.random.random() < 0.3:
            self.net.close()
            self.begin()


def main() -> None:
    trial = Trial(__doc__ or "")
    warnings.simplefilter("ignore")
    fuzzers = [Fuzzer(trial, engine) for engine in ("clam", "dummy")]
    fuzzers[0].net.save("there.py")
    while trial.goes_on:
        for fuzzer in fuzzers:
            for _ in range(LOOKED_AT):
                fuzzer.act()
            fuzzer.look()
    for fuzzer in fuzzers:
        fuzzer.net.close()
    trial.end()


if __name__ == "__main__":
    main()
