"""LV2 plugins, launched as clients."""

from __future__ import annotations

import os
import signal

import pytest
from waiting import eventually

from ipyclam_core import Network
from ipyclam_core.errors import (
    DeviceError,
    InvalidName,
    NameAlreadyExists,
    NoSuchType,
    NotSupported,
    ParameterTypeError,
    ParameterValueError,
)
from ipyclam_core.variables import look_in

AMP = "http://lv2plug.in/plugins/eg-amp"
LESLIE = "http://drobilla.net/plugins/mda/Leslie"
SYNTH = "http://drobilla.net/plugins/mda/JX10"


def told(net, name):
    """What the plugin itself says its control inputs are."""
    return net._proxy.inner._rack.programs[name].values()


def test_types_are_the_plugins_that_are_installed(net):
    assert {AMP, LESLIE, SYNTH} <= set(net.types)
    assert net.types[AMP].doc == "Simple Amplifier."


def test_a_type_is_found_by_the_name_of_its_plugin_too(net):
    assert net.types["MDA Leslie"] == net.types.MDA_Leslie == LESLIE


@pytest.mark.parametrize(
    ("typed", "row"),
    [
        ("net.types.", "MDA_Leslie"),
        ("net.types.MDA_L", "MDA_Leslie"),
        ("net.types.http_drobilla_net_plugins_mda_L", "http_drobilla_net_plugins_mda_Leslie"),
        ('net.types["', 'MDA Leslie"]'),
        ('net.types["MDA L', 'MDA Leslie"]'),
        ('net.types["http://drobilla.net/plugins/mda/L', 'http://drobilla.net/plugins/mda/Leslie"]'),
        ("net.verb = ", 'net.types["MDA Leslie"]'),
        ('net.verb = "MDA L', 'MDA Leslie"'),
    ],
)
def test_tab_calls_a_plugin_what_people_call_it(net, tab, typed, row):
    assert row in tab(typed)
    assert not {"http_drobilla_net_plugins_mda_Leslie", 'http://drobilla.net/plugins/mda/Leslie"]'} & ({*tab(typed)} - {row})


def test_a_plugin_s_page_says_names_units_ranges_and_values(net):
    page = net.types[SYNTH].__doc__
    assert "octave" in page
    assert "dB" in net.types[AMP].__doc__
    gain = net.types[AMP].config["gain"]
    assert (gain.minimum, gain.maximum, gain.default, gain.unit) == (-90.0, 24.0, 0.0, "dB")
    assert net.types[LESLIE].config["mode"].choices == ("Stop", "Slow", "Fast")


def test_a_plugin_has_its_ports_and_controls_from_its_first_moment(net):
    net.verb = net.types[LESLIE]
    assert [port.name for port in net.verb._inports] == ["left_in", "right_in"]
    assert net.verb._incontrols.lo_width.value == 0.5
    assert net.verb.lo_width == 0.5
    assert net.verb.type == LESLIE


def test_a_parameter_is_set_live(net):
    net.amp = AMP
    net.amp.gain = -12.5
    assert told(net, "amp") == {"gain": -12.5}


def test_a_control_and_its_parameter_are_one_value(net):
    net.amp = AMP
    net.amp._incontrols.gain = -3.0
    assert net.amp.gain == -3.0
    net.amp.gain = -4.0
    assert net.amp._incontrols.gain.value == -4.0


def test_named_values_are_set_by_name(net):
    net.leslie = LESLIE
    net.leslie.mode = "Fast"
    assert told(net, "leslie")["mode"] == 1.0
    with pytest.raises(ParameterValueError, match="did you mean 'Slow'"):
        net.leslie.mode = "Slo"


def test_a_value_out_of_range_is_refused_and_changes_nothing(net):
    net.amp = AMP
    with pytest.raises(ParameterValueError, match="a float from -90 to 24"):
        net.amp.gain = 25.0
    with pytest.raises(ParameterTypeError, match="a number"):
        net.amp._incontrols.gain = "loud"
    assert told(net, "amp") == {"gain": 0.0}


def test_a_preset_that_is_not_there_is_refused_with_one_that_is(net):
    net.synth = SYNTH
    with pytest.raises(ParameterValueError) as error:
        net.synth.preset = "analogue bass"
    count = len(net.synth.type.config["preset"].choices)
    assert str(error.value) == (
        f"synth.preset takes one of {count} values, such as '303 Saw Bass', '303 Square Bass', '5th Sweep Pad', "
        "not 'analogue bass'; did you mean 'Analog Bass'?"
    )


def test_a_preset_sets_all_that_it_says_and_undo_takes_it_back(net):
    net.synth = SYNTH
    net.synth.octave = 0.9
    before = dict(net.synth._config)
    net.synth.preset = "Analog Bass"
    assert net.synth.osc_mix == 1.0
    assert told(net, "synth")["octave"] == net.synth.octave == 0.27
    net.undo()
    assert dict(net.synth._config) == before
    assert told(net, "synth")["octave"] == 0.9


def test_setting_a_control_is_undone(net):
    net.amp = AMP
    net.amp.gain = -6.0
    net.amp.gain = -7.0
    net.undo()
    assert told(net, "amp") == {"gain": -6.0}


def test_removing_ends_the_plugin(net):
    net.amp = AMP
    program = net._proxy.inner._rack.programs["amp"]
    del net.amp
    assert "amp" not in net
    with pytest.raises(ProcessLookupError):
        os.kill(program.pid, 0)


def test_undoing_a_removal_launches_it_again_with_values_and_wires(net):
    net.amp = AMP
    net.amp.gain = -6.0
    net.system.capture_1 > net.amp._inports[0]
    del net.amp
    net.undo()
    assert told(net, "amp") == {"gain": -6.0}
    assert [peer.fullname for peer in net.amp._inports[0].peers] == ["system.capture_1"]


def test_a_plugin_is_renamed_by_launching_it_again(net):
    net.amp = AMP
    net.amp.gain = -6.0
    net.amp._outports[0] > net.system.playback_1
    net.amp.name = "louder"
    assert told(net, "louder") == {"gain": -6.0}
    assert [peer.fullname for peer in net.system.playback_1.peers] == ["louder.out"]
    assert list(net) == ["system", "louder"]


def test_a_plugin_that_crashes_leaves_the_rest_and_is_reported(net):
    net.amp = AMP
    net.leslie = LESLIE
    os.kill(net._proxy.inner._rack.programs["amp"].pid, signal.SIGSEGV)
    eventually(lambda: "amp" not in net and net.status().messages)
    assert list(net) == ["system", "leslie"]
    assert "amp was ended by SIGSEGV" in net.status().messages[0]
    net.amp = AMP
    assert told(net, "amp") == {"gain": 0.0}


def test_a_plugin_that_crashes_is_started_again_in_the_network_that_a_variable_holds(net):
    forget = look_in(lambda: [("jack", net.proxy)])
    try:
        net.amp = AMP
        os.kill(net._proxy.inner._rack.programs["amp"].pid, signal.SIGSEGV)
        eventually(lambda: net.status().messages)
        assert f"To start it again: jack['amp'] = {AMP!r}" in net.status().messages[0]
    finally:
        forget()


def test_a_plugin_that_is_not_installed_is_an_error_with_a_suggestion(net):
    with pytest.raises(NoSuchType, match=r"did you mean 'http://lv2plug.in/plugins/eg-amp'"):
        net.amp = "http://lv2plug.in/plugins/eg-amb"


def test_a_plugin_s_name_is_one_that_jack_takes(net):
    with pytest.raises(InvalidName, match=r"at most 6. bytes"):
        net["x" * 64] = AMP
    with pytest.raises(InvalidName, match="cannot contain ':'"):
        net["a:b"] = AMP
    with pytest.raises(NameAlreadyExists):
        net.system = AMP


def test_without_jalv_the_error_says_what_to_install(net, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DeviceError, match="jalv, which is not installed"):
        net.amp = AMP
    assert "amp" not in net


def test_controls_are_not_connected(net):
    net.amp = AMP
    with pytest.raises((NotSupported, ValueError)):
        net.amp._outports[0] > net.amp._incontrols.gain


def test_closing_ends_what_was_launched(server):
    network = Network("jack")
    network.amp = AMP
    program = network._proxy.inner._rack.programs["amp"]
    network.close()
    with pytest.raises(ProcessLookupError):
        os.kill(program.pid, 0)
