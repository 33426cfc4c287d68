"""Controls that come with time: counters, delays, random notes, and values on the beat of sound."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ipyclam_core import Network
from ipyclam_core.declare.declaration import catalog

from .kernels import CompiledProcessing


def frequencies(name: str, count: int, **config: Any) -> list[float]:
    """So many notes of a type, in Hz."""
    processing = CompiledProcessing(catalog[name], {"DelayFactor": 1, **config})
    for _ in range(count):
        processing.run()
    return processing.sent("output")


def notes(name: str, count: int, **config: Any) -> np.ndarray:
    """So many notes, as MIDI numbers."""
    found = 69.0 + 12.0 * np.log2(np.array(frequencies(name, count, **config)) / 440.0)
    assert found == pytest.approx(np.round(found))
    return np.round(found).astype(int)


@pytest.mark.parametrize("block", [64, 512])
def test_a_counter_counts_the_steps_of_512_frames(block: int) -> None:
    counter = CompiledProcessing(catalog["BinaryCounter"])
    for _ in range(300 * 512 // block):
        counter.run(frames=block)
    counts = np.arange(300) % 256
    for k in range(8):
        bits = (counts >> k) & 1
        changes = [bits[0], *(after for before, after in pairwise(bits) if before != after)]
        assert counter.sent("bits", k) == changes


@pytest.mark.parametrize("block", [64, 512, 2048])
def test_a_value_comes_out_of_a_delay_as_late_as_it_says_whatever_the_block(block: int) -> None:
    delay = CompiledProcessing(catalog["ControlDelay"], {"Delay": 8.0})
    delay.send("control", 5.0)
    late = 0
    while not delay.sent("output"):
        delay.run(frames=block)
        late += 1
    assert (late - 1) * block == 8 * 512
    assert delay.sent("output") == [5.0]


def test_values_leave_a_delay_in_their_order_and_a_shorter_delay_lets_them_out() -> None:
    delay = CompiledProcessing(catalog["ControlDelay"], {"Delay": 1000.0})
    for value in (3.0, 1.0, 2.0):
        delay.send("control", value)
        delay.run()
    assert delay.sent("output") == []
    delay.send("delay", 2.0)
    delay.run()
    delay.run()
    assert delay.sent("output")[-1] == 2.0
    assert delay.field("sent") == 3


def test_the_oldest_values_are_dropped_when_more_wait_than_a_delay_holds() -> None:
    delay = CompiledProcessing(catalog["ControlDelay"], {"Delay": 1e6})
    for value in range(4100):
        delay.send("control", float(value))
        delay.run(frames=1)
    assert delay.field("sent") == 4
    assert delay.sent("output") == []


def test_every_note_is_as_likely_as_any_other_and_independent_of_the_one_before() -> None:
    found = notes("Random", 12000, MinNote=60, MaxNote=71)
    counts = np.bincount(found - 60, minlength=12)
    assert len(counts) == 12
    assert ((counts - 1000) ** 2 / 1000).sum() < 31.3  # chi-square of 11 degrees of freedom: one of a thousand is above
    steps = found - found.mean()
    for lag in (1, 2, 3):
        assert abs((steps[lag:] * steps[:-lag]).mean() / steps.var()) < 0.035


def test_each_processing_has_notes_of_its_own_the_same_every_time() -> None:
    one, again = (frequencies("Random", 100) for _ in range(2))
    assert one == again
    assert len(set(one)) > 40


def test_notes_last_as_long_as_the_factor_says_and_a_new_factor_begins_one() -> None:
    random = CompiledProcessing(catalog["Random"], {"DelayFactor": 4})
    for _ in range(9):
        random.run()
    assert len(random.sent("output")) == 3
    random.send("factor", 2.0)
    random.run()
    assert len(random.sent("output")) == 4
    random.run()
    random.run()
    assert len(random.sent("output")) == 5


def test_limits_that_are_crossed_are_the_same_range() -> None:
    assert set(notes("Random", 300, MinNote=62, MaxNote=60)) == {60, 61, 62}


def test_a_melody_of_dice_has_a_spectrum_of_one_over_f() -> None:
    found = notes("OneOverF", 1 << 14, MinNote=0, MaxNote=120, Dices=7).astype(float)
    pieces = (found - found.mean()).reshape(-1, 512) * np.hanning(512)
    power = (np.abs(np.fft.rfft(pieces, axis=1)) ** 2).mean(axis=0)
    places = np.arange(6, 160)
    slope = np.polyfit(np.log(places), np.log(power[places]), 1)[0]
    assert -1.2 < slope < -0.8  # white noise has 0, a random walk -2


@pytest.mark.parametrize("dice", [1, 3])
def test_dice_keep_a_melody_in_its_range_and_the_slowest_die_falls_the_least_often(dice: int) -> None:
    found = notes("OneOverF", 8000, MinNote=40, MaxNote=51, Dices=dice)
    assert found.min() == 40
    assert found.max() == 51
    steps = found - found.mean()
    near = (steps[1:] * steps[:-1]).mean() / steps.var()
    expected = {1: 0.0, 3: (0.5 + 0.75) / 3}[dice]  # of each die, the part of the times that it lies
    assert near == pytest.approx(expected, abs=0.05)


def test_a_value_is_passed_on_so_many_times_a_second() -> None:
    clock = CompiledProcessing(catalog["SynchronousControl"], {"ControlsPerSecond": 10})
    for k in range(1000):
        clock.send("control", float(k))
        clock.run([np.zeros(441)], 441)
    assert clock.sent("output") == pytest.approx(np.arange(0.0, 1000.0, 10.0), abs=1.0)


def test_a_trigger_is_one_while_the_sound_is_above_the_threshold_in_either_direction() -> None:
    trigger = CompiledProcessing(catalog["ThresholdTrigger"])
    sound = np.zeros((7, 512))
    sound[1, 100], sound[2, 511], sound[4, 0], sound[5] = 0.6, -0.7, 0.5, 0.49
    for block in sound:
        trigger.run([block])
    assert trigger.sent("trigger") == [1.0, 0.0]


def test_a_bank_of_sliders_sends_what_each_is_set_to_within_its_range() -> None:
    bank = CompiledProcessing(catalog["Controller"], {"NumControls": 3, "MinValues": (1.0,), "MaxValues": (2.0, 3.0)})
    bank.run()
    for k, value in enumerate((9.0, -9.0, 99.0)):
        bank.send("inputs", value, k)
    bank.run()
    assert [bank.sent("outputs", k) for k in range(3)] == [[1.0, 2.0], [0.0, -9.0], [0.0, 99.0]]


def test_a_printer_of_several_types_prints_them_in_the_order_of_their_letters(capsys: pytest.CaptureFixture[str]) -> None:
    printer = CompiledProcessing(catalog["ControlPrinterTyped"], {"Identifier": "all", "TypesMask": "ifbf", "GuiOnly": False})
    printer.run()
    for attribute, value, k in (("integers", 7.0, 0), ("numbers", 0.5, 0), ("numbers", 0.25, 1), ("booleans", 1.0, 0)):
        printer.send(attribute, value, k)
    printer.run()
    printer.close()
    assert capsys.readouterr().out == "all: 7 0.5 1 0.25\n"


def test_a_piano_passes_on_each_message_once() -> None:
    piano = CompiledProcessing(catalog["ControlPiano"])
    for message in (None, 0x903C64, None, 0x903C64, 0x803C00):
        if message is not None:
            piano.send("message", float(message))
        piano.run()
    assert piano.sent("output") == [0x903C64, 0x903C64, 0x803C00]


def test_a_file_that_has_lost_columns_since_it_was_chosen_sends_those_that_are_there(tmp_path: Path) -> None:
    trace = tmp_path / "trace.txt"
    trace.write_text(("1 " * 500 + "\n") * 40)
    net = Network("clam")
    net.reader, net.source, net.gain, net.out = (
        net.types.ControlTraceReader,
        net.types.AudioSource,
        net.types.AudioAmplifier,
        net.types.AudioSink,
    )
    net.reader.TraceFile = str(trace)
    net.source > net.gain > net.out
    net.reader._outcontrols[0] > net.gain._incontrols[0]
    steady = np.full(20000, 0.1)
    assert net.render(inputs=steady)[-1, 0] == pytest.approx(0.1)
    trace.write_text("7\n" * 40)
    assert net.render(inputs=steady)[-1, 0] == pytest.approx(0.7)
    net.close()
