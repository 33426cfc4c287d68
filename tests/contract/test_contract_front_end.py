"""What every engine promises through the front-end: code, undo and redo, and the transport."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest

from ipyclam_core import Network, Placeholder, errors
from ipyclam_core.proxy import CanMonitor, CanRender


def contents(net: Network) -> object:
    """What two networks that are equal share."""
    proxy = net._proxy.inner
    states = [(state.name, state.spec.name, dict(state.config), dict(state.controls)) for state in proxy.processings().values()]
    return proxy.info().description, states, set(proxy.wires())


def run_anew(net: Network, code: str, engine) -> Network:
    """What the code makes in an empty network; the first has left, as all networks of a server are one."""
    net.close()
    another = engine.network()
    exec(code, {"net": another, "Placeholder": Placeholder})
    return another


@pytest.mark.parametrize("full", [False, True])
def test_code_makes_an_equal_network(patch, engine, full):
    code, before, text = patch.code(full_config=full), contents(patch), patch.code()
    with closing(run_anew(patch, code, engine)) as again:
        assert contents(again) == before
        assert again.code() == text


def test_undo_goes_back_through_every_state_and_redo_forward(patch):
    texts = [patch.code()]
    while len(patch):
        patch.undo()
        texts.append(patch.code())
    with pytest.raises(errors.NothingToUndo):
        patch.undo()
    assert (len(patch), texts[-1]) == (0, "")
    for text in reversed(texts[:-1]):
        patch.redo()
        assert patch.code() == text
    with pytest.raises(errors.NothingToRedo):
        patch.redo()


def test_a_removal_is_undone_to_the_same_text(patch):
    text = patch.code()
    for name in list(patch):
        del patch[name]
        patch.undo()
        assert patch.code() == text


def test_clearing_is_one_step(patch):
    text = patch.code()
    patch.clear()
    assert (len(patch), patch.code()) == (0, "")
    patch.undo()
    assert patch.code() == text


def test_lost_wires_come_back_when_a_configuration_is_undone(net, parts):
    net.many = parts.many
    net.many[parts.count] = 2
    net.generator = parts.generator
    net.generator._outports[parts.output] > net.many._inports[parts.many_in[1]]
    text = net.code()
    net.many[parts.count] = 1
    assert net.many.disconnect() == 0
    net.undo()
    assert net.code() == text


def test_values_sent_to_a_control_are_one_step(net, parts):
    net.controlled = parts.controlled
    control = net.controlled._incontrols[parts.control]
    before = control.value
    for value in (0.25, 0.5, 0.75):
        control.value = value
    net.undo()
    assert control.value == before
    net.redo()
    assert control.value == 0.75
    net.undo()
    net.undo()
    assert len(net) == 0


@pytest.fixture
def playable(patch) -> Iterator[Network]:
    """The same, without what cannot sound; stopped afterwards, as a server goes on."""
    del patch.unknown
    yield patch
    patch.stop()


def test_the_transport_goes_through_its_states(playable, engine):
    states, heard = [playable.state], []
    playable.observe(lambda change: heard.append(change.after) if change.kind == "state" else None)
    for operation in (
        lambda: playable.play(device=engine.device),
        playable.play,
        playable.pause,
        playable.pause,
        playable.play,
        playable.stop,
    ):
        operation()
        states.append(playable.state)
    playable.stop()
    assert states == ["stopped", "playing", "playing", "paused", "paused", "playing", "stopped"]
    assert heard == ["playing", "paused", "playing", "stopped"]


def test_everything_can_be_edited_while_it_plays(playable, engine, parts):
    playable.play(device=engine.device)
    text = playable.code()
    playable.more = parts.generator
    playable.more._outports[parts.output] > playable.effect._inports[parts.effect_in]
    playable.effect.name = "another"
    del playable["the generator"]
    playable.tuned[parts.parameter] = parts.other_value
    playable.free._incontrols[parts.control] = 0.75
    while playable.code() != text:
        playable.undo()
    assert playable.state == "playing"
    playable.stop()
    assert playable.code() == text


def test_the_devices_are_told_auto_first_each_once(net):
    assert net.devices[0] == "auto"
    assert len(set(net.devices)) == len(net.devices) > 1


def test_status_can_be_read_at_any_time(playable, engine):
    assert playable.status().state == "stopped"
    playable.play(device=engine.device)
    status = playable.status()
    assert (status.state, status.xruns >= 0, status.load >= 0.0) == ("playing", True, True)


def test_what_cannot_sound_is_named_and_refused(patch, engine):
    if not isinstance(patch._proxy.inner, CanRender):  # without sound there is nothing to mind
        patch.play(device=engine.device)
        assert patch.state == "playing"
        patch.stop()
        return
    for operation in (lambda: patch.play(device=engine.device), lambda: patch.render(frames=10)):
        with pytest.raises(errors.NotPlayable, match="unknown"):
            operation()
    assert patch.state == "stopped"


def test_a_render_has_the_columns_of_all_sinks_and_is_always_the_same(net, parts):
    inner = net._proxy.inner
    if not isinstance(inner, CanRender):
        with pytest.raises(errors.NotSupported, match="cannot render"):
            net.render(1.0)
        return
    net.generator = parts.generator
    net.effect = parts.effect
    net.generator._outports[parts.output] > net.effect._inports[parts.effect_in]
    once, again = net.render(frames=1000), net.render(frames=1000, block_size=125)
    assert once.shape == (1000, sum(inner.sinks().values()))
    assert (once.dtype, once.tobytes()) == (np.float32, again.tobytes())


def test_samples_of_what_has_not_played_are_zeros(net, parts):
    net.generator = parts.generator
    port = net.generator._outports[parts.output]
    if not isinstance(net._proxy.inner, CanMonitor):
        with pytest.raises(errors.NotSupported, match="cannot get samples"):
            port.samples(64)
        return
    samples = port.samples(64)
    assert (samples.dtype, samples.shape, samples.any()) == (np.float32, (64,), np.False_)
