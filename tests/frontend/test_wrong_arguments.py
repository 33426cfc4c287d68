"""What is given in place of a name, a device, a text: it is refused in words, and nothing has changed."""

from __future__ import annotations

import pytest

from ipyclam_core import Network

REFUSED = {
    "a parameter by number": (lambda net: net.osc._config[0], TypeError, "selected by its name, not by 0"),
    "a parameter by None": (lambda net: net.osc._config.clone()[None], TypeError, "selected by its name, not by None"),
    "a parameter set by number": (lambda net: net.osc._config.__setitem__(0, 3), TypeError, "selected by its name, not by 0"),
    "a mapping from numbers": (lambda net: setattr(net.osc, "_config", {0: 3}), TypeError, "selected by its name, not by 0"),
    "a search for a number": (lambda net: net.types.search(3), TypeError, "by words, a str, not by 3"),
    "a device that is no name": (lambda net: net.play(3), TypeError, "the device must be a name"),
    "a keyword for the network": (lambda net: net.code("class"), ValueError, "not 'class'"),
    "an option that is none": (lambda net: Network("dummy", servr="x"), TypeError, "dummy engine has no option 'servr'"),
    "an option nearly right": (lambda net: Network("clam", typs=[]), TypeError, "did you mean 'types'"),
}


@pytest.mark.parametrize(("statement", "error", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_it_is_refused_in_words(net, statement, error, said):
    net.osc = net.types.Oscillator
    before = net.code()
    with pytest.raises(error, match=said):
        statement(net)
    assert net.code() == before


def test_a_clone_says_what_to_do_with_it(net):
    net.osc = net.types.Oscillator
    assert repr(net.osc.clone()) == "<Oscillator without a name. To add it to a network: net.two = net.one.clone()>"
