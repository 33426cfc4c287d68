"""``dbus-run-session -- python in_pipewire.py FILE...``: runs tests with PipeWire in the place of the JACK server.

PipeWire and its session manager run without a sound card, on PipeWire's own dummy driver; a client of ours plays the part
of the machine, with JACK's names. Everything is ended before this ends, with the status of the tests.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from waiting import eventually

MACHINE = "in:playback_1,in:playback_2,out:capture_1,out:capture_2"


def main() -> int:
    """Start, test, end."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        environment = {**os.environ, "XDG_RUNTIME_DIR": folder, "PIPEWIRE_RUNTIME_DIR": folder, "IPYCLAM_TESTS_IN": "pipewire"}
        environment.pop("JACK_DEFAULT_SERVER", None)

        def begin(*command: str, **pipes: int) -> subprocess.Popen[bytes]:
            process = subprocess.Popen(command, env=environment, **{"stdin": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **pipes})
            running.callback(process.wait)
            running.callback(process.terminate)
            return process

        begin("pipewire")
        eventually((Path(folder) / "pipewire-0").exists)
        begin("wireplumber")
        python = ("pw-jack", sys.executable)
        machine = begin(
            *python, str(Path(__file__).with_name("foreign.py")), "system", MACHINE, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert machine.stdout is not None
        machine.stdout.readline()
        return subprocess.run([*python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *sys.argv[1:]], env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
