"""%video, typed into a real shell."""

from __future__ import annotations

import _thread
import atexit
import os
import threading

import numpy as np
import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config
from writing import being_written

from ipyclam_console.magics.video import quoted
from ipyclam_core import Network
from ipyclam_core.video import encoders

pytestmark = pytest.mark.slow


@pytest.fixture
def shell():
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    made = InteractiveShell(config=config)
    net = Network("clam")
    net.osc = net.types.SimpleOscillator
    net.out = net.types.AudioSink
    net.osc > net.out
    made.user_ns |= {"net": net, "np": np, "frames": np.zeros((10, 48, 64), np.uint8)}
    made.run_line_magic("load_ext", "ipyclam_console")
    yield made
    made.run_line_magic("unload_ext", "ipyclam_console")
    net.close()
    made._atexit_once()
    atexit.unregister(made.atexit_operations)
    made.restore_sys_module_state()


def typed(shell: InteractiveShell, line: str) -> None:
    shell.run_cell(line).raise_error()


def test_a_port_with_spaces_in_its_name(shell, probe, capsys):
    typed(shell, '%video demo.mp4 net.osc["Audio Output"] --seconds 2 --audio --view spectrogram --size 640x360 --rate 30')
    film = probe("demo.mp4")
    assert (film["video"]["height"], film["video"]["width"], int(film["video"]["nb_read_frames"])) == (360, 640, 60)
    assert film["audio"]["codec_name"] == "aac"
    assert "wrote demo.mp4: 2.0 s, 60 frames of 640 x 360 (ffmpeg)" in capsys.readouterr().out


def test_a_port_by_attribute(shell, probe):
    typed(shell, "%video demo net.osc.Audio_Output -s 0.4 --view oscilloscope,vumeter")
    assert int(probe("demo.avi")["video"]["nb_read_frames"]) == 10


@pytest.mark.parametrize(
    "source", ["frames", "frames[:, ::2]", "[frame for frame in frames]", "lambda t: frames[0]", '"lambda t: frames[0]"']
)
def test_what_gives_frames(shell, source, probe):
    typed(shell, f"%video demo.avi {source} --seconds 0.4")
    assert int(probe("demo.avi")["video"]["nb_read_frames"]) == 10


def test_arrays_end_by_themselves(shell, capsys):
    typed(shell, "%video demo.avi frames")
    assert "wrote demo.avi: 0.4 s, 10 frames of 64 x 48 (mencoder)" in capsys.readouterr().out


def test_sound_may_be_an_expression(shell, probe):
    typed(shell, "%video demo.avi frames --sound np.zeros(48000)")
    assert probe("demo.avi")["audio"]["codec_name"] == "pcm_s16le"


def test_a_playing_network_is_filmed_as_it_plays(shell, probe):
    shell.user_ns["net"].play(device="clock")
    typed(shell, "%video demo.avi net.osc --seconds 0.8 --audio")
    assert int(probe("demo.avi")["video"]["nb_read_frames"]) == 20


def test_control_c_leaves_a_film_of_what_was_done(shell, probe, capsys):
    shell.user_ns["net"].play(device="clock")

    def press() -> None:
        being_written("demo.partial.avi")
        _thread.interrupt_main()

    pressing = threading.Thread(target=press)
    pressing.start()
    typed(shell, "%video demo.avi net.osc --seconds 200 --audio")
    pressing.join()
    assert "stopped; wrote demo.avi" in capsys.readouterr().out
    assert 0 < int(probe("demo.avi")["video"]["nb_read_frames"]) < 200 * 25
    assert os.listdir() == ["demo.avi"]


@pytest.mark.parametrize(
    ("line", "error", "words"),
    [
        ("%video", UsageError, "required"),
        ("%video demo.avi", UsageError, "required"),
        ("%video demo.avi frames --size large", UsageError, "Type WIDTHxHEIGHT, such as 640x480"),
        ("%video demo.avi frames --size (480,640)", UsageError, "Type WIDTHxHEIGHT, such as 640x480"),
        ("%video demo.avi frames --rate 0", UsageError, "above 0"),
        ("%video demo.avi frames[", UsageError, "SOURCE must be an expression"),
        ("%video demo.wmv frames", ValueError, "no encoder writes"),
        ("%video demo.avi net.osc --view scope", ValueError, "no view 'scope'"),
        ("%video demo.avi nothing_of_that_name", UsageError, "SOURCE nothing_of_that_name: NameError"),
        ("%video demo.avi 3", TypeError, "the source of a video must be"),
    ],
)
def test_a_wrong_line_says_what_is_wrong(shell, line, error, words):
    with pytest.raises(error, match=words):
        typed(shell, line)
    assert os.listdir() == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('demo.mp4 net.osc["Audio Output"] -s 5', ["demo.mp4", "'net.osc[\"Audio Output\"]'", "-s", "5"]),
        ("'my film.mp4' net.osc", ["'my film.mp4'", "net.osc"]),
        ("a.mp4 f(1, 2)", ["a.mp4", "'f(1, 2)'"]),
        ("a.mp4 lambda t: f(t)", ["a.mp4", "lambda", "t:", "'f(t)'"]),
    ],
)
def test_words_with_brackets_are_kept_whole(line, words):
    assert quoted(line).split(" ") == " ".join(words).split(" ")


def completions(shell: InteractiveShell, line: str) -> list[str]:
    with provisionalcompleter():
        return [match.text for match in shell.Completer.completions(line, len(line))]


@pytest.mark.parametrize(
    ("line", "first"),
    [
        ("%video demo.mp4 net.osc --view spec", ["spectrogram", "spectrum"]),
        ("%video demo.mp4 net.osc --view peaks,spectro", ["peaks,spectrogram"]),
        ("%video demo.mp4 net.osc --encoder b", ["bundled"]),
        ("%video demo.mp4 net.o", ["osc", "out"]),
        ('%video demo.mp4 net.osc["Au', ["Audio Output"]),
        ("%video demo.mp4 net.osc --au", ["--audio"]),
    ],
)
def test_tab_knows_its_arguments(shell, line, first):
    assert [text.strip("\"']") for text in completions(shell, line)][: len(first)] == first


def test_a_film_can_be_written_to_every_name_that_tab_offers(shell):
    known = {suffix for name in encoders.registry.names() for suffix in encoders.registry.load(name).SUFFIXES}
    for suffix in known | {".wmv"}:
        open(f"film{suffix}", "w").close()
    assert set(completions(shell, "%video film.")) == {f"film{suffix}" for suffix in known}


def test_every_encoder_is_offered_the_best_first(shell):
    offered = completions(shell, "%video demo.mp4 net.osc --encoder ")
    assert set(offered) == {"auto", *encoders.registry.names()}
    assert offered[0] == "auto"
    assert offered[1:] == sorted(offered[1:], key=lambda name: encoders.registry.load(name).RANK)


def test_the_braces_of_the_source_are_the_users(shell, probe):
    """IPython replaces ``{name}`` in the lines of magics."""
    shell.user_ns |= {"k": 3, "n": "numbered", "draw": lambda text: np.full((48, 64), 20 * int(text), np.uint8)}
    typed(shell, '%video {n}_{k}.avi [draw(f"{k}") for k in range(5)]')
    assert int(probe("numbered_3.avi")["video"]["nb_read_frames"]) == 5


@pytest.mark.parametrize("source", ["undefined_name", "1/0", "net.nothing"])
def test_a_source_that_fails_is_one_line(shell, source, capsys):
    shell.run_cell(f"%video film.avi {source}")
    told = capsys.readouterr()
    assert len((told.out + told.err).strip().splitlines()) == 1
    assert not os.path.exists("film.avi")
