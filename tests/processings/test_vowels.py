"""Vowels as controls."""

from __future__ import annotations

import pytest

from ipyclam_core.declare.declaration import catalog

from .kernels import CompiledProcessing


@pytest.mark.parametrize(
    ("position", "steps", "formants"),
    [(0.0, 1.0, (240, 2400)), (1.0, 1.0, (250, 595)), (3.0, 7.0, (850, 1610)), (0.5, 7.0, (315, 2350)), (9.0, 7.0, (250, 595))],
)
def test_the_position_of_a_vowel_gives_its_formants(position: float, steps: float, formants: tuple[float, float]) -> None:
    vowel = CompiledProcessing(catalog["CardinalVowel"], {"Amount": 2.0})
    vowel.send("steps", steps)
    vowel.send("position", position)
    vowel.run(frames=64)
    first, second, third = (vowel.sent(name)[-1] for name in ("first", "second", "third"))
    assert (first, second) == pytest.approx([2.0 * value for value in formants])
    assert 4400.0 < third < 6100.0


@pytest.mark.parametrize("steps", [0.0, -3.0, float("nan")])
def test_a_number_of_steps_that_is_none_counts_as_one(steps: float) -> None:
    vowel = CompiledProcessing(catalog["CardinalVowel"])
    vowel.send("steps", steps)
    vowel.send("position", 0.0)
    vowel.run(frames=64)
    assert vowel.sent("first")[-1] == 240.0
