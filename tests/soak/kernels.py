"""Every processing type, fed with anything and configured anew while it is computed: none goes beyond its memory.

python tests/soak/kernels.py --minutes 10 --types TimeDelay,Gain
"""

from __future__ import annotations

import contextlib
import math
import sys
import warnings
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
import soundfile

from ipyclam_core import Network
from ipyclam_core.dsp.memory.context import CONTROL
from ipyclam_core.dsp.memory.instances import bits_of, write
from ipyclam_core.dsp.memory.layout import LANES
from ipyclam_core.errors import IpyclamError
from ipyclam_core.parameters import ParameterSpec
from soak.trial import Trial

NUMBERS = [0.0, 1.0, -1.0, 0.5, 1.5, 440.0, 65536.0, 1e9, -1e9, 2.0**31, 2.0**63, -(2.0**63), 3.4e38, 1e300, -1e300, 1e-300, 5e-324]
BAD = [math.nan, math.inf, -math.inf]
SAMPLES = [math.nan, math.inf, -math.inf, 3e38, 1e-40]
ROUNDS = 12
SMALL = 40  # of whatever decides how much memory is taken


class Sweep:
    """Plays one type after the other on the step device."""

    def __init__(self, trial: Trial) -> None:
        self.trial, self.random = trial, trial.random
        self.noise = np.random.default_rng(trial.options.seed)
        self.names = [name for name in trial.options.types.split(",") if name] or sorted(Network().types)

    def try_type(self, name: str) -> None:
        """A processing of a type between four sources and a sink, for some blocks."""
        self.trial.counts["types"] += 1
        net = Network()
        net.source, net.sink = "AudioSource", "AudioSink"
        net.source.NSources = 4
        net.play("step", sample_rate=self.random.choice([8000, 48000]), block_size=self.random.choice([1, 7, 64, 256]))
        net.x = name  # one that has a problem is silent
        if self.random.random() < 0.3:  # several in neighbouring lanes of memory
            net.bank("y{}", net.types[name], self.random.randrange(1, 2 * LANES))
        for _ in range(ROUNDS):
            self.configure(net)
            self.wire(net)
            self.send(net)
            for _ in range(self.random.randrange(1, 5)):
                self.compute(net)
        messages = [message for message in net.status().messages if "internal error" in message]
        self.trial.check(not messages, f"{name}: {messages}")
        net.close()

    def configure(self, net: Network) -> None:
        spec = net.proxy.processings()["x"].spec
        changes = {parameter.name: self.value(parameter) for parameter in spec.parameters if self.random.random() < 0.4}
        with contextlib.suppress(IpyclamError):
            net.proxy.configure("x", changes)

    def value(self, parameter: ParameterSpec) -> Any:
        random, kind = self.random, parameter.type
        low = parameter.minimum if parameter.minimum is not None else -1000
        high = parameter.maximum if parameter.maximum is not None else 1000
        if any(word in parameter.name for word in ("Max", "Number", "Ports")) or parameter.name[0] == "N":
            high = min(high, low + SMALL)
        values: dict[str, Any] = {
            "float": random.choice([low, high, random.uniform(low, high)]), "bool": random.random() < 0.5,
            "int": random.choice([int(low), int(high), random.randint(int(low), int(min(high, low + SMALL)))]),
            "enum": random.choice(parameter.choices or [""]), "file": random.choice(["short.wav", "long.wav", ""]),
            "outfile": "written.wav", "floats": tuple(random.choice(NUMBERS) for _ in range(random.randrange(6))),
            "ints": tuple(random.randrange(4) for _ in range(random.randrange(4))),
        }  # fmt: skip
        return values.get(kind, "")

    def wire(self, net: Network) -> None:
        sources = list(net.source._outports)
        for processing in [net.x, *(net[name] for name in net if name[0] == "y" and self.random.random() < 0.1)]:
            for port in processing._inports:
                if self.random.random() < 0.7:
                    with contextlib.suppress(IpyclamError):
                        self.random.choice(sources) > port
            for port in processing._outports:
                if self.random.random() < 0.5:
                    with contextlib.suppress(IpyclamError):
                        port > net.sink._inports[0]

    def send(self, net: Network) -> None:
        """Values to its controls: as one types them, and such as only other processings send."""
        node = net.proxy.inner.player.edits.score.by_name.get("x")
        for control in net.proxy.processings()["x"].connectors.incontrols:
            if self.random.random() < 0.4:
                continue
            if node is None or node.instance is None or self.random.random() < 0.5:
                with contextlib.suppress(IpyclamError):
                    net.proxy.set_control("x", control.name, self.random.choice(NUMBERS))
            else:
                item, k, _ = node.map.declared["incontrols", control.name]
                address, count = node.instance.control(item, k)
                write(CONTROL, address, bits_of(self.random.choice([*NUMBERS, *BAD]), np.dtype(np.float64)), count)

    def compute(self, net: Network) -> None:
        player = net.proxy.inner.player
        frames = self.random.choice([player.device.block_size, self.random.randrange(1, 600)])
        heard = self.noise.uniform(-2.0, 2.0, (frames, 4)).astype(np.float32)
        if self.random.random() < 0.5:
            heard[self.noise.integers(0, frames, 3)] = self.random.choice(SAMPLES)
        player.device.run(heard, frames)
        player._files.service()
        player.serve()


def main() -> None:
    trial = Trial(__doc__ or "", types="")
    warnings.simplefilter("ignore")
    sweep = Sweep(trial)
    for name, frames in (("short", 300), ("long", 50000)):
        soundfile.write(f"{name}.wav", sweep.noise.uniform(-1.0, 1.0, (frames, 2)), 44100)
    while True:
        for name in trial.random.sample(sweep.names, len(sweep.names)):
            if not trial.goes_on:
                trial.end()
            with open("type", "w") as file:  # for whoever looks at what is left by one that died
                file.write(name)
            sweep.try_type(name)


if __name__ == "__main__":
    main()
