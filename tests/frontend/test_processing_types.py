"""The processing types: names that know more."""

from __future__ import annotations

import pickle

import pytest

from ipyclam_core import Network, errors
from ipyclam_core.engines.dummy import DummyProxy
from ipyclam_core.frontend.processing_types import ProcessingType
from ipyclam_core.parameters import ParameterSpec
from ipyclam_core.proxy import ControlSpec, PortSpec, TypeSpec


def test_a_type_is_its_name(net):
    type_ = net.types.Oscillator
    assert isinstance(type_, str)
    assert type_ == "Oscillator" == net.types["Oscillator"]
    assert hash(type_) == hash("Oscillator")
    assert repr(type_) == "'Oscillator'"
    assert pickle.loads(pickle.dumps(type_)) == "Oscillator"


def test_a_type_knows_its_parts(net):
    type_ = net.types.Oscillator
    assert (type_.category, type_.doc) == ("Generators", "A periodic wave, whose pitch can be played.")
    assert [port.name for port in type_.inports] == ["Frequency Modulation"]
    assert [port.name for port in type_.outports] == ["Output"]
    assert [control.name for control in type_.incontrols] == ["Pitch", "Level"]
    assert type_.outcontrols == ()
    assert list(type_.config) == ["Frequency", "Amplitude", "Waveform"]
    assert type_.config["Waveform"].choices == ("sine", "saw", "square")


def test_counted_ports_are_those_of_a_new_one(net):
    assert [port.name for port in net.types.Mixer.inports] == ["Input 1", "Input 2"]


def test_the_types_are_a_collection(net):
    assert "Oscillator" in net.types
    assert "Nonsense" not in net.types
    assert len(net.types) == len(list(net.types)) > 5
    assert net.types.__dir__()[0] == "Source"
    assert repr(net.types) == "net.types"


def test_types_that_are_no_identifiers():
    net = Network(DummyProxy([TypeSpec("my type"), TypeSpec("search"), TypeSpec("a-b"), TypeSpec("a b"), TypeSpec("class")]))
    assert net.types["my type"] == net.types.my_type == "my type"
    assert net.types["search"] == "search"
    net["class"] = net.types["class"]
    net.x = "my_type"
    assert net.x.type == "my type"
    assert net.code() == 'net["class"] = net.types["class"]\nnet.x = net.types["my type"]'
    with pytest.raises(
        errors.AmbiguousName, match=r"net\.types has more than one 'a_b'\. Type net\.types\[\"a-b\"\] or net\.types\[\"a b\"\]"
    ):
        net.types.a_b
    assert net.types.__dir__()[0] == "my_type"
    assert "a_b" not in net.types.__dir__()  # it reaches neither


def test_an_unknown_type_suggests(net):
    with pytest.raises(AttributeError, match=r"the dummy engine has no type 'Oscilator'; did you mean 'Oscillator'"):
        net.types.Oscilator
    with pytest.raises(KeyError, match=r"no type 'Xyzzyx'\. To search: net\.types\.search\(\.\.\.\)"):
        net.types["Xyzzyx"]
    with pytest.raises(TypeError, match="types are selected by name, not by 3"):
        net.types[3]


def test_search_finds_words_in_names_categories_and_pages(net):
    assert net.types.search("oscill") == ["Oscillator"]
    assert net.types.search("SPECTRA") == ["Analysis", "Synthesis"]
    assert net.types.search("spectra sound") == ["Analysis", "Synthesis"]
    assert net.types.search("mix")[0] == "Mixer"
    assert net.types.search("xyzzy") == []
    assert len(net.types.search("")) == len(net.types)
    assert all(isinstance(type_, ProcessingType) for type_ in net.types.search(""))


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("lfo", ["Low"]), ("LFO vco", ["Low"]), ("depth", ["Low"]), ("how far", ["Low"]), ("cutoff", ["Low"]), ("trigger", ["Low"]),
        ("wobble", ["Low"]), ("seconds of rest", ["Low"]), ("low lfo wobble", ["Low"]), ("low sustain", []),
    ],
)  # fmt: skip
def test_search_finds_words_in_synonyms_connectors_and_parameters(text, fits):
    low = TypeSpec(
        "Low",
        inports=[PortSpec("Cutoff", "Audio")],
        incontrols=[ControlSpec("Trigger", doc="Begin to wobble.")],
        config={"Depth": ParameterSpec("Depth", "float", 1.0, doc="How far."), "Times": {"Rest": 0.0}},
        doc="Some seconds of rest.",
        synonyms=("lfo", "vco"),
    )
    assert Network(DummyProxy([low, TypeSpec("Sustain")])).types.search(text) == fits


def test_search_gives_names_before_synonyms_before_the_rest():
    types = [TypeSpec("A", doc="An lfo."), TypeSpec("B", synonyms=("lfo",)), TypeSpec("Lfo")]
    net = Network(DummyProxy(types))
    assert net.types.search("lfo") == ["Lfo", "B", "A"]
    assert "Also known as: lfo" in net.types.B.__doc__


def test_the_page_says_everything(net):
    page = net.types.Oscillator.__doc__
    for part in (
        "Oscillator (Generators)",
        "A periodic wave",
        "Pitch : float, 20 to 20000, Hz",
        "Frequency : a float from 0 to 24000 = 440.0 Hz",
    ):
        assert part in page
    assert "    Attack : a float = 0.01" in net.types.Envelope.__doc__
    assert ProcessingType.__doc__.startswith("A processing type")


def test_the_type_of_a_processing_is_one(net):
    net.osc = net.types.Oscillator
    assert net.osc.type == net.types.Oscillator
    assert net.osc.type.outports[0].name == "Output"


def test_two_types_of_one_name_are_refused():
    with pytest.raises(ValueError, match="two types are called 'T'"):
        DummyProxy([TypeSpec("T"), TypeSpec("T")])


@pytest.mark.parametrize(
    ("name", "first"),
    [("LowPassFilter", "ResonantLowPass"), ("lowpass", "ResonantLowPass"), ("sawtooth", "Saw")],
)
def test_a_name_whose_words_fit_types_names_the_likeliest_first(name: str, first: str) -> None:
    net = Network("clam")
    for ask in (lambda: net.types[name], lambda: setattr(net, "new", name), lambda: net.bank("new{}", name, 2)):
        with pytest.raises(errors.NoSuchType, match=f"has no type '{name}'. These fit '{name}': {first}"):
            ask()
    with pytest.raises(errors.NoSuchType, match=r"no type '\?\?'\. To search"):
        net.types["??"]
