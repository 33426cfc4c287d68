"""LV2 plugins described: what those of this machine are, and what is made of a sloppy one."""

from __future__ import annotations

import pytest

from ipyclam_core.parameters import ParameterSpec
from ipyclam_core.plugins import lilv
from ipyclam_core.plugins.description import Control, Port
from ipyclam_core.plugins.lv2 import Plugins, described
from ipyclam_core.proxy import ControlSpec

AMP = "http://lv2plug.in/plugins/eg-amp"
FIFTHS = "http://lv2plug.in/plugins/eg-fifths"
LESLIE = "http://drobilla.net/plugins/mda/Leslie"
SYNTH = "http://drobilla.net/plugins/mda/JX10"


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    return Plugins(48_000.0)


def test_a_plugin_has_the_ports_and_the_controls_that_its_author_declared(plugins):
    amp = plugins.plugin(AMP)
    assert (amp.name, amp.title, amp.category, amp.about) == (AMP, "Simple Amplifier", "LV2 Amplifier", "Simple Amplifier.")
    assert amp.ports == (Port("in", "In", "audio", "In"), Port("out", "Out", "audio", "Out"))
    assert amp.inputs["gain"].spec == ControlSpec("gain", "float", 0.0, -90.0, 24.0, "dB", "Gain")


def test_ports_that_carry_midi_say_so(plugins):
    assert [(port.direction, port.signal) for port in plugins.plugin(FIFTHS).ports] == [("In", "MIDI"), ("Out", "MIDI")]


def test_a_plugin_is_found_by_its_uri_and_by_its_title(plugins):
    assert [plugins.find(name) for name in (LESLIE, "MDA Leslie", "MDA_Leslie", "nobody", 7)] == [LESLIE, LESLIE, LESLIE, None, None]
    with pytest.raises(KeyError):
        plugins.plugin("nobody")


def test_presets_are_found_by_their_labels(plugins):
    presets = plugins.plugin(SYNTH).presets
    assert list(presets) == sorted(presets)
    assert presets["Analog Bass"].startswith("http://drobilla.net/plugins/mda/presets#")


def test_named_values_are_numbers_and_back(plugins):
    mode = plugins.plugin(LESLIE).inputs["mode"]
    assert mode.type == "enum"
    assert [mode.number(label) for label in ("Stop", "Slow", "Fast")] == [number for number, _ in mode.points]
    assert mode.value(0.99) == "Fast"
    assert mode.parameter.choices == ("Stop", "Slow", "Fast")


def test_where_there_are_no_plugins_it_is_said_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("LV2_PATH", str(tmp_path))
    nowhere = Plugins(48_000.0)
    assert not nowhere.uris()
    assert nowhere.missing.startswith("no LV2 plugins are installed")


# -- what an author left out or got wrong


def control(*properties: str, points: tuple[tuple[float, str], ...] = (), **given: float) -> Control:
    """A control of a plugin at 48 kHz whose port was declared so."""
    port = lilv.Port(
        "dial", "Dial", frozenset({"InputPort", "ControlPort"}), frozenset(properties),
        given.get("default"), given.get("minimum"), given.get("maximum"), "", points, "",
    )  # fmt: skip
    return described(lilv.Plugin("urn:x", "X", "", "", "", (port,), ()), 48_000.0).inputs["dial"]


@pytest.mark.parametrize(
    ("declared", "is_so"),
    [
        ({}, (0.0, None, None)),
        ({"minimum": 2.0, "maximum": 4.0}, (2.0, 2.0, 4.0)),
        ({"default": 9.0, "minimum": 2.0, "maximum": 4.0}, (4.0, 2.0, 4.0)),
        ({"default": 3.0, "minimum": 4.0, "maximum": 2.0}, (3.0, None, None)),
    ],
    ids=["nothing", "no default", "default out of range", "range upside down"],
)
def test_a_range_is_put_right(declared, is_so):
    dial = control(**declared)
    assert (dial.default, dial.minimum, dial.maximum) == is_so


def test_a_range_in_multiples_of_the_sample_rate_is_in_hertz():
    dial = control("sampleRate", default=0.25, minimum=0.0, maximum=0.5)
    assert (dial.default, dial.minimum, dial.maximum) == (12_000.0, 0.0, 24_000.0)


def test_a_label_that_several_values_have_is_told_apart_by_the_number():
    assert control("enumeration", points=((0.0, "Off"), (1.0, "On"), (2.0, "On"))).parameter == ParameterSpec(
        "dial", "Off", "enum", choices=("Off", "On (1)", "On (2)"), doc="Dial"
    )


@pytest.mark.parametrize(
    ("dial", "number", "value"),
    [
        (control("toggled"), 1.0, True),
        (control("toggled"), 0.0, False),
        (control("integer", minimum=0.0, maximum=9.0), 3.0, 3),
        (control(minimum=0.0, maximum=9.0), 3.5, 3.5),
    ],
    ids=["on", "off", "int", "float"],
)
def test_a_value_and_its_number_are_one(dial, number, value):
    assert (dial.value(number), dial.number(value)) == (value, number)
    assert type(dial.value(number)) is type(value)


def test_a_number_out_of_range_is_the_nearest_value():
    assert control(minimum=0.0, maximum=9.0).value(99.0) == 9.0


def test_what_some_numbers_mean_is_said():
    assert control(points=((0.0, "silence"), (1.0, "full"))).parameter.doc == "Dial (0 is silence, 1 is full)"


def test_a_port_that_carries_neither_sound_nor_midi_is_none():
    ports = tuple(
        lilv.Port(name, name, frozenset({"InputPort", *classes}), frozenset(), None, None, None, "", (), "")
        for name, classes in (("atoms", ()), ("sound", ("AudioPort",)), ("voltage", ("CVPort",)), ("keys", ("MIDI",)))
    )
    found = described(lilv.Plugin("urn:x", "X", "", "", "", ports, ()), 48_000.0).ports
    assert [(port.name, port.signal) for port in found] == [("sound", "audio"), ("voltage", "CV"), ("keys", "MIDI")]


def test_a_label_that_several_presets_have_is_told_apart_by_the_uri():
    presets = (("Bright", "urn:b"), ("Bright", "urn:c"), ("Dark", "urn:d"))
    found = described(lilv.Plugin("urn:x", "X", "", "", "", (), presets), 48_000.0).presets
    assert found == {"Bright <urn:b>": "urn:b", "Bright <urn:c>": "urn:c", "Dark": "urn:d"}
