"""Open Sound Control (OSC) over UDP: controls from and to other programs and machines."""

from __future__ import annotations

import math
import socket
from functools import partial

import numpy as np
from numpy import float64, int64

from ...declare import Array, config, in_control, out_control, processing
from ...declare.maths import publish, published
from ...system.display import warn
from ._osc_messages import Listener, encode

TYPES = "fidhTF"


def memory(count):
    """The initial state for the values of a message."""
    return {"values": np.zeros(max(count, 1), float64), "count": np.zeros(1, np.int64)}


MOST = 1024  # numbers of a message
LOCAL = "127.0.0.1"
ADDRESS = "address to listen at: None for 127.0.0.1, this machine only; 0.0.0.0 for every machine that can reach it"


def problem_of(path, port, types, address=None):
    """Why messages cannot be received or sent, or ``""``."""
    if len(str(port)) > 5 or not 0 < int(port or 0) < 65536:
        return "no port is set: set ServerPort, 1 to 65535"
    if not path.startswith("/"):
        return f"an OSC path begins with '/', as in '/clam/target': OscPath is {path!r}"
    if address is not None and not is_address(address):
        return f"IPAddress takes None or an IPv4 address such as '0.0.0.0', not {address!r}"
    if len(types) > MOST:
        return f"OSCTypeSpec has {len(types):,} letters: a message has at most {MOST}"
    unknown = sorted(set(types) - set(TYPES))
    return f"OSCTypeSpec holds {unknown[0]!r}; there are f, i, d, h, T and F" if unknown else ""


def is_address(text):
    """Whether a text is an IPv4 address; names are not looked up."""
    try:
        socket.inet_pton(socket.AF_INET, text)
    except (OSError, ValueError):
        return False
    return True


def places_of(types):
    """The places in a message of its floats and of its integers: in CLAM they are controls of these types."""
    letters = list(enumerate(types[:MOST]))
    return tuple(k for k, kind in letters if kind not in "ih"), tuple(k for k, kind in letters if kind in "ih")


class Hearing:
    """Calls a function for the messages of each path, with their numbers. A message with NaN or infinity is dropped."""

    def __init__(self, port, address, group, paths):
        self.port = port
        self.trouble = ""
        self.listener = None
        self._hears = [partial(self._hear, hear) for hear in paths.values()]
        try:
            for path, hear in zip(paths, self._hears, strict=True):
                self.listener = Listener.join(port, address or LOCAL, group, path, hear)
        except OSError as error:
            self.trouble = f"cannot receive on UDP port {port}: {error.strerror or error}"
            warn(self.trouble, stacklevel=3)

    @staticmethod
    def _hear(hear, values):
        numbers = [value for value in values if isinstance(value, (int, float))]
        if all(map(math.isfinite, numbers)):
            hear(numbers)

    def service(self):
        if self.listener is None:
            return
        try:
            self.listener.poll()
        except Exception as error:  # whatever somebody sends: the next message is heard
            self.trouble = self.trouble or f"a message to UDP port {self.port} could not be read: {type(error).__name__}: {error}"

    def close(self):
        if self.listener is not None:
            for hear in self._hears:
                self.listener.leave(hear)
            self.listener = None


class _Hearing(Hearing):
    """Writes the values of a path's messages to a processing's state."""

    def __init__(self, state, path, port, count, address, group):
        self.state, self.count = state, count
        super().__init__(port, address, group, {path: self.hear})

    def hear(self, numbers):
        if len(numbers) == self.count:
            self.state.values[: self.count] = numbers
            publish(self.state.count, 0, int(self.state.count[0]) + 1)


def pass_on(state, outputs):
    """Send the values received since the last block."""
    count = published(state.count, 0)
    if count != state.seen:
        state.seen = count
        for k in range(len(outputs)):
            outputs[k].send(state.values[k])


@processing(category="[plugin] Open Sound Control", source="CLAM MultiLibloSource", synonyms=("osc", "remote", "network"))
class MultiLibloSource:
    """OSC input: receives the numbers of messages sent to a path (Open Sound Control over UDP)."""

    OscPath = config("/clam/target", type="str")
    ServerPort = config(0, minimum=0, maximum=65535)
    OSCTypeSpec = config("fff", type="str", doc="OSC type tags, one letter for each number: f, i, d, h, T or F")
    EnableMulticast = config(False)
    MultiCastIP = config("224.0.0.1", type="str")
    IPAddress = config(None, type="str", optional=True, doc=ADDRESS)
    outputs = out_control("{}", count="numbers", first=0)

    class State:
        values: Array[float64]
        count: Array[int64]
        seen: int64

    def problem(OscPath, ServerPort, OSCTypeSpec, IPAddress=None):
        return problem_of(OscPath, ServerPort, OSCTypeSpec, IPAddress)

    def ports(OSCTypeSpec):
        return {"numbers": min(len(OSCTypeSpec), MOST)}

    def initial(OSCTypeSpec):
        return memory(min(len(OSCTypeSpec), MOST))

    def companion(state, OscPath, ServerPort, OSCTypeSpec, EnableMulticast, MultiCastIP, IPAddress):
        return _Hearing(state, OscPath, ServerPort, len(OSCTypeSpec), IPAddress, MultiCastIP if EnableMulticast else "")

    def process(state, outputs):
        pass_on(state, outputs)


@processing(category="[plugin] Open Sound Control", source="CLAM LibloSource", synonyms=("remote", "network"))
class LibloSource:
    """OSC input: receives the numbers of messages sent to a path. Its output controls are named after the path."""

    OscPath = config("/clam/target", type="str")
    ServerPort = config("", type="str")
    NumberOfArguments = config(3.0, minimum=0.0, maximum=1024.0)
    IPAddress = config(None, type="str", optional=True, doc=ADDRESS)
    outputs = out_control("{}", count="numbers", first=0)

    class State:
        values: Array[float64]
        count: Array[int64]
        seen: int64

    def problem(OscPath, ServerPort, IPAddress=None):
        return problem_of(OscPath, ServerPort if ServerPort.isdecimal() else 0, "", IPAddress)

    def ports(OscPath, NumberOfArguments):
        return {"numbers": tuple(f"{OscPath.replace('/', '_')}_{k}" for k in range(int(NumberOfArguments)))}

    def initial(NumberOfArguments):
        return memory(int(NumberOfArguments))

    def companion(state, OscPath, ServerPort, NumberOfArguments, IPAddress):
        return _Hearing(state, OscPath, int(ServerPort), int(NumberOfArguments), IPAddress, "")

    def process(state, outputs):
        pass_on(state, outputs)


@processing(category="[plugin] Open Sound Control", source="CLAM LibloSink", synonyms=("remote", "network"))
class LibloSink:
    """OSC output: sends a message to a path whenever one of its inputs receives a value."""

    OscPath = config("/clam/target", type="str")
    ServerPort = config(0, minimum=0, maximum=65535)
    OSCTypeSpec = config("fff", type="str", doc="OSC type tags, one letter for each number: f, i, d, h, T or F")
    IPAddress = config("127.0.0.1", type="str")
    port = in_control("OSC port", 0.0, doc="0 for ServerPort")
    inputs = in_control("Number", count="numbers")
    integers = in_control("Integer", type="int", count="integers")

    class State:
        values: Array[float64]
        count: Array[int64]
        to: float64
        running: bool

    class Prepared:
        places: Array[int64]

    def problem(OscPath, ServerPort, OSCTypeSpec):
        return problem_of(OscPath, ServerPort, OSCTypeSpec)

    def ports(OSCTypeSpec):
        return {kind: tuple(map(str, places)) for kind, places in zip(("numbers", "integers"), places_of(OSCTypeSpec), strict=True)}

    def initial(OSCTypeSpec):
        return memory(min(len(OSCTypeSpec), MOST))

    def prepare(OSCTypeSpec):
        return {"places": np.array([*sum(places_of(OSCTypeSpec), ()), 0], np.int64)}

    def companion(state, OscPath, ServerPort, OSCTypeSpec, IPAddress):
        return _Sending(state, OscPath, ServerPort, OSCTypeSpec, IPAddress)

    def receive(state, port, inputs, integers):
        state.to = port
        for k in range(len(inputs)):
            state.values[state.places[k]] = inputs[k]
        for k in range(len(integers)):
            state.values[state.places[len(inputs) + k]] = integers[k]
        if state.running:
            publish(state.count, 0, state.count[0] + 1)
        state.running = True


class _Sending:
    """Sends the latest values when there are new ones."""

    def __init__(self, state, path, port, types, address):
        self.state, self.path, self.port, self.types, self.address = state, path, port, types, address
        self.seen = 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def service(self):
        count = int(published(self.state.count, 0))
        if count == self.seen:
            return
        self.seen = count
        to = self.port
        try:
            to = int(self.state.to) or self.port
            self.socket.sendto(encode(self.path, self.types, list(self.state.values[: len(self.types)])), (self.address, to))
        except (OSError, OverflowError, ValueError) as error:
            warn(f"nothing can be sent to {self.address}:{to}: {error}", stacklevel=2)

    def close(self):
        self.service()
        self.socket.close()


@processing(category="[plugin] Open Sound Control", source="CLAM OscAccumulator", synonyms=("throttle",))
class OscAccumulator:
    """Passes values on once a block: the last one received of each input."""

    NumberOfPorts = config(1, minimum=1, maximum=1024)
    inputs = in_control("Input {}", count="NumberOfPorts", first=0)
    outputs = out_control("Output {}", count="NumberOfPorts", first=0)

    class State:
        running: bool

    def receive(state, inputs, outputs):
        if state.running:
            for k in range(len(outputs)):
                outputs[k].send(inputs[k])
        state.running = True
