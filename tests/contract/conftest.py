"""The engines that must pass the contract, in one table, and what each of them cannot do.

A test asks for `net`: an empty network of an engine, in which the types of `TYPES` can be made. An engine with types
of its own has a line that says which of them plays which part.
"""

from __future__ import annotations

import atexit
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

import pytest
from jackd import Jackd

from ipyclam_core import Network
from ipyclam_core.engines.dummy import DummyProxy
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
    many, count : a type whose in ports are as many as its parameter `count` says, and this parameter.
    many_in : its in ports, when there are two of them.
    setter, set_value : a type with a control out port.
    controlled, control : a type with an in control.
    tuned, parameter, value, other_value, refused : a type with a float parameter, values for it, and one out of range.
    spectral, spectral_out : a type, or the spec of a placeholder, with an out port that carries something else than audio.
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


@dataclass(frozen=True)
class Engine:
    """A line of the table: how a network of the engine is made, its parts, and what it cannot do.

    `cannot` gives the reason by the name of a test, without ``test_``: the test is a strict expected failure.
    """

    name: str
    network: Callable[[], Network]
    parts: Parts = field(default_factory=Parts)
    cannot: dict[str, str] = field(default_factory=dict)


OWN_TYPES = (
    TypeSpec("Tone", outports=[PortSpec("Sound")], config={"Hz": ParameterSpec("", 100.0, "float", 0.0)}),
    TypeSpec("Filter", inports=[PortSpec("in")], outports=[PortSpec("out")], incontrols=[ControlSpec("cutoff")]),
    TypeSpec("Sum", inports=[PortSpec("{}", count="N")], config={"N": ParameterSpec("", 1, "int", 1, 16)}),
    TypeSpec("Knob", outcontrols=[ControlSpec("turn")]),
    TypeSpec("FFT", outports=[PortSpec("bins", "Spectrum")]),
)  # fmt: skip

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
        Parts("http://drobilla.net/plugins/mda/JX10", "left_out", AMPLIFIER, "in", "out", "no type", "N", ("1", "2"),
              "no type", "out", AMPLIFIER, "gain", AMPLIFIER, "gain", -6.0, -12.0, 25.0,
              spectral="http://lv2plug.in/plugins/eg-fifths", spectral_out="out"),
        {
            **dict.fromkeys(
                ["ports_appear_at_once", "wires_stay_where_ports_remain_and_go_with_those_that_go", "a_bool_is_not_taken_for_an_int"],
                "no parameter of a plugin says how many ports it has",
            ),
            **dict.fromkeys(
                ["renaming_keeps_place_configuration_controls_and_wires", "a_control_value_is_remembered_until_it_is_forgotten"],
                "a plugin's control is its parameter of the same name, and is remembered as that",
            ),
            **dict.fromkeys(
                [
                    "code_makes_an_equal_network", "full_code_makes_an_equal_network", "a_removal_is_undone_to_the_same_text",
                    "undo_goes_back_through_every_state_and_redo_forward", "clearing_is_one_step", "status_can_be_read_at_any_time",
                    "lost_wires_come_back_when_a_configuration_is_undone", "the_transport_goes_through_its_states",
                    "what_cannot_sound_is_named_and_refused", "everything_can_be_edited_while_it_plays",
                ],
                "their network has control wires and a type with as many ports as a parameter says; tests/jack has its own",
            ),
            "controls_connect_too": "JACK carries audio and MIDI, no controls",
        },
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
                marks=[pytest.mark.xfail(reason=engine.cannot[test], strict=True)] if test in engine.cannot else [],
            )
            for engine in ENGINES
        ],
    )


@pytest.fixture
def net(engine: Engine) -> Iterator[Network]:
    """An empty network of the engine."""
    network = engine.network()
    yield network
    network.close()


@pytest.fixture
def parts(engine: Engine) -> Parts:
    """Which of its types play which part."""
    return engine.parts


@pytest.fixture
def proxy(net: Network):
    """The engine itself."""
    return net._proxy.inner
