"""The page of CLAM's types has them all, and says of each whether it is here."""

from __future__ import annotations

import re

from ipyclam_core import Network

from .clam_page import DIFFERENCES, NOT_HERE, PAGE, differences, page
from .material import types


def test_the_page_is_that_of_today() -> None:
    assert PAGE.read_text() == page(), "make scoreboard"


def test_every_type_of_clam_has_one_row() -> None:
    rows = re.findall(r"^\| \[?(\w+)\]?\S* \| (yes|no|not yet) \|", page(), re.MULTILINE)
    assert sorted(name for name, _ in rows) == sorted(types())
    ours = set(Network("clam").types)
    assert {name for name, here in rows if here == "yes"} == ours & types().keys()


def test_what_cannot_be_here_is_not_here() -> None:
    assert not NOT_HERE.keys() & set(Network("clam").types)
    assert NOT_HERE.keys() <= types().keys()


def test_a_type_that_should_be_used_instead_is_here() -> None:
    named = {name for why in NOT_HERE.values() for name in re.findall(r"`(\w+)`", why)}
    assert named <= set(Network("clam").types)


def test_a_row_tells_what_differs_on_purpose() -> None:
    found = differences(DIFFERENCES.read_text())
    assert len(found["DelayWetDry"]) == 3
    assert found["Filter"][0].startswith("CLAM: `a_0` of 0 gives NaN")
    assert all(len(texts) > 0 and " ipyclam: " in texts[0] for texts in found.values())
