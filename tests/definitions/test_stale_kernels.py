"""A kernel is compiled anew for all that its code depends on, wherever that is written."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numba import njit

from ipyclam_core import Network
from ipyclam_core.declare import out_port, processing
from ipyclam_core.dsp.kernel import fingerprint


def of_a_module(gain: float) -> Callable[[], Any]:
    settings = ModuleType("settings")
    settings.GAIN = gain  # type: ignore[attr-defined]

    def function():
        return settings.GAIN

    return function


def of_a_module_in_a_module(gain: float) -> Callable[[], Any]:
    package = ModuleType("package")
    package.settings = ModuleType("package.settings")  # type: ignore[attr-defined]
    package.settings.GAIN = gain

    def function():
        return package.settings.GAIN

    return function


def of_a_default(gain: float) -> Callable[[], Any]:
    def amplified(x, by=gain):
        return by * x

    def function():
        return amplified(1.0)

    return function


def of_a_function_that_is_compiled_already(gain: float) -> Callable[[], Any]:
    @njit
    def amplified(x):
        return gain * x

    def function():
        return amplified(1.0)

    return function


def of_a_row(gain: float) -> Callable[[], Any]:
    row = np.array([gain, 1.0])

    def function():
        return row[0]

    return function


KINDS = [of_a_module, of_a_module_in_a_module, of_a_default, of_a_function_that_is_compiled_already, of_a_row]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_value_that_changed_is_heard(kind: Callable[[float], Callable[[], Any]]) -> None:
    heard = []
    for gain in (0.5, 0.25):
        function = kind(gain)

        @processing()
        class Stale:
            audio = out_port()

            def step():
                return function()  # noqa: B023

        net = Network("clam")
        net.one = Stale
        net.sink = net.types.AudioSink
        _ = net.one > net.sink
        heard += net.render(frames=1).ravel().tolist()
        net.close()
    assert heard == [0.5, 0.25]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_is_the_same_is_compiled_once(kind: Callable[[float], Callable[[], Any]]) -> None:
    assert fingerprint(kind(0.5)) == fingerprint(kind(0.5))
