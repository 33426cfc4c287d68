"""The step device: blocks are computed on request, one by one, for tests and experiments."""

from __future__ import annotations

import numpy as np

from .. import kernels
from ..memory.arrays import Ints, Samples
from ..memory.shared import shared
from . import Nameless


class StepDevice(Nameless):
    """Computes blocks only when `run` is called; `run` also does the work of the service thread."""

    name = "step"
    spread = limits = gone = paced = False

    def __init__(self, context: Ints, sample_rate: int | None, block_size: int | None, channels: tuple[int, int]) -> None:
        self.sample_rate = sample_rate or 48000
        self.block_size = block_size or 512
        self.channels = max(channels[1], 2)
        self._context = context

    def start(self) -> None:
        pass

    def stop(self) -> None:
        pass

    def trouble(self) -> str:
        return ""

    def run(self, inputs: Samples | None = None, frames: int | None = None) -> Samples:
        """Compute one block, or `frames` frames at once. Returns float32 ``(frames, channels)``.

        `inputs` are the device's input samples, in the same form.
        """
        frames = frames or self.block_size
        heard = np.zeros((0, frames), np.float32) if inputs is None else np.ascontiguousarray(np.asarray(inputs, np.float32).T)
        played = shared(np.zeros((self.channels, frames), np.float32))
        ins = np.array([row.ctypes.data for row in heard] or [0], np.int64)
        outs = np.array([row.ctypes.data for row in played], np.int64)
        kernels.offline()(self._context.ctypes.data, ins.ctypes.data, len(heard), outs.ctypes.data, len(played), frames, 1)
        return played.T


create = StepDevice
