"""Settings of spectra that do not fit each other are told while they play, each with the statement that mends it."""

from __future__ import annotations

import pytest

from .conftest import Stage


@pytest.fixture
def chain(stage: Stage) -> Stage:
    net = stage.net
    net.osc, net.analysis, net.synthesis = net.types.Oscillator, net.types.SpectralAnalysis, net.types.SpectralSynthesis
    net.effect, net.overlap, net.out = "SpectralGate", net.types.OverlapAdd, net.types.AudioSink
    net.osc > net.analysis > net.effect > net.synthesis > net.overlap > net.out
    return stage


def test_a_chain_that_fits_says_nothing(chain: Stage) -> None:
    chain.play()
    assert chain.net.status().messages == ()


@pytest.mark.parametrize(
    ("theirs", "its", "value"),
    [
        ("prAnalWindowSize", "prWindowSize", 2049),
        ("prAnalWindowType", "prWindowType", "Hamming"),
        ("prHopSize", "prHopSize", 256),
        ("prZeroPadding", "prZeroPadding", 1),
    ],
)
def test_a_setting_of_the_analysis_that_the_synthesis_does_not_have_is_told(chain: Stage, theirs: str, its: str, value: object) -> None:
    net = chain.net
    net.analysis[its] = value
    chain.play()
    statement = f"net.synthesis.{theirs} = {value!r}"
    found = [text for text in net.status().messages if statement in text]
    assert len(found) == 1
    assert f"but analysis.{its} is {value!r}" in found[0]
    exec(statement, {"net": net})
    chain.run(8)
    assert not [text for text in net.status().messages if "To set what fits" in text]


def test_an_even_window_is_told(chain: Stage) -> None:
    net = chain.net
    net.analysis.prWindowSize = net.synthesis.prAnalWindowSize = 1024
    chain.play()
    assert any("Windows have an odd number: net.analysis.prWindowSize = 1025" in text for text in net.status().messages)
