"""Names from anywhere are shown so that they cannot command a terminal, nor hide or reorder what is read."""

from __future__ import annotations

import unicodedata
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipyclam_core import Network, Placeholder, errors
from ipyclam_core.pictures.braille import plot
from ipyclam_core.pictures.words import escaped as in_svg
from ipyclam_core.system.display import brief, escaped, escaped_lines, is_safe, number, warn

UNSAFE = ["\x1b]0;title\x07", "\x9b31m", "\x00", "\x7f", "\u202e", "\u2066", "\u200b", "\u200f", "\ufeff", "\u2028", "\u00ad", "\U000e0041"]


@pytest.mark.parametrize("text", UNSAFE, ids=ascii)
def test_what_commands_hides_or_reorders_is_escaped(text: str) -> None:
    assert escaped(f"a{text}b") == "a" + repr(text)[1:-1] + "b"
    assert not is_safe(text)
    assert is_safe(in_svg(text))


@pytest.mark.parametrize("text", ["Sägezahn 1", "voix n°2", "音 一", "a\u3000b", "e\u0301", "\U0001f3b9", "<b> \\x1b", ""])
def test_what_can_be_seen_is_shown_as_it_is(text: str) -> None:
    assert escaped(text) == escaped_lines(text) == text
    assert is_safe(text)


@given(st.text())
def test_no_text_has_controls_after_it(text: str) -> None:
    shown = escaped(text)
    assert not {unicodedata.category(letter) for letter in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert escaped(shown) == shown
    assert escaped_lines(text).replace("\n", "\\n").replace("\t", "\\t") == shown


def test_a_value_is_shown_in_brief() -> None:
    assert brief("x" * 100) == "'" + "x" * 56 + "..."
    assert brief(10**5000).startswith("0x")
    assert brief((10**5000,)) == "a tuple that cannot be shown"


@pytest.mark.parametrize("text", UNSAFE, ids=ascii)
def test_errors_warnings_and_pages_are_shown_escaped(text: str, tmp_path, capsys) -> None:
    net = Network("clam")
    name = f"a{text}b"
    net[name] = net.types.Saw
    net["ph"] = Placeholder(f"T{text}", inports=[f"in{text}"], outports=["o"], config={f"par{text}": f"v{text}"})
    said = []
    for statement in (
        lambda: net[name].Nope, lambda: setattr(net[name], "Frequency", "x"), lambda: net[name + "c"], lambda: net.__setitem__(name, "Saw"),
        lambda: net.render(frames=1), lambda: net.__setitem__("c", f"T{text}"),
        lambda: setattr(net[name], "Frequency", text), lambda: Network(text),
    ):  # fmt: skip
        with pytest.raises(errors.IpyclamError) as raised:
            statement()
        said.append(str(raised.value))
    with pytest.warns(UserWarning, match="it is so") as warned:
        warn(f"{text}: it is so")
    said += [str(one.message) for one in warned]
    said += [net["ph"].__doc__ or "", repr(net[name]), repr(net["ph"]._config), net.code(), plot([0.0] * 40, text), net._repr_svg_() or ""]
    for shown in said:
        assert is_safe(shown.replace("\n", "").replace("\t", "")), ascii(shown)
    net.close()


def test_a_warning_of_ours_points_to_the_caller() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warn("so it is")
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (440.0, "440"), (0.30000001192092896, "0.3"), (0.30000004172325134, "0.30000004"), (0.1 + 0.2, "0.3"), (-2.5, "-2.5"),
        (1e-12, "1e-12"), (3.4028234663852886e38, "3.4028235e+38"), (1e300, "1e+300"), (float("inf"), "inf"), (float("nan"), "nan"),
        (16777217.0, "16777217"), (0.0, "0"),
    ],
)  # fmt: skip
def test_numbers_for_people_have_the_digits_that_tell_them_apart(value: float, text: str) -> None:
    assert number(value) == text
