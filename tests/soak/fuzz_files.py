"""Network files of both formats, spoilt in every way: each is read or refused, and loading changes all or nothing.

python tests/soak/fuzz_files.py --minutes 10
"""

from __future__ import annotations

import re
import sys
import time
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from ipyclam_core import Network
from ipyclam_core.errors import IpyclamError
from soak.trial import Trial, resident

TESTS = Path(__file__).parents[1]
PLACES = [TESTS, TESTS.parent / "examples", TESTS.parents[1] / "shared" / "clam" / "networks"]
LARGEST = 60_000  # bytes of a file that is spoilt: small ones are spoilt more often in the same time
SECONDS = 20.0  # that one file may take, on a machine however busy
MEGABYTES = 400  # above the start
PIECES = re.compile(rb"<[^<>]*>|\"[^\"]*\"|'[^']*'|[\w.]+|\s+|.", re.DOTALL)
STRANGE = [
    b"", b"0", b"-1", b"1e400", b"-1e400", b"nan", b"9" * 400, b"1e-5", b"''", b'"""', b"\\", b"\x00", b"\xff\xfe", "\u202e".encode(),
    b"<", b">", b"&amp;", b"&lt;", b"&x;", b"]]>", b"<!--", b"(" * 300, b"[" * 300, b"<a>" * 300, b"None", b"True", b"lambda: 0",
    b"__import__('os')", b"net", b"net.net", b"a" * 5000, b"%s%n", b"{}", b"#", b"\n", b"\t", b"*", b"**", b"...", b"yield", b"0x10",
]  # fmt: skip


class Fuzzer:
    """Spoils files, and loads them."""

    def __init__(self, trial: Trial) -> None:
        self.trial, self.random = trial, trial.random
        self.files: dict[str, list[bytes]] = {".py": [], ".clamnetwork": []}
        for place in PLACES:
            for path in sorted(place.rglob("*.clamnetwork")) if place.is_dir() else []:
                if path.is_file() and path.stat().st_size < LARGEST:
                    self.files[".clamnetwork"].append(path.read_bytes())
        self.write_some()
        self.pieces = {suffix: [PIECES.findall(text) for text in texts] for suffix, texts in self.files.items()}
        trial.counts["files to begin with"] = sum(map(len, self.files.values()))

    def write_some(self) -> None:
        """Each network as the other format writes it, too, with everything that one can write."""
        for k, text in enumerate(list(self.files[".clamnetwork"])[:30]):
            net = Network()
            Path("one.clamnetwork").write_bytes(text)
            net.load("one.clamnetwork")
            net.description = f"network {k}, 'quoted' and \"quoted\"\n\\ äöü"
            for name in list(net)[:3]:
                net.proxy.place(name, (float(k), 1e-05), (100.0, 50.0))
            net.save("one.py")
            self.files[".py"].append(Path("one.py").read_bytes())
            net.save("two.clamnetwork")
            self.files[".clamnetwork"].append(Path("two.clamnetwork").read_bytes())

    def spoilt(self, suffix: str) -> bytes:
        """A file with a few things changed."""
        random, all_pieces = self.random, self.pieces[suffix]
        pieces = list(random.choice(all_pieces))
        for _ in range(random.choice([1, 1, 2, 5, 20])):
            k = random.randrange(len(pieces) + 1)
            width = random.choice([1, 1, 3, 30])
            other = random.choice(all_pieces)
            begin = random.randrange(len(other) + 1)
            match random.randrange(7):
                case 0:
                    pieces[k:k] = [random.choice(STRANGE)]
                case 1:
                    pieces[k : k + 1] = [random.choice(STRANGE)]
                case 2:
                    del pieces[k : k + width]
                case 3:
                    pieces[k:k] = pieces[k : k + width] * random.choice([1, 2, 50])
                case 4:
                    pieces[k : k + width] = other[begin : begin + width]
                case 5:
                    other = pieces[k : k + width]
                    pieces[k : k + width] = random.sample(other, len(other))
                case _:
                    pieces[k : k + 1] = [self.flipped(b"".join(pieces[k : k + 1]))]
        text = b"".join(pieces)
        return text[: random.randrange(len(text) + 1)] if random.random() < 0.05 else text

    def flipped(self, text: bytes) -> bytes:
        changed = bytearray(text or b" ")
        changed[self.random.randrange(len(changed))] = self.random.randrange(256)
        return bytes(changed)

    def try_one(self, net: Network, suffix: str) -> None:
        path = Path(f"spoilt{suffix}")
        text = self.spoilt(suffix)
        path.write_bytes(text)
        before, began = net.code(), time.monotonic()
        try:
            net.load(path)
            self.trial.counts["loaded"] += 1
        except IpyclamError:
            self.trial.counts["refused"] += 1
            self.check(net.code() == before, "a refused file has changed the network", text, suffix)
            return
        except Exception:
            self.trial.error(f"load {suffix}")
            self.check(False, f"an error of another kind from {suffix}", text, suffix)
            return
        finally:
            self.check(time.monotonic() - began < SECONDS, "it takes too long", text, suffix)
        try:
            self.look(net, text, suffix)
        except Exception:
            self.trial.error(f"use of a loaded {suffix}")
            self.check(False, f"what a {suffix} loads cannot be used", text, suffix)

    def look(self, net: Network, text: bytes, suffix: str) -> None:
        """What was loaded can be written and read; undo brings back what there was before."""
        code = net.code()
        net.save("again.py")
        again = Network(net.engine)
        again.load("again.py")
        self.check(again.code() == code and again == net, "what is loaded is written as another network", text, suffix)
        again.close()
        repr(net), dir(net), net.status(), net.xml
        net.undo()
        net.redo()
        self.check(net.code() == code, "undo and redo of a load give another network", text, suffix)

    def check(self, right: bool, fault: str, text: bytes, suffix: str) -> None:
        if not right and fault not in self.trial.faults:
            kept = self.trial.folder / f"fault{len(self.trial.faults)}{suffix}"
            kept.write_bytes(text)
            print(f"the file is {kept}")
        self.trial.check(right, fault)


def main() -> None:
    trial = Trial(__doc__ or "")
    warnings.simplefilter("ignore")
    fuzzer = Fuzzer(trial)
    begin = resident()
    nets = [Network(), Network("dummy")]
    while trial.goes_on:
        for _ in range(20):
            fuzzer.try_one(trial.random.choice(nets), trial.random.choice([".py", ".clamnetwork"]))
        if trial.random.random() < 0.1:
            nets = [Network(), Network("dummy")]
        trial.check(resident() < begin + MEGABYTES, f"more than {MEGABYTES} MB above the start")
    trial.end()


if __name__ == "__main__":
    main()
