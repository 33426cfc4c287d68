"""Impulse responses from files and folders, and what is made of them."""

from __future__ import annotations

import os
import re

import numpy as np
from numpy import float32, float64, int64

from ...data.impulse_responses import ImpulseResponse
from ...declare import Array, Table, config, in_control, in_port, out_port, processing
from ...system.given import fault_of_path
from .._limits import limited
from ._responses import (
    partitions_in,
    problem_of_response,
    responses_in,
    room_for,
    seconds_of,
    shared_table,
    spectra_of,
)

SPATIAL = "[plugin] 3D Audio"
SYNONYMS = ("convolution", "reverb", "room", "ir", "file", "wav")
PIECES = "The frames of a piece: those of the convolution."


def loaded(paths, channels, frame, sample_rate):
    """The spectra of several responses one after the other, of as many pieces each, and the number of pieces."""
    responses = responses_in(paths, channels, sample_rate)
    partitions = max([1, *(-(-len(response) // frame) for response in responses)])
    return shared_table([spectra_of(response, frame, partitions) for response in responses]), partitions


@processing(category=SPATIAL, source="CLAM ImpulseResponseLoader", synonyms=SYNONYMS)
class ImpulseResponseLoader:
    """An impulse response from an audio file, for `LowLatencyConvolution`. Of a file with several channels it is the first one.

    A file in B-format has four channels, which come out at `W`, `X`, `Y` and `Z`. The file is resampled if its rate differs from the
    network's.
    """

    FrameSize = config(512, minimum=1, maximum=1 << 16, unit="frames", doc=PIECES)
    file = config("", "ImpulseResponse", type="file", doc="The audio file.")
    IsBFormatFile = config(False, doc="The file has the four channels W, X, Y and Z.")
    outputs = out_port("{}", ImpulseResponse, count="channels", names=("W", "X", "Y", "Z"), seconds="seconds", bins="bins")

    class Prepared:
        responses: Table
        partitions: float

    def problem(file, IsBFormatFile):
        return problem_of_response(file, range(4) if IsBFormatFile else [0])

    def ports(FrameSize, file, IsBFormatFile):
        return {
            "channels": ("W", "X", "Y", "Z") if IsBFormatFile else ("W",),
            "seconds": room_for(seconds_of(file)),
            "bins": FrameSize + 1,
        }

    def prepare(FrameSize, file, IsBFormatFile, sample_rate):
        responses, partitions = loaded([file], range(4) if IsBFormatFile else [0], FrameSize, sample_rate)
        return {"responses": responses, "partitions": partitions}

    def process(state, outputs, FrameSize):
        for k in range(len(outputs)):
            put_response(state.responses, k, state.partitions, FrameSize, outputs[k])


@processing(category=SPATIAL, source="CLAM ImpulseResponseInterpolator", synonyms=("crossfade", "mix", "morph", *SYNONYMS))
class ImpulseResponseInterpolator:
    """A mixture of two impulse responses: `Position` 1 is the first one, 0 the second one."""

    FrameSize = config(512, minimum=1, maximum=1 << 16, unit="frames", doc=PIECES)
    MaxNFrames = config(1000, minimum=1, maximum=1 << 20, doc="The most pieces of the mixture.")
    one = in_port("Input1", ImpulseResponse)
    two = in_port("Input2", ImpulseResponse)
    output = out_port("Output", ImpulseResponse, seconds="one.seconds", bins="bins")
    position = in_control("Position", 0.5, 0.0, 1.0)

    class State:
        mixed: Table

    def ports(FrameSize):
        return {"bins": FrameSize + 1}

    def initial(FrameSize, MaxNFrames, one, two, sample_rate):
        partitions = min(partitions_in(max(one.seconds, two.seconds), FrameSize, sample_rate), MaxNFrames)
        return {"mixed": np.zeros(partitions * 2 * (FrameSize + 1), float32)}

    def process(state, one, two, output, position, FrameSize):
        width = 2 * (FrameSize + 1)
        mixed, first, second = state.mixed.values, one.spectra.values, two.spectra.values
        begins, bins = (int(one.first), int(two.first)), FrameSize + 1
        counts = numbers_in(one, len(first), bins), numbers_in(two, len(second), bins)
        longer = min(max(counts[0], counts[1]), len(mixed))
        share = float32(limited(position, 0.0, 1.0))
        for k in range(longer):
            a = first[begins[0] + k] if k < counts[0] else float32(0.0)
            b = second[begins[1] + k] if k < counts[1] else float32(0.0)
            mixed[k] = b + (a - b) * share
        output.spectra = state.mixed
        output.partitions, output.bins, output.first = longer // width, bins, 0.0


def numbers_in(response, there, bins):
    """How many numbers a response has, of those that are there; 0 if its pieces have another size."""
    if int(response.bins) != bins or response.first < 0.0:
        return 0
    return max(min(int(response.partitions) * 2 * bins, there - int(response.first)), 0)


NAME = re.compile(r".*_emissor_(\d+)-(\d+)-(\d+)_receptor_(\d+)-(\d+)-(\d+)\.\w+")
NAMED = "_emissor_0-0-0_receptor_0-0-0.wav"
MOST = 1 << 13  # files of a database
LARGEST = 1 << 28  # numbers in all of their spectra: a gigabyte


def files_of_database(folder, prefix):
    """The files of a database, each with the places of the emitter and the receiver: ``(path, (x, y, x, y))``, in order."""
    found = []
    for name in os.listdir(folder):
        match = NAME.fullmatch(name) if name.startswith(prefix + NAMED[:9] if prefix else "") else None
        if match:
            place = [int(number[:9]) for number in match.groups()]
            found.append((os.path.join(folder, name), (place[0], place[1], place[3], place[4])))
    return sorted(found)


def problem_of_database(paths, frame):
    """Why these files cannot be held, or ``""``."""
    if len(paths) > MOST:
        return f"there are {len(paths):,} files: a database has at most {MOST:,}"
    longest = 0.0
    for path in paths:
        if problem := problem_of_response(path, [0]):
            return problem
        longest = max(longest, seconds_of(path))
    if len(paths) * (longest * 48000.0 + frame) * 2 > LARGEST:
        return f"{len(paths):,} impulse responses of up to {longest:.1f} s do not fit into memory. Cut them, or take fewer"
    return ""


@processing(category=SPATIAL, source="CLAM ImpulseResponseDatabaseFetcher", synonyms=("position", "emitter", "receiver", *SYNONYMS))
class ImpulseResponseDatabaseFetcher:
    """The impulse response of a room between two places, from a folder with one file for each pair of places of a grid.

    The files are called ``room_emissor_1-2-0_receptor_0-3-0.wav``: after the `Prefix`, the places of the emitter and of the receiver
    in the grid, x, y and z. The nearest file is taken. Positions are 0 to 1, from one side of the grid to the other.
    """

    FrameSize = config(512, minimum=1, maximum=1 << 16, unit="frames", doc=PIECES)
    Path = config("", type="directory", doc="The folder.")
    Prefix = config("", doc="What the names of the files begin with; any if it is empty.")
    current = out_port("ImpulseResponse", ImpulseResponse, seconds="seconds", bins="bins")
    previous = out_port("PreviousImpulseResponse", ImpulseResponse, seconds="seconds", bins="bins")
    emitter_x = in_control("emitterX", 0.0, 0.0, 1.0)
    emitter_y = in_control("emitterY", 0.0, 0.0, 1.0)
    receiver_x = in_control("receiverX", 0.0, 0.0, 1.0)
    receiver_y = in_control("receiverY", 0.0, 0.0, 1.0)

    class State:
        chosen: int64
        began: bool

    class Prepared:
        responses: Table
        places: Array[float64]
        partitions: float

    def problem(FrameSize, Path, Prefix):
        if not Path:
            return "no folder is chosen: set Path"
        if fault := fault_of_path(Path):
            return f"{Path!r} is not a folder name: {fault}"
        try:
            files = files_of_database(Path, Prefix)
        except OSError as error:
            return f"the folder {Path!r} cannot be read: {error.strerror}"
        if not files:
            return f"{Path!r} has no file with a name like {Prefix + NAMED!r}"
        return problem_of_database([path for path, _ in files], FrameSize)

    def ports(FrameSize, Path, Prefix):
        return {"seconds": room_for(max([0.0, *(seconds_of(path) for path, _ in found_in(Path, Prefix))])), "bins": FrameSize + 1}

    def prepare(FrameSize, Path, Prefix, sample_rate):
        files = found_in(Path, Prefix)
        places = np.array([place for _, place in files] or [(0, 0, 0, 0)], float)
        responses, partitions = loaded([path for path, _ in files], [0], FrameSize, sample_rate)
        places -= places.min(axis=0)
        return {"responses": responses, "places": (places / np.maximum(places.max(axis=0), 1.0)).reshape(-1), "partitions": partitions}

    def process(state, current, previous, emitter_x, emitter_y, receiver_x, receiver_y, FrameSize):
        before, best, least = state.chosen, 0, 1e9
        for k in range(len(state.places) // 4):
            distance = (state.places[4 * k] - emitter_x) ** 2 + (state.places[4 * k + 1] - emitter_y) ** 2
            distance += (state.places[4 * k + 2] - receiver_x) ** 2 + (state.places[4 * k + 3] - receiver_y) ** 2
            if distance < least:
                best, least = k, distance
        state.chosen = best
        if not state.began:
            state.began, before = True, best
        put_response(state.responses, best, state.partitions, FrameSize, current)
        put_response(state.responses, before, state.partitions, FrameSize, previous)


def put_response(responses, k, partitions, frame, out):
    """Have a frame hold one of several responses of as many pieces each."""
    out.spectra, out.first, out.partitions, out.bins = responses, k * partitions * 2 * (frame + 1), partitions, frame + 1


def found_in(folder, prefix):
    """As `files_of_database`; none if the folder cannot be read."""
    try:
        return files_of_database(folder, prefix)
    except (OSError, ValueError):
        return []
