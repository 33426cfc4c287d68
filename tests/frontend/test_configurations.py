"""Configurations: immediate, held in a with block, cloned, assigned, nested, refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from ipyclam_core import Network, errors
from ipyclam_core.proxy import Change


@pytest.fixture
def osc(net):
    net.osc = net.types.Oscillator
    return net.osc


@pytest.fixture
def env(net):
    net.env = net.types.Envelope
    return net.env


def test_parameters_are_attributes_and_items_of_both(osc):
    osc.Frequency = 1.0
    assert osc["Frequency"] == osc._config.Frequency == osc._config["Frequency"] == 1.0
    osc._config["Frequency"] = 2.0
    assert osc.Frequency == 2.0


def test_a_parameter_that_is_no_identifier_has_an_alias(net):
    net.fader = net.types.Fader
    net.fader.With_Space = False
    assert net.fader["With Space"] is net.fader._config.With_Space is False


@pytest.mark.parametrize(
    ("name", "value", "error", "words"),
    [
        ("Frequency", "loud", TypeError, r"osc\.Frequency takes a float from 0 to 24000, not 'loud' \(str\)"),
        ("Frequency", True, TypeError, r"osc\.Frequency takes a float from 0 to 24000, not True \(bool\)"),
        ("Frequency", None, TypeError, r"osc\.Frequency takes a float"),
        ("Frequency", -1.0, ValueError, r"osc\.Frequency takes a float from 0 to 24000, not -1\.0"),
        ("Frequency", float("nan"), ValueError, r"osc\.Frequency takes a finite float from 0 to 24000, not nan"),
        ("Amplitude", 1.01, ValueError, r"osc\.Amplitude takes a float from 0 to 1, not 1\.01"),
        ("Waveform", "sien", ValueError, r"osc\.Waveform takes one of 'sine', 'saw', 'square', not 'sien'; did you mean 'sine'"),
        ("Waveform", 3, TypeError, r"osc\.Waveform takes one of"),
    ],
)
def test_a_refused_value_leaves_everything_as_it_was(net, osc, name, value, error, words):
    before = net.code(full_config=True)
    for assign in (
        lambda: setattr(osc, name, value),
        lambda: setattr(osc._config, name, value),
        lambda: setattr(osc._config.clone(), name, value),
        lambda: setattr(osc, "_config", {"Amplitude": 0.5, name: value}),
    ):
        with pytest.raises(error, match=words):
            assign()
    assert net.code(full_config=True) == before


def test_a_parameter_that_is_not_there_suggests(osc):
    with pytest.raises(AttributeError, match=r"osc has no parameter 'Frequenzy'; did you mean 'Frequency'"):
        osc._config.Frequenzy
    with pytest.raises(KeyError, match=r"osc has no parameter 'Frequenzy'; did you mean 'Frequency'"):
        osc._config["Frequenzy"] = 1.0
    with pytest.raises(AttributeError, match="osc has no parameter 'Output'"):
        osc._config.Output


def test_nested_errors_name_the_path(env):
    with pytest.raises(TypeError, match=r"env\.Times\.Curve\.Bend takes a float, not 'x'"):
        env.Times.Curve.Bend = "x"
    with pytest.raises(AttributeError, match=r"env\.Times has no parameter 'Atack'; did you mean 'Attack'"):
        env.Times.Atack = 1.0


def test_a_with_block_holds_and_applies_as_one(net, osc):
    heard: list[Change] = []
    net.observe(heard.append)
    with osc._config as c:
        c.Frequency = 1.0
        c.Waveform = "saw"
        assert (c.Frequency, c.Waveform, c.Amplitude) == (1.0, "saw", 1.0)
        assert (osc.Frequency, osc.Waveform) == (440.0, "sine")
    assert (osc.Frequency, osc.Waveform) == (1.0, "saw")
    assert [change.kind for change in heard] == ["configured"]
    net.undo()
    assert (osc.Frequency, osc.Waveform) == (440.0, "sine")


def test_a_with_block_that_raises_applies_nothing(osc):
    def block() -> None:
        with osc._config as c:
            c.Frequency = 1.0
            c.Waveform = "noise"

    with pytest.raises(ValueError, match=r"osc\.Waveform takes one of"):
        block()
    assert osc.Frequency == 440.0


def test_a_with_block_holds_nested_changes(env):
    with env._config as c:
        c.Times.Attack = 0.5
        c.Times.Curve.Bend = 0.25
        c.Sustain = 0.1
        assert (c.Times.Attack, c.Times.Curve.Bend, c.Times.Decay) == (0.5, 0.25, 0.1)
        assert env.Times.Attack == 0.01
    assert (env.Times.Attack, env.Times.Curve.Bend, env.Sustain) == (0.5, 0.25, 0.1)


def test_a_with_block_on_a_nested_configuration(env):
    with env.Times as t:
        t.Attack = 0.5
        t.Curve.Bend = 0.25
        assert env.Times.Attack == 0.01
    assert (env.Times.Attack, env.Times.Curve.Bend) == (0.5, 0.25)


def test_after_its_block_a_configuration_is_immediate_again(osc):
    config = osc._config
    with config as c:
        c.Frequency = 1.0
    c.Frequency = 2.0
    assert osc.Frequency == 2.0
    config.Frequency = 3.0
    assert osc.Frequency == 3.0


def test_with_blocks_nest(osc):
    config = osc._config
    with config as outer:
        outer.Frequency = 1.0
        with outer as inner:
            inner.Amplitude = 0.5
            assert outer.Amplitude == 0.5
        assert (outer.Amplitude, osc.Amplitude) == (0.5, 1.0)
    assert (osc.Frequency, osc.Amplitude) == (1.0, 0.5)


def test_an_empty_block_is_no_step(net, osc):
    with osc._config:
        pass
    assert net.undo() == "add osc"


def test_a_clone_belongs_to_nobody(net, osc):
    clone = osc._config.clone()
    clone.Frequency = 1.0
    assert osc.Frequency == 440.0
    net.two = net.types.Oscillator
    net.two._config = clone
    assert net.two.Frequency == 1.0
    assert net.two._config == clone != osc._config


def test_a_clone_is_all_or_nothing(env):
    clone = env._config.clone()

    def block() -> None:
        with clone as c:
            c.Times.Attack = 0.5
            c.Sustain = "x"

    with pytest.raises(TypeError, match=r"env\.Sustain takes a float"):
        block()
    assert clone == env._config
    clone.Times.Curve.Bend = 0.5
    assert (clone.Times.Curve.Bend, env.Times.Curve.Bend) == (0.5, 0.0)


def test_a_clone_of_a_clone_and_of_a_nested_one(env):
    clone = env._config.clone().clone()
    nested = env.Times.clone()
    nested.Attack = 0.5
    clone.Times = nested
    env._config = clone
    assert env.Times.Attack == 0.5


def test_a_mapping_is_assigned_as_one(net, osc):
    osc._config = {"Frequency": 1.0, "Waveform": "saw"}
    assert (osc.Frequency, osc.Waveform, osc.Amplitude) == (1.0, "saw", 1.0)
    net.undo()
    assert (osc.Frequency, osc.Waveform) == (440.0, "sine")


@pytest.mark.parametrize("value", [3, None, "Frequency", [("Frequency", 1.0)]])
def test_what_is_no_configuration_is_refused(osc, value):
    with pytest.raises(TypeError, match="_config takes a configuration or a mapping, not"):
        osc._config = value


def test_the_configuration_of_another_type_is_refused(net, osc, env):
    with pytest.raises(errors.NoSuchParameter, match="osc has no parameter 'Times'"):
        osc._config = env._config
    assert osc._config == net.osc._config


def test_configurations_read_like_mappings(osc, env):
    assert list(osc._config) == osc._config.keys() == ["Frequency", "Amplitude", "Waveform"]
    assert len(osc._config) == 3
    assert "Frequency" in osc._config
    assert "Pitch" not in osc._config
    assert dict(osc._config) == {"Frequency": 440.0, "Amplitude": 1.0, "Waveform": "sine"}
    assert dict(**osc._config) == osc._config
    assert repr(env._config) == "{'Times': {'Attack': 0.01, 'Decay': 0.1, 'Curve': {'Shape': 'linear', 'Bend': 0.0}}, 'Sustain': 0.7}"
    assert eval(repr(env._config)) == env._config


def test_equality_minds_types(net):
    net.one, net.two = net.types.Envelope, net.types.Envelope
    assert net.one._config == net.two._config
    assert net.one._config != {**net.two._config, "Sustain": True}
    assert net.one.Times == net.two.Times
    net.two.Times.Decay = 1.0
    assert net.one._config != net.two._config
    assert net.one._config != 3


def test_dir_lists_parameters_first(net):
    net.fader = net.types.Fader
    assert net.fader._config.__dir__()[:4] == ["Input", "Level", "name", "With_Space"]


def test_our_words_on_a_configuration(net):
    net.osc = net.types.Oscillator
    for name in ("clone", "keys", "_store", "_x"):
        with pytest.raises(AttributeError, match="of a configuration cannot be assigned"):
            setattr(net.osc._config, name, "x")


def test_optional_parameters_take_none(net):
    net.player = net.types.Player
    net.player.Start = 1.5
    net.player.Start = None
    assert net.player.Start is None


def test_files_may_be_paths(net):
    net.player = net.types.Player
    net.player.File = Path("a") / "b.wav"
    assert net.player.File == "a/b.wav"
    with pytest.raises(TypeError, match=r"player\.File takes the path of a file, not 3"):
        net.player.File = 3


def test_sequences_of_numbers_are_tuples(net):
    net.analysis = net.types.Analysis
    net.analysis.Bands = [1, 2.5]
    assert net.analysis.Bands == (1.0, 2.5)
    with pytest.raises(TypeError, match=r"analysis\.Bands takes a sequence of floats, not 'x'"):
        net.analysis.Bands = "x"


def test_ports_come_and_go_at_once_and_wires_stay_where_ports_remain(net):
    net.source, net.sink = net.types.Source, net.types.MultiSink
    net.source.NSources = net.sink.NSinks = 3
    net.source > net.sink
    net.sink.NSinks = 2
    assert [len(port.peers) for port in net.source._outports] == [1, 1, 0]
    with pytest.raises(ValueError, match=r"sink\.NSinks takes an int from 1 to 64, not 0"):
        net.sink.NSinks = 0
    assert [len(port.peers) for port in net.source._outports] == [1, 1, 0]


def test_relative_paths_can_be_relative_to_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    net = Network("dummy", relative_to=tmp_path / "sub" / "net.py")
    net.player = net.types.Player
    net.player.File = "a.wav"
    assert net.player.File == "sub/a.wav"
    net.player._config = {"File": "b.wav"}
    assert net.player.File == "sub/b.wav"
    net.player.File = "/c.wav"
    net.undo()
    assert net.player.File == "sub/b.wav"
    net.player.File = ""
    assert net.player.File == ""


POINTS = {"Interpolation": "Linear", "Points": (0.0, 1.0, 2.0, 3.0)}


@pytest.fixture
def clam():
    network = Network("clam")
    network.gate = network.types.SpectralGate
    yield network
    network.close()


def test_an_optional_configuration_is_none_until_it_is_assigned(clam):
    assert clam.gate.BPF is None
    assert "BPF" not in clam.code()
    clam.gate.BPF = {"Points": POINTS["Points"]}
    assert clam.gate.BPF == POINTS
    clam.gate.BPF.Interpolation = "Spline"
    assert clam.gate.BPF.Interpolation == "Spline"
    clam.gate.BPF = None
    assert clam.gate.BPF is None


def test_a_handle_on_an_optional_configuration_that_was_set_to_none_shows_its_defaults(clam):
    clam.gate.BPF = POINTS
    held = clam.gate.BPF
    clam.gate.BPF = None
    assert held == {"Interpolation": "Linear", "Points": ()}
    held.Points = (0.5, 0.5)
    assert clam.gate.BPF == {"Interpolation": "Linear", "Points": (0.5, 0.5)}


def test_a_with_block_fills_an_optional_configuration(clam):
    with clam.gate._config as config:
        config.BPF = {"Points": (1.0, 1.0)}
        config.BPF.Interpolation = "Step"
        assert clam.gate.BPF is None
    assert clam.gate.BPF == {"Interpolation": "Step", "Points": (1.0, 1.0)}


@pytest.mark.parametrize("value", [3, {"Pints": (1.0,)}, {"Interpolation": "Round and round"}])
def test_a_bad_optional_configuration_changes_nothing(clam, value):
    with pytest.raises(errors.IpyclamError):
        clam.gate.BPF = value
    assert clam.gate.BPF is None


@pytest.mark.parametrize("suffix", [".py", ".clamnetwork"])
@pytest.mark.parametrize("value", [None, POINTS])
def test_files_keep_an_optional_configuration(clam, tmp_path, suffix, value):
    clam.gate.BPF = value
    path = tmp_path / f"x{suffix}"
    clam.save(path)
    assert ("BPF" in path.read_text()) == (value is not None)
    clam.gate.BPF = {"Points": (9.0, 9.0)}
    clam.load(path)
    assert value == clam.gate.BPF


@pytest.mark.parametrize("value", [None, POINTS])
def test_a_copy_and_an_undo_keep_an_optional_configuration(clam, value):
    clam.gate.BPF = value
    clam.copy = clam.gate.clone()
    assert value == clam.copy.BPF
    clam.gate.BPF = {"Points": (9.0, 9.0)}
    clam.undo()
    assert value == clam.gate.BPF
