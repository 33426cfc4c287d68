"""Tonal analysis finds the notes, the chords and the tuning of music."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from IPython.lib.pretty import pretty
from waiting import eventually

from ipyclam_core import Network
from ipyclam_core.data.chords import CHORD_NOTES, CHORDS, MODES, NOTES, key_of, ranked, timeline
from ipyclam_core.processings.spectra import _constant_q, tonal_analysis

from .conftest import OURS
from .frames import CompiledFramed

RATE = 44100
PROGRESSION = (("C", "E", "G"), ("A", "C", "E"), ("F", "A", "C"), ("G", "B", "D"))
VIEWS = {
    "VectorView": "Pitch Profile", "Spectrogram": "Pitch Profile", "Tonnetz": "Pitch Profile", "KeySpace": "Chord Correlation",
    "ChordRanking": "Chord Correlation", "SegmentationView": "Chord Segmentation", "PolarChromaPeaks": "Chroma Peaks", "Tunner": "Tunning",
}  # fmt: skip


def chord(notes: Sequence[str], seconds: float = 2.0, rate: int = RATE, cents: float = 0.0) -> np.ndarray:
    """Sines of some notes, each in two octaves."""
    times = np.arange(int(rate * seconds)) / rate
    steps = [NOTES.index(note) + cents / 100 + 12 * octave for note in notes for octave in (1, 2)]
    return np.sum([0.1 * np.sin(2 * np.pi * 98.0 * 2.0 ** (step / 12) * times + step) for step in steps], axis=0)


@pytest.fixture
def net() -> Iterator[Network]:
    """An audio source, whose tones are analysed."""
    net = Network("clam")
    net.source, net.tonal, net.out = net.types.AudioSource, net.types.TonalAnalysis, net.types.AudioSink
    net.source > net.tonal
    net.source > net.out
    yield net
    net.close()


def best(net: Network) -> str:
    return ranked(net.tonal["Chord Correlation"].value)[0][0]


def test_there_is_a_name_for_every_chord_and_no_two_are_the_same() -> None:
    assert len(CHORDS) == len(set(CHORDS)) == len(CHORD_NOTES) == len(set(CHORD_NOTES)) == 101
    assert CHORD_NOTES[CHORDS.index("C_Major")] == tuple(sorted(NOTES.index(note) for note in "CEG"))


@pytest.mark.parametrize("tonic", range(12))
def test_the_key_is_that_whose_scale_sounds(tonic: int) -> None:
    major = [(tonic + step) % 12 for step in (0, 2, 4, 5, 7, 9, 11, *MODES["Major"], 0)]
    minor = [(tonic + step) % 12 for step in (0, 2, 3, 5, 7, 8, 11, *MODES["Minor"], 0)]
    assert key_of(np.bincount(major, minlength=12)) == f"{NOTES[tonic]}_Major"
    assert key_of(np.bincount(minor, minlength=12)) == f"{NOTES[tonic]}_Minor"


def test_numbers_that_are_neither_notes_nor_chords_have_no_names() -> None:
    with pytest.raises(ValueError, match="5 numbers are neither the strengths of 12 notes nor those of 101 chords"):
        ranked([0.0] * 5)
    with pytest.raises(ValueError, match="101 numbers are not the strengths of 12 notes"):
        key_of([0.0] * 101)


@pytest.mark.parametrize("rate", [22050, 44100, 48000, 96000])
def test_the_constant_q_transform_is_that_of_its_definition(rate: int) -> None:
    sound = np.random.default_rng(1).standard_normal(_constant_q.SIZE)
    spectrum = np.fft.rfft(sound)
    made = _constant_q.kernel(float(rate))
    quality = 1.0 / (2.0 ** (1 / 36) - 1.0)
    for k in (36, 100, 150):
        length = min(int(np.ceil(quality * rate / (98.0 * 2.0 ** (k / 36)))), _constant_q.SIZE)
        wave = np.hamming(length) * np.exp(2j * np.pi * 98.0 * 2.0 ** (k / 36) / rate * np.arange(length))
        expected = abs(np.sum(sound[-length:] * wave)) / length
        (place, first), last = made.places[2 * k : 2 * k + 2], made.places[2 * k + 3]
        numbers = made.real[first:last] + 1j * made.imaginary[first:last]
        assert abs(np.sum(spectrum[place : place + last - first] * numbers)) == pytest.approx(expected, abs=0.05 / np.sqrt(length))


@pytest.mark.parametrize("name", ["C_Major", "A_Minor", "F#_Major", "C#_Minor", "B_Diminished", "G#_Augmented"])
def test_a_chord_is_heard_as_its_notes_and_by_its_name(net: Network, name: str) -> None:
    notes = CHORD_NOTES[CHORDS.index(name)]
    net.render(inputs=chord([NOTES[note] for note in notes]), sample_rate=RATE)
    profile = net.tonal["Pitch Profile"].value.values
    assert set(np.argsort(profile)[-len(notes) :]) == set(notes)
    assert profile[list(notes)].min() > 10 * np.delete(profile, notes).max()
    assert best(net) == name


@pytest.mark.parametrize("name", ["F_Major7", "D_Dominant7", "E_Minor7", "C_MinorMajor7", "A_HalfDiminished7"])
def test_a_chord_of_four_notes_fits_as_well_as_any_part_of_it(net: Network, name: str) -> None:
    net.render(inputs=chord([NOTES[note] for note in CHORD_NOTES[CHORDS.index(name)]]), sample_rate=RATE)
    fits = net.tonal["Chord Correlation"].value.values
    good = {CHORDS[k] for k in np.nonzero(fits > 0.95 * fits.max())[0]}
    assert name in good
    assert all(set(CHORD_NOTES[CHORDS.index(other)]) <= set(CHORD_NOTES[CHORDS.index(name)]) for other in good)


@pytest.mark.parametrize(("rate", "block"), [(22050, 512), (48000, 700), (96000, 4096), (RATE, 64)])
def test_a_chord_is_heard_at_any_sample_rate_and_block_size(net: Network, rate: int, block: int) -> None:
    net.render(inputs=chord("CEG", rate=rate), sample_rate=rate, block_size=block)
    assert best(net) == "C_Major"


@pytest.mark.parametrize("method", [0, 1])
def test_chords_are_found_in_their_time(net: Network, method: int) -> None:
    net.tonal.SegmentationMethod = method
    net.render(inputs=np.concatenate([chord(notes) for notes in PROGRESSION]), sample_rate=RATE)
    found = [segment for segment in timeline(net.tonal["Chord Segmentation"].value) if segment[1] - segment[0] > 0.5]
    assert [name for _, _, name in found] == ["C_Major", "A_Minor", "F_Major", "G_Major"]
    for k, (begin, end, _) in enumerate(found):
        assert begin == pytest.approx(2.0 * k, abs=0.5)
        assert end == pytest.approx(2.0 * (k + 1), abs=0.5)


def test_silence_and_noise_are_no_chords(net: Network) -> None:
    net.render(inputs=np.zeros(2 * RATE), sample_rate=RATE)
    assert timeline(net.tonal["Chord Segmentation"].value) == []
    assert net.tonal["Chroma Peaks"].value.count == 0
    assert not np.any(net.tonal["Chord Correlation"].value.values)
    net.render(inputs=np.concatenate([chord("CEG"), np.zeros(2 * RATE)]), sample_rate=RATE)
    ((_, end, name),) = timeline(net.tonal["Chord Segmentation"].value)
    assert name == "C_Major"
    assert end < 3.5


@pytest.mark.parametrize("cents", [-30, 20, 40])
def test_the_tuning_of_an_instrument_is_heard(net: Network, cents: float) -> None:
    net.render(inputs=chord("CEG", cents=cents), sample_rate=RATE)
    tuning = net.tonal.Tunning.value
    assert 100 * tuning.first == pytest.approx(cents, abs=4)
    assert tuning.second > 0.1


def test_notes_of_another_tuning_are_counted_whole_if_it_is_followed(net: Network) -> None:
    sound = chord("CEG", seconds=10.0, cents=40)
    net.render(inputs=sound, sample_rate=RATE)
    followed = net.tonal["Pitch Profile"].value.values
    net.tonal.TunningEnabled = False
    net.render(inputs=sound, sample_rate=RATE)
    counted = net.tonal["Pitch Profile"].value.values
    net.tonal.PeakWindowingEnabled = False
    net.render(inputs=sound, sample_rate=RATE)
    whole = net.tonal["Pitch Profile"].value.values
    notes = [NOTES.index(note) for note in "CEG"]
    np.testing.assert_allclose(followed[notes], whole[notes], rtol=0.05)
    assert np.all(counted[notes] < 0.5 * whole[notes])


def test_the_latest_segments_stay_when_there_are_too_many() -> None:
    state: Any = SimpleNamespace(count=0, open=False, **{name: np.zeros(256) for name in ("begins", "ends", "labels")})
    for k in range(300):
        tonal_analysis.begin_segment(state, k, float(k))
        state.ends[state.count - 1] = k + 1.0
    assert state.count == 256
    np.testing.assert_array_equal(state.labels, np.arange(44, 300))
    np.testing.assert_array_equal(state.begins, np.arange(44, 300))
    np.testing.assert_array_equal(state.ends, np.arange(45, 301))


def test_low_sample_rates_have_fewer_octaves_or_none() -> None:
    assert [len(_constant_q.kernel(rate).places) // 72 for rate in (200.0, 500.0, 8000.0, 44100.0)] == [0, 1, 5, 7]


def test_an_analysis_of_another_hop_hears_the_same_chord() -> None:
    for ratio in (1.0, 5.5, 64.0):
        analysis = CompiledFramed(OURS["TonalAnalysis"], {"HopRatio": ratio, "FilterInertia": 0.0})
        outs = analysis.call(audio=chord("DGB", seconds=1.0)[:32768].astype(np.float32))
        assert ranked(outs["correlation"].values)[0][0] == "G_Major"


@pytest.mark.parametrize(("view", "port"), VIEWS.items())
def test_a_view_shows_what_its_port_puts_out(net: Network, view: str, port: str) -> None:
    net.view = net.types[view]
    net.tonal[port] > net.view.Input
    net.render(inputs=chord("CEG"), sample_rate=RATE)
    seen, source = net.view.Input.value, net.tonal[port].value
    assert repr(seen) == repr(source)
    assert seen.type in pretty(seen)
    if view != "Tunner":
        assert seen._repr_svg_().startswith("<svg")


def played(net: Network) -> bool:
    """Whether there is a first frame."""
    try:
        return bool(net.tonal.Tunning.value)
    except AttributeError:
        return False


@pytest.mark.parametrize("block", [64, 1024])
def test_all_is_read_while_it_plays(net: Network, block: int) -> None:
    with pytest.raises(AttributeError, match="has no value yet"):
        net.tonal.Tunning.value
    net.tone = net.types.Sine
    net.tone.Frequency = 220.0
    net.tone > net.tonal

    net.play("clock", block_size=block)
    eventually(lambda: played(net) and net.tonal.Tunning.value.second > 0.01)
    assert ranked(net.tonal["Pitch Profile"].value)[0][0] == "A"
    assert best(net) in CHORDS
    assert pretty(net.tonal["Chord Correlation"].value)
    net.stop()


def test_the_strengths_of_a_whole_render_have_names(net: Network) -> None:
    seconds = np.arange(2 * 44100) / 44100
    music = sum(np.sin(2 * np.pi * f * seconds) for f in (261.63, 329.63, 392.0)) * 0.2

    profiles = net.tonal["Pitch Profile"].render(inputs=music, sample_rate=44100)

    assert {name for name, _ in ranked(profiles)[:3]} == {"C", "E", "G"}
    assert ranked(profiles) == ranked(profiles.values.mean(axis=0))
    assert key_of(profiles) == key_of(profiles.values.mean(axis=0))


def test_random_pitches_are_others_in_each_frame_and_the_same_in_each_render() -> None:
    net = Network("clam")
    net.source, net.random, net.view, net.out = net.types.AudioSource, net.types.RandomPitches, net.types.Tonnetz, net.types.AudioSink
    net.source > net.random > net.view
    net.source > net.out
    first, second = (net.random["Pitch Profile"].render(seconds=0.5, sample_rate=RATE).values for _ in "12")
    np.testing.assert_array_equal(first, second)
    assert first.shape[1] == 12
    assert len(np.unique(first)) > 0.9 * first.size
    assert 0.0 <= first.min() < 0.1
    assert 0.9 < first.max() <= 1.0
    net.close()
