"""Analysis and synthesis by windows of any size."""

from __future__ import annotations

import numpy as np
import pytest

from ipyclam_core import Network


@pytest.mark.parametrize("window", [3, 512, 1000, 1023, 1024, 1025, 1026, 2049])
@pytest.mark.parametrize("hop", [64, 512])
def test_a_synthesis_takes_windows_of_any_size(window: int, hop: int) -> None:
    net = Network("clam")
    net.osc, net.analysis, net.synthesis, net.overlap, net.out = (
        net.types[name] for name in ("Sine", "SpectralAnalysis", "SpectralSynthesis", "OverlapAdd", "AudioSink")
    )
    net.analysis.prHopSize = net.synthesis.prHopSize = net.overlap.FrameSize = hop
    net.analysis.prWindowSize, net.synthesis.prAnalWindowSize = window | 1, window
    net.osc > net.analysis > net.synthesis > net.overlap > net.out
    heard = net.render(frames=8192, sample_rate=44100)
    net.close()
    assert np.isfinite(heard).all()
    if window == 2049:
        assert 0.5 < np.abs(heard[4096:]).max() < 1.5
