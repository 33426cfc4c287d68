"""Arguments are checked before anything is done: what is returned is a plain value, what is refused is named in the message."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from ipyclam_core.system import given
from ipyclam_core.system.display import brief


class Unshowable:
    def __repr__(self) -> str:
        raise RuntimeError("its repr")


ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary(), st.complex_numbers(), st.builds(Unshowable),
    st.lists(st.integers()), st.just(10**5000), st.just(np.array([1, 2])), st.just(np.array(3)), st.just(np.datetime64("2020-01-01")),
    st.just(np.float32(2.5)), st.just(np.int16(7)), st.just(np.bool_(True)), st.just(datetime.date(2020, 1, 1)), st.just(Path("a")),
    st.dictionaries(st.text(), st.integers()),
)  # fmt: skip


def outcome(call: Callable[[], Any]) -> tuple[Any, str]:
    """The result of a call, or what its error says."""
    try:
        return call(), ""
    except (TypeError, ValueError) as error:
        return None, str(error)


@drawn(ODD)
def test_a_value_is_shown_in_one_line_whatever_its_repr_does(value: Any) -> None:
    assert 0 < len(brief(value)) <= 60
    assert "\n" not in brief(value)
    assert brief(Unshowable()) == "a Unshowable that cannot be shown"


@drawn(ODD)
def test_a_path_can_be_opened_or_is_refused(value: Any) -> None:
    path, error = outcome(lambda: given.path(value, "the file"))
    if error:
        assert error.startswith("the file ")
    else:
        assert type(path) is str
        os.path.exists(path)  # raises where the system could not even look
        assert b"\0" not in os.fsencode(path)


@pytest.mark.parametrize("path", ["x\0.py", "\0", "\ud800.py", Path("a\0")], ids=ascii)
def test_a_path_that_no_file_can_have_is_refused(path: Any) -> None:
    with pytest.raises(ValueError, match=r"the path cannot be .*character"):
        given.path(path)


@drawn(ODD, st.integers(0, 10), st.integers(10, 2**40))
def test_a_count_is_an_int_in_its_range_or_is_refused(value: Any, least: int, most: int) -> None:
    count, error = outcome(lambda: given.count("frames", value, least, most))
    if error:
        assert error.startswith("frames must be ")
    else:
        assert type(count) is int
        assert least <= count <= most


@drawn(ODD)
def test_a_duration_is_finite_and_not_negative_or_is_refused(value: Any) -> None:
    seconds, error = outcome(lambda: given.duration(value, most=100.0))
    if error:
        assert error.startswith("seconds must be ")
    else:
        assert 0.0 <= seconds <= 100.0


@drawn(ODD)
def test_yes_or_no_is_not_guessed(value: Any) -> None:
    flag, error = outcome(lambda: given.flag("on", value))
    if error:
        assert error.startswith("on must be True or False")
    else:
        assert flag is bool(value)


@drawn(ODD, ODD, ODD)
def test_a_slice_can_be_used_or_is_refused(start: Any, stop: Any, step: Any) -> None:
    checked, error = outcome(lambda: given.slice_of_ints(slice(start, stop, step)))
    if error:
        assert "slice" in error
    else:
        range(5)[checked]


@drawn(ODD | st.lists(ODD))
def test_origins_are_a_list_of_names_or_are_refused(value: Any) -> None:
    found, error = outcome(lambda: given.origins(value))
    if error:
        assert "types" in error
    else:
        assert all(type(origin) is str and origin for origin in found)


def test_one_origin_is_no_list() -> None:
    with pytest.raises(TypeError, match=r"Type types=\['my_types.py'\]"):
        given.origins("my_types.py")
