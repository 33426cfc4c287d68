"""Nothing in the current folder is imported by ipyclam: a folder that was downloaded may hold anything beside a network file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

pytestmark = pytest.mark.slow

PLANTED = (
    "soundfile", "soxr", "numpy", "numba", "llvmlite", "cffi", "jack", "igraph", "sounddevice", "resvg_py", "rich", "yaml", "random",
    "json", "gettext", "shlex", "inspect", "ipyclam_editor", "ipyclam_console_config", "ipython_config",
)  # fmt: skip
"""Modules that are imported when they are needed, by us or by those whom we call."""

LATER = "import os; os.chdir({folder!r}); import sys; sys.path.insert(0, '')\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a network file, its sound, and a Python file for each module that might be imported from there."""
    soundfile.write(tmp_path / "a.wav", np.zeros(4800, np.float32), 48000)
    (tmp_path / "song.py").write_text(
        'net = Network("clam")\nnet.a = net.types.MonoAudioFileReader\nnet.a.SourceFile = "a.wav"\n'
        "net.out = net.types.AudioSink\nnet.a > net.out\n"
    )
    for name in PLANTED:
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'RAN')!r}, 'a').write({name!r})\nraise RuntimeError('planted')\n")
    (tmp_path / "evil-1.dist-info").mkdir()
    (tmp_path / "evil-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: evil\nVersion: 1\n")
    (tmp_path / "evil-1.dist-info" / "entry_points.txt").write_text("[ipyclam.formats]\nevil = random\n[ipyclam.engines]\nworse = random\n")
    (tmp_path / "mymod.py").write_text("value = 7\n")
    return tmp_path


def run(folder: Path, *command: str, cache: Path | None = None) -> str:
    """What a program in the folder prints."""
    env = {**os.environ, "HOME": str(folder / "home"), **({"XDG_CACHE_HOME": str(cache)} if cache else {})}
    env.pop("PYTHONPATH", None)
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=240, stdin=subprocess.DEVNULL, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_a_program_in_a_downloaded_folder_loads_plays_and_draws_without_it(folder: Path) -> None:
    program = (
        LATER.format(folder=str(folder))  # after the interpreter has begun: what Python itself imports is not ours
        + "import ipyclam_core\nnet = ipyclam_core.Network()\nnet.load('song.py')\nnet.render(0.1)\nnet.play('clock')\nnet.stop()\n"
        "net.save('again.clamnetwork')\nnet.draw('net.svg')\nimport mymod\nprint(mymod.value)\n"
    )
    assert run(folder.parent, sys.executable, "-P", "-c", program) == "7\n"
    assert not (folder / "RAN").exists()


def test_the_console_in_a_downloaded_folder_imports_nothing_of_it(folder: Path) -> None:
    console = os.path.join(os.path.dirname(sys.executable), "ipyclam_console")
    said = run(folder, console, "song.py", "-c", "net.render(.01); net.draw('x.svg'); import mymod; print(mymod.value)")
    assert said.splitlines()[-1] == "7"
    assert not (folder / "RAN").exists()


def test_types_that_the_user_names_may_be_in_the_current_folder(folder: Path) -> None:
    (folder / "mytypes.py").write_text("value = 3\n")
    program = LATER.format(folder=str(folder)) + (
        "from ipyclam_core import Network\nNetwork('clam', types=['mytypes'])\nimport mytypes, sys\nprint(mytypes.value)\n"
        "try: Network().load('x.py')\nexcept ValueError as error: print('refused')\nprint('other' in sys.modules)\n"
    )
    (folder / "x.py").write_text('net = Network("clam", types=["other"])\n')
    (folder / "other.py").write_text(f"open({str(folder / 'RAN')!r}, 'a')\n")
    assert run(folder.parent, sys.executable, "-P", "-c", program) == "3\nrefused\nFalse\n"
    assert not (folder / "RAN").exists()


def test_code_of_the_user_that_we_call_imports_as_it_does_elsewhere(folder: Path) -> None:
    program = LATER.format(folder=str(folder)) + (
        "from ipyclam_core import Network\nnet = Network('dummy')\n"
        "def heard(change):\n    import mymod\n    print(mymod.value)\nnet.observe(heard)\nnet.a = net.types.Oscillator\n"
    )
    assert run(folder.parent, sys.executable, "-P", "-c", program) == "7\n"


def test_a_folder_on_the_path_by_its_full_name_after_the_standard_library_is_searched(folder: Path) -> None:
    program = (
        f"import os, sys; os.chdir({str(folder)!r}); sys.path.append({str(folder)!r})\n"
        "from ipyclam_core.system.imports import without_here\nprint(sys.path == without_here())\n"
        f"sys.path.insert(0, {str(folder)!r})\nprint(sys.path[1:] == without_here())\n"
    )
    assert run(folder.parent, sys.executable, "-P", "-c", program) == "True\nTrue\n"
