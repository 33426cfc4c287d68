"""Complex spectra, buffers, and conversions: what the recordings of CLAM do not show."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import soundfile

from ipyclam_core import Network
from ipyclam_core.data.buffers import AudioBuffer
from ipyclam_core.data.spectra import ComplexSpectrum, MagPhaseSpectrum, Spectrum
from ipyclam_core.declare.declaration import values_for
from ipyclam_core.dsp.plain import PlainProcessing
from ipyclam_core.dsp.plain_frames import PlainFrame, PlainFramed

from .conftest import OURS
from .frames import CompiledFramed

RATE = 44100
FRAMED = (PlainFramed, CompiledFramed)


def noise(frames: int) -> np.ndarray:
    return (0.3 * np.random.default_rng(1).standard_normal(frames)).astype(np.float32)


def complex_frame(samples: np.ndarray) -> PlainFrame:
    spectrum = np.fft.rfft(samples)
    return PlainFrame(ComplexSpectrum, {"bins": len(spectrum)}, real=spectrum.real, imaginary=spectrum.imag)


def samples_of(frame: PlainFrame) -> np.ndarray:
    return np.fft.irfft(frame.real.astype(float) + 1j * frame.imaginary)


def problem(name: str, **config: Any) -> str:
    type_ = OURS[name]
    assert type_.problem is not None
    return type_.problem(**values_for(type_.problem, {**type_.spec.defaults, **config}, type_.items))


def test_the_conjugate_is_the_sound_backwards() -> None:
    sound = noise(64)
    backwards = samples_of(PlainFramed(OURS["ComplexConjugate"]).call(spectrum=complex_frame(sound))["output"])
    np.testing.assert_allclose(backwards, np.roll(sound[::-1], 1), atol=1e-6)


def test_the_cross_correlation_is_largest_at_the_delay_between_two_sounds() -> None:
    sound = noise(64)
    ins = {"first": complex_frame(sound), "second": complex_frame(np.roll(sound, 5))}
    assert samples_of(PlainFramed(OURS["CrossCorrelation"]).call(**ins)["output"]).argmax() == 5


@pytest.mark.parametrize("framed", FRAMED)
@pytest.mark.parametrize(
    "name", ["ComplexSpectrumSum", "ComplexSpectrumMixer", "ComplexSpectrumProduct", "CrossCorrelation", "MagPhaseSpectrumProduct"]
)
def test_two_spectra_may_have_different_sizes(name: str, framed: Any) -> None:
    data = MagPhaseSpectrum if name == "MagPhaseSpectrumProduct" else ComplexSpectrum
    for first, second in ((33, 65), (65, 33), (1, 65), (65, 1)):
        ins = {"first": PlainFrame(data, {"bins": first}, top=8000.0), "second": PlainFrame(data, {"bins": second})}
        output = framed(OURS[name]).call(**ins)["output"]
        assert output.lengths == {"bins": first}
        assert output.top == 8000.0


@pytest.mark.parametrize("framed", FRAMED)
@pytest.mark.parametrize("name", ["IFFT", "IFFT_fftw3", "MyIFFT"])
def test_a_spectrum_of_another_size_is_cut_or_padded(name: str, framed: Any) -> None:
    data = ComplexSpectrum if name == "MyIFFT" else Spectrum
    for bins in (1, 17, 33, 65):
        frame = PlainFrame(data, {"bins": bins})
        (frame.real if name == "MyIFFT" else frame.magnitude)[: min(bins, 17)] = 1.0
        out = framed(OURS[name], {"AudioSize": 64}).call(spectrum=frame)
        samples = out["buffer"].samples if name == "MyIFFT" else out["audio"]
        spectrum = np.zeros(33)
        spectrum[: min(bins, 17)] = 1.0
        np.testing.assert_allclose(samples, np.fft.irfft(spectrum), atol=1e-6)


@pytest.mark.parametrize("framed", FRAMED)
def test_a_buffer_of_another_size_is_cut_or_padded(framed: Any) -> None:
    fft = framed(OURS["MyFFT"], {"AudioSize": 64})
    for size in (128, 1, 48, 64):
        given = noise(size)
        spectrum = fft.call(buffer=PlainFrame(AudioBuffer, {"size": size}, samples=given))["spectrum"]
        expected = np.fft.rfft(np.pad(given, (0, 128))[:64])
        np.testing.assert_allclose(spectrum.real + 1j * spectrum.imaginary, expected, atol=1e-5)


@pytest.mark.parametrize("name", ["FFT_ooura", "FFT_numrec", "MyFFT"])
def test_a_size_that_is_no_power_of_two_is_refused_in_words(name: str) -> None:
    assert problem(name, AudioSize=2048) == ""
    assert problem(name, AudioSize=1000).startswith("AudioSize is 1000, which is not a power of two. Set 512 or 1024.")


def test_the_other_transforms_take_any_size() -> None:
    assert all(OURS[name].problem is None for name in ("FFT", "FFT_fftw3", "IFFT", "IFFT_fftw3", "MyIFFT"))


@pytest.mark.parametrize(("forward", "inverse"), [("FFT", "IFFT"), ("FFT_fftw3", "IFFT_fftw3"), ("FFT_ooura", "IFFT_ooura")])
@pytest.mark.parametrize("size", [1, 2])
def test_the_smallest_transforms_sound(size: int, forward: str, inverse: str) -> None:
    net = Network()
    net.source, net.there, net.back, net.out = net.types.AudioSource, net.types[forward], net.types[inverse], net.types.AudioSink
    net.there.AudioSize = net.back.AudioSize = size
    _ = net.source > net.there > net.back > net.out
    samples = noise(8)[:, None]
    np.testing.assert_allclose(net.render(inputs=samples, sample_rate=RATE, frames=8), samples, atol=1e-6)


def test_a_window_that_cannot_be_transformed_is_refused_in_words() -> None:
    assert problem("AudioWindowing") == ""
    assert problem("AudioWindowing", FFTSize=1000) == "FFTSize is 1000, which is not a power of two. Set 512 or 1024"
    assert problem("AudioWindowing", WindowSize=1024) == "WindowSize is 1024, which is even. Set 1023 or 1025"
    assert problem("AudioWindowing", WindowSize=1501) == "the window (1501 frames) does not fit into the buffer. Set FFTSize to 2048"


@pytest.mark.parametrize("framed", FRAMED)
def test_the_middle_of_a_window_is_put_where_it_is_asked_for(framed: Any) -> None:
    pulse = np.zeros(64, np.float32)
    pulse[32] = 1.0
    for shifted, place in ((True, 0), (False, 32)):
        config = {"FFTSize": 128, "WindowSize": 65, "HopSize": 32, "DoHalfWindowShift": shifted}
        samples = framed(OURS["AudioWindowing"], config).call(audio=pulse)["buffer"].samples
        assert list(np.flatnonzero(samples)) == [place]


@pytest.mark.parametrize("block", [64, 512, 700])
def test_a_product_with_the_spectrum_of_a_file_filters_by_it(block: int, tmp_path: Any) -> None:
    response = noise(300)
    soundfile.write(tmp_path / "response.wav", response, RATE, subtype="FLOAT")
    net = Network("clam")
    try:
        net.source, net.cut, net.fft = net.types.AudioSource, net.types.AudioStream2Buffer, net.types.MyFFT
        net.response, net.product = net.types.ConstantSpectrum, net.types.ComplexSpectrumProduct
        net.ifft, net.join, net.out = net.types.MyIFFT, net.types.AudioBuffer2Stream, net.types.AudioSink
        net.response.AudioFile, net.response.FrameSize = str(tmp_path / "response.wav"), 512
        net.source > net.cut > net.fft > net.product.Factor1
        net.response["Complex Spectrum"] > net.product.Factor2
        net.product > net.ifft > net.join > net.out
        given = noise(RATE // 2)
        heard = net.render(inputs=given, block_size=block, sample_rate=RATE)[:, 0]
    finally:
        net.close()
    late = {64: 448, 512: 0, 700: 508}[block]
    expected = np.convolve(given, response)[: 20000 - late]
    np.testing.assert_allclose(heard[late:20000], expected, atol=1e-5)


def test_a_constant_spectrum_without_a_file_says_so() -> None:
    assert problem("ConstantSpectrum") == "no file is chosen: set AudioFile"
    assert problem("ConstantSpectrum", AudioFile="nowhere.wav") == "there is no file 'nowhere.wav'"


def test_a_window_is_generated_over_and_over() -> None:
    processing = PlainProcessing(OURS["WindowGenerator"], {"Type": "Hamming", "Size": 1001})
    (samples,) = processing.run([], 2002)
    np.testing.assert_array_equal(samples[:1001], samples[1001:])
    assert samples[:1001].sum() == pytest.approx(2.0, rel=1e-5)
    processing.send("size", 501)
    (samples,) = processing.run([], 1002)
    np.testing.assert_array_equal(samples[:501], samples[501:])
    assert samples[:501].sum() == pytest.approx(2.0, rel=2e-3)
