"""Processings that have controls alone, and what controls do to the others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ipyclam_core.declare.declaration import catalog, values_for

from .kernels import CompiledProcessing


def sent(name: str, steps: list[dict[str, float]], **config: Any) -> list[float]:
    """What the only out control sends for what arrives, a block for each step."""
    processing = CompiledProcessing(catalog[name], config)
    for step in steps:
        for attribute, value in step.items():
            processing.send(attribute, value)
        processing.run()
    (item,) = catalog[name].items_of("outcontrols")
    return processing.sent(item.attribute)


def test_a_sender_sends_its_value_once() -> None:
    assert sent("OutControlSender", [{}, {}, {}], Default=0.25) == [0.25]


def test_a_control_source_waits_until_it_is_told() -> None:
    assert sent("ControlSource", [{}, {}], DefaultValue=0.25) == []


def test_a_scaler_sends_when_something_arrives() -> None:
    assert sent("ControlScaler", [{}, {"control": 2.0}, {}, {"gain": 3.0}], Amount=10.0) == [20.0, 6.0]


def test_a_sum_sends_when_either_term_arrives() -> None:
    assert sent("ControlSum", [{}, {"left": 2.0}, {"right": 5.0}, {}], RightTerm=1.0) == [3.0, 7.0]


@pytest.mark.parametrize(
    ("mapping", "arguments", "value", "expected"),
    [
        ("linear", (0.0, 127.0, 0.0, 1.0), 63.5, 0.5),
        ("linear", (1.0, 0.0, 10.0, 20.0), 0.25, 17.5),
        ("NoteToFreq", (), 81.0, 880.0),
        ("NoteToFreq", (60.0, 100.0), 48.0, 50.0),
        ("ValueToRatio", (12.0,), 16384.0, 2.0),
        ("ValueToRatio", (2.0,), 8192.0, 1.0),
    ],
)
def test_a_mapper_maps(mapping: str, arguments: tuple[float, ...], value: float, expected: float) -> None:
    assert sent("ControlMapper", [{}, {"control": value}], Mapping=mapping, Arguments=arguments) == [pytest.approx(expected)]


@pytest.mark.parametrize(
    ("mapping", "arguments", "message"),
    [
        ("", (), "there is no mapping '': set Mapping to one of linear, NoteToFreq, ValueToRatio"),
        ("linear", (1.0,), "linear takes 4 Arguments, not 1"),
        ("linear", (1.0, 1.0, 0.0, 1.0), "the input range of Linear is empty: the first two Arguments are the same"),
    ],
)
def test_a_mapper_says_what_is_missing(mapping: str, arguments: tuple[float, ...], message: str) -> None:
    type_ = catalog["ControlMapper"]
    assert type_.problem is not None
    config = {**type_.spec.defaults, "Mapping": mapping, "Arguments": arguments}
    assert type_.problem(**values_for(type_.problem, config, type_.items)) == message


def test_a_printer_prints_what_arrives(capsys: pytest.CaptureFixture[str]) -> None:
    printer = CompiledProcessing(catalog["ControlPrinter"], {"Identifier": "meter", "NumberOfInputs": 2, "GuiOnly": False})
    printer.run()
    printer.send("inputs", 0.5, 1)
    printer.run()
    printer.close()
    assert capsys.readouterr().out == "meter: 0 0.5\n"


def test_a_printer_says_nothing_where_it_is_only_looked_at(capsys: pytest.CaptureFixture[str]) -> None:
    printer = CompiledProcessing(catalog["ControlPrinter"])
    printer.send("inputs", 0.5)
    printer.run()
    printer.close()
    assert capsys.readouterr().out == ""


def test_an_envelope_goes_up_down_stays_and_ends() -> None:
    config = {"AttackTime": 0.01, "DecayTime": 0.02, "SustainLevel": 0.5, "ReleaseTime": 0.03}
    envelope = CompiledProcessing(catalog["ADSR"], config, sample_rate=10000.0)
    envelope.send("amplitude", 1.0)
    on = np.concatenate([envelope.run()[0], envelope.run()[0]])
    envelope.send("amplitude", 0.0)
    off = np.concatenate([envelope.run()[0], envelope.run()[0]])
    np.testing.assert_allclose(on[:101], 0.01 * np.arange(101), atol=1e-6)
    np.testing.assert_allclose(on[100:301], np.linspace(1.0, 0.5, 201), atol=1e-6)
    np.testing.assert_allclose(on[300:], 0.5, atol=1e-6)
    np.testing.assert_allclose(off[:301], np.linspace(0.5, 0.0, 301), atol=1e-6)
    assert not off[301:].any()
    assert envelope.sent("sounding") == [1.0, 0.0]


@pytest.mark.parametrize(
    ("height", "level", "held", "frames"),
    [(0.5, 0.5, 0.5, 101), (2.0, 0.5, 0.5, 400), (1.0, 0.5, 0.5, 300), (2.0, 1.0, 2.0, 100), (2.0, 1.5, 2.0, 100), (1.0, 0.0, 0.0, 300)],
)
def test_decay_ends_at_the_sustain_level_whatever_the_height(height: float, level: float, held: float, frames: int) -> None:
    """Its speed is that of a decay to the sustain level times the height."""
    config = {"AttackTime": 0.01, "DecayTime": 0.02, "SustainLevel": level}
    envelope = CompiledProcessing(catalog["ADSR"], config, sample_rate=10000.0)
    envelope.send("amplitude", height)
    heard = np.concatenate([envelope.run()[0], envelope.run()[0]])
    assert heard.max() == pytest.approx(height, abs=0.01)
    np.testing.assert_allclose(heard[frames + 2 :], held, atol=0.011)
    assert np.ptp(heard[frames + 2 :]) == 0.0


def test_a_negative_amplitude_changes_nothing() -> None:
    envelope = CompiledProcessing(catalog["ADSR"], {"SustainLevel": 1.0})
    envelope.send("amplitude", 1.0)
    envelope.run()
    envelope.send("amplitude", -1.0)
    assert (envelope.run()[0] == 1.0).all()


def test_an_envelope_without_times_is_a_gate() -> None:
    envelope = CompiledProcessing(catalog["ADSR"], {"SustainLevel": 1.0})
    envelope.send("amplitude", 1.0)
    assert np.array_equal(envelope.run()[0], [0.0] + [1.0] * 511)


def test_a_mixers_gain_glides_but_not_at_the_beginning() -> None:
    mixer = CompiledProcessing(catalog["AudioMixer"], {"NumberOfInPorts": 1})
    ones = np.ones(512, np.float32)
    mixer.send("gains", 0.25)
    assert np.array_equal(mixer.run([ones])[0], 0.25 * ones)
    mixer.send("gains", 1.0)
    heard = mixer.run([ones])[0]
    assert heard[0] == 0.25
    assert np.abs(np.diff(heard)).max() < 0.002
    assert np.array_equal(mixer.run([ones])[0], ones)


def test_default_gains_are_the_gains_to_begin_with() -> None:
    mixer = CompiledProcessing(catalog["AudioMixer"], {"NumberOfInPorts": 3, "DefaultGains": (0.0, 2.0)})
    ones = np.ones(512, np.float32)
    np.testing.assert_allclose(mixer.run([ones, 10 * ones, 100 * ones])[0], (20.0 + 100.0) / 3.0, rtol=1e-6)


def test_an_amplifier_jumps_where_it_is_told_to() -> None:
    amplifier = CompiledProcessing(catalog["AudioAmplifier"], {"DoesGainInterpolation": False, "PortsNumber": 2})
    ones = np.ones(512, np.float32)
    amplifier.send("gain", 0.5)
    first, second = amplifier.run([ones, 2 * ones])
    assert np.array_equal(first, 0.5 * ones)
    assert np.array_equal(second, ones)


def test_a_delay_is_of_seconds_and_changes_without_a_click() -> None:
    delay = CompiledProcessing(catalog["TimeDelay"], {"MaxDelay": 1}, sample_rate=8000.0)
    time = np.arange(8192) / 8000.0
    tone = np.sin(2.0 * np.pi * 50.0 * time).astype(np.float32)
    delay.send("delay", 0.1)
    heard = []
    for k in range(16):
        if k == 8:
            delay.send("delay", 0.2051)
        heard.append(delay.run([tone[512 * k : 512 * k + 512]])[0])
    whole = np.concatenate(heard)
    assert not whole[:800].any()
    assert np.array_equal(whole[800:4096], tone[: 4096 - 800])
    assert np.array_equal(whole[4608:], tone[4608 - 1641 : 8192 - 1641])
    assert np.abs(np.diff(whole[4000:4700])).max() < 0.06
