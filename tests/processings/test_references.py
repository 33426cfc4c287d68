"""Every type sounds as CLAM's does, at its defaults and configured otherwise, where CLAM itself has been recorded."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from clam.judging import SAME, decibels
from clam.material import CASES
from clam.playing import BLOCK, compared, rendered

from .conftest import OURS
from .test_declarations import DIFFERENCES

RECORDED = {name: case for name, case in CASES.items() if case.type in OURS}

LIMITED: dict[str, tuple[float, str]] = {
    "Notch2ndOrder__default": (80.0, "CLAM's filter state is float32"),
    "Notch2ndOrder__v1": (80.0, "as above"),
    "AirAbsortion__ctl": (75.0, "CLAM's coefficients and filter state are float32"),
    "SMSSynthesis__ctl": (75.0, "a phase after half a second, in float32, hangs on the last digit of a frequency"),
    "SMSTranspose__ctl": (75.0, "as above"),
    "FormantExtractor__default": (75.0, "the prediction of a sweep hangs on CLAM's last digits"),
    "FormantExtractor__v1": (75.0, "as above"),
    "GlottalSourceGenerator__ctl": (15.0, "it is random"),
}
"""Where CLAM's own arithmetic sets a limit, the decibels reached, and why."""


@dataclass(frozen=True)
class Otherwise:
    """Where ours does the sensible thing instead: what CLAM does, and how ours becomes the same.

    `controls` are sent instead of those of the case; `made` is done to what comes out; from the frame `after` to the frame `until`
    the two are the same.
    """

    why: str
    controls: Mapping[str, float] = field(default_factory=dict)
    made: Callable[[np.ndarray], np.ndarray] = lambda heard: heard
    after: int = 0
    until: int | None = None


def one_by_one(heard: np.ndarray) -> np.ndarray:
    """Each sample a frame early; the last of a block is the first of the one before, which lay there in CLAM's ring."""
    early = np.roll(heard, -1, axis=0)
    early[2 * BLOCK - 1 :: BLOCK] = heard[0 : len(heard) - BLOCK : BLOCK]
    early[BLOCK - 1] = 0.0
    return early


ONE_BY_ONE = Otherwise(
    "CLAM leaves a sample before it has read it: its output is a frame early, and of each block one is stale", made=one_by_one
)
WHOLE_SECONDS = Otherwise("CLAM cuts the delay to whole seconds", {"Delay": 0.0})
UNREACHED = Otherwise("nothing can reach the Amount that counts in CLAM", {"Amount": 0.0})
NEW_DELAY = Otherwise("a new delay begins with 150 frames weighted by 1/150, 1/149 ... in CLAM; ours fades to it", after=BLOCK)
OVERRUN = "its pieces come faster than they are played: from some block on CLAM writes over what it has not played"

CHOSEN: dict[str, Otherwise] = {
    "DataGain__ctl": ONE_BY_ONE,
    "DataGain__v1": ONE_BY_ONE,
    "TimeDelay__v1": WHOLE_SECONDS,
    "DelayWetDry__v1": WHOLE_SECONDS,
    "DelayWetDry__ctl": Otherwise("CLAM delays the dry path too", {"Wet/Dry": 0.0}),
    "MagPhaseSpectrum2Spectrum__default": Otherwise(OVERRUN, until=30 * BLOCK),
    **dict.fromkeys(
        ("SpectralAnalysis__default", "SpectralAnalysis__v1", "SpectralSynthesis__default", "SpectralSynthesis__v1"),
        Otherwise(OVERRUN, until=39 * BLOCK),
    ),
    "ResamplerByRatio__v1": Otherwise(OVERRUN, until=14 * BLOCK),
    "ResamplerBySampleRateRatio__default": Otherwise(OVERRUN, until=63 * BLOCK),
    "SpectralCombTriang__v1": UNREACHED,
    "SpectralReject__v1": UNREACHED,
    "SampleAccurateStreamDelay__ctl": NEW_DELAY,
    "SampleAccurateBufferDelay__ctl": NEW_DELAY,
}


@pytest.mark.parametrize("name", sorted(RECORDED.keys() - CHOSEN.keys()))
def test_a_type_sounds_as_clams_does(name: str, tmp_path: Path) -> None:
    case = RECORDED[name]
    assert compared(case, rendered(case, tmp_path)) >= LIMITED.get(name, (SAME, ""))[0]


@pytest.mark.parametrize("name", sorted(LIMITED.keys() | CHOSEN.keys()))
def test_an_exception_is_only_where_it_is_needed(name: str, tmp_path: Path) -> None:
    assert compared(RECORDED[name], rendered(RECORDED[name], tmp_path)) < SAME


@pytest.mark.parametrize("name", sorted(CHOSEN))
def test_what_ours_does_otherwise_is_all_that_differs(name: str, tmp_path: Path) -> None:
    case, otherwise = RECORDED[name], CHOSEN[name]
    heard = otherwise.made(rendered(case, tmp_path, otherwise.controls))
    same = slice(otherwise.after, otherwise.until)
    assert decibels(case.expected[same], heard[same]) >= SAME


def test_every_difference_stands_in_the_documentation() -> None:
    page = (Path(__file__).parents[2] / "docs" / "explanation" / "differences_from_clam.md").read_text()
    named = set(re.findall(r"`(\w+)`", page))
    assert {RECORDED[name].type for name in CHOSEN.keys() | LIMITED.keys()} <= named
    assert {name for name, _ in DIFFERENCES} - {"BoolControlPrinter"} <= named


def test_every_recorded_type_is_recorded_in_a_variant_too() -> None:
    assert {case.type for case in RECORDED.values()} == {case.type for name, case in RECORDED.items() if name.endswith("__v1")}
    assert len(RECORDED) >= 126
