"""No server, a server that is started from here, and one that dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from contextlib import closing

import pytest
from jackd import Jackd
from waiting import PATIENCE, eventually

from ipyclam_core import Network
from ipyclam_core.errors import DeviceError, NoJackServer

AMP = "http://lv2plug.in/plugins/eg-amp"


def test_without_a_server_the_error_says_how_to_start_one(monkeypatch):
    monkeypatch.delenv("JACK_DEFAULT_SERVER", raising=False)
    assert str(NoJackServer()).splitlines() == [
        "no JACK server is running. To start one in a terminal: jackd -d alsa (without a sound card: jackd -d dummy)",
        'In Python: Network("jack", start_server=True). With the console: ipyclam_console --engine=jack --start-server',
        "With PipeWire: pw-jack ipyclam_console --engine=jack",
    ]


@pytest.mark.parametrize("by_environment", [True, False], ids=["environment", "argument"])
def test_how_to_start_one_that_has_a_name_is_said_with_the_name(monkeypatch, by_environment):
    name = f"nobody-{os.getpid()}"
    if by_environment:
        monkeypatch.setenv("JACK_DEFAULT_SERVER", name)
    with pytest.raises(NoJackServer) as error:
        Network("jack", server=None if by_environment else name)
    assert str(error.value).splitlines()[:2] == [
        f"no JACK server called '{name}' is running. To start one in a terminal: "
        f"jackd -n {name} -d alsa (without a sound card: jackd -n {name} -d dummy)",
        f"In Python: Network(\"jack\", server='{name}', start_server=True). "
        f"With the console: JACK_DEFAULT_SERVER={name} ipyclam_console --engine=jack --start-server",
    ]


def test_without_the_package_the_error_says_what_to_install():
    code = "import sys; sys.modules['jack'] = None\nfrom ipyclam_core import Network\nNetwork('jack')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "DeviceError: the jack engine needs the package JACK-Client: pip install 'ipyclam[jack]'" in done.stderr


def test_a_server_is_started_and_ended_with_the_network():
    name = f"ipyclam-started-{os.getpid()}"
    net = Network("jack", server=name, start_server=True, block_size=1024)
    assert net.status().block_size == 1024
    assert "system" in net
    net.close()
    with pytest.raises(NoJackServer):
        Network("jack", server=name)


def test_a_server_that_runs_is_not_started_twice():
    with Jackd("once"):
        net = Network("jack", start_server=True, block_size=64)
        assert net.status().block_size == 512
        net.close()
        Network("jack").close()


def test_a_server_that_does_not_start_says_why():
    with pytest.raises(DeviceError, match="jackd did not start: "):
        Network("jack", server=f"ipyclam-bad-{os.getpid()}", start_server=True, block_size=-5)


def test_a_process_is_a_client_of_one_server():
    with Jackd("one") as one:
        net = Network("jack")
        with pytest.raises(DeviceError, match=f"client of the JACK server '{one.name}'. Close that network to reach 'another'"):
            Network("jack", server="another")
        net.close()


@pytest.fixture
def mortal():
    """A server that may be killed."""
    with Jackd("mortal") as server:
        yield server


def test_a_network_survives_its_server_and_comes_back_with_it(mortal):
    with closing(Network("jack")) as net:
        net.amp = AMP
        net.amp.gain = -6.0
        net.system.capture_1 > net.amp > net.system.playback_2
        wires = set(net._proxy.wires())
        mortal.kill()
        eventually(lambda: list(net) == ["amp"] and net.status().messages)
        assert "the JACK server has stopped" in net.status().messages[0]
        assert net.state == "stopped"
        with pytest.raises(NoJackServer):
            net.play()
        assert set(net._proxy.info().waiting) == wires
        mortal.start()
        eventually(lambda: set(net._proxy.wires()) == wires and not net._proxy.info().waiting)
        assert net.amp.gain == -6.0
        assert net._proxy.inner._rack.programs["amp"].values() == {"gain": -6.0}


def test_what_a_network_whose_server_is_gone_saves_is_all_of_it(mortal, tmp_path):
    with closing(Network("jack")) as net:
        net.amp = AMP
        net.amp.gain = -6.0
        net.amp > net.system.playback_2
        wires = set(net._proxy.wires())
        mortal.kill()
        eventually(lambda: list(net) == ["amp"])
        net.save(tmp_path / "studio.py")
        mortal.start()
        eventually(lambda: set(net._proxy.wires()) == wires)
        net.clear()
        net.load(tmp_path / "studio.py")
        assert net.amp.gain == -6.0
        eventually(lambda: set(net._proxy.wires()) == wires)


def test_what_waits_for_its_server_stays_as_it_is(mortal, tmp_path):
    with closing(Network("jack")) as net:
        net.amp = AMP
        net.amp.gain = -6.0
        (tmp_path / "other.py").write_text('# ipyclam network, format 1\nnet = Network("jack")\n')
        mortal.kill()
        eventually(lambda: list(net) == ["amp"])

        def rename():
            net.amp.name = "booster"

        def configure():
            net.amp.gain = 3.0

        for change in (net.clear, rename, configure, lambda: net.load(tmp_path / "other.py"), lambda: net.amp > net.amp):
            with pytest.raises(NoJackServer):
                change()
        assert net.amp._incontrols.gain.value == -6.0
        mortal.start()
        eventually(lambda: "system" in net and "amp" in net._proxy.inner._rack.programs)
        assert list(net) == ["system", "amp"]
        assert net.amp.gain == -6.0


PROGRAM = """
    from ipyclam_core import Network
    net = Network("jack")
    net.amp = "http://lv2plug.in/plugins/eg-amp"
    net.amp._outports[0] > net.system.playback_1
    print(net._proxy.inner._rack.programs["amp"].pid, flush=True)
    {end}
"""


@pytest.mark.parametrize(
    ("end", "status"),
    [
        ("pass", 0),
        ("raise SystemExit(3)", 3),
        ("import os, signal, time; os.kill(os.getpid(), signal.SIGTERM); time.sleep(60)", -signal.SIGTERM),
    ],
    ids=["ends", "exits", "is terminated"],
)
def test_an_interpreter_that_ends_takes_its_clients_along(mortal, end, status):
    code = textwrap.dedent(PROGRAM).format(end=end)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE)
    assert (done.returncode, done.stderr) == (status, "")
    net = Network("jack")
    eventually(lambda: list(net) == ["system"])
    eventually(lambda: not os.path.exists(f"/proc/{done.stdout.strip()}"))
    net.close()
