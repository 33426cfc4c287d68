"""One binding of JACK's library for the device ``jack`` and the engine ``jack`` in one process."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import textwrap
from contextlib import closing, suppress
from pathlib import Path
from threading import Event, Thread

import pytest
from jackd import Jackd

from ipyclam_core import Network, libjack
from ipyclam_core.errors import DeviceError, InvalidName, NoJackServer


def run(code: str) -> str:
    """What a new interpreter prints; it prints no errors."""
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


LESLIE = "http://drobilla.net/plugins/mda/Leslie"


@pytest.fixture
def synth():
    """A network of ours that sounds."""
    with closing(Network("clam")) as network:
        network.noise = "WhiteNoise"
        network.sink = "AudioSink"
        network.noise > network.sink
        yield network


def test_importing_loads_no_library():
    told = run("""
        import sys, ipyclam_core, ipyclam_core.libjack, ipyclam_core.engines.jack
        print("libjack.so" in open("/proc/self/maps").read(), "jack" in sys.modules)
    """)
    assert told == "False False"


def test_the_device_plays_without_the_package_of_the_engine(server):
    told = run("""
        import sys
        sys.modules["jack"] = None
        from ipyclam_core import Network
        net = Network("clam")
        net.sink = "AudioSink"
        net.play("jack")
        print(net.status().device)
        net.close()
    """)
    assert told == "jack"


@pytest.mark.parametrize("order", ["device, engine", "engine, device"])
def test_device_and_engine_have_one_library_which_prints_nothing(server, order):
    told = run(f"""
        import os
        from ipyclam_core import Network
        from ipyclam_core.errors import DeviceError
        here = os.environ["JACK_DEFAULT_SERVER"]

        def use_engine():
            Network("jack").close()

        def use_device():
            net = Network("clam")
            net.sink = "AudioSink"
            net.play("jack")
            net.close()

        for name in {order!r}.split(", "):
            for server in ("nobody", here):
                os.environ["JACK_DEFAULT_SERVER"] = server
                try:
                    globals()["use_" + name]()
                except DeviceError:
                    print("refused")
        print(len({{line.split()[-1] for line in open("/proc/self/maps") if "libjack.so" in line}}))
    """)
    assert told.split() == ["refused", "refused", "1"]


def test_what_the_library_says_is_heard_while_a_client_is_opened_and_never_by_python_in_between(net, monkeypatch):
    def callback() -> int | None:
        return ctypes.c_void_p.in_dll(libjack.library(), "jack_error_callback").value

    silent = ctypes.cast(ctypes.CDLL(None).strlen, ctypes.c_void_p).value
    assert callback() == silent
    net.close()
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "nobody")
    with pytest.raises(NoJackServer) as error:
        Network("jack")
    assert "server" in error.value.reason
    assert callback() == silent


@pytest.fixture
def elsewhere():
    """The name of another server that runs."""
    before = os.environ["JACK_DEFAULT_SERVER"]
    with Jackd("elsewhere") as other:
        os.environ["JACK_DEFAULT_SERVER"] = before
        yield other.name


def test_the_device_keeps_to_the_server_of_the_engine(net, synth, elsewhere, server, monkeypatch):
    monkeypatch.setenv("JACK_DEFAULT_SERVER", elsewhere)
    with pytest.raises(DeviceError, match=f"client of the JACK server '{server.name}'. Close that network to reach '{elsewhere}'"):
        synth.play("jack")
    net.close()
    synth.play("jack")
    assert synth.status().device == "jack"


def test_the_engine_keeps_to_the_server_of_the_device(synth, elsewhere, server):
    synth.play("jack")
    with pytest.raises(DeviceError, match=f"client of the JACK server '{server.name}'. Close that network to reach '{elsewhere}'"):
        Network("jack", server=elsewhere)
    synth.stop()
    Network("jack", server=elsewhere).close()


UNFIT = pytest.mark.parametrize(
    ("name", "why"),
    [
        ("x" * 64, "at most 63 bytes"),
        ("ö" * 32, "at most 63 bytes"),
        ("a:b", "cannot contain ':'"),
        ("a\0b", r"cannot contain '\\x00'"),
        ("\ud800", "UTF-8"),
    ],
)


@UNFIT
def test_a_name_that_jack_does_not_take_is_refused_before_anything_is_started(synth, server, name, why):
    with pytest.raises(DeviceError, match=f"a JACK client cannot be called .*: .*{why}"):
        synth.play(f"jack:{name}")
    with pytest.raises(InvalidName, match=why):
        Network("jack", name=name, server="nobody", start_server=True)
    with pytest.raises(NoJackServer):
        Network("jack", server="nobody")


@UNFIT
def test_a_plugin_or_a_network_file_cannot_have_such_a_name(server, tmp_path, name, why, monkeypatch):
    monkeypatch.chdir(tmp_path)
    played = Network()
    played.sine, played.out = "Sine", "AudioSink"
    played.save("played.py")
    with closing(Network("jack")) as net:
        net.leslie = LESLIE
        for make in (
            lambda: net.proxy.add(name, LESLIE),
            lambda: net.proxy.add(name, "played.py"),
            lambda: net.proxy.rename("leslie", name),
            lambda: net.bank([name], net.types[LESLIE]),
        ):
            with pytest.raises(InvalidName):
                make()
        assert [each for each in net if each != "system"] == ["leslie"]
        assert net.status().messages == ()


@pytest.mark.parametrize("name", ["x" * 63, "ö" * 31 + "x"])
def test_a_plugin_has_the_longest_name(server, name):
    with closing(Network("jack")) as net:
        net[name] = LESLIE
        assert len(net[name]._inports) == 2
        assert net.status().messages == ()


def test_the_longest_name_is_not_taken_twice(synth, server):
    name = "x" * 63
    synth.play(f"jack:{name}")
    with pytest.raises(DeviceError, match="accepts no more clients, or none called 'x"):
        Network("jack", name=name)
    with closing(Network()) as other:
        other.out = "AudioSink"
        with pytest.raises(DeviceError, match="already exists, or the server accepts no more clients"):
            other.play(f"jack:{name}")


def test_a_name_is_a_text(server):
    with pytest.raises(TypeError, match="the name of a JACK client is a text, not 5"):
        Network("jack", name=5)


def test_the_longest_name_is_taken(synth, server):
    name = "x" * 63
    synth.play(f"jack:{name}")
    with closing(Network("jack", name=name[1:])) as net:
        assert name in net


@pytest.mark.parametrize("who", ["engine", "device"])
def test_a_client_of_the_same_name_on_another_server_is_no_obstacle(server, synth, who: str) -> None:
    """JACK names the socket where a client and its server meet after the client alone: another server's client removes it."""
    name = "ipyclam-patchbay" if who == "engine" else "ipyclam"
    socket, removed = Path(f"/dev/shm/jack_{name}_{os.getuid()}_0"), Event()

    def remove() -> None:
        while not removed.is_set():
            with suppress(FileNotFoundError):
                socket.unlink()
                removed.set()

    thread = Thread(target=remove)
    thread.start()
    try:
        for _ in range(50):  # on a busy machine the thread may come too late to find the socket
            if who == "engine":
                Network("jack").close()
            else:
                synth.play("jack")
                synth.stop()
            if removed.is_set():
                break
        assert removed.is_set()
    finally:
        removed.set()
        thread.join()
