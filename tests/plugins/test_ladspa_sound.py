"""LADSPA plugins that play: beside numpy, edited while they play, and with plugins that misbehave."""

from __future__ import annotations

import ctypes
import math
import threading

import numpy as np
import pytest
from clam.playing import loaded, network_rendered, networks
from waiting import eventually

from ipyclam_core import Network
from ipyclam_core.errors import EngineError, NotPlayable
from ipyclam_core.plugins.ladspa_faults import FAULTS

DEBIAN = "/usr/lib/ladspa"
RATE = 48000
NOISE = np.random.default_rng(5).uniform(-0.5, 0.5, (6000, 1)).astype(np.float32)


@pytest.fixture
def net(installed):
    installed(DEBIAN)
    network = Network("clam")
    network.source, network.sink = "AudioSource", "AudioSink"
    yield network
    network.close()


@pytest.fixture
def odd(build, installed):
    """A library of our own, loaded here too: its variables tell what was done with the plugin."""
    library = build("odd")
    installed(f"{library.parent}:{DEBIAN}")
    loaded = ctypes.CDLL(str(library))

    def told(name: str) -> int:
        return int(ctypes.c_int.in_dll(loaded, name).value)

    return told


def rendered(net, block_size=256, **inputs):
    return net.render(frames=len(NOISE), inputs=inputs or {"source": NOISE}, block_size=block_size, sample_rate=RATE)


def through(net, type_, **controls):
    net.x = type_
    net.source > net.x > net.sink
    for control, value in controls.items():
        net.x._incontrols[control].value = value
    return rendered(net)


def test_an_amplifier_multiplies(net):
    assert np.array_equal(through(net, "ladspa_amp_mono_1048", Gain=0.25), 0.25 * NOISE)


def test_a_stereo_amplifier_has_two_ports_of_each_kind(net):
    net.x = "ladspa_amp_stereo_1049"
    net.source.NSources = net.sink.NInputs = 2
    net.source > net.x > net.sink
    net.x.Gain = 2.0
    both = np.hstack([NOISE, NOISE[::-1]])
    assert np.array_equal(rendered(net, source=both), 2.0 * both)


def test_a_delay_is_as_late_as_its_control_says(net):
    heard = through(net, "ladspa_delay_5s_1043", **{"Delay (Seconds)": 0.05, "Dry/Wet Balance": 1.0})
    late = int(0.05 * RATE)
    assert np.array_equal(heard[late:], NOISE[:-late])
    assert not heard[:late].any()


@pytest.mark.parametrize(("type_", "high"), [("ladspa_lpf_1041", False), ("ladspa_hpf_1042", True)])
def test_a_filter_of_one_pole_filters(net, type_, high):
    heard = through(net, type_, **{"Cutoff Frequency (Hz)": 1000.0})
    share = 2.0 - math.cos(2.0 * math.pi * 1000.0 / RATE)
    share -= math.sqrt(share * share - 1.0)
    expected, last = np.zeros(len(NOISE)), 0.0
    for i, sample in enumerate(NOISE[:, 0].astype(float)):
        last = (1.0 - share) * sample + share * last
        expected[i] = sample - last if high else last
    assert np.abs(heard[:, 0] - expected).max() < 1e-5


@pytest.mark.parametrize("block_size", [1, 7, 512, 5000])
def test_the_block_size_makes_no_difference(net, block_size):
    expected = through(net, "ladspa_amp_mono_1048", Gain=0.5)
    net.y = "ladspa_delay_5s_1043"
    net.x > net.y > net.sink
    assert np.array_equal(rendered(net, block_size=block_size), rendered(net, block_size=256))
    assert expected.any()


def test_plugins_read_ports_of_types_that_are_computed_side_by_side(net):
    for k in range(3):
        net[f"gain{k}"] = "AudioAmplifier"
        net[f"gain{k}"].Gain = k + 1.0
        net[f"x{k}"] = "ladspa_amp_mono_1048"
        net.source > net[f"gain{k}"] > net[f"x{k}"] > net.sink
        net[f"x{k}"].Gain = 1.0
    assert np.allclose(rendered(net), 6.0 * NOISE, atol=1e-6)


def test_controls_and_wires_are_kept_in_files_of_both_kinds(net, tmp_path):
    expected = through(net, "ladspa_amp_mono_1048", Gain=0.25)
    again = Network("clam")
    net.save(tmp_path / "a.py")
    again.load(tmp_path / "a.py")
    assert again == net
    assert np.array_equal(rendered(again), expected)
    with pytest.warns(UserWarning, match="does not contain control values set by hand: x.Gain"):
        net.save(tmp_path / "a.clamnetwork")
    again.load(tmp_path / "a.clamnetwork")
    again.x.Gain = 0.25
    assert again == net
    assert 'type="ladspa_amp_mono_1048"' in (tmp_path / "a.clamnetwork").read_text()


def test_a_plugin_is_never_run_in_place_nor_out_of_order(odd):
    net = Network("clam")
    net.source, net.sink = "AudioSource", "AudioSink"
    assert np.array_equal(through(net, "ladspa_odd_7"), 2.0 * NOISE)
    assert (odd("live"), odd("mistakes")) == (0, 0)
    assert odd("longest") == 256
    assert odd("runs") == math.ceil(len(NOISE) / 256)


def test_out_controls_are_sent_and_in_controls_stay_in_their_ranges(odd):
    net = Network("clam")
    net.x = "ladspa_odd_7"
    net.play("step", sample_rate=RATE, block_size=64)
    run = net._proxy.inner.player.device.run
    run()
    assert net.x._outcontrols.Same.value == 3.0 + 480.0
    for count, frequency, expected in [(1.6, 100.0, 102.0), (-5.0, 1e9, 4800.0), (99.0, -1e9, 3.0 + 48.0), (0.0, 1e300, 4800.0)]:
        net.x.Count = count
        net.x._incontrols["Freq [Hz]"].value = frequency
        run()
        run()
        assert net.x._outcontrols.Same.value == pytest.approx(expected)
    net.close()


def test_an_out_control_drives_another_processing(odd):
    net = Network("clam")
    net.source, net.sink, net.x, net.amp = "AudioSource", "AudioSink", "ladspa_odd_7", "ladspa_amp_mono_1048"
    net.x.Count = 0
    net.x._incontrols["Freq [Hz]"].value = 100.0
    net.x._outcontrols.Same > net.amp.Gain
    net.source > net.amp > net.sink
    assert np.array_equal(rendered(net)[1000:], (100.0 * NOISE)[1000:])


def test_a_plugin_that_puts_out_nan_is_named(odd):
    net = Network("clam")
    net.source, net.sink = "AudioSource", "AudioSink"
    with pytest.warns(UserWarning, match=r"^x outputs NaN or infinity: \d+ samples muted$"):
        assert not through(net, "ladspa_odd_7", Bad=1).any()


def test_a_plugin_that_is_removed_while_it_plays_is_cleaned_up_after_its_last_block(odd):
    net = Network("clam")
    net.source, net.sink = "AudioSource", "AudioSink"
    net.play("clock", block_size=64)
    for _ in range(20):
        net.x = "ladspa_odd_7"
        net.source > net.x > net.sink
        eventually(lambda: odd("runs") > 0)
        del net.x
    eventually(lambda: odd("live"), 0)
    net.x = "ladspa_odd_7"
    net.undo()
    net.redo()
    eventually(lambda: odd("live") == 1)
    net.close()
    assert (odd("live"), odd("mistakes")) == (0, 0)


def test_a_plugin_that_cannot_be_made_is_named(build, installed):
    library = build("odd", "REFUSES")
    installed(str(library.parent))
    net = Network("clam")
    net.x = "ladspa_odd_7"
    with pytest.raises(EngineError, match="ladspa_odd_7: the LADSPA plugin cannot run at 48000 Hz"):
        net.render(frames=10, sample_rate=48000)
    net.play("clock")
    assert any("the LADSPA plugin cannot run at" in message for message in net.status().messages)
    net.close()


def test_a_library_that_is_gone_or_has_changed_is_named(build, installed):
    library = build("odd")
    installed(str(library.parent))
    net = Network("clam")
    net.x = "ladspa_odd_7"
    build("odd", "NUMBER=8").replace(library)
    with pytest.raises(EngineError, match=rf"ladspa_odd_7: {library} has changed. Start again to use its new version."):
        net.render(frames=10)
    library.unlink()
    net.y = "ladspa_odd_7"
    with pytest.raises(NotPlayable, match=rf"the library {library} of the LADSPA plugin is not there any more"):
        net.play("clock")
    net.close()


def test_plugins_are_made_and_removed_by_one_thread_at_a_time(odd):
    def render():
        net = Network("clam")
        for k in range(5):
            net[f"x{k}"] = "ladspa_odd_7"
        net.render(frames=10)
        net.close()

    threads = [threading.Thread(target=render) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (odd("live"), odd("mistakes")) == (0, 0)


@pytest.mark.parametrize("name", FAULTS)
def test_a_plugin_that_would_end_the_program_is_a_type_but_not_run(net, name):
    assert f"Not run by ipyclam: {FAULTS[name]}" in " ".join(str(net.types[name].__doc__).split())
    net.x = name
    with pytest.raises(NotPlayable, match="this LADSPA plugin is not run"):
        net.render(frames=10)


OF_CLAM = sorted(name for name, entry in networks().items() if any(type_.startswith("ladspa_") for type_ in entry["types"]))


@pytest.mark.parametrize("name", OF_CLAM)
def test_the_plugins_of_a_network_of_clam_are_there_with_all_their_wires(name, installed):
    installed(DEBIAN)
    net = loaded(name)
    plugins = [processing for processing in net if net[processing].type.startswith("ladspa_")]
    assert plugins
    assert not any(net._proxy.processings()[plugin].placeholder for plugin in plugins)
    assert not any({wire.source, wire.target}.intersection(plugins) for wire in net._proxy.info().waiting)


def test_noise_of_a_plugin_is_what_clam_rendered(installed):
    installed(DEBIAN)
    (name,) = (name for name in OF_CLAM if name.endswith("util-noise"))
    ctypes.CDLL(None).srand(1)  # the plugin draws the random numbers of the C library
    expected, heard = network_rendered(name)
    assert np.array_equal(heard, expected)
