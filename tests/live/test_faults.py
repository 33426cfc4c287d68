"""What is not a number stops at the sink and is traced to whoever made it; what stands still is not what has gone."""

from __future__ import annotations

import numpy as np
import pytest
from numpy import float32

from ipyclam_core.declare import config, in_port, out_port, processing

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
    assert "samples silenced at the sink" in message


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
    assert stage.net.status().messages[0].startswith("breaks put out")
    assert np.abs(heard[-256:]).max() > 0.3  # it does not go round


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
    assert net.status().messages[0].startswith("louder put out")


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
    assert net.status().messages[0].startswith("something before channel 1 put out")


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
    assert any("a Fails is not served any more: OSError: the disk is gone" in message for message in stage.net.status().messages)
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
    assert any("a FailsAtOnce cannot be served: OSError: there is no modem" in message for message in stage.net.status().messages)
    stage.net.modem.Ends = 1
    del stage.net.modem
    stage.run(40)
    assert any("a FailsAtOnce could not be closed: OSError: it does not" in message for message in stage.net.status().messages)
    assert np.abs(stage.run(2)).max() > 0.4


def test_a_render_says_who_put_out_what_is_no_number(stage: Stage) -> None:
    chain(stage)
    stage.net.stop()
    with pytest.warns(UserWarning, match=r"^breaks put out what is not a finite number: \d+ samples silenced at the sink$"):
        sound = stage.net.render(frames=40 * 256, block_size=256)
    assert np.isfinite(sound).all()
    assert np.abs(sound[20 * 256 :, 1]).max() > 0.9
