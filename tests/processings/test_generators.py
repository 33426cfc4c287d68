"""Oscillators, noise, modulators and the sampler, against theory: what their pages promise, measured."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from clam.judging import decibels
from scipy import signal

from ipyclam_core import Network
from ipyclam_core.declare.declaration import catalog, values_for
from ipyclam_core.processings.audio import coloured_noise

from .kernels import CompiledProcessing

pytestmark = pytest.mark.slow

RATE = 48000.0
LENGTH = 65536  # frames: at a pitch that fits into them the spectrum has no leakage

SAW = tuple(1.0 / k for k in range(1, 1025))
FLAT = (1.0,) * 256
WAVES: list[tuple[str, dict[str, Any], float]] = [
    ("Triangle", {}, -120.0),
    ("Pulse", {}, -100.0),
    ("Pulse", {"Width": 0.3}, -100.0),
    ("Pulse", {"Width": 0.01}, -80.0),  # the first harmonic itself is weak
    ("TableOscillator", {"Harmonics": SAW}, -95.0),
    ("TableOscillator", {"Harmonics": FLAT}, -80.0),
]


def made(name: str, **config: Any) -> CompiledProcessing:
    return CompiledProcessing(catalog[name], config, sample_rate=RATE)


def output(name: str, frames: int = LENGTH, inputs: list[np.ndarray] | None = None, **config: Any) -> np.ndarray:
    return made(name, **config).run(inputs or [], frames)[0].astype(float)


def fitting(frequency: float) -> int:
    """The number of cycles, an odd one, that fits best into all frames."""
    return int(frequency / RATE * LENGTH) | 1


def harmonics(name: str, cycles: int, **config: Any) -> tuple[np.ndarray, np.ndarray]:
    """The complex amplitudes of the harmonics, the mean first, and all that is between them."""
    spectrum = np.fft.rfft(output(name, Frequency=cycles * RATE / LENGTH, **config)) / (LENGTH / 2)
    there = np.zeros(len(spectrum), bool)
    there[::cycles] = True
    return spectrum[there], spectrum[~there]


@pytest.mark.parametrize("frequency", [23.0, 41.0, 101.0, 441.0, 1000.0, 2000.0, 3001.0, 5000.0, 9001.0, 15013.0])
@pytest.mark.parametrize(("name", "config", "most"), WAVES)
def test_what_is_mirrored_is_as_weak_as_the_page_says(name: str, config: dict[str, Any], most: float, frequency: float) -> None:
    wanted, mirrored = harmonics(name, fitting(frequency), **config)
    assert 20.0 * np.log10(np.abs(mirrored).max() / np.abs(wanted[1])) < most


def voices(name: str, numbers: range) -> np.ndarray:
    net = Network("clam")
    net.out = net.types.AudioSink
    net.out.NSinks = len(numbers)
    for row, k in enumerate(numbers):
        net[f"v{k}"] = name
        net[f"v{k}"].Amplitude = 0.5 + 0.01 * k
        if "Frequency" in net.types[name].spec.config:
            net[f"v{k}"].Frequency = 50.0 * 1.1**k
        _ = net[f"v{k}"]._outports[0] > net.out._inports[row]
    return net.render(frames=512, block_size=128, sample_rate=48000)


@pytest.mark.parametrize("name", ["Triangle", "Pulse", "TableOscillator", "PinkNoise", "BrownNoise"])
def test_neighbours_change_nothing(name: str) -> None:
    alone = np.concatenate([voices(name, range(k, k + 1)) for k in range(67)], axis=1)
    for number in (3, 5, 9, 40, 67):  # alone, by fours, across lanes, in tiles
        assert np.array_equal(voices(name, range(number)), alone[:, :number])


def beside(name: str, moved: int) -> np.ndarray:
    """Voices of which the pitch of one moves through many tables."""
    net = Network("clam")
    net.out, net.lfo = net.types.AudioSink, net.types.LFO
    net.out.NSinks = 40
    net.lfo.Rate, net.lfo.Minimum, net.lfo.Maximum = 5.0, 300.0, 3000.0
    for k in range(40):
        net[f"v{k}"] = name
        net[f"v{k}"].Frequency = 50.0 * 1.1**k
        _ = net[f"v{k}"]._outports[0] > net.out._inports[k]
    net.lfo > net[f"v{moved}"].Pitch
    return net.render(frames=4800, block_size=64, sample_rate=48000)


@pytest.mark.parametrize("name", ["Pulse", "TableOscillator"])
def test_a_neighbour_that_fades_changes_nothing(name: str) -> None:
    one, other = beside(name, 3), beside(name, 30)
    same = [k for k in range(40) if k not in (3, 30)]
    assert np.array_equal(one[:, same], other[:, same])
    assert not np.array_equal(one[:, 3], other[:, 3])


def ideal(name: str, config: Mapping[str, Any], count: int) -> np.ndarray:
    """The complex amplitudes of so many harmonics in the textbook."""
    k = np.arange(1, count + 1)
    if name == "Triangle":
        return -8.0 / (np.pi * k) ** 2 * (k % 2)
    if name == "Pulse":
        return -2.0j / (np.pi * k) * (1.0 - np.exp(-2.0j * np.pi * k * config.get("Width", 0.5)))
    return -1j * np.asarray([*config["Harmonics"], *[0.0] * count][:count])


@pytest.mark.parametrize("frequency", [41.0, 441.0, 2000.0, 5000.0])
@pytest.mark.parametrize(("name", "config", "most"), WAVES)
def test_harmonics_are_those_of_the_ideal_wave(name: str, config: dict[str, Any], most: float, frequency: float) -> None:
    cycles = fitting(frequency)
    wanted, _ = harmonics(name, cycles, **config)
    count = int(0.79 * LENGTH / 2 / cycles)  # the highest ones may be missing
    np.testing.assert_allclose(
        wanted[1 : count + 1], ideal(name, config, count), rtol=0.0, atol=3e-5 if config.get("Harmonics") != FLAT else 3e-4
    )


@pytest.mark.parametrize("block", [64, 512])
@pytest.mark.parametrize("pitches", [(1499.9, 1500.1), (1500.1, 1499.9)])
@pytest.mark.parametrize(("name", "config"), [("Triangle", {}), ("Pulse", {"Width": 0.3}), ("TableOscillator", {"Harmonics": SAW})])
def test_harmonics_come_and_go_without_a_tick(name: str, config: dict[str, Any], pitches: tuple[float, float], block: int) -> None:
    """At 1500 Hz the harmonics from the 13th to the 16th do: below them there is nothing but the twelve others."""
    half = 8192
    oscillator = made(name, Frequency=pitches[0], **config)
    heard = [oscillator.run([], block)[0] for _ in range(half // block)]
    oscillator.send("pitch", pitches[1])
    heard += [oscillator.run([], block)[0] for _ in range(half // block)]
    phase = 2.0 * np.pi / RATE * np.cumsum([0.0, *[pitches[0]] * half, *[pitches[1]] * (half - 1)])
    waves = np.stack([np.ones_like(phase), *[wave(k * phase) for k in range(1, 17) for wave in (np.sin, np.cos)]], axis=1)
    steady = np.linalg.lstsq(waves[half + 1000 :], np.concatenate(heard)[half + 1000 :], rcond=None)[0]
    others = np.concatenate(heard) - waves[:, :25] @ steady[:25]
    below = signal.sosfiltfilt(signal.butter(8, 12000.0, fs=RATE, output="sos"), others)
    assert 20.0 * np.log10(np.abs(below[1000:-1000]).max()) < -75.0


@pytest.mark.parametrize("name", ["Triangle", "Pulse", "TableOscillator"])
def test_amplitude_and_direction_are_those_asked_for(name: str) -> None:
    forth, back = output(name, 4096, Frequency=500.0), output(name, 4096, Frequency=-500.0, Amplitude=0.5)
    np.testing.assert_allclose(back[1:], 0.5 * forth[96 - 1 :: -1][np.arange(4095) % 96], rtol=0.0, atol=2e-4)


@pytest.mark.parametrize(("name", "left"), [("Triangle", 0.0), ("Pulse", -0.4), ("TableOscillator", 0.0)])
def test_above_half_the_sample_rate_there_is_nothing_to_hear(name: str, left: float) -> None:
    config = {"Width": 0.3} if name == "Pulse" else {}
    np.testing.assert_allclose(output(name, 512, Frequency=24001.0, **config), left, rtol=0.0, atol=1e-6)


def test_a_triangle_begins_at_its_lowest_value() -> None:
    heard = output("Triangle", 4800, Frequency=20.0)
    np.testing.assert_allclose(heard, -signal.sawtooth(2.0 * np.pi * 20.0 / RATE * np.arange(4800) + np.pi, 0.5), rtol=0.0, atol=2e-3)


@pytest.mark.parametrize("width", [0.0, 0.1, 0.5, 0.75, 1.0])
def test_a_pulse_is_high_for_its_width(width: float) -> None:
    heard = output("Pulse", 4800, Frequency=100.0, Width=width)
    assert heard.mean() == pytest.approx(2.0 * width - 1.0, abs=1e-3)
    assert np.mean(heard > 0.0) == pytest.approx(width, abs=0.005)


def test_the_width_of_a_pulse_moves_over_a_block() -> None:
    pulse = made("Pulse", Frequency=1000.0, Width=0.2)
    pulse.run([], 480)
    pulse.send("width", 0.8)
    heard = pulse.run([], 48000)[0].reshape(1000, 48)
    assert np.mean(heard, axis=1) == pytest.approx(2.0 * (0.2 + 0.6 * np.arange(0.5, 1000.0) / 1000.0) - 1.0, abs=0.01)


def test_a_table_is_played_value_by_value() -> None:
    table = np.random.default_rng(3).uniform(-1.0, 1.0, 64)
    heard = output("TableOscillator", 640, Table=table.tolist(), Frequency=RATE / 64.0)
    np.testing.assert_allclose(heard, np.tile(table, 10), rtol=0.0, atol=1e-6)


@pytest.mark.parametrize("length", [1, 2, 3, 7, 600, 3001])
def test_a_table_of_any_length_is_played_smoothly(length: int) -> None:
    table = 0.25 + np.cos(2.0 * np.pi * np.arange(length) / length)
    heard = output("TableOscillator", 4800, Table=table.tolist(), Frequency=100.0)
    wave = np.cos(2.0 * np.pi * 100.0 / RATE * np.arange(4800)) if length > 1 else 1.0
    np.testing.assert_allclose(heard, 0.25 + wave, rtol=0.0, atol=1e-5)


def test_a_table_and_harmonics_are_added_and_nothing_is_a_sine() -> None:
    time = 2.0 * np.pi * 441.0 / RATE * np.arange(4800)
    assert decibels(np.sin(time), output("TableOscillator", 4800, Frequency=441.0)) > 90.0
    both = output("TableOscillator", 4800, Frequency=441.0, Table=(1.0, 0.0, -1.0, 0.0), Harmonics=(0.5, 0.0, 0.25))
    assert decibels(np.cos(time) + 0.5 * np.sin(time) + 0.25 * np.sin(3.0 * time), both) > 90.0


def problem(name: str, **config: Any) -> str:
    type_ = catalog[name]
    return type_.problem(**values_for(type_.problem, {**type_.spec.defaults, **config}, type_.items))


def test_too_much_for_a_table_is_a_problem_in_words() -> None:
    assert problem("TableOscillator", Table=(0.0,) * 65537).startswith("Table has 65,537 values: one cycle has at most 65,536")
    assert problem("TableOscillator", Harmonics=(0.0,) * 1025) == "Harmonics has 1,025 amplitudes: there are at most 1,024"
    assert problem("TableOscillator", Table=(0.0, -1e300)) == "Table has a value of -1e+300: values are between -1,000,000 and 1,000,000"
    assert problem("TableOscillator", Harmonics=(1e7,)).startswith("Harmonics has a value of 1e+07: values are between")
    assert problem("TableOscillator", Table=(0.0,) * 65536, Harmonics=(0.0,) * 1024) == ""


def moved(name: str, blocks: int = 1000, size: int = 48, **config: Any) -> np.ndarray:
    """What a modulator sends in so many blocks, by default of a millisecond."""
    modulator = made(name, **config)
    for _ in range(blocks):
        modulator.run([], size)
    return np.array(modulator.sent("output"))


TIME = np.arange(1000) / 1000.0
SHAPES = {
    "Sine": lambda x: np.sin(2.0 * np.pi * x),
    "Triangle": lambda x: signal.sawtooth(2.0 * np.pi * (x + 0.25), 0.5),
    "Saw Up": lambda x: 2.0 * np.mod(x, 1.0) - 1.0,
    "Saw Down": lambda x: 1.0 - 2.0 * np.mod(x, 1.0),
    "Square": lambda x: np.where(np.mod(x, 1.0) < 0.5, 1.0, -1.0),
}


@pytest.mark.parametrize("phase", [0.0, 0.25, 0.9])
@pytest.mark.parametrize("shape", SHAPES)
def test_an_lfo_has_the_shape_that_it_is_asked_for(shape: str, phase: float) -> None:
    expected = SHAPES[shape](3.7 * TIME + phase + 1e-9)
    np.testing.assert_allclose(moved("LFO", Shape=shape, Rate=3.7, Phase=phase), expected, rtol=0.0, atol=1e-6)
    np.testing.assert_allclose(
        moved("LFO", Shape=shape, Rate=3.7, Phase=phase, Minimum=200.0, Maximum=2000.0), 1100.0 + 900.0 * expected, rtol=1e-6
    )


def test_a_random_lfo_takes_one_value_in_each_cycle() -> None:
    sent = moved("LFO", Shape="Random", Rate=10.0, Minimum=2.0, Maximum=4.0, blocks=20000)
    cycles = sent.reshape(200, 100)
    inner = cycles[:, 1:-1]  # the last digits of a millisecond decide to which cycle the edge belongs
    assert np.array_equal(inner, np.repeat(inner[:, :1], 98, axis=1))
    assert len(set(inner[:, 0])) == 200
    assert 2.0 <= sent.min() < 2.1 < 3.9 < sent.max() <= 4.0
    assert inner[:, 0].mean() == pytest.approx(3.0, abs=0.15)


def test_a_reset_begins_a_new_cycle_and_the_rate_can_be_moved() -> None:
    lfo = made("LFO", Shape="Saw Up", Rate=1.0, Minimum=0.0, Maximum=1.0)
    for _ in range(100):
        lfo.run([], 48)
    lfo.send("reset", 0.0)
    lfo.send("rate", 10.0)
    for _ in range(50):
        lfo.run([], 48)
    assert lfo.sent("output") == pytest.approx([*np.arange(100) / 1000.0, *np.arange(50) / 100.0])


def test_an_lfo_moves_the_cutoff_of_a_filter() -> None:
    net = Network("clam")
    net.lfo, net.noise, net.filter, net.out = net.types.LFO, net.types.WhiteNoise, net.types.ResonantLowPass, net.types.AudioSink
    net.lfo.Shape, net.lfo.Rate, net.lfo.Minimum, net.lfo.Maximum = "Square", 2.0, 100.0, 10000.0
    net.noise > net.filter > net.out
    net.lfo > net.filter.Frequency
    heard = net.render(seconds=1.0, block_size=64, sample_rate=48000)[:, 0].reshape(4, -1)
    loud, low, again, last = np.sqrt(np.mean(heard[:, 1000:] ** 2, axis=1))
    assert loud == pytest.approx(again, rel=0.05)
    assert loud > 5.0 * low
    assert again > 5.0 * last


def deviation(name: str, slope: float, frames: int = 1 << 21) -> np.ndarray:
    """By how many dB the power in ten octaves from 20 Hz departs from a slope in dB per octave."""
    heard = output(name, frames)
    frequencies, power = signal.welch(heard, RATE, nperseg=32768)
    bands = [20.0 * 2.0**k for k in range(10)]
    levels = []
    for low in bands:
        within = (frequencies >= low) & (frequencies < min(2.0 * low, 20000.0))
        levels.append(10.0 * np.log10(np.mean(power[within] * (frequencies[within] / 1000.0) ** (-slope / 3.0102999566))))
    return np.array(levels) - np.mean(levels)


@pytest.mark.parametrize(("name", "slope"), [("PinkNoise", -3.0102999566), ("BrownNoise", -6.0205999133)])
def test_the_spectrum_of_noise_falls_as_its_colour_says(name: str, slope: float) -> None:
    assert np.abs(deviation(name, slope)).max() < 0.6  # of which 0.3 dB are chance, in the lowest octave
    heard = output(name, 1 << 20, Amplitude=0.2)
    assert heard.std() == pytest.approx(0.2, rel=0.05)
    assert heard.mean() == pytest.approx(0.0, abs=0.02)


@pytest.mark.parametrize("rate", [44100.0, 48000.0, 96000.0, 192000.0])
def test_the_filters_of_pink_and_brown_noise_have_the_slopes_that_their_pages_say(rate: float) -> None:
    frequencies = np.geomspace(20.0, 20000.0, 400)
    back = np.exp(-2.0j * np.pi * frequencies / rate)
    pink = coloured_noise.DIRECT + coloured_noise.DELAYED * back
    for decay, gain in zip(coloured_noise.DECAYS, coloured_noise.GAINS, strict=True):
        pink = pink + gain / (1.0 - decay * back)
    brown = (1.0 + coloured_noise.ZERO * back) / (1.0 - np.exp(-2.0 * np.pi * coloured_noise.CORNER / rate) * back)
    for response, power, most in ((pink, 1.0, 0.1), (brown, 2.0, 0.5)):
        level = 20.0 * np.log10(np.abs(response)) + 10.0 * power * np.log10(frequencies)
        assert np.abs(level - (level.max() + level.min()) / 2.0).max() < most


@pytest.mark.parametrize("name", ["PinkNoise", "BrownNoise"])
def test_each_noise_has_a_sequence_of_its_own_the_same_in_every_render(name: str) -> None:
    net = Network("clam")
    net.one, net.other, net.out = name, name, "AudioSink"
    net.out.NSinks = 2
    net.one > net.out["1"]
    net.other > net.out["2"]
    heard = net.render(frames=48000)
    assert np.array_equal(heard, net.render(frames=48000))
    assert abs(np.corrcoef(heard.T)[0, 1]) < 0.3


def test_sample_and_hold_holds_what_there_is_when_the_trigger_rises() -> None:
    noise = np.random.default_rng(9).uniform(-1.0, 1.0, (2, 4096)).astype(np.float32)
    heard = output("AudioSampleAndHold", 4096, list(noise), Threshold=0.25)
    held, before, expected = np.float32(0.0), False, []
    for value, trigger in noise.T:
        held = value if trigger > 0.25 and not before else held
        before = bool(trigger > 0.25)
        expected.append(held)
    assert np.array_equal(heard, expected)


def test_a_random_control_sends_as_often_as_its_rate_says() -> None:
    sent = moved("RandomControl", Rate=20.0, Minimum=-1.0, Maximum=3.0, blocks=10001)
    assert abs(len(sent) - 201) <= 1
    assert len(set(sent)) == len(sent)
    assert -1.0 <= sent.min() < -0.8 < 2.8 < sent.max() <= 3.0


def test_a_trigger_makes_a_random_control_send_a_new_number_at_once() -> None:
    random = made("RandomControl", Rate=0.0)
    for k in range(30):
        if k % 10 == 5:
            random.send("trigger", 0.0)
        random.run([], 64)
    sent = random.sent("output")
    assert len(sent) == len(set(sent)) == 4


def test_a_random_control_moves_in_straight_lines_if_it_is_asked_to() -> None:
    lines = moved("RandomControl", Interpolation="Linear", Rate=10.0)
    steps = moved("RandomControl", Interpolation="Step", Rate=10.0, blocks=1101)
    assert len(lines) == 1000
    expected = np.interp(np.arange(1000) / 100.0, np.arange(len(steps)), steps)
    np.testing.assert_allclose(lines, expected, rtol=0.0, atol=0.02)


@pytest.fixture
def noise(tmp_path: Path) -> tuple[str, np.ndarray]:
    """A file of noise, and what is in it."""
    samples = np.random.default_rng(3).uniform(-0.9, 0.9, (4800, 2)).astype(np.float32)
    soundfile.write(tmp_path / "noise.wav", samples, 48000, subtype="FLOAT")
    return str(tmp_path / "noise.wav"), samples[:, 1]


def sampled(path: str, frames: int, *, level: float = 1.0, **config: Any) -> np.ndarray:
    sampler = made("Sampler", SourceFile=path, **config)
    sampler.send("trigger", level)
    return sampler.run([], frames)[0]


def test_a_sampler_waits_for_its_trigger_and_plays_once(noise: tuple[str, np.ndarray]) -> None:
    path, samples = noise
    sampler = made("Sampler", SourceFile=path, SelectedChannel=1, Start=0.01)
    assert not sampler.run([], 512)[0].any()
    sampler.send("trigger", 0.5)
    heard = sampler.run([], 6000)[0]
    assert np.array_equal(heard[:4320], np.float32(0.5) * samples[480:])
    assert not heard[4320:].any()
    assert sampler.sent("sounding") == [0.0]  # the last in the block in which it began
    assert sampler.sent("position") == pytest.approx([0.01])


def test_a_sampler_tells_when_a_sound_begins_and_ends(noise: tuple[str, np.ndarray]) -> None:
    sampler = made("Sampler", SourceFile=noise[0])
    sampler.send("trigger", 1.0)
    for _ in range(20):
        sampler.run([], 480)
    assert sampler.sent("sounding") == [1.0, 0.0]
    assert sampler.sent("position") == pytest.approx(np.arange(10) / 100.0)


def test_a_loop_is_played_between_its_points_sample_for_sample(noise: tuple[str, np.ndarray]) -> None:
    path, samples = noise
    heard = sampled(path, 9600, SelectedChannel=1, Playback="Loop", LoopStart=0.02, LoopEnd=0.05)
    expected = np.concatenate([samples[:2400], np.tile(samples[960:2400], 10)])[:9600]
    assert np.array_equal(heard, expected)


@pytest.mark.parametrize("rate", [0.5, 1.37, -0.7])
def test_a_loop_has_no_seam_at_any_rate(rate: float, tmp_path: Path) -> None:
    tone = np.sin(2.0 * np.pi * 500.0 / RATE * np.arange(4800)).astype(np.float32)  # a loop of whole cycles
    soundfile.write(tmp_path / "tone.wav", tone, 48000, subtype="FLOAT")
    heard = sampled(str(tmp_path / "tone.wav"), 48000, Playback="Loop", LoopStart=0.01, LoopEnd=0.09, Rate=rate)[100:]
    first = 0.0 if rate > 0.0 else 0.09 * RATE - 1.0
    place = first + rate * np.arange(48000)[100:]
    assert decibels(np.sin(2.0 * np.pi * 500.0 / RATE * place), heard) > 75.0


def test_a_loop_plays_until_it_is_let_go_and_fades_out(noise: tuple[str, np.ndarray]) -> None:
    path, samples = noise
    sampler = made("Sampler", SourceFile=path, SelectedChannel=1, Playback="Loop")
    sampler.send("trigger", 1.0)
    assert np.array_equal(sampler.run([], 9600)[0], np.tile(samples, 2))
    sampler.send("trigger", 0.0)
    heard = sampler.run([], 480)[0]
    np.testing.assert_allclose(heard[:240], samples[:240] * (1.0 - np.arange(240) / 240.0), rtol=0.0, atol=1e-6)
    assert not heard[241:].any()
    assert sampler.sent("sounding") == [1.0, 0.0]


def test_a_one_shot_is_not_cut_off_by_a_note_that_ends_and_fades_into_the_next_one(noise: tuple[str, np.ndarray]) -> None:
    path, samples = noise
    sampler = made("Sampler", SourceFile=path, SelectedChannel=1)
    sampler.send("trigger", 1.0)
    sampler.run([], 480)
    sampler.send("trigger", 0.0)
    assert np.array_equal(sampler.run([], 480)[0], samples[480:960])
    sampler.send("trigger", 1.0)
    fade = np.maximum(1.0 - np.arange(480) / 240.0, 0.0)
    np.testing.assert_allclose(sampler.run([], 480)[0], samples[:480] + fade * samples[960:1440], rtol=0.0, atol=1e-6)


@pytest.mark.parametrize("rate", [1.0, 0.7, 2.5, -1.0])
def test_a_stereo_file_has_an_output_for_each_channel(noise: tuple[str, np.ndarray], rate: float) -> None:
    sampler = made("Sampler", SourceFile=noise[0], NumberOfChannels=2, Rate=rate)
    sampler.send("trigger", 1.0)
    left, right = sampler.run([], 1000)
    assert np.array_equal(left, sampled(noise[0], 1000, Rate=rate))
    assert np.array_equal(right, sampled(noise[0], 1000, Rate=rate, SelectedChannel=1))
    assert "there is no channel 2" in problem("Sampler", SourceFile=noise[0], NumberOfChannels=2, SelectedChannel=1)


def test_samplers_of_one_sound_share_its_memory(noise: tuple[str, np.ndarray]) -> None:
    one, other, third = (made("Sampler", SourceFile=noise[0], SelectedChannel=channel) for channel in (0, 0, 1))
    assert one.field("samples") is other.field("samples")
    assert one.field("samples") is not third.field("samples")
    soundfile.write(noise[0], np.zeros((100, 2)), 48000, subtype="FLOAT")
    assert not made("Sampler", SourceFile=noise[0]).field("samples").any()
    assert one.field("samples").any()


@pytest.mark.parametrize("rate", [1.0, 0.8])
def test_a_loop_that_would_click_is_crossfaded(rate: float, tmp_path: Path) -> None:
    tone = np.sin(2.0 * np.pi * 333.0 / RATE * np.arange(48000)).astype(np.float32)  # 0.1 s are 33.3 cycles
    soundfile.write(tmp_path / "tone.wav", tone, 48000, subtype="FLOAT")
    config = {"Playback": "Loop", "LoopStart": 0.1, "LoopEnd": 0.2, "Rate": rate}
    steepest = 1.2 * 2.0 * np.pi * 333.0 / RATE
    hard, soft = (np.abs(np.diff(sampled(str(tmp_path / "tone.wav"), 24000, LoopFade=fade, **config))).max() for fade in (0.0, 0.03))
    assert hard > 5.0 * steepest > 5.0 * soft
    assert np.array_equal(sampled(str(tmp_path / "tone.wav"), 24000, LoopFade=0.03), tone[:24000])  # not a loop


def test_a_negative_rate_plays_backwards_from_the_end(noise: tuple[str, np.ndarray]) -> None:
    path, samples = noise
    heard = sampled(path, 5000, SelectedChannel=1, Rate=-1.0)
    assert np.array_equal(heard[:4800], samples[::-1])
    assert not heard[4800:].any()


@pytest.mark.parametrize(("frequency", "rate"), [(1000.0, 0.3), (12000.0, 0.77), (3000.0, 2.5), (900.0, 15.0)])
def test_a_tone_at_another_rate_is_the_tone_of_another_pitch(frequency: float, rate: float, tmp_path: Path) -> None:
    tone = np.sin(2.0 * np.pi * frequency / RATE * np.arange(96000)).astype(np.float32)
    soundfile.write(tmp_path / "tone.wav", tone, 48000, subtype="FLOAT")
    frames = int(min(96000 / rate, 24000)) - 500
    heard = sampled(str(tmp_path / "tone.wav"), frames, Rate=rate)[500:]
    assert decibels(np.sin(2.0 * np.pi * frequency * rate / RATE * np.arange(frames)[500:]), heard) > 70.0


def test_what_is_too_high_at_a_faster_rate_is_left_out(tmp_path: Path) -> None:
    tone = np.sin(2.0 * np.pi * 18000.0 / RATE * np.arange(48000)).astype(np.float32)
    soundfile.write(tmp_path / "tone.wav", tone, 48000, subtype="FLOAT")
    heard = sampled(str(tmp_path / "tone.wav"), 20000, Rate=2.0)[500:-500]
    assert 20.0 * np.log10(np.abs(heard).max()) < -75.0


def test_what_a_sampler_cannot_play_is_a_problem_in_words(noise: tuple[str, np.ndarray]) -> None:
    assert problem("Sampler") == "no file is chosen: set SourceFile"
    assert problem("Sampler", SourceFile="x.wav") == "there is no file 'x.wav'"
    assert "there is no channel 2" in problem("Sampler", SourceFile=noise[0], SelectedChannel=2)
    assert problem("Sampler", SourceFile=noise[0], LoopStart=0.5, LoopEnd=0.25).startswith("the loop is empty: LoopEnd (0.25 s) must be")
    assert problem("Sampler", SourceFile=noise[0], LoopStart=0.05, LoopEnd=0.09) == ""


def test_a_start_beyond_the_end_is_silent(noise: tuple[str, np.ndarray]) -> None:
    assert not sampled(noise[0], 512, Start=1.0).any()
    assert not sampled(noise[0], 512, Start=1e300).any()
