"""How fast single types are beside scsynth's unit generators: ``python benchmarks/counterparts.py [TYPE ...] [--rounds N] [--block N]``.

Each network has many voices of one type, summed to the left and to the right: `GENERATORS` voices of a generator; of an effect,
`VOICES` voices of noise through `CHAIN` effects in series. scsynth renders the same voices, one synth each, built from the unit
generator that is nearest to the type. `itself` is the time less that of the same network without the type (generators have none).

Every measurement is a process of its own, and the two take turns. The time is the processor's; the least of all
rounds counts, and of each round the difference of a long and a short render.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from peers.measuring import of_program
from peers.scsynth import AUDIO, CONTROL, bundle, message, missing, synthdef

from ipyclam_core import Network

GENERATORS, VOICES, CHAIN = 512, 64, 8
RATE = 48000
SHORT, MORE, MOST = 0.5, 2.0, 64.0  # seconds of a short render, and by how many others are longer
ENOUGH = 0.4  # seconds that a render takes at least, if it need not be longer than `MOST`
GOAL = 4.0
ADD, MULTIPLY, TANH = 0, 2, 36
Unit = tuple[int, int]
Config = dict[str, Any]


class Synth:
    """A definition in the making: units whose inputs are numbers, parameters or outputs of other units."""

    def __init__(self, parameters: list[str]) -> None:
        self.parameters = parameters
        self.constants: list[float] = []
        self.units: list[tuple[str, int, int, list[Unit], int]] = []
        self.noise: Unit = (0, 0)
        if parameters:
            self.units.append(("Control", CONTROL, 0, [], len(parameters)))

    def __getitem__(self, parameter: str) -> Unit:
        return 0, self.parameters.index(parameter)

    def add(self, name: str, *inputs: Unit | float, rate: int = AUDIO, special: int = 0, outputs: int = 1) -> Unit:
        self.units.append((name, rate, special, [each if isinstance(each, tuple) else self.constant(each) for each in inputs], outputs))
        return len(self.units) - 1, 0

    def constant(self, value: float) -> Unit:
        if value not in self.constants:
            self.constants.append(value)
        return -1, self.constants.index(value)

    def bytes(self) -> bytes:
        return synthdef(self.parameters, self.constants, self.units)


def frequency(voice: int) -> float:
    return 50.0 + 7.31 * voice


@dataclass(frozen=True)
class Pair:
    """A type and its counterpart.

    Attributes
    ----------
    type_ : the name of the type.
    theirs : the name of the counterpart.
    unit : makes the counterpart from a synth and its input, which a generator ignores.
    parameters : of the synth, by name: a number, or a function of the voice's number.
    config : of the type: a value, or a function of the voice's number.
    generates : it has no audio input.
    controls : it makes controls, or takes them.
    """

    type_: str
    theirs: str
    unit: Callable[[Synth, Unit], Unit]
    parameters: dict[str, Any] = field(default_factory=dict)
    config: Config = field(default_factory=dict)
    generates: bool = False
    controls: bool = False
    second: str = ""
    trigger: str = ""
    stereo: bool = False
    chain: int = CHAIN
    note: str = ""

    @property
    def voices(self) -> int:
        return GENERATORS if self.generates else VOICES

    @property
    def title(self) -> str:
        return f"{self.type_}{f' ({self.note})' if self.note else ''}"


def binary(special: int, amount: str) -> Callable[[Synth, Unit], Unit]:
    return lambda synth, audio: synth.add("BinaryOpUGen", audio, synth[amount], special=special)


def equalized(synth: Synth, audio: Unit) -> Unit:
    for name, band in (("BLowShelf", "a"), ("BPeakEQ", "b"), ("BPeakEQ", "c"), ("BHiShelf", "d")):
        audio = synth.add(name, audio, synth[band], 1.0, synth[f"{band}db"])
    return audio


def compander(synth: Synth, audio: Unit) -> Unit:
    return synth.add("Compander", audio, audio, *[synth[name] for name in ("threshold", "below", "above", "attack", "release")])


FREQUENCY = {"freq": frequency}
BANDS = {"a": 100.0, "b": 400.0, "c": 2000.0, "d": 8000.0, "adb": 3.0, "bdb": -3.0, "cdb": 3.0, "ddb": -3.0}
COMPRESSION = {"threshold": 0.1, "below": 1.0, "above": 0.25, "attack": 0.005, "release": 0.1}
GATING = {"threshold": 0.01, "below": 10.0, "above": 1.0, "attack": 0.001, "release": 0.1}


def generator(type_: str, theirs: str, *inputs: str | float, amplitude: float = 0.001, **more: Any) -> Pair:
    pitched = "freq" in inputs

    def unit(synth: Synth, _: Unit) -> Unit:
        sound = synth.add(theirs, *[synth[each] if isinstance(each, str) else each for each in inputs])
        return synth.add("BinaryOpUGen", sound, synth["amp"], special=MULTIPLY)

    config = {"Amplitude": amplitude, **({"Frequency": frequency} if pitched else {})}
    return Pair(type_, theirs, unit, {**(FREQUENCY if pitched else {}), "amp": amplitude}, {**config, **more}, generates=True)


def played(rate: float) -> Pair:
    def unit(synth: Synth, _: Unit) -> Unit:
        return synth.add("PlayBuf", 0.0, synth["rate"], 1.0, 0.0, 1.0, 0.0)

    return Pair(
        "Sampler", "PlayBuf", unit, {"rate": rate}, {"SourceFile": "FILE", "Playback": "Loop", "Rate": rate},
        generates=True, trigger="Trigger", note=f"rate {rate:g}",
    )  # fmt: skip


def sent(type_: str, theirs: str, *inputs: str | float, **more: Any) -> Pair:
    def unit(synth: Synth, _: Unit) -> Unit:
        value = synth.add(theirs, *[synth[each] if isinstance(each, str) else each for each in inputs], rate=CONTROL)
        return synth.add("K2A", value)

    return Pair(type_, f"{theirs}.kr", unit, {"freq": 3.0}, {"Rate": 3.0, **more}, generates=True, controls=True)


def effect(type_: str, theirs: str, *inputs: str | float, parameters: Config | None = None, **config: Any) -> Pair:
    def unit(synth: Synth, audio: Unit) -> Unit:
        return synth.add(theirs, audio, *[synth[each] if isinstance(each, str) else each for each in inputs])

    return Pair(type_, theirs, unit, parameters or {}, config)


def reverb(synth: Synth, audio: Unit) -> Unit:
    return synth.add("FreeVerb2", audio, audio, synth["mix"], synth["room"], synth["damp"], outputs=2)


PAIRS = [
    generator("Sine", "SinOsc", "freq", 0.0),
    generator("Triangle", "Osc", 0.0, "freq", 0.0),
    generator("Pulse", "Pulse", "freq", 0.3, Width=0.3),
    generator("TableOscillator", "Osc", 0.0, "freq", 0.0, Harmonics=tuple(1.0 / k for k in range(1, 65))),
    generator("PinkNoise", "PinkNoise"),
    generator("BrownNoise", "BrownNoise"),
    played(1.0),
    played(0.73),
    played(1.37),
    sent("LFO", "SinOsc", "freq", 0.0),
    sent("RandomControl", "LFNoise0", "freq"),
    Pair("AudioSampleAndHold", "Latch", lambda synth, audio: synth.add("Latch", audio, synth.noise), second="Trigger"),
    effect("StateVariableFilter", "RLPF", "freq", "rq", parameters={"freq": 1000.0, "rq": 1.0}, Resonance=1.0),
    Pair(
        "ParametricEqualizer", "BLowShelf, BPeakEQ (2), BHiShelf", equalized, BANDS,
        {"Gains": (3.0, -3.0, 3.0, -3.0), "Resonances": (1.0, 1.0, 1.0, 1.0)},
    ),
    Pair("Reverb", "FreeVerb2", reverb, {"mix": 0.3, "room": 0.7, "damp": 0.5}, {}, stereo=True, chain=1),
    Pair("Compressor", "Compander", compander, COMPRESSION, {}),
    Pair("Gate", "Compander", compander, GATING, {}),
    effect("Limiter", "Limiter", "level", 0.005, parameters={"level": 0.5}, InitialCeiling=-6.0),
    effect("EnvelopeFollower", "Amplitude", "attack", "release", parameters={"attack": 0.001, "release": 0.1}),
    effect("Offset", "BinaryOpUGen", "amount", parameters={"amount": 0.01}, InitialOffset=0.01),
    Pair("Scale", "MulAdd", lambda synth, audio: synth.add("MulAdd", audio, synth["factor"], synth["sum"]), {"factor": 0.5, "sum": 0.5}),
    effect("Clip", "Clip", "low", "high", parameters={"low": -0.5, "high": 0.5}, InitialLow=-0.5, InitialHigh=0.5),
    Pair("Tanh", "tanh", lambda synth, audio: synth.add("UnaryOpUGen", audio, special=TANH)),
    Pair("CrossFade", "XFade2", lambda synth, audio: synth.add("XFade2", audio, synth.noise, synth["pan"], 1.0), {"pan": 0.2},
         {"InitialPosition": 0.6}, second="B"),
]  # fmt: skip


# -- ours


def of_voices(config: Config, voices: int, path: str) -> Config:
    made = {name: [value(k) for k in range(voices)] if callable(value) else value for name, value in config.items()}
    return {name: path if value == "FILE" else value for name, value in made.items()}


def build(pair: Pair, path: str, whole: bool) -> Network:
    """The network; if not `whole`, without the type."""
    net = Network()
    net.sink = net.types.AudioSink
    net.sink.NInputs = 2
    config = of_voices(pair.config, pair.voices, path)
    if pair.generates:
        bank = net.bank("v{}", net.types[pair.type_], pair.voices, **config)
        if pair.controls:
            smooth = net.bank("a{}", net.types.ControlToAudio, pair.voices)
            bank > smooth > net.sink
        else:
            bank["Audio Output"] > net.sink
        if pair.trigger:
            net.once = net.types.RandomControl
            net.once.Rate, net.once.Minimum, net.once.Maximum = 0.0, 0.001, 0.001
            net.once > bank[pair.trigger]
        return net
    last = noise = [voice._outports[0] for voice in net.bank("n{}", net.types.WhiteNoise, pair.voices)]
    outputs = 1
    for k in range(pair.chain if whole else 0):
        bank = net.bank(f"e{k}_{{}}", net.types[pair.type_], pair.voices, **config)
        for voice, before, first in zip(bank, last, noise, strict=True):
            _ = before > voice._inports[0]
            if pair.second:
                _ = first > voice[pair.second]
        last = [voice._outports[0] for voice in bank]
        outputs = 2 if pair.stereo else 1
    for port in last:
        _ = port > net.sink["1"]
        _ = (port.host._outports[1] if outputs == 2 else port) > net.sink["2"]
    return net


def of_ours(pair: Pair, whole: bool, block: int, path: str) -> float:
    net = build(pair, path, whole)
    if not np.abs(net.render(SHORT, block_size=block, sample_rate=RATE)).max() > 0.0:  # for the kernels, too
        raise RuntimeError(f"{pair.type_} is silent")

    def taken(seconds: float) -> float:
        begun = time.process_time()
        net.render(seconds, block_size=block, sample_rate=RATE)
        return time.process_time() - begun

    return of_a_second(taken)


# -- theirs


def score(pair: Pair, path: str, whole: bool) -> bytes:
    """Everything that happens at the beginning."""
    synth = Synth(list(pair.parameters))
    if pair.generates:
        sound = pair.unit(synth, synth.noise)
    else:
        sound = synth.noise = synth.add("WhiteNoise")
        for _ in range(pair.chain if whole else 0):
            sound = pair.unit(synth, sound)
    synth.add("Out", 0.0, sound, (sound[0], 1) if pair.stereo and whole else sound, outputs=0)
    news = []
    for k in range(pair.voices):
        values = [part for name, value in pair.parameters.items() for part in (name, float(value(k) if callable(value) else value))]
        news.append(bundle(0.0, message("/s_new", "voice", 1000 + k, 1, 0, *values)))
    buffer = message("/b_alloc", 0, 2048, 1), message("/b_gen", 0, "sine1", 7, *[1.0 / k for k in range(1, 65)])
    if pair.trigger:
        buffer = (message("/b_allocRead", 0, path),)  # type: ignore[assignment]
    return b"".join(bundle(0.0, each) for each in (*buffer, message("/d_recv", synth.bytes()))) + b"".join(news)


def of_theirs(pair: Pair, whole: bool, block: int, path: str) -> float:
    body = score(pair, path, whole)

    def taken(seconds: float) -> float:
        with tempfile.TemporaryDirectory() as folder:
            commands = Path(folder) / "score.osc"
            commands.write_bytes(body + bundle(seconds, message("/c_set", 0, 0.0)))
            options = ["-o", "2", "-z", str(block), "-n", "8192", "-m", "1048576"]
            command = ["scsynth", "-N", str(commands), "_", str(Path(folder) / "sound.wav"), str(RATE), "WAV", "float", *options]
            spent = of_program(command)
            if not np.abs(soundfile.read(Path(folder) / "sound.wav")[0]).max() > 0.0:
                raise RuntimeError(f"{pair.theirs} is silent")
            return spent

    return of_a_second(taken)


# -- both


def of_a_second(taken: Callable[[float], float]) -> float:
    """The time for one second of sound: the difference of a long render and a short one."""
    short, more = taken(SHORT), MORE
    while (spent := taken(SHORT + more) - short) < ENOUGH and more < MOST:
        more = min(MOST, more * max(2.0, 1.2 * ENOUGH / max(spent, 1e-3)))
    return spent / more


def measured(side: str, pair: Pair, whole: bool, block: int, path: str) -> float:
    """One measurement, in a process of its own."""
    command = [sys.executable, __file__, "--measure", json.dumps([side, PAIRS.index(pair), whole, block, path])]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONWARNINGS": "ignore"})
    if done.returncode != 0:
        raise RuntimeError(f"{side} {pair.title} failed:\n{done.stderr[-2000:]}")
    return float(done.stdout.splitlines()[-1])


def compare(pair: Pair, rounds: int, block: int, path: str) -> str:
    least: dict[tuple[str, bool], float] = {}
    for _ in range(rounds):
        for whole in (True,) if pair.generates else (True, False):
            for side in ("ours", "theirs"):
                taken = measured(side, pair, whole, block, path)
                least[side, whole] = min(taken, least.get((side, whole), math.inf))
    ours, theirs = least["ours", True], least["theirs", True]
    network = theirs / ours
    itself = network if pair.generates else (theirs - least["theirs", False]) / max(ours - least["ours", False], 1e-9)
    number = pair.voices * (1 if pair.generates else pair.chain) * RATE
    own = (ours - least.get(("ours", False), 0.0)) / number * 1e9
    return f"{pair.title:32}{pair.theirs:32}{network:9.1f}x{itself:9.1f}x{own:12.2f} ns{'' if itself >= GOAL else '   below the goal'}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("types", nargs="*", metavar="TYPE", help="these types only")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--block", type=int, default=64)
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        side, number, whole, block, path = json.loads(options.measure)
        print({"ours": of_ours, "theirs": of_theirs}[side](PAIRS[number], whole, block, path), flush=True)
        return
    if missing():
        raise SystemExit("scsynth is not installed: apt-get install supercollider-server")
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "noise.wav")
        soundfile.write(path, np.random.default_rng(1).uniform(-0.5, 0.5, RATE).astype(np.float32), RATE, subtype="FLOAT")
        print(f"{'':64}{'network':>10}{'itself':>10}{'ours, a frame':>15}   (blocks of {options.block})")
        for pair in PAIRS:
            if not options.types or pair.type_ in options.types:
                print(compare(pair, options.rounds, options.block, path), flush=True)


if __name__ == "__main__":
    main()
