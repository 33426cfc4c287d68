"""How long the first look at the types of a session takes: ``python benchmarks/first_types.py``.

A process of its own each time, with the types that there are and with three times as many (copies of every family, under
other names): listing their names with the index that an earlier session has kept, and with none; beside importing numpy,
which the modules of the types need. The goal is for the first tab: 0.5 s were too long.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
TURNS = 9
GOAL = 0.15
LIST = "from ipyclam_core import Network; net = Network(); begin = perf_counter(); list(net.types); asked = len(net.types)"
NUMPY = "begin = perf_counter(); import numpy; asked = 0"


def seconds(code: str, package: Path, cache: str) -> tuple[float, int]:
    """How long it took in a process of its own, and how many types there are."""
    environment = {**os.environ, "PYTHONPATH": str(package), "IPYCLAM_CACHE": cache}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # installed packages are compiled once, not at each start
    command = [sys.executable, "-c", f"from time import perf_counter; {code}; print(perf_counter() - begin, asked)"]
    out = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, cwd=package).stdout.split()
    return float(out[0]), int(out[1])


def tripled(folder: Path) -> Path:
    """A copy of ipyclam with every family three times."""
    package = folder / "tripled"
    shutil.copytree(ROOT / "ipyclam_core", package / "ipyclam_core")
    for family in (package / "ipyclam_core" / "processings").rglob("[a-z]*.py"):
        for number in (2, 3):
            renamed = re.sub(r"@processing\((.*)\)\nclass (\w+)", rf'@processing(\1, name="\2_{number}")\nclass \2', family.read_text())
            family.with_stem(f"{family.stem}_{number}").write_text(renamed)
    return package


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        packages = [ROOT, tripled(folder)]
        taken: dict[tuple[Path, str], list[float]] = {}
        counts = {}
        for turn in range(TURNS + 1):
            for package in packages:
                for kind, code, cache in (
                    ("index", LIST, name + "/kept"), ("none", LIST, "/dev/null"), ("numpy", NUMPY, name),
                ):  # fmt: skip
                    took, asked = seconds(code, package, cache)
                    counts[package] = asked or counts.get(package, 0)
                    if turn:
                        taken.setdefault((package, kind), []).append(took)
    print(f"{'types':>6} {'with an index':>15} {'without':>10} {'numpy alone':>13}")
    for package in packages:
        index, none, numpy = (statistics.median(taken[package, kind]) * 1e3 for kind in ("index", "none", "numpy"))
        print(f"{counts[package]:6} {index:12.1f} ms {none:7.1f} ms {numpy:10.1f} ms")
    print(f"goal {GOAL * 1e3:.0f} ms")


if __name__ == "__main__":
    main()
