"""SVG plots of samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .words import escaped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

WIDTH, HEIGHT, LEFT, BELOW = 640, 200, 52, 22
LINE, GRID, WORDS = "#1667b7", "#d5dbe1", "#66727f"
FONT = "font-family=\"'DejaVu Sans', Verdana, Arial, sans-serif\""


def svg(samples: NDArray[np.float32], title: str = "", marks: Sequence[tuple[float, str]] = ()) -> str:
    """An SVG plot of samples. It draws minimum and maximum of each pixel column, so that no peak is lost.

    The `marks` of the horizontal axis are places from 0 to 1 with their words, by default the numbers of samples.
    """
    finite = np.nan_to_num(np.asarray(samples, np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    low, high = limits(finite)
    room = WIDTH - LEFT - 12
    x, y = extremes(finite, room)
    points = " ".join(f"{LEFT + a:.1f},{_row(b, low, high):.1f}" for a, b in zip(x, y, strict=True))
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" {FONT} font-size="10">',
        '<rect width="100%" height="100%" rx="8" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="14" font-size="12" fill="{WORDS}">{escaped(title)}</text>',
    ]
    for value in sorted({low, 0.0, high}):
        row = _row(value, low, high)
        lines.append(f'<path d="M{LEFT} {row:.1f} H{WIDTH - 12}" stroke="{GRID}"/>')
        lines.append(f'<text x="{LEFT - 6}" y="{row + 3.5:.1f}" text-anchor="end" fill="{WORDS}">{value:.3g}</text>')
    for share, words in marks or [(k / 4, str(round((len(finite) - 1) * k / 4))) for k in range(5)]:
        anchor = "start" if share == 0 else "end" if share == 1 else "middle"
        lines.append(f'<text x="{LEFT + room * share:.1f}" y="{HEIGHT - 6}" text-anchor="{anchor}" fill="{WORDS}">{escaped(words)}</text>')
    lines.append(f'<polyline points="{points}" fill="none" stroke="{LINE}" stroke-width="1.2" stroke-linejoin="round"/>')
    return "\n".join([*lines, "</svg>"]) + "\n"


def limits(samples: NDArray[np.float64]) -> tuple[float, float]:
    """The range of the vertical axis: it contains 0 and is never empty."""
    low, high = min(float(samples.min()), 0.0), max(float(samples.max()), 0.0)
    return (low, high) if high - low > 1e-9 else (-1.0, 1.0)


def extremes(samples: NDArray[np.float64], columns: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Positions ``0 ... columns`` and values of a line: all samples, or minimum and maximum of each column if there are more than two."""
    count = len(samples)
    places = np.arange(count) * columns / max(count - 1, 1)
    if count <= 2 * columns:
        return places, samples
    edges = np.arange(columns) * count // columns
    pairs = np.stack([np.minimum.reduceat(samples, edges), np.maximum.reduceat(samples, edges)], axis=1)
    # minimum first where the wave rises, so that the line does not zigzag
    falls = samples[edges] > samples[np.append(edges[1:], count) - 1]
    pairs[falls] = pairs[falls, ::-1]
    return np.repeat(np.arange(columns) + 0.5, 2), pairs.ravel()


def _row(value: float, low: float, high: float) -> float:
    return 22 + (high - value) / (high - low) * (HEIGHT - BELOW - 28)
