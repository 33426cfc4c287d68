"""Window functions, as CLAM makes them, and the configurations of the generators that types hold."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from ...parameters import ParameterSpec

KAISER_BESSEL: Final = {"17": 1.7, "18": 1.8, "19": 1.9, "20": 2.0, "25": 2.5, "30": 3.0, "35": 3.5}
TERMS: Final = {
    "BlackmanHarris62": (0.44959, 0.49364, 0.05677, 0.0),
    "BlackmanHarris70": (0.42323, 0.49755, 0.07922, 0.0),
    "BlackmanHarris74": (0.40217, 0.49703, 0.09892, 0.00188),
    "BlackmanHarris92": (0.35875, 0.48829, 0.14128, 0.01168),
    "BlackmanHarrisLike": (0.35875, 0.48829, 0.14128, 0.01168),
    "Hamming": (0.54, 0.46, 0.0, 0.0),
}
"""The cosine terms of Harris (1978), On the use of windows for harmonic analysis with the discrete Fourier transform."""
WINDOWS: Final = (
    "None", *(f"KaiserBessel{number}" for number in KAISER_BESSEL), "BlackmanHarris74", "BlackmanHarris62", "BlackmanHarris70",
    "BlackmanHarris92", "Hamming", "Triangular", "BlackmanHarris92 MainLobe", "Gaussian", "BlackmanHarrisLike", "Sine", "Square",
)  # fmt: skip
NORMALS: Final = ("NoNormalization", "NormalizationForAnalysis", "NormalizationForConstantEnergy", "NormalizationForMaximizingMagnitude")


def window(shape: str, size: int, normal: str = "NormalizationForAnalysis", invert: bool = False) -> Any:
    """A window, float32 ``(size,)``. Inverted, it is what undoes the window, with 0 where that would be infinite, and at its end."""
    values = _shape(shape, size).astype(np.float32).astype(np.float64)
    total, most = values.sum() or 1.0, values.max() or 1.0  # of one or two frames all may be 0
    if normal == "NormalizationForAnalysis":
        values *= 2.0 / total
    elif normal == "NormalizationForConstantEnergy":
        values *= 2.0 * size / total
    elif normal == "NormalizationForMaximizingMagnitude":
        values /= most
    values = values.astype(np.float32)
    if invert:
        half = size // 2
        first = values[: half + 1]
        values[: half + 1] = np.divide(1.0, first, out=np.zeros(half + 1, np.float32), where=first != 0.0)
        values[size - half :] = values[:half][::-1]
        values[-1] = 0.0
    return values


def _shape(shape: str, size: int) -> Any:
    """The window before it is normalised."""
    last = max(size - 1, 1)
    turns = 2.0 * np.pi * np.arange(size) / last
    if shape in TERMS:
        return _cosines(TERMS[shape], turns[: (size + 1) // 2], size)
    if shape.startswith("KaiserBessel"):
        return np.kaiser(size, np.pi * KAISER_BESSEL[shape.removeprefix("KaiserBessel")])
    if shape == "BlackmanHarris92 MainLobe":
        return _main_lobe(TERMS["BlackmanHarris92"], 8.0 * np.arange(size) / last - 4.0)
    if shape == "Triangular":
        return 1.0 - np.abs(2.0 * np.arange(size) / last - 1.0)
    if shape == "Sine":
        return np.sin(0.5 * turns)
    if shape == "Gaussian":
        return np.exp(-0.5 * (2.5 * (2.0 * np.arange(size) / last - 1.0)) ** 2)
    return np.ones(size)


def _cosines(terms: tuple[float, ...], turns: Any, size: int) -> Any:
    """A sum of cosines with alternating signs, mirrored. Angles and cosines are float32, as in CLAM.

    The bins that hold next to nothing are what such a window leaves of the loud ones, down to its last digit.
    """
    half = sum(
        (-1) ** k * term * np.cos((k * turns).astype(np.float32).astype(np.float64)).astype(np.float32).astype(np.float64)
        for k, term in enumerate(terms)
    )
    return np.concatenate((half, half[: size // 2][::-1]))


def _main_lobe(terms: tuple[float, ...], bins: Any) -> Any:
    """The transform of a window that is a sum of cosines, so many bins from its middle, where it is 1."""
    sides = [term / 2.0 * (np.sinc(bins - k) + np.sinc(bins + k)) for k, term in enumerate(terms)]
    return sum(sides) / terms[0]


def generator(shape: str, size: int, normal: str = "NormalizationForAnalysis", invert: bool = False) -> dict[str, Any]:
    """The default of a nested configuration of a window generator."""
    return {
        "Type": ParameterSpec("Type", shape, "enum", choices=WINDOWS), "Size": size, "MaxSize": 0, "UseTable": True,
        "Normalize": ParameterSpec("Normalize", normal, "enum", choices=NORMALS), "Invert": invert,
    }  # fmt: skip


def whole(default: int, minimum: int, maximum: int, unit: str = "") -> ParameterSpec:
    """An integer of a nested configuration."""
    return ParameterSpec("", default, "int", minimum, maximum, unit=unit)


def power_of_two(size: int) -> int:
    """The power of two that is at least `size`."""
    return 1 << max(int(size) - 1, 0).bit_length()
