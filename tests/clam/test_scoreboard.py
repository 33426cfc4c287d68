"""The page of the scoreboard says what there is."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ipyclam_core import Network

from . import scoreboard
from .material import CASES
from .scoreboard import IDENTICAL, PAGE, Score, is_kept, score_of, share


def test_the_page_has_every_type_that_clam_has_recorded() -> None:
    ours = set(Network("clam").types)
    stands = dict(re.findall(r"^\| (\w+) \| ([^|]*) \|", PAGE.read_text(), re.MULTILINE))
    recorded = {case.type for case in CASES.values()}
    assert recorded <= stands.keys()
    wrong = [name for name in recorded if (name in ours) == ("no such type" in stands[name])]
    assert not wrong, "make scoreboard"


def test_scores_are_those_of_a_run() -> None:
    ours = set(Network("clam").types)
    assert score_of(CASES["AudioMixer__default"], ours).decibels > 100
    assert score_of(CASES["AudioMixer__default"], ours - {"AudioMixer"}).why == "no such type yet"
    assert score_of(CASES["DataGain__ctl"], ours).cell().endswith(", on purpose")
    assert score_of(CASES["SilentSource__default"], ours).cell() == "silent"
    scores = [Score("a", 61.0), Score("b", 91.0), Score("c", why="no such type yet"), Score("d", IDENTICAL)]
    assert share(scores, 60.0) == "3 of 4 (75 %)"
    assert [score.cell() for score in scores] == ["61", "91", "no such type yet", "identical"]


def test_a_case_that_cannot_be_played_is_a_row_like_the_others() -> None:
    case = CASES["AudioMixer__default"]
    spoilt = replace(case, sources={"No such source": "noise"})
    score = score_of(spoilt, {"AudioMixer"})
    assert score.why
    assert score.kept
    assert not math.isfinite(score.decibels)


@pytest.mark.parametrize(("spoil", "kept"), [(lambda text: text, True), (lambda text: text.replace("</network>", ""), False)])
def test_a_file_counts_as_kept_only_if_it_loads(spoil: Callable[[str], str], kept: bool, tmp_path: Path) -> None:
    path = tmp_path / "of_an_unknown_type.clamnetwork"
    path.write_text(spoil(CASES["AudioMixer__default"].network.replace('type="AudioMixer"', 'type="NoSuchMixer"')))
    assert is_kept(path) is kept


def test_without_clams_own_networks_the_page_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(scoreboard, "NETWORKS", tmp_path / "nothing")
    monkeypatch.setattr(scoreboard, "CASES", {"AudioMixer__default": CASES["AudioMixer__default"]})
    text = scoreboard.page()
    assert "not here" in text
    assert "## Networks" not in text
    assert "| AudioMixer | 1" in text
