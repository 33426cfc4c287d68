"""Convolution with recorded impulse responses, without latency: a room, a plate, a loudspeaker cabinet."""

from __future__ import annotations

import itertools
import math

import numpy as np
from numpy import float32, float64, int64

from ...declare import Array, config, fourier, in_control, in_port, out_port, processing
from .._limits import limited
from ..spectra._responses import (
    add_products,
    channels_in,
    problem_of_response,
    responses_in,
    room_for,
    seconds_of,
    shared_table,
    spectra_of,
)

SMALL = 64  # frames of the pieces in the first part of the response
LARGE = 512  # frames of the pieces in the rest of it
TURNS = LARGE // SMALL  # the work for a large piece is done in so many parts
AHEAD = 2 * LARGE  # where the rest begins: its pieces can wait for one large piece
NEAR = 2 * (SMALL + 1)  # numbers of a small spectrum
FAR = 2 * (LARGE + 1)
EARS = 2
DECIBELS = 60.0  # by which the built-in room decays
LOUDEST = 1e6  # a NaN would be heard for as long as the room sounds
_numbers = itertools.count(1)  # of responses


def decaying_noise(seconds, sample_rate):
    """The impulse response of a plain room, for two ears: noise that decays by 60 dB, float32 ``(2, frames)``."""
    frames = max(math.ceil(seconds * sample_rate), 1)
    noise = np.random.default_rng(1).standard_normal((EARS, frames))
    return (noise * 10.0 ** (-DECIBELS / 20.0 * np.arange(frames) / frames)).astype(float32)


def response_of(path, decay, normalize, sample_rate):
    """The impulse response to play: that of a file, or of the built-in room."""
    channels = range(min(max(channels_in(path), 1), EARS))
    response = np.array(responses_in([path], channels, sample_rate)) if path else decaying_noise(decay, sample_rate)
    loudest = float(np.sqrt((response.astype(float64) ** 2).sum(axis=1)).max()) if normalize else 1.0
    return (response / (loudest or 1.0)).astype(float32)


def cut(response, begin, end):
    """The frames of a response from `begin` to `end`, with zeros behind its last."""
    part = response[:, begin:end]
    return np.pad(part, ((0, 0), (0, end - begin - part.shape[1])))


@processing(
    category="ipyclam",
    source="W. G. Gardner: Efficient convolution without input-output delay (1995)",
    synonyms=("convolver", "room", "hall", "space", "reverberation", "impulse response", "ir", "cabinet", "fir", "wav"),
)
class ConvolutionReverb:
    """Puts a sound into a room: convolution with an impulse response, from an audio file. It has no latency.

    Choose a recording of a room's response with `ImpulseResponse`: mono, or stereo for left and right. Without a file it is noise
    that decays within `Decay`. Other things have impulse responses too, such as guitar cabinets, plates and telephones.
    """

    NumberOfInputs = config(
        1, minimum=1, maximum=2, doc="1 for mono, 2 for stereo: left and right then have a channel of the response each"
    )
    file = config("", "ImpulseResponse", type="file", keeps=True, doc="an audio file of one or two channels; resampled if its rate differs")
    Decay = config(2.0, minimum=0.01, maximum=60.0, unit="s", doc="RT60 of the built-in room, which is used while no file is chosen")
    Normalize = config(True, doc="make the wet signal of noise as loud as the dry one; otherwise the response is used as it is")
    InitialMix = config(0.3, minimum=0.0, maximum=1.0)
    inputs = in_port("Audio Input", count="NumberOfInputs")
    left = out_port("Left")
    right = out_port("Right")
    mix = in_control("Mix", 0.3, 0.0, 1.0, from_config="InitialMix", smooth=True, doc="0 is dry, 1 is wet")

    class State:
        place: int64  # frames of the small piece that are there
        turn: int64  # small pieces of the large one that are there
        newest: int64  # the newest small spectrum
        newest_far: int64  # the newest large spectrum
        number: int64  # of the response that is heard
        line: Array[float32]  # for each input the last small piece, and the one that is being filled
        gathered: Array[float32]  # for each input the large piece
        history: Array[float32]
        far_history: Array[float32]
        wet: Array[float32]  # for each ear
        near: Array[float32]
        far: Array[float32]
        totals: Array[float32]
        spectrum: Array[float32]
        work: Array[float64]
        far_work: Array[float64]
        piece: Array[float32]
        far_piece: Array[float32]

    class Prepared:
        own_number: int64
        channels: int64
        head: Array[float32]
        spectra: Array[float32]
        far_spectra: Array[float32]
        partitions: int64
        factors: Array[float64]
        far_factors: Array[float64]

    def problem(file):
        if not file:
            return ""
        held = channels_in(file)
        if held > EARS:
            return f"{file!r} has {held} channels: a reverb has 1 or 2. ImpulseResponseLoader reads the first of more, or four of B-format"
        return problem_of_response(file, [0])

    def initial(NumberOfInputs, file, Decay, sample_rate):
        rows = rows_for(seconds_of(file) if file else Decay, sample_rate)
        return {
            "line": np.zeros(NumberOfInputs * 2 * SMALL, float32),
            "gathered": np.zeros(NumberOfInputs * LARGE, float32),
            "history": np.zeros(NumberOfInputs * AHEAD // SMALL * NEAR, float32),
            "far_history": np.zeros(NumberOfInputs * rows * FAR, float32),
            "wet": np.zeros(EARS * SMALL, float32),
            "near": np.zeros(EARS * 2 * SMALL, float32),
            "far": np.zeros(EARS * 2 * LARGE, float32),
            "totals": np.zeros(EARS * FAR, float32),
            "spectrum": np.zeros(NEAR, float32),
            "work": fourier.workspace(2 * SMALL),
            "far_work": fourier.workspace(2 * LARGE),
            "piece": np.zeros(2 * SMALL, float32),
            "far_piece": np.zeros(2 * LARGE, float32),
        }

    def prepare(file, Decay, Normalize, sample_rate):
        response = response_of(file, Decay, Normalize, sample_rate)
        count = far_partitions(response.shape[1])
        near, far = cut(response, SMALL, AHEAD), cut(response, AHEAD, AHEAD + count * LARGE)
        return {
            "own_number": next(_numbers),
            "channels": len(response),
            "head": shared_table(cut(response, 0, SMALL)),
            "spectra": shared_table([spectra_of(channel, SMALL) for channel in near]),
            "far_spectra": shared_table([spectra_of(channel, LARGE) for channel in far]),
            "partitions": count,
            "factors": fourier.table(2 * SMALL),
            "far_factors": fourier.table(2 * LARGE),
        }

    def process(state, inputs, left, right, mix, frames):
        start = mix[0] if state.number else mix[1]
        rise = (mix[1] - start) / frames
        count = min(len(inputs), EARS)
        ears = max(count, state.channels)
        if state.number != state.own_number:
            state.number = state.own_number
            begin_again(state, count, ears)
        done = 0
        while done < frames:
            size = min(frames - done, SMALL - state.place)
            for m in range(count):
                begin = (2 * m + 1) * SMALL + state.place
                for i in range(size):
                    state.line[begin + i] = limited(inputs[m][done + i], -LOUDEST, LOUDEST)
            for ear in range(ears):
                hear(state, ear, min(ear, count - 1), min(ear, state.channels - 1), size)
            first, second = state.wet[0:SMALL], state.wet[(ears - 1) * SMALL : ears * SMALL]
            dry, other = inputs[0], inputs[count - 1]
            for i in range(size):
                share = start + rise * (done + i + 1)
                left[done + i] = dry[done + i] + (first[i] - dry[done + i]) * share
                right[done + i] = other[done + i] + (second[i] - other[done + i]) * share
            state.place += size
            done += size
            if state.place == SMALL:
                finish_small(state, count, ears)


def rows_for(seconds, sample_rate):
    """The number of large pieces that are kept for a response. It is that of many others too, so that they can follow without a gap."""
    return far_partitions(math.ceil(room_for(seconds) * sample_rate)) + 3  # the newest is not heard yet, and `begin_again` hears two more


def far_partitions(frames):
    """The number of large pieces in a response of so many frames; at least one."""
    return max(-(-(frames - AHEAD) // LARGE), 1)


def hear(state, ear, m, channel, size):
    """What an ear hears of input `m` for the next frames: the first frames of the response directly, the others from pieces before."""
    wet = state.wet[ear * SMALL : (ear + 1) * SMALL]
    near = state.near[2 * ear * SMALL + state.place : (2 * ear + 1) * SMALL]
    at = state.turn * SMALL + state.place
    far = state.far[2 * ear * LARGE + at : (2 * ear + 1) * LARGE]
    for i in range(size):
        wet[i] = near[i] + far[i]
    head = state.head[channel * SMALL : (channel + 1) * SMALL]
    newest = (2 * m + 1) * SMALL + state.place
    for k in range(SMALL):
        tap, heard = head[k], state.line[newest - k : newest - k + size]
        for i in range(size):
            wet[i] += tap * heard[i]


def clear(row):
    """Make all numbers 0."""
    for k in range(len(row)):
        row[k] = float32(0.0)


def put_piece(row, piece):
    """Put a piece behind the one before, of which the rest is still heard."""
    size = len(row) // 2
    for i in range(size):
        row[i], row[size + i] = row[size + i] + piece[i], piece[size + i]


def play_small(state, ear, m, channel, back):
    """Compute the small piece that an ear hears next; or, if it begins `back` pieces ago, one from before."""
    width, pieces = NEAR, AHEAD // SMALL
    total, history = state.spectrum, state.history[m * pieces * width : (m + 1) * pieces * width]
    clear(total)
    add_products(total, history, state.newest - back, state.spectra, channel * (pieces - 1) * width, 0, pieces - 1, SMALL + 1)
    fourier.inverse(state.factors, state.work, total[0 : SMALL + 1], total[SMALL + 1 : width], state.piece)
    put_piece(state.near[2 * ear * SMALL : 2 * (ear + 1) * SMALL], state.piece)


def add_large(state, ear, m, channel, count, back, begin, end):
    """Add some of the products for a large piece."""
    size = len(state.far_history) // count
    total, history = state.totals[ear * FAR : (ear + 1) * FAR], state.far_history[m * size : (m + 1) * size]
    add_products(total, history, state.newest_far - back, state.far_spectra, channel * state.partitions * FAR, begin, end, LARGE + 1)


def play_large(state, ear):
    """Make the large piece that an ear hears next of the products."""
    total = state.totals[ear * FAR : (ear + 1) * FAR]
    fourier.inverse(state.far_factors, state.far_work, total[0 : LARGE + 1], total[LARGE + 1 : FAR], state.far_piece)
    put_piece(state.far[2 * ear * LARGE : 2 * (ear + 1) * LARGE], state.far_piece)
    clear(total)


def begin_again(state, count, ears):
    """With another response: compute what is heard of all that was heard before."""
    clear(state.near)
    clear(state.far)
    clear(state.totals)
    for ear in range(ears):
        m, channel = min(ear, count - 1), min(ear, state.channels - 1)
        for back in range(1, -1, -1):
            play_small(state, ear, m, channel, back)
            add_large(state, ear, m, channel, count, back + 1, 0, state.partitions)
            play_large(state, ear)
        add_large(state, ear, m, channel, count, 0, 0, state.partitions * state.turn // TURNS)


def finish_small(state, count, ears):
    """A small piece is complete: compute what the next one hears of it and of those before."""
    pieces = AHEAD // SMALL
    state.place = 0
    state.newest = (state.newest + 1) % pieces
    for m in range(count):
        line = state.line[2 * m * SMALL : 2 * (m + 1) * SMALL]
        gathered = state.gathered[m * LARGE + state.turn * SMALL : m * LARGE + (state.turn + 1) * SMALL]
        for i in range(SMALL):
            state.piece[i], state.piece[SMALL + i] = line[SMALL + i], float32(0.0)
            gathered[i] = line[i] = line[SMALL + i]
        begin = (m * pieces + state.newest) * NEAR
        row = state.history[begin : begin + NEAR]
        fourier.forward(state.factors, state.work, state.piece, row[0 : SMALL + 1], row[SMALL + 1 : NEAR])
    turn = state.turn
    for ear in range(ears):
        m, channel = min(ear, count - 1), min(ear, state.channels - 1)
        play_small(state, ear, m, channel, 0)
        add_large(state, ear, m, channel, count, 0, state.partitions * turn // TURNS, state.partitions * (turn + 1) // TURNS)
    state.turn += 1
    if state.turn == TURNS:
        finish_large(state, count, ears)


def finish_large(state, count, ears):
    """A large piece is complete: it is heard one large piece later, so that there is time to compute that in turns."""
    rows = len(state.far_history) // (count * FAR)
    state.turn = 0
    for ear in range(ears):
        play_large(state, ear)
    state.newest_far = (state.newest_far + 1) % rows
    for m in range(count):
        for i in range(LARGE):
            state.far_piece[i], state.far_piece[LARGE + i] = state.gathered[m * LARGE + i], float32(0.0)
        begin = (m * rows + state.newest_far) * FAR
        row = state.far_history[begin : begin + FAR]
        fourier.forward(state.far_factors, state.far_work, state.far_piece, row[0 : LARGE + 1], row[LARGE + 1 : FAR])
