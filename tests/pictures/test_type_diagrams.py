"""Processing types with a diagram of their ports."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from ipyclam_core import Network
from ipyclam_core.pictures import type_diagram
from ipyclam_core.proxy import TypeSpec

TYPES = Network("dummy").types


@pytest.mark.parametrize("name", list(TYPES))
def test_every_type_has_a_diagram_with_all_its_connectors(name):
    type_ = TYPES[name]
    drawing = ElementTree.fromstring(type_diagram.svg(type_.spec))
    words = [element.text for element in drawing.iter("{http://www.w3.org/2000/svg}text")]
    for connector in (*type_.inports, *type_.outports, *type_.incontrols, *type_.outcontrols):
        assert connector.name in words
        assert connector.name in type_diagram.text(type_.spec)


def test_the_page_of_a_type_shows_it():
    assert type_diagram.text(TYPES.Oscillator.spec) in str(TYPES.Oscillator.__doc__)


def test_lines_are_of_one_shape():
    spec = TypeSpec("Odd", inports=["a", "long name"], outcontrols=["x", "y", "z"])
    lines = type_diagram.text(spec).splitlines()
    assert {line.index("┌") if "┌" in line else line.index("└") for line in (lines[0], lines[-1])} == {14}
    assert lines[1:-1] == ["        a ━━━━┫     ├┄┄┄┄ x", "long name ━━━━┫ Odd ├┄┄┄┄ y", "              │     ├┄┄┄┄ z"]


def test_of_very_many_connectors_the_first_are_drawn():
    text = type_diagram.text(TypeSpec("Wide", inports=[f"in {k}" for k in range(100)]))
    assert "... 85 more" in text
    assert len(text.splitlines()) < 20


def test_a_type_without_connectors_has_no_diagram():
    assert type_diagram.text(TypeSpec("Alone")) == ""
