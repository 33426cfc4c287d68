"""How near ipyclam is to CLAM: every recorded case and every network of CLAM's own is played, and the figures become a page.

``python -m clam.scoreboard`` in `tests` writes ``docs/reference/scoreboard.md``; ``make scoreboard`` does it.
"""

from __future__ import annotations

import datetime
import math
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from processings.test_references import CHOSEN

import ipyclam_core
from ipyclam_core import Network

from .judging import decibels
from .material import CASES, NETWORKS, Case
from .playing import compared, network_rendered, networks, rendered

PAGE: Final = Path(__file__).parents[2] / "docs" / "reference" / "scoreboard.md"
LEAST, SAME, NETWORK_LEAST = 60.0, 90.0, 50.0
IDENTICAL: Final = 200.0


@dataclass(frozen=True)
class Score:
    """What became of one case or network: decibels of signal to error, or why there are none."""

    name: str
    decibels: float = -math.inf
    why: str = ""
    kept: bool = False
    """Whether it loads, and is the same after it was saved and loaded again."""
    silent: bool = False
    """Whether both play silence."""

    def cell(self) -> str:
        """As it stands in a table."""
        if self.why:
            return self.why
        if self.silent:
            return "silent"
        figure = "identical" if self.decibels >= IDENTICAL else f"{self.decibels:.0f}" if self.decibels > -IDENTICAL else "not silent"
        return f"{figure}, on purpose" if self.decibels < LEAST and self.name in CHOSEN else figure


def score_of(case: Case, ours: set[str]) -> Score:
    """Load, save and play a case of one processing."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{case.name}.clamnetwork"
        path.write_text(case.network)
        kept = is_kept(path)
        if case.type not in ours:
            return Score(case.name, why="no such type yet", kept=kept)
        return played(case.name, kept, lambda: (case.expected, rendered(case, Path(folder))), lambda _, heard: compared(case, heard))


def score_of_network(name: str, ours: set[str]) -> Score:
    """Load, save and play one of CLAM's own networks."""
    kept = is_kept(NETWORKS / name / "network.clamnetwork")
    if not networks()[name]["reference"]:
        return Score(name, why="not rendered by CLAM", kept=kept)
    if missing := sorted(networks()[name]["types"] - ours):
        return Score(name, why=f"lacks {', '.join(missing[:3])}{' ...' if len(missing) > 3 else ''}", kept=kept)
    return played(name, kept, lambda: network_rendered(name), decibels)


def played(
    name: str, kept: bool, play: Callable[[], tuple[np.ndarray, np.ndarray]], compare: Callable[[np.ndarray, np.ndarray], float]
) -> Score:
    """The score of what `play` gives: CLAM's sound and ours. One that fails is a row like the others."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            expected, heard = play()
        except Exception as error:
            return Score(name, why=type(error).__name__, kept=kept)
    if expected.shape != heard.shape:
        return Score(name, why=f"{heard.shape[1]} channels, not {expected.shape[1]}", kept=kept)
    if not expected.any() and float(np.abs(heard).max(initial=0.0)) < 1e-6:
        return Score(name, IDENTICAL, kept=kept, silent=True)
    return Score(name, compare(expected, heard), kept=kept)


def is_kept(path: Path) -> bool:
    """Whether a network loads, and is the same after it was saved and loaded again."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            net, again = Network("clam"), Network("clam")
            net.load(path)
            net.save(Path(folder) / "saved.clamnetwork")
            again.load(Path(folder) / "saved.clamnetwork")
            return bool(again == net)
        except Exception:
            return False


def share(scores: Sequence[Score], least: float) -> str:
    """How many of some scores reach so many decibels: ``190 of 202 (94 %)``."""
    reached = sum(score.decibels >= least for score in scores)
    return f"{reached} of {len(scores)} ({100 * reached / max(len(scores), 1):.0f} %)"


def of_kept(scores: Sequence[Score]) -> str:
    """How many load, and are saved without loss."""
    return f"{sum(score.kept for score in scores)} of {len(scores)}"


def rows(scores: Sequence[Score]) -> Iterator[str]:
    """A row for each type: its defaults, with controls, and configured otherwise."""
    by_type: dict[str, dict[str, Score]] = {}
    for score in scores:
        type_, _, form = score.name.rpartition("__")
        by_type.setdefault(type_, {})[form] = score
    for type_, found in sorted(by_type.items(), key=lambda entry: entry[0].lower()):
        cells = [found[form].cell() if form in found else "" for form in ("default", "ctl", "v1")]
        yield f"| {type_} | {' | '.join(cells)} | {yes(all(score.kept for score in found.values()))} |"


def yes(true: bool) -> str:
    return "yes" if true else "no"


def page() -> str:
    """The page."""
    ours = set(Network("clam").types)
    every = [score_of(case, ours) for case in CASES.values()]
    plain, varied = [s for s in every if not s.name.endswith("__v1")], [s for s in every if s.name.endswith("__v1")]
    shown = sorted((score_of_network(name, ours) for name in networks()), key=lambda score: score.name) if NETWORKS.is_dir() else []
    recorded = [score for score in shown if networks()[score.name]["reference"]]
    lines = [
        "# Scoreboard: how near to CLAM",
        "",
        f"Made by `make scoreboard` on {datetime.date.today()}, with ipyclam {ipyclam_core.__version__}. CLAM 1.4.1 has rendered each",
        "case in blocks of 512 frames. ipyclam plays the same network, and the figures are the ratio of signal to error in dB.",
        "From 60 dB on the two cannot be told apart by ear; from 90 on they are the same but for rounding. Blocks that CLAM repeats",
        "for want of input are left out.",
        "",
        "The recordings themselves are rounded, to about 112 dB at the defaults and with controls and to about 104 dB otherwise. So these",
        "figures mean that there is no other error.",
        "",
        "- *silent*: both play silence. These cases count as reached.",
        "- *on purpose*: ipyclam does something else. See [](../explanation/differences_from_clam.md). These cases count as not reached.",
        "- *not silent*: CLAM plays silence, ipyclam does not.",
        "",
        "| what | reached |",
        "| --- | --- |",
        f"| one processing at its defaults, and with controls: 60 dB | {share(plain, LEAST)} |",
        f"| one processing at its defaults, and with controls: 90 dB | {share(plain, SAME)} |",
        f"| one processing configured otherwise: 60 dB | {share(varied, LEAST)} |",
        f"| one processing configured otherwise: 90 dB | {share(varied, SAME)} |",
        f"| cases of one processing that load, and are saved without loss | {of_kept(every)} |",
    ]
    if shown:
        lines.append(f"| networks of CLAM's own, over their whole length: 50 dB | {share(recorded, NETWORK_LEAST)} |")
        lines.append(f"| networks of CLAM's own that load, and are saved without loss | {of_kept(shown)} |")
    else:
        lines.append("| networks of CLAM's own | not here: they are other people's, and stand beside a checkout, in `../shared` |")
    lines += ["", "## Types", "", "| type | defaults | with controls | configured otherwise | saved without loss |"]
    lines += ["| --- | --- | --- | --- | --- |", *rows(every)]
    if shown:
        lines += ["", "## Networks", "", "| network | dB | saved without loss |", "| --- | --- | --- |"]
        lines += [f"| {score.name.replace('__', '/')} | {score.cell()} | {yes(score.kept)} |" for score in shown]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page())
    print("\n".join(line for line in PAGE.read_text().partition("\n## ")[0].splitlines() if line.startswith("|")))
