"""What ``?`` shows of a processing and of a connector."""

from __future__ import annotations

import inspect
import re

import pytest

from ipyclam_core import Network
from ipyclam_core.frontend.configuration import Configuration
from ipyclam_core.frontend.connectors import Connector, Connectors
from ipyclam_core.frontend.groups import Group, GroupConnectors
from ipyclam_core.frontend.processing import Processing
from ipyclam_core.frontend.processing_types import ProcessingTypes


def doctext(held, name):
    """The documentation of a class, or of what it defines."""
    return held.__doc__ if name == "__doc__" else getattr(vars(held)[name], "__doc__", None)


def test_the_page_of_a_processing_says_how_it_is_and_what_its_type_does(net):
    net.osc, net.out = net.types.Oscillator, net.types.Sink
    net.osc.Frequency = 220.0
    net.osc.Pitch = 330
    net.osc > net.out
    page = inspect.getdoc(net.osc)
    assert page.startswith("net.osc, a processing\n    Frequency = 220.0 Hz\n    Pitch = 330\n    net.osc.Output > net.out.Input\n")
    assert page.endswith(net.types.Oscillator.__doc__)
    assert "net.osc.Output > net.out.Input" in inspect.getdoc(net.out)


def test_many_wires_are_counted(net):
    net.out = net.types.Sink
    net.bank("osc{}", net.types.Oscillator, 30) > net.out
    assert "    and 10 more wires\n" in net.out.__doc__
    assert net.out.__doc__.count(" > net.out.Input") == 20


def test_the_page_of_a_connector_says_what_it_carries_and_where_to(net):
    net.osc, net.out = net.types.Oscillator, net.types.Sink
    net.osc > net.out
    assert net.osc.Output.__doc__ == "net.osc.Output, an out port\n    net.osc.Output > net.out.Input\n\nOutput : Audio"
    net.osc.Pitch = 330
    assert net.osc.Pitch.__doc__ == "net.osc.Pitch, an in control\n    value = 330\n\nPitch : float, 20 to 20000, Hz"


def test_what_is_gone_has_a_page_that_says_so(net):
    net.osc = net.types.Oscillator
    osc, output = net.osc, net.osc.Output
    del net.osc
    assert osc.__doc__ == "net.osc no longer exists."
    assert output.__doc__.endswith(" no longer exists.")


def test_the_classes_have_pages_of_their_own():
    assert Processing.__doc__.startswith("A processing of a network.")
    assert Connector.__doc__.startswith("A port or a control of a processing")


HANDLES = [Network, Processing, Connector, Connectors, Configuration, Group, GroupConnectors, ProcessingTypes]
PAGES = [(held, name) for held in HANDLES for name in ("__doc__", *vars(held)) if ">>>" in (doctext(held, name) or "")]


@pytest.mark.parametrize(("held", "name"), PAGES, ids=lambda part: getattr(part, "__name__", part))
def test_examples_in_help_can_be_typed_in_a_console(held, name):
    text = doctext(held, name)
    assert "<BLANKLINE>" not in text
    assert 'Network("dummy")' not in text
    known = Network("clam").types
    assert all(type_ in known or type_ == "search" for type_ in re.findall(r"net\.types\.(\w+)", text))
