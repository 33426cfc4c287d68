"""Choreographies: a listener and sources that move, from a text file.

A choreography has a line for each frame: its number; the angle of the camera's lens; the camera's rotation around x, y and z, in
degrees, as 3D modelling programs write it (90, 0, 0 looks along y); its position x, y, z; and then the x, y, z of each source. The
camera is the listener. Lines that begin with # are comments.
"""

from __future__ import annotations

import math

import numpy as np
from numpy import float64, int64

from ...declare import Array, config, in_control, in_port, out_control, processing
from .._limits import limited
from ..files._number_tables import problem_of, table_of
from .positions import turned

CATEGORY = "[plugin] 3D Audio"
SYNONYMS = ("trajectory", "path", "automation", "spatial", "camera", "movement")
LISTENER = 8  # columns before the sources
PLACES = 9  # numbers of a frame: the listener's x, y, z, roll, azimuth and elevation, and the source's x, y, z
TURNS, STEPS, RADIUS = 8, 600, 2.0  # of the spiral
NOWHERE = np.zeros((0, PLACES))


def places_of(path, source, spiral):
    """The listener and one source in each frame of a file, or of a spiral if there is none and that is asked for."""
    table = table_of(path)
    first = LISTENER + 3 * source
    if not path:
        return spiralling() if spiral else NOWHERE
    if table.shape[1] < first + 3:
        return NOWHERE
    tilt, roll, turn = table[:, 2], table[:, 3], table[:, 4]
    return np.column_stack([table[:, 5:8], roll, turn + 90.0, tilt - 90.0, table[:, first : first + 3]])


def spiralling():
    """A source that climbs around a listener, from below to above, and down again."""
    part = np.arange(STEPS) / STEPS
    azimuth, elevation = 2.0 * np.pi * TURNS * part, 0.5 * np.pi * -np.cos(2.0 * np.pi * part)
    x, y, z = np.cos(azimuth) * np.cos(elevation), np.sin(azimuth) * np.cos(elevation), np.sin(elevation)
    return np.column_stack([np.zeros((STEPS, 6)), RADIUS * np.stack([x, y, z], axis=1)])


def send_frame(state, frame, outputs):
    """Send a frame, if it is another one than the last: its number, the places, and where the listener hears the source."""
    if state.rows == 0 or frame == state.sent:
        return
    state.sent = frame
    outputs[0].send(float(frame))
    base = frame * PLACES
    for k in range(PLACES):
        outputs[1 + k].send(state.places[base + k])
    x = state.places[base + 6] - state.places[base]
    y = state.places[base + 7] - state.places[base + 1]
    z = state.places[base + 8] - state.places[base + 2]
    front, left, up = turned(x, y, z, state.places[base + 4], state.places[base + 5], state.places[base + 3])
    outputs[1 + PLACES].send(math.degrees(math.atan2(left, front)))
    outputs[2 + PLACES].send(math.degrees(math.atan2(up, math.hypot(front, left))))


NAMES = (
    "frame number", "listener X", "listener Y", "listener Z", "listener roll", "listener azimuth", "listener elevation", "source X",
    "source Y", "source Z", "relative azimuth", "relative elevation",
)  # fmt: skip


FILE = config("", type="file", doc="the choreography")
INDEX = config(0, minimum=0, maximum=337, doc="the source of the file, counted from 0")
SPIRAL = config(False, doc="without a file, a source climbs around the listener in a spiral of 600 frames")


class _Choreography:
    outputs = out_control("{}", count="outputs")

    class State:
        sent: int64
        now: float64

    class Prepared:
        places: Array[float64]
        rows: int64

    def problem(Filename, SourceIndex, UseSpiralIfNoFilename):
        if not Filename and UseSpiralIfNoFilename:
            return ""
        return problem_of(Filename, "Filename", LISTENER + 3 * (SourceIndex + 1))

    def ports():
        return {"outputs": NAMES}

    def initial():
        return {"sent": -1}

    def prepare(Filename, SourceIndex, UseSpiralIfNoFilename):
        places = places_of(Filename, SourceIndex, UseSpiralIfNoFilename)
        return {"places": np.append(places.reshape(-1), 0.0), "rows": len(places)}


@processing(category=CATEGORY, source="CLAM ChoreoSequencer", synonyms=SYNONYMS)
class ChoreoSequencer(_Choreography):
    """Plays a choreography: the places of a listener and of a source, and the direction in which the listener hears it.

    The file has a line for each frame, `ControlsPerSecond` of them a second: its number, the angle of a lens, the rotation of the
    listener around x, y and z in degrees (90, 0, 0 looks along y), the listener's x, y and z, and the x, y and z of each source.
    The last frame stays. A value at `frame seek` goes on from that frame, counted from 0.
    """

    Filename = FILE
    SourceIndex = INDEX
    FrameSize = config(512, minimum=1, unit="frames", doc="kept for CLAM's files")
    SampleRate = config(48000, minimum=1, unit="Hz", doc="kept for CLAM's files: the rate is the network's")
    ControlsPerSecond = config(24, minimum=1, doc="frames a second")
    UseSpiralIfNoFilename = SPIRAL
    sync = in_port("sync")
    seek = in_control("frame seek")

    def process(state, sync, seek, seek_arrived, ControlsPerSecond, outputs, sample_rate, frames):
        if seek_arrived > 0:
            state.now = limited(seek, 0.0, 1e9)
        send_frame(state, min(int(state.now), state.rows - 1), outputs)
        state.now += ControlsPerSecond * frames / sample_rate


@processing(category=CATEGORY, source="CLAM ChoreoSequencerViaControl", synonyms=SYNONYMS)
class ChoreoSequencerViaControl(_Choreography):
    """`ChoreoSequencer` for a time that comes as a control, in milliseconds: from MIDI time code, for example."""

    Filename = FILE
    SourceIndex = INDEX
    ControlsPerSecond = config(25, minimum=1, doc="frames a second")
    UseSpiralIfNoFilename = SPIRAL
    time = in_control("time in milliseconds", unit="ms")

    def receive(state, time, ControlsPerSecond, outputs):
        send_frame(state, min(int(limited(time, 0.0, 1e12) * ControlsPerSecond / 1000.0), state.rows - 1), outputs)
