"""Another JACK client, which listens: Python, written with JACK-Client, as anybody's would be."""

from __future__ import annotations

import time
from types import TracebackType

import jack
import numpy as np


class Listener:
    """Keeps what comes to its one port, with the time of each cycle."""

    def __init__(self, name: str = "listener") -> None:
        self.client = jack.Client(name, no_start_server=True)
        self.port = self.client.inports.register("in")
        self.cycles: list[tuple[int, np.ndarray]] = []
        self.client.set_process_callback(self._process)

    def _process(self, frames: int) -> None:
        self.cycles.append((self.client.last_frame_time, self.port.get_array().copy()))

    def listen(self, port: str, seconds: float) -> np.ndarray:
        """The longest stretch without a gap of what came from a port."""
        self.client.connect(port, self.port)
        time.sleep(0.1)  # the server connects between two of its cycles
        self.cycles.clear()
        time.sleep(seconds)
        cycles = list(self.cycles)
        self.client.disconnect(port, self.port)
        best: list[np.ndarray] = []
        stretch: list[np.ndarray] = []
        expected = None
        for begin, samples in cycles:
            if begin != expected:
                stretch = []
            stretch.append(samples)
            expected = begin + len(samples)
            best = max(best, stretch, key=len)
        return np.concatenate(best)

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
