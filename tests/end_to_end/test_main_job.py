"""The main job: a network in CLAM's format is opened, explored, changed, played, recorded, saved, and sounds the same the next day."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile
from clam.material import recording_path
from numpy.typing import NDArray
from terminal import Terminal

RATE = 44100
RAMP = RATE // 10
"""More than playing takes to fade in, and out at the end."""


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """Where the terminal's shell is."""
    return tmp_path / "here"


@pytest.fixture
def networks(tmp_path: Path) -> Path:
    """A folder with two networks in CLAM's format, and the sound that one of them plays."""
    folder = tmp_path / "networks"
    shutil.copytree(Path(__file__).with_name("networks"), folder)
    (folder / "sounds").mkdir()
    shutil.copy(recording_path("voice220"), folder / "sounds")
    return folder


def console(file: Path | str) -> str:
    return f"ipyclam_console --device=clock --sample-rate={RATE} {file}"


def sound(path: Path) -> NDArray[np.float32]:
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    assert rate == RATE
    return samples


def assert_played_what_was_rendered(played: NDArray[np.float32], rendered: NDArray[np.float32], seconds: float) -> None:
    """All but the ramps at both ends, and where the clock was stopped."""
    assert abs(len(played) - seconds * RATE) < RATE
    inner = slice(RAMP, min(len(played), len(rendered)) - RAMP)
    assert np.abs(rendered[inner]).max() > 0.1
    np.testing.assert_allclose(played[inner], rendered[inner], atol=1e-4)


def test_a_modulator_is_explored_changed_recorded_saved_and_sounds_the_same_again(terminal: Terminal, networks: Path, here: Path) -> None:
    terminal.begin(console(networks / "simpleModulator.clamnetwork"))
    terminal.type("net.Mod")
    terminal.keys("Tab")
    terminal.wait(r"net\.Modulator$")
    terminal.type(".")
    terminal.keys("Tab")
    terminal.wait(r"Input_Phase_Modulation +inport · Audio")
    terminal.forget()

    terminal.run("net.Modulator.Frequency = 330")
    terminal.run("net.Modulator.ModIndex = 2")
    assert terminal.run("net.Modulator.ModIndex") == "Out[3]: 2.0"
    terminal.run("net.amp = net.types.AudioAmplifier")
    assert "/" in terminal.run("net.Modulator / net.AudioSink")
    terminal.run("net.Modulator > net.amp > net.AudioSink")
    terminal.run("net.amp.Gain = 0.5")

    terminal.enter("%play 2 --output out.wav")
    terminal.wait(r"[━█▉#]")
    terminal.prompt()
    terminal.run("%render rendered.wav 2")
    rendered = sound(here / "rendered.wav")
    assert len(rendered) == 2 * RATE
    assert_played_what_was_rendered(sound(here / "out.wav"), rendered, 2.0)

    terminal.run("%save my.py")
    terminal.leave()
    terminal.begin(console("my.py"))
    assert terminal.run("list(net)").count("'") == 2 * 6
    terminal.run("%render again.wav 2")
    np.testing.assert_array_equal(sound(here / "again.wav"), rendered)


def test_a_file_player_finds_its_file_wherever_it_is_saved_and_played_from(terminal: Terminal, networks: Path, here: Path) -> None:
    terminal.begin(console(networks / "FilePlayer.clamnetwork"))
    terminal.type('net["Gain 0"] > net.')
    terminal.keys("Tab")
    terminal.wait(r"> net\.AudioFileMemoryLoader$")  # the mixer's only control is fed already, and a sink has none
    terminal.forget()

    terminal.run("net.amp = net.types.AudioAmplifier")
    terminal.run("net.AudioMixer / net.AudioSink_0")
    terminal.run("net.AudioMixer > net.amp > net.AudioSink_0")
    terminal.run('net["Gain 0"].Default = 0.7')
    terminal.run("%play 2 --output out.wav")
    terminal.run("%render rendered.wav 2")
    rendered = sound(here / "rendered.wav")
    assert_played_what_was_rendered(sound(here / "out.wav"), rendered, 2.0)

    terminal.run("import os; os.mkdir('elsewhere')")
    terminal.run("%save elsewhere/my.py")
    terminal.leave()
    terminal.begin(console("elsewhere/my.py"))
    terminal.run("%render again.wav 2")
    np.testing.assert_array_equal(sound(here / "again.wav"), rendered)
