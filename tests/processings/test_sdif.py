"""SDIF files are played, and those that are damaged are refused with the reason."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ipyclam_core import Network
from ipyclam_core.errors import ParameterValueError
from ipyclam_core.processings.spectra._sdif import problem_of_sdif, readable_model

from .test_spectral_modelling import RATE, level, loudest, modelled, tone

HEAD = b"SDIF" + struct.pack(">iii", 8, 3, 1)
HOP = 512
SYNTHESIS = {"Sinusoidal_Peaks": "InputSinPeaks", "Residual_Spectrum": "InputResSpectrum"}


def matrix(name: bytes, rows: Any, kind: int = 4) -> bytes:
    values = np.atleast_2d(np.asarray(rows, f">f{kind}"))
    content = values.tobytes()
    return name + struct.pack(">iii", kind, *values.shape) + content + bytes(-len(content) % 8)


def frame(name: bytes, time: float, *matrices: bytes, stream: int = 0) -> bytes:
    content = struct.pack(">dii", time, stream, len(matrices)) + b"".join(matrices)
    return name + struct.pack(">i", len(content)) + content


def moment(time: float, kind: bytes, rows: Any, **others: Any) -> bytes:
    """A frame with the matrix of its own name."""
    size = others.pop("size", 4)
    return frame(kind, time, matrix(kind, rows, size), **others)


def sine(frequency: float, count: int) -> Iterator[bytes]:
    """A sinusoid of the amplitude 0.1."""
    for k in range(count):
        yield moment(k * HOP / RATE, b"1TRC", [[1, frequency, 0.1, 0.0]])


@pytest.fixture
def written(tmp_path: Path) -> Callable[[Iterable[bytes]], str]:
    def write(frames: Iterable[bytes]) -> str:
        path = tmp_path / "sound.sdif"
        path.write_bytes(HEAD + b"".join(frames))
        return str(path)

    return write


@pytest.fixture
def net() -> Iterator[Network]:
    net = Network("clam")
    net.it, net.synthesis, net.out = net.types.SDIFInStreaming, net.types.SMSSynthesis, net.types.AudioSink
    for port, goal in SYNTHESIS.items():
        net.it[port.replace("_", " ")] > net.synthesis[goal]
    net.synthesis.OutputAudio > net.out
    yield net
    net.close()


def played(net: Network, port: str, frames: int = 4) -> Any:
    return net.it[port].render(frames=frames * HOP, sample_rate=RATE)


def test_the_sinusoids_of_a_file_are_heard(net: Network, written: Callable[[Iterable[bytes]], str]) -> None:
    net.it.FileName = written(sine(440.0, 100))
    heard = net.render(frames=RATE, sample_rate=RATE)
    assert loudest(heard) == pytest.approx(440.0, abs=2.0)
    assert level(heard) == pytest.approx(0.0707, rel=0.05)


def test_after_the_end_of_a_file_there_is_silence(net: Network, written: Callable[[Iterable[bytes]], str]) -> None:
    net.it.FileName = written(sine(440.0, 20))
    heard = net.render(frames=RATE, sample_rate=RATE)
    assert np.abs(heard[: 20 * HOP]).max() > 0.05
    assert not heard[24 * HOP :].any()


def test_what_is_in_a_file_comes_out(net: Network, written: Callable[[Iterable[bytes]], str]) -> None:
    net.it.FileName = written([
        moment(0.0, b"1FQ0", [[220.0, 0.75]]),
        moment(0.0, b"1TRC", [[7, 440.0, 0.1, 1.5], [3, 220.0, 1.0, -0.5]]),
        moment(0.0, b"1STF", [[0.0, 0.5], [3.0, 4.0], [-1.0, 0.0]]),
        moment(0.1, b"1TRC", [[3, 221.0, 0.5, 0.0]]),
    ])  # fmt: skip
    peaks, pitch, residual = (played(net, port) for port in ("Sinusoidal Peaks", "Fundamental", "Residual Spectrum"))
    assert list(peaks.count[:3]) == [2, 1, 0]
    np.testing.assert_allclose(peaks.frequency[0, :2], [220.0, 440.0])  # they rise
    np.testing.assert_allclose(peaks.magnitude[0, :2], [0.0, -20.0], atol=1e-4)
    np.testing.assert_allclose(peaks.phase[0, :2], [-0.5, 1.5])
    np.testing.assert_allclose(peaks.track[0, :2], [3, 7])
    np.testing.assert_allclose(peaks.position[0, :2], [220.0 * 2 / 22050, 440.0 * 2 / 22050], rtol=1e-6)
    assert list(pitch.count[:2]) == [1, 0]
    assert (pitch.frequency[0, 0], pitch.error[0, 0]) == (220.0, 0.25)
    np.testing.assert_allclose(residual.magnitude[0], [0.5, 5.0, 1.0])
    np.testing.assert_allclose(residual.phase[0], [np.pi / 2, np.arctan2(4.0, 3.0), np.pi], rtol=1e-6)
    assert not residual.magnitude[1].any()


def test_what_is_not_enabled_does_not_come_out(net: Network, written: Callable[[Iterable[bytes]], str]) -> None:
    net.it.FileName = written(
        [moment(0.0, b"1FQ0", [[220.0, 1.0]]), moment(0.0, b"1TRC", [[0, 440.0, 0.1, 0.0]]), moment(0.0, b"1STF", np.ones((3, 2)))]
    )
    net.it.EnableFundFreq = net.it.EnablePeakArray = net.it.EnableResidual = False
    assert not played(net, "Fundamental").count.any()
    assert not played(net, "Sinusoidal Peaks").count.any()
    assert not played(net, "Residual Spectrum").magnitude.any()


def test_numbers_of_other_kinds_and_frames_of_other_programs_are_read(net: Network, written: Callable[[Iterable[bytes]], str]) -> None:
    texts = b"1NVT" + struct.pack(">i", 24) + b"{Program test;}".ljust(24)
    wave = frame(b"1TDS", 0.0, matrix(b"1TDS", np.ones((5, 1))))
    more = frame(b"1TRC", 0.0, matrix(b"IWIN", [[1.0]]), matrix(b"1TRC", [[0, 330.0, 1.0, 0.0, 99.0]], 8))
    fewer = moment(0.1, b"1TRC", [[0, 331.0, 1.0]])
    net.it.FileName = written([texts, wave, more, fewer])
    peaks = played(net, "Sinusoidal Peaks")
    assert list(peaks.frequency[:2, 0]) == [330.0, 331.0]
    assert list(peaks.count[:3]) == [1, 1, 0]


def test_of_several_streams_the_first_one_is_played(net: Network, written: Callable[[Iterable[bytes]], str]) -> None:
    frames = [moment(0.1 * k, b"1TRC", [[0, 100.0 * (stream + k), 1.0, 0.0]], stream=stream) for k in range(3) for stream in (5, 2)]
    net.it.FileName = written(frames)
    assert list(played(net, "Sinusoidal Peaks").frequency[:3, 0]) == [500.0, 600.0, 700.0]


def test_the_highest_sinusoids_are_left_out_where_there_are_too_many(net: Network, written: Callable[[Iterable[bytes]], str]) -> None:
    net.it.FileName = written([moment(0.0, b"1TRC", [[k, 100.0 * (9 - k), 1.0, 0.0] for k in range(9)])])
    net.it.MaxNumPeaks = 3
    peaks = played(net, "Sinusoidal Peaks")
    assert int(peaks.count[0]) == 3
    assert list(peaks.frequency[0]) == [100.0, 200.0, 300.0]


def test_an_analysis_that_was_written_sounds_like_the_analysis(net: Network, written: Callable[[Iterable[bytes]], str]) -> None:
    with modelled() as other:
        direct = other.render(inputs=tone(220.0), sample_rate=RATE)
        names = ("Sinusoidal_Peaks", "Residual_Spectrum")
        peaks, residual = (other.SMSAnalysisCore[name].render(inputs=tone(220.0), sample_rate=RATE) for name in names)
    frames = []
    for k in range(len(peaks.count)):
        rows = [getattr(peaks, name)[k, : int(peaks.count[k])] for name in ("track", "frequency", "magnitude", "phase")]
        rows[2] = 10.0 ** (rows[2] / 20.0)
        bins = residual.magnitude[k] * np.exp(1j * residual.phase[k])
        frames += [moment(k * HOP / RATE, b"1TRC", np.stack(rows, 1)), moment(k * HOP / RATE, b"1STF", np.stack([bins.real, bins.imag], 1))]
    net.it.FileName = written(frames)
    heard = net.render(frames=RATE, sample_rate=RATE)
    assert loudest(heard) == pytest.approx(loudest(direct))
    whole = (len(peaks.count) - 4) * HOP  # the file has no frames for the end of the last window
    assert level(heard[:whole]) == pytest.approx(level(direct[:whole]), rel=0.005)


def test_a_synthesis_with_a_longer_hop_stretches_the_sound(net: Network, written: Callable[[Iterable[bytes]], str]) -> None:
    net.it.FileName = written(sine(440.0, 40))
    ends = []
    for hop in (HOP, 2 * HOP):
        net.synthesis._config.SpectralSynth.prHopSize = hop
        net.synthesis._config.SpectralSynth.prAnalWindowSize = 2 * hop + 1
        heard = net.render(frames=2 * RATE, sample_rate=RATE)
        ends.append(int(np.flatnonzero(np.abs(heard[:, 0]) > 0.05)[-1]))
        assert abs(np.abs(np.fft.rfft(heard[:20000, 0] * np.hanning(20000))).argmax() * RATE / 20000 - 440.0) < 3.0
    assert ends[1] == pytest.approx(2 * ends[0], rel=0.05)


WRONG = {
    "no SDIF": (b"RIFF" + HEAD, "it is no SDIF file"),
    "empty": (b"", "it is no SDIF file"),
    "nothing": (HEAD, "holds no frames of the kinds 1FQ0, 1TRC, 1STF"),
    "cut": (HEAD + b"".join(sine(440.0, 3))[:-1], "the frame at byte 128 is cut off"),
    "header": (HEAD + b"1TR", "the frame at byte 16 is cut off"),
    "negative": (HEAD + b"1TRC" + struct.pack(">i", -8), "the frame at byte 16 is cut off"),
    "timeless": (HEAD + b"1TRC" + struct.pack(">id", 8, 0.0), "the frame at byte 16 has no time"),
    "never": (HEAD + moment(float("nan"), b"1TRC", [[0, 1, 1, 0]]), "the frame at byte 16 is at nan s"),
    "matrices": (HEAD + b"1TRC" + struct.pack(">idii", 16, 0.0, 0, 1), "the frame that ends at byte 40 has not all of its matrices"),
    "rows": (
        HEAD + b"1TRC" + struct.pack(">idii", 32, 0.0, 0, 1) + b"1TRC" + struct.pack(">iii", 4, 2**31 - 1, 4),
        "the matrix at byte 40 is larger than its frame",
    ),
    "columns": (
        HEAD + b"1TRC" + struct.pack(">idii", 32, 0.0, 0, 1) + b"1TRC" + struct.pack(">iii", 4, 2**31 - 1, 0),
        "2,147,483,647 rows",
    ),
    "type": (HEAD + b"1TRC" + struct.pack(">idii", 32, 0.0, 0, 1) + b"1TRC" + struct.pack(">iii", 0, 1, 1), "unknown type 0x0"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_damaged_file_is_refused_with_the_reason(name: str, net: Network, tmp_path: Path) -> None:
    content, reason = WRONG[name]
    path = tmp_path / "sound.sdif"
    path.write_bytes(content)
    with pytest.raises(ParameterValueError) as refused:
        net.it.FileName = str(path)
    assert net.it.FileName == "nofile"
    assert str(path) in str(refused.value)
    assert reason in str(refused.value)


def test_what_is_no_file_is_refused_with_the_reason(net: Network, tmp_path: Path) -> None:
    assert problem_of_sdif("") == problem_of_sdif("nofile") == "no file is chosen: set FileName"
    for name, reason in {str(tmp_path): "is a folder, not a file", "no.sdif": "there is no"}.items():
        with pytest.raises(ParameterValueError, match=reason):
            net.it.FileName = name


def test_spoilt_files_are_played_or_refused(net: Network, written: Callable[[Iterable[bytes]], str]) -> None:
    random = np.random.default_rng(11)
    path = Path(written([*sine(440.0, 5), moment(0.0, b"1FQ0", [[220.0, 1.0]]), moment(0.0, b"1STF", np.ones((9, 2)))]))
    whole = path.read_bytes()
    answers = set()
    for _ in range(400):
        spoilt = bytearray(whole)
        for place in random.integers(0, len(whole), 1 + int(random.integers(4))):
            spoilt[place] = random.choice([0, 1, 0x7F, 0x80, 0xFF, int(random.integers(256))])
        path.write_bytes(spoilt[: int(random.integers(1, len(whole) + 1))] if random.random() < 0.2 else spoilt)
        problem = problem_of_sdif(str(path))
        answers.add(bool(problem))
        assert (readable_model(str(path)) is None) == bool(problem)
    assert answers == {False, True}


def test_numbers_beyond_measure_come_out_finite(net: Network, written: Callable[[Iterable[bytes]], str]) -> None:
    wild = [float("nan"), float("inf"), -1e300, 1e300]
    rows = {b"1TRC": [wild, wild[::-1]], b"1FQ0": [wild[1:3]], b"1STF": [wild[:2], wild[2:]]}
    net.it.FileName = written(moment(0.0, name, numbers, size=8) for name, numbers in rows.items())
    assert np.isfinite(net.render(frames=4 * HOP, sample_rate=RATE)).all()
    assert np.isfinite(played(net, "Sinusoidal Peaks").magnitude).all()
