"""Convolution with impulse responses: in one processing, and from spectra, as CLAM's networks do it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from clam.judging import decibels
from scipy.signal import fftconvolve

from ipyclam_core import Network
from ipyclam_core.data.impulse_responses import ImpulseResponse
from ipyclam_core.declare.declaration import Table
from ipyclam_core.dsp.plain_frames import PlainFrame, PlainFramed
from ipyclam_core.errors import ParameterValueError
from ipyclam_core.processings.spatial.room_simulation import simulated

from .conftest import OURS
from .kernels import CompiledProcessing

RATE = 44100
EXACT = 110.0
LENGTH = 84 * 512
NOISE = (0.3 * np.random.default_rng(1).standard_normal((LENGTH, 2))).astype(np.float32)


@pytest.fixture
def net():
    net = Network("clam")
    yield net
    net.close()


def response(frames: int, channels: int = 1, seed: int = 3) -> np.ndarray:
    """Decaying noise, float32 ``(frames, channels)``."""
    noise = np.random.default_rng(seed).standard_normal((frames, channels))
    return (0.1 * noise * np.exp(-4.0 * np.arange(frames) / frames)[:, None]).astype(np.float32)


def written(path: Path, samples: np.ndarray, rate: int = RATE) -> str:
    soundfile.write(path, samples, rate, subtype="FLOAT")
    return str(path)


def convolved(sound: np.ndarray, by: np.ndarray) -> np.ndarray:
    return fftconvolve(sound.astype(float), by.astype(float))[: len(sound)]


def room(net: Network, file: str, inputs: int = 1) -> None:
    """A convolution reverb between a source and a sink, wet only."""
    net.source, net.room, net.out = net.types.AudioSource, net.types.ConvolutionReverb, net.types.AudioSink
    net.source.NSources = net.room.NumberOfInputs = inputs
    net.out.NSinks = 2
    net.room.ImpulseResponse, net.room.Normalize, net.room.Mix = file, False, 1.0
    net.source > net.room > net.out


def chain(net: Network, by: str, port: str, size: int = 512, kind: str = "AudioSource") -> None:
    """CLAM's convolution of a source with the response that a port puts out."""
    types = net.types
    net.source, net.cut, net.fft, net.convolution = types[kind], types.AudioStream2Buffer, types.MyFFT, types.LowLatencyConvolution
    net.ifft, net.stream, net.out = types.MyIFFT, types.AudioBuffer2Stream, types.AudioSink
    net.cut.HopSize = net.stream.HopSize = net.convolution.FrameSize = size
    net.cut.BufferSize = net.stream.BufferSize = net.fft.AudioSize = net.ifft.AudioSize = 2 * size
    net.source > net.cut > net.fft
    net.fft > net.convolution["Input"]
    net[by][port] > net.convolution["ImpulseResponse"]
    net.convolution > net.ifft > net.stream > net.out


@pytest.mark.parametrize("frames", [1, 64, 1024, 1025, 30000])
def test_a_reverb_is_a_convolution_without_latency(net, tmp_path, frames):
    by = response(frames, 2)
    room(net, written(tmp_path / "room.wav", by))
    heard = net.render(inputs=NOISE[:, :1], sample_rate=RATE)
    for k in range(2):
        assert decibels(convolved(NOISE[:, 0], by[:, k]), heard[:, k]) >= EXACT


def test_a_reverb_sounds_the_same_in_blocks_of_any_length(net, tmp_path):
    room(net, written(tmp_path / "room.wav", response(30000, 2)))
    heard = {block: net.render(inputs=NOISE[:6000, :1], block_size=block, sample_rate=RATE) for block in (512, 64, 1, 441, 4096)}
    for block, samples in heard.items():
        np.testing.assert_array_equal(samples, heard[512], err_msg=f"block {block}")


@pytest.mark.parametrize("channels", [1, 2])
def test_a_stereo_reverb_has_a_channel_of_the_response_for_each_side(net, tmp_path, channels):
    by = response(3000, channels)
    room(net, written(tmp_path / "room.wav", by), inputs=2)
    heard = net.render(inputs=NOISE, sample_rate=RATE)
    for k in range(2):
        assert decibels(convolved(NOISE[:, k], by[:, min(k, channels - 1)]), heard[:, k]) >= EXACT


def test_a_reverb_without_a_file_is_a_room_of_decaying_noise_as_loud_as_its_input(net):
    room(net, "")
    net.room.Normalize, net.room.Decay = True, 0.9
    heard = net.render(inputs=np.concatenate([NOISE[:, :1], np.zeros((LENGTH, 1), np.float32)]), sample_rate=RATE)
    steady, ended = heard[LENGTH // 2 : LENGTH], heard[-LENGTH // 10 :]
    assert 0.5 < np.std(steady) / np.std(NOISE) < 1.5
    assert np.std(ended) < 0.002 * np.std(steady)
    assert abs(np.corrcoef(steady.T)[0, 1]) < 0.2


def test_a_mix_of_0_is_the_dry_sound(net):
    room(net, "")
    net.room.Mix = 0.0
    heard = net.render(inputs=NOISE[:, :1], sample_rate=RATE)
    np.testing.assert_array_equal(heard, NOISE[:, [0, 0]])


def test_not_a_number_does_not_stay_in_a_room(tmp_path):
    by = response(3000)
    given = {"ImpulseResponse": written(tmp_path / "room.wav", by), "Normalize": False, "InitialMix": 1.0}
    kernel = CompiledProcessing(OURS["ConvolutionReverb"], given)
    spoilt, clean = NOISE[:8192, 0].copy(), NOISE[:8192, 0].copy()
    spoilt[1000], clean[1000] = np.nan, 0.0
    heard = kernel.run([spoilt], 8192)[0]
    kernel.close()
    assert decibels(convolved(clean, by[:, 0])[1001:], heard[1001:]) >= EXACT


def test_a_response_of_another_rate_is_resampled_and_that_is_said(net, tmp_path):
    """A single echo stays where it is in time."""
    by = np.zeros((4000, 1), np.float32)
    by[1000] = 0.5  # a gain of 0.5 at every frequency of that rate
    room(net, written(tmp_path / "echo.wav", by, rate=22050))
    click = np.zeros((8000, 1), np.float32)
    click[0] = 1.0
    with pytest.warns(UserWarning, match="resampled from 22050 Hz to 44100 Hz"):
        heard = net.render(inputs=click, sample_rate=RATE)
    assert int(np.argmax(np.abs(heard[:, 0]))) == 2000
    assert float(heard[:, 0].sum()) == pytest.approx(0.5, abs=1e-3)


@pytest.mark.parametrize(
    ("samples", "kind", "said"),
    [
        (np.zeros((0, 1)), "ConvolutionReverb", "holds no samples"),
        (np.zeros((10, 4)), "ConvolutionReverb", "has 4 channels: a reverb has 1 or 2. ImpulseResponseLoader reads the first"),
        (np.zeros((61 * 800, 1)), "ConvolutionReverb", "is longer than 60 s"),
        (None, "ConvolutionReverb", "there is no file"),
        (np.zeros((0, 1)), "ImpulseResponseLoader", "holds no samples"),
        (np.zeros((61 * 800, 1)), "ImpulseResponseLoader", "is longer than 60 s"),
        (None, "ImpulseResponseLoader", "there is no file"),
    ],
)
def test_a_file_that_is_no_impulse_response_is_refused_in_words(net, tmp_path, samples, kind, said):
    path = tmp_path / "wrong.wav"
    if samples is not None:
        written(path, samples, rate=800)
    net.x = net.types[kind]
    with pytest.raises(ParameterValueError, match=said):
        net.x.ImpulseResponse = str(path)


def test_a_file_of_too_few_channels_is_no_b_format(net, tmp_path):
    net.x = net.types.ImpulseResponseLoader
    net.x.ImpulseResponse = written(tmp_path / "two.wav", response(100, 2))
    with pytest.raises(ParameterValueError, match="has 2 channels, counted from 0: there is no channel 2"):
        net.x.IsBFormatFile = True


@pytest.mark.parametrize(("size", "block", "late"), [(512, 512, 0), (512, 64, 448), (1024, 512, 512), (512, 441, 511), (64, 100, 60)])
def test_convolution_of_spectra_is_exact(net, tmp_path, size, block, late):
    by = response(3000, 2)
    net.loader = net.types.ImpulseResponseLoader
    net.loader.ImpulseResponse, net.loader.FrameSize = written(tmp_path / "room.wav", by), size
    chain(net, "loader", "W", size)
    heard = net.render(inputs=NOISE[:, :1], block_size=block, sample_rate=RATE)[late:, 0]
    length = len(heard) - 2048  # where the last block ends, the stream waits for more
    assert decibels(convolved(NOISE[:, 0], by[:, 0])[:length], heard[:length]) >= EXACT


def test_max_frames_cuts_the_response(net, tmp_path):
    by = response(3000)
    net.loader = net.types.ImpulseResponseLoader
    net.loader.ImpulseResponse = written(tmp_path / "room.wav", by)
    chain(net, "loader", "W")
    net.convolution.MaxFrames = 2
    heard = net.render(inputs=NOISE[:, :1], sample_rate=RATE)
    assert decibels(convolved(NOISE[:, 0], by[:1024, 0]), heard[:, 0]) >= EXACT


def test_a_response_in_b_format_has_four_ports(net, tmp_path):
    by = response(2000, 4)
    net.loader = net.types.ImpulseResponseLoader
    net.loader.ImpulseResponse, net.loader.IsBFormatFile = written(tmp_path / "room.wav", by), True
    assert [port.name for port in net.loader._outports] == ["W", "X", "Y", "Z"]
    chain(net, "loader", "Y")
    heard = net.render(inputs=NOISE[:, :1], sample_rate=RATE)
    assert decibels(convolved(NOISE[:, 0], by[:, 2]), heard[:, 0]) >= EXACT


def test_responses_are_mixed_by_position(net, tmp_path):
    first, second = response(2000), response(1500, seed=4)
    net.one = net.two = net.types.ImpulseResponseLoader
    net.one.ImpulseResponse, net.two.ImpulseResponse = written(tmp_path / "1.wav", first), written(tmp_path / "2.wav", second)
    net.mixture = net.types.ImpulseResponseInterpolator
    net.one["W"] > net.mixture["Input1"]
    net.two["W"] > net.mixture["Input2"]
    net.mixture.Position = 0.75
    chain(net, "mixture", "Output")
    by = 0.75 * first[:, 0]
    by[:1500] += 0.25 * second[:, 0]
    assert decibels(convolved(NOISE[:, 0], by), net.render(inputs=NOISE[:, :1], sample_rate=RATE)[:, 0]) >= EXACT


def database(folder: Path) -> tuple[str, dict[tuple[float, float], np.ndarray]]:
    """A small database of head-related transfer functions: its file, and the responses by elevation and azimuth."""
    held = {(e, a): response(128, seed=int(e + 90 + 7 * a)) for e in (-40.0, 0.0, 40.0) for a in (0.0, 90.0, 180.0, 270.0)}
    lines = ["# elevation azimuth file"]
    for (elevation, azimuth), samples in held.items():
        name = f"e{elevation:g} a{azimuth:g}.wav"
        written(folder / name, samples)
        lines.append(f"{elevation:g} {azimuth:g} {name}")
    (folder / "head.hrtfs").write_text("\n".join(lines))
    return str(folder / "head.hrtfs"), held


@pytest.mark.parametrize(("ear", "mirrored"), [("ImpulseResponseL", 1), ("ImpulseResponseR", -1)])
def test_the_nearest_direction_is_heard_at_each_ear(net, tmp_path, ear, mirrored):
    path, held = database(tmp_path)
    net.head = net.types.HRTFDatabaseFetcher
    net.head.HrtfDatabase = path
    net.head.azimuth, net.head.elevation = 100.0, -30.0
    chain(net, "head", ear)
    by = held[-40.0, 90.0 * mirrored % 360.0]
    assert decibels(convolved(NOISE[:, 0], by[:, 0]), net.render(inputs=NOISE[:, :1], sample_rate=RATE)[:, 0]) >= EXACT


def test_a_single_direction_is_a_parameter(tmp_path):
    path, held = database(tmp_path)
    head = PlainFramed(OURS["SingleHRTFFetcher"], {"HrtfDatabase": path, "Azimuth": -95.0, "Elevation": 50.0})
    left = head.call()["left"]
    begin = int(left.first)
    found = np.fft.irfft(left.spectra.values[begin : begin + 513] + 1j * left.spectra.values[begin + 513 : begin + 1026])
    np.testing.assert_allclose(found[:128], held[40.0, 270.0][:, 0], atol=1e-6)
    assert (head.sent("chosen_elevation"), head.sent("chosen_azimuth")) == ([40.0], [270.0])


def test_files_of_a_database_at_another_rate_are_told_in_one_warning(net, tmp_path):
    net.head = net.types.HRTFDatabaseFetcher
    net.head.HrtfDatabase, _ = database(tmp_path)
    chain(net, "head", "ImpulseResponseL")
    with pytest.warns(UserWarning, match="resampled") as told:
        net.render(frames=512, sample_rate=48000)
    assert len(told) == 1
    assert "and 11 more files: resampled from 44100 Hz to 48000 Hz" in str(told[0].message)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no directions"),
        ("0 0", "has a line that is not an elevation, an azimuth and a file: '0 0'"),
        ("left 0 a.wav", "has a line that is not an elevation, an azimuth and a file: 'left 0 a.wav'"),
        ("0 0 gone.wav", "there is no file"),
    ],
)
def test_a_database_that_cannot_be_read_is_refused_in_words(net, tmp_path, text, said):
    (tmp_path / "head.hrtfs").write_text(text)
    net.head = net.types.HRTFDatabaseFetcher
    with pytest.raises(ParameterValueError, match=said):
        net.head.HrtfDatabase = str(tmp_path / "head.hrtfs")


def test_the_response_between_two_places_comes_from_a_folder(net, tmp_path):
    held = {}
    for emitter in (1, 2, 3):
        for receiver in (1, 2):
            held[emitter, receiver] = response(700, seed=10 * emitter + receiver)
            written(tmp_path / f"hall_emissor_{emitter}-1-1_receptor_1-{receiver}-1.wav", held[emitter, receiver])
    written(tmp_path / "other_emissor_0-0-0_receptor_0-0-0.wav", response(10))
    net.hall = net.types.ImpulseResponseDatabaseFetcher
    net.hall.Path, net.hall.Prefix = str(tmp_path), "hall"
    net.hall.emitterX, net.hall.receiverY = 0.4, 0.9
    chain(net, "hall", "ImpulseResponse")
    heard = net.render(inputs=NOISE[:, :1], sample_rate=RATE)
    assert decibels(convolved(NOISE[:, 0], held[2, 2][:, 0]), heard[:, 0]) >= EXACT
    with pytest.raises(ParameterValueError, match=r"has no file with a name like 'cellar_emissor_0-0-0_receptor_0-0-0\.wav'"):
        net.hall.Prefix = "cellar"


def a_response(number: float, partitions: int = 2, bins: int = 3) -> PlainFrame:
    """A response whose numbers are all the same."""
    values = Table(np.full(partitions * 2 * bins, number, np.float32))
    return PlainFrame(ImpulseResponse, {"bins": bins}, spectra=values, partitions=partitions, bins=bins)


def numbers(*frames: PlainFrame) -> list[float]:
    return [float(frame.spectra.values[0]) for frame in frames]


def test_a_delay_of_responses_puts_out_the_one_before():
    delay = PlainFramed(OURS["IRDelayCascade"])
    one, two = a_response(1.0), a_response(2.0)
    outs = [delay.call(response=given) for given in (one, two, two)]
    assert [numbers(out["current"], out["previous"]) for out in outs] == [[1.0, 1.0], [2.0, 1.0], [2.0, 2.0]]


@pytest.mark.parametrize(
    ("given", "first", "second"),
    [
        ("AAABBBCCC", "AAAAABCCC", "AAABBBBBC"),
        ("AAABBCCCC", "AAAAACCCC", "AAABBBBCC"),
        ("AAABCCCC", "AAAAACCC", "AAABBBBC"),  # what comes in the second frame of a change waits
        ("AAABCDDD", "AAAAADDD", "AAABBBBD"),
    ],
)
def test_a_response_that_is_left_stays_for_two_frames_at_alternate_ports(given, first, second):
    delay = PlainFramed(OURS["IRSwappingDelay"])
    responses = {letter: a_response(float(ord(letter))) for letter in "ABCD"}
    outs = [delay.call(response=responses[letter]) for letter in given]
    assert "".join(chr(int(numbers(out["current"])[0])) for out in outs) == first
    assert "".join(chr(int(numbers(out["previous"])[0])) for out in outs) == second


def test_a_switch_fades_to_the_newest_response_in_the_frame_after():
    switch = PlainFramed(OURS["XFadeAndSwitch"])
    audio = {"one": np.ones(512, np.float32), "two": np.full(512, 3.0, np.float32)}
    one, two, three = a_response(1.0), a_response(2.0), a_response(3.0)
    heard = [
        switch.call(**audio, response1=first, response2=second)["output"]
        for first, second in [(one, one), (one, two), (one, two), (two, two), (three, two), (three, two), (three, three)]
    ]
    np.testing.assert_allclose([out[0] for out in heard], [1.0, 1.0, 1.0, 3.0, 3.0, 3.0, 1.0], atol=0.005)
    np.testing.assert_allclose([out[-1] for out in heard], [1.0, 1.0, 3.0, 3.0, 3.0, 1.0, 1.0], atol=0.005)


def test_the_first_piece_of_a_response_is_seen():
    debug = PlainFramed(OURS["DebugImpulseResponse"])
    values = Table(np.arange(12, dtype=np.float32))
    given = PlainFrame(ImpulseResponse, {"bins": 3}, spectra=values, partitions=2, bins=3)
    seen = debug.call(response=given)["output"]
    assert (list(seen.real), list(seen.imaginary)) == ([0.0, 1.0, 2.0], [3.0, 4.0, 5.0])


def test_a_simulated_room_has_the_direct_sound_where_and_when_it_comes_from():
    """The source is 2 m behind the listener and 1 m to the left."""
    made = simulated((10.0, 8.0, 4.0), 0.3, (0.3, 0.625, 0.5), (0.5, 0.5, 0.5), 10, 0.5, RATE, True, False)
    away = 5.0**0.5
    first = int(np.flatnonzero(made[0])[0])
    assert first == int(away / 343.0 * RATE)
    level = made[:, first : first + 2].sum(axis=1)
    np.testing.assert_allclose(level, [1 / away, -2 / away**2, 1 / away**2, 0.0], atol=1e-3)


def test_walls_that_absorb_more_make_a_room_drier():
    def energy(absorption: float) -> float:
        made = simulated((10.0, 8.0, 3.0), absorption, (0.2, 0.5, 0.2), (0.5, 0.5, 0.2), 20, 0.5, RATE, False, False)[0]
        return float((made**2).sum())

    assert energy(0.1) > 2 * energy(0.5) > 10 * energy(0.95)
    assert energy(1.0) == 0.0


def test_a_simulated_room_is_heard_from_the_second_frame_on(net):
    net.room = net.types.RoomImpulseResponseSimulatorCommandLine
    net.room["source X"], net.room.IrLength = 0.7, 0.4
    chain(net, "room", "X IR")
    net.source > net.room["synchronization"]
    given = NOISE[:, :1].copy()
    given[:1024] = 0.0
    by = simulated((10.0, 8.0, 3.0), 0.3, (0.7, 0.5, 0.2), (0.5, 0.5, 0.2), 20, 0.4, RATE, True, False)[1]
    assert decibels(convolved(given[:, 0], by), net.render(inputs=given, sample_rate=RATE)[:, 0]) >= EXACT


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--rays 3", "'--rays' is not an option. They are such as --size 10 8 3 --absorption 0.3"),
        ("--size 3 4", "--size needs 3 numbers"),
        ("--size 0 4 4", "a side of the room is from 1 to 1000 m"),
        ("--absorption 2", "the absorption is from 0.01 to 1"),
    ],
)
def test_a_room_that_cannot_be_simulated_is_refused_in_words(net, options, said):
    net.room = net.types.RoomImpulseResponseSimulatorCommandLine
    with pytest.raises(ParameterValueError, match=said):
        net.room.ExtraOptions = options
