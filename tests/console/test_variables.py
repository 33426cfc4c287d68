"""A second network in a console is called by the variable that holds it."""

from __future__ import annotations

import re

import pytest
from IPython.core.interactiveshell import InteractiveShell

from ipyclam_core import Network

MAKE = """
jack = Network("dummy")
jack.osc, jack["my mix"] = "Oscillator", "Mixer"
_ = jack.osc.Output > jack["my mix"]["Input 1"]
net.osc = "Oscillator"
""".strip()


@pytest.fixture
def says(console: InteractiveShell, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    """What the shell prints for a cell."""
    console.run_cell(MAKE)

    def run(cell: str) -> str:
        capsys.readouterr()
        console.run_cell(cell)
        shown = capsys.readouterr()
        return re.sub(r"^Out\[\d+\]: ", "", shown.out + shown.err).strip()

    return run


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("jack.osc", 'jack.osc: Oscillator\n    jack.osc.Output > jack["my mix"]["Input 1"]'),
        ("jack.osc.Output", 'jack.osc.Output, an out port that carries Audio\n    jack.osc.Output > jack["my mix"]["Input 1"]'),
        ("[jack.osc, net.osc]", "[jack.osc, net.osc]"),
        ('jack["my mix"]._inports', '[jack["my mix"]["Input 1"], jack["my mix"]["Input 2"]]'),
        ('jack["my mix"][:1]', 'jack["my mix"][:1]'),
        ('jack.osc > jack["my mix"]["Input 2"]', 'jack.osc.Output > jack["my mix"]["Input 2"]'),
        ('jack.bank("v{}", "Oscillator", 2)', 'jack.group(["v1", "v2"])'),
        ('jack.group(["osc"]).Output', 'jack.group(["osc"]).Output'),
        ("jack.types", "jack.types"),
        ('jack.osc.become("Sink")', 'jack.osc.Output > jack["my mix"]["Input 1"]'),
    ],
)  # fmt: skip
def test_what_is_shown_is_what_one_types(says, cell: str, said: str) -> None:  # type: ignore[no-untyped-def]
    assert said in says(cell)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("jack.osc.Output = 3", "jack.osc.Output is a port, and cannot be assigned. To connect it: jack.osc.Output > jack.x"),
        ('jack["my mix"]["Input 1"] = 3', 'To connect it: jack.x > jack["my mix"]["Input 1"]'),
        ('jack.osc = "Sink"', "To change its type: jack.osc.become(jack.types.Sink). To remove it: del jack.osc"),
        ('jack.osc.name = "my mix"', 'del jack["my mix"]'),
        ("jack.code = 3", 'For a processing of that name: jack["code"] = ...'),
        ("del jack.code", 'del jack["code"]'),
        ("jack.add", "To add one: jack.osc = jack.types.Oscillator"),
        ("jack.x = jack.osc", "jack.osc already exists. To copy it: jack.x = jack.osc.clone()"),
        ("jack.x = 3", "such as jack.types.Oscillator, not from 3 (int)"),
        ('jack.x = "Zzzz"', "To search: jack.types.search(...)"),
        ("jack.types.Zzzz", "To search: jack.types.search(...)"),
        ("net.osc > jack.osc", "net.osc and jack.osc belong to different networks"),
        ('jack.osc.Output > jack["my mix"]["Input 1"]', 'jack.osc.Output and jack["my mix"]["Input 1"] are already connected'),
        ("jack.osc.Output > jack.osc.Pitch", "jack.osc.Output"),
        ("del jack.osc.Frequency", "To set it to its default: jack.osc.Frequency = 440.0"),
        ("import copy; copy.copy(jack)", 'jack.save("copy.py"). To copy a processing: jack.b = jack.a.clone()'),
        ("import copy; copy.copy(jack.osc)", "To copy it: jack.copy = jack.osc.clone()"),
        ("import copy; copy.copy(jack.osc._config)", "c = jack.osc._config.clone(). Assign it to another: jack.two._config = c"),
        ("import pickle; pickle.dumps(jack)", 'To keep the network: jack.save("song.py")'),
        ('jack.bank("v{}", "Oscillator")', 'jack.bank("osc{}", jack.types.Oscillator, 8)'),
    ],
)  # fmt: skip
def test_errors_say_what_to_type(says, cell: str, said: str) -> None:  # type: ignore[no-untyped-def]
    told = " ".join(says(cell).split())
    assert said in told
    assert not re.search(r"\bnet[.\[]", told.replace("net.osc and", ""))


def test_a_name_of_several_is_listed_as_one_types_it(says) -> None:  # type: ignore[no-untyped-def]
    says('jack["a b"], jack["a-b"] = "Sink", "Sink"')
    assert 'Type jack["a b"] or jack["a-b"]' in says("jack.a_b")


def test_it_follows_the_variable(says, console: InteractiveShell) -> None:  # type: ignore[no-untyped-def]
    assert says("second = jack; del jack; second.osc.Output").startswith("second.osc.Output,")
    assert says("third, net = net, second; net.osc.Output").startswith("net.osc.Output,")
    assert says("third.osc.Output").startswith("third.osc.Output,")
    assert says("held = [Network('dummy')]; held[0].types") == "net.types"


def test_a_picture_is_titled_by_the_variable(says, console: InteractiveShell) -> None:  # type: ignore[no-untyped-def]
    assert ">jack<" in (console.user_ns["jack"]._repr_svg_() or "")


def test_without_the_extension_every_network_is_net(console: InteractiveShell) -> None:
    console.run_cell(MAKE)
    made = console.user_ns["jack"]
    assert repr(made.osc) == "jack.osc"
    console.run_line_magic("unload_ext", "ipyclam_console")
    assert repr(made.osc) == "net.osc"


def test_code_and_files_call_every_network_net(says, console: InteractiveShell) -> None:  # type: ignore[no-untyped-def]
    made: Network = console.user_ns["jack"]
    assert made.code().startswith("net.osc = net.types.Oscillator")
