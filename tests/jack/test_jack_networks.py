"""Networks of ours as clients: files played by processes of their own, and the network beside this one."""

from __future__ import annotations

import os

import pytest
from waiting import eventually

from ipyclam_core import Network
from ipyclam_core.errors import EngineError


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A directory with a network of ours in it, and a Python file that is none."""
    monkeypatch.chdir(tmp_path)
    synth = Network("clam")
    synth.osc = synth.types.Oscillator
    synth.sink = synth.types.AudioSink
    synth.osc > synth.sink
    synth.save("synth.py")
    (tmp_path / "setup.py").write_text("print('not a network')\n")
    return tmp_path


def test_files_with_networks_are_types(net, folder):
    assert [name for name in net.types if "://" not in name] == ["synth.py"]
    assert "setup.py" not in net.types


def test_a_network_of_ours_is_launched_patched_and_ended(net, folder):
    net.synth = net.types["synth.py"]
    net.synth > net.system
    assert [peer.fullname for peer in net.system.playback_1.peers] == ["synth.sink"]
    pid = net._proxy.inner._rack.programs["synth"].pid
    del net.synth
    assert list(net) == ["system"]
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_session_writes_no_file_before_it_is_played(net, folder):
    recorder = Network("clam")
    recorder.sink, recorder.osc, recorder.writer = (recorder.types[name] for name in ("AudioSink", "Oscillator", "MonoAudioFileWriter"))
    recorder.osc > recorder.writer
    recorder.osc > recorder.sink
    recorder.writer.TargetFile = "take.wav"
    recorder.save("recorder.py")
    (folder / "take.wav").write_bytes(b"precious")
    (folder / "session.py").write_text(
        'net = Network("jack")\nnet.recorder = net.types["recorder.py"]\nnet.recorder.sink > net.system.playback_1\n'
    )
    net.load("session.py")
    assert [peer.fullname for peer in net.system.playback_1.peers] == ["recorder.sink"]
    assert (folder / "take.wav").read_bytes() == b"precious"
    net.play()
    eventually(lambda: (folder / "take.wav").read_bytes()[:4] == b"RIFF")
    net.stop()


def test_a_network_that_cannot_be_played_says_why(net, folder):
    (folder / "broken.py").write_text("# ipyclam network, format 1\nimport os\n")
    with pytest.raises(EngineError, match=r"broken.py could not be played"):
        net.broken = net.types["broken.py"]
    assert list(net) == ["system"]


def test_what_a_network_beside_plays_is_a_client_that_can_be_patched(net, folder):
    synth = Network("clam")
    synth.load("synth.py")
    synth.play(device="jack")
    try:
        eventually(lambda: "ipyclam" in net and [len(port.peers) for port in net.ipyclam._outports] == [2])  # connected by itself
        net.ipyclam.sink.disconnect()
        net.ipyclam.sink > net.system.playback_2
        assert [peer.fullname for peer in net.ipyclam.sink.peers] == ["system.playback_2"]
    finally:
        synth.close()
    eventually(lambda: "ipyclam" not in net)
