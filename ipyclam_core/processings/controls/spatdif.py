"""SpatDIF over OSC: the places, orientations and sounds of a source, which another program moves."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy import float64, int64

from ...declare import Array, config, out_control, processing
from ...declare.maths import publish, published
from .._sampler_messages import MESSAGE, packed
from .open_sound_control import ADDRESS, Hearing
from .open_sound_control import problem_of as problem_of_osc

PLACE, ORIENTATION, VELOCITY = 0, 3, 6
GROUPS = {"position": PLACE, "xyz": PLACE, "location/xyz": PLACE, "orientation": ORIENTATION, "aer": ORIENTATION, "velocity": VELOCITY}
"""The last words of the paths of messages of three numbers, and where these are in the state."""
VERSIONS = ("/spatdif/source", "/SpatDIF/source")
WAITING = 256  # messages to a sampler
VOICES = 64
STILL = 0.5  # seconds without a message after which a source stands still


def paths_of(source):
    """The beginnings of the paths of a source: its name is one if it begins with a slash."""
    return (source.rstrip("/"),) if source.startswith("/") else tuple(f"{version}/{source}" for version in VERSIONS)


class _Source(Hearing):
    """Writes what is said of a source to a processing's state."""

    def __init__(self, state, source, voices, port, address, group):
        self._state = state
        self._loops = [False] * voices
        paths = {}
        for begin in paths_of(source):
            paths |= {f"{begin}/{word}": partial(self._moved, place) for word, place in GROUPS.items()}
            for voice in range(voices):
                paths[f"{begin}/sampler/{voice}/play"] = partial(self._played, voice)
                paths[f"{begin}/sampler/{voice}/loop"] = partial(self._looped, voice)
        super().__init__(port, address, group, paths)

    def _moved(self, place, numbers):
        if len(numbers) == 3:
            self._state.values[place : place + 3] = numbers
            publish(self._state.counts, place // 3, int(self._state.counts[place // 3]) + 1)

    def _looped(self, voice, numbers):
        if len(numbers) == 1:
            self._loops[voice] = numbers[0] > 0.5

    def _played(self, voice, numbers):
        if len(numbers) == 1:
            count = int(self._state.counts[3])
            self._state.messages[count % WAITING] = packed(voice, numbers[0] > 0.5, self._loops[voice])
            publish(self._state.counts, 3, count + 1)


def has_come(state, group):
    """Whether a new message of a group has come."""
    count = published(state.counts, group)
    new = count != state.seen[group]
    state.seen[group] = count
    return new


def send_three(state, place, outputs):
    """Send three values."""
    for k in range(3):
        outputs[place + k].send(state.values[place + k])


def follow(state, outputs, seconds):
    """Send the velocity from the last place to this one, unless the messages tell the velocity."""
    for k in range(3):
        velocity = (state.values[PLACE + k] - state.last[k]) / seconds if state.placed and seconds > 0.0 else 0.0
        state.last[k] = state.values[PLACE + k]
        if state.seen[2] == 0:
            outputs[VELOCITY + k].send(velocity)
    state.moving = state.placed
    state.placed = True


NAMES = (
    "X position", "Y position", "Z position", "azimuth", "elevation", "roll", "X instant velocity", "Y instant velocity",
    "Z instant velocity",
)  # fmt: skip


@processing(
    category="[plugin] Open Sound Control", source="CLAM SpatDIFSourceReceiver", synonyms=("osc", "tracking", "remote", "spatial", "3d")
)
class SpatDIFSourceReceiver:
    """OSC input for a source of a spatial scene (SpatDIF): its place, its orientation and its velocity.

    A source ``one`` is moved by messages of three numbers to ``/spatdif/source/one/position`` (x, y, z) and
    ``/spatdif/source/one/orientation`` (azimuth, elevation, roll, in degrees). The words ``xyz`` and ``aer`` mean the same. A name that
    begins with ``/`` is a whole path. The velocity is that from one place to the next, per second, unless messages to ``velocity``
    tell it. A message to ``sampler/0/play`` with 1 or 0 starts or stops the first voice of a `MultiSampler`; one to
    ``sampler/0/loop`` lets it begin again at its end, from the next start on.
    """

    SourceName = config("", type="str")
    VoicesNumber = config(4, minimum=0, maximum=VOICES, doc="voices of a sampler")
    ServerPort = config(0, minimum=0, maximum=65535)
    EnableMulticast = config(False)
    MultiCastIP = config("224.0.0.1", type="str")
    IPAddress = config(None, type="str", optional=True, doc=ADDRESS)
    outputs = out_control("{}", count="outputs")
    message = out_control("Sampler typed messages", type=MESSAGE)

    class State:
        values: Array[float64]
        messages: Array[float64]
        counts: Array[int64]
        seen: Array[int64]
        last: Array[float64]
        since: int64
        placed: bool
        moving: bool

    def problem(SourceName, ServerPort, IPAddress=None):
        if not SourceName.strip("/") or not ServerPort:
            return "a source and a port are needed: set SourceName and ServerPort"  # whichever is set first
        return problem_of_osc("/", ServerPort, "", IPAddress)

    def ports():
        return {"outputs": NAMES}

    def initial():
        numbers = {"values": np.zeros(9), "messages": np.zeros(WAITING), "last": np.zeros(3)}
        return {**numbers, "counts": np.zeros(4, np.int64), "seen": np.zeros(4, np.int64)}

    def companion(state, SourceName, VoicesNumber, ServerPort, EnableMulticast, MultiCastIP, IPAddress):
        return _Source(state, SourceName, VoicesNumber, ServerPort, IPAddress, MultiCastIP if EnableMulticast else "")

    def process(state, outputs, message, sample_rate, frames):
        if has_come(state, 2):
            send_three(state, VELOCITY, outputs)
        if has_come(state, 0):
            send_three(state, PLACE, outputs)
            follow(state, outputs, state.since / sample_rate)
            state.since = 0
        elif state.moving and state.since > STILL * sample_rate:
            state.moving = False
            if state.seen[2] == 0:
                for k in range(3):
                    outputs[VELOCITY + k].send(0.0)
        if has_come(state, 1):
            send_three(state, ORIENTATION, outputs)
        state.since += frames
        come = published(state.counts, 3)
        state.seen[3] = max(state.seen[3], come - WAITING)
        if state.seen[3] < come:  # one in each block, as a later one in a block would replace it
            message.send(state.messages[state.seen[3] % WAITING])
            state.seen[3] += 1
