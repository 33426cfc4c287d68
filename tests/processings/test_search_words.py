"""The words of other systems find the types."""

from __future__ import annotations

import pytest

from ipyclam_core import Network

FOUND = {
    "lfo": "LFO", "vco": "Saw", "vca": "Gain", "hpf": "DCRemoval", "highpass": "Filter", "lowpass": "ResonantLowPass",
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
    "triangle": "Triangle", "pwm": "Pulse", "pulse width modulation": "Pulse", "square wave": "Pulse", "wavetable": "TableOscillator",
    "additive": "TableOscillator", "vibrato": "LFO", "low-frequency": "LFO", "1/f": "PinkNoise", "red noise": "BrownNoise",
    "s&h": "AudioSampleAndHold", "sample and hold": "RandomControl", "drum": "Sampler", "one-shot": "Sampler", "loop points": "Sampler",
    "switch": "FlagControl", "recorder": "MonoAudioFileWriter", "portamento": "ControlFade", "microphone": "AudioSource",
    "convolution": "ComplexSpectrumProduct", "impulse response": "ConstantSpectrum", "polar": "Complex2MagPhaseSpectrum",
    "autotune": "SMSPitchDiscretization", "partials": "SMSAnalysisCore", "vowels": "VowelResonator",
    "choir": "SMSHarmonizer", "sdif": "SDIFInStreaming",
    "analyzer": "SpectrumView", "zero padding": "AudioStream2Buffer", "correlation": "CrossCorrelation",
    "mfcc": "CepstralTransform", "mel": "MelFilterBank", "formants": "LPC_AutoCorrelation", "lpc": "LPC_AutoCorrelation",
    "chords": "TonalAnalysis", "chroma": "TonalAnalysis", "tuner": "Tunner", "key": "TonalAnalysis",
}  # fmt: skip


@pytest.mark.parametrize(("word", "name"), FOUND.items())
def test_a_word_of_another_system_finds_the_type(word: str, name: str) -> None:
    assert name in [str(found) for found in Network().types.search(word)]


def test_lfo_finds_the_lfo_and_then_the_oscillators() -> None:
    first = [str(found) for found in Network().types.search("lfo")][:6]
    assert first[0] == "LFO"
    assert sorted(first[1:]) == ["Oscillator", "Saw", "SimpleOscillator", "Sine", "SquareWave"]


def test_a_word_inside_the_words_of_a_name_counts_least() -> None:
    found = [str(type_) for type_ in Network().types.search("lfo")]
    assert found.index("SpectralFocus") > found.index("OscillatingSpectralNotch")  # of which "lfo" is a synonym


def test_sampler_finds_the_sampler_first() -> None:
    assert str(Network().types.search("sampler")[0]) == "Sampler"
