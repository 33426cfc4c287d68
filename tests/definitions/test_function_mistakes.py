"""What people get wrong in the compiled function of their first processing types, and what they are told."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from ipyclam_core import Network
from ipyclam_core.declare import in_control, in_port, out_port, processing
from ipyclam_core.declare.declaration import catalog
from ipyclam_core.errors import DefinitionError

table = [0.1, 0.2]


def factorial(n):
    return 1.0 if n < 1.0 else n * factorial(n - 1.0)


def some_path_returns_nothing() -> None:
    @processing()
    class Wrong:
        sound = in_port()
        audio = out_port()

        def step(sound):  # noqa: RET503
            if sound > 0.0:
                return sound


def text_returned() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        def step():
            return "loud"


def complex_returned() -> None:
    @processing()
    class Wrong:
        sound = in_port()
        audio = out_port()

        def step(sound):
            return sound * 1j


def list_returned() -> None:
    @processing()
    class Wrong:
        left = out_port()
        right = out_port()

        def step():
            return [0.0, 1.0]


def list_read() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        def step():
            return table[0]


def exceptions() -> None:
    @processing()
    class Wrong:
        sound = in_port()
        audio = out_port()

        def step(sound):
            try:
                return 1.0 / sound
            except ZeroDivisionError:
                return 0.0


def imports() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        def step():
            import time

            return time.time()


def recursion() -> None:
    @processing()
    class Wrong:
        sound = in_port()
        audio = out_port()

        def step(sound):
            return factorial(sound)


def used_before_it_is_set() -> None:
    @processing()
    class Wrong:
        sound = in_port()
        audio = out_port()

        def step(sound):
            before = before + sound  # noqa: F821
            return before  # noqa: RET504


def comprehension() -> None:
    @processing()
    class Wrong:
        sound = in_port()
        audio = out_port()

        def step(sound):
            return sum([sound * k for k in range(3)])


def expression_of_arrays() -> None:
    @processing()
    class Wrong:
        sound = in_port()
        audio = out_port()

        def process(sound, audio):
            audio[:] = np.sin(sound * 2.0)


def backwards() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        def step():
            total = 0.0
            for k in reversed(range(4)):
                total += k
            return total


def zipped_strictly() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        def step():
            total = 0.0
            for a, b in zip((1.0, 2.0), (3.0, 4.0), strict=True):
                total += a * b
            return total


def deleted() -> None:
    @processing()
    class Wrong:
        sound = in_port()
        audio = out_port()

        def step(sound):
            x = 2.0 * sound
            y = x + 1.0
            del x
            return y


def assigned_in_a_condition() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        def step():
            k = 0
            while (k := k + 1) < 4:
                pass
            return k


def amplified(x, *, gain=2.0):
    return gain * x


def called_by_keyword() -> None:
    @processing()
    class Wrong:
        sound = in_port()
        audio = out_port()

        def step(sound):
            return amplified(sound, gain=3.0)


def raises_inside() -> None:
    @processing()
    class Wrong:
        sound = in_port()
        audio = out_port()

        def step(sound):
            def careful(x):
                if x > 1.0:
                    raise ValueError
                return x

            return careful(sound)


CASES: list[tuple[Callable[[], None], str]] = [
    (some_path_returns_nothing, r"it returns a number on one path and nothing on another \(line \d+, `return sound`\)"),
    (text_returned, r'it returns text \(line \d+, `return "loud"`\)'),
    (complex_returned, r"it returns a complex number \(line \d+, `return sound \* 1j`\)"),
    (list_returned, r"must return 2 numbers, .*; it returns a list; numbers are returned with commas between"),
    (list_read, r"step, line \d+, `return table\[0\]`: 'table' is a list, .*: np.array\(table\)"),
    (exceptions, r"step, line \d+, `except ZeroDivisionError:`: try and except are not available"),
    (imports, r"step, line \d+, `import time`: this is not available in compiled code"),
    (recursion, r"step: factorial calls itself"),
    (used_before_it_is_set, r"step, line \d+, .*: 'before' is used before it is set"),
    pytest.param(comprehension, r"would allocate memory .* \(line \d+, `return sum\(", marks=pytest.mark.slow),
    (backwards, r"step, line \d+, .*: reversed is not available in compiled code; range\(n - 1, -1, -1\) and row\[::-1\] are"),
    (
        zipped_strictly,
        r"step, line \d+, .*strict=True.*: it cannot be compiled, and numba does not say why; zip with strict= is one such thing",
    ),
    (deleted, r"step, line \d+, `del x`: del is not available in compiled code"),
    (assigned_in_a_condition, r"step, line \d+, `while .*: nothing here says what kind of number this is; write it in plainer steps"),
    (called_by_keyword, r"step, line \d+, .*: this function is not called so in compiled code: give it what it takes in order"),
    (raises_inside, r"would allocate memory or raise an error .* \(line \d+, `raise ValueError`\)"),
    pytest.param(
        expression_of_arrays,
        r"would allocate memory .* \(line \d+, `audio\[:\] = .*\); an expression of arrays makes a new one, a loop",
        marks=pytest.mark.slow,
    ),
]


@pytest.mark.parametrize(("define", "message"), CASES, ids=lambda value: getattr(value, "__name__", ""))
def test_a_mistake_is_explained(define: Callable[[], None], message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        define()
    assert "Wrong" not in catalog


def test_a_comparison_is_a_signal_of_zeros_and_ones() -> None:
    @processing()
    class Gate:
        value = in_control(default=3.0)
        audio = out_port()

        def step(value):
            return value > 2.0

    assert heard("Gate") == [1.0]


def test_what_cannot_become_vectors_says_nothing_of_it_to_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    @processing()
    class Folded:
        sound = in_port()
        audio = out_port()

        def step(sound):
            z = complex(sound, 1.0)
            return abs(z)

    assert heard("Folded") == [1.0]
    assert capfd.readouterr() == ("", "")


def network(type_name: str) -> Network:
    net = Network("clam")
    net.own = net.types[type_name]
    net.sink = net.types.AudioSink
    _ = net.own > net.sink
    return net


def heard(type_name: str) -> list[float]:
    """The first sample."""
    return [float(sample) for sample in network(type_name).render(frames=1).ravel()]
