"""SuperCollider's server without real time, a score of messages packed by hand: no client could hand them over faster."""

from __future__ import annotations

import shutil
import struct
import time
from pathlib import Path

from .measuring import SHORT, Command, Taken, of_program, of_start
from .workloads import RATE, Sines, Workload

NAME = "scsynth"
INSTALL = "apt-get install supercollider-server"
NOTE = "building: messages packed by hand, without any client that people use"


def missing() -> bool:
    return shutil.which("scsynth") is None


def measure(work: Workload, block: int, seconds: float, output: Path) -> Taken:
    def command(body: bytes, length: float) -> Command:
        path = output.with_suffix(f".{length}.{len(body)}.osc")
        path.write_bytes(body + bundle(length, message("/c_set", 0, 0.0)))
        options = ["-o", "2", "-z", str(block), "-n", "8192", "-m", "262144"]
        return ["scsynth", "-N", path, "_", output, str(RATE), "WAV", "float", *options]

    begun = time.process_time()
    body = score(work)
    packed = time.process_time() - begun
    once = block / RATE
    idle, ready = of_start(command(b"", once), command(body, once))
    long = of_program(command(body, SHORT + seconds))
    return Taken(idle, packed + ready, of_program(command(body, SHORT)), long)


def score(work: Workload) -> bytes:
    """Everything that happens at the beginning."""
    first = 1000  # numbers of nodes that the server does not use itself
    if isinstance(work, Sines):
        news = [message("/s_new", "voice", first + k, 1, 0, "freq", work.frequency(k), "amp", work.gain) for k in range(work.voices)]
        return bundle(0.0, message("/d_recv", SINE)) + b"".join(bundle(0.0, new) for new in news)
    rq = 1.0 / work.resonance
    names = [("freq", work.frequency), ("cutoff", work.cutoff), ("pos", work.position)]
    news = [
        message("/s_new", "voice", first + k, 1, 0, "rq", rq, "gain", work.gain, *[part for n, f in names for part in (n, f(k))])
        for k in range(work.voices)
    ]
    return bundle(0.0, message("/d_recv", STRIP)) + b"".join(bundle(0.0, new) for new in news)


# -- messages, and the binary form of a SynthDef

Input = tuple[int, int]  # a unit and its output, or -1 and the number of a constant
CONTROL, AUDIO, MULTIPLY = 1, 2, 2


def synthdef(parameters: list[str], constants: list[float], units: list[tuple[str, int, int, list[Input], int]]) -> bytes:
    """A definition named "voice"; a unit is its name, rate, special index, inputs, and number of outputs."""

    def short(text: str) -> bytes:
        return bytes([len(text)]) + text.encode()

    parts = [b"SCgf", struct.pack(">ih", 2, 1), short("voice"), struct.pack(f">i{len(constants)}f", len(constants), *constants)]
    parts.append(struct.pack(f">i{len(parameters)}f", len(parameters), *[0.0] * len(parameters)))
    parts.append(struct.pack(">i", len(parameters)))
    parts += [short(name) + struct.pack(">i", k) for k, name in enumerate(parameters)]
    parts.append(struct.pack(">i", len(units)))
    for name, rate, special, inputs, outputs in units:
        parts.append(short(name) + struct.pack(">biih", rate, len(inputs), outputs, special))
        parts += [struct.pack(">ii", *given) for given in inputs]
        parts += [struct.pack(">b", rate)] * outputs
    return b"".join(parts) + struct.pack(">h", 0)


# Out.ar(0, (SinOsc.ar(freq) * amp) ! 2)
SINE = synthdef(
    ["freq", "amp"],
    [0.0],
    [
        ("Control", CONTROL, 0, [], 2),
        ("SinOsc", AUDIO, 0, [(0, 0), (-1, 0)], 1),
        ("BinaryOpUGen", AUDIO, MULTIPLY, [(1, 0), (0, 1)], 1),
        ("Out", AUDIO, 0, [(-1, 0), (2, 0), (2, 0)], 0),
    ],
)
# Out.ar(0, Pan2.ar(RLPF.ar(Saw.ar(freq), cutoff, rq) * gain, pos))
STRIP = synthdef(
    ["freq", "cutoff", "rq", "gain", "pos"],
    [0.0, 1.0],
    [
        ("Control", CONTROL, 0, [], 5),
        ("Saw", AUDIO, 0, [(0, 0)], 1),
        ("RLPF", AUDIO, 0, [(1, 0), (0, 1), (0, 2)], 1),
        ("BinaryOpUGen", AUDIO, MULTIPLY, [(2, 0), (0, 3)], 1),
        ("Pan2", AUDIO, 0, [(3, 0), (0, 4), (-1, 1)], 2),
        ("Out", AUDIO, 0, [(-1, 0), (4, 0), (4, 1)], 0),
    ],
)


def message(address: str, *arguments: int | float | str | bytes) -> bytes:
    """An OSC message."""
    tags, parts = ",", []
    for given in arguments:
        if isinstance(given, int):
            tags += "i"
            parts.append(struct.pack(">i", given))
        elif isinstance(given, float):
            tags += "f"
            parts.append(struct.pack(">f", given))
        elif isinstance(given, str):
            tags += "s"
            parts.append(_text(given))
        else:
            tags += "b"
            parts.append(struct.pack(">i", len(given)) + given + b"\0" * (-len(given) % 4))
    return _text(address) + _text(tags) + b"".join(parts)


def bundle(seconds: float, content: bytes) -> bytes:
    """What a score has at a moment."""
    body = b"#bundle\0" + struct.pack(">Q", int(seconds * 2**32)) + struct.pack(">i", len(content)) + content
    return struct.pack(">i", len(body)) + body


def _text(text: str) -> bytes:
    encoded = text.encode() + b"\0"
    return encoded + b"\0" * (-len(encoded) % 4)
