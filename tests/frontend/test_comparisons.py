"""A comparison that is typed connects. One that sorts or displays changes nothing, and raises nothing."""

from __future__ import annotations

import bisect
import collections
import copy
import heapq
import itertools
import operator
import pickle
import pprint
import subprocess
import sys
from pathlib import Path
from random import Random

import numpy as np
import pytest
from IPython.lib.pretty import pretty

from ipyclam_core import Network, Placeholder, errors
from ipyclam_core.frontend.processing import Processing


@pytest.fixture
def handles(net: Network) -> list[object]:
    """One of each kind of handle, of a network whose processings could all be connected."""
    net.b, net.a, net.out = net.types.Oscillator, net.types.Amplifier, net.types.Sink
    found: list[object] = [net.b, net.out, net.a, net.a.Input, net.b.Output, net.out.Input, net.a._inports, net.a[:1], net.b._outports]
    return [*found, net.group("*"), net.group(["a", "b"]).Output]


def test_sorting_and_displaying_change_nothing(net: Network, handles: list[object]) -> None:
    before, modified = net.code(), net.history
    for order in (handles, handles[::-1], Random(1).sample(handles, len(handles))):
        in_order = sorted(order)
        assert list(map(repr, in_order)) == list(map(repr, sorted(in_order)))
        assert repr(min(order)) == repr(in_order[0])
        assert repr(max(order)) == repr(in_order[-1])
        list(reversed(order)).sort()
        heap = list(order)
        heapq.heapify(heap)
        heapq.nlargest(2, order), heapq.merge(order, order), bisect.bisect(in_order, order[0])
        np.sort(np.array(order, dtype=object))
    hashed = [handle for handle in handles if type(handle).__hash__ is not None]
    for shown in (set(hashed), dict.fromkeys(hashed, 1), frozenset(hashed), collections.Counter(hashed), [tuple(hashed), set(hashed)]):
        pprint.pformat(shown), pprint.saferepr(shown), pretty(shown), repr(shown), str(shown)
    sorted((1, handle) for handle in handles)
    [operator.lt(a, b) for a, b in itertools.permutations(handles, 2)]
    assert (net.code(), net.history) == (before, modified)


def test_sorted_handles_are_in_the_order_of_their_names(net: Network, handles: list[object]) -> None:
    assert sorted([net.out, net.a, net.b]) == [net.a, net.b, net.out]
    assert sorted([net.b.Output, net.a.Output, net.a.Input]) == [net.a.Input, net.a.Output, net.b.Output]


def test_handles_are_not_sorted_with_anything_else(net: Network, handles: list[object]) -> None:
    with pytest.raises(TypeError, match="not supported between"):
        sorted([net.a, "a"])
    assert pprint.pformat({net.a: 1, "a": 2, 3: 4})


def test_typed_comparisons_connect(net: Network, handles: list[object]) -> None:
    wires = net.proxy.wires()
    net.a < net.b
    net.a.Output > net.out.Input
    assert len(wires) == 2
    net.clear()
    net.b, net.a, net.out = net.types.Oscillator, net.types.Amplifier, net.types.Sink
    net.b > net.a > net.out
    assert len(wires) == 2
    net.undo()
    assert [len(source > net.out) for source in (net.a,)] == [1]
    net.undo()
    assert len((lambda source, target: source > target)(net.a, net.out)) == 1
    net.undo()
    if net.a > net.out:
        assert len(wires) == 2
    net.undo()
    exec("net.a > net.out", {"net": net})
    assert len(wires) == 2
    net.undo()
    assert len(eval("net.out < net.a", {"net": net})) == 1
    net.undo()
    net.b > net.group(["out"])
    net.group(["a"]) > net.out
    assert len(wires) == 3


def test_a_chain_that_fails_tells_what_it_has_made(net: Network, handles: list[object]) -> None:
    net.c = Placeholder("Without")
    with pytest.raises(errors.NothingToConnect) as failed:
        net.b > net.a > net.c
    assert failed.value.__notes__ == ["This line has made net.b.Output > net.a.Input. To undo that: net.undo()"]
    net.undo()
    assert not len(net.proxy.wires())
    with pytest.raises(errors.NothingToConnect) as failed:
        net.b > net.a > net.out > net.a
    assert failed.value.__notes__ == ["This line has made net.b.Output > net.a.Input and 1 more. To undo that: net.undo(2)"]
    net.undo(2)
    assert not len(net.proxy.wires())
    with pytest.raises(errors.NothingToConnect) as failed:
        net.out > net.c
    assert not hasattr(failed.value, "__notes__")
    with pytest.raises(TypeError) as wrong:
        net.b > net.a > 3
    assert "This line has made net.b.Output > net.a.Input" in wrong.value.__notes__[0]
    net.undo()
    with pytest.raises(errors.IpyclamError) as failed:
        net.group(["b"]) > net.group(["a"]) > net.group(["c"])
    assert "This line has made" in failed.value.__notes__[0]


def test_modules_named_like_those_of_the_library_connect_too(net: Network, handles: list[object], tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text("def wire(net):\n    net.b > net.a\n")
    run = {"__name__": "code"}
    exec(compile((tmp_path / "code.py").read_text(), str(tmp_path / "code.py"), "exec"), run)
    run["wire"](net)
    assert len(net.proxy.wires()) == 1


FAILING = """
from ipyclam_core import Network
def test_it():
    net = Network("dummy")
    net.a, net.b = net.types.Oscillator, net.types.Sink
    try:
        assert {net.a: {net.b, net.a.Output}, net.b: 2} == {net.b: 3, net.a.Output: {net.a, net.b}}
    finally:
        print("wires:", len(net.proxy.wires()))
"""


@pytest.mark.slow
def test_a_failing_assertion_connects_nothing(tmp_path: Path) -> None:
    (tmp_path / "test_failing.py").write_text(FAILING)
    done = subprocess.run([sys.executable, "-m", "pytest", "-vv", str(tmp_path)], capture_output=True, text=True, cwd=tmp_path)
    assert "1 failed" in done.stdout
    assert "wires: 0" in done.stdout


def test_a_copy_of_a_handle_is_that_handle(net: Network, handles: list[object]) -> None:
    before = net.code()
    for handle in handles:
        if isinstance(handle, Processing):
            continue  # it can be copied with a name
        assert copy.copy(handle) is handle
        assert copy.deepcopy([handle])[0] is handle
        with pytest.raises(TypeError, match=r'of a live network cannot be pickled. To keep the network: net.save\("song.py"\)$'):
            pickle.dumps(handle)
    assert net.code() == before


def test_what_has_a_clone_says_so_when_it_is_copied(net: Network, handles: list[object]) -> None:
    for copied in (copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match=r"To copy it: net.copy = net.a.clone\(\)$"):
            copied(net.a)
        with pytest.raises(TypeError, match=r"clone\(\)"):
            copied(net.a._config)


def test_clones_and_placeholders_are_copied_and_say_how_they_are_kept(net: Network, handles: list[object]) -> None:
    for made in (net.a.clone(), Placeholder("Vocoder")):
        assert copy.copy(made) is made
        assert copy.deepcopy([made])[0] is made
        with pytest.raises(TypeError, match="cannot be pickled"):
            pickle.dumps(made)


def test_a_network_says_how_it_is_copied(net: Network) -> None:
    for copied in (copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match=r"net.save\(.*clone\(\)$"):
            copied(net)
    with pytest.raises(TypeError, match=r"net.save\("):
        pickle.dumps(net)
