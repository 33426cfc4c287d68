"""The same tests with PipeWire's JACK in the place of JACK's own server."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent

FILES = ["inspection", "connecting", "networks", "plugins", "sessions", "sound", "transport"]

CANNOT = {
    "a_port_that_is_renamed_keeps_its_wires": "PipeWire tells nobody of a new name",
    "the_facts_of_a_port_are_readable": "it has aliases of its own",
    "freewheeling_begins_and_ends": "it freewheels, but tells nobody",
    "a_plugin_s_name_is_one_that_jack_takes": "it takes longer names",
}
"""What PipeWire cannot do, and the tests that are left out for it."""


@pytest.mark.timeout(400)
def test_what_jack_can_do_pipewire_can_do():
    files = [str(HERE / f"test_jack_{name}.py") for name in FILES]
    without = " and ".join(f"not {name}" for name in CANNOT)
    command = ["dbus-run-session", "--", sys.executable, str(HERE / "in_pipewire.py"), "-k", without, *files]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    done = subprocess.run(command, capture_output=True, text=True, timeout=390, env=environment)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert f"{len(CANNOT)} deselected" in done.stdout
