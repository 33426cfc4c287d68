"""What no control should be sent does no lasting harm: once the value is one again that it can be, so is the sound."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ipyclam_core.declare.declaration import Declared

from .conftest import COMPUTED
from .kernels import CompiledProcessing
from .playing import configuration, count

BLOCK = 4096
AFTER = 2 * 44100 // BLOCK
"""Blocks in which what lies in a delay line has gone by."""

CONTROLS = [(name, item) for name in sorted(COMPUTED) for item in COMPUTED[name].items_of("incontrols")]


NOISE = (0.1 * np.random.default_rng(3).standard_normal(BLOCK)).astype(np.float32)


def finite(processing: Any, blocks: int) -> bool:
    """Play so many blocks; whether the last was finite."""
    wanted = sum(count(processing, item) for item in processing.type.items_of("inports"))
    for _ in range(blocks):
        outs = processing.run([NOISE] * wanted, BLOCK)
    sent = [processing.sent(item.attribute)[-1:] for item in processing.type.items_of("outcontrols") if count(processing, item)]
    return all(np.isfinite(samples).all() for samples in outs) and all(np.isfinite(values).all() for values in sent)


@pytest.mark.parametrize(("name", "item"), [pytest.param(name, item, id=f"{name}, {item.spec.name}") for name, item in CONTROLS])
@pytest.mark.parametrize("value", [1e300, -1e300, np.inf, np.nan])
def test_a_control_that_was_out_of_all_bounds_leaves_nothing_behind(
    name: str, item: Declared, value: float, files: dict[str, str], tmp_path: Path
) -> None:
    processing = CompiledProcessing(COMPUTED[name], configuration(name, files, tmp_path))
    if not count(processing, item):
        processing.close()
        return
    assert finite(processing, 1)
    processing.send(item.attribute, value)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # such a number cannot be sent to another program
        finite(processing, 2)
    processing.send(item.attribute, getattr(item.spec, "default", 0.0))
    assert finite(processing, AFTER)
    processing.close()
