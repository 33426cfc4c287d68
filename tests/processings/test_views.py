"""Views and monitors of frames: each shows the newest frame that comes to it, as a picture too."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from IPython.lib.pretty import pretty

from ipyclam_core import Network
from ipyclam_core.data.sinusoids import Fundamental, Peaks
from ipyclam_core.data.spectra import Spectrum
from ipyclam_core.declare import in_port, out_port, processing

RATE = 44100
TONE = 0.5 * np.sin(2 * np.pi * 1000 / RATE * np.arange(RATE // 4))


@pytest.fixture
def net() -> Iterator[Network]:
    net = Network("clam")
    yield net
    net.close()


@pytest.mark.parametrize("view", ["SpectrumView", "SpectrumPortMonitor", "SpecgramPortMonitor"])
def test_a_view_shows_the_newest_spectrum(net: Network, view: str) -> None:
    net.source, net.analysis, net.view, net.out = net.types.AudioSource, net.types.SpectralAnalysis, net.types[view], net.types.AudioSink
    net.source > net.analysis > net.view
    net.source > net.out
    net.render(inputs=TONE, sample_rate=RATE)
    seen = net.view.Input.value
    assert seen.magnitude.argmax() == net.analysis.Output.value.magnitude.argmax() == round(1000 * 1024 / RATE)
    assert seen._repr_svg_().startswith("<svg")
    assert "22050 Hz" in pretty(seen)


@pytest.mark.parametrize(
    ("view", "data"),
    [(name, Peaks) for name in ("PeaksPortMonitor", "SinTracksPortMonitor")]
    + [(name, Fundamental) for name in ("FundamentalPortMonitor", "FundTrackPortMonitor")],
)
def test_a_view_shows_what_was_found_in_the_newest_spectrum(net: Network, view: str, data: type) -> None:
    length = "peaks" if data is Peaks else "candidates"

    @processing
    class LoudestBin:
        """Finds one sinusoid: the loudest bin."""

        spectrum = in_port("In", Spectrum)
        found = out_port("Found", data, **{length: 4})

        def process(spectrum, found):  # noqa: N805
            loudest = 0
            for k in range(len(spectrum.magnitude)):
                if spectrum.magnitude[k] > spectrum.magnitude[loudest]:
                    loudest = k
            found.count = 1
            found.frequency[0] = loudest * spectrum.top / (len(spectrum.magnitude) - 1)

    net.source, net.analysis, net.out = net.types.AudioSource, net.types.SpectralAnalysis, net.types.AudioSink
    net.loudest, net.view = net.types.LoudestBin, net.types[view]
    net.source > net.analysis > net.loudest > net.view
    net.source > net.out
    net.render(inputs=TONE, sample_rate=RATE)
    seen = net.view.Input.value
    np.testing.assert_allclose(seen.in_use("frequency"), [1000.0], atol=RATE / 1024)
    assert seen._repr_svg_().startswith("<svg")
    assert data.name in pretty(seen)
