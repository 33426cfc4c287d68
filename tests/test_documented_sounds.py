"""A sound in the documentation and the examples is the sound that its text names, measured in a render."""

from __future__ import annotations

import socket
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from test_documentation import ROOT, run_python_of
from waiting import eventually

from ipyclam_core import Network
from ipyclam_core.processings.controls._osc_messages import encode

RATE = 48000
Samples = NDArray[np.float64]


def typed(page: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """The variables after the session of a page."""
    monkeypatch.chdir(folder)
    return run_python_of(ROOT / page)


def heard(net: object, seconds: float, **inputs: object) -> Samples:
    assert isinstance(net, Network)
    return net.render(seconds=seconds, sample_rate=RATE, **inputs).astype(float).T  # type: ignore[arg-type]


def spectrum(sound: Samples) -> Samples:
    """The amplitudes of a second of sound, one for each Hz."""
    return np.abs(np.fft.rfft(sound[-RATE:] * np.hanning(RATE))) / (RATE / 4)


def envelope(sound: Samples, window: float = 0.01) -> Samples:
    """The peak level in each `window` seconds."""
    size = int(window * RATE)
    return np.abs(sound[: len(sound) // size * size]).reshape(-1, size).max(axis=1)


def rhythm(levels: Samples, window: float = 0.01) -> float:
    """How many times a second levels rise and fall, by the strongest line of their spectrum."""
    lines = np.abs(np.fft.rfft((levels - levels.mean()) * np.hanning(len(levels))))
    return float(np.argmax(lines) / (len(levels) * window))


def brightness(sound: Samples) -> Samples:
    """The mean frequency of each tenth of a second."""
    pieces = sound[: len(sound) // 4800 * 4800].reshape(-1, 4800)
    lines = np.abs(np.fft.rfft(pieces * np.hanning(4800), axis=1))
    return (lines * np.fft.rfftfreq(4800, 1 / RATE)).sum(axis=1) / lines.sum(axis=1)


def test_the_tremolo_of_the_tutorial_moves_the_volume_and_leaves_the_pitch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [sound] = heard(typed("docs/tutorial/first_patch.md", tmp_path, monkeypatch)["net"], 5)
    levels = envelope(sound[RATE:])
    assert rhythm(levels) == pytest.approx(6.0, abs=0.3)
    assert levels.min() == pytest.approx(0.2, abs=0.05)
    assert levels.max() == pytest.approx(1.0, abs=0.05)
    lines = spectrum(sound)
    assert np.argmax(lines) == 330  # ring modulation has nothing at the pitch itself
    assert lines[324] == pytest.approx(lines[336], rel=0.1)
    assert lines[330] > 2 * lines[324]


def test_the_demo_has_a_dry_chord_on_the_left_and_a_tremolo_on_the_right(tmp_path: Path) -> None:
    net = Network()
    net.load(ROOT / "examples" / "wobble.py")
    left, right = heard(net, 8)
    gains = envelope(right[RATE:], 0.02) / envelope(left[RATE:], 0.02)
    assert rhythm(gains, 0.02) == pytest.approx(3.0, abs=0.2)
    assert gains.min() == pytest.approx(0.1, abs=0.1)
    assert gains.max() == pytest.approx(1.0, abs=0.1)
    for pitch in (110, 165, 277):  # a vibrato of less than a quarter of a tone
        near = spectrum(left)[pitch - 3 : pitch + 4]
        assert (near**2).sum() > 0.9 * (spectrum(left)[pitch - 20 : pitch + 21] ** 2).sum()


def test_the_voices_of_the_clam_example_wander_between_left_and_right() -> None:
    net = Network()
    net.load(ROOT / "examples" / "wandering_voices.clamnetwork")
    left, right = (envelope(channel, 0.05) for channel in heard(net, 20))
    assert rhythm(left - right, 0.05) == pytest.approx(0.2, abs=0.05)
    assert left.argmax() != right.argmax()
    assert np.corrcoef(left, right)[0, 1] < -0.5


def test_the_lfo_sweeps_the_filter_and_the_signal_that_replaces_it_does_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = typed("docs/how-to/modulate.md", tmp_path, monkeypatch)
    net = names["net"]
    assert isinstance(net, Network)
    del net.second, net.depth
    by_signal = brightness(heard(net, 9)[0][RATE:])
    net.range / net.sweep
    net.lfo > net.filter.Frequency
    by_lfo = brightness(heard(net, 9)[0][RATE:])
    for swept in (by_signal, by_lfo):
        assert rhythm(swept, 0.1) == pytest.approx(0.5, abs=0.1)
        assert swept.max() > 1.5 * swept.min()


def test_a_louder_guitar_opens_the_filter_of_the_auto_wah(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noise = np.random.default_rng(1).uniform(-1, 1, 4 * RATE)
    noise[: 2 * RATE] *= 0.05
    [sound] = heard(typed("docs/how-to/modulate.md", tmp_path, monkeypatch)["wah"], 4, inputs=noise)
    bright = brightness(sound)
    assert bright[30:].mean() > 1.5 * bright[10:18].mean()


def test_the_music_is_quieter_while_the_voice_speaks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    voice = np.sin(2 * np.pi * 3001.0 * np.arange(4 * RATE) / RATE)
    voice[: 2 * RATE] = 0
    [sound] = heard(typed("docs/how-to/modulate.md", tmp_path, monkeypatch)["mix"], 4, inputs=voice)
    alone, under = spectrum(sound[: 2 * RATE])[440], spectrum(sound)[440]
    assert under < 0.5 * alone


def test_the_first_session_of_readme_plays_what_it_sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed("README.md", tmp_path, monkeypatch)
    net = Network()
    net.load(tmp_path / "tone.py")
    for channel in heard(net, 2):
        lines = spectrum(channel)
        assert np.argmax(lines) == 330
        assert lines[330] == pytest.approx(1.0, rel=0.01)  # as the gain of 0.5 is undone


def test_a_fader_that_arrives_by_osc_moves_the_pitch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    net = typed("docs/how-to/control_by_osc.md", tmp_path, monkeypatch)["net"]
    assert isinstance(net, Network)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        net.fader.IPAddress = None
        net.group("fader*").ServerPort = net.pad.ServerPort = port
        net.play(device="clock")
        sender.sendto(encode("/1/fader1", "f", [0.5]), ("127.0.0.1", port))
        eventually(lambda: net.osc.Pitch.value, 550.0)
        net.stop()


def test_the_notes_of_the_example_of_a_room_ring_on_after_their_ends() -> None:
    net = Network()
    net.load(ROOT / "examples" / "room.py")
    left, right = (envelope(channel[RATE:], 0.02) for channel in heard(net, 6))
    assert left.min() > 0.05 * left.max()
    assert 0.2 < np.corrcoef(left, right)[0, 1] < 0.98  # the two ears hear the same notes, but not the same room
    net.room.Mix = 0
    dry, _ = (envelope(channel[RATE:], 0.02) for channel in heard(net, 6))
    assert dry.min() < 1e-3 * dry.max()
    assert rhythm(dry, 0.02) == pytest.approx(1.5, abs=0.2)
