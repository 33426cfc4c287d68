"""MIDI ports of a real JACK server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from jackd import Jackd
from waiting import eventually

from ipyclam_core import Network
from ipyclam_core.errors import NotPlayable
from ipyclam_core.midi import library, ports

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server() -> Iterator[Jackd]:
    with Jackd("midi") as running:
        yield running


@pytest.fixture
def output(server: Jackd) -> Iterator[ports.Output]:
    """A port that others can be told to listen to."""
    made = ports.Output("", "keys")
    try:
        yield made
    finally:
        made.close()


def instrument(port: str) -> Network:
    net = Network("clam")
    net.source, net.note = net.types.MIDISource, net.types.MIDINote2Freq
    net.osc, net.out = net.types.SimpleOscillator, net.types.AudioSink
    net.source.Port = port or None
    net.source > net.note
    net.note.Frequency_Output > net.osc.Pitch
    net.osc > net.out
    net.play("clock")
    return net


def test_a_keyboard_plays_an_oscillator(output: ports.Output) -> None:
    net = instrument("KEYS")
    try:
        output.send(0x904540)
        eventually(lambda: net.note.Frequency_Output.value, 440.0)
        assert net.status().messages == ()
    finally:
        net.stop()


def test_without_a_name_others_connect_to_a_port_of_ours(server: Jackd) -> None:
    net = instrument("")
    try:
        assert [name for name in ports.outputs() if name.endswith(":MIDISource")]
        keys = ports.Output("midisource", "keys")
        keys.send(0x905140)
        eventually(lambda: net.note.Frequency_Output.value, 880.0)
        keys.close()
    finally:
        net.stop()


def test_a_keyboard_is_found_when_it_is_plugged_in_and_when_it_returns(server: Jackd) -> None:
    heard: list[int] = []
    here = ports.Input("other keys", "here", heard.append)
    try:
        for message in (0x903C64, 0x904064):

            def troubled() -> str:
                here.service()
                return here.trouble

            assert eventually(troubled).startswith("there is no MIDI port 'other keys' now; it is used as soon as it is connected.")
            keys = ports.Output("", "other keys")
            eventually(troubled, "")
            keys.send(message)
            eventually(lambda: heard[-1:], [message])
            keys.close()
    finally:
        here.close()


def test_playing_tells_which_port_is_missing_and_which_there_are(output: ports.Output) -> None:
    net = instrument("organ")
    try:
        eventually(lambda: [text for text in net.status().messages if text.endswith("MIDI ports: 'ipyclam midi:keys'")])
    finally:
        net.stop()


def test_notes_that_sound_are_ended_when_playing_stops(server: Jackd) -> None:
    heard: list[int] = []
    synthesizer = ports.Input("", "synthesizer", heard.append)
    net = Network("clam")
    net.sink, net.out = net.types.MIDISink, net.types.AudioSink
    net.sink.Port = "synthesizer"
    net.play("clock")
    try:
        net.sink.MIDI_Message_In = 0x903C64
        eventually(lambda: heard, [0x903C64])
    finally:
        net.stop()
    eventually(lambda: heard, [0x903C64, 0x803C00])
    synthesizer.close()


def test_a_server_that_was_restarted_is_used_again(server: Jackd) -> None:
    net = instrument("")
    try:
        server.kill()
        server.start()
        keys = ports.Output("", "unused")
        eventually(lambda: bool([name for name in ports.outputs() if name.endswith(":MIDISource")]))
        keys.close()
        keys = ports.Output("midisource", "keys")
        keys.send(0x905140)
        eventually(lambda: net.note.Frequency_Output.value, 880.0)
        keys.close()
    finally:
        net.stop()


def test_a_name_is_found_by_its_part_but_the_whole_one_comes_first() -> None:
    assert ports.matching("piano", ["Grand Piano 20:0", "piano"]) == 1
    assert ports.matching("grand", ["other", "Grand Piano 20:0"]) == 1
    assert ports.matching("organ", ["Grand Piano 20:0"]) is None


def test_a_network_with_ports_does_not_play_without_rtmidi(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "find_spec", lambda name: None)
    net = Network("clam")
    net.source = net.types.MIDISource
    with pytest.raises(NotPlayable, match=r"source \(MIDI ports need python-rtmidi\..* pip install 'ipyclam\[midi\]'\)"):
        net.render(0.1)


def test_without_midi_on_the_machine_everything_else_plays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "there-is-no-such-server")
    net = instrument("")
    try:
        eventually(lambda: [text for text in net.status().messages if text.startswith("this machine has no MIDI ports. Load ALSA")])
        assert net.status().state == "playing"
    finally:
        net.stop()


def test_without_rtmidi_the_command_that_installs_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "find_spec", lambda name: None)
    assert ports.problem_of() == "MIDI ports need python-rtmidi. Install it in a terminal: pip install 'ipyclam[midi]'"
