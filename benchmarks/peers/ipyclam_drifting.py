"""Ours with `SimpleOscillator`, whose float32 phase drifts as CLAM's does, instead of `Sine`."""

from __future__ import annotations

from pathlib import Path

from . import ipyclam
from .measuring import Taken
from .workloads import Workload

NAME = "ipyclam, as CLAM"
INSTALL = "make"
NOTE = "SimpleOscillator in W1, whose float32 phase drifts as CLAM's does"


def missing() -> bool:
    return False


def measure(work: Workload, block: int, seconds: float, output: Path) -> Taken:
    ipyclam.SINE = "SimpleOscillator"
    return ipyclam.measure(work, block, seconds, output)
