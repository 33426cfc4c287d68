"""The stereo cable, typed line by line, plays through JACK and arrives in another client, sample for sample."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import jack
import numpy as np
from numpy.typing import NDArray
from terminal import Terminal
from waiting import PATIENCE

CABLE = """
net.processing1 = net.types.AudioSource
net.processing1.NOutputs = 2
net.processing2 = net.types.AudioSink
net.processing2.NInputs = 2
net.processing1.Output1 > net.processing2.Input1
net.processing1.Output2 > net.processing2.Input2
"""

Samples = NDArray[np.float32]


class Probe:
    """A JACK client that plays two channels and hears two, and keeps what it played and heard block by block."""

    def __init__(self, server: str) -> None:
        self.client = jack.Client("probe", servername=server, no_start_server=True)
        self.outs = [self.client.outports.register(f"out_{channel}") for channel in (1, 2)]
        self.ears = jack.Client("ears", servername=server, no_start_server=True)
        self.ins = [self.ears.inports.register(f"in_{channel}") for channel in (1, 2)]
        self.played: dict[int, Samples] = {}
        self.heard: dict[int, Samples] = {}
        self.enough = threading.Event()
        self._random = np.random.default_rng(1)
        self.client.set_process_callback(self._play)
        self.ears.set_process_callback(self._hear)

    def _play(self, frames: int) -> None:
        block = self._random.uniform(-0.5, 0.5, (2, frames)).astype(np.float32)
        for port, samples in zip(self.outs, block, strict=True):
            port.get_array()[:] = samples
        self.played[self.client.last_frame_time] = block

    def _hear(self, frames: int) -> None:
        self.heard[self.ears.last_frame_time] = np.stack([port.get_array().copy() for port in self.ins])
        if len(self.heard) >= 300:
            self.enough.set()


@contextmanager
def probing(server: str) -> Iterator[Probe]:
    probe = Probe(server)
    with probe.client, probe.ears:
        yield probe


def test_a_stereo_cable_typed_line_by_line_carries_every_sample(jack_server: str, terminal: Terminal) -> None:
    terminal.begin(f"JACK_DEFAULT_SERVER={jack_server} ipyclam_console --device=jack")
    for line in CABLE.strip().splitlines():
        terminal.run(line)
    with probing(jack_server) as probe:
        before = {port.name for port in probe.client.get_ports()}
        assert "jack" in terminal.run("%play")
        ours = [port for port in probe.client.get_ports(is_audio=True) if port.name not in before]
        for out, port in zip(probe.outs, [port for port in ours if port.is_input], strict=True):
            probe.client.connect(out, port)
        for port, ear in zip([port for port in ours if port.is_output], probe.ins, strict=True):
            probe.client.connect(port, ear)
        probe.heard.clear()
        probe.enough.clear()
        assert probe.enough.wait(PATIENCE)
        played, heard = dict(probe.played), dict(probe.heard)  # before it fades out
        terminal.enter("%stop")
        terminal.enter("")
    assert_same_stream(played, heard)


def assert_same_stream(played: dict[int, Samples], heard: dict[int, Samples]) -> None:
    """All that was heard, once connected and faded in, is what was played, always by the same number of cycles later."""
    cycles = sorted(played.keys() & heard.keys())  # by number: when the machine is late, the server's time leaps
    assert len(cycles) > 200
    settled = range(100, len(cycles) - 2)
    later = [shift for shift in range(5) if np.array_equal(played[cycles[100 - shift]], heard[cycles[100]])]
    assert later, f"the first block was not played within four cycles: {heard[cycles[100]][:, :4]}"
    different = [k for k in settled if not np.array_equal(played[cycles[k - later[0]]], heard[cycles[k]])]
    assert not different, f"{len(different)} of {len(settled)} blocks differ"
