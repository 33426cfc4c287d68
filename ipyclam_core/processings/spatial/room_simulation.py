"""A simulated room: the impulse responses from a source to a listener, computed anew whenever one of them moves.

J. B. Allen, D. A. Berkley: Image method for efficiently simulating small-room acoustics (1979). CLAM runs a ray tracer for this, a
program that was never published.
"""

from __future__ import annotations

import math

import numpy as np
from numpy import float32, float64, int64

from ...data.impulse_responses import ImpulseResponse
from ...declare import Array, Table, config, in_control, in_port, out_port, processing
from ...declare.maths import publish, published
from ..spectra._responses import partitions_in, room_for, spectra_of

CHANNELS = 4  # W, X, Y, Z
TABLES = 4  # a response is in use for some frames after the next one is there
SHOWN, ASKED = range(2)
SOUND = 343.0  # m/s
NEAREST = 0.1  # m
SIZE = (10.0, 8.0, 3.0)
ABSORPTION = 0.3
MOST_REFLECTIONS = 24
LARGEST = 1000.0  # m
OPTIONS = "--size 10 8 3 --absorption 0.3"


def options_in(text):
    """The size of the room and the absorption of its walls; ``ValueError`` for anything else."""
    size, absorption, words = SIZE, ABSORPTION, text.split()
    while words:
        name, count = words.pop(0), 1
        if name == "--size":
            count = 3
        elif name != "--absorption":
            raise ValueError(f"{name!r} is not an option")
        try:
            numbers = [float(word) for word in words[:count]]
        except ValueError:
            numbers = []
        del words[:count]
        if len(numbers) < count:
            raise ValueError(f"{name} needs {count} {'numbers' if count > 1 else 'number'}")
        if count > 1:
            size = tuple(numbers)
        else:
            absorption = numbers[0]
    if not all(1.0 <= each <= LARGEST for each in size):
        raise ValueError(f"a side of the room is from 1 to {LARGEST:g} m")
    if not 0.01 <= absorption <= 1.0:
        raise ValueError("the absorption is from 0.01 to 1")
    return size, absorption


def simulated(size, absorption, source, listener, reflections, seconds, sample_rate, direct, at_once):
    """The responses of a box: pressure, and its parts to the front, to the left and upwards, float32 ``(4, frames)``.

    Parameters
    ----------
    size : the sides, in m.
    absorption : the part of the energy that a wall takes.
    source, listener : their places, 0 to 1 along each side.
    reflections : the most reflections of a sound on its way.
    direct : whether the sound that no wall reflects is in it.
    at_once : whether it begins with the first sound that arrives.
    """
    order = min(int(reflections), MOST_REFLECTIONS)
    steps = np.arange(-order, order + 1)
    sides = []
    for length, from_, to in zip(size, source, listener, strict=True):
        mirrored = np.where(steps % 2 == 0, length * steps + length * from_, length * (steps + 1) - length * from_)
        sides.append(mirrored - length * to)
    x, y, z = np.meshgrid(*sides, indexing="ij")
    walls = sum(np.meshgrid(*[np.abs(steps)] * 3, indexing="ij"))
    distance = np.maximum(np.sqrt(x * x + y * y + z * z), NEAREST)
    late = distance / SOUND * sample_rate
    if at_once:
        late = late - late.min()
    frames = max(math.ceil(seconds * sample_rate), 1)
    heard = (walls <= order) & (late < frames - 1) & ((walls > 0) | direct)
    late, distance = late[heard], distance[heard]
    gain = np.sqrt(1.0 - absorption) ** walls[heard] / distance
    place = late.astype(np.int64)
    part = late - place
    made = np.zeros((CHANNELS, frames), float32)
    for channel, share in enumerate((1.0, x[heard] / distance, y[heard] / distance, z[heard] / distance)):
        made[channel] = np.bincount(place, gain * share * (1.0 - part), frames) + np.bincount(place + 1, gain * share * part, frames)
    return made


class Simulator:
    """Computes the responses that the kernel asks for, outside the audio thread.

    Parameters
    ----------
    state : the processing's memory.
    frame : the frames of a piece.
    room : as `simulated` takes it: a function of the six coordinates.
    """

    def __init__(self, state, frame, room):
        self._state, self._frame, self._room = state, frame, room
        self._places, self._asked = None, 0

    def service(self):
        """Compute a response if the source or the listener has moved."""
        counters = self._state.counters
        asked = int(published(counters, ASKED))
        if asked == self._asked:  # not more than one for each frame: those before are still in use
            return
        self._asked = asked
        places = tuple(float(place) for place in self._state.wanted)
        if places == self._places:
            return
        self._places = places
        number = int(counters[SHOWN]) + 1
        held = getattr(self._state, f"table{number % TABLES}")
        numbers = getattr(held, "values", held)
        partitions = len(numbers) // (CHANNELS * 2 * (self._frame + 1))
        spectra = [spectra_of(channel, self._frame, partitions) for channel in self._room(places)]
        numbers[:] = np.concatenate(spectra).reshape(-1)
        publish(counters, SHOWN, number)

    def close(self):
        """Nothing is open."""


@processing(
    category="[plugin] 3D Audio",
    source="J. B. Allen, D. A. Berkley: Image method for efficiently simulating small-room acoustics (1979)",
    synonyms=("acoustics", "reverb", "b-format", "ambisonics", "spatial", "convolution", "ray tracing", "shoebox", "image source"),
)
class RoomImpulseResponseSimulatorCommandLine:
    """The impulse responses of a box-shaped room between a source and a listener, which may move, in B-format.

    Places are 0 to 1 along each side of the room. `ExtraOptions` has its size in metres and the absorption of its walls, such as
    ``--size 10 8 3 --absorption 0.3``. `IRSwappingDelay` and `XFadeAndSwitch` go from one response to the next without a click.
    """

    FrameSize = config(512, minimum=1, maximum=1 << 16, unit="frames", doc="The frames of a piece: those of the convolution.")
    Model3DFile = config("entorns/salo_simplificat.dat", type="file", doc="Kept for CLAM's files.")
    GridDivisions = config(500, minimum=0, doc="Kept for CLAM's files.")
    NRays = config(200, minimum=0, doc="Kept for CLAM's files.")
    NRebounds = config(20, minimum=0, doc=f"The most reflections of a sound on its way; no more than {MOST_REFLECTIONS} are computed.")
    IrLength = config(1.0, minimum=0.01, maximum=10.0, unit="s", doc="The length of the responses.")
    ExtraOptions = config("", type="text", doc=f"The room, such as {OPTIONS}, which it is by default.")
    SeparateDirectSoundAndReverb = config(False, doc="Leave out the direct sound.")
    SupressInitialDelay = config(False, doc="Begin with the first sound that arrives.")
    synchronization = in_port("synchronization", size="FrameSize")
    w = out_port("W IR", ImpulseResponse, seconds="seconds", bins="bins")
    x = out_port("X IR", ImpulseResponse, seconds="seconds", bins="bins")
    y = out_port("Y IR", ImpulseResponse, seconds="seconds", bins="bins")
    z = out_port("Z IR", ImpulseResponse, seconds="seconds", bins="bins")
    source_x = in_control("source X", 0.2, 0.0, 1.0)
    source_y = in_control("source Y", 0.5, 0.0, 1.0)
    source_z = in_control("source Z", 0.2, 0.0, 1.0)
    listener_x = in_control("listener X", 0.5, 0.0, 1.0)
    listener_y = in_control("listener Y", 0.5, 0.0, 1.0)
    listener_z = in_control("listener Z", 0.2, 0.0, 1.0)

    class State:
        wanted: Array[float64]
        counters: Array[int64]
        table0: Table
        table1: Table
        table2: Table
        table3: Table
        partitions: int64

    def problem(ExtraOptions):
        try:
            options_in(ExtraOptions)
        except ValueError as error:
            return f"ExtraOptions: {error}. They are such as {OPTIONS}"
        return ""

    def ports(FrameSize, IrLength):
        return {"seconds": room_for(IrLength), "bins": FrameSize + 1}

    def initial(FrameSize, IrLength, sample_rate):
        partitions = partitions_in(IrLength, FrameSize, sample_rate)
        tables = {f"table{k}": np.zeros(CHANNELS * partitions * 2 * (FrameSize + 1), float32) for k in range(TABLES)}
        return {"wanted": np.zeros(6), "counters": np.zeros(2, np.int64), "partitions": partitions, **tables}

    def companion(state, FrameSize, IrLength, NRebounds, ExtraOptions, SeparateDirectSoundAndReverb, SupressInitialDelay, sample_rate):
        size, absorption = options_in(ExtraOptions)

        def room(places):
            direct, at_once = not SeparateDirectSoundAndReverb, SupressInitialDelay
            return simulated(size, absorption, places[:3], places[3:], NRebounds, IrLength, sample_rate, direct, at_once)

        return Simulator(state, FrameSize, room)

    def process(state, w, x, y, z, source_x, source_y, source_z, listener_x, listener_y, listener_z, FrameSize):
        wanted = state.wanted
        wanted[0], wanted[1], wanted[2] = inside(source_x), inside(source_y), inside(source_z)
        wanted[3], wanted[4], wanted[5] = inside(listener_x), inside(listener_y), inside(listener_z)
        publish(state.counters, ASKED, state.counters[ASKED] + 1)
        number = published(state.counters, SHOWN)
        put_table(state, number, 0, FrameSize, w)
        put_table(state, number, 1, FrameSize, x)
        put_table(state, number, 2, FrameSize, y)
        put_table(state, number, 3, FrameSize, z)


def inside(place):
    """A place in the room, whatever arrives."""
    return min(max(place if place == place else 0.5, 0.0), 1.0)


def put_table(state, number, channel, frame, out):
    """Have a frame hold a channel of the newest response."""
    k = number % TABLES
    if k == 0:
        out.spectra = state.table0
    elif k == 1:
        out.spectra = state.table1
    elif k == 2:
        out.spectra = state.table2
    else:
        out.spectra = state.table3
    out.first = channel * state.partitions * 2 * (frame + 1)
    out.partitions, out.bins = state.partitions, frame + 1
