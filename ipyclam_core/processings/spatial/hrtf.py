"""Head-related transfer functions: the impulse responses from a direction to the two ears, from a database of files.

A database is a text file with a direction in each line: elevation, azimuth (degrees, to the left) and the audio file for the left ear.
The head is taken as symmetrical: the right ear hears what the left one does of the mirrored direction.
"""

from __future__ import annotations

import math
import os

import numpy as np
from numpy import float64, int64

from ...data.impulse_responses import ImpulseResponse
from ...declare import Array, Table, config, in_control, out_control, out_port, processing
from ...system import regular
from ...system.display import brief
from ...system.given import fault_of_path
from ..spectra._responses import room_for, seconds_of
from ..spectra.impulse_responses import loaded, problem_of_database, put_response
from .loudspeakers import lines_of

SYNONYMS = ("binaural", "hrir", "headphones", "3d", "spatial", "convolution", "impulse response", "ear")


def read_database(path):
    """The elevation, azimuth and file of each line; ``ValueError`` for a line that is not a direction and a file."""
    found = []
    for words in lines_of(path):
        try:
            elevation, azimuth = float(words[0]), float(words[1])
        except (ValueError, IndexError):
            elevation = azimuth = math.nan
        if len(words) < 3 or not math.isfinite(elevation + azimuth):
            raise ValueError(f"{path!r} has a line that is not an elevation, an azimuth and a file: {brief(' '.join(words))}")
        found.append((elevation, azimuth, os.path.join(os.path.dirname(path), words[2])))
    if not found:
        raise ValueError(f"{path!r} holds no directions")
    return found


def held_in(path):
    """As `read_database`; none if it cannot be read."""
    try:
        return read_database(path)
    except (OSError, ValueError):
        return []


def unit(azimuth, elevation):
    """A direction in degrees as a vector of length 1: to the front, to the left, upwards."""
    a, e = math.radians(azimuth), math.radians(elevation)
    return math.cos(e) * math.cos(a), math.cos(e) * math.sin(a), math.sin(e)


def nearest(directions, azimuth, elevation):
    """The number of the direction that is nearest."""
    x, y, z = unit(azimuth, elevation)
    best, most = 0, -2.0
    for k in range(len(directions) // 5):
        closeness = directions[5 * k] * x + directions[5 * k + 1] * y + directions[5 * k + 2] * z
        if closeness > most + 1e-12:
            best, most = k, closeness
    return best


class _Fetcher:
    FrameSize = config(512, minimum=1, maximum=1 << 16, unit="frames", doc="The frames of a piece: those of the convolution.")
    HrtfDatabase = config("", type="file", doc="A text file with an elevation, an azimuth and an audio file in each line.")
    left = out_port("ImpulseResponseL", ImpulseResponse, seconds="seconds", bins="bins")
    right = out_port("ImpulseResponseR", ImpulseResponse, seconds="seconds", bins="bins")
    chosen_elevation = out_control("chosen elevation", unit="deg")
    chosen_azimuth = out_control("chosen azimuth", unit="deg")

    class State:
        chosen: int64

    class Prepared:
        responses: Table
        partitions: float
        directions: Array[float64]

    def problem(HrtfDatabase, FrameSize):
        if not HrtfDatabase:
            return "no database is chosen: set HrtfDatabase"
        if fault := fault_of_path(HrtfDatabase):
            return f"{HrtfDatabase!r} is not a file name: {fault}"
        try:
            found = read_database(HrtfDatabase)
        except (FileNotFoundError, NotADirectoryError):
            return f"there is no file {HrtfDatabase!r}"
        except (regular.NotRegular, ValueError) as error:
            return str(error)
        except OSError as error:
            return f"{HrtfDatabase!r} cannot be read: {error.strerror}"
        return problem_of_database([path for _, _, path in found], FrameSize)

    def ports(HrtfDatabase, FrameSize):
        return {"seconds": room_for(max([0.0, *(seconds_of(path) for _, _, path in held_in(HrtfDatabase))]), 1), "bins": FrameSize + 1}

    def initial():
        return {"chosen": -1}

    def prepare(HrtfDatabase, FrameSize, sample_rate):
        found = held_in(HrtfDatabase)
        responses, partitions = loaded([path for _, _, path in found], [0], FrameSize, sample_rate)
        directions = [(*unit(azimuth, elevation), azimuth, elevation) for elevation, azimuth, _ in found]
        return {"responses": responses, "partitions": partitions, "directions": np.array(directions, float).reshape(-1)}


def fetch(state, azimuth, elevation, frame, left, right):
    """Put out the responses of a direction; whether it is another one than before."""
    chosen = nearest(state.directions, azimuth, elevation)
    put_response(state.responses, chosen, state.partitions, frame, left)
    put_response(state.responses, nearest(state.directions, -azimuth, elevation), state.partitions, frame, right)
    changed = chosen != state.chosen
    state.chosen = chosen
    return changed


@processing(category="[plugin] 3D Audio", source="CLAM HRTFDatabaseFetcher", synonyms=SYNONYMS)
class HRTFDatabaseFetcher(_Fetcher):
    """The impulse responses of the two ears for a direction, which may move. The nearest direction of the database is taken.

    `LowLatencyConvolution` makes of a signal what each ear hears; `IRSwappingDelay` and `XFadeAndSwitch` change the direction
    without a click.
    """

    elevation = in_control("elevation", 0.0, -90.0, 90.0, unit="deg")
    azimuth = in_control("azimuth", 0.0, 0.0, 360.0, unit="deg", doc="counted to the left")

    def process(state, left, right, elevation, azimuth, FrameSize, chosen_elevation, chosen_azimuth):
        if fetch(state, azimuth, elevation, FrameSize, left, right) and len(state.directions) > 0:
            chosen_elevation.send(state.directions[5 * state.chosen + 4])
            chosen_azimuth.send(state.directions[5 * state.chosen + 3])


@processing(category="[plugin] 3D Audio", source="CLAM SingleHRTFFetcher", synonyms=SYNONYMS)
class SingleHRTFFetcher(_Fetcher):
    """The impulse responses of the two ears for one direction. The nearest direction of the database is taken."""

    Azimuth = config(0.0, unit="deg", doc="counted to the left")
    Elevation = config(0.0, minimum=-90.0, maximum=90.0, unit="deg")

    def process(state, left, right, Elevation, Azimuth, FrameSize, chosen_elevation, chosen_azimuth):
        if fetch(state, Azimuth, Elevation, FrameSize, left, right) and len(state.directions) > 0:
            chosen_elevation.send(state.directions[5 * state.chosen + 4])
            chosen_azimuth.send(state.directions[5 * state.chosen + 3])
