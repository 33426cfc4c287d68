"""Another JACK client, which listens: Python, written with JACK-Client, as anybody's would be."""

from __future__ import annotations

from itertools import pairwise
from types import TracebackType

import jack
import numpy as np
from waiting import eventually


class Listener:
    """Keeps what comes to its one port, with the time of each cycle."""

    def __init__(self, name: str = "listener") -> None:
        self.client = jack.Client(name, no_start_server=True)
        self.port = self.client.inports.register("in")
        self.cycles: list[tuple[int, np.ndarray]] = []
        self.client.set_process_callback(self._process)

    def _process(self, frames: int) -> None:
        self.cycles.append((self.client.last_frame_time, self.port.get_array().copy()))

    def listen(self, port: str, frames: int = 8192) -> np.ndarray:
        """So many frames of what comes from a port, without a gap, and without the silence before the server has connected it."""
        self.cycles.clear()
        self.client.connect(port, self.port)
        heard = eventually(lambda: self._stretch(frames))
        self.client.disconnect(port, self.port)
        return np.concatenate(heard)

    def steps(self, begin: int) -> np.ndarray:
        """From sample to sample, since the cycle of number `begin`; not from one cycle to another when there is a gap between them."""
        cycles = self.cycles[begin:]
        together = [np.diff(samples) for _, samples in cycles]
        together += [
            samples[:1] - before[-1:] for (time, before), (next_time, samples) in pairwise(cycles) if next_time == time + len(before)
        ]
        return np.concatenate(together)

    def _stretch(self, frames: int) -> list[np.ndarray]:
        stretch: list[np.ndarray] = []
        expected = None
        for begin, samples in list(self.cycles):
            if begin != expected or not samples.any():
                stretch = []
            if samples.any():
                stretch.append(samples)
            if sum(map(len, stretch)) >= frames:
                return stretch
            expected = begin + len(samples)
        return []

    def names(self, pattern: str = "ipyclam") -> list[str]:
        """The ports of clients whose names begin so."""
        return [port.name for port in self.client.get_ports() if port.name.startswith(pattern)]

    def connections(self, port: str) -> list[str]:
        return sorted(other.name for other in self.client.get_all_connections(self.client.get_port_by_name(port)))

    def __enter__(self) -> Listener:
        self.client.activate()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None) -> None:
        self.client.deactivate()
        self.client.close()
