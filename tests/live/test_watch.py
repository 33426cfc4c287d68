"""The watch: what it finds is read by other threads while it looks."""

from __future__ import annotations

import sys
import threading

import numpy as np
import pytest

from ipyclam_core.dsp import watch
from ipyclam_core.dsp.memory.context import BUSY, WORDS


def test_the_profile_is_read_while_types_come_and_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "MEASURE_SECONDS", 0.0)
    context = np.zeros(WORDS, np.int64)
    looking = watch.Watch(context, lambda *_: "", str)
    over = threading.Event()
    failed: list[BaseException] = []

    def read() -> None:
        try:
            while not over.is_set():
                assert all(share >= 0.0 for _, share in looking.profile)
        except BaseException as error:
            failed.append(error)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    reader = threading.Thread(target=read)
    reader.start()
    try:
        for round_ in range(1500):
            context[BUSY] += 1000
            looking.look({f"Type{k}": 1000 * (round_ + 1) for k in range(round_ % 60)})
    finally:
        over.set()
        reader.join()
        sys.setswitchinterval(interval)
    assert not failed
    assert looking.profile
