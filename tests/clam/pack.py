"""Packs CLAM's reference material into this folder. Run by hand, where that material is:

    python tests/clam/pack.py ../shared/clam

It reads ``types/`` and ``variants/`` (networks of one processing each, and what CLAM rendered for them), ``inputs/`` and
``types.json``, and writes

``audio/TYPE.flac``
    the channels of all cases of a type, one after the other, mono, 24 bits. A channel is kept once: another that is the same
    but for a factor, of whatever type, refers to it. Silence is not kept.
``inputs/NAME.flac``
    the recordings that the sources were fed, in 24 bits.
``inputs/rests.npz``
    by how much the recordings exceed that, in steps of `REST`: with it they are the very float32 that CLAM read. Types that raise
    what is nearly silent need it.
``networks.zip``
    the network of each case.
``types.json``
    what CLAM says of its types, one a line.
``cases.json``
    one case a line. ``channels`` says of each channel where it lies: file, first frame, and the factor for its whole numbers
    (so audio beyond 1 fits); ``null`` is silence. ``error`` is measured by reading back what was written.
``packed.json``
    size and checksum of every file above.

A channel is rounded so finely that the error lies `FINE` dB below its own level: 24 bits hold more than that of every one.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from material import REST

HERE = Path(__file__).parent
RATE = 44100
FINE = 112.0
"""Decibels from a channel's level down to what rounding does to it."""
ALIKE = 118.0
"""Decibels from which on two channels are one, but for a factor."""
LIMIT = -110.0
"""No channel may have a larger error than that, relative to its own level, in decibels."""


@dataclass
class Channel:
    """One channel of a case, as CLAM rendered it."""

    type: str
    samples: np.ndarray

    @property
    def power(self) -> float:
        return float(np.mean(self.samples**2))


@dataclass
class Kept:
    """A channel that is in a file: where, and how large its step is."""

    channel: Channel
    file: str
    start: int
    step: float


def cases(material: Path) -> Iterator[tuple[dict[str, Any], str, list[Channel]]]:
    """Every case: what the index says, its network, its channels."""
    for kind in ("types", "variants"):
        for entry in json.loads((material / kind / "index.json").read_text()):
            folder = material / kind / entry["name"]
            held = np.load(folder / "reference.npz")
            assert int(held["rate"]) == RATE
            audio = held["audio"].astype(np.float64)
            network = (folder / "network.clamnetwork").read_text(encoding="utf-8")
            yield entry, network, [Channel(entry["type"], audio[:, k]) for k in range(audio.shape[1])]


class Pool:
    """The channels that are kept, and the files they go to."""

    def __init__(self) -> None:
        self.kept: list[Kept] = []
        self.files: dict[str, list[np.ndarray]] = {}

    def place(self, channel: Channel) -> list[Any] | None:
        """Where a channel lies, once it has been given a place: ``[file, first frame, factor]``."""
        if not channel.samples.any():
            return None
        for other in self.kept:
            factor = self._factor(other.channel, channel)
            if factor:
                return [other.file, other.start, other.step * factor]
        step = float(np.sqrt(12.0 * channel.power) * 10.0 ** (-FINE / 20.0))
        while decibels(channel.samples, np.round(channel.samples / step) * step) > 1.0 - FINE:
            step *= 0.7  # of what stands still, all samples may be rounded by as much
        numbers = np.round(channel.samples / step).astype(np.int64)
        assert np.abs(numbers).max() < 1 << 23, f"{channel.type}: 24 bits are not enough"
        parts = self.files.setdefault(channel.type, [])
        start = sum(len(part) for part in parts)
        parts.append(numbers.astype(np.int32) << 8)
        self.kept.append(Kept(channel, channel.type, start, step))
        return [channel.type, start, step]

    @staticmethod
    def _factor(known: Channel, new: Channel) -> float:
        """By what the one is to be multiplied to be the other, 0 if there is no such number."""
        if len(known.samples) != len(new.samples):
            return 0.0
        factor = float(known.samples @ new.samples) / (known.power * len(known.samples))
        error = float(np.mean((new.samples - factor * known.samples) ** 2))
        return factor if error <= new.power * 10.0 ** (-ALIKE / 10.0) else 0.0

    def write(self, folder: Path) -> None:
        for name, parts in self.files.items():
            soundfile.write(folder / f"{name}.flac", np.concatenate(parts), RATE, subtype="PCM_24", compression_level=1.0)


def decibels(wanted: np.ndarray, got: np.ndarray) -> float:
    """How large the error of a channel is, relative to its own level."""
    error, level = float(np.mean((wanted - got) ** 2)), float(np.mean(wanted**2))
    return 10.0 * float(np.log10(error / level)) if error else -400.0


def one_a_line(items: list[dict[str, Any]], key: str, **others: Any) -> str:
    """A JSON object of which `key` is a list with an item on each line."""
    lines = ",\n".join(json.dumps(item, separators=(",", ":"), ensure_ascii=False) for item in items)
    head = "".join(f"{json.dumps(name)}: {json.dumps(value)},\n" for name, value in others.items())
    return f"{{\n{head}{json.dumps(key)}: [\n{lines}\n]\n}}\n"


def write_networks(networks: dict[str, str]) -> None:
    with zipfile.ZipFile(HERE / "networks.zip", "w") as archive:
        for name, text in sorted(networks.items()):
            info = zipfile.ZipInfo(f"{name}.clamnetwork", (2000, 1, 1, 0, 0, 0))  # the same bytes whenever it is packed
            archive.writestr(info, text, zipfile.ZIP_DEFLATED, 9)


def write_inputs(material: Path) -> None:
    rests = {}
    for path in sorted((material / "inputs").glob("*.wav")):
        samples, rate = soundfile.read(path, dtype="float64")
        assert rate == RATE
        numbers = np.clip(np.round(samples * (1 << 23)), -(1 << 23), (1 << 23) - 1)
        rests[path.stem] = np.round((samples - numbers / (1 << 23)) / REST).astype(np.int16)
        soundfile.write(HERE / "inputs" / f"{path.stem}.flac", numbers.astype(np.int32) << 8, RATE, subtype="PCM_24", compression_level=1.0)
    np.savez_compressed(HERE / "inputs" / "rests.npz", **rests)


def write_checksums() -> int:
    """Returns how many bytes there are in all."""
    paths = [path for path in sorted(HERE.rglob("*")) if path.suffix in (".flac", ".npz", ".zip", ".json") and path.name != "packed.json"]
    files = {str(path.relative_to(HERE)): [path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest()] for path in paths}
    (HERE / "packed.json").write_text(json.dumps(files, indent=0) + "\n")
    return sum(size for size, _ in files.values())


def main(material: Path) -> None:
    for folder in (HERE / "audio", HERE / "inputs"):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    said = json.loads((material / "types.json").read_text())
    (HERE / "types.json").write_text(one_a_line(said["types"], "types", about=said["about"], fields=said["fields"]))
    write_inputs(material)
    pool, entries, networks, originals = Pool(), [], {}, {}
    for entry, network, channels in cases(material):
        networks[entry["name"]] = network
        originals[entry["name"]] = channels
        sources = {name: Path(recording).stem for name, recording in zip(entry["sources"], entry["inputs"], strict=False)}
        kept = {key: entry[key] for key in ("controls", "what_varied", "repeated_blocks") if entry.get(key)}
        places = [pool.place(channel) for channel in channels]
        head = {"name": entry["name"], "type": entry["type"], "frames": entry["frames"], "sources": sources, **kept}
        entries.append({**head, "rms": entry["rms"], "channels": places})
    pool.write(HERE / "audio")
    write_networks(networks)
    audio = {name: soundfile.read(HERE / "audio" / f"{name}.flac", dtype="int32")[0] for name in pool.files}
    for entry in entries:
        errors = [-400.0]
        for place, original in zip(entry["channels"], originals[entry["name"]], strict=True):
            if place:
                file, start, factor = place
                got = (audio[file][start : start + entry["frames"]] >> 8) * factor
                errors.append(decibels(original.samples, got.astype(np.float32).astype(np.float64)))
        entry["error"] = round(max(errors), 1)
        assert entry["error"] < LIMIT, entry["name"]
    (HERE / "cases.json").write_text(one_a_line(entries, "cases", rate=RATE))
    print(f"{write_checksums():,} bytes; {len(pool.kept)} channels kept; the largest error is {max(e['error'] for e in entries)} dB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
