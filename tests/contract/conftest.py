"""The engines that must pass the contract, in one table, and what each of them cannot do.

A test asks for `net`: an empty network of an engine, or for `patch`: its sample network. An engine has a line that says which
of its types plays which part. What it cannot do is in that line with the reason and with the error: a strict expected failure.
"""

from __future__ import annotations

import atexit
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

import pytest
from jackd import Jackd

from ipyclam_core import Network, Placeholder
from ipyclam_core.engines.dummy import DummyProxy
from ipyclam_core.errors import NoSuchType
from ipyclam_core.parameters import ParameterSpec
from ipyclam_core.proxy import ControlSpec, PortSpec, TypeSpec


@dataclass(frozen=True)
class Parts:
    """Which types, connectors and parameters of an engine play the parts of the contract.

    Attributes
    ----------
    generator : a type with one audio out port and no audio in port that must be fed.
    output : its out port.
    effect, effect_in, effect_out : a type with one audio in port and one audio out port.
    many, count : a type whose in ports are as many as its parameter `count`, an int, says, and this parameter.
    many_in : its in ports, when there are two of them.
    setter, set_value : a type with a control out port.
    controlled, control : a type with an in control.
    tuned, parameter, value, other_value, refused : a type with a float parameter, values for it, and one out of range.
    spectral, spectral_out : a type, or the spec of a placeholder, with an out port that carries something else than audio.
    audio : what the engine calls the type of its audio ports.
    """

    generator: str = "Oscillator"
    output: str = "Output"
    effect: str = "Amplifier"
    effect_in: str = "Input"
    effect_out: str = "Output"
    many: str = "Mixer"
    count: str = "NInputs"
    many_in: tuple[str, str] = ("Input 1", "Input 2")
    setter: str = "Sender"
    set_value: str = "Value"
    controlled: str = "Amplifier"
    control: str = "Gain"
    tuned: str = "Oscillator"
    parameter: str = "Frequency"
    value: float = 220.0
    other_value: float = 880.0
    refused: float = -1.0
    spectral: str | TypeSpec = "Analysis"
    spectral_out: str = "Spectrum"
    audio: str = "Audio"


Sample = Callable[[Network, Parts], None]


def sample(net: Network, parts: Parts) -> None:
    """A little of everything."""
    connect_ports(net, parts)
    net.many = parts.many
    net.many[parts.count] = 2
    net.knob = parts.setter
    net.effect._outports[parts.effect_out] > net.many._inports[parts.many_in[1]]
    net.knob._outcontrols[parts.set_value] > net.controlled._incontrols[parts.control]


def connect_ports(net: Network, parts: Parts) -> None:
    """What also an engine has that carries no controls, and whose types have their ports once and for all."""
    net["the generator"] = parts.generator
    net.effect = parts.effect
    net.tuned = parts.tuned
    net.tuned[parts.parameter] = parts.value
    net.controlled = parts.controlled
    net.free = parts.controlled
    net.unknown = Placeholder("Vocoder9000", inports=[("Voice", parts.audio)], config={"Bands": 16})
    net["the generator"]._outports[parts.output] > net.effect._inports[parts.effect_in]
    net.effect._outports[parts.effect_out] > net.controlled._inports[parts.effect_in]
    net["the generator"]._outports[parts.output] > net.unknown.Voice
    net.free._incontrols[parts.control] = 0.25
    net.effect._position = (10, 20)
    net.description = "a little of everything"


@dataclass(frozen=True)
class Cannot:
    """Why an engine does not keep a promise, and the error that shows it."""

    reason: str
    raises: type[BaseException]


@dataclass(frozen=True)
class Engine:
    """A line of the table.

    Attributes
    ----------
    name : of the engine, or of one with certain types.
    network : makes an empty network of it.
    parts : which of its types play which part.
    cannot : the promises that it does not keep, by the name of a test without ``test_``.
    sample : fills a network with a little of everything that the engine has.
    device : what it plays on without a sound card.
    slow : whether it needs a server.
    """

    name: str
    network: Callable[[], Network]
    parts: Parts = field(default_factory=Parts)
    cannot: Mapping[str, Cannot] = field(default_factory=dict)
    sample: Sample = sample
    device: str = "clock"
    slow: bool = False


OWN_TYPES = (
    TypeSpec("Tone", outports=[PortSpec("Sound")], config={"Hz": ParameterSpec("", 100.0, "float", 0.0)}),
    TypeSpec("Filter", inports=[PortSpec("in")], outports=[PortSpec("out")], incontrols=[ControlSpec("cutoff")]),
    TypeSpec("Sum", inports=[PortSpec("{}", count="N")], config={"N": ParameterSpec("", 1, "int", 1, 16)}),
    TypeSpec("Knob", outcontrols=[ControlSpec("turn")]),
    TypeSpec("FFT", outports=[PortSpec("bins", "Spectrum")]),
)  # fmt: skip

NONE = "a type that there is none of"
PORTS_ARE_FIXED = Cannot("no parameter of a plugin says how many ports it has", NoSuchType)
AMPLIFIER = "http://lv2plug.in/plugins/eg-amp"


@cache
def _jack_server() -> str:
    """The name of a server that seems to have no ports of its own; it ends with the tests."""
    server = Jackd("contract", ports=0)
    server.start()
    atexit.register(server.stop)
    return server.name


ENGINES = (
    Engine(
        "clam", lambda: Network("clam"),
        Parts("SimpleOscillator", "Audio Output", "AudioAmplifier", "Input Audio", "Audio Output", "AudioMixer", "NumberOfInPorts",
              ("Input 0", "Input 1"), "OutControlSender", "out", "AudioAmplifier", "Gain", "ADSR", "AttackTime", 0.5, 0.25,
              spectral=TypeSpec("Spectra9000", outports=[PortSpec("Bins", "Spectrum")]), spectral_out="Bins"),
    ),
    Engine("dummy", lambda: Network("dummy")),
    Engine(
        "dummy-own-types",
        lambda: Network(DummyProxy(types=OWN_TYPES)),
        Parts("Tone", "Sound", "Filter", "in", "out", "Sum", "N", ("1", "2"), "Knob", "turn", "Filter", "cutoff", "Tone", "Hz",
              spectral="FFT", spectral_out="bins"),
    ),
    Engine(
        "jack",
        lambda: Network("jack", server=_jack_server()),
        Parts("http://drobilla.net/plugins/mda/JX10", "left_out", AMPLIFIER, "in", "out", NONE, "N", ("1", "2"),
              NONE, "out", AMPLIFIER, "gain", AMPLIFIER, "gain", -6.0, -12.0, 25.0,
              spectral="http://lv2plug.in/plugins/eg-fifths", spectral_out="out", audio="audio"),
        {
            "ports_appear_at_once": PORTS_ARE_FIXED,
            "wires_stay_where_ports_remain_and_go_with_those_that_go": PORTS_ARE_FIXED,
            "lost_wires_come_back_when_a_configuration_is_undone": PORTS_ARE_FIXED,
            "a_bool_is_not_taken_for_an_int": Cannot("no plugin here has an int", NoSuchType),
            "controls_connect_too": Cannot("JACK carries audio and MIDI, no controls, and no plugin here sends any", NoSuchType),
            "a_control_is_at_its_default_again_when_it_is_forgotten": Cannot(
                "a plugin's control is its parameter of the same name, which always has a value", AssertionError
            ),
        },
        connect_ports,
        "jack",
        slow=True,
    ),
)  # fmt: skip


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that asks for `engine` with every line of the table."""
    if "engine" not in metafunc.fixturenames:
        return
    test = metafunc.function.__name__.removeprefix("test_")
    metafunc.parametrize(
        "engine",
        [
            pytest.param(
                engine,
                id=engine.name,
                marks=[
                    *([pytest.mark.xfail(reason=cannot.reason, raises=cannot.raises, strict=True)] if cannot else []),
                    *([pytest.mark.slow] if engine.slow else []),
                ],
            )
            for engine in ENGINES
            for cannot in [engine.cannot.get(test)]
        ],
    )


@pytest.fixture
def net(engine: Engine) -> Iterator[Network]:
    """An empty network of the engine."""
    network = engine.network()
    yield network
    network.close()


@pytest.fixture
def patch(net: Network, engine: Engine) -> Network:
    """The engine's sample network."""
    engine.sample(net, engine.parts)
    return net


@pytest.fixture
def parts(engine: Engine) -> Parts:
    """Which of its types play which part."""
    return engine.parts


@pytest.fixture
def proxy(net: Network):
    """The engine itself."""
    return net._proxy.inner
