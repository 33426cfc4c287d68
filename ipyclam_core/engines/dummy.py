"""The dummy engine: a network in plain Python structures that makes no sound.

It is the reference for how a network behaves, and what the documentation and the tests use. ``Network("dummy")`` has a
few example types, one for each feature of a type; ``DummyProxy(types=[...])`` has any types you declare.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from ..graph import Graph
from ..parameters import ParameterSpec
from ..proxy import Change, ControlSpec, Levels, PortSpec, State, Status, TypeSpec

DEVICES: Final = ("auto", "clock")
"""Names of devices. None of them makes a sound, and other names are accepted as well."""


class DummyProxy(Graph):
    """A network without sound, of any types.

    `play`, `pause` and `stop` only change the state.

    Parameters
    ----------
    types : the processing types.

    >>> from ipyclam_core import Network
    >>> from ipyclam_core.proxy import TypeSpec
    >>> net = Network(DummyProxy(types=[TypeSpec("Delay", inports=["Input"], outports=["Output"], config={"Time": 0.5})]))
    >>> net.delay = net.types.Delay
    >>> net.delay.Time
    0.5
    """

    engine = "dummy"

    def __init__(self, types: Iterable[TypeSpec] = ()) -> None:
        known: dict[str, TypeSpec] = {}
        for spec in types:
            if spec.name in known:
                raise ValueError(f"two types are called {spec.name!r}")
            known[spec.name] = spec
        super().__init__(known)
        self._state_now: State = "stopped"
        self._device = ""

    def devices(self) -> Sequence[str]:
        return DEVICES

    def play(self, device: str = "auto", sample_rate: int | None = None, block_size: int | None = None) -> None:
        self._device = "none" if device == "auto" else device
        self._become("playing")

    def pause(self) -> None:
        if self._state_now == "playing":
            self._become("paused")

    def stop(self) -> None:
        self._become("stopped")

    def status(self) -> Status:
        return Status(self._state_now, self._device if self._state_now != "stopped" else "")

    def levels(self) -> Levels:
        """Nothing sounds: no sink has a level."""
        return Levels()

    def panic(self) -> None:
        self.stop()

    def close(self) -> None:
        self.stop()
        super().close()

    def _become(self, state: State) -> None:
        before, self._state_now = self._state_now, state
        if before != state:
            with self.alone():
                self._tell(Change("state", (), before, state))


def create() -> DummyProxy:
    """The engine as ``Network("dummy")`` has it."""
    return DummyProxy(TYPES)


TYPES = (
    TypeSpec(
        "Source", outports=[PortSpec("{}", count="NSources")], config={"NSources": ParameterSpec("", 1, "int", 1, 64)},
        doc="Audio input: NSources out ports, called 1, 2, ...", category="Inputs and outputs",
    ),
    TypeSpec(
        "Sink", inports=[PortSpec("Input")], config={"Gain": ParameterSpec("", 1.0, "float", 0.0, unit="")},
        doc="Audio output.", category="Inputs and outputs",
    ),
    TypeSpec(
        "MultiSink", inports=[PortSpec("{}", count="NSinks")], config={"NSinks": ParameterSpec("", 2, "int", 1, 64)},
        doc="Multichannel audio output: in ports called 1, 2, ...", category="Inputs and outputs",
    ),
    TypeSpec(
        "Oscillator", inports=[PortSpec("Frequency Modulation")], outports=[PortSpec("Output")],
        incontrols=[ControlSpec("Pitch", default=440.0, minimum=20.0, maximum=20000.0, unit="Hz"), ControlSpec("Level")],
        config={
            "Frequency": ParameterSpec("", 440.0, "float", 0.0, 24000.0, unit="Hz", doc="The initial frequency."),
            "Amplitude": ParameterSpec("", 1.0, "float", 0.0, 1.0),
            "Waveform": ParameterSpec("", "sine", "enum", choices=("sine", "saw", "square")),
        },
        doc="A periodic wave, whose pitch can be played.", category="Generators",
    ),
    TypeSpec(
        "Mixer", inports=[PortSpec("Input {}", count="NInputs")], outports=[PortSpec("Audio Output")],
        incontrols=[ControlSpec("Gain {}", default=1.0, count="NInputs")],
        config={"NInputs": ParameterSpec("", 2, "int", 1, 20000)},
        doc="The sum of its inputs, each with a gain control.", category="Mixing",
    ),
    TypeSpec(
        "Amplifier", inports=[PortSpec("Input")], outports=[PortSpec("Output")], incontrols=[ControlSpec("Gain", default=1.0)],
        doc="Amplifies or attenuates its input.", category="Mixing",
    ),
    TypeSpec(
        "Fader", inports=[PortSpec("Input")], outports=[PortSpec("Output")],
        incontrols=[ControlSpec("Input")], outcontrols=[ControlSpec("Output")],
        config={"Input": 0, "Level": 0.5, "name": "fader", "With Space": True},
        doc="Names that collide: a port, a control and a parameter are called Input.", category="Curiosities",
    ),
    TypeSpec(
        "Envelope", incontrols=[ControlSpec("Trigger")], outcontrols=[ControlSpec("Value"), ControlSpec("Done")],
        config={"Times": {"Attack": 0.01, "Decay": 0.1, "Curve": {"Shape": "linear", "Bend": 0.0}}, "Sustain": 0.7},
        doc="A control that follows an envelope; its configuration is nested.", category="Controls",
    ),
    TypeSpec(
        "Sender", outcontrols=[ControlSpec("Value")], config={"Minimum": 0.0, "Maximum": 1.0, "Label": ""},
        doc="A slider, moved by hand.", category="Controls",
    ),
    TypeSpec(
        "Player", outports=[PortSpec("Left"), PortSpec("Right")], incontrols=[ControlSpec("Position")],
        config={"File": ParameterSpec("", "", "file", doc="The sound file."), "Loop": False,
                "Start": ParameterSpec("", None, "float", 0.0, optional=True, unit="s")},
        doc="Plays a sound file.", category="Files",
    ),
    TypeSpec(
        "Analysis", inports=[PortSpec("Input")], outports=[PortSpec("Spectrum", "Spectrum"), PortSpec("Peaks", "SpectralPeakArray")],
        config={"Size": ParameterSpec("", 1024, "int", 2), "Bands": (100.0, 1000.0)},
        doc="Sound to spectra.", category="Spectra",
    ),
    TypeSpec(
        "Synthesis", inports=[PortSpec("Spectrum", "Spectrum")], outports=[PortSpec("Output")], doc="Spectra to sound.", category="Spectra",
    ),
)  # fmt: skip
