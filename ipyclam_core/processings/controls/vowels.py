"""Controls that speak: the formants of vowels."""

from __future__ import annotations

import numpy as np
from numpy import float64, int64

from ...declare import Array, config, in_control, out_control, processing
from .._limits import limited

# The first two formants are those of J. C. Catford: A Practical Introduction to Phonetics (1988); the third ones are
# near those of G. Peterson and H. Barney: Control methods used in a study of the vowels (1952).
CARDINAL_VOWELS = (
    (240.0, 2400.0, 3010.0),  # i
    (390.0, 2300.0, 2550.0),  # e
    (610.0, 1900.0, 2480.0),  # open e
    (850.0, 1610.0, 2420.0),  # a
    (750.0, 940.0, 2440.0),  # open back a
    (500.0, 700.0, 2410.0),  # open o
    (360.0, 640.0, 2400.0),  # o
    (250.0, 595.0, 2240.0),  # u
)


@processing(
    category="[plugin] Speech (experimental, GSoC)", source="CLAM CardinalVowel", synonyms=("formant", "voice", "speech", "talk box")
)
class CardinalVowel:
    """Sends the frequencies of three formants, to let `VowelResonator` say a vowel.

    `Vowel Position` goes through the cardinal vowels i, e, open e, a, open back a, open o, o and u. It is 0 at the first, and
    `Number of Steps` at the last.
    """

    Amount = config(1.0, minimum=0.1, maximum=10.0, doc="factor of all frequencies; above 1 for the voices of women and children")
    position = in_control("Vowel Position")
    steps = in_control("Number of Steps", 1.0)
    first = out_control("F1 Out", unit="Hz")
    second = out_control("F2 Out", unit="Hz")
    third = out_control("F3 Out", unit="Hz")

    class State:
        heard: bool

    class Prepared:
        formants: Array[float64]

    def prepare(Amount):
        return {"formants": Amount * np.array(CARDINAL_VOWELS).reshape(-1)}

    def receive(state, position, position_arrived, steps, steps_arrived, first, second, third):
        if position_arrived + steps_arrived > 0:
            state.heard = True
        if state.heard:
            last = len(state.formants) // 3 - 1
            place = limited(position / (steps if steps > 0.0 else 1.0), 0.0, 1.0) * last
            vowel = min(int64(place), last - 1)
            first.send(between(state.formants, vowel, 0, place - vowel))
            second.send(between(state.formants, vowel, 1, place - vowel))
            third.send(between(state.formants, vowel, 2, place - vowel))


def between(formants, vowel, k, part):
    """A formant between two vowels."""
    low, high = formants[3 * vowel + k], formants[3 * vowel + 3 + k]
    return low + (high - low) * part
