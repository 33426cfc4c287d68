"""Linear prediction: a filter that predicts each sample from those before it, and describes the spectral envelope."""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy import float32, float64

from ...data.buffers import AudioBuffer
from ...data.spectra import Spectrum
from ...data.speech import AbeLPModel, LPModel
from ...declare import Array, config, fourier, in_port, out_port, processing

SIZE = 1024  # of the transform of the filter
BINS = SIZE // 4 + 1  # of the spectrum: those of a transform of a block of CLAM
SYNONYMS = ("lpc", "lpc analysis", "formants", "envelope", "vocal tract", "all-pole", "levinson", "speech")


def correlate(samples, products):
    """The autocorrelation of samples, from a lag of 0 on, where it is 1; all 0 of silence. Returns that of a lag of 0 as it was.

    Sums are float32, as in CLAM: the filter of a tone depends on their last digits.
    """
    for lag in range(len(products)):
        total = float32(0.0)
        for k in range(len(samples) - lag):
            total += samples[k] * samples[k + lag]
        products[lag] = total
    power = products[0]
    scale = float32(1.0) / power if power > float32(0.0) else float32(0.0)
    for lag in range(len(products)):
        products[lag] *= scale
    return float64(power)


def predict(products, filter_, reflections):
    """The prediction error filter of an autocorrelation, by Levinson and Durbin. Returns the part of the power that it leaves."""
    for k in range(len(filter_)):
        filter_[k], reflections[k] = float32(0.0), float32(0.0)
    filter_[0] = float32(1.0)
    error = products[0]  # 1, to the last digit or two
    if error == float32(0.0):
        return 1.0
    for order in range(1, len(filter_)):
        total = products[order]
        for k in range(1, order):
            total += filter_[k] * products[order - k]
        reflection = -total / error
        left = error * (float32(1.0) - reflection * reflection)
        if left <= float32(0.0):  # all is predicted, but for rounding
            break
        reflections[order] = filter_[order] = reflection
        for k in range(1, order // 2 + 1):
            one, other = filter_[k], filter_[order - k]
            filter_[k] = one + reflection * other
            if k < order - k:
                filter_[order - k] = other + reflection * one
        error = left
    return float64(error)


class _Prediction:
    Order = config(11, minimum=1, maximum=SIZE - 1, doc="Number of coefficients, with the first one, which is 1.")
    buffer = in_port("AudioIn", AudioBuffer)
    model = out_port("LPModelOut", LPModel, order="Order", bins="bins")
    spectrum = out_port("SpectrumOut", Spectrum, bins="fewer_bins", doc="as CLAM's, which is smoother than the envelope of the model")

    class State:
        products: Array[float32]
        filter_: Array[float32]
        reflections: Array[float32]
        padded: Array[float64]
        work: Array[float64]
        real: Array[float64]
        imaginary: Array[float64]

    class Prepared:
        factors: Array[float64]
        turns: Array[float64]  # cosines, then sines, of the delay of one frame

    def ports():
        return {"bins": SIZE // 2 + 1, "fewer_bins": BINS}

    def initial(Order):
        bins = SIZE // 2 + 1
        sums = {name: np.zeros(Order, float32) for name in ("products", "filter_", "reflections")}
        return {**sums, "padded": np.zeros(SIZE), "work": fourier.workspace(SIZE), "real": np.zeros(bins), "imaginary": np.zeros(bins)}

    def prepare():
        angles = np.arange(BINS) * np.pi / (BINS - 1)
        return {"factors": fourier.table(SIZE), "turns": np.concatenate([np.cos(angles), np.sin(angles)])}

    def process(state, buffer, model, spectrum, sample_rate):
        samples, filter_ = buffer.samples, state.filter_
        power = correlate(samples, state.products)
        model.error = predict(state.products, filter_, state.reflections)
        model.top = spectrum.top = sample_rate / 2.0
        for k in range(min(len(model.coefficients), len(filter_))):
            model.coefficients[k], model.reflections[k] = filter_[k], state.reflections[k]
            state.padded[k] = filter_[k]
        fourier.forward(state.factors, state.work, state.padded, state.real, state.imaginary)
        gain = sqrt(power * model.error / max(len(samples), 1))
        for k in range(len(model.envelope)):
            power = state.real[k] * state.real[k] + state.imaginary[k] * state.imaginary[k]
            model.envelope[k] = float32(gain / sqrt(max(power, 1e-20)))
        for k in range(BINS):  # of 1 + the filter, a frame late
            real, imaginary = state.real[2 * k], state.imaginary[2 * k]
            cosine, sine = state.turns[k], state.turns[BINS + k]
            across, up = 1.0 + cosine * real + sine * imaginary, cosine * imaginary - sine * real
            power = max(across * across + up * up, 1e-20)
            state.real[k], state.imaginary[k] = across / power, up / power
        fourier.to_polar(state.real[:BINS], state.imaginary[:BINS], spectrum.magnitude, spectrum.phase)


@processing(category="Analysis", source="CLAM LPC_AutoCorrelation", synonyms=SYNONYMS)
class LPC_AutoCorrelation(_Prediction):
    """Linear prediction (LPC) of each buffer: a filter whose envelope shows the formants of a voice."""


@processing(category="[plugin] Speech (experimental, GSoC)", source="CLAM AbeLPC_Autocorrelation", synonyms=SYNONYMS)
class AbeLPC_Autocorrelation(_Prediction):
    """The same as `LPC_AutoCorrelation`, for CLAM's speech types."""

    model = out_port("LPModelOut", AbeLPModel, order="Order", bins="bins")
