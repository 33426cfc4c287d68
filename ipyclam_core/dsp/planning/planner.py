"""The planner: makes programs of one score, and keeps memory and measured times from one program to the next."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final

from ..memory.arenas import Arenas
from ..memory.arrays import Ints
from ..memory.meters import Meter
from ..memory.taps import Tap
from .channels import Channels, Port
from .plan import Kernels, Plan, Program
from .score import Score

STEP_SECONDS: Final = 0.002  # in which the step of a stream that breaks off fades out
SMOOTHED: Final = 9.2  # by 60 dB, with two poles


class Planner:
    """Makes programs of one score.

    Parameters
    ----------
    score : the score to plan.
    kernels : called at each plan, because there may be new types.
    block : size of the buffers in frames.
    arenas : the memory for signals.
    rate : frames a second.
    spreads : whether analyses take turns where many are due in one block; see `paces`.
    """

    def __init__(
        self, score: Score, kernels: Callable[[], Kernels], block: int, arenas: Arenas, rate: float, spreads: bool = False
    ) -> None:
        self.score = score
        self.block = block
        self.arenas = arenas
        self._kernels, self._spreads = kernels, spreads
        self._last: Program | None = None
        self._decay = math.exp(-SMOOTHED / (STEP_SECONDS * rate))
        self.times: dict[int, Ints] = {}
        self.meters: Mapping[Port, Meter] = {}  # of the last program; never changed, only replaced, because other threads read it

    def plan(
        self, channels: Channels, taps: Mapping[tuple[int, int], Tap], inputs: Ints | None = None, outputs: Ints | None = None
    ) -> Program:
        """The program of the score as it is now.

        `taps` are by row of node and out port; `inputs` and `outputs` are the device's own tables of channels, for
        devices that have them (JACK's port handles).
        """
        played = channels.metered()
        meters = [self.meters.get(port) or Meter() for port in played]
        shown = list(zip(played.values(), meters, strict=True))
        given = self.arenas, self.times, self._kernels(), channels, taps, inputs, outputs, shown, self._decay, self._spreads
        plan = Plan(self.score, self.block, *given)
        self._last = plan.program()
        self.meters = dict(zip(played, meters, strict=True))
        return self._last

    def reserve(self) -> None:
        """Allocate memory for the first edits: the page faults of new memory take longer than planning."""
        if self._last is not None:
            for arena in [self.arenas.take(self._last.arena.size) for _ in range(2)]:
                self.arenas.give_back(arena)

    def retire(self, program: Program) -> None:
        """The audio thread no longer uses a program."""
        self.arenas.give_back(program.arena)
