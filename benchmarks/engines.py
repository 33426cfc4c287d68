"""How fast the engine is beside others: ``python benchmarks/engines.py [--seconds S] [--rounds N] [--only PEER ...]``.

Two networks, W1 and W2 of `peers.workloads`, are built and rendered at 48 kHz in blocks of 64 and of 512 frames. Every
measurement is a process of its own, and the engines take turns, so that what else the machine does falls on all of them. The time
is the processor's; the least of all rounds counts. Rendering is the difference of a long and a short render, so that nothing
that happens once is in it; building is what it takes from a running engine to one that could play the network.

Engines that are not installed are named. ``make bench-peers`` installs all of them.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import pkgutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import numpy as np
import peers
import soundfile
from peers.measuring import Peer, Taken
from peers.workloads import WORKLOADS, Sound, levels, loudness

HERE = Path(__file__).parent
BLOCKS = (64, 512)
OURS = "ipyclam"
GOAL = 4.0
PATIENCE = 20.0  # an engine that took longer than this to build is not measured again in later rounds


@dataclass
class Record:
    """The least of each time, and the sound of the first round."""

    taken: list[Taken] = field(default_factory=list)
    sound: Sound | None = None

    @property
    def build(self) -> float:
        return min(taken.ready for taken in self.taken) - min(taken.idle for taken in self.taken)

    @property
    def render(self) -> float:
        return min(taken.long for taken in self.taken) - min(taken.short for taken in self.taken)


def modules() -> dict[str, Peer]:
    """The engines there are, ours first."""
    names = [info.name for info in pkgutil.iter_modules(peers.__path__) if not info.name.startswith("_")]
    found = {name: importlib.import_module(f"peers.{name}") for name in sorted(names, key=lambda name: (not name.startswith(OURS), name))}
    return {name: cast(Peer, module) for name, module in found.items() if hasattr(module, "measure")}


def measured(peer: str, work: str, block: int, seconds: float, output: Path) -> Taken:
    """One measurement, in a process of its own."""
    command = [sys.executable, "-m", "peers", peer, work, str(block), str(seconds), str(output)]
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, env={**os.environ, "PYTHONWARNINGS": "ignore"})
    if done.returncode != 0:
        raise RuntimeError(f"{peer} failed on {work}:\n{done.stderr[-2000:]}")
    return Taken(**json.loads(done.stdout.splitlines()[-1]))


def measure(present: list[str], seconds: float, rounds: int) -> dict[tuple[str, int, str], Record]:
    """Every engine on every network at every block size, by turns."""
    records = {(work, block, peer): Record() for work in WORKLOADS for block in BLOCKS for peer in present}
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "sound.wav"
        for number in range(rounds):
            for (work, block, peer), record in records.items():
                if record.taken and record.build > PATIENCE:
                    continue
                print(f"round {number + 1}: {work} {block} {peer}", end="\r\033[K", file=sys.stderr, flush=True)
                record.taken.append(measured(peer, work, block, seconds, output))
                if record.sound is None:
                    record.sound = soundfile.read(output, dtype="float32", always_2d=True)[0]
    return records


def report(records: dict[tuple[str, int, str], Record], engines: dict[str, Peer], seconds: float) -> None:
    """Print a table for each network and block size, and what it comes to."""
    best: list[float] = []
    quickest: list[float] = []
    for name, work in WORKLOADS.items():
        for block in BLOCKS:
            print(f"\n{work}; blocks of {block}")
            print(f"  {'':20}{'real time x':>12}{'ours is faster':>16}{'build ms':>12}{'ours is faster':>16}{'loudness':>11}{'tones':>8}")
            ours = records[name, block, OURS]
            assert ours.sound is not None
            expected = levels(ours.sound, work)
            ratios, builds = [], []
            for peer in [peer for w, b, peer in records if (w, b) == (name, block)]:
                record = records[name, block, peer]
                assert record.sound is not None
                ratio = record.render / ours.render
                if not peer.startswith(OURS):
                    ratios.append(ratio)
                    builds.append(record.build / ours.build)
                tones = np.mean(np.abs(levels(record.sound, work) - expected - (loudness(record.sound) - loudness(ours.sound))) < 3.0)
                print(
                    f"  {engines[peer].NAME:20}{seconds / record.render:12.1f}{ratio:15.1f}x{record.build * 1e3:12.1f}"
                    f"{record.build / ours.build:15.1f}x{loudness(record.sound) - loudness(ours.sound):+8.1f} dB{tones:8.0%}"
                )
            if ratios:
                best.append(min(ratios))
                quickest.append(min(builds))
    if best:
        print(
            f"\nAgainst the best peer of each table: {', '.join(f'{ratio:.1f}' for ratio in best)} times as fast; the goal is {GOAL:.0f}."
        )
        print(f"Building, the quickest peer of each takes {', '.join(f'{ratio:.1f}' for ratio in quickest)} times as long; the goal is 1.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=8.0, help="of sound")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", help="these engines, beside ours")
    options = parser.parse_args()
    engines = {name: peer for name, peer in modules().items() if options.only is None or name == OURS or name in options.only}
    missing = [name for name, peer in engines.items() if peer.missing()]
    report(measure([name for name in engines if name not in missing], options.seconds, options.rounds), engines, options.seconds)
    print("\n`loudness` is beside ours; `tones` is how many voices are as loud as ours within 3 dB, that difference apart.")
    for name, peer in engines.items():
        if name in missing:
            print(f"Not measured, as it is not installed: {peer.NAME} ({peer.INSTALL})")
        elif peer.NOTE:
            print(f"{peer.NAME}: {peer.NOTE}.")


if __name__ == "__main__":
    main()
