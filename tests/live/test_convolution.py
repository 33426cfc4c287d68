"""Impulse responses that change while the network plays: no click, and no memory that is used too late or for ever."""

from __future__ import annotations

import gc
import time
import weakref
from pathlib import Path

import numpy as np
import pytest
import soundfile

from ipyclam_core import Network
from ipyclam_core.dsp.memory import tables
from ipyclam_core.dsp.playing import edits

RATE = 44100


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Three rooms: one of a second, one of nearly two, one of 20 ms."""
    paths = []
    for k, frames in enumerate((RATE, 80000, 900)):
        noise = np.random.default_rng(k).standard_normal((frames, 1)) * np.exp(-5.0 * np.arange(frames) / frames)[:, None]
        paths.append(str(tmp_path / f"{k}.wav"))
        soundfile.write(paths[-1], (noise / np.sqrt((noise**2).sum())).astype(np.float32), RATE, subtype="FLOAT")
    return paths


def chain(net: Network, response: str, port: str) -> None:
    """A sine that is convolved with a response that may change, as CLAM's networks do it."""
    types = net.types
    net.osc, net.cut, net.fft = types.SimpleOscillator, types.AudioStream2Buffer, types.MyFFT
    net.turns, net.fade, net.out = types.IRSwappingDelay, types.XFadeAndSwitch, types.AudioSink
    net.osc > net.cut > net.fft
    net[response][port] > net.turns["Input IR"]
    for k, name in ((1, "Current IR"), (2, "Previous IR")):
        net[f"convolution{k}"], net[f"ifft{k}"], net[f"stream{k}"] = types.LowLatencyConvolution, types.MyIFFT, types.AudioBuffer2Stream
        net.fft > net[f"convolution{k}"]["Input"]
        net.turns[name] > net[f"convolution{k}"]["ImpulseResponse"]
        net.turns[name] > net.fade[f"ImpulseResponse{k}"]
        net[f"convolution{k}"] > net[f"ifft{k}"] > net[f"stream{k}"] > net.fade[f"Audio{k}"]
    net.fade > net.out


def bend(samples: np.ndarray) -> float:
    """The largest second difference: what a click shows in, in a sine."""
    return float(np.abs(np.diff(samples[:, 0], 2)).max())


@pytest.mark.parametrize("block", [64, 512])
def test_another_response_comes_into_a_reverb_without_a_click(stages, files, block):
    stage = stages(sample_rate=RATE, block_size=block)
    net = stage.net
    net.osc, net.room, net.out = net.types.SimpleOscillator, net.types.ConvolutionReverb, net.types.AudioSink
    net.room.ImpulseResponse, net.room.Mix = files[0], 1.0
    net.osc > net.room > net.out
    stage.play()
    stage.run(2 * RATE // block)
    steady = []
    edited = []
    for path in (files[1], files[0], files[2], files[1]):
        net.room.ImpulseResponse = path
        heard = stage.run(RATE // 2 // block)
        edited.append(bend(heard[: RATE // 10]))
        steady.append(bend(heard[RATE // 10 :]))
        assert np.std(heard[RATE // 100 : RATE // 10]) > 0.8 * np.std(heard[RATE // 10 :])  # it goes on with the past
    assert max(edited) < 3 * max(steady)


@pytest.mark.parametrize("block", [64, 512])
def test_another_response_comes_into_a_chain_of_spectra_without_a_click(stages, files, block):
    stage = stages(sample_rate=RATE, block_size=block)
    net = stage.net
    net.loader = net.types.ImpulseResponseLoader
    net.loader.ImpulseResponse = files[0]
    chain(net, "loader", "W")
    stage.play()
    heard = [bend(stage.run(3 * RATE // block)[2 * RATE :])]
    for path in (files[1], files[0], files[2], files[1]):
        net.loader.ImpulseResponse = path
        heard.append(bend(stage.run(RATE // 2 // block)))
    assert max(heard[1:]) < 3 * heard[0]


def test_a_source_goes_round_the_head_without_a_click(stages, tmp_path):
    lines = []
    for azimuth in range(0, 360, 10):
        frames = np.arange(128)
        near = 0.6 + 0.4 * np.sin(np.radians(azimuth))
        soundfile.write(tmp_path / f"{azimuth}.wav", (near * np.exp(-((frames - 20 + 10 * near) ** 2) / 8.0)).astype(np.float32), RATE)
        lines.append(f"0 {azimuth} {azimuth}.wav")
    (tmp_path / "head.hrtfs").write_text("\n".join(lines))
    stage = stages(sample_rate=RATE, block_size=512)
    net = stage.net
    net.head = net.types.HRTFDatabaseFetcher
    net.head.HrtfDatabase = str(tmp_path / "head.hrtfs")
    chain(net, "head", "ImpulseResponseL")
    stage.play()
    stage.run(20)
    still = bend(stage.run(20))
    net.head.azimuth = 90.0
    stage.run(20)
    loudest = max(still, bend(stage.run(20)))
    for azimuth in np.arange(90.0, 450.0, 9.0):
        net.head.azimuth = azimuth % 360.0
        assert bend(stage.run(3)) < 2 * loudest


def test_a_source_walks_through_a_simulated_room_without_a_click(stages):
    stage = stages(sample_rate=RATE, block_size=512)
    net = stage.net
    net.room = net.types.RoomImpulseResponseSimulatorCommandLine
    net.room.IrLength = 0.3
    chain(net, "room", "W IR")
    net.osc > net.room["synchronization"]
    stage.play()
    stage.run(60)
    still, walked = [], []
    for place in (0.3, 0.4, 0.7, 0.9, 0.6):
        net.room["source X"] = place
        walked.append(bend(stage.run(8)))
        stage.run(40)
        still.append(bend(stage.run(8)))
    assert max(walked) < 2 * max(still)


def test_the_table_of_a_response_that_left_is_freed_and_read_as_empty(stages, files, monkeypatch):
    monkeypatch.setattr(edits, "TABLES_STAY", 0.0)
    stage = stages(sample_rate=RATE, block_size=512)
    net = stage.net
    net.loader = net.types.ImpulseResponseLoader
    net.loader.ImpulseResponse = files[0]
    chain(net, "loader", "W")
    net.seen = net.types.DebugImpulseResponse
    net.loader["W"] > net.seen
    stage.play()
    stage.run(4)
    instance = stage.player.edits.score.by_name["loader"].instance
    handle, held = instance.handles["responses"], weakref.ref(instance.tables["s.responses"])
    assert len(tables.table_at(handle).values) > 0
    del instance
    net.loader.ImpulseResponse = files[1]
    for _ in range(8):
        stage.run(1)
        time.sleep(0.001)
    gc.collect()
    assert held() is None
    assert len(tables.table_at(handle).values) == 0
    assert np.isfinite(stage.run(4)).all()
    del net.loader
    for _ in range(8):
        stage.run(1)
    assert not stage.player.edits._leaving


def test_the_response_is_seen_at_the_port(stages, files):
    stage = stages(sample_rate=RATE, block_size=512)
    net = stage.net
    net.loader = net.types.ImpulseResponseLoader
    net.loader.ImpulseResponse = files[2]
    chain(net, "loader", "W")
    stage.play()
    stage.run(4)
    value = net.loader["W"].value
    assert (value.partitions, value.bins, value.spectra.shape) == (2.0, 513.0, (2 * 2 * 513,))
    assert "ImpulseResponse" in repr(value)
