"""Sounds that another program has taken apart into sinusoids and a residual, from SDIF files."""

from __future__ import annotations

import numpy as np
from numpy import float32, int64

from ...data.sinusoids import Fundamental, Peaks
from ...data.spectra import BINS, Spectrum
from ...declare import Array, config, out_port, processing
from ._sdif import COLUMNS, NO_FILE, PITCH, RESIDUAL, SINES, decibels, in_order, problem_of_sdif, readable_model

LARGEST = 1e9
KEPT = "Kept for CLAM's files."


@processing(
    category="Audio File I/O", source="CLAM SDIFInStreaming", synonyms=("file", "sinusoids", "partials", "resynthesis", "spear", "player")
)
class SDIFInStreaming:
    """Plays an SDIF file: the sinusoids, the fundamental frequency and the residual of a sound, for `SMSSynthesis`.

    Each call puts out the next moment of the file. So the synthesis needs the hop of the analysis that wrote it; with a longer one,
    the sound is stretched in time, and its pitch stays. After the end of the file there is silence.
    """

    SpectralRange = config(22050.0, minimum=1.0, maximum=1e6, unit="Hz", doc="the frequency of the highest bin of the residual")
    MaxNumPeaks = config(100, minimum=1, maximum=1 << 14, doc="sinusoids at a moment; more are left out, from the highest on")
    EnableResidual = config(True, doc="put out the residual")
    EnablePeakArray = config(True, doc="put out the sinusoids")
    EnableFundFreq = config(True, doc="put out the fundamental frequency")
    FileName = config(NO_FILE, type="file")
    RelativePeakIndices = config(True, doc=KEPT)
    NumberOfFramesToPreload = config(None, type="int", optional=True, doc=KEPT)
    NumberOfFramesToLoad = config(None, type="int", optional=True, doc=KEPT)
    fundamental = out_port("Fundamental", Fundamental, candidates=1)
    residual = out_port("Residual Spectrum", Spectrum, bins="bins")
    peaks = out_port("Sinusoidal Peaks", Peaks, peaks="MaxNumPeaks")

    class State:
        moment: int64

    class Prepared:
        pitches: Array[float32]
        pitch_begins: Array[int64]
        sines: Array[float32]
        sine_begins: Array[int64]
        magnitudes: Array[float32]
        phases: Array[float32]
        residual_begins: Array[int64]

    def problem(FileName):
        return problem_of_sdif(FileName)

    def ports(FileName):
        model = readable_model(FileName)
        return {"bins": (model.most(RESIDUAL) if model else 0) or BINS}

    def prepare(FileName):
        model = readable_model(FileName)
        rows = model.rows if model else {kind: np.zeros((0, columns)) for kind, columns in COLUMNS.items()}
        begins = model.begins if model else dict.fromkeys(COLUMNS, np.zeros(1, np.int64))
        sines = rows[SINES][in_order(rows[SINES], begins[SINES])]
        sines[:, 2] = decibels(sines[:, 2])
        bins = rows[RESIDUAL][:, 0] + 1j * rows[RESIDUAL][:, 1]
        return {
            "pitches": floats(rows[PITCH]), "pitch_begins": begins[PITCH], "sines": floats(sines), "sine_begins": begins[SINES],
            "magnitudes": floats(np.abs(bins)), "phases": floats(np.angle(bins)), "residual_begins": begins[RESIDUAL],
        }  # fmt: skip

    def process(state, fundamental, residual, peaks, SpectralRange, EnableResidual, EnablePeakArray, EnableFundFreq):
        moment = state.moment
        residual.top, fundamental.count, peaks.count = SpectralRange, 0, 0
        for k in range(len(residual.magnitude)):
            residual.magnitude[k] = residual.phase[k] = 0.0
        if moment >= len(state.sine_begins) - 1:
            return
        state.moment = moment + 1
        if EnableFundFreq and state.pitch_begins[moment + 1] > state.pitch_begins[moment]:
            row = 2 * state.pitch_begins[moment]
            fundamental.frequency[0] = state.pitches[row]
            fundamental.error[0] = max(float32(1.0) - state.pitches[row + 1], float32(0.0))
            fundamental.count = 1 if state.pitches[row] > 0.0 else 0
        if EnablePeakArray:
            count = min(state.sine_begins[moment + 1] - state.sine_begins[moment], len(peaks.frequency))
            for k in range(count):
                row = 4 * (state.sine_begins[moment] + k)
                peaks.track[k], peaks.frequency[k] = state.sines[row], state.sines[row + 1]
                peaks.magnitude[k], peaks.phase[k] = state.sines[row + 2], state.sines[row + 3]
                peaks.position[k] = float32(peaks.frequency[k] * (len(residual.magnitude) - 1) / SpectralRange)
            peaks.count = count
        if EnableResidual:
            begin = state.residual_begins[moment]
            for k in range(min(state.residual_begins[moment + 1] - begin, len(residual.magnitude))):
                residual.magnitude[k], residual.phase[k] = state.magnitudes[begin + k], state.phases[begin + k]


def floats(values):
    """Numbers one after the other, as float32."""
    return np.clip(values, -LARGEST, LARGEST).astype(float32).reshape(-1)
