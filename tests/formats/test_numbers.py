"""Numbers at the ends of what can be held: those that we write can be read, and others are refused like any wrong value."""

from __future__ import annotations

import pytest

from ipyclam_core import Network, errors

HUGE = "0x" + "f" * 300


@pytest.mark.parametrize("suffix", [".clamnetwork", ".py"])
@pytest.mark.parametrize("number", [1e-05, 1e16, -2.5e-07, 5e-324, 1.7976931348623157e308, -0.0])
def test_every_position_can_be_read_again(tmp_path, number, suffix):
    net = Network("dummy")
    net.osc = net.types.Oscillator
    net.osc._position = (number, 3.0)
    net.save(tmp_path / f"x{suffix}")
    again = Network("dummy")
    again.load(tmp_path / f"x{suffix}")
    assert again.osc._position == (number, 3.0)


@pytest.mark.parametrize("number", ["1e999", "1e", "1e9999", "nan", "inf", "0x10"])
def test_a_position_that_is_not_a_finite_number_is_refused(tmp_path, number):
    path = tmp_path / "x.clamnetwork"
    path.write_text(f'<network id="x"><processing id="a" type="Oscillator" position="{number},1"/></network>')
    with pytest.raises(errors.FormatError, match=r"line 1: position must be two numbers such as"):
        Network("dummy").load(path)


@pytest.mark.parametrize("statement", [f"a.NSinks = {HUGE}", f"a._position = ({HUGE}, 1)", f"g.Gain = {HUGE}"])
def test_an_integer_that_no_float_holds_is_refused_in_a_file(tmp_path, statement):
    path = tmp_path / "x.py"
    path.write_text(f"net = Network('clam')\nnet.a = net.types.AudioSink\nnet.g = net.types.Gain\nnet.{statement}\n")
    with pytest.raises(errors.FormatError, match=r"line 4: .* takes "):
        Network("clam").load(path)


@pytest.mark.parametrize("huge", [10**400, 10**5000, -(10**400)], ids=["400 digits", "5000 digits", "negative"])
def test_an_integer_that_no_float_holds_is_refused_at_the_prompt(huge):
    net = Network("clam")
    net.g = net.types.Gain
    net.o = net.types.AudioSink
    net.osc = net.types.Oscillator
    for name, value in {"Gain": net.g, "NSinks": net.o, "Frequency": net.osc}.items():
        with pytest.raises(errors.ParameterValueError):
            setattr(value, name, huge)
    with pytest.raises(ValueError, match="two finite numbers"):
        net.g._position = (huge, 1)
    for argument in ("sample_rate", "block_size"):
        with pytest.raises(ValueError, match=argument):
            net.render(frames=1, **{argument: huge})
    with pytest.raises(ValueError, match="seconds"):
        net.render(huge)
    with pytest.raises(ValueError, match="frames"):
        net.render(frames=huge)
    net.close()
