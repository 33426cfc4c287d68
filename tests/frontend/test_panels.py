"""Panels of sliders."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from IPython.lib.pretty import pretty

from ipyclam_core import Network, errors


@pytest.fixture
def net() -> Iterator[Network]:
    """A filter, a compressor, and an oscillator whose controls have no range."""
    network = Network()
    network.low, network.comp, network.osc, network.lfo = "ResonantLowPass", "Compressor", "Oscillator", "LFO"
    yield network
    network.close()


def sliders(panel: Any) -> dict[str, Any]:
    """The sliders of a panel, by processing and description."""
    return {
        f"{rows.children[0].value}.{slider.description}": slider for rows in panel.children for slider in rows.children[1:]
    }  # fmt: skip


def test_each_control_with_a_range_has_a_slider(net: Network) -> None:
    made = sliders(net.panel())
    assert [name for name in made if name.startswith("low.")] == ["low.Frequency (Hz)", "low.Q"]
    assert {name.split(".")[0] for name in made} == {"low", "comp"}
    assert [type(slider).__name__ for slider in sliders(net.low.panel()).values()] == ["FloatLogSlider", "FloatSlider"]
    ratio = made["comp.Ratio"]
    assert (ratio.min, ratio.max, ratio.value) == (1.0, 20.0, 4.0)


@pytest.mark.parametrize("which", [("low",), ("l*w",), ("low", "low")])
def test_some_processings_only(net: Network, which: tuple[str, ...]) -> None:
    assert {name.split(".")[0] for name in sliders(net.panel(*which))} == {"low"}
    assert {name.split(".")[0] for name in sliders(net.panel(net.low, net.group(["comp"])))} == {"low", "comp"}
    assert list(sliders(net.low.panel("Q"))) == ["low.Q"]


def test_moving_a_slider_sets_the_control(net: Network) -> None:
    made = sliders(net.panel())
    made["low.Frequency (Hz)"].value = 500.0
    made["comp.Ratio"].value = 8.0
    assert (net.low._incontrols.Frequency.value, net.comp._incontrols.Ratio.value) == (500.0, 8.0)
    made["comp.Ratio"].value = 9.0
    net.undo()
    assert net.comp._incontrols.Ratio.value == made["comp.Ratio"].value == 4.0
    assert net.low._incontrols.Frequency.value == 500.0


def test_sliders_follow_what_is_set_elsewhere(net: Network) -> None:
    one, two = sliders(net.panel()), sliders(net.low.panel())
    net.low._incontrols.Q = 3.0
    assert one["low.Q"].value == two["low.Q"].value == 3.0
    two["low.Q"].value = 4.0
    assert one["low.Q"].value == 4.0
    net.low._incontrols.Q = 100.0  # beyond the range
    assert one["low.Q"].value == 20.0
    assert net.low._incontrols.Q.value == 100.0


def test_a_value_outside_of_the_range_stays_as_it_is(net: Network) -> None:
    net.low._incontrols.Q = 100.0
    done = net.history.done
    assert sliders(net.panel())["low.Q"].value == 20.0
    assert net.low._incontrols.Q.value == 100.0
    assert net.history.done == done


def test_a_control_that_a_wire_feeds_cannot_be_moved(net: Network) -> None:
    slider = sliders(net.panel())["low.Q"]
    net.lfo.Output > net.low._incontrols.Q
    assert slider.disabled
    net.lfo.Output / net.low._incontrols.Q
    assert not slider.disabled


def test_sliders_follow_a_processing_that_is_renamed_or_removed(net: Network) -> None:
    panel = net.low.panel()
    slider = sliders(panel)["low.Q"]
    net.low.name = "filter"
    slider = sliders(panel)["filter.Q"]
    slider.value = 2.0
    assert net.filter._incontrols.Q.value == 2.0
    del net.filter
    assert slider.disabled
    slider.value = 3.0
    net.undo()
    assert not slider.disabled


def test_a_panel_that_was_closed_observes_no_more(net: Network) -> None:
    panel = net.low.panel()
    slider = sliders(panel)["low.Q"]
    panel.close()
    net.low._incontrols.Q = 3.0
    assert slider.value != 3.0


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (lambda net: net.osc.panel(), errors.PanelError, "osc has no control with a range"),
        (lambda net: net.osc.panel("Pitch"), errors.PanelError, "the control 'Pitch' of osc has no range"),
        (lambda net: net.panel("nope"), errors.NoSuchProcessing, "there is no processing 'nope'"),
        (lambda net: net.low.panel("nope"), errors.NoSuchConnector, "has no 'nope'"),
        (lambda net: net.panel(3), TypeError, "3 is not a processing"),
        (lambda net: net.low.panel(3), TypeError, "panel takes names of controls"),
        (lambda net: net.bank("comp{}", "Compressor", 40) and net.panel(), errors.PanelError, "248 sliders are too many for a panel"),
    ],
)
def test_what_has_no_panel_is_said(net: Network, make: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        make(net)


def test_where_no_notebook_shows_it_says_what_it_is(net: Network) -> None:
    assert pretty(net.low.panel()) == "a panel of 2 sliders, which a notebook shows"


def test_without_ipywidgets_it_says_what_to_install(net: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ipywidgets", None)  # Python's own mark of a module that cannot be imported
    with pytest.raises(errors.PanelError, match=r"Install it in a terminal: pip install 'ipyclam\[jupyter\]'"):
        net.panel()
