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


@pytest.fixture
def clam(console: InteractiveShell) -> InteractiveShell:
    """The console with a network of the clam engine."""
    console.ex("from ipyclam_core import Network; net = Network('clam')")
    return console


def code(console: InteractiveShell, typed: str) -> str:
    return str(console.object_inspect_mime(typed, detail_level=1)["text/plain"])


@pytest.mark.parametrize("typed", ["net.types.ZynDistortion", "net.zyn", "net.zyn.type"])
def test_two_question_marks_show_the_signal_processing_of_a_type(clam: InteractiveShell, typed: str) -> None:
    clam.ex("net.zyn = net.types.ZynDistortion")
    shown = code(clam, typed)
    assert "def process(audio, output, drive, DistortionType, frames):" in shown
    assert "def shaped(x, drive, kind):" in shown  # which process calls
    assert "in_port" not in shown
    assert "class ProcessingType" not in shown
    assert "class Processing" not in shown


def test_two_question_marks_show_the_state_of_a_type_and_what_it_inherits(clam: InteractiveShell) -> None:
    assert "phase: uint32" in code(clam, "net.types.Saw")
    assert "def block(state, pitch, sample_rate):" in code(clam, "net.types.Saw")


def test_two_question_marks_show_the_code_of_a_type_defined_at_the_prompt(clam: InteractiveShell) -> None:
    clam.run_cell(
        "from ipyclam_core.declare import processing, in_port, out_port\n"
        "def folded(x):\n    return x - 2.0 * round(x / 2.0)\n"
        "@processing\nclass FoldedHere:\n    audio = in_port()\n    out = out_port()\n"
        "    def step(audio):\n        return folded(audio)  # back into the range\n"
    )
    shown = code(clam, "net.types.FoldedHere")
    assert "back into the range" in shown
    assert "def folded(x):" in shown


@pytest.mark.parametrize("typed", ["net.types", "net.osc._config", "net.osc.Audio_Output", "net.types.AudioSink", "net"])
def test_two_question_marks_show_the_page_where_there_is_no_code(clam: InteractiveShell, typed: str) -> None:
    clam.ex("net.osc = net.types.SimpleOscillator")
    assert "Docstring:" in code(clam, typed)
    assert "\nclass " not in code(clam, typed)


def test_a_type_of_another_engine_shows_no_code_of_a_namesake(console: InteractiveShell) -> None:
    assert "def process" not in code(console, "net.types.Oscillator")
    assert "A periodic wave" in code(console, "net.types.Oscillator")


def test_two_question_marks_after_others_show_their_source(clam: InteractiveShell) -> None:
    clam.run_cell("def plus(a, b):\n    return a + b\n")
    assert "return a + b" in code(clam, "plus")
    clam.run_line_magic("unload_ext", "ipyclam_console")
    assert "class ProcessingType" in code(clam, "net.types.Saw")
