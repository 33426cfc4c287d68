"""The words of other systems find the types."""

from __future__ import annotations

import pytest

from ipyclam_core import Network

FOUND = {
    "lfo": "SimpleOscillator", "vco": "Saw", "vca": "Gain", "hpf": "DCRemoval", "highpass": "Filter", "lowpass": "ResonantLowPass",
    "bandpass": "FilterByCoefExample", "notch": "Notch2ndOrder", "looper": "SndfilePlayer", "sampler": "AudioFileMemoryLoader",
    "limiter": "Clipping", "overdrive": "GuitarDistortion", "echo": "TimeDelay", "midi": "ControlMapper",
    "keyboard": "ControlMapper", "panner": "StereoPanner",
    "ring modulator": "AudioMultiplier", "tremolo": "AutoPanner", "meter": "Vumeter", "volume": "Gain", "mute": "Gain",
    "eq": "ParametricEqualizer", "equaliser": "ParametricEqualizer", "shelf": "ParametricEqualizer", "svf": "StateVariableFilter",
    "multimode": "StateVariableFilter", "reverb": "Reverb", "room": "Reverb", "compressor": "Compressor", "sidechain": "Compressor",
    "ducking": "Compressor", "gate": "Gate", "noise gate": "Gate", "brickwall": "Limiter", "lookahead": "Limiter",
    "envelope follower": "EnvelopeFollower", "rms": "EnvelopeFollower", "modulation": "AudioToControl", "cv": "ControlToAudio",
    "crossfade": "CrossFade", "crossfader": "CrossFade", "waveshaper": "Tanh", "soft clipper": "Tanh", "saturation": "Tanh",
    "clamp": "Clip", "bias": "Offset", "linlin": "Scale", "unipolar": "Scale", "sigmoid": "ControlTanh",
    "switch": "FlagControl", "recorder": "MonoAudioFileWriter", "portamento": "ControlFade", "microphone": "AudioSource",
}  # fmt: skip


@pytest.mark.parametrize(("word", "name"), FOUND.items())
def test_a_word_of_another_system_finds_the_type(word: str, name: str) -> None:
    assert name in [str(found) for found in Network().types.search(word)]


def test_lfo_finds_the_oscillators_first() -> None:
    first = [str(found) for found in Network().types.search("lfo")][:5]
    assert sorted(first) == ["Oscillator", "Saw", "SimpleOscillator", "Sine", "SquareWave"]
