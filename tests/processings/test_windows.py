"""Window functions, of every shape: what their names promise."""

from __future__ import annotations

import numpy as np
import pytest

from ipyclam_core.processings.spectra._windows import NORMALS, WINDOWS, window

SIZE = 513


@pytest.mark.parametrize("shape", WINDOWS)
def test_a_window_is_the_same_from_both_ends_and_largest_in_its_middle(shape: str) -> None:
    values = window(shape, SIZE, "NoNormalization")
    np.testing.assert_allclose(values, values[::-1], atol=1e-6)
    assert values.argmax() == (SIZE // 2 if np.ptp(values) else 0)
    assert values.max() == pytest.approx(1.0, abs=2e-4)


@pytest.mark.parametrize("normal", NORMALS)
@pytest.mark.parametrize("shape", WINDOWS)
def test_a_window_of_any_size_is_finite(shape: str, normal: str) -> None:
    for size in (1, 2, 3, 4, 5, 64):
        for invert in (False, True):
            values = window(shape, size, normal, invert)
            assert len(values) == size
            assert values.dtype == np.float32
            assert np.isfinite(values).all()


def test_a_window_is_normalised() -> None:
    assert window("Hamming", SIZE).sum() == pytest.approx(2.0, rel=1e-5)
    assert window("Hamming", SIZE, "NormalizationForConstantEnergy").sum() == pytest.approx(2.0 * SIZE, rel=1e-5)
    assert window("Hamming", SIZE, "NormalizationForMaximizingMagnitude").max() == 1.0


HIGHEST = {
    "BlackmanHarris62": -62, "BlackmanHarris70": -70, "BlackmanHarris74": -74, "BlackmanHarris92": -92, "Hamming": -43,
    "KaiserBessel20": -46, "KaiserBessel25": -57, "KaiserBessel30": -69, "KaiserBessel35": -82,
}  # fmt: skip
"""The highest side lobe in decibels, after Harris (1978), table 1 and its text."""


@pytest.mark.parametrize("shape", HIGHEST)
def test_the_side_lobes_are_as_low_as_the_name_says(shape: str) -> None:
    spectrum = np.abs(np.fft.rfft(window(shape, SIZE, "NoNormalization").astype(float), 32 * SIZE))
    main = int(np.flatnonzero(np.diff(spectrum) > 0.0)[0])
    assert 20.0 * np.log10(spectrum[main:].max() / spectrum[0]) == pytest.approx(HIGHEST[shape], abs=1.2)


def test_the_main_lobe_is_that_of_the_transform_of_the_window() -> None:
    finer = 64
    whole = window("BlackmanHarris92", 4097, "NoNormalization")[:-1].astype(float)
    spectrum = np.abs(np.fft.rfft(whole, finer * len(whole)))[: 4 * finer + 1]
    lobe = window("BlackmanHarris92 MainLobe", 8 * finer + 1, "NoNormalization")
    np.testing.assert_allclose(lobe[4 * finer :], spectrum / spectrum[0], atol=1e-5)


def test_an_inverted_window_undoes_it() -> None:
    straight, inverse = window("Hamming", SIZE), window("Hamming", SIZE, invert=True)
    np.testing.assert_allclose((straight * inverse)[:-1], 1.0, rtol=1e-5)
