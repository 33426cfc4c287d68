"""Tab offers the MIDI ports of the machine."""

from __future__ import annotations

import pytest
from jackd import Jackd
from pressing import Tab

from ipyclam_core import Network
from ipyclam_core.midi.ports import Input, Output


@pytest.fixture
def net() -> Network:
    """A network that has types for MIDI."""
    return Network("clam")


@pytest.mark.slow
def test_tab_offers_the_ports_for_the_parameter_that_names_one(net: Network, tab: Tab) -> None:
    net.source, net.sink, net.piano = net.types.MIDISource, net.types.MIDISink, net.types.MIDIKeyboard
    with Jackd("tab"):
        sending, receiving = Output("", "piano"), Input("", "organ", print)
        try:
            assert tab.lines("net.source.Port = ") == ['net.source.Port = "ipyclam midi:piano"', "net.source.Port = None"]
            assert tab.lines("net.piano.MidiDevice = ") == ['net.piano.MidiDevice = "ipyclam midi:piano"']
            assert [line for line in tab.lines("net.sink.Port = ") if "organ" in line]
        finally:
            sending.close()
            receiving.close()


def test_without_ports_tab_offers_none(net: Network, tab: Tab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "there-is-no-such-server")
    net.source = net.types.MIDISource
    assert not [line for line in tab.lines("net.source.Port = ") if ":" in line]
