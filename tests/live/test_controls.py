"""Controls: heard in the next block, from any thread, in order; and a queue that overflows says so."""

from __future__ import annotations

import sys
import threading
import time

import numpy as np
import pytest

from ipyclam_core import Network
from ipyclam_core.dsp.memory.context import QUEUE_LENGTH
from ipyclam_core.proxy import Status

from .conftest import Stage

pytestmark = pytest.mark.slow


def oscillator(net: Network) -> None:
    net.osc = net.types.Sine
    net.osc.Frequency = 100.0
    net.sink = net.types.AudioSink
    net.osc > net.sink


def pitch_of(samples: np.ndarray) -> float:
    """The pitch of a sine, from the steps of its phase."""
    middle = samples[1:-1]
    cosine = (samples[2:] + samples[:-2])[np.abs(middle) > 0.5] / (2.0 * middle[np.abs(middle) > 0.5])
    return float(np.arccos(np.clip(np.median(cosine), -1.0, 1.0)) * 48000.0 / (2.0 * np.pi))


def test_a_control_is_heard_in_the_next_block(stage: Stage) -> None:
    oscillator(stage.net)
    stage.play()
    stage.run(4)
    for pitch in (1000.0, 3000.0, 500.0):
        stage.net.osc.Pitch = pitch
        assert pitch_of(stage.run()[:, 0]) == pytest.approx(pitch, rel=0.01)


def test_what_was_set_is_read_back_before_a_block_has_taken_it(stage: Stage) -> None:
    oscillator(stage.net)
    stage.play()
    stage.run(2)
    stage.net.osc.Pitch = 440.0
    assert stage.net.osc.Pitch.value == 440.0
    stage.run(1)
    assert stage.net.osc.Pitch.value == 440.0


def test_what_a_control_holds_can_be_read(stage: Stage) -> None:
    oscillator(stage.net)
    stage.net.value = stage.net.types.ControlSource
    stage.net.scaler = stage.net.types.ControlScaler
    stage.net.scaler.Amount = 7.0
    stage.net.value._outcontrols[0] > stage.net.scaler["Control In"]
    stage.net.scaler._outcontrols[0] > stage.net.osc["Pitch"]
    stage.play()
    stage.run(2)
    stage.net.value.DefaultValue = 51.0
    stage.run(1)
    assert stage.net.value._outcontrols[0].value == 51.0
    assert stage.net.osc["Pitch"].value == 357.0
    stage.net.scaler["Gain Amount"] = 2.0
    stage.net.scaler["Control In"] = 60.0
    heard = stage.run(2)
    assert stage.net.osc["Pitch"].value == 120.0
    assert pitch_of(heard[-256:, 0]) == pytest.approx(120.0, rel=0.05)


def test_controls_go_from_processing_to_processing_within_a_block(stage: Stage) -> None:
    oscillator(stage.net)
    last = None
    for k in range(5):
        scaler = stage.net[f"scaler{k}"] = "ControlScaler"
        scaler = stage.net[f"scaler{k}"]
        scaler.Amount = 2.0
        if last is not None:
            last._outcontrols[0] > scaler["Control In"]
        last = scaler
    last._outcontrols[0] > stage.net.osc["Pitch"]
    stage.play()
    stage.run(2)
    stage.net.scaler0["Control In"] = 100.0
    assert pitch_of(stage.run()[:, 0]) == pytest.approx(3200.0, rel=0.01)


def test_a_statement_that_sets_several_is_heard_between_the_same_two_blocks() -> None:
    net = Network()
    try:
        net.sink = net.types.AudioSink
        for k in range(8):
            net[f"g{k}"] = "Gain"
        net.play("clock", block_size=16)
        for k in range(200):
            with net._proxy.step("all"):
                for g in range(8):
                    net[f"g{g}"].Gain = float(k)
            values = {net[f"g{g}"]["Gain"].value for g in range(8)}
            assert len(values) <= 2
    finally:
        net.close()


def test_any_thread_may_send_and_nothing_is_lost(stage: Stage) -> None:
    net = stage.net
    for k in range(8):
        net[f"osc{k}"] = "Sine"
    stage.play()

    def send(k: int) -> None:
        for value in range(2000):
            net[f"osc{k}"]["Pitch"] = float(value)

    threads = [threading.Thread(target=send, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        stage.run()
        time.sleep(0.001)
    stage.run(2)
    assert [net[f"osc{k}"]["Pitch"].value for k in range(8)] == [1999.0] * 8
    assert [net._proxy.processings()[f"osc{k}"].controls["Pitch"] for k in range(8)] == [1999.0] * 8


def test_threads_that_set_controls_of_one_processing_do_not_lose_each_others(stage: Stage) -> None:
    inner = stage.net._proxy.inner
    inner.add("osc", "Oscillator")
    stage.play()
    controls = ("Pitch", "Amplitude", "ModIndex")

    def send(control: str) -> None:
        for value in range(3000):
            inner.set_control("osc", control, float(value))

    threads = [threading.Thread(target=send, args=(control,)) for control in controls]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for k in range(200):  # edits, meanwhile
            inner.add(f"a{k}", "Sine")
            inner.rename(f"a{k}", f"b{k}")
            inner.configure("osc", {"Phase": float(k % 7)})
            stage.run()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    stage.run(2)
    assert dict(inner.processings()["osc"].controls) == dict.fromkeys(controls, 2999.0)
    assert [stage.net.osc._incontrols[control].value for control in controls] == [2999.0] * 3


def test_a_queue_that_overflows_says_so_and_the_last_values_arrive(stage: Stage) -> None:
    oscillator(stage.net)
    stage.play()
    stage.run()
    inner = stage.net._proxy.inner
    for k in range(QUEUE_LENGTH + 100):
        inner.set_control("osc", "Pitch", float(k))
    inner.set_control("osc", "Amplitude", 0.25)
    assert any("is full: 101 came too fast" in message for message in stage.net.status().messages)
    stage.run(4)
    assert (stage.net.osc["Pitch"].value, stage.net.osc._incontrols["Amplitude"].value) == (QUEUE_LENGTH + 99.0, 0.25)
    assert stage.net.status().messages == ()


def test_controls_of_a_group_that_overflow_do_not_pile_up(stage: Stage) -> None:
    oscillator(stage.net)
    stage.net.second = stage.net.types.Sine
    stage.play()
    stage.run()
    both = stage.net.group(["osc", "second"])
    for k in range(QUEUE_LENGTH):
        stage.net._proxy.inner.set_control("osc", "Pitch", float(k))
    for k in range(200):
        both.Pitch.value = [float(k), float(k + 1)]
    assert len(stage.player._mailbox._waiting) == 1
    stage.run(4)
    assert both.Pitch.value == (199.0, 200.0)


def test_a_control_sent_while_a_step_is_made_is_a_step_of_its_own(stage: Stage) -> None:
    oscillator(stage.net)
    stage.play()
    with stage.net._proxy.step("two at once"):
        stage.net.second = stage.net.types.Sine
        sender = threading.Thread(target=lambda: setattr(stage.net.osc, "Pitch", 300.0))
        sender.start()
        sender.join()
        stage.net.third = stage.net.types.Sine
    stage.net.undo()
    assert (list(stage.net), stage.net.osc.Pitch.value) == (["osc", "sink"], 300.0)
    stage.net.undo()
    assert stage.net.osc.Pitch.value == 100.0


def test_steps_of_two_threads_that_overlap_leave_nothing_open(stage: Stage) -> None:
    oscillator(stage.net)
    begun, made = threading.Event(), threading.Event()

    def send() -> None:
        with stage.net._proxy.step("a run of controls", lenient=True):
            begun.set()
            assert made.wait(20.0)
            stage.net.osc.Pitch = 300.0

    sender = threading.Thread(target=send)
    sender.start()
    assert begun.wait(20.0)
    with stage.net._proxy.step("one more"):
        stage.net.second = stage.net.types.Sine
        made.set()
        sender.join()
    stage.net.third = stage.net.types.ControlMapper
    assert stage.net.undo() == "add third"
    assert stage.net.undo() == "one more"
    assert stage.net.undo() == "a run of controls"
    stage.net.reader = stage.net.types.MonoAudioFileReader
    with pytest.raises(ValueError, match="SourceFile"):
        stage.net.reader.SourceFile = "nowhere.wav"


def test_who_looks_while_another_thread_stops_it_finds_it_stopped(stage: Stage) -> None:
    oscillator(stage.net)
    stage.play()
    stage.run(4)
    player = stage.player
    stage.net.stop()
    assert player.status("playing") == Status()
    assert not player.samples("osc", "Audio Output", 64).any()


def test_edits_wait_in_the_same_queue_in_order(stage: Stage) -> None:
    oscillator(stage.net)
    stage.play()
    stage.run()
    inner = stage.net._proxy.inner
    for k in range(QUEUE_LENGTH + 10):
        inner.set_control("osc", "Pitch", float(k))
    stage.net.second = stage.net.types.Saw
    stage.net.second > stage.net.sink
    del stage.net.osc
    stage.run(10)
    assert sorted(stage.player.edits.score.by_name) == ["second", "sink"]
    assert np.abs(stage.run(20)).max() > 0.9
    assert stage.net.status().messages == ()
