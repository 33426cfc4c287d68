"""What is given in place of a name, a device, a text: it is refused in words, and nothing has changed."""

from __future__ import annotations

import pytest

from ipyclam_core import Network
from ipyclam_core.errors import NoSuchConnector, ReadOnly

REFUSED = {
    "a parameter by number": (lambda net: net.osc._config[0], TypeError, "selected by its name, not by 0"),
    "a parameter by None": (lambda net: net.osc._config.clone()[None], TypeError, "selected by its name, not by None"),
    "a parameter set by number": (lambda net: net.osc._config.__setitem__(0, 3), TypeError, "selected by its name, not by 0"),
    "a mapping from numbers": (lambda net: setattr(net.osc, "_config", {0: 3}), TypeError, "selected by its name, not by 0"),
    "a search for a number": (lambda net: net.types.search(3), TypeError, "by words, a str, not by 3"),
    "a device that is no name": (lambda net: net.play(3), TypeError, "the device must be a name"),
    "a number for a processing": (lambda net: setattr(net, "osc", 5), TypeError, r"To set a parameter: net\.osc\.Frequency = 5"),
    "a list for a processing": (lambda net: setattr(net, "osc", []), TypeError, r"net\.osc is a processing, .*replaced by \[\] \(list\)$"),
    "a number for a new processing": (lambda net: setattr(net, "new", 5), TypeError, "is made from a type"),
    "a type that is assigned": (lambda net: setattr(net.types, "Sink", 5), ReadOnly, "'Sink' of net.types cannot be assigned"),
    "a type that is set": (lambda net: net.types.__setitem__("Sink", 5), ReadOnly, "'Sink' of net.types cannot be assigned"),
    "a method of a processing nearly right": (lambda net: net.osc.conect(net.osc), NoSuchConnector, "did you mean 'connect'"),
    "a method that a processing does not have": (lambda net: net.osc.remove(), NoSuchConnector, r"To remove it: del net\.osc$"),
    "a name in place of a processing": (lambda net: net.osc > "osc", TypeError, r"not to 'osc' \(str\)\. Type net\.osc$"),
    "a type in place of a processing": (lambda net: net.osc > net.types.Sink, TypeError, r"To add one: net\.x = net\.types\.Sink$"),
    "infinity": (lambda net: setattr(net.osc, "Frequency", float("inf")), ValueError, "takes a finite float from 0 to 24000, not inf"),
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
