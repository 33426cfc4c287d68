"""The documentation shows all that magics and the command say of themselves, and nothing of it is cut off."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import console_pages
import pytest

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.slow  # the command is a process of its own
LONGEST = 100
"""Characters in a line of a block of text: longer ones would be cut off at the edge of the page."""


@cache
def pages() -> dict[str, str]:
    return console_pages.pages(ROOT)


def words(text: str) -> str:
    """The letters and digits of a text, without its marks."""
    return " ".join(re.findall(r"\w+", re.sub(r"[\\_]", "", text)))


def magics() -> Iterator[tuple[str, Any]]:
    yield from console_pages.declared()


def section(name: str) -> str:
    return pages()["magics.md"].split(f"\n## %{name}\n")[1].split("\n## ")[0]


@pytest.mark.parametrize(("name", "function"), list(magics()), ids=lambda value: value if isinstance(value, str) else "")
def test_a_magic_is_described_to_the_end(name: str, function: Any) -> None:
    text = words(section(name))
    assert words(inspect.cleandoc(function.parser.description)) in text
    for action in function.parser._actions:
        assert words(action.help) in text
        assert all(words(option) in text for option in action.option_strings)


@pytest.mark.parametrize("page", ["magics.md", "command_line.md"])
def test_no_line_of_a_block_is_cut_off(page: str) -> None:
    for options, block in re.findall(r"^```(.*)\n((?:(?!```).*\n)*)```", pages()[page], re.MULTILINE):
        wrapped = ":class: usage" in block
        assert wrapped or [line for line in block.splitlines() if len(line) > LONGEST] == [], options


def test_what_tab_offers_does_not_depend_on_what_was_left_unsaved_on_this_machine() -> None:
    assert "`list`, `discard` |" in section("recover")


def test_every_option_of_the_command_has_a_row() -> None:
    text = pages()["command_line.md"]
    for option in (
        "--play",
        "--copy",
        "--start-server",
        "--engine=TEXT",
        "--device=TEXT",
        "--sample-rate=NUMBER",
        "--no-autoindent",
        "--ext=",
    ):
        assert f"\n| `{option}" in text
    assert "| `Session.device` |" in text
    assert "c '%render out.wav 10'" in text
