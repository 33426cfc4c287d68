"""The documentation has a page for each processing type, with a sound, pictures and tables that can be read."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import markdown_tables
import numpy as np
import patches
import processing_types
import pytest
import soundfile
import sounds
import type_tables

from ipyclam_core.engines.clam import filled_catalog

ROOT = Path(__file__).parents[1]
TYPES = sorted(name for name, type_ in filled_catalog().listed.items() if type_.owner.startswith("ipyclam_core.processings."))
EVERY = pytest.mark.parametrize("name", TYPES)
BARE = {"FilenameUsageExample"}
"""Types without connectors, of which there is nothing to draw."""


@cache
def pages() -> dict[str, str]:
    return processing_types.pages(ROOT)


def page(name: str) -> str:
    return pages()[f"types/clam/{name}.md"]


def rows_of_tables(text: str) -> list[list[list[str]]]:
    """The tables of a page, each with its head in the first row and the line below it in the second."""
    found = re.findall(r"(?:^\|.*\|\n?)+", text, re.MULTILINE)
    return [[[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in each.splitlines()] for each in found]


@pytest.mark.slow
@EVERY
def test_every_type_has_a_sound_that_is_neither_silent_nor_clipped_and_a_picture_of_it(name: str, tmp_path: Path) -> None:
    sounds.write_some(tmp_path, [name])
    sound, picture = sounds.files(tmp_path, name)
    samples, rate = soundfile.read(sound, always_2d=True)
    assert 0.01 < np.abs(samples).max() < 1.0
    assert np.square(samples).mean() > 1e-6
    assert 1.0 <= len(samples) / rate <= 3.0
    drawing = ElementTree.parse(picture).getroot()
    assert {element.tag.rpartition("}")[2] for element in drawing} >= {"polyline", "image", "text"}
    assert f"sounds/{sound.name}" in page(name)
    assert f"sounds/{picture.name}" in page(name)


@EVERY
def test_the_page_of_a_type_shows_what_it_does_its_diagram_and_its_example(name: str) -> None:
    spec = filled_catalog().listed[name].spec
    text = page(name)
    assert text.startswith(f"# {name}\n")
    assert ("<svg" in text) is (spec.name not in BARE)
    assert patches.example(spec).code in text
    assert f"net.types.{name}" in patches.example(spec).code


@EVERY
def test_a_search_for_a_synonym_finds_the_page_of_a_type(name: str) -> None:
    for word in filled_catalog().listed[name].spec.synonyms:
        assert word in page(name)


@EVERY
def test_the_page_of_a_type_shows_its_code(name: str) -> None:
    type_ = filled_catalog()[name]
    assert (f"def {type_.form}(" in page(name)) is (type_.function is not None)


def test_the_columns_of_every_table_have_names_and_are_on_the_left() -> None:
    for head, line, *rows in (table for text in pages().values() for table in rows_of_tables(text)):
        assert rows
        assert all(head)
        assert set(line) == {":---"}
        assert all(len(row) == len(head) for row in rows)
        assert all(any(column) for column in zip(*rows, strict=True))
        assert not [cell for row in rows for cell in row if re.search(r"^to |\bto$", cell)]


@pytest.mark.parametrize("engine", processing_types.ENGINES)
def test_every_type_of_an_engine_has_a_page_that_links_to_others_that_are_there(engine: str) -> None:
    for type_ in processing_types.types_of(engine):
        text = pages()[f"types/{engine}/{type_.spec.name}.md"]
        linked = re.findall(r"\]\((\w+)\.md\)", text)
        assert [name for name in linked if f"types/{engine}/{name}.md" not in pages()] == []
        assert type_.spec.name not in linked


def test_a_type_leads_to_related_ones() -> None:
    assert "[StateVariableFilter](StateVariableFilter.md)" in page("ResonantLowPass")
    assert "[HoaEncoder](HoaEncoder.md)" in page("HoaEncoderBuffer")


def test_the_ports_that_a_type_has_by_default_are_listed_by_name() -> None:
    assert "`Base Front Left`, `Base Front Right`" in page("BFormat2Cube")
    assert "`Input 0`, `Input 1` (`NumberOfInPorts` sets the number)" in page("AudioMixer")


def test_ranges_are_words() -> None:
    assert type_tables.bounds(0.0, None) == "at least 0"
    assert type_tables.bounds(None, 5.0) == "at most 5"
    assert type_tables.bounds(-1.0, 1.0) == "-1 to 1"
    assert type_tables.bounds(None, None) == ""


def test_a_table_has_no_empty_column() -> None:
    assert markdown_tables.table(("Name", "Unit", "Use"), [("a", "", "b|c")]) == ["| Name | Use |", "|:---|:---|", "| a | b\\|c |", ""]
    assert markdown_tables.table(("Name",), []) == []


@pytest.mark.slow
def test_a_sound_is_made_again_only_when_something_is_missing_or_has_changed(tmp_path: Path) -> None:
    types = {"Saw": filled_catalog().listed["Saw"].spec}
    sound, picture = sounds.files(tmp_path, "Saw")
    sounds.write(tmp_path, types)
    before = sound.stat().st_mtime_ns
    sounds.write(tmp_path, types)
    assert sound.stat().st_mtime_ns == before
    picture.unlink()
    sounds.write(tmp_path, types)
    assert picture.exists()
    assert sound.stat().st_mtime_ns > before
    before = sound.stat().st_mtime_ns
    (tmp_path / "key").write_text("of another version")
    sounds.write(tmp_path, types)
    assert sound.stat().st_mtime_ns > before
