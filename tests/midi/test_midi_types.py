"""Messages, notes, voices and controllers, each processing by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from processings.kernels import CompiledProcessing

from ipyclam_core.declare.declaration import catalog
from ipyclam_core.processings.midi import ports

Sent = Sequence[tuple[str, float]]


def receiving(type_: str, config: dict[str, Any] | None = None) -> CompiledProcessing:
    made = CompiledProcessing(catalog[type_], config)
    made.run()
    return made


def message(processing: CompiledProcessing, value: int) -> None:
    processing.send("message", float(value))
    processing.run()


def test_a_note_is_a_frequency_and_an_amplitude() -> None:
    note = receiving("MIDINote2Freq")
    message(note, 0x90457F)
    message(note, 0x804500)
    assert note.sent("frequency") == [440.0]
    assert note.sent("amplitude") == [1.0, 0.0]


def test_the_release_of_another_key_does_not_end_a_note() -> None:
    note = receiving("MIDINote2Freq", {"ScaleAmplitude": 0})
    for value in (0x904564, 0x904863, 0x904500, 0x914800, 0xB04800):
        message(note, value)
    assert note.sent("amplitude") == [100.0, 99.0]
    message(note, 0x904800)
    assert note.sent("amplitude") == [100.0, 99.0, 0.0]


def test_notes_take_voices_and_give_them_back() -> None:
    voices = receiving("MIDIDispatcher")

    def play(note: float, velocity: float) -> list[list[float]]:
        before = [len(voices.sent("outputs", k)) for k in range(4)]
        for control, value in (("note", note), ("velocity", velocity)):
            voices.send(control, value)
        for k, value in enumerate((note, velocity)):
            voices.send("inputs", value, k)
        voices.run()
        return [voices.sent("outputs", k)[before[k] :] for k in range(4)]

    assert play(60, 100) == [[60], [100], [], []]
    assert play(64, 90) == [[], [], [64], [90]]
    assert play(60, 0) == [[60], [0], [], []]
    assert play(67, 80) == [[67], [80], [], []]  # the free voice
    assert play(71, 70) == [[], [], [71], [70]]  # the one that has sounded for longest
    assert play(64, 0) == [[], [], [], []]  # it sounds no more
    voices.send("ended", 0.0)
    voices.run()
    assert play(72, 60)[:2] == [[72], [60]]


@pytest.mark.parametrize(("value", "sent"), [(0xB04A00, 20.0), (0xB54A7F, 2000.0), (0xB04B7F, None), (0x904A7F, None)])
def test_a_controller_moves_between_its_ends(value: int, sent: float | None) -> None:
    knob = receiving("MIDIController", {"ExpectedMinValue": 20.0, "ExpectedMaxValue": 2000.0})
    message(knob, value)
    assert knob.sent("output") == ([] if sent is None else [pytest.approx(sent)])


def test_two_controllers_are_one_of_14_bits() -> None:
    fader = receiving("MIDIController", {"Enable14BitMessage": True, "ExpectedMaxValue": 16383.0})
    message(fader, 0xB02A03)
    message(fader, 0xB04A05)
    assert fader.sent("output") == [pytest.approx(384.0), pytest.approx(389.0)]


def test_a_control_becomes_a_controller_that_is_told_when_it_moves() -> None:
    made = receiving("Control2MIDIController", {"ChannelNumber": 2, "ControllerNumber": 7, "ExpectedMaxValue": 1.0})
    for value in (0.0, 0.001, 0.5, 9.0, float("nan")):
        made.send("value", value)
        made.run()
    assert made.sent("message")[:3] == [0xB20700, 0xB20740, 0xB2077F]


def heard(type_: str, config: dict[str, Any], messages: Sequence[int], blocks: int) -> CompiledProcessing:
    """A processing whose port has received messages."""
    made = receiving(type_, config)
    for value in messages:
        made.companion.hear(value)
    for _ in range(blocks):
        made.run()
    return made


def test_a_keyboard_sends_notes_and_wheels() -> None:
    keys = heard("MIDIKeyboard", {}, (0x903C64, 0x803C40, 0xE00040, 0xB0010A, 0xB00263), 5)
    try:
        assert [keys.sent(name) for name in ("note", "velocity", "bend", "modulation")] == [[60, 60], [100, 0], [8192], [10]]
    finally:
        keys.close()


def test_a_monitor_sends_the_three_bytes() -> None:
    monitor = heard("MIDIMon", {}, (0x903C64, 0xC10500), 2)
    try:
        assert [monitor.sent(name) for name in ("status", "first", "second")] == [[0x90, 0xC1], [60, 5], [100, 0]]
    finally:
        monitor.close()


@pytest.mark.parametrize(
    ("config", "names", "sent"),
    [
        ({"Message": 1}, ("Channel", "Data 1", "Data 2"), [[2], [60], [100]]),
        ({"Message": 1, "Channel": 2, "FirstData": 60}, ("Data 2",), [[100]]),
        ({"Message": 1, "Channel": 3}, ("Data 1", "Data 2"), [[], []]),
        ({"Message": 4, "Channel": 2}, ("Data 1",), [[5]]),
    ],
)
def test_a_control_takes_one_kind_of_message(config: dict[str, int], names: tuple[str, ...], sent: list[list[float]]) -> None:
    assert ports.numbers_of(config["Message"], config.get("Channel", 0), config.get("FirstData", 128)) == names
    control = heard("MIDIInControl", config, (0x913C64, 0xC10500), 2)
    try:
        assert [control.sent("outputs", k) for k in range(len(names))] == sent
    finally:
        control.close()


def quarter_frames(hours: int, minutes: int, seconds: int, frames: int, rate: int) -> list[int]:
    pieces = (frames & 15, frames >> 4, seconds & 15, seconds >> 4, minutes & 15, minutes >> 4, hours & 15, hours >> 4 | rate << 1)
    return [0xF10000 | (k << 4 | piece) << 8 for k, piece in enumerate(pieces)]


def test_eight_quarter_frames_are_a_time() -> None:
    code = quarter_frames(17, 42, 59, 20, 1)  # at 25 frames a second
    receiver = heard("MTCReceiver", {}, [*code[3:], *code, 0xF80000, *code[:4]], 1)
    try:
        assert receiver.sent("time") == [pytest.approx(1000 * (17 * 3600 + 42 * 60 + 59 + 22 / 25))]
    finally:
        receiver.close()
