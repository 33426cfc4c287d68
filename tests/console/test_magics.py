"""Magics: each is a short spelling of what the network does, and says what it did."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from IPython.core.interactiveshell import InteractiveShell
from waiting import eventually

from ipyclam_console.extension import session_of
from ipyclam_console.prompts import Toolbar
from ipyclam_core import Network

Run = Callable[[str], str]


@pytest.fixture
def run(console: InteractiveShell, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a cell in an empty folder; what it wrote."""
    monkeypatch.chdir(tmp_path)

    def run_cell(cell: str) -> str:
        capsys.readouterr()
        console.run_cell(cell, store_history=True)
        out, err = capsys.readouterr()
        return (out + err).strip()

    return run_cell


@pytest.fixture
def sine(console: InteractiveShell) -> Iterator[Network]:
    """A network that sounds, as ``net``."""
    console.user_ns["net"] = net = Network("clam")
    net.osc, net.sink = net.types.Oscillator, net.types.AudioSink
    net.osc > net.sink
    yield net
    net.close()


def test_play_pause_stop(run: Run, net: Network) -> None:
    states = []
    for magic in ("%play", "%pause", "%play", "%stop"):
        run(magic)
        states.append(net.state)
    assert states == ["playing", "paused", "playing", "stopped"]


def test_networks_that_no_variable_shows_are_seen_and_stopped(run: Run, sine: Network, console: InteractiveShell) -> None:
    toolbar = Toolbar(session_of(console))
    run("%play --device clock")
    run("elsewhere = [net]; net = Network()")
    assert "1 other network plays: %stop --all" in toolbar()
    assert "stopped 1 network" in run("%stop --all")
    assert sine.state == "stopped"
    eventually(lambda: "plays" in toolbar(), False)


def test_play_for_some_seconds_stops(run: Run, net: Network) -> None:
    assert "0.2/0.2 s" in run("%play 0.2")
    assert net.state == "stopped"


def test_play_takes_the_configured_device(run: Run, net: Network, console: InteractiveShell) -> None:
    console.run_cell("%config Session.device = 'clock'")
    assert "clock" in run("%play")
    assert net.status().device == "clock"


def test_what_is_recorded_is_what_is_rendered(run: Run, sine: Network, tmp_path: Path) -> None:
    assert "wrote out.wav: 0.50 s, 1 channel, 48000 Hz" in run("%play 0.5 --output out.wav --device clock")
    samples, rate = soundfile.read(tmp_path / "out.wav", dtype="float32", always_2d=True)
    assert rate == 48000
    np.testing.assert_array_equal(samples, sine.render(0.5, sample_rate=48000))


def test_a_recording_goes_on_until_stop(run: Run, sine: Network, tmp_path: Path) -> None:
    assert "recording my take.wav. To end it: %stop" in run('%play --output "my take.wav" --device clock')
    assert "recording my take.wav" in run("%status")
    eventually(lambda: sine.status().position > 0.1)
    assert "wrote my take.wav: " in run("%stop")
    assert soundfile.info(tmp_path / "my take.wav").frames > 0
    assert "recording" not in run("%status")


def test_a_recording_that_never_begins_leaves_no_file(run: Run, sine: Network, tmp_path: Path) -> None:
    assert "there is no device 'zzz'" in run("%play 1 --output out.wav --device zzz")
    assert list(tmp_path.iterdir()) == []


def test_an_armed_recording_is_shown_and_cancelled(run: Run, sine: Network, tmp_path: Path) -> None:
    run("end = net.record('take.wav')")
    assert "the next play() records to take.wav. To cancel it: stop()" in run("%status")
    run("%stop")
    assert "take.wav" not in run("%status")
    run("%play 0.1 --device clock")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.filterwarnings("ignore:.*the disk is full")
def test_a_full_disk_is_an_error_of_what_wrote_to_it(run: Run, sine: Network, small_disk: Path) -> None:
    said = run("%play 3 --output disk/take.wav --device clock")
    there = f"disk/take.wav: the disk is full. The file has the first {soundfile.info(small_disk / 'take.wav').duration:.2f} seconds"
    assert f"WriteFailed: {there}" in said
    assert "wrote" not in said
    for suffix in ("wav", "flac"):
        assert f"WriteFailed: disk/other.{suffix} cannot be written: the disk is full" in run(f"%render disk/other.{suffix} 20")
    assert [path.name for path in small_disk.iterdir()] == ["take.wav"]


def test_a_render_does_not_write_over_a_recording(run: Run, sine: Network, tmp_path: Path) -> None:
    run("%play --output take.wav --device clock")
    assert "FileInUse: 'take.wav' is being written at the moment. Choose another file" in run("%render take.wav 0.1")
    eventually(lambda: sine.status().position > 0.2)
    run("%stop")
    assert soundfile.info(tmp_path / "take.wav").duration > 0.2


def test_a_loop_needs_its_length(run: Run) -> None:
    assert run("%play --loop") == "UsageError: --loop needs SECONDS, the length of one repetition. Type %play 4 --loop"


def test_playing_what_cannot_sound_says_so(run: Run, console: InteractiveShell, tmp_path: Path) -> None:
    from ipyclam_core import Placeholder

    console.user_ns["net"] = net = Network("clam")
    net.thing = Placeholder("NoSuchThing", outports=["Out"])
    assert "NotPlayable" in run("%play 1 --output out.wav")
    assert net.state == "stopped"
    assert not (tmp_path / "out.wav").exists()
    assert "recording" not in run("%status")


@pytest.mark.parametrize("suffix", ["wav", "aiff", "au", "CAF"])
def test_render_writes_what_render_gives(run: Run, sine: Network, tmp_path: Path, suffix: str) -> None:
    assert f"wrote out.{suffix}: 0.30 s, 1 channel, 48000 Hz" in run(f"%render out.{suffix} 0.3")
    samples, _ = soundfile.read(tmp_path / f"out.{suffix}", dtype="float32", always_2d=True)
    np.testing.assert_array_equal(samples, sine.render(0.3, sample_rate=48000))


def test_render_takes_the_configured_sample_rate(run: Run, sine: Network, tmp_path: Path) -> None:
    run("%config Session.sample_rate = 22050")
    run("%render out.flac 0.2")
    assert soundfile.info(tmp_path / "out.flac").samplerate == 22050


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("out.aifff", "'out.aifff' is not the name of a sound file, such as take.wav or take.flac; did you mean '.aiff'?"),
        ("out", "'out' is not the name of a sound file, such as take.wav or take.flac"),
    ],
)
def test_render_to_what_is_no_sound_file_says_so(run: Run, sine: Network, tmp_path: Path, name: str, said: str) -> None:
    assert run(f"%render {name} 0.1").endswith(said)
    assert list(tmp_path.iterdir()) == []


def test_render_into_no_folder_leaves_nothing(run: Run, sine: Network, tmp_path: Path) -> None:
    said = run("%render nowhere/out.wav 0.1")
    assert said == "UsageError: argument FILE.wav: nowhere/out.wav cannot be written: there is no folder 'nowhere'"  # before it renders
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []


def test_save_and_open(run: Run, net: Network, tmp_path: Path) -> None:
    net.osc, net.sink = "Oscillator", "Sink"
    net.osc > net.sink
    assert run("%save my.py") == "saved my.py: 2 processings, 1 wire"
    net.clear()
    assert run("%open my.py") == "net has 2 processings, 1 wire from my.py"
    assert list(net) == ["osc", "sink"]


def test_opening_tells_what_was_not_saved(run: Run, net: Network, tmp_path: Path) -> None:
    net.osc = "Oscillator"
    run("%save my.py")
    assert run("%open my.py") == "net has 1 processing, 0 wires from my.py"
    net.sink = "Sink"
    told = "net has 1 processing, 0 wires from my.py. What was there before was not saved: %undo brings back its 2 processings"
    assert run("%open my.py") == told
    run("%undo")
    assert list(net) == ["osc", "sink"]


def test_undoing_an_opening_goes_back_to_the_file_before(run: Run, net: Network, tmp_path: Path) -> None:
    run("%save b.py")
    net.osc = "Oscillator"
    run("%save a.py")
    held = Path("b.py").read_text()
    run("%open b.py")
    run("%undo")
    assert not net.modified
    assert run("%save") == "saved a.py: 1 processing, 0 wires"
    assert Path("b.py").read_text() == held
    run("%redo")
    assert not net.modified
    assert run("%save") == "saved b.py: 0 processings, 0 wires"


def test_saving_and_loading_in_python_are_the_same_to_a_bare_save(run: Run, net: Network, tmp_path: Path) -> None:
    run("%save a.py")
    net.osc = "Oscillator"
    net.save("b.py")
    assert run("%save") == "saved b.py: 1 processing, 0 wires"
    net.load("a.py")
    assert run("%save") == "saved a.py: 0 processings, 0 wires"


def test_a_cleared_network_belongs_to_no_file_until_that_is_undone(run: Run, net: Network, tmp_path: Path) -> None:
    net.osc = "Oscillator"
    run("%save a.py")
    net.clear()
    assert run("%save") == "UsageError: this network has no file yet. Type %save FILE.py"
    net.undo()
    assert not net.modified
    assert run("%save") == "saved a.py: 1 processing, 0 wires"


def test_a_file_that_another_program_has_changed_is_not_replaced(run: Run, net: Network, tmp_path: Path) -> None:
    run("%save a.py")
    Path("a.py").write_text("from ipyclam_core import Network\nnet = Network('dummy')\n# mine\n")
    told = "UsageError: a.py was changed by another program since it was opened here. Save under another name, or open it again: %open a.py"
    assert run("%save") == told
    assert "# mine" in Path("a.py").read_text()


@pytest.mark.parametrize("name", ["song.txt", "song.wav"])
def test_a_network_is_saved_in_a_format_for_networks_only(run: Run, net: Network, tmp_path: Path, name: str) -> None:
    told = run(f"%save {name}")
    assert told == f"UsageError: a network is saved as .clamnetwork or .py, not {Path(name).suffix}. Type %save song.py"
    assert list(tmp_path.iterdir()) == []


def test_a_name_without_a_suffix_is_opened_as_it_is_saved(run: Run, net: Network, tmp_path: Path) -> None:
    run("%save song")
    assert run("%open song") == "net has 0 processings, 0 wires from song.py"
    assert run("%open nowhere").endswith("nowhere.py: No such file or directory")


def test_a_bare_save_takes_the_file_of_before(run: Run, net: Network, tmp_path: Path) -> None:
    run("%save my.py")
    net.osc = "Oscillator"
    assert run("%save") == "saved my.py: 1 processing, 0 wires"
    assert "net.osc" in (tmp_path / "my.py").read_text()


def test_a_bare_save_takes_the_file_opened(run: Run, net: Network, tmp_path: Path) -> None:
    run("%save a.py"), run("%save b.py"), run("%open a.py")
    assert run("%save") == "saved a.py: 0 processings, 0 wires"


def test_a_bare_save_of_another_network_is_told_no_file(run: Run, net: Network) -> None:
    run("%save my.py")
    run("net = Network('dummy')")
    assert run("%save") == "UsageError: this network has no file yet. Type %save FILE.py"


def test_a_name_with_spaces(run: Run, net: Network, tmp_path: Path) -> None:
    run('%save "my song.py"')
    assert (tmp_path / "my song.py").exists()
    assert run("%open 'my song.py'").startswith("net has")


def test_a_program_that_somebody_wrote_is_not_overwritten(run: Run, net: Network, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("print('hello')\n")
    assert run("%save mine.py") == "UsageError: mine.py already exists and is not a network file. Choose another name, or delete it first"
    assert (tmp_path / "mine.py").read_text() == "print('hello')\n"


@pytest.mark.parametrize("line", ["typed.py 1", "typed 1", "-r typed.py 1", "-f typed.py 1-1", "-a typed.py 1"])
def test_ranges_and_options_are_ipythons(run: Run, net: Network, tmp_path: Path, line: str) -> None:
    run("a = 1")
    assert "The following commands were written" in run(f"%save {line}")
    assert "a = 1" in next(tmp_path.iterdir()).read_text()


@pytest.mark.parametrize("name", ["missing.py", "missing.clamnetwork"])
def test_opening_what_is_not_there_changes_nothing(run: Run, net: Network, name: str) -> None:
    net.osc = "Oscillator"
    assert run(f"%open {name}") == f"FileNotFoundError: {name}: No such file or directory"
    assert list(net) == ["osc"]


def test_opening_what_is_no_network_names_the_line(run: Run, net: Network, tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("from ipyclam_core import Network\nnet = Network('dummy')\nimport os\n")
    net.osc = "Oscillator"
    assert run("%open bad.py").startswith("FormatError: bad.py, line 3: ")
    assert list(net) == ["osc"]


def test_opening_what_is_not_only_a_network_names_the_option(run: Run, net: Network, tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text("from ipyclam_core import Network\nnet = Network('dummy')\nfor k in range(2):\n    pass\n")
    assert "in the console %open --trusted" in run("%open code.py")
    assert run("%open --trusted code.py") == "net has 0 processings, 0 wires from code.py"


def test_undo_and_redo_say_what(run: Run, net: Network) -> None:
    run("net.osc = 'Oscillator'")
    run("net.osc.Frequency = 2.0")
    assert run("%undo") == "undone: osc.Frequency 440 -> 2"
    assert run("%undo") == "undone: add osc"
    assert run("%redo 2") == "redone: add osc\nredone: osc.Frequency 440 -> 2"
    assert net.osc.Frequency == 2.0


@pytest.mark.parametrize("line", ["%undo 0", "%undo -1", "%redo x", "%undo 1.5"])
def test_a_number_of_steps_that_is_none_is_refused(run: Run, net: Network, line: str) -> None:
    run("net.osc = 'Oscillator'")
    assert run(line).startswith("UsageError: ")
    assert list(net) == ["osc"]


def test_the_history_of_the_network_says_what_undo_and_redo_would_take(run: Run, net: Network) -> None:
    assert run("%history net") == "nothing to undo or redo"
    run("net.osc = 'Oscillator'")
    run("net.osc.Frequency = 2.0")
    run("net.osc.Frequency = 3.0")
    run("%undo")
    assert run("%history net").split("\n") == [
        "%undo 2    add osc",
        "%undo 1    osc.Frequency 440 -> 2",
        "%redo 1    osc.Frequency 2 -> 3",
    ]


def test_every_other_history_is_that_of_ipython(run: Run, net: Network) -> None:
    run("net.osc = 'Oscillator'")
    assert "net.osc = 'Oscillator'" in run("%history")
    assert run("%history -n 1").strip() == "1: net.osc = 'Oscillator'"


def test_types_are_listed_by_category(run: Run, net: Network) -> None:
    lines = run("%types").splitlines()
    assert "Generators" in lines
    assert lines[lines.index("Generators") + 1] == "  Oscillator"


def test_types_are_found(run: Run, net: Network) -> None:
    assert run("%types periodic wave").splitlines()[0] == "Oscillator  Generators  A periodic wave, whose pitch can be played"
    assert run("%types nothing like it") == "UsageError: no type of the dummy engine fits 'nothing like it'. To list them all: %types"


def test_tree_draws_the_network(run: Run, net: Network) -> None:
    net.osc, net.mix, net["my out"], net.sender = "Oscillator", "Mixer", "Sink", "Sender"
    net.osc.Frequency = 220.0
    net.osc.Level = 0.5
    net.osc > net.mix > net["my out"]
    net.sender > net.osc.Pitch
    assert run("%tree") == "\n".join(
        [
            "net  dummy, stopped, 4 processings, 3 wires",
            "├─ osc  Oscillator",
            "│     Frequency = 220 Hz",
            "│     Level ← 0.5",
            '│     Output ──▶ mix["Input 1"]',
            "├─ mix  Mixer",
            "│     Audio Output ──▶ my out.Input",
            "├─ my out  Sink",
            "└─ sender  Sender",
            "      Value ┄┄▶ osc.Pitch",
        ]
    )


def test_tree_of_some_shows_what_arrives_too(run: Run, net: Network) -> None:
    net.osc, net.mix = "Oscillator", "Mixer"
    net.osc > net.mix
    assert run("%tree mix").splitlines() == ["mix  Mixer", "   Input 1 ◀── osc.Output"]


def test_tree_of_what_is_longer_than_the_terminal_has_a_row_for_each(run: Run, net: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "64")
    monkeypatch.setenv("LINES", "9")
    net.osc, net.mix, net["my out"], net.sender = "Oscillator", "Mixer", "Sink", "Sender"
    net.osc.Frequency = 220.0
    net.osc.Level = 0.5
    net.osc > net.mix > net["my out"]
    net.osc.Output > net.mix["Input 2"]
    net.sender > net.osc.Pitch
    assert run("%tree").splitlines() == [
        "net  dummy, stopped, 4 processings, 4 wires",
        "├─ osc     Oscillator  Frequency = 220 Hz  Level ← 0.5",
        '│                      ──▶ mix["Input 1"], mix["Input 2"]',
        "├─ mix     Mixer       ──▶ my out",
        "├─ my out  Sink",
        "└─ sender  Sender      ┄┄▶ osc.Pitch",
    ]
    assert '   Output ──▶ mix["Input 2"]' in run("%tree osc").splitlines()


@pytest.mark.parametrize("columns", [20, 40, 80, 120])
def test_tree_of_sixty_keeps_to_the_terminal(run: Run, net: Network, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("LINES", "24")
    net.lfo = "Sender"
    for k in range(60):
        net[f"voice{k}"] = "Oscillator"
        net.lfo > net[f"voice{k}"].Pitch
    shown = run("%tree --all").splitlines()
    assert [line.split()[1] for line in shown[1:] if line[0] != "│"] == list(net)
    assert sum(line.count(f"voice{k}.Pitch") for line in shown for k in (7, 59)) == 2
    assert columns < 40 or max(map(len, shown[1:])) <= columns


def test_tree_folds_processings_that_are_alike(run: Run, net: Network) -> None:
    net.mix, net.lfo = "Mixer", "Sender"
    net.bank("osc{}", "Oscillator", 50, Frequency=[110.0 * k for k in range(1, 51)]) > net.mix["Input 1"]
    net.lfo > net.group("osc*").Pitch
    net.group("osc*").Level = 0.3
    net.osc7.Level = 0.1
    assert run("%tree").splitlines() == [
        "net  dummy, stopped, 52 processings, 100 wires",
        "├─ mix  Mixer",
        "├─ lfo  Sender",
        "│     Value ┄┄▶ osc1 ... osc50.Pitch",
        "└─ osc1 ... osc50  (50 Oscillator)",
        "      Frequency = 110, 220, 330 ... 5500 Hz",
        "      Level ← 0.3 (osc7: 0.1)",
        '      Output ──▶ mix["Input 1"]',
    ]
    assert "osc7  Oscillator" in run("%tree osc7")
    assert run("%tree --all").count("  Oscillator  ") == 50


def test_tree_folds_only_what_is_alike(run: Run, net: Network) -> None:
    net.mix = "Mixer"
    net.bank("osc{}", "Oscillator", 7)
    net.group(["osc1", "osc3", "osc5"]) > net.mix["Input 1"]
    net.osc4.name = "four"
    assert [line for line in run("%tree").splitlines() if "Oscillator" in line] == [
        f"├─ {name}  Oscillator" for name in list(net)[1:-1]
    ] + ["└─ osc7  Oscillator"]
    net.osc8 = "Oscillator"
    assert "├─ osc2, osc6 ... osc8  (4 Oscillator)" in run("%tree")


def test_tree_says_which_are_connected_to_which(run: Run, net: Network) -> None:
    net.bank("osc{}", "Oscillator", 4)
    net.bank("mix{}", "Mixer", 4)
    for k in range(1, 5):
        net[f"osc{k}"] > net[f"mix{k}"]["Input 1"]
    assert '│     Output ──▶ mix1 ... mix4["Input 1"] (one each)' in run("%tree").splitlines()
    for k in range(1, 5):
        for other in range(1, 5):
            if other != k:
                net[f"osc{k}"] > net[f"mix{other}"]["Input 1"]
    assert '│     Output ──▶ mix1 ... mix4["Input 1"] (each to all)' in run("%tree").splitlines()


def test_tree_rounds_numbers_but_keeps_them_apart(run: Run, net: Network) -> None:
    net.osc, net.other = "Oscillator", "Oscillator"
    net.osc.Frequency, net.other.Frequency = 440.00000000001, 440.25
    net.osc.Level, net.other.Level = 0.30000001192092896, 0.30000004172325134
    shown = run("%tree").splitlines()
    assert [line.split(" ", 1)[1].strip() for line in shown[1:]] == [
        "osc  Oscillator", "Frequency = 440.00000000001 Hz", "Level ← 0.3",
        "other  Oscillator", "Frequency = 440.25 Hz", "Level ← 0.30000004",
    ]  # fmt: skip


@pytest.mark.parametrize("columns", [40, 60])
def test_tree_breaks_its_rows_between_words(run: Run, net: Network, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    net.bank("oscillator{}", "Oscillator", 5, Frequency=[1111.0, 2222.0, 3333.0, 4444.0, 5555.0])
    shown = run("%tree").splitlines()
    assert max(map(len, shown[1:])) <= columns
    said = " ".join(" ".join(line.strip("│└─ ") for line in shown[1:]).split())
    assert said == "oscillator1 ... oscillator5 (5 Oscillator) Frequency = 1111, 2222, 3333, 4444, 5555 Hz"


def test_tree_as_code_is_what_one_types(run: Run, net: Network) -> None:
    net.osc, net.mix = "Oscillator", "Mixer"
    net.osc.Frequency = 0.30000001192092896
    net.osc > net.mix
    assert run("%tree --code") == net.code()
    assert "--code shows the whole network" in run("%tree --code osc")


def test_markup_in_a_name_is_only_a_name(run: Run, net: Network) -> None:
    net["[bold]x[/bold]"] = "Sink"
    assert "[bold]x[/bold]  Sink" in run("%tree")


def test_status_says_what_the_load_comes_from(run: Run, sine: Network) -> None:
    run("%play --device clock")
    eventually(lambda: sine.status().profile)
    told = re.search(r"^  load by type: (.+)$", run("%status"), re.MULTILINE)
    assert told is not None
    shares = dict(share.rsplit(" ", 1) for share in told[1].split(", "))
    assert {"Oscillator"} <= set(shares) <= {"Oscillator", "(wires)"}
    assert sum(int(share.removesuffix("%")) for share in shares.values()) == pytest.approx(100, abs=1)


def test_status_of_a_network_at_rest(run: Run, net: Network) -> None:
    assert run("%status") == "stopped · 0:00.0"


def test_a_magic_acts_on_what_net_is_at_that_moment(run: Run, console: InteractiveShell) -> None:
    run("net = Network('dummy')")
    run("net.other = 'Sink'")
    assert "other  Sink" in run("%tree")


@pytest.mark.parametrize(("suffix", "kind"), [(".aif", "AIFF"), (".aiff", "AIFF"), (".oga", "OGG"), (".w64", "W64"), (".caf", "CAF")])
def test_a_render_has_the_format_of_its_suffix(console: InteractiveShell, tmp_path: Path, suffix: str, kind: str) -> None:
    import soundfile

    console.user_ns["net"] = net = Network("clam")
    net.osc, net.out = "Oscillator", "AudioSink"
    net.osc > net.out
    path = tmp_path / f"take{suffix}"
    console.run_cell(f"%render {path} 0.1").raise_error()
    console.run_cell(f"%play 0.1 --output {tmp_path / f'played{suffix}'} --device clock").raise_error()
    net.close()
    assert [soundfile.info(file).format for file in sorted(tmp_path.glob(f"*{suffix}"))] == [kind, kind]


def test_history_of_the_network_takes_nothing_else(run: Run, net: Network) -> None:
    net.osc = "Oscillator"
    assert run('%history "net"') == "%undo 1    add osc"
    assert run("%history net 3") == "UsageError: unrecognized arguments: 3. Type %history [net]"


def test_help_of_a_parameter_shows_what_it_takes(console: InteractiveShell, net: Network) -> None:
    net.osc = "Oscillator"
    assert "Frequency : a float from 0 to 24000 = 440.0 Hz" in console.object_inspect_text("net.osc.Frequency")
    assert "Waveform : one of " in console.object_inspect_text("net.osc._config.Waveform")


def test_the_end_of_a_timed_recording_is_told_at_the_next_prompt(run: Run, sine: Network, console: InteractiveShell) -> None:
    toolbar = Toolbar(session_of(console))
    run("%play --device clock")
    assert run("%record short.wav 0.1") == "recording short.wav, 0.1 s"
    eventually(lambda: "recorded short.wav" in str(toolbar()))
    assert re.fullmatch(r"(?s)2\n.*wrote short\.wav: .*|.*wrote short\.wav: .*2", run("print(1 + 1)"))
    assert run("print(1 + 1)") == "2"
    assert "short.wav" not in str(toolbar())


def test_values_of_controls_that_may_not_do_as_expected_are_remarked_once(run: Run, sine: Network) -> None:
    sine.pan, sine.lfo = "StereoPanner", "OutControlSender"
    sine.pan.Position = -9
    assert run("1;") == ""  # only what is sent at the prompt
    assert run("net.pan.Position = 7") == "# net.pan.Position has the range -1 to 1, and this value is outside of it"
    assert run("net.pan.Position = 8") == run("net.pan.Position = 0.5") == ""
    assert len(sine.lfo > sine.pan.Position) == 1
    assert run("net.pan.Position = 0").startswith("# net.lfo.out drives net.pan.Position: the next value")
    assert run("net.pan.Position = 0.1") == run("net.undo();") == ""


def test_wires_that_a_changed_parameter_takes_away_are_named(run: Run, sine: Network) -> None:
    sine.formula, sine.lfo = "ControlExpression", "LFO"
    sine.formula.Expression = "note * 2"
    assert len(sine.lfo > sine.formula.note) == 1
    said = run('net.formula.Expression = "a * 2"')
    assert said == "# removed, as a connector has gone: net.lfo['Output'] > net.formula['note']. To undo that: net.undo()"
    assert run("net.undo();") == ""
    assert len(sine.formula.note.peers) == 1


def test_a_network_file_that_is_put_into_the_prompt_is_said_to_be_one(run: Run, sine: Network) -> None:
    run("%save song.py")
    assert run("%load song.py").endswith("# To open it as the network: %open song.py")
    Path("plain.py").write_text("print(1)\n")
    assert "%open" not in run("%load plain.py")
    run("%save song.clamnetwork")
    assert "%open song.clamnetwork" in run("%load song.clamnetwork")


def test_a_recording_begins_is_shown_and_ends(run: Run, sine: Network, tmp_path: Path) -> None:
    assert run("%record") == "nothing is recorded. Type %record FILE.wav"
    assert run("%record stop") == "UsageError: nothing is recorded. Type %record FILE.wav"
    assert run("%record take.wav") == "recording take.wav, to end it: %record stop. It begins with %play"
    assert run("%record other.wav") == "UsageError: take.wav is being recorded. To end it: %record stop"
    run("%play --device clock")
    eventually(lambda: sine.status().position > 0.05)
    assert "recording take.wav" in run("%status")
    assert run("%record") == "recording take.wav"
    assert run("%record stop").startswith("wrote take.wav: ")
    assert run("%record short.wav 0.1") == "recording short.wav, 0.1 s"
    eventually(lambda: run("%record") == "nothing is recorded. Type %record FILE.wav")
    eventually(lambda: soundfile.info("short.wav").frames, 4800)
    run("%stop")
    assert run("%record never.wav").startswith("recording never.wav")
    assert "nothing was recorded to never.wav" in run("%record stop")
    assert not Path("never.wav").exists()
    run("%play --device clock")
    run("%record again.wav")
    eventually(lambda: sine.status().position > 0.1)
    assert "wrote again.wav: " in run("%stop")
