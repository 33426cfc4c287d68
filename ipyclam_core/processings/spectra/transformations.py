"""Transformations of spectra: each begins as a copy of what came in."""

from __future__ import annotations

from numpy import float32

from ...data.spectra import Spectrum
from ...declare import config, in_control, in_port, out_port, processing


class Transformation:
    """The ports of every transformation. `output` begins as a copy of `spectrum`."""

    PreserveOuts = config(False)
    spectrum = in_port("In Spectrum", Spectrum)
    output = out_port("Out Spectrum", Spectrum, copies="spectrum")


@processing(category="Spectral Transformations", source="CLAM NoSpectralTransformation", synonyms=("through", "bypass"))
class NoSpectralTransformation(Transformation):
    """Passes the spectrum on as it is."""

    amount = in_control("Amount")

    def process(output):
        pass


@processing(category="Spectral Transformations", source="CLAM SpectralGate", synonyms=("noise gate", "denoise", "threshold"))
class SpectralGate(Transformation):
    """Silences the bins whose magnitude is below a threshold."""

    threshold = in_control("Amount", -30.0, unit="dB")

    def process(output, threshold):
        least = 10.0 ** (threshold / 20.0)
        for k in range(len(output.magnitude)):
            if output.magnitude[k] < least:
                output.magnitude[k] = 0.0


@processing(category="Spectral Transformations", source="CLAM Robotization", synonyms=("robot", "voice", "phase"))
class Robotization(Transformation):
    """Takes the phases towards 0, which gives a voice the pitch of the hop."""

    amount = in_control("Amount")
    factor = in_control("Robotization factor", 0.0, 0.0, 100.0, unit="%")

    def process(output, factor):
        for k in range(len(output.phase)):
            output.phase[k] = float32(output.phase[k] - output.phase[k] * factor * 0.01)
