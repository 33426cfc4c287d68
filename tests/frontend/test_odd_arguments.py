"""Odd arguments of the public methods end in a sentence about the argument, never in one of our inside, and nothing has changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ipyclam_core import Network, Placeholder, errors


class Unshowable:
    def __repr__(self) -> str:
        raise RuntimeError("its repr")


class EqualToAll(str):
    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return True


def one(type_: str) -> Any:
    """A processing in a network of its own."""
    net = Network("clam")
    net.x = type_
    return net.x


ODD = Unshowable()
SEVERAL = np.array([1, 2])

REFUSED: dict[str, tuple[Callable[[Network], Any], type[Exception], str]] = {
    "types of numbers": (lambda net: Network(types=[5]), TypeError, "each of types must be a str"),
    "types that are a number": (lambda net: Network(types=5), TypeError, "types must be a list"),
    "types beside a file": (lambda net: Network(types=[5], relative_to="x.py"), TypeError, "each of types must be a str"),
    "types in one text": (lambda net: Network(types="x.py"), TypeError, r"Type types=\['x.py'\]"),
    "types of a device": (lambda net: Network(types=["/dev/zero"]), ValueError, "name of a module or the path of a .py file"),
    "bytes to save": (lambda net: net.save(b"x"), TypeError, "the path must be a str or a pathlib.Path, not b'x'"),
    "bytes to load": (lambda net: net.load(b"x"), TypeError, "the path must be a str or a pathlib.Path, not b'x'"),
    "null to save": (lambda net: net.save("x\0.py"), ValueError, "contains a null character"),
    "null to load": (lambda net: net.load("x\0.py"), ValueError, "contains a null character"),
    "null to draw": (lambda net: net.draw("x\0.svg"), ValueError, "contains a null character"),
    "null to record": (lambda net: net.record("\0.wav"), ValueError, "contains a null character"),
    "null to hear": (lambda net: net.render(inputs="\0"), ValueError, "the input of source .* null character"),
    "null to play": (lambda net: setattr(one("SndfilePlayer"), "SourceFile", "\0.wav"), ValueError, "contains a null character"),
    "null to write": (lambda net: setattr(one("MonoAudioFileWriter"), "TargetFile", "\0.wav"), ValueError, "contains a null character"),
    "null for loudspeakers": (lambda net: setattr(one("Vbap3D"), "SpeakerLayout", "\0.xml"), ValueError, "contains a null character"),
    "a text of seconds": (lambda net: net.record("x.wav", "a"), TypeError, "seconds must be a number, not 'a'"),
    "progress by number": (lambda net: net.render(0.01, progress=3.0), TypeError, "progress must be a function"),
    "a render without end": (lambda net: net.render(1e300), ValueError, "memory of this machine.*longest render is seconds="),
    "more frames than memory": (lambda net: net.render(frames=10**15), ValueError, "memory of this machine.*longest render is seconds="),
    "a block of a gigabyte": (lambda net: net.render(0.01, block_size=10**9), ValueError, "block_size must be 1048576 or less"),
    "to play such a block": (lambda net: net.play("clock", block_size=10**9), ValueError, "block_size must be 1048576 or less"),
    "samples of an exabyte": (lambda net: net.osc.Audio_Output.samples(10**18), ValueError, "number of frames, 134217728 or less"),
    "numbers for one source": (lambda net: net.render(inputs=[1, 2, 3]), ValueError, "one array or path for each source"),
    "uneven rows": (lambda net: net.render(inputs=[[[1.0, 2.0], [3.0]]]), TypeError, "must be a float array"),
    "a source by number": (lambda net: net.render(inputs={5: 3}), TypeError, "by the name of a source, not by 5"),
    "several for a control": (lambda net: setattr(net.osc, "Pitch", SEVERAL), TypeError, "osc.Pitch takes a number, not array"),
    "a date for a control": (lambda net: setattr(net.osc, "Pitch", np.datetime64("2020")), TypeError, "osc.Pitch takes a number, not"),
    "several by number": (lambda net: setattr(net.osc._incontrols.Pitch, "value", SEVERAL), TypeError, "osc.Pitch takes a number, not"),
    "a device like all": (lambda net: net.play(device=EqualToAll("a")), errors.DeviceError, "there is no device 'a'"),
    "an engine like all": (lambda net: Network(EqualToAll("a")), errors.NoSuchEngine, "there is no engine 'a'"),
    "a number that waits": (lambda net: setattr(net, "_waiting", [3.0]), ValueError, "a waiting wire is a tuple"),
    "nothing that waits": (lambda net: setattr(net, "_waiting", 5), TypeError, "_waiting takes a list of wires"),
    "a name of several": (lambda net: setattr(net.osc, "name", SEVERAL), errors.InvalidName, "a name must be a str"),
    "a name without end": (lambda net: setattr(net.osc, "name", "x" * 1001), errors.InvalidName, "A name has at most 1,000"),
    "a new name without end": (lambda net: net.__setitem__("x" * 1001, "Saw"), errors.InvalidName, "A name has at most 1,000"),
    "perhaps all of it": (lambda net: net.code(full_config=SEVERAL), TypeError, "full_config must be True or False"),
    "perhaps trusted": (lambda net: net.load("x.py", trusted="no"), TypeError, "trusted must be True or False, not 'no'"),
    "a name twice": (lambda net: net.bank(["q", "q"], "Saw"), errors.InvalidName, "'q' .* is given twice"),
    "a slice without step": (lambda net: net.osc._inports[::0], ValueError, "the step of a slice cannot be 0"),
    "a slice to a text": (lambda net: net.osc._inports[1:"x"], TypeError, "a slice takes whole numbers, .* not 'x'"),
    "a slice of a group": (lambda net: net.group("*")[::0], ValueError, "the step of a slice cannot be 0"),
    "ports by number": (lambda net: Placeholder("x", 5), TypeError, "inports of a placeholder must be a list"),
    "a config by number": (lambda net: Placeholder("x", config=5), TypeError, "config of a placeholder must be a dict"),
    "an odd default": (lambda net: Placeholder("x", incontrols=[("a", "float", ODD)]), TypeError, "a takes a number"),
    "del of a parameter": (lambda net: delattr(net.osc, "Frequency"), errors.ReadOnly, "default: net.osc.Frequency = 440.0"),
    "del of a parameter by name": (lambda net: net.osc.__delitem__("Frequency"), errors.ReadOnly, "default: net.osc.Frequency = 440.0"),
    "del of a control": (lambda net: delattr(net.osc, "Pitch"), errors.ReadOnly, "default: net.osc.Pitch = 0.0"),
    "del of a port": (lambda net: delattr(net.osc, "Audio_Output"), errors.ReadOnly, r"net.osc.Audio_Output.disconnect\(\)"),
    "del of a setting": (lambda net: delattr(net.osc._config, "Phase"), errors.ReadOnly, "default: osc.Phase = 0.0"),
    "del of a name": (lambda net: delattr(net.osc, "name"), errors.ReadOnly, "'name' of a processing cannot be deleted"),
    "del of nothing": (lambda net: delattr(net.osc, "Nope"), errors.NoSuchConnector, "osc has no 'Nope'"),
    "del of connectors": (lambda net: net.osc._inports.__delitem__(0), errors.ReadOnly, "cannot be deleted"),
    "del in a group": (lambda net: net.group("*").__delitem__(0), errors.ReadOnly, r"group.remove\(\)"),
    "del of a type": (lambda net: delattr(net.types, "Saw"), errors.ReadOnly, "'Saw' of net.types cannot be deleted"),
}  # fmt: skip


@pytest.fixture(scope="module")
def net() -> Network:
    net = Network("clam")
    net.osc, net.source, net.out = net.types.Oscillator, net.types.AudioSource, net.types.AudioSink
    net.osc > net.out
    return net


@pytest.mark.parametrize(("statement", "error", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_it_is_refused_in_words(net: Network, statement: Callable[[Network], Any], error: type[Exception], said: str, in_tmp: Path) -> None:
    before, steps = net.code(), net.history
    with pytest.raises(error) as raised:
        statement(net)
    assert re.search(said, str(raised.value)), raised.value
    assert (net.code(), net.history) == (before, steps)
    assert not list(in_tmp.iterdir())


@pytest.fixture
def in_tmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


TAKERS: dict[str, Callable[[Network, Any], Any]] = {
    "a processing": lambda net, odd: setattr(net, "x", odd),
    "its name": lambda net, odd: net.__setitem__(odd, "Saw"),
    "a name": lambda net, odd: setattr(net.osc, "name", odd),
    "a parameter": lambda net, odd: setattr(net.osc, "Frequency", odd),
    "a control": lambda net, odd: setattr(net.osc, "Pitch", odd),
    "a configuration": lambda net, odd: setattr(net.osc, "_config", odd),
    "a place": lambda net, odd: setattr(net.osc, "_position", odd),
    "a description": lambda net, odd: setattr(net, "description", odd),
    "a volume": lambda net, odd: setattr(net, "volume", odd),
    "a limiter": lambda net, odd: net.play("clock", limiter=odd),
    "a peer": lambda net, odd: net.osc > odd,
    "a former peer": lambda net, odd: net.osc / odd,
    "a group": lambda net, odd: net.group(odd),
    "a key": lambda net, odd: net[odd],
    "a connector": lambda net, odd: net.osc[odd],
    "a type": lambda net, odd: net.types[odd],
    "a setting of a group": lambda net, odd: setattr(net.group("o*"), "Frequency", odd),
    "a bank": lambda net, odd: net.bank(odd, "Saw", 3),
    "a size of a bank": lambda net, odd: net.bank("saw{}", "Saw", odd),
    "another type": lambda net, odd: net.osc.become(odd),
    "a path": lambda net, odd: net.save(odd),
    "a file": lambda net, odd: net.load(odd),
    "a picture": lambda net, odd: net.draw(odd),
    "a recording": lambda net, odd: net.record(odd),
    "seconds": lambda net, odd: net.render(odd),
    "inputs": lambda net, odd: net.render(inputs=odd),
    "frames": lambda net, odd: net.render(frames=odd),
    "a device": lambda net, odd: net.play(odd),
    "an engine": lambda net, odd: Network(odd),
    "steps": lambda net, odd: net.undo(odd),
    "an observer": lambda net, odd: net.observe(odd),
    "waiting": lambda net, odd: setattr(net, "_waiting", odd),
    "a variable": lambda net, odd: net.code(odd),
    "a search": lambda net, odd: net.types.search(odd),
    "ports": lambda net, odd: Placeholder("x", odd),
}  # fmt: skip

ODDITIES = [ODD, object(), 1j, b"x", b"\0", Ellipsis, [ODD], (ODD, ODD), {ODD: ODD}, np.array([[1, 2], [3, 4]]), np.array(None)]


@pytest.mark.parametrize("taker", TAKERS)
def test_whatever_is_given_the_error_is_about_it(net: Network, taker: str, in_tmp: Path) -> None:
    before = net.code()
    for odd in ODDITIES:
        with pytest.raises((TypeError, ValueError, errors.IpyclamError)) as raised:
            TAKERS[taker](net, odd)
        assert not re.search("object has no attribute|object is not|ambiguous|embedded null|0-d|its repr", str(raised.value))
        assert net.code() == before


def test_what_can_be_saved_can_be_loaded(in_tmp: Path) -> None:
    net = Network("clam")
    net["x" * 1000] = net.types.AudioSink
    net.far = Placeholder("Far", outports=["y" * 1000])
    net.far._outports[0] > net["x" * 1000]
    net.save("long.py")
    again = Network("clam")
    again.load("long.py")
    assert again == net


def test_what_could_not_be_loaded_is_not_saved(in_tmp: Path) -> None:
    net = Network("clam")
    net.out = net.types.AudioSink
    net.save("long.py")
    before = Path("long.py").read_text()
    net.far = Placeholder("Far", outports=["y" * 300_000])
    net.far._outports[0] > net.out
    with pytest.raises(errors.NotWritable, match=r"could not be loaded again: the statement net\.far\.y+\.\.\. has 300,0\d\d characters"):
        net.save("long.py")
    assert Path("long.py").read_text() == before
    assert net.modified


def test_a_configuration_that_holds_itself_is_refused() -> None:
    config: dict[str, Any] = {}
    config["again"] = config
    with pytest.raises(ValueError, match="nested 30 levels"):
        Placeholder("x", config=config)
