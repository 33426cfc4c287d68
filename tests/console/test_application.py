"""``ipyclam_console`` as a command: its options, its FILE, its exit codes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ipyclam_core import Network

pytestmark = pytest.mark.slow

Result = subprocess.CompletedProcess[str]
Command = Callable[..., Result]


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """Run ``ipyclam_console`` in an empty folder, with an IPython folder of its own."""
    program = shutil.which("ipyclam_console", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert program is not None
    environment = {**os.environ, "IPYTHONDIR": str(tmp_path / "ipython"), "COLUMNS": "200"}
    folder = tmp_path / "folder"
    folder.mkdir()

    def run(*arguments: str) -> Result:
        return subprocess.run(
            [program, *arguments], cwd=folder, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120
        )

    run.folder = folder  # type: ignore[attr-defined]
    return run


@pytest.fixture
def folder(command: Command) -> Path:
    return command.folder  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def song(folder: Path) -> str:
    net = Network("dummy")
    net.osc, net.sink = net.types.Oscillator, net.types.Sink
    net.osc > net.sink
    net.save(folder / "song.py")
    return "song.py"


def test_net_and_network_are_there(command: Command) -> None:
    done = command("-c", "print(net.engine, len(net), Network is type(net))")
    assert (done.returncode, done.stdout, done.stderr) == (0, "clam 0 True\n", "")


def test_the_limiter_is_on_unless_one_says_so(command: Command) -> None:
    code = "%play --device clock\nprint(net.proxy.inner.limiter)\n%stop"
    for options, told in (((), "True"), (("--no-limiter",), "False")):
        assert told in command(*options, "-c", code).stdout.splitlines()
    assert "--no-limiter" in command("--help").stdout


def test_exit_is_no_error(command: Command) -> None:
    assert command("-c", "exit").returncode == 0


def test_starting_imports_nothing_heavy(command: Command) -> None:
    done = command(
        "-c", "import sys; print(*sorted({'numba', 'llvmlite', 'scipy', 'jack', 'sounddevice', 'jedi', 'rich'} & set(sys.modules)))"
    )
    assert done.stdout == "\n"


def test_the_engine_is_an_option(command: Command) -> None:
    assert command("--engine=dummy", "-c", "print(net.engine)").stdout == "dummy\n"


def test_an_engine_that_is_not_there(command: Command) -> None:
    done = command("--engine=clamm", "-c", "1")
    assert (done.returncode, done.stderr) == (2, "ipyclam: there is no net: there is no engine 'clamm'; did you mean 'clam'?\n")


def test_options_say_how_to_play(command: Command) -> None:
    done = command("--device=clock", "--sample-rate=44100", "--block-size=256", "-c", "%play\nprint(net.status())")
    assert "device='clock'" in done.stdout
    assert "sample_rate=44100" in done.stdout
    assert "block_size=256" in done.stdout


def test_options_that_no_device_could_play_at(command: Command) -> None:
    done = command("--engine=dummy", "--block-size=-3", "-c", "print(net.state)")
    assert (done.returncode, done.stdout) == (1, "")
    assert "'block_size'" in done.stderr


def test_play_plays_at_once(command: Command, song: str) -> None:
    assert command("--engine=dummy", song, "--play", "-c", "print(net.state)").stdout.endswith("playing\n")


def test_a_file_is_loaded(command: Command, song: str) -> None:
    done = command("--engine=dummy", song, "-c", "print(list(net))")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "['osc', 'sink']")


def test_undo_goes_back_to_the_file_that_the_console_began_with_and_no_further(command: Command, song: str) -> None:
    code = "net.more = 'Sink'; print(net.undo(), list(net), net.history.done); net.undo()"
    done = command("--engine=dummy", song, "-c", code)
    assert "add more ['osc', 'sink'] ()" in done.stdout
    assert "there is nothing to undo: the session began with this network" in done.stdout + done.stderr


def test_a_bare_save_goes_to_the_file(command: Command, song: str, folder: Path) -> None:
    command("--engine=dummy", song, "-c", "net.more = 'Sink'\n%save")
    assert "net.more" in (folder / song).read_text()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (None, "ipyclam_console: song.py: No such file or directory"),
        ("from ipyclam_core import Network\nnet = Network('dummy')\nimport os\n", "ipyclam_console: song.py, line 3: "),
        ("", "ipyclam_console: song.py, line 1: "),
    ],
)
def test_a_file_that_cannot_be_loaded_is_told_in_one_line_and_is_the_end(
    command: Command, folder: Path, text: str | None, complaint: str
) -> None:
    if text is not None:
        (folder / "song.py").write_text(text)
    done = command("--engine=dummy", "song.py", "-c", "print('not reached')")
    assert done.returncode == 1
    assert "not reached" not in done.stdout
    [line] = done.stderr.splitlines()
    assert line.startswith(complaint)


def test_a_copy_leaves_its_file_alone(command: Command, song: str, folder: Path) -> None:
    before = (folder / song).read_bytes()
    told = command("--engine=dummy", song, "--copy", "-c", "net.osc.Frequency = 3\n%save")
    assert "net has 2 processings" in told.stdout
    assert "this network has no file yet. Type %save FILE.py" in told.stdout + told.stderr
    assert (folder / song).read_bytes() == before


def test_a_suffix_that_nobody_knows(command: Command) -> None:
    done = command("song.mp3", "-c", "1")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("code", ["net.nothing", "1/0", "%play abc", "%plya", "raise SystemExit(3)"])
def test_code_that_fails_is_an_exit_code(command: Command, code: str) -> None:
    assert command("--engine=dummy", "-c", code).returncode != 0


def test_one_file_at_a_time(command: Command) -> None:
    done = command("a.py", "b.py")
    assert (done.returncode, done.stderr) == (2, "ipyclam_console: give one FILE, not 2: a.py, b.py\n")


def test_help_names_our_options(command: Command) -> None:
    text = command("--help").stdout
    assert all(option in text for option in ("--engine", "--device", "--sample-rate", "--block-size", "--play", "[FILE]"))
    assert "Session(Configurable) options" in command("--help-all").stdout


def test_the_examples_of_the_help_begin_in_one_column(command: Command) -> None:
    examples = [line for line in command("--help").stdout.splitlines() if line.strip().startswith("ipyclam_console ") and line[0] == " "]
    assert len(examples) > 3
    assert {len(line) - len(line.lstrip()) for line in examples} == {4}


def test_our_options_come_first(command: Command) -> None:
    text = command("--help").stdout
    own, others = text.split("Options of IPython")
    assert all(f"\n--{option}" in own for option in ("play", "copy", "engine", "device", "sample-rate", "block-size", "start-server"))
    assert "--pdb" in others


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--nope", "there is no option --nope; did you mean '--nosep'?"),
        ("--devise=clock", "there is no option --devise; did you mean '--device'?"),
        ("--plya", "there is no option --plya; did you mean '--play'?"),
    ],
)
def test_an_unknown_option_is_told_in_one_line(command: Command, option: str, said: str) -> None:
    done = command(option)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"ipyclam_console: {said}\n")


def test_it_has_a_configuration_and_a_profile_of_its_own(command: Command, tmp_path: Path) -> None:
    profile = tmp_path / "ipython" / "profile_ipyclam"
    command("-c", "exit")
    assert profile.is_dir()
    (profile / "ipyclam_console_config.py").write_text("c = get_config()\nc.Session.engine = 'dummy'\n")
    assert command("-c", "print(net.engine)").stdout == "dummy\n"
    assert command("--engine=clam", "-c", "print(net.engine)").stdout == "clam\n"


def test_startup_files_of_the_profile_find_net(command: Command, tmp_path: Path) -> None:
    startup = tmp_path / "ipython" / "profile_ipyclam" / "startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text("net.first = 'Sink'\n")
    assert command("--engine=dummy", "-c", "print(list(net))").stdout == "['first']\n"


def test_what_plays_is_ended_with_the_process(command: Command) -> None:
    done = command("--device=clock", "-c", "net.osc, net.sink = 'Oscillator', 'AudioSink'; net.osc > net.sink; net.play('clock')")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_recording_is_readable_after_leaving(command: Command, folder: Path) -> None:
    import soundfile

    code = (
        "net.osc, net.sink = 'Oscillator', 'AudioSink'; net.osc > net.sink\n"
        "%play --output out.wav --device clock\nwhile net.status().position < 0.2: pass"
    )
    assert command("-c", code).returncode == 0
    assert soundfile.info(folder / "out.wav").frames > 4800


@pytest.mark.parametrize("code", ["import ipyclam_console.shell, gc; print(gc.isenabled())", "import gc; print(gc.isenabled())"])
def test_garbage_is_collected_once_the_shell_is_there(command: Command, code: str) -> None:
    assert command("-c", code).stdout == "True\n"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "True\n"


def test_a_recording_into_no_folder(command: Command, folder: Path) -> None:
    done = command("--device=clock", "-c", "net.osc, net.sink = 'Oscillator', 'AudioSink'\n%play 1 --output nowhere/out.wav")
    assert "UsageError: argument --output/-o: nowhere/out.wav cannot be written: there is no folder 'nowhere'" in done.stderr
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("option", "complaint"),
    [
        ("--nope", "there is no option --nope; did you mean '--nosep'?"),
        ("--devise=clock", "there is no option --devise; did you mean '--device'?"),
        ("-x", "there is no option -x. For help: ipyclam_console --help"),
        ("--device", "--device needs a value. For help: ipyclam_console --help"),
        ("-c", "-c needs a value. For help: ipyclam_console --help"),
        ("--sample-rate=high", "--sample-rate takes a whole number, not 'high'"),
    ],
)
def test_a_wrong_option_is_told_in_one_line(command: Command, option: str, complaint: str) -> None:
    done = command(option)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"ipyclam_console: {complaint}\n")
