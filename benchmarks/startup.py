"""How long until the first prompt, against plain IPython's: ``python benchmarks/startup.py``.

Each is started in turn in a terminal of its own until its prompt is there, many times, so that what else the machine does
falls on both. The ratio of the medians is what counts.
"""

from __future__ import annotations

import os
import pty
import select
import shutil
import signal
import statistics
import sys
import tempfile
import time

COMMANDS = {"ipython": ["ipython", "--no-banner"], "ipyclam_console": ["ipyclam_console", "--no-banner"]}
PROMPT = b"In [1]: "
GOAL = 1.3


def seconds_to_prompt(command: list[str], folder: str) -> float:
    """The time from starting a command to its prompt."""
    program = shutil.which(command[0], path=os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"])
    assert program is not None, f"{command[0]} is not installed"
    begin = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # installed packages are compiled once, not at each start
        os.environ.update(IPYTHONDIR=folder, PYTHONPYCACHEPREFIX=folder, TERM="xterm")
        os.execv(program, [program, *command[1:]])
    written = b""
    while PROMPT not in _plain(written):
        if not select.select([terminal], [], [], 60.0)[0]:
            raise TimeoutError(f"no prompt of {command[0]} after 60 s")
        new = os.read(terminal, 65536)
        written += new
        if b"\x1b[6n" in new:  # it asks where the cursor is, as to a terminal
            os.write(terminal, b"\x1b[1;1R")
    took = time.perf_counter() - begin
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(terminal)
    return took


def measure(times: int) -> dict[str, list[float]]:
    """The times of each command, begun alternately; the first of each, which fills the caches, is left out."""
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(times + 1):
            for name, command in COMMANDS.items():
                seconds = seconds_to_prompt(command, folder)
                if turn:
                    taken[name].append(seconds)
    return taken


def _plain(written: bytes) -> bytes:
    """What was written, without the terminal's escape sequences."""
    text, escaped = bytearray(), False
    for byte in written:
        if escaped:
            escaped = not (0x40 <= byte <= 0x7E and byte != 0x5B)
        elif byte == 0x1B:
            escaped = True
        else:
            text.append(byte)
    return bytes(text)


def main() -> None:
    taken = measure(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
    for name, seconds in taken.items():
        print(f"{name:16} median {statistics.median(seconds):.3f} s, best {min(seconds):.3f} s")
    ours, theirs = taken["ipyclam_console"], taken["ipython"]
    medians, best = statistics.median(ours) / statistics.median(theirs), min(ours) / min(theirs)
    print(f"ratio of the medians {medians:.2f}, of the best {best:.2f}; goal {GOAL}")


if __name__ == "__main__":
    main()
