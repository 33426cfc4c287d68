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


FILTERS = {
    "NoSpectralTransformation": {}, "ThreeBandFilter": {"MidGain": -12.0, "HighGain": 6.0}, "HumRemover": {},
    "SpectralNotch": {"Center_Freq": 3000.0, "Bandwidth": 1000.0, "Gain": -20.0}, "Deesser": {}, "Peakalizer": {},
}  # fmt: skip


def bands(name: str, hop: int) -> np.ndarray:
    """The level of bands of noise that has passed a transformation."""
    net = Network("clam")
    net.source, net.analysis, net.it, net.synthesis, net.overlap, net.out = (
        net.types[type_] for type_ in ("AudioSource", "SpectralAnalysis", name, "SpectralSynthesis", "OverlapAdd", "AudioSink")
    )
    net.analysis.prHopSize = net.synthesis.prHopSize = net.overlap.FrameSize = hop
    net.analysis.prWindowSize = net.synthesis.prAnalWindowSize = 2049
    for control, value in FILTERS[name].items():
        setattr(net.it, control, value)
    net.source > net.analysis > net.it > net.synthesis > net.overlap > net.out
    noise = (0.3 * np.random.default_rng(1).standard_normal(44100)).astype(np.float32)
    heard = net.render(inputs=noise, sample_rate=44100)[4096:, 0]
    net.close()
    power = np.abs(np.fft.rfft(heard)) ** 2
    return np.array([10.0 * np.log10(part.mean()) for part in np.array_split(power, 20)])


@pytest.mark.parametrize("hop", [100, 256])
@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_of_spectra_does_the_same_at_any_hop(name: str, hop: int) -> None:
    np.testing.assert_allclose(bands(name, hop), bands(name, 512), atol=0.5)
