"""CONTRIBUTING.md: its map shows every room with its rules, and every path it names exists."""

from __future__ import annotations

import re

import pytest
from test_imports import BORDER, ROOMS, ROOT, Room

TEXT = (ROOT / "CONTRIBUTING.md").read_text()
CODE = re.compile(r"`([^`\s]+)`")


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without its head."""
    section = TEXT.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def paths(text: str) -> list[str]:
    return [code for code in CODE.findall(text) if "/" in code or code.endswith((".py", ".md"))]


def room_name(path: str) -> str:
    """``ipyclam_core/dsp/memory/`` as ``ipyclam_core.dsp.memory``."""
    return path.removesuffix("*.py").removesuffix(".py").rstrip("/").replace("/", ".")


def exists(room: Room) -> bool:
    folder = ROOT / room.name.replace(".", "/")
    return folder.is_dir() or folder.with_suffix(".py").exists()


MAP = {room_name(paths(place)[0]): allowed for place, _, allowed in rows("Map")}


def test_every_path_exists() -> None:
    named = paths(TEXT)
    assert len(named) > 40
    assert [path for path in named if not any(ROOT.glob(path))] == []


def test_every_room_is_on_the_map() -> None:
    assert set(MAP) == {room.name for room in ROOMS if exists(room)}


@pytest.mark.parametrize("room", [room for room in ROOMS if exists(room)], ids=lambda room: room.name)
def test_the_map_says_what_a_room_may_import(room: Room) -> None:
    allowed = {word.strip() for word in MAP[room.name].split(",") if word.strip()}
    assert allowed == {word for word in room.rooms.split() if room.name != f"{BORDER}.{word}"}


@pytest.mark.parametrize("row", rows("Add one more"), ids=lambda row: row[0])
def test_each_new_thing_has_a_file_to_copy_and_a_test(row: list[str]) -> None:
    new, copy, _, tests = row
    assert [path for path in paths(copy) if not path.startswith("tests/")], new
    assert [path for path in paths(tests) if path.startswith("tests/")] or tests == "as for a processing type", new
