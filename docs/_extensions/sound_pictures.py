"""The picture of a sound: its waveform, 20 ms of it, and its spectrogram. Its colours suit light and dark pages."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np

from ipyclam_core.pictures import plot

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

WIDTH, LEFT, RIGHT = 720, 48, 8
ROOM = WIDTH - LEFT - RIGHT
WAVE, MAP = 70, 120
"""Heights of a waveform, and of the spectrogram."""
GAP = 26
INK, LINE, WORDS = (56, 139, 216), "#388bd8", "#7b8794"
DETAIL = 0.02
"""Seconds of the second waveform."""
WINDOW, HOP = 2048, 256
LOWEST, HIGHEST = 40.0, 20000.0
FLOOR = -80.0
"""dB below the loudest that are drawn."""
MARKS = {100: "100", 1000: "1k", 10000: "10k"}


def svg(samples: Samples, rate: int) -> str:
    """The picture of one channel."""
    seconds = len(samples) / rate
    count = round(DETAIL * rate)
    begin = min(max(loudest(samples, count), 0), len(samples) - count)
    tops = [GAP, 2 * GAP + WAVE, 3 * GAP + 2 * WAVE]
    height = tops[2] + MAP + 22
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="11" fill="{WORDS}">',
        *waveform(samples, tops[0], f"{seconds:g} s"),
        *waveform(samples[begin : begin + count], tops[1], f"{DETAIL * 1000:g} ms of it, at {begin / rate:.2f} s"),
        *spectrogram(samples, rate, tops[2]),
        *(
            f'<text x="{LEFT + ROOM * share:.0f}" y="{height - 6}" text-anchor="{anchor}">{seconds * share:g} s</text>'
            for share, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end"))
        ),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def loudest(samples: Samples, count: int) -> int:
    """Where the loudest block begins."""
    blocks = np.square(samples[: len(samples) // count * count].reshape(-1, count)).sum(axis=1)
    return int(blocks.argmax()) * count


def waveform(samples: Samples, top: int, title: str) -> list[str]:
    low, high = plot.limits(samples.astype(np.float64))
    x, y = plot.extremes(samples.astype(np.float64), ROOM)
    rows = top + (high - y) / (high - low) * WAVE
    zero = top + high / (high - low) * WAVE
    points = " ".join(f"{LEFT + a:.1f},{b:.1f}" for a, b in zip(x, rows, strict=True))
    return [
        f'<text x="{LEFT}" y="{top - 8}">{title}</text>',
        f'<text x="{LEFT - 6}" y="{zero + 4:.1f}" text-anchor="end">0</text>',
        f'<path d="M{LEFT} {zero:.1f} h{ROOM}" stroke="{WORDS}" stroke-opacity="0.5"/>',
        f'<polyline points="{points}" fill="none" stroke="{LINE}" stroke-width="1" stroke-linejoin="round"/>',
    ]


def spectrogram(samples: Samples, rate: int, top: int) -> list[str]:
    image = base64.b64encode(png(levels(samples, rate))).decode()
    marks = [
        f'<text x="{LEFT - 6}" y="{top + MAP - MAP * place(mark) + 4:.1f}" text-anchor="end">{words}</text>'
        for mark, words in MARKS.items()
    ]
    return [
        f'<text x="{LEFT}" y="{top - 8}">Spectrogram (Hz)</text>',
        f'<image x="{LEFT}" y="{top}" width="{ROOM}" height="{MAP}" preserveAspectRatio="none" href="data:image/png;base64,{image}"/>',
        f'<rect x="{LEFT}" y="{top}" width="{ROOM}" height="{MAP}" fill="none" stroke="{WORDS}" stroke-opacity="0.5"/>',
        *marks,
    ]


def place(frequency: float) -> float:
    """Where a frequency is on the axis: 0 is the bottom, 1 the top."""
    return float(np.log(frequency / LOWEST) / np.log(HIGHEST / LOWEST))


def levels(samples: Samples, rate: int) -> NDArray[np.uint8]:
    """The spectrogram as levels from 0 to 15, the highest frequency first."""
    padded = np.pad(samples.astype(np.float64), WINDOW // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP] * np.hanning(WINDOW)
    power = np.square(np.abs(np.fft.rfft(frames, axis=1)))
    edges = LOWEST * (HIGHEST / LOWEST) ** (np.arange(MAP + 1) / MAP) * WINDOW / rate
    shares = np.diff(np.clip(edges - np.arange(power.shape[1])[:, None], 0.0, 1.0), axis=1)  # of each bin in each row
    bands = power @ shares
    decibels = 10.0 * np.log10(np.maximum(bands / max(bands.max(), 1e-30), 1e-30))
    return np.round(np.clip(1.0 - decibels / FLOOR, 0.0, 1.0) * 15).astype(np.uint8).T[::-1]


def png(pixels: NDArray[np.uint8]) -> bytes:
    """A PNG of 16 levels, from transparent to the ink."""
    rows, columns = pixels.shape
    pairs = np.pad(pixels, ((0, 0), (0, columns % 2)))
    packed = (pairs[:, 0::2] << 4) | pairs[:, 1::2]
    data = np.concatenate([np.zeros((rows, 1), np.uint8), packed], axis=1).tobytes()
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", columns, rows, 4, 3, 0, 0, 0)),
        (b"PLTE", bytes(INK) * 16),
        (b"tRNS", bytes(17 * level for level in range(16))),
        (b"IDAT", zlib.compress(data, 9)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content)) for name, content in chunks
    )
