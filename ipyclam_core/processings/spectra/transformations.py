"""Transformations of spectra, each of which begins as a copy of its input: the simplest ones, and what all of them share."""

from __future__ import annotations

from numpy import float32

from ...data.spectra import Spectrum
from ...declare import config, in_control, in_port, out_port, processing
from ...parameters import ParameterSpec
from .._limits import limited
from .._random import scrambled

CATEGORY = "Spectral Transformations"
BREAKPOINTS = {
    "Interpolation": ParameterSpec("", "Linear", "enum", choices=("Step", "Round", "Linear", "Spline", "Lagrange")), "Points": (),
}  # fmt: skip
UNUSED = "without effect"


class Transformation:
    """The ports of every transformation. `output` begins as a copy of `spectrum`."""

    PreserveOuts = config(False, doc=UNUSED)
    BPF = config(BREAKPOINTS, optional=True, doc="without effect: CLAM's transformations of whole files use it")
    spectrum = in_port("In Spectrum", Spectrum)
    output = out_port("Out Spectrum", Spectrum, copies="spectrum")
    amount = in_control("Amount", doc=UNUSED)


@processing(category=CATEGORY, source="CLAM NoSpectralTransformation", synonyms=("through", "bypass"))
class NoSpectralTransformation(Transformation):
    """Passes the spectrum on as it is."""

    def process(output):
        pass


@processing(category=CATEGORY, source="CLAM Robotization", synonyms=("robot", "voice", "phase"))
class Robotization(Transformation):
    """Takes the phases towards 0, which gives a voice the pitch of the hop."""

    factor = in_control("Robotization factor", 0.0, 0.0, 100.0, unit="%")

    def process(output, factor):
        for k in range(len(output.phase)):
            output.phase[k] = float32(output.phase[k] - output.phase[k] * limited(factor, -1e4, 1e4) * 0.01)


@processing(category=CATEGORY, source="CLAM RandomPhase", synonyms=("whisper", "noise", "smear", "phase"))
class RandomPhase(Transformation):
    """Adds a random number to every phase, which makes a voice a whisper."""

    amount = in_control("Amount", doc="0 leaves the phases as they are, 1 makes them random")

    class State:
        count: int

    def initial(seed):
        return {"count": seed}

    def process(state, output, amount):
        for k in range(len(output.phase)):
            state.count = (state.count + 1) & 0xFFFFFFFF
            output.phase[k] = float32(
                output.phase[k] + limited(amount, -1e3, 1e3) * 3.141592653589793 * (scrambled(state.count) / 2147483648.0 - 1.0)
            )


@processing(category=CATEGORY, source="CLAM SpectralReverse", synonyms=("mirror", "flip", "invert", "inversion"))
class SpectralReverse(Transformation):
    """Turns the spectrum round: the lowest bin becomes the highest."""

    def process(spectrum, output):
        last = len(output.magnitude) - 1
        for k in range(len(output.magnitude)):
            output.magnitude[k] = spectrum.magnitude[last - k]
            output.phase[k] = spectrum.phase[last - k]
