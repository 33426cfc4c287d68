"""How near ipyclam is to CLAM: every recorded case and every network of CLAM's own is played, and the figures become a page.

``python -m clam.scoreboard`` in `tests` writes ``docs/reference/scoreboard.md``; ``make scoreboard`` does it.
"""

from __future__ import annotations

import datetime
import math
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

import ipyclam_core
from ipyclam_core import Network
from ipyclam_core.errors import IpyclamError

from .material import CASES, NETWORKS, Case
from .playing import compared, loaded, network_compared, networks, rendered

PAGE: Final = Path(__file__).parents[2] / "docs" / "reference" / "scoreboard.md"
LEAST, SAME, NETWORK_LEAST = 60.0, 90.0, 50.0
IDENTICAL: Final = 200.0


@dataclass(frozen=True)
class Score:
    """What became of one case or network: decibels of signal to error, or why there are none."""

    name: str
    decibels: float = -math.inf
    why: str = ""

    def cell(self) -> str:
        """As it stands in a table."""
        if self.why:
            return self.why
        return "identical" if self.decibels >= IDENTICAL else f"{self.decibels:.0f}"


def score_of(case: Case, ours: set[str]) -> Score:
    """Play a case of one processing."""
    if case.type not in ours:
        return Score(case.name, why="no such type yet")
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            heard = rendered(case, Path(folder))
        except (IpyclamError, ValueError) as error:
            return Score(case.name, why=f"{type(error).__name__}")
    silent = not case.expected.any() and float(np.abs(heard).max()) < 1e-6
    return Score(case.name, IDENTICAL if silent else compared(case, heard))


def score_of_network(name: str, ours: set[str]) -> Score:
    """Play one of CLAM's own networks."""
    missing = sorted(networks()[name]["types"] - ours)
    if missing:
        return Score(name, why=f"lacks {', '.join(missing[:3])}{' ...' if len(missing) > 3 else ''}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return Score(name, network_compared(name))
        except (IpyclamError, ValueError) as error:
            return Score(name, why=type(error).__name__)


def is_kept(name: str) -> bool:
    """Whether a network loads, and is the same after it was saved and loaded again."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            net = loaded(name)
            net.save(Path(folder) / "saved.clamnetwork")
            again = Network("clam")
            again.load(Path(folder) / "saved.clamnetwork")
            return bool(again == net)
        except (IpyclamError, ValueError):
            return False


def share(scores: Sequence[Score], least: float) -> str:
    """How many of some scores reach so many decibels: ``190 of 202 (94 %)``."""
    reached = sum(score.decibels >= least for score in scores)
    return f"{reached} of {len(scores)} ({100 * reached / max(len(scores), 1):.0f} %)"


def rows(scores: Sequence[Score]) -> Iterator[str]:
    """A row for each type: its defaults, with controls, and configured otherwise."""
    by_type: dict[str, dict[str, str]] = {}
    for score in scores:
        type_, _, form = score.name.rpartition("__")
        by_type.setdefault(type_, {})[form] = score.cell()
    for type_, found in sorted(by_type.items(), key=lambda entry: entry[0].lower()):
        yield f"| {type_} | {found.get('default', '')} | {found.get('ctl', '')} | {found.get('v1', '')} |"


def page() -> str:
    """The page."""
    ours = set(Network("clam").types)
    every = [score_of(case, ours) for case in CASES.values()]
    plain, varied = [s for s in every if not s.name.endswith("__v1")], [s for s in every if s.name.endswith("__v1")]
    lines = [
        "# Scoreboard: how near to CLAM",
        "",
        f"Made by `make scoreboard` on {datetime.date.today()}, with ipyclam {ipyclam_core.__version__}. CLAM 1.4.1 has rendered each",
        "case in blocks of 512 frames; ipyclam plays the same network, and the figures are the ratio of signal to error in dB.",
        "From 60 dB on the two cannot be told apart by ear; from 90 on they are the same but for rounding. Where ipyclam differs on",
        "purpose, [](../explanation/differences_from_clam.md) says why. Blocks that CLAM repeats for want of input are left out.",
        "",
        "| what | reached |",
        "| --- | --- |",
        f"| one processing at its defaults, and with controls: 60 dB | {share(plain, LEAST)} |",
        f"| one processing at its defaults, and with controls: 90 dB | {share(plain, SAME)} |",
        f"| one processing configured otherwise: 60 dB | {share(varied, LEAST)} |",
        f"| one processing configured otherwise: 90 dB | {share(varied, SAME)} |",
    ]
    shown: list[Score] = []
    if NETWORKS.is_dir():
        shown = [score_of_network(name, ours) for name, entry in networks().items() if entry["reference"]]
        kept = sum(map(is_kept, networks()))
        lines.append(f"| networks of CLAM's own, over their whole length: 50 dB | {share(shown, NETWORK_LEAST)} |")
        lines.append(f"| networks of CLAM's own that load, and are saved without loss | {kept} of {len(networks())} |")
    else:
        lines.append("| networks of CLAM's own | not here: they are other people's, and stand beside a checkout |")
    lines += ["", "## Types", "", "| type | defaults | with controls | configured otherwise |", "| --- | --- | --- | --- |", *rows(every)]
    if shown:
        lines += ["", "## Networks", "", "| network | dB |", "| --- | --- |"]
        lines += [f"| {score.name.replace('__', '/')} | {score.cell()} |" for score in sorted(shown, key=lambda score: score.name)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page())
    print("\n".join(line for line in PAGE.read_text().splitlines()[7:16]))
