"""Resamplers: the middle of a piece is as exact as the filter allows, and what cannot be heard at the new rate is taken out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from clam.judging import decibels

from ipyclam_core import Network
from ipyclam_core.declare.declaration import catalog, values_for

from .frames import CompiledFramed

QUALITIES = {"SINC_BEST_QUALITY": (146, 0.46, 108.0), "SINC_MEDIUM_QUALITY": (48, 0.41, 108.0), "SINC_FASTEST": (21, 0.33, 95.0)}
"""Samples that the filter reaches to each side, the highest frequency that it keeps, and how exactly."""


def tone(frequency: float, count: int, ratio: float = 1.0, phase: float = 0.3) -> np.ndarray:
    """A sine of so many periods a sample, at a rate that is `ratio` times as high."""
    return np.sin(2.0 * np.pi * frequency / ratio * np.arange(count) + phase).astype(np.float32)


def resampled(name: str, samples: np.ndarray, **config: Any) -> np.ndarray:
    return np.asarray(CompiledFramed(catalog[name], config).call(audio=samples)["output"])


def by_ratio(samples: np.ndarray, ratio: float, quality: str = "SINC_FASTEST") -> np.ndarray:
    return resampled("ResamplerByRatio", samples, Ratio=ratio, Interpolator=quality)


def middle(samples: np.ndarray, edge: float) -> np.ndarray:
    """A piece without what the silence around it changes."""
    return samples[int(np.ceil(edge)) : len(samples) - int(np.ceil(edge))]


@pytest.mark.parametrize("ratio", [0.7, 1.0, 1.5, 2.0, 4.0])
@pytest.mark.parametrize("quality", QUALITIES)
def test_a_tone_has_the_same_frequency_at_the_new_rate(quality: str, ratio: float) -> None:
    reach, highest, exact = QUALITIES[quality]
    for frequency in (0.01, 0.13, highest):
        heard = by_ratio(tone(frequency * min(ratio, 1.0), 512), ratio, quality)
        wanted = tone(frequency * min(ratio, 1.0), len(heard), ratio)
        edge = reach * max(ratio, 1.0)
        assert decibels(middle(wanted, edge), middle(heard, edge)) > exact


@pytest.mark.parametrize(("quality", "level"), [("SINC_BEST_QUALITY", 1e-7), ("SINC_MEDIUM_QUALITY", 2e-6), ("SINC_FASTEST", 2e-5)])
def test_a_tone_that_is_too_high_for_the_new_rate_is_taken_out(quality: str, level: float) -> None:
    reach, _, _ = QUALITIES[quality]
    heard = by_ratio(tone(0.34, 512), 0.5, quality) if reach < 50 else resampled("Resampler", tone(0.34, 1024))
    assert np.abs(middle(heard, reach)).max() < level


@pytest.mark.parametrize(("before", "after"), [(44100, 48000), (48000, 44100), (44100, 96000), (96000, 44100)])
def test_a_rate_becomes_another_one(before: int, after: int) -> None:
    heard = resampled("ResamplerBySampleRateRatio", tone(1000.0 / before, 512), InputSampleRate=before, OutputSampleRate=after)
    assert len(heard) == 512 * after // before
    wanted = tone(1000.0 / after, len(heard))
    edge = 21 * max(after / before, 1.0)
    assert decibels(middle(wanted, edge), middle(heard, edge)) > 95.0


def test_samples_are_repeated_or_left_out() -> None:
    ramp = np.arange(512, dtype=np.float32)
    assert np.array_equal(by_ratio(ramp, 2.0, "ZERO_ORDER_HOLD"), np.repeat(ramp, 2))
    assert np.array_equal(by_ratio(ramp, 0.25, "ZERO_ORDER_HOLD"), ramp[::4])


def test_straight_lines_lie_between_samples() -> None:
    ramp = np.arange(512, dtype=np.float32)
    assert np.array_equal(by_ratio(ramp, 4.0, "LINEAR"), np.minimum(np.arange(2048) / 4.0, 511.0))


@pytest.mark.parametrize(("before", "after"), [(65536, 1), (1, 65536), (1, 1), (4096, 4095)])
def test_pieces_of_any_length_become_pieces_of_any_other(before: int, after: int) -> None:
    heard = resampled("Resampler", np.ones(before, np.float32), InputSamples=before, OutputSamples=after)
    assert len(heard) == after
    assert np.isfinite(heard).all()
    if min(before, after) > 1000:
        np.testing.assert_allclose(middle(heard, 146), 1.0, atol=1e-5)


def test_what_goes_down_and_up_again_is_as_fast_as_before() -> None:
    net = Network("clam")
    net.source, net.down, net.up, net.out = net.types.AudioSource, net.types.Resampler, net.types.Resampler, net.types.AudioSink
    net.up.InputSamples, net.up.OutputSamples = 512, 1024
    net.source > net.down > net.up > net.out
    sound = tone(0.05, 8192)
    heard = net.render(inputs=sound, sample_rate=44100, block_size=1024).reshape(-1)
    inner = slice(1024 * 4 + 300, 1024 * 5 - 300)
    assert decibels(sound[inner], heard[inner]) > 100.0
    net.close()


def test_rates_that_are_too_far_apart_are_a_problem_in_words() -> None:
    type_ = catalog["ResamplerBySampleRateRatio"]
    assert type_.problem is not None
    given = {**type_.spec.defaults, "InputSampleRate": 100, "OutputSampleRate": 48000}
    assert type_.problem(**values_for(type_.problem, given, type_.items)) == (
        "48000 Hz is not between 1/64 and 64 times 100 Hz: choose rates that are nearer to each other"
    )
