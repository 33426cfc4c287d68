"""Types that are called for each frame, called directly: compiled and as plain Python they do the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ipyclam_core.declare.declaration import Declaration, Table
from ipyclam_core.dsp.plain_frames import PlainFrame, PlainFramed

from .conftest import FRAMED
from .frames import CompiledFramed

CALLS = 3
PARTITIONS = 2
"""The pieces of an impulse response."""


def given(type_: Declaration, plain: PlainFramed, generator: np.random.Generator) -> dict[str, Any]:
    """Random samples and frames for every in port."""
    ins: dict[str, Any] = {}
    for item in type_.items_of("inports"):
        several = []
        for _ in range(plain.count(item)):
            if item.frame is None:
                several.append((0.3 * generator.standard_normal(plain.number(item.size))).astype(np.float32))
                continue
            lengths = {length: count or 20 for length, count in item.frame.lengths.items()}
            frame = PlainFrame(item.frame, lengths)
            for field in item.frame.fields:
                if field.length:
                    getattr(frame, field.name)[:] = np.abs(generator.standard_normal(field.shape(lengths)))
                elif field.used:
                    setattr(frame, field.name, lengths[field.used] - 3)
                elif field.axes:
                    frame.spectra = Table(generator.standard_normal(PARTITIONS * 2 * lengths["bins"]).astype(np.float32))
                    frame.partitions, frame.bins = PARTITIONS, lengths["bins"]
            several.append(frame)
        ins[item.attribute] = several if item.many else several[0]
    return ins


def values(out: Any) -> dict[str, Any]:
    """What an out port puts out, by field."""
    if not isinstance(out, PlainFrame):
        return {"samples": out}
    held = {field.name: getattr(out, field.name) for field in out.spec.fields}
    return {name: value.values if isinstance(value, Table) else value for name, value in held.items()}


@pytest.mark.parametrize("name", sorted(FRAMED))
def test_compiled_and_plain_do_the_same(name: str) -> None:
    type_ = FRAMED[name]
    plain, compiled = PlainFramed(type_), CompiledFramed(type_)
    generator = np.random.default_rng(3)
    for _ in range(CALLS):
        ins = given(type_, plain, generator)
        expected, found = plain.call(**ins), compiled.call(**ins)
        assert expected.keys() == found.keys()
        for attribute, out in expected.items():
            pairs = zip(out, found[attribute], strict=True) if isinstance(out, list) else [(out, found[attribute])]
            for one, other in pairs:
                for field, value in values(one).items():
                    scale = max(float(np.max(np.abs(value), initial=0.0)), 1e-3)
                    np.testing.assert_allclose(values(other)[field], value, rtol=1e-5, atol=1e-6 * scale, err_msg=f"{attribute} {field}")
    for item in type_.items_of("outcontrols"):
        assert compiled.sent(item.attribute) == pytest.approx(plain.sent(item.attribute), rel=1e-6)
