"""What is not a number stops at the sink and is traced to whoever made it; what stands still is not what has gone."""

from __future__ import annotations

import random
import re

import numpy as np
import pytest
from numpy import float32

from ipyclam_core.declare import config, in_port, out_port, processing
from ipyclam_core.dsp.memory.context import CULPRIT, HEAD_NUMBER
from ipyclam_core.dsp.memory.shared import POISONED

from .conftest import Stage


@processing(category="Tests")
class DividesByZero:
    """Passes its signal on, until it has counted down; then divides by nothing, for a while."""

    Blocks = config(10, minimum=0)
    For = config(1, minimum=0)
    audio = in_port("In")
    output = out_port("Out")

    class State:
        block: int

    def process(state, audio, output, Blocks, For, frames):  # noqa: N805 -- no method: there is no self
        state.block += 1
        for i in range(frames):
            output[i] = audio[i]
        if Blocks < state.block <= Blocks + For:
            output[frames // 2] = float32(1.0) / (audio[0] * float32(0.0))


def chain(stage: Stage, blocks: int = 10, during: int = 1) -> None:
    """A sine that is halved, breaks, and is filtered, into a sink; beside another one that is whole."""
    net = stage.net
    net.low = net.types.ResonantLowPass  # made first, hears it last
    net.sine = net.types.Sine
    net.half = net.types.Gain
    net.half.InitialGain = 0.5
    net.breaks = DividesByZero
    net.breaks.Blocks = blocks
    net.breaks.For = during
    net.sink = net.types.AudioSink
    net.sink.NSinks = 2
    net.sine > net.half > net.breaks > net.low > net.sink.Input1
    net.sine > net.sink.Input2
    stage.play()


def test_what_is_no_number_never_reaches_the_device(stage: Stage) -> None:
    chain(stage)
    heard = stage.run(40)
    assert np.isfinite(heard).all()
    assert np.abs(heard[20 * 256 :, 1]).max() > 0.9
    assert not heard[11 * 256 :, 0].any()  # the filter's state is lost


@pytest.mark.parametrize("during", [1, 1000])
def test_the_processing_that_made_it_is_named(stage: Stage, during: int) -> None:
    chain(stage, during=during)
    stage.run(5)
    assert stage.net.status().messages == ()
    stage.run(35)
    (message,) = stage.net.status().messages
    assert message.startswith("breaks")
    assert "half" not in message
    assert "samples muted" in message


def test_in_a_loop_it_is_the_one_that_made_it_that_is_named(stage: Stage) -> None:
    net = stage.net
    net.sine = net.types.Sine
    net.add = net.types.AudioAdder
    net.breaks = DividesByZero
    net.damp = net.types.Gain
    net.damp.InitialGain = 0.5
    net.sink = net.types.AudioSink
    net.sine > net.add["First Audio Input"]
    net.add > net.breaks > net.damp > net.add["Second Audio Input"]
    net.damp > net.sink
    stage.play()
    heard = stage.run(40)
    assert stage.net.status().messages[0].startswith("breaks outputs NaN or infinity")
    assert np.abs(heard[-256:]).max() > 0.3  # it does not go round


def until_blamed(stage: Stage) -> None:
    """Run blocks until the audio thread has noted who made NaN; nobody looks meanwhile."""
    while not stage.player._context[CULPRIT]:
        stage.player.device.run()


def test_who_made_nan_is_named_although_the_network_has_been_edited_since(stage: Stage) -> None:
    chain(stage)
    until_blamed(stage)
    del stage.net.half  # fewer lanes and runs, elsewhere
    stage.net.early = stage.net.types.Saw
    stage.net.early > stage.net.sink.Input2
    stage.run(2)
    assert stage.net.status().messages[0].startswith("breaks")


def test_who_made_nan_is_named_although_it_has_been_removed_and_its_place_given_to_another(stage: Stage) -> None:
    chain(stage)
    until_blamed(stage)
    del stage.net.breaks
    for _ in range(8):  # its wires fade out
        stage.player.device.run()
    stage.net.early = stage.net.types.Saw
    stage.player.device.run()
    stage.player._mailbox.collect()  # nothing leads to it any more, and its row is free
    row = {node.name: node.row for node in stage.player.edits.score.by_row.values()}
    assert "breaks" not in row
    stage.net.other = stage.net.types.Gain
    stage.run()
    assert stage.net.status().messages[0].startswith("breaks")
    assert not stage.player.edits.blame._gone


def test_a_program_is_not_taken_for_another_at_the_same_address(stage: Stage) -> None:
    """The service comes late, again and again, while a network that outputs NaN is edited."""
    chance, net = random.Random(1), stage.net
    net.out = net.types.AudioSink
    stage.play()
    for k in range(400):
        name = f"b{chance.randrange(12)}"
        if name in net:
            del net[name], net[f"s{name}"]
        else:
            net[name], net[f"s{name}"] = net.types.Gain, net.types.Sine
            net[f"s{name}"] > net[name] > net.out
            net[name].Gain = 1e300
        if k % 7 == 0:
            net.clear()
            net.out = net.types.AudioSink
        stage.player.device.run()
        if chance.random() < 0.3:
            stage.player.serve()
            assert len(stage.player.edits.blame._tables) < 3
    stage.run()
    (message,) = net.status().messages
    names = message.partition(" output")[0].split(", ")
    assert names
    assert all(re.fullmatch(r"b\d+", name) for name in names)


def test_every_program_has_a_number_of_its_own(stage: Stage) -> None:
    chain(stage)
    numbers, addresses = [], []
    for _ in range(40):
        stage.net.more = stage.net.types.Gain
        stage.run()
        del stage.net.more
        stage.run()
        program = stage.player.edits.program
        numbers.append(int(program.head[HEAD_NUMBER]))
        addresses.append(program.address)
    assert len(set(addresses)) < len(addresses) or POISONED  # or this test proves nothing
    assert numbers == sorted(set(numbers))


def test_numbers_that_grow_too_large_are_traced_too(stage: Stage) -> None:
    net = stage.net
    net.sine = net.types.Sine
    net.loud = net.types.Gain
    net.louder = net.types.Gain
    net.loud.InitialGain = net.louder.InitialGain = 1e30
    net.sink = net.types.AudioSink
    net.sine > net.loud > net.louder > net.sink
    stage.play()
    assert np.isfinite(stage.run(10)).all()
    assert net.status().messages[0].startswith("louder outputs")


@pytest.mark.parametrize("type_", ["SimpleOscillator", "Oscillator", "SquareWave", "Sine", "Saw"])
def test_an_oscillator_sounds_again_after_a_pitch_that_no_sound_has(stage: Stage, type_: str) -> None:
    net = stage.net
    net.osc = type_
    net.sink = net.types.AudioSink
    net.osc > net.sink
    stage.play()
    stage.run(10)
    net.osc.Pitch = 1e308
    stage.run(10)
    net.osc.Pitch = 440.0
    heard = stage.run(20)[-256:]
    assert np.abs(heard).max() > 0.9


def test_what_no_processing_made_is_said_of_the_sink(stage: Stage) -> None:
    net = stage.net
    net.sine = net.types.Sine
    net.loud = net.types.Gain
    net.loud.InitialGain = 3e38
    net.sink = net.types.AudioSink
    net.sine > net.loud > net.sink
    net.other = net.types.Gain
    net.other.InitialGain = 3e38
    net.sine > net.other > net.sink
    stage.play()
    assert np.isfinite(stage.run(10)).all()
    assert net.status().messages[0].startswith("something before channel 1 outputs")


def test_a_device_that_stands_still_while_nobody_looked_has_not_gone(stage: Stage) -> None:
    chain(stage)
    stage.run(2)
    watch = stage.player._watch
    watch._looked -= 3600.0  # the machine slept, or something kept the interpreter busy
    watch.look({})
    assert not watch.stalled


def test_a_device_that_stands_still_is_missed(stage: Stage) -> None:
    chain(stage)
    stage.run(2)
    watch = stage.player._watch
    for _ in range(8):
        watch._looked -= 0.1
        watch.look({})
    assert watch.stalled
    stage.run(1)
    assert not watch.stalled


def test_the_profile_adds_up_to_the_load(stage: Stage) -> None:
    chain(stage, blocks=100_000)
    for _ in range(40):
        watch = stage.player._watch
        watch._measured = (watch._measured[0], watch._measured[1] - 1.0)
        stage.run(31)
    status = stage.net.status()
    assert status.load > 0.0
    assert sum(share for _, share in status.profile) == pytest.approx(status.load, rel=0.01)
    names = {name for name, _ in status.profile}
    assert names <= {"Sine", "Gain", "DividesByZero", "ResonantLowPass", "(wires)"}
    assert {"Sine", "ResonantLowPass"} <= names
    assert [share for _, share in status.profile] == sorted((share for _, share in status.profile), reverse=True)


class Clumsy:
    """A companion that fails after a while."""

    rounds = 0

    def service(self) -> None:
        Clumsy.rounds += 1
        if Clumsy.rounds > 5:
            raise OSError("the disk is gone")

    def close(self) -> None:
        pass


@processing(category="Tests")
class Fails:
    """Has a companion that fails."""

    output = out_port("Out")

    def companion(state):  # noqa: N805 -- as above
        return Clumsy()

    class State:
        unused: int

    def process(output, frames):  # noqa: N805 -- as above
        for i in range(frames):
            output[i] = float32(0.0)


def test_a_companion_that_fails_is_said_and_the_others_are_served(stage: Stage) -> None:
    chain(stage, blocks=100_000)
    stage.net.fails = Fails
    stage.run(10)
    assert any(
        "the companion of a Fails failed, and is no longer called: OSError: the disk is gone" in message
        for message in stage.net.status().messages
    )
    assert np.abs(stage.run(2)).max() > 0.4


@processing(category="Tests")
class FailsAtOnce:
    """Has a companion that cannot begin, or that cannot end."""

    Ends = config(0)
    output = out_port("Out")

    def companion(Ends):  # noqa: N805 -- as above
        if not Ends:
            raise OSError("there is no modem")

        class Unending:
            def service(self) -> None:
                pass

            def close(self) -> None:
                raise OSError("it does not hang up")

        return Unending()

    def process(output, frames):  # noqa: N805 -- as above
        for i in range(frames):
            output[i] = float32(0.0)


def test_a_companion_that_cannot_begin_or_end_is_said_and_the_rest_goes_on(stage: Stage) -> None:
    chain(stage, blocks=100_000)
    stage.net.modem = FailsAtOnce
    assert any(
        "the companion of a FailsAtOnce could not start: OSError: there is no modem" in message for message in stage.net.status().messages
    )
    stage.net.modem.Ends = 1
    del stage.net.modem
    stage.run(40)
    assert any("a FailsAtOnce could not be closed: OSError: it does not" in message for message in stage.net.status().messages)
    assert np.abs(stage.run(2)).max() > 0.4


def test_a_render_says_who_put_out_what_is_no_number(stage: Stage) -> None:
    chain(stage)
    stage.net.stop()
    with pytest.warns(UserWarning, match=r"^breaks outputs NaN or infinity: \d+ samples muted$"):
        sound = stage.net.render(frames=40 * 256, block_size=256)
    assert np.isfinite(sound).all()
    assert np.abs(sound[20 * 256 :, 1]).max() > 0.9
