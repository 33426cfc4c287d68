"""The page of the scoreboard says what there is."""

from __future__ import annotations

import re

from ipyclam_core import Network

from .material import CASES
from .scoreboard import IDENTICAL, PAGE, Score, score_of, share


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
    scores = [Score("a", 61.0), Score("b", 91.0), Score("c", why="no such type yet"), Score("d", IDENTICAL)]
    assert share(scores, 60.0) == "3 of 4 (75 %)"
    assert [score.cell() for score in scores] == ["61", "91", "no such type yet", "identical"]
