"""Three threads edit a network that plays; each second everything is looked at.

python tests/soak/soak.py --minutes 60 --device clock
python tests/soak/soak.py --minutes 60 --device jack     on a server of its own
"""

from __future__ import annotations

import gc
import random
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
import soundfile
from jackd import Jackd

from ipyclam_core import Network
from ipyclam_core.dsp.devices.jack import JackDevice
from ipyclam_core.dsp.memory.queues import Line, Ring
from ipyclam_core.errors import IpyclamError
from ipyclam_core.midi.ports import CLIENT as MIDI
from soak.trial import Trial, resident

THREADS = 3
MOST = 60  # processings
MEGABYTES = 300  # that it may take while it is edited, beside what its delay lines and sounds take
WARM = 120  # looks in which what is loaded once, as kernels are, is loaded
SETTLES = 20.0  # seconds in which all that was removed is given back
KNOWN = (
    "is silent: ", "output", "feedback loop", "the queue of changes is full", "frames were lost", "cannot be written", "no sound card",
    "is being written", "overwritten", "while the network plays", "for each that is played", "MIDI port",
)  # fmt: skip
"""Parts of messages that are nobody's fault."""


class Editor:
    """Somebody who does anything to a network."""

    def __init__(self, trial: Trial, net: Network, seed: int, letter: str) -> None:
        self.trial, self.net, self.random, self.letter = trial, net, random.Random(seed), letter
        self.count = 0
        self.types = sorted(set(net.types))
        everyday = [self.add, self.wire, self.wire, self.wire, self.control, self.configure]
        seldom = [self.remove, self.cut, self.rename, self.undo, self.redo, self.look, self.samples, self.group, self.clone, self.place]
        rare = [self.bank, self.load, self.save, self.clear, self.render, self.record, self.play, self.pause, self.stop, self.several]
        self.operations: list[Callable[[], object]] = [*10 * everyday, *4 * seldom, *rare]

    def act(self) -> None:
        """One operation."""
        do = self.random.choice(self.operations)
        self.trial.attempt(do.__name__, do, (IpyclamError,))

    def one(self) -> str:
        """The name of a processing; perhaps it is gone by the time it is used."""
        names = list(self.net)
        return self.random.choice(names) if names else "nobody"

    def new(self) -> str:
        self.count += 1
        return f"{self.letter}{self.count}"

    def add(self) -> None:
        if len(self.net) > MOST:
            self.remove()
        name = self.new()
        self.net[name] = self.random.choice(self.types)
        if self.random.random() < 0.5:
            self.net[name] > self.net[self.one()]

    def remove(self) -> None:
        del self.net[self.one()]

    def wire(self) -> None:
        source, target = self.net[self.one()], self.net[self.one()]
        kinds = [(source._outports, target._inports), (source._outcontrols, target._incontrols)]
        outs, ins = self.random.choice(kinds)
        if len(outs) and len(ins):
            self.random.choice(list(outs)) > self.random.choice(list(ins))

    def cut(self) -> None:
        ports = list(self.net[self.one()]._inports)
        if ports:
            self.random.choice(ports).disconnect()

    def control(self) -> None:
        controls = list(self.net[self.one()]._incontrols)
        if controls:
            self.random.choice(controls).value = self.random.choice([0.0, 1.0, -1.0, 440.0, 1e300, self.random.uniform(-10.0, 10.0)])

    def configure(self) -> None:
        name = self.one()
        state = self.net.proxy.processings().get(name)
        if state is None or not state.spec.parameters:
            return
        parameter = self.random.choice(state.spec.parameters)
        low = parameter.minimum if parameter.minimum is not None else -100
        high = min(parameter.maximum if parameter.maximum is not None else 100, low + 8)
        values = {
            "int": self.random.randint(int(low), int(high)), "float": self.random.uniform(low, high), "bool": self.random.random() < 0.5,
            "enum": self.random.choice(parameter.choices or [""]), "file": self.random.choice(["", "noise.wav"]),
            "outfile": f"{self.letter}.wav",
        }  # fmt: skip
        if parameter.type in values:
            self.net[name]._config[parameter.name] = values[parameter.type]

    def rename(self) -> None:
        self.net[self.one()].name = self.new()

    def undo(self) -> None:
        self.net.undo()

    def redo(self) -> None:
        self.net.redo()

    def look(self) -> None:
        repr(self.net), dir(self.net), self.net.status(), self.net.code(), self.net.history
        processing = self.net[self.one()]
        repr(processing), dir(processing), repr(list(processing._incontrols)), [control.value for control in processing._incontrols]
        self.net._repr_svg_()

    def samples(self) -> None:
        ports = list(self.net[self.one()]._outports)
        if ports:
            self.random.choice(ports).samples(self.random.choice([16, 256, 2048]))

    def group(self) -> None:
        for processing in self.net.group(f"{self.letter}*"):
            repr(processing)

    def clone(self) -> None:
        if len(self.net) < MOST:
            self.net[self.new()] = self.net[self.one()].clone()

    def place(self) -> None:
        self.net.proxy.place(self.one(), (self.random.random(), self.random.random()), None)

    def bank(self) -> None:
        if len(self.net) < MOST:
            bank = self.net.bank(self.new() + "_{}", self.net.types.Saw, 20)
            bank > self.net[self.one()]

    def load(self) -> None:
        self.net.load(self.random.choice(["start.py", "start.clamnetwork"]))

    def save(self) -> None:
        self.net.save(f"{self.letter}{self.random.choice(['.py', '.clamnetwork'])}")

    def clear(self) -> None:
        self.net.clear()

    def render(self) -> None:
        self.net.render(frames=5000, block_size=self.random.choice([64, 512]))

    def record(self) -> None:
        end = self.net.record(f"recorded_{self.letter}.wav", self.random.choice([None, 0.05]))
        time.sleep(0.05)
        end()

    def play(self) -> None:
        self.net.play(self.trial.options.device)

    def pause(self) -> None:
        self.net.pause()

    def stop(self) -> None:
        self.net.stop()

    def several(self) -> None:
        with self.net.proxy.step("several"):
            for do in (self.add, self.wire, self.wire, self.configure, self.remove):
                do()


class Soak:
    """The threads, which pause while the network is looked at."""

    def __init__(self, trial: Trial, server: Jackd | None) -> None:
        self.trial, self.server = trial, server
        self.net = Network()
        build(self.net)
        self.net.save("start.py")
        self.net.save("start.clamnetwork")
        self.net.play(trial.options.device)
        self.editors = [Editor(trial, self.net, trial.random.randrange(1 << 30), letter) for letter in "abc"[:THREADS]]
        self.may_edit, self.ended = threading.Event(), threading.Event()
        self.idle = [threading.Event() for _ in self.editors]
        self.threads = [threading.Thread(target=self.edit, args=pair, daemon=True) for pair in zip(self.editors, self.idle, strict=True)]

    def edit(self, editor: Editor, idle: threading.Event) -> None:
        while not self.ended.is_set():
            if self.may_edit.is_set():
                editor.act()
            else:
                idle.set()
                self.may_edit.wait(1.0)
                idle.clear()

    def run(self) -> None:
        for thread in self.threads:
            thread.start()
        begin, looks = 0, 0
        while self.trial.goes_on:
            self.may_edit.set()
            time.sleep(1.0)
            self.may_edit.clear()
            for event in self.idle:
                event.clear()
                event.wait()
            if self.server is not None and not self.trial.check(self.server.runs, "the JACK server has ended"):
                break
            self.look()
            looks += 1
            begin = resident() if looks <= WARM else begin
            self.trial.check(resident() < begin + MEGABYTES + 2 * self.tables(), f"more than {MEGABYTES} MB above the start")
        self.ended.set()
        self.may_edit.set()
        for thread in self.threads:
            thread.join()
        self.net.stop()
        self.net.close()
        left = [thread.name for thread in threading.enumerate() if thread.name.startswith("ipyclam")]
        self.trial.check(not left, f"threads are left: {left}")

    def tables(self) -> int:
        """Megabytes that the processings take, and the frames and samples between them."""
        player = self.net.proxy.inner.player
        nodes = list(player.edits.score.by_row.values()) if player is not None else []
        tables = sum(table.nbytes for node in nodes if node.instance for table in node.instance.tables.values())
        queues = [queue for node in nodes for queue in list(node.queues.values())]
        frames = sum(queue.frames * queue.stride for queue in queues if isinstance(queue, Ring))
        return (tables + frames + sum(queue.samples.nbytes for queue in queues if isinstance(queue, Line))) >> 20

    def look(self) -> None:
        """Everything must be as it should."""
        try:
            self.look_at_sound()
            self.look_at_score()
            self.look_at_code()
        except Exception:
            self.trial.error("looking at the network")

    def look_at_sound(self) -> None:
        for name, state in list(self.net.proxy.processings().items()):
            if state.problem:
                del self.net[name]
        self.net.play(self.trial.options.device)
        before = self.net.status().position
        self.trial.check(waited(lambda: self.net.status().position > before), "it does not play on")
        for message in self.net.status().messages:
            self.trial.check(any(part in message for part in KNOWN), f"message: {message}")

    def look_at_score(self) -> None:
        """What sounds is the network, and nothing is kept that has gone."""
        player = self.net.proxy.inner.player
        states = self.net.proxy.processings()
        score = player.edits.score
        sounding = {name for name, state in states.items() if not state.problem and name not in player.edits.unbuilt}
        self.trial.check(set(score.by_name) == sounding, "other processings sound than are in the network")
        wires = {wire for wire in self.net.proxy.wires() if wire.source in sounding and wire.target in sounding}
        names = {row: node.name for row, node in score.by_row.items()}
        ends = {(names[a], out, names[b], into) for node in score.by_name.values() for a, out, b, into in node.wires}
        self.trial.check({(w.source, w.source_connector, w.target, w.target_connector) for w in wires} == ends, "other wires sound")

        def rests() -> bool:
            return not (score.ghosts or score.fades or player._mailbox._posted or player._files._ending or player._files._buried)

        self.trial.check(waited(rests), "what was removed is not given back")
        if self.server is not None:
            self.trial.check(waited(lambda: len(ports_of(player.device)) == len(player.device._ports)), "JACK ports are left")

    def look_at_code(self) -> None:
        """The network can be written and read."""
        suffix = self.trial.random.choice([".py", ".clamnetwork"])
        self.net.save(f"now{suffix}")
        again = Network()
        again.load(f"now{suffix}")
        self.trial.check(again == self.net or suffix != ".py", f"{suffix}: another network is read than was written")
        self.trial.check(again.code() == self.net.code() or suffix != ".py", f"{suffix}: other code")
        again.close()
        gc.collect()


def ports_of(device: JackDevice) -> set[str]:
    """The names of a client's audio ports, by the server's list."""
    listed = subprocess.run(["jack_lsp", "--server", device._server], capture_output=True, text=True).stdout.splitlines()
    return {port for port in listed if port.startswith("ipyclam") and not port.startswith(MIDI)}


def waited(true: Callable[[], bool]) -> bool:
    """Whether something comes true in time."""
    until = time.monotonic() + SETTLES
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def build(net: Network) -> None:
    """What there is in the beginning."""
    net.out = net.types.AudioSink
    net.osc = net.types.Sine
    net.line = net.types.TimeDelay
    net.osc > net.line > net.out
    net.again = net.types.AudioMixer
    net.osc > net.again["Input 0"]
    net.again > net.again["Input 1"]


def main() -> None:
    trial = Trial(__doc__ or "", device="clock")
    warnings.simplefilter("ignore")
    soundfile.write("noise.wav", np.random.default_rng(1).uniform(-0.5, 0.5, (30000, 2)), 44100)
    with Jackd("soak", bound=True, room=1024) if trial.options.device.startswith("jack") else nullcontext() as server:
        Soak(trial, server).run()
    trial.end()


if __name__ == "__main__":
    main()
