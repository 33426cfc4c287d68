"""Every choice, and both ends of every range, of every type; and controls far beyond, which they do not limit."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ipyclam_core.declare.declaration import Declaration, Declared
from ipyclam_core.dsp.plain import PlainProcessing
from ipyclam_core.parameters import ParameterSpec
from ipyclam_core.proxy import ControlSpec

from .conftest import COMPUTED
from .kernels import CompiledProcessing
from .playing import BLOCKWISE, configuration, played

FRAMES = 96
FAR = 1e6

Setting = tuple[dict[str, Any], list[tuple[str, float]]]
"""A configuration, and what is sent: attribute, value."""

BETWEEN_BLOCKS: dict[tuple[str, str], str] = {
    (name, "seek"): "a reader jumps between two blocks" for name in ("MonoAudioFileReader", "SndfilePlayer")
}
"""Controls, sent in the first block, that make the sound depend on its length."""


def ends(parameter: ParameterSpec) -> list[Any]:
    """The choices of a parameter, or the ends of its range."""
    if parameter.choices:
        return list(parameter.choices)
    if parameter.type == "bool":
        return [False, True]
    if parameter.type not in ("int", "float"):
        return []
    return [end if parameter.type == "float" else int(end) for end in (parameter.minimum, parameter.maximum) if end is not None]


def choices(type_: Declaration) -> Iterator[dict[str, Any]]:
    """The defaults, and one configuration for each choice and each end."""
    yield {}
    for parameter in type_.spec.parameters:
        for value in ends(parameter):
            if value != parameter.default:
                yield {parameter.name: value}


def values(item: Declared) -> list[float]:
    """Both ends of a control's range, and far beyond both."""
    spec = item.spec
    assert isinstance(spec, ControlSpec)
    return [*(end for end in (spec.minimum, spec.maximum) if end is not None), -FAR, FAR]


def settings(type_: Declaration) -> Iterator[tuple[str, Setting]]:
    """Every choice alone, with every control at each end, and with all controls at some end, drawn by lot."""
    lot = random.Random(type_.name)
    controls = type_.items_of("incontrols")
    for given in choices(type_):
        title = ", ".join(f"{name}={value}" for name, value in given.items()) or "defaults"
        yield title, (given, [])
        ends_of_ranges = given and not any(parameter.choices for parameter in type_.spec.parameters if parameter.name in given)
        for item in () if ends_of_ranges else controls:
            for value in values(item):
                yield f"{title}, {item.spec.name}={value:g}", (given, [(item.attribute, value)])
        for far in (0, 2) if len(controls) > 1 or ends_of_ranges else ():
            drawn = [(item.attribute, lot.choice(values(item)[: len(values(item)) - 2 + far] or [0.0])) for item in controls]
            if drawn:
                yield f"{title}, all at {'far' if far else 'some'} ends", (given, drawn)


EVERY = [(name, title, setting) for name in sorted(COMPUTED) for title, setting in settings(COMPUTED[name])]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "setting"), [pytest.param(name, setting, id=f"{name}, {title}") for name, title, setting in EVERY])
def test_at_every_end_it_is_finite_and_the_same_compiled_or_not_in_any_blocks(
    name: str, setting: Setting, files: dict[str, str], tmp_path: Path
) -> None:
    type_ = COMPUTED[name]
    given, sends = setting
    config = {**configuration(name, files, tmp_path), **given}
    long = any(parameter.unit == "s" for parameter in type_.spec.parameters if parameter.name in given)
    reads = any(parameter.type == "file" for parameter in type_.spec.parameters)  # it would resample the file
    rate = 1000.0 if long and not reads else 44100.0

    def heard(kind: type[Any], lengths: list[int], silent: int = 0) -> tuple[list[np.ndarray], dict[str, list[float]]]:
        return played(kind(type_, config, sample_rate=rate, block_size=lengths[0]), lengths, sends, silent)

    outs, sent = heard(CompiledProcessing, [512] * 16, silent=4096)
    again, sent_again = heard(CompiledProcessing, [512] * 16, silent=4096)
    for one, other in zip(outs, again, strict=True):
        assert np.isfinite(one).all()
        assert np.array_equal(one, other)
    assert sent == sent_again
    assert all(np.isfinite(several).all() for several in sent.values())
    if any(abs(value) == FAR for _, value in sends):
        return  # far beyond a range numbers are too large to be the same to the last digits
    outs, sent = heard(CompiledProcessing, [FRAMES])
    plain, sent_plain = heard(PlainProcessing, [FRAMES])
    for one, other in zip(outs, plain, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=2e-6)
    for key, several in sent.items():
        assert several == pytest.approx(sent_plain[key]), key
    if name in BLOCKWISE or any((name, attribute) in BETWEEN_BLOCKS for attribute, _ in sends):
        return
    parts, _ = heard(CompiledProcessing, [FRAMES // 3] * 3)
    for one, other in zip(outs, parts, strict=True):
        np.testing.assert_allclose(other, one, rtol=1e-5, atol=1e-6)
