"""Impulse responses from files, and their spectra, for partitioned convolution.

W. G. Gardner: Efficient convolution without input-output delay (1995), describes the method.
"""

from __future__ import annotations

import math

import numpy as np
from numpy import float32

from ...system import regular
from ...system.display import warn
from ..files._streams import frames_and_channels, opened, problem_of
from ..files.readers import read_channels, resampled

LONGEST = 60.0  # seconds
ROOM = 4  # seconds


def problem_of_response(path, channels, parameter="ImpulseResponse"):
    """Why a file cannot be an impulse response of these channels, or ``""``."""
    problem = problem_of(path, channels, parameter)
    if not problem and seconds_of(path) > LONGEST:
        return f"{path!r} is longer than {LONGEST:g} s, which is the longest impulse response. Cut it"
    return problem


def seconds_of(path):
    """The length of a file, in seconds; 0 if it cannot be read."""
    try:
        with opened(regular.open_to_read(path)) as file:
            return file.frames / file.samplerate
    except (OSError, RuntimeError, ValueError):
        return 0.0


def channels_in(path):
    """The number of channels of a file; 0 if it cannot be read."""
    try:
        return frames_and_channels(path)[1]
    except (OSError, RuntimeError, ValueError):
        return 0


def room_for(seconds, least=ROOM):
    """The whole seconds of the past that are kept for a response: as many for most others, so that they can follow without a gap."""
    room = least
    while room < seconds:
        room *= 2
    return room


def partitions_in(seconds, frame, sample_rate):
    """The number of pieces of `frame` samples in so many seconds."""
    return max(math.ceil(seconds * sample_rate / frame), 1)


def responses_in(paths, channels, sample_rate):
    """Channels of the impulse responses in some files, float32 ``(frames,)`` each: resampled to the network's rate, which is said once.

    They are filters, so their gain stays at another rate. A file that has a problem gives silence.
    """
    found, others = [], []
    for path in paths:
        if problem_of_response(path, channels):
            found += [np.zeros(1, float32) for _ in channels]
            continue
        held, rate = read_channels(path, channels)
        if rate != sample_rate:
            others.append((path, rate))
        found += list(resampled(held, rate, sample_rate) * float32(rate / sample_rate))
    if others:
        path, rate = others[0]
        more = f" and {len(others) - 1} more files" if len(others) > 1 else ""
        warn(f"{path!r}{more}: resampled from {rate:g} Hz to {sample_rate:g} Hz", stacklevel=4)
    return found


def spectra_of(response, frame, partitions=0):
    """The spectra of the pieces of a response: for each `frame` samples and as many zeros, the real parts, then the imaginary parts.

    Parameters
    ----------
    response : the samples of one channel.
    frame : the samples of a piece.
    partitions : the number of pieces; as many as the response has if it is 0.

    Returns
    -------
    Float32 ``(partitions, 2 * (frame + 1))``.
    """
    partitions = partitions or max(-(-len(response) // frame), 1)
    pieces = np.zeros((partitions, 2 * frame))
    held = np.zeros(partitions * frame)
    held[: min(len(response), len(held))] = response[: len(held)]
    pieces[:, :frame] = held.reshape(partitions, frame)
    spectra = np.fft.rfft(pieces, axis=1)
    return np.concatenate([spectra.real, spectra.imag], axis=1).astype(float32)


def shared_table(values):
    """An array that processings share, as nobody writes to it."""
    table = np.ascontiguousarray(values, float32).reshape(-1)
    table.flags.writeable = False
    return table


def add_product(total, one, other, bins):
    """Add the product of two spectra to a third one. Each is `bins` real parts, then `bins` imaginary parts."""
    for k in range(bins):
        a, b, c, d = one[k], one[bins + k], other[k], other[bins + k]
        total[k] += a * c - b * d
        total[bins + k] += a * d + b * c


def add_products(total, history, newest, spectra, first, begin, end, bins):
    """Add the products of the spectra of past pieces with those of a response, the newest with the first.

    Parameters
    ----------
    total : float32 ``(2 * bins,)``.
    history : the spectra of past pieces, float32 ``(capacity * 2 * bins,)``, in a circle.
    newest : which of them is the newest.
    spectra : those of the response.
    first : where they begin.
    begin, end : which of them to take, counted from the newest.
    bins : the bins of a spectrum.
    """
    width = 2 * bins
    capacity = len(history) // width
    for p in range(begin, end):
        past = (newest - p) % capacity * width
        own = first + p * width
        add_product(total, history[past : past + width], spectra[own : own + width], bins)
