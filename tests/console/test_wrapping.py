"""Lines end between words: in texts, in pages of help, in trees."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipyclam_console.wrapping import cells, columns, reflowed, wrapped
from ipyclam_core import Network

WORDS = st.lists(st.text("ab│├└─.,>日\N{GREEK SMALL LETTER MU}", min_size=1, max_size=12), max_size=30)


@given(WORDS, st.integers(20, 80), st.integers(0, 4))
def test_the_words_stay_and_a_row_that_is_too_long_is_one_word(words: list[str], width: int, hang: int) -> None:
    text = wrapped(" ".join(words), width, hang)
    assert [word for word in text.split() if set(word) - set("│├└─")] == [word for word in words if set(word) - set("│├└─")]
    for row in text.split("\n"):
        assert cells(row) <= width or len([word for word in row.split() if set(word) - set("│├└─")]) == 1


def test_a_text_that_fits_or_goes_elsewhere_is_as_it_is() -> None:
    assert wrapped("  two   words ", 40) == "  two   words "
    assert wrapped("many words " * 20, None) == "many words " * 20
    assert columns(io.StringIO()) is None


def test_further_rows_are_indented() -> None:
    assert wrapped("note: one two three four five", 20) == "note: one two three\n  four five"
    assert wrapped("  one two three four five", 20, hang=0) == "  one two three four\n  five"


def test_the_branches_of_a_tree_go_on_below() -> None:
    assert wrapped("├─ one two three four five", 20) == "├─ one two three\n│    four five"
    assert wrapped("└─ one two three four five", 20) == "└─ one two three\n     four five"
    assert wrapped("│     one two three four", 20) == "│     one two three\n│       four"


def test_styles_take_no_room() -> None:
    assert wrapped("\x1b[31mError\x1b[0m: one two three four", 20) == "\x1b[31mError\x1b[0m: one two three\n  four"


def test_paragraphs_of_a_page_are_filled_again_and_definitions_stay_apart() -> None:
    page = "One two three four five six\nseven eight.\n\nOne : the first of them all\nTwo : the second\n\n>>> a + b + c + d + e\n15\n"
    assert reflowed(page, 20) == (
        "One two three four\nfive six seven\neight.\n\nOne : the first of\n    them all\nTwo : the second\n\n>>> a + b + c + d +\ne\n15\n"
    )
    assert reflowed(page, 60) == page


def test_code_is_kept() -> None:
    page = "Signature: f()\nSource:\ndef f():\n    return one + two + three + four\n    return 5\n"
    assert reflowed(page, 20) == page


@pytest.mark.parametrize("width", [20, 40, 60, 80])
def test_the_pages_of_types_have_a_picture_where_it_has_room(clam_types: list[str], width: int) -> None:
    net = Network()
    for name in clam_types:
        whole = str(net.types[name].__doc__)
        page = reflowed(whole, width)
        drawn = [cells(row) for row in re.findall(".*[┤├┐┘┫┣].*", whole)]  # none where there are no connectors
        assert ("┐" in page) == (0 < max(drawn, default=0) <= width)
        assert "\n\n\n" not in page
        for row in page.split("\n"):
            assert cells(row) <= width or len(row.split()) == 1, (name, row)


@pytest.fixture(scope="module")
def clam_types() -> list[str]:
    return list(Network().types)
