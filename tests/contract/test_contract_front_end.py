"""What every engine promises through the front-end: code, undo and redo, and the transport."""

from __future__ import annotations

import pytest

from ipyclam_core import Network, Placeholder, errors
from ipyclam_core.proxy import CanPlay, CanRender


@pytest.fixture
def patch(net, parts) -> Network:
    """A network with a little of everything."""
    net["the generator"] = parts.generator
    net.effect = parts.effect
    net.many = parts.many
    net.many[parts.count] = 2
    net.knob = parts.setter
    net.tuned = parts.tuned
    net.tuned[parts.parameter] = parts.value
    net.controlled = parts.controlled
    net.free = parts.controlled
    net.unknown = Placeholder("Vocoder9000", inports=["Voice"], config={"Bands": 16})
    net["the generator"]._outports[parts.output] > net.effect._inports[parts.effect_in]
    net.effect._outports[parts.effect_out] > net.many._inports[parts.many_in[1]]
    net.knob._outcontrols[parts.set_value] > net.controlled._incontrols[parts.control]
    net["the generator"]._outports[parts.output] > net.unknown.Voice
    net.free._incontrols[parts.control] = 0.25
    net.effect._position = (10, 20)
    net.description = "a little of everything"
    return net


def execute(code: str, engine) -> Network:
    network = engine.network()
    exec(code, {"net": network, "Placeholder": Placeholder})
    return network


def test_code_makes_an_equal_network(patch, engine):
    again = execute(patch.code(), engine)
    assert again == patch
    assert again.code() == patch.code()


def test_full_code_makes_an_equal_network(patch, engine):
    assert execute(patch.code(full_config=True), engine) == patch


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


def test_lost_wires_come_back_when_a_configuration_is_undone(patch, parts):
    text = patch.code()
    patch.many[parts.count] = 1
    assert patch.many.disconnect() == 0
    patch.undo()
    assert patch.code() == text


def test_the_transport_says_where_it_is(patch):
    if not isinstance(patch._proxy.inner, CanPlay):
        with pytest.raises(errors.NotSupported, match="cannot play"):
            patch.play()
        return
    del patch.unknown
    assert patch.state == "stopped"
    patch.stop()
    assert patch.state == "stopped"


def test_render_without_the_ability_is_not_supported(net):
    if isinstance(net._proxy.inner, CanRender):
        assert net.render(frames=0).shape[0] == 0
    else:
        with pytest.raises(errors.NotSupported, match="cannot render"):
            net.render(1.0)
