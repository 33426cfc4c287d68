"""The compiled Fourier transforms, beside numpy's."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

import numpy as np
import pytest

from ipyclam_core.declare import fourier
from ipyclam_core.dsp import kernels

SIZES = (*range(1, 130), 480, 512, 882, 960, 1000, 1021, 1024, 1025, 1078, 1920, 2042, 2048, 2049, 2187, 4095, 8192, 11025, 44100)


@cache
def kernel(name: str) -> Any:
    return ctypes.CFUNCTYPE(None, *[ctypes.c_int64] * 7)(kernels.transform(name))


def run(name: str, samples: np.ndarray, real: np.ndarray, imaginary: np.ndarray) -> None:
    table, room = fourier.table(len(samples)), fourier.workspace(len(samples))
    single, narrow = int(samples.dtype == np.float32), int(real.dtype == np.float32)
    addresses = [array.ctypes.data for array in (table, room, samples, real, imaginary)]
    kernel(name)(*addresses[:3], single, *addresses[3:], narrow)


@pytest.mark.parametrize("size", SIZES)
def test_transforms_of_any_size_are_exact(size: int) -> None:
    samples = np.random.default_rng(size).standard_normal(size)
    expected = np.fft.rfft(samples)
    real, imaginary, back = np.zeros(len(expected)), np.zeros(len(expected)), np.zeros(size)
    run("forward", samples, real, imaginary)
    assert np.abs(real + 1j * imaginary - expected).max() < 1e-13 * size**0.5 * np.log2(size + 1)
    run("inverse", back, real, imaginary)
    assert np.abs(back - samples).max() < 1e-14 * np.log2(size + 1) * 4


@pytest.mark.parametrize("size", [480, 512, 441, 1021])
def test_arrays_of_float32_are_transformed_as_exactly(size: int) -> None:
    samples = np.random.default_rng(0).standard_normal(size).astype(np.float32)
    expected = np.fft.rfft(samples.astype(float))
    real, imaginary, back = (np.zeros(length, np.float32) for length in (len(expected), len(expected), size))
    run("forward", samples, real, imaginary)
    np.testing.assert_array_equal(real, expected.real.astype(np.float32))
    run("inverse", back, real, imaginary)
    np.testing.assert_allclose(back, samples, atol=1e-6)


@pytest.mark.parametrize("size", [1, 2, 441, 1000, 1021, 4096])
def test_a_transform_writes_nowhere_else(size: int) -> None:
    bins, guard = size // 2 + 1, 64
    real, imaginary, back = (np.full(length + guard, 7.0) for length in (bins, bins, size))
    samples = np.random.default_rng(0).standard_normal(size)
    table, room = fourier.table(size), np.full(len(fourier.workspace(size)) + guard, 7.0)
    kernel("forward")(*(a.ctypes.data for a in (table, room, samples)), 0, real.ctypes.data, imaginary.ctypes.data, 0)
    kernel("inverse")(*(a.ctypes.data for a in (table, room, back)), 0, real.ctypes.data, imaginary.ctypes.data, 0)
    np.testing.assert_allclose(back[:size], samples, atol=1e-12)
    for array in (real, imaginary, back, room):
        assert (array[-guard:] == 7.0).all()
