"""A network that has to survive, and somebody who does anything to what is around it."""

from __future__ import annotations

import random

from ipyclam_core import Network
from ipyclam_core.errors import IpyclamError


def build_survivors(net: Network) -> None:
    """Chains of all kinds into a sink of four channels: samples, filters, feedback, controls, mixers."""
    net.keep = net.types.AudioSink
    net.keep.NSinks = 4
    net.sine = net.types.Sine
    net.sine > net.keep.Input1
    net.saw = net.types.Saw
    net.saw.Frequency = 110.0
    net.low = net.types.ResonantLowPass
    net.gain = net.types.Gain
    net.saw > net.low > net.gain
    net.gain > net.keep.Input2
    net.loop = net.types.AudioAdder
    net.damp = net.types.Gain
    net.damp.InitialGain = 0.7
    net.sine > net.loop["First Audio Input"]
    net.loop > net.damp
    net.damp > net.loop["Second Audio Input"]
    net.loop > net.keep.Input3
    net.wobble = net.types.Sine
    net.value = net.types.ControlSource
    net.times = net.types.ControlScaler
    net.times.Amount = 4.0
    net.value._outcontrols[0] > net.times._incontrols[0]
    net.times._outcontrols[0] > net.wobble["Pitch"]
    net.times["Control In"] = 50.0
    net.mixer = net.types.AudioMixer
    net.wobble > net.mixer["Input 0"]
    net.saw > net.mixer["Input 1"]
    net.mixer > net.keep.Input4


class Vandal:
    """Does anything to a network but touch its survivors."""

    def __init__(self, net: Network, seed: int) -> None:
        self.net, self.random = net, random.Random(seed)
        self.survivors = set(net)
        self.count = 0

    @property
    def others(self) -> list[str]:
        return [name for name in self.net if name not in self.survivors]

    def act(self) -> None:
        """One operation; what is refused is as good as any."""
        common = [self.add, self.wire, self.wire, self.wire]
        rare = [self.add, self.remove, self.cut, self.configure, self.rename, self.send, self.undo, self.batch]
        operation = self.random.choice(common + rare)
        try:
            operation()
        except IpyclamError:
            return
        self.done += 1

    def add(self) -> None:
        types = ["Sine", "Saw", "AudioAdder", "AudioMixer", "Gain", "AudioAmplifier", "TimeDelay", "AudioSink", "AudioSource", "Vumeter",
                 "ResonantLowPass", "ControlScaler", "ControlSource", "StereoPanner", "Notch2ndOrder", "Oscilloscope"]  # fmt: skip
        self.count += 1
        self.net[f"x{self.count}"] = self.random.choice(types)

    def remove(self) -> None:
        if self.others:
            del self.net[self.random.choice(self.others)]

    def wire(self) -> None:
        if not self.others:
            return
        source = self.net[self.random.choice(list(self.net))]
        target = self.net[self.random.choice(self.others)]
        for outs, ins in ((source._outcontrols, target._incontrols), (source._outports, target._inports)):
            if len(outs) and len(ins):
                self.random.choice(list(outs)) > self.random.choice(list(ins))

    def cut(self) -> None:
        if self.others:
            processing = self.net[self.random.choice(self.others)]
            if len(processing._inports):
                self.random.choice(list(processing._inports)).disconnect()

    def configure(self) -> None:
        if not self.others:
            return
        processing = self.net[self.random.choice(self.others)]
        for parameter, value in (("NumberOfInPorts", 5), ("PortsNumber", 4), ("NSinks", 3), ("NSources", 3), ("MaxDelay", 3)):
            if parameter in dir(processing._config):
                processing[parameter] = self.random.randrange(1, value)
        if "Frequency" in dir(processing._config):
            processing.Frequency = self.random.uniform(20.0, 2000.0)

    def rename(self) -> None:
        if self.others:
            self.count += 1
            self.net[self.random.choice(self.others)].name = f"y{self.count}"

    def send(self) -> None:
        if self.others:
            processing = self.net[self.random.choice(self.others)]
            if len(processing._incontrols):
                processing._incontrols[0] = 0.5

    def undo(self) -> None:
        """Back a few steps, and perhaps forth again; never into what was before."""
        steps = self.random.randrange(1, 6)
        done = 0
        for _ in range(steps):
            if len(self.net.history.done) <= self.floor:
                break
            self.net.undo()
            done += 1
        for _ in range(self.random.randrange(0, done + 1)):
            self.net.redo()

    def batch(self) -> None:
        with self.net._proxy.step("a few at once"):
            for operation in (self.add, self.wire, self.remove, self.configure, self.wire):
                operation()

    floor = 0
    done = 0
