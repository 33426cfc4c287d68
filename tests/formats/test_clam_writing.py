"""What is written as `.clamnetwork`: what CLAM can read."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from clam.material import types as clam_types

from ipyclam_core import Network, Placeholder
from ipyclam_core.engines.dummy import DummyProxy
from ipyclam_core.errors import NotWritable
from ipyclam_core.proxy import TypeSpec


def test_the_whole_file(clam: Network) -> None:
    clam.description = 'a "b" & <c>'
    clam.osc = clam.types.SimpleOscillator
    clam.osc.Frequency = 220.5
    clam.osc._position, clam.osc._size = (10, 20.5), (100, 50)
    clam["my sink"] = clam.types.AudioSink
    clam.osc > clam["my sink"]
    assert clam.xml() == (
        '<?xml version="1.0" encoding="UTF-8" standalone="no" ?>\n'
        '<network clamVersion="1.4.1" id="Unnamed">\n'
        "\n"
        '  <description>a "b" &amp; &lt;c&gt;</description>\n'
        "\n"
        '  <processing id="osc" type="SimpleOscillator" position="10,20.5" size="100,50">\n'
        "    <Frequency>220.5</Frequency>\n"
        "    <Amplitude>1</Amplitude>\n"
        "    <Phase>0</Phase>\n"
        "    <SamplingRate>44100</SamplingRate>\n"
        "  </processing>\n"
        "\n"
        '  <processing id="my sink" type="AudioSink">\n'
        "    <NSinks>1</NSinks>\n"
        "  </processing>\n"
        "\n"
        "  <port_connection>\n"
        "    <out>osc.Audio Output</out>\n"
        "    <in>my sink.1</in>\n"
        "  </port_connection>\n"
        "\n"
        "</network>\n"
    )


def test_bools_are_0_and_1_arrays_say_their_size_and_small_numbers_are_short(clam: Network) -> None:
    clam.comparison = clam.types.ControlComparison
    clam.comparison.ConvertOps2IntegersFirst = True
    clam.mixer = clam.types.AudioMixer
    clam.mixer.DefaultGains = (0.000001, 1e22, 0.1)
    assert "<ConvertOps2IntegersFirst>1</ConvertOps2IntegersFirst>" in clam.xml()
    assert '<DefaultGains size="3">1e-06 1e+22 0.1</DefaultGains>' in clam.xml()


def test_an_optional_parameter_without_value_is_left_out(tmp_path: Path) -> None:
    network = Network("dummy")
    network.player = network.types.Player
    assert "<Start>" not in network.xml()
    network.player.Start = 2.0
    assert "<Start>2</Start>" in network.xml()


def test_wires_stand_in_canonical_order_however_they_were_made(clam: Network) -> None:
    for name in ("one", "two"):
        clam[name] = clam.types.AudioAdder
    clam.source, clam.sink = clam.types.AudioSource, clam.types.AudioSink
    wires = [("source", "one"), ("one", "two"), ("two", "sink")]
    for source, target in wires:
        clam[source]._outports[0] > clam[target]._inports[0]
    text = clam.xml()
    for source, target in reversed(wires):
        clam[source]._outports[0] / clam[target]._inports[0]
    for source, target in reversed(wires):
        clam[source]._outports[0] > clam[target]._inports[0]
    assert clam.xml() == text


def test_control_values_set_by_hand_are_not_written_and_a_warning_says_so(clam: Network, tmp_path: Path) -> None:
    clam.osc = clam.types.SimpleOscillator
    clam.osc.Pitch = 440.0
    with pytest.warns(UserWarning, match=r"control values set by hand: osc\.Pitch\. To keep them, save as \.py"):
        clam.save(tmp_path / "x.clamnetwork")


def test_several_wires_into_one_in_port_are_all_written_and_a_warning_says_what_clam_reads(clam: Network, tmp_path: Path) -> None:
    clam.a = clam.b = clam.types.SimpleOscillator
    clam.sink = clam.types.AudioSink
    clam.a > clam.sink
    clam.b > clam.sink
    with pytest.warns(UserWarning, match=r"CLAM reads only the first wire of an in port\. In ports with several: sink\.1"):
        clam.save(tmp_path / "x.clamnetwork")
    again = Network(DummyProxy(clam._proxy.types().values()))
    again.load(tmp_path / "x.clamnetwork")
    assert again == clam


@pytest.mark.parametrize("name", ["a\x00b", "\x1b", "\ufffe"])
def test_a_name_that_xml_cannot_hold_is_refused_and_the_file_stays(name: str, clam: Network, tmp_path: Path) -> None:
    path = tmp_path / "x.clamnetwork"
    path.write_text("before")
    clam[name] = clam.types.AudioSink
    with pytest.raises(NotWritable, match="XML cannot contain the characters of"):
        clam.save(path)
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_parameter_of_a_placeholder_that_is_no_element_is_refused(clam: Network) -> None:
    clam.x = Placeholder("Mystery", config={"<a>": 1})
    with pytest.raises(NotWritable, match=r"x: XML cannot contain a parameter called '<a>'\. Save as \.py instead"):
        clam.xml()


def test_a_wire_that_would_be_read_as_another_is_refused() -> None:
    ambiguous = [TypeSpec("One", outports=["b.c"], inports=["i"]), TypeSpec("Two", outports=["c"], inports=["i"])]
    network = Network(DummyProxy(ambiguous))
    network["a"], network["a.b"] = "One", "Two"
    network["a.b"]["c"] > network["a"]["i"]
    assert "<out>a.b.c</out>" in network.xml()
    network["a"]["b.c"] > network["a"]["i"]
    with pytest.raises(NotWritable, match=r"'a\.b\.c' \(connector 'b\.c' of 'a'\) would be read as another connector.*\. Rename"):
        network.xml()


def test_a_known_type_writes_every_parameter_in_declared_order(types: list[TypeSpec], tmp_path: Path) -> None:
    for declared in clam_types().values():
        if not declared.get("config_xml"):
            continue
        network = Network(DummyProxy(types))
        network.x = declared["type"]
        network.save(tmp_path / "saved.clamnetwork")
        ours = ElementTree.parse(tmp_path / "saved.clamnetwork").getroot().find("processing")
        clams = ElementTree.fromstring(declared["config_xml"].encode())
        absent = {parameter["name"] for parameter in declared["config"] if not parameter["present"]}
        assert ours is not None
        assert [child.tag for child in ours if child.tag not in absent] == [child.tag for child in clams], declared["type"]
