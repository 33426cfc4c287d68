"""What ``?`` shows in a console of the handles that a property leads to."""

from __future__ import annotations

import pytest
from IPython.core.interactiveshell import InteractiveShell


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("net.types", "The processing types of a network's engine"),
        ("net.osc._config", "The parameters of a processing"),
        ("net.osc._inports", "Connectors of a processing, in order"),
        ("net.osc.type", "A periodic wave, whose pitch can be played"),
        ("net.osc.Output.host", "net.osc, a processing"),
    ],
)
def test_a_property_shows_the_page_of_the_handle_it_leads_to(console: InteractiveShell, typed: str, shown: str) -> None:
    console.ex("net.osc = net.types.Oscillator")
    page = console.object_inspect_mime(typed)["text/plain"]
    assert shown in page
    assert "<property object" not in page


def test_other_properties_are_not_read(console: InteractiveShell) -> None:
    assert "property object" in console.object_inspect_mime("net.state")["text/plain"]


def test_a_property_of_what_is_gone_has_a_page(console: InteractiveShell) -> None:
    console.ex("net.osc = net.types.Oscillator; osc = net.osc; del net.osc")
    assert "The configuration" in console.object_inspect_mime("osc._config")["text/plain"]


def test_unloading_takes_it_out(console: InteractiveShell) -> None:
    console.run_line_magic("unload_ext", "ipyclam_console")
    assert "property object" in console.object_inspect_mime("net.types")["text/plain"]
