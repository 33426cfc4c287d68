"""A sampler of many sounds, which messages start and stop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from ipyclam_core import Network
from ipyclam_core.declare.declaration import catalog, values_for
from ipyclam_core.processings._sampler_messages import packed

from .kernels import CompiledProcessing

SOUNDS = [np.random.default_rng(k).uniform(-0.5, 0.5, length).astype(np.float32) for k, length in enumerate((1500, 900, 4000))]
NAMES = "one.wav, two.wav,three.wav"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, samples in zip(("one", "two", "three"), SOUNDS, strict=True):
        soundfile.write(tmp_path / f"{name}.wav", samples, 44100, "FLOAT")
    return tmp_path


def sampler(folder: Path, **config: Any) -> CompiledProcessing:
    return CompiledProcessing(catalog["MultiSampler"], {"BasePath": f"{folder}/", "Samples": NAMES, **config})


def heard(sampler: CompiledProcessing, *messages: float, frames: int = 512) -> np.ndarray:
    """The sound of a block at whose beginning messages arrive."""
    for message in messages:
        sampler.send("message", message)
    return sampler.run(frames=frames)[0]


def problem(**config: Any) -> str:
    type_ = catalog["MultiSampler"]
    assert type_.problem is not None
    return type_.problem(**values_for(type_.problem, {**type_.spec.defaults, **config}, type_.items))


def test_a_message_plays_a_sound_once_from_the_first_frame(folder: Path) -> None:
    one = sampler(folder)
    assert not heard(one).any()
    assert np.array_equal(heard(one, packed(1, True, False), frames=2048)[:900], SOUNDS[1])
    assert not heard(one).any()


def test_a_sound_is_looped_until_it_is_stopped(folder: Path) -> None:
    one = sampler(folder)
    assert np.array_equal(heard(one, packed(0, True, True), frames=4000), np.resize(SOUNDS[0], 4000))
    end = heard(one, packed(0, False, False), frames=1024)
    assert 0.0 < np.abs(end[:220]).max() <= 0.5
    assert not end[222:].any()


def test_a_sound_that_is_cut_off_fades_out(folder: Path) -> None:
    soundfile.write(folder / "three.wav", np.ones(4000), 44100, "FLOAT")
    one = sampler(folder)
    assert (heard(one, packed(2, True, False)) == 1.0).all()
    assert np.abs(np.diff(heard(one, packed(2, False, False)), prepend=1.0)).max() < 0.01


def test_voices_play_together(folder: Path) -> None:
    one = sampler(folder)
    first = heard(one, packed(2, True, False))
    both = heard(one, packed(1, True, True))
    assert np.array_equal(first, SOUNDS[2][:512])
    np.testing.assert_allclose(both, SOUNDS[2][512:1024] + SOUNDS[1][:512], atol=1e-7)


def test_the_first_sound_is_looped_from_the_start_if_that_is_chosen(folder: Path) -> None:
    assert np.array_equal(heard(sampler(folder, LoopDefaultState=True), frames=4000), np.resize(SOUNDS[0], 4000))


@pytest.mark.parametrize("message", [-1.0, 12.0, 1e300, float("nan"), float("inf")])
def test_a_message_for_a_voice_that_is_not_there_does_nothing(folder: Path, message: float) -> None:
    assert not heard(sampler(folder), message).any()


def test_sounds_that_cannot_be_played_are_a_problem_in_words(folder: Path) -> None:
    assert problem() == "no sounds are chosen: set Samples, as in 'kick.wav, snare.wav'"
    assert problem(Samples=" , ,") == problem()
    assert problem(BasePath=str(folder), Samples=NAMES) == ""
    assert problem(BasePath=str(folder), Samples="one.wav, four.wav") == f"there is no file '{folder / 'four.wav'}'"
    assert problem(BasePath=str(folder), Samples=",".join(["one.wav"] * 1025)) == "Samples has 1,025 sounds: a sampler has at most 1024"


def test_sounds_are_chosen_while_it_plays(folder: Path) -> None:
    net = Network("clam")
    net.sampler, net.out = net.types.MultiSampler, net.types.AudioSink
    net.sampler > net.out
    with net.sampler._config as config:
        config.BasePath, config.Samples, config.LoopDefaultState = str(folder), "one.wav", True
    net.play("clock", sample_rate=44100)
    net.sampler.Samples = NAMES
    net.sampler["In control messages (voice-play-loop)"] = packed(2, True, False)
    net.stop()
    assert np.array_equal(net.render(frames=1500, sample_rate=44100).reshape(-1), SOUNDS[0])
    net.close()
