"""Every type says what CLAM's type of that name says."""

from __future__ import annotations

from typing import Any

import pytest
from clam.material import types

from ipyclam_core.declare.declaration import Declaration, Declared, values_for
from ipyclam_core.proxy import ConnectorSpecs, ControlSpec

from .conftest import OURS

FOLLOWING_CLAM = sorted(name for name, type_ in OURS.items() if type_.spec.category != "ipyclam")

UNCONFIGURED = "in CLAM it has no ports before a file is chosen; here a wire can be made first"
UNSAID = "an oscillator of CLAM begins with its configuration too, but its control says 0 until something arrives"

OSCILLATORS = ("SimpleOscillator", "Oscillator", "SquareWave")

UNREACHED = "CLAM has a second control of the name Amount, which nothing can reach"
BEHAVES = "the control says 0 in CLAM until something arrives, but this is how it sounds"
IN_HERTZ = "the bounds are those of another unit in CLAM"
HIDDEN = {
    "Deesser": ("LowCutoff", "HighCutoff", "Threshold"), "HumRemover": ("Bandwidth", "Harmonics"), "Partializer": ("Fundamental",),
    "Peakalizer": ("Threshold", "Bandwidth"), "SampleAndHold": ("Amount",), "SpectralAverage": ("Average Points",),
    "SpectralCombDelta": ("Fundamental",), "SpectralCombTriang": ("Fundamental",), "SpectralGate": ("Amount",),
    "SpectralFocus": ("CenterFreq",), "SpectralSpread": ("Amount", "CenterFreq"), "Vocoder": ("NumBands",),
    "ThreeBandAM": ("LowCutoff", "HighCutoff"), "ThreeBandCompressor": ("LowCutoff", "HighCutoff"),
    "ThreeBandGate": ("LowCutoff", "HighCutoff", "LowThreshold", "MidThreshold", "HighThreshold"),
}  # fmt: skip

LISTENS = "CLAM listens to the whole network: here to this machine, unless IPAddress says otherwise"
PORTS = "CLAM opens a port which you connect; here that of a device or a program can be chosen"
NO_MIDI = "CLAM's own was recorded on a machine without MIDI, where it has no controls"
PORT = ("parameters", "choices of Port")
MESSAGES = {
    "MIDINote2Freq": "MIDI Message Input",
    "MIDISink": "MIDI Message In",
    "MIDIController": "MIDI Message Input",
}
DIFFERENCES: dict[tuple[str, str], str] = {
    ("MIDIKeyboard", "first value of NoteIn"): "CLAM does not say it",
    ("MIDIDispatcher", "outcontrols"): "CLAM has each of them twice, and the second cannot be reached",
    ("MIDIInControl", "outcontrols"): NO_MIDI,
    **{("MIDIInControl", f"type of {name}"): NO_MIDI for name in ("Channel", "Data 1", "Data 2")},
    **{(name, fact): PORTS for name in ("MIDISource", "MIDISink", "MIDIMon", "MTCReceiver") for fact in PORT},
    **{(name, f"first value of {control}"): "CLAM does not say it of a message" for name, control in MESSAGES.items()},
    ("MonoAudioFileReader", "type of Current Frame Position"): "an unsigned long in CLAM, which nothing takes: an int here",
    ("SMSSineFilter", "default of BPF"): "CLAM's has 500 points of 0 dB; here sinusoids without a point have 0 dB",
    ("BoolControlPrinter", "first value of 1"): "CLAM does not say it of a bool",
    ("MultiSampler", "first value of In control messages (voice-play-loop)"): "CLAM's messages are no numbers",
    **{(name, f"first value of {control}"): UNSAID for name in OSCILLATORS for control in ("Pitch", "Amplitude")},
    ("Oscillator", "first value of ModIndex"): UNSAID,
    ("ControlPiano", "first value of MIDI Message In"): "CLAM's messages are no numbers",
    ("ControlTraceWriter", "incontrols"): UNCONFIGURED,
    ("ControlTraceWriter", "bounds of input"): UNCONFIGURED,
    ("ControlTraceWriter", "first value of input"): UNCONFIGURED,
    ("ControlTraceWriter", "type of input"): UNCONFIGURED,
    ("ControlSequencer", "outcontrols"): UNCONFIGURED,
    ("ControlSequencer", "type of output"): UNCONFIGURED,
    ("MultiChannelAudioFileWriter", "inports"): UNCONFIGURED,
    ("MultiChannelAudioFileWriter", "type of Channel #0"): UNCONFIGURED,
    ("MultiChannelAudioFileWriter", "type of Channel #1"): UNCONFIGURED,
    **{(name, "incontrols"): UNREACHED for name in ("HumRemover", "NoSpectralTransformation", "SpectralCombTriang", "SpectralReject")},
    **{(name, f"first value of {control}"): BEHAVES for name, controls in HIDDEN.items() for control in controls},
    **{("ThreeBandCompressor", f"bounds of {control}"): IN_HERTZ for control in ("LowCutoff", "HighCutoff")},
    **{("ThreeBandFilter", f"bounds of {control}"): "gains below 0 dB are useful too" for control in ("LowGain", "MidGain", "HighGain")},
    **{
        (name, fact): LISTENS
        for name in ("LibloSource", "MultiLibloSource", "SpatDIFSourceReceiver")
        for fact in ("parameters", "choices of IPAddress")
    },
}
"""What we chose to declare otherwise, and why."""


def connectors_of(type_: Declaration) -> ConnectorSpecs:
    counts = type_.ports(**values_for(type_.ports, type_.spec.defaults, type_.items)) if type_.ports else {}
    return type_.spec.connectors({**type_.spec.defaults, **counts})


def ours(type_: Declaration) -> dict[str, Any]:
    """What our declaration says, one fact a key."""
    connectors = connectors_of(type_)
    facts: dict[str, Any] = {"category": type_.spec.category}
    for role in ("inports", "outports", "incontrols", "outcontrols", "parameters"):
        held = type_.spec.parameters if role == "parameters" else getattr(connectors, role)
        facts[role] = [spec.name for spec in held]
    for port in (*connectors.inports, *connectors.outports):
        facts[f"type of {port.name}"] = port.type
    for control in connectors.incontrols:
        facts[f"bounds of {control.name}"] = (control.minimum, control.maximum)
        facts[f"first value of {control.name}"] = pytest.approx(control.default)
    for item in type_.items_of("incontrols"):
        if item.from_config:
            facts |= first_values(type_, item)
    for control in (*connectors.incontrols, *connectors.outcontrols):
        facts[f"type of {control.name}"] = control.type
    for parameter in type_.spec.parameters:
        facts[f"default of {parameter.name}"] = parameter.default
        facts[f"choices of {parameter.name}"] = parameter.choices
    return facts


def first_values(type_: Declaration, item: Declared) -> dict[str, Any]:
    """Where controls begin that take that from the configuration."""
    given = type_.spec.defaults[item.from_config]
    several = given if isinstance(given, tuple) else (given,)
    spec = item.spec
    assert isinstance(spec, ControlSpec)
    names = [spec.name.format(spec.first + k) for k in range(len(several))]
    return {f"first value of {name}": pytest.approx(float(value)) for name, value in zip(names, several, strict=True)}


RESPONSE = "std::vector<spectral::ComplexSpectrum, std::allocator<spectral::ComplexSpectrum> >*"
PAIR = "std::pair<float, float>"
TYPES = {
    "float": "Audio", "CLAM::Audio": "AudioBuffer", RESPONSE: "ImpulseResponse", PAIR: "FloatPair",
    "std::vector<float, std::allocator<float> >": "FloatVector", f"std::vector<{PAIR}, std::allocator<{PAIR} > >": "FloatPairs",
}  # fmt: skip


CONTROL_TYPES = {"CLAM::MultiSampler::SamplerMessage": "SamplerMessage"}


CONTROL_TYPES = {"CLAM::MultiSampler::SamplerMessage": "SamplerMessage"}


def clams(entry: dict[str, Any]) -> dict[str, Any]:
    """The same facts of CLAM's type."""
    facts: dict[str, Any] = {"category": entry["category"]}
    for role in ("inports", "outports", "incontrols", "outcontrols"):
        facts[role] = [connector["name"] for connector in entry[role]]
    facts["parameters"] = [parameter["name"] for parameter in entry["config"]]
    for port in (*entry["inports"], *entry["outports"]):
        facts[f"type of {port['name']}"] = TYPES.get(port["type"], port["type"].rpartition("::")[2])
    for control in entry["incontrols"]:
        facts[f"bounds of {control['name']}"] = pytest.approx((control["min"], control["max"])) if control["bounded"] else (None, None)
        facts[f"first value of {control['name']}"] = control.get("initial")
    for control in (*entry["incontrols"], *entry["outcontrols"]):
        facts[f"type of {control['name']}"] = CONTROL_TYPES.get(control["type"], control["type"])
    for parameter in entry["config"]:
        facts[f"default of {parameter['name']}"] = default_of(parameter)
        facts[f"choices of {parameter['name']}"] = tuple(name for name, _ in parameter.get("enum", ()))
    return facts


def default_of(parameter: dict[str, Any]) -> Any:
    default = parameter.get("default") if parameter["present"] else None
    if isinstance(default, dict):
        text = default["xml"].rpartition("<v ")[2].partition(">")[2].partition("<")[0]
        return tuple(float(word) for word in text.split())
    if isinstance(default, list):
        return tuple(default)
    return pytest.approx(default) if isinstance(default, float) else default


@pytest.mark.parametrize("name", FOLLOWING_CLAM)
def test_a_type_says_what_clams_type_says(name: str) -> None:
    here, there = ours(OURS[name]), clams(types()[name])
    there["category"] = there["category"] or here["category"]  # CLAM lists some types under no heading
    different = {key: (here[key], there.get(key)) for key in here if here[key] != there.get(key)}
    assert {(name, key) for key in different} == {key for key in DIFFERENCES if key[0] == name}, different


def test_a_type_that_does_not_follow_clam_takes_no_name_of_clams() -> None:
    assert not (OURS.keys() - set(FOLLOWING_CLAM)) & types().keys()


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_type_is_explained(name: str) -> None:
    spec = OURS[name].spec
    assert spec.doc.endswith(".")
    assert spec.category


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_parameters_default_is_one_of_its_values(name: str) -> None:
    for parameter in OURS[name].spec.parameters:
        assert parameter.check(parameter.initial, name) == parameter.initial
