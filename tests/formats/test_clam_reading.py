"""What a `.clamnetwork` file may look like, and how it is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from xml_files import Written, network_of, processing, wire

from ipyclam_core import Network
from ipyclam_core.errors import FormatError
from ipyclam_core.formats import _xml_tree

OSC = "SimpleOscillator"


class TestWhatIsRead:
    def test_children_in_any_order_and_missing_ones_take_their_default(self, clam: Network, written: Written) -> None:
        clam.load(written("x.clamnetwork", network_of(processing("osc", OSC, "<Amplitude>0.5</Amplitude>", "<Frequency>220</Frequency>"))))
        assert clam.osc._config == {"Frequency": 220.0, "Amplitude": 0.5, "Phase": 0.0, "SamplingRate": 44100.0}

    @pytest.mark.parametrize(("text", "value"), [("1", True), ("0", False), ("true", True), ("False", False), (" 1\n", True)])
    def test_bools(self, text: str, value: bool, clam: Network, written: Written) -> None:
        child = f"<ConvertOps2IntegersFirst>{text}</ConvertOps2IntegersFirst>"
        clam.load(written("x.clamnetwork", network_of(processing("x", "ControlComparison", child))))
        assert clam.x.ConvertOps2IntegersFirst is value

    @pytest.mark.parametrize(("text", "value"), [("440", 440.0), ("-1", -1.0), ("1e-06", 1e-06), (".5", 0.5), ("5.", 5.0), ("\n 3 ", 3.0)])
    def test_numbers(self, text: str, value: float, clam: Network, written: Written) -> None:
        clam.load(written("x.clamnetwork", network_of(processing("osc", OSC, f"<Frequency>{text}</Frequency>"))))
        assert clam.osc.Frequency == value

    def test_arrays_enumerations_and_texts(self, clam: Network, written: Written) -> None:
        clam.load(
            written(
                "x.clamnetwork",
                network_of(
                    processing("mix", "AudioMixer", '<DefaultGains size="2">0.5 1</DefaultGains>'),
                    processing("out", "OutControlSender", "<ControlRepresentation>Knot</ControlRepresentation>"),
                    processing("expression", "ControlExpression", "<Expression>a &lt; b\n  &amp;&amp; c\n</Expression>"),
                ),
            )
        )
        assert clam.mix.DefaultGains == (0.5, 1.0)
        assert clam.out.ControlRepresentation == "Knot"
        assert clam.expression.Expression == "a < b\n  && c\n"

    def test_break_point_functions_are_pairs_of_numbers(self, clam: Network, written: Written) -> None:
        points = '<BPF><Interpolation>Linear</Interpolation><Points size="2">{-30 1} {24 0.5}</Points></BPF>'
        path = written("x.clamnetwork", network_of(processing("h", "SegmentSMSHarmonizer", points)))
        clam.load(path)
        assert clam.h.BPF.Points == (-30.0, 1.0, 24.0, 0.5)
        assert '<Points size="2">{-30 1} {24 0.5}</Points>' in clam.xml()

    def test_nested_configurations(self, clam: Network, written: Written) -> None:
        inner = "<SinSpectralAnalysis><WindowGenerator><Size>1025</Size></WindowGenerator></SinSpectralAnalysis>"
        clam.load(written("x.clamnetwork", network_of(processing("a", "SMSAnalysisCore", inner))))
        assert clam.a.SinSpectralAnalysis.WindowGenerator.Size == 1025
        assert clam.a.SinSpectralAnalysis.WindowGenerator.Type == "Hamming"

    def test_latin_1_where_the_file_says_so_and_where_it_says_nothing(self, clam: Network, tmp_path: Path) -> None:
        for head in ('<?xml version="1.0" encoding="ISO-8859-1"?>', '<?xml version="1.0" encoding="UTF-8"?>', ""):
            path = tmp_path / "x.clamnetwork"
            path.write_bytes((head + network_of(processing("Größe", OSC))).encode("latin-1"))
            clam.load(path)
            assert list(clam) == ["Größe"]

    def test_utf_8(self, clam: Network, written: Written) -> None:
        clam.load(written("x.clamnetwork", "\ufeff" + network_of(processing("音", OSC))))
        assert list(clam) == ["音"]

    def test_positions_and_sizes(self, clam: Network, written: Written) -> None:
        clam.load(written("x.clamnetwork", f'<network><processing id="a" type="{OSC}" position="-12, 3.5" size="10,20"/></network>'))
        assert (clam.a._position, clam.a._size) == ((-12.0, 3.5), (10.0, 20.0))

    @pytest.mark.parametrize("tag", ["description", "information"])
    def test_descriptions_and_the_title(self, tag: str, clam: Network, written: Written) -> None:
        clam.load(written("x.clamnetwork", f'<network id="Mine"><{tag}>&lt;b&gt;bold&lt;/b&gt;</{tag}></network>'))
        assert clam.description == "<b>bold</b>"
        assert 'id="Mine"' in clam.xml()

    def test_names_with_dots_and_spaces(self, clam: Network, written: Written) -> None:
        text = network_of(
            processing("a", OSC), processing("a.b", OSC), processing("to. it", "AudioSink"), processing("to", "AudioSink"),
            wire("a.b.Audio Output", "to. it.1"), wire("a.Audio Output", "to.1"),
        )  # fmt: skip
        clam.load(written("x.clamnetwork", text))
        assert {(w.source, w.target) for w in clam._proxy.wires()} == {("a.b", "to. it"), ("a", "to")}

    def test_connectors_of_before_clam_1_4_have_their_names_of_today(self, clam: Network, written: Written) -> None:
        text = network_of(processing("in", "AudioSource"), processing("out", "AudioSink"), wire("in.AudioOut", "out.AudioIn"))
        clam.load(written("x.clamnetwork", text))
        assert [(w.source_connector, w.target_connector) for w in clam._proxy.wires()] == [("1", "1")]

    def test_numbered_controls_after_a_name_of_the_processings_own(self, clam: Network, written: Written) -> None:
        text = network_of(
            processing("printer", "ControlPrinter", "<Identifier>XYZ</Identifier><NumberOfInputs>2</NumberOfInputs>"),
            processing("source", "ControlSource", "<NrOfControls>2</NrOfControls>"),
            wire("source.output_0", "printer.XYZ_1", "control"), wire("source.output_1", "printer.XYZ_0", "control"),
        )  # fmt: skip
        clam.load(written("x.clamnetwork", text))
        wires = {(w.source_connector, w.target_connector) for w in clam._proxy.wires()}
        assert wires == {("output", "In Control 1"), ("output 1", "In Control")}

    @pytest.mark.parametrize(
        ("saved", "key"),
        [
            ("AbeLPC_AutoCorrelation", "AbeLPC_Autocorrelation"), ("BinaryDataOperation", "DataMultiplier"),
            ("SpectralAM", "SpectralAmplitudeModulation"), ("SpectralPM", "SpectralPhaseModulation"),
            ("SpectralRingMod", "SpectralRingModulation"),
        ],
    )  # fmt: skip
    def test_types_under_their_class_name(self, saved: str, key: str, clam: Network, written: Written) -> None:
        clam.load(written("x.clamnetwork", network_of(processing("a", saved), processing("b", key))))
        assert [clam.a.type, clam.b.type] == [key, key]

    def test_a_wire_said_twice_is_one(self, clam: Network, written: Written) -> None:
        text = network_of(processing("a", OSC), processing("b", "AudioSink"), *[wire("a.Audio Output", "b.1")] * 2)
        clam.load(written("x.clamnetwork", text))
        assert len(clam._proxy.wires()) == 1


class TestWiresThatCannotBeMade:
    def test_are_warned_about_once_and_kept(self, clam: Network, written: Written, tmp_path: Path) -> None:
        text = network_of(processing("a", OSC), processing("b", "AudioSink"), wire("a.Nothing", "b.1"), wire("gone.1", "b.1"))
        with pytest.warns(UserWarning, match="2 wires could not be connected") as heard:
            clam.load(written("x.clamnetwork", text))
        assert len(heard) == 1
        assert "a.Nothing > b.1" in str(heard[0].message)
        assert "gone.1 > b.1" in str(heard[0].message)
        for part in ("<out>a.Nothing</out>", "<out>gone.1</out>"):
            assert part in clam.xml()

    def test_are_kept_in_python_files(self, clam: Network, written: Written, tmp_path: Path) -> None:
        with pytest.warns(UserWarning, match="1 wire could not be connected, but is kept"):
            clam.load(written("x.clamnetwork", network_of(processing("b", "AudioSink"), wire("gone.1", "b.1"))))
        waiting = clam._proxy.info().waiting
        clam.save(tmp_path / "x.py")
        clam.clear()
        clam.load(tmp_path / "x.py")
        assert clam._proxy.info().waiting == waiting != ()


class TestUnknownTypes:
    def test_become_placeholders_with_what_the_file_lets_know(self, clam: Network, written: Written) -> None:
        text = network_of(
            processing("fft", "MyFFT"), processing("x", "Mystery", "<A>true</A>", "<B><C>1</C><C>2</C></B>"), processing("y", "Mystery"),
            wire("fft.Complex Spectrum", "x.in 10"), wire("x.out", "y.in"),
            wire("fft.Complex Spectrum", "x.in 2"), wire("x.c", "y.c", "control"),
        )  # fmt: skip
        clam.load(written("x.clamnetwork", text))
        state = clam._proxy.processings()["x"]
        assert state.placeholder
        assert [(port.name, port.type) for port in state.connectors.inports] == [("in 2", "ComplexSpectrum"), ("in 10", "ComplexSpectrum")]
        assert [(port.name, port.type) for port in state.connectors.outports] == [("out", "Audio")]
        assert [(control.name, control.type) for control in state.connectors.outcontrols] == [("c", "float")]
        assert clam.x._config == {"A": "true", "B": {"C": "1", "C 2": "2"}}
        assert len(clam._proxy.wires()) == 4

    def test_take_the_type_of_data_through_other_placeholders(self, clam: Network, written: Written) -> None:
        text = network_of(
            processing("x", "Mystery"),
            processing("y", "Mystery"),
            processing("ifft", "MyIFFT"),
            wire("x.o", "y.i"),
            wire("x.o", "ifft.Complex Spectrum"),
        )
        clam.load(written("x.clamnetwork", text))
        assert clam.y._inports["i"].type == "ComplexSpectrum"

    def test_attributes_and_repeated_children_are_written_back(self, clam: Network, written: Written) -> None:
        children = '<Gains size="2">1 0.50</Gains><P x="1">a</P><P/><Q><R y="2"><S>  spaced </S></R></Q>'
        clam.load(written("x.clamnetwork", network_of(processing("x", "Mystery", children))))
        text = re.sub(r">\n *<", "><", clam.xml())
        assert children.replace("<P/>", "<P></P>") in text


def osc(*children: str) -> str:
    return network_of(processing("a", OSC, *children))


def sized(text: str) -> str:
    return network_of(processing("a", "AudioMixer", f"<DefaultGains {text}</DefaultGains>"))


def second(*elements: str) -> str:
    """A network whose elements begin in line 2."""
    return "<network>\n" + "".join(elements) + "</network>"


LAUGHS = "\n".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))

REFUSED = {
    "an empty file": ("", 1, "empty"),
    "blanks only": ("\n\n", 1, "empty"),
    "no XML": ("net.x = 1\n", 1, "not well-formed"),
    "an end that is not there": ("<network>\n<processing id='a' type='b'>\n", 3, "not well-formed"),
    "another root": ("<html>\n</html>", 1, "must start with <network>, not <html>"),
    "an element of no network": (second("<script/>"), 2, "<script> is not allowed"),
    "text in the network": ("<network>hello</network>", 1, "hello"),
    "text between elements": (network_of(processing("a", OSC), "hello", processing("b", OSC)), 4, "hello"),
    "no id": (second("<processing type='SimpleOscillator'/>"), 2, "<processing> needs the attribute 'id'"),
    "no type": (second("<processing id='a'/>"), 2, "<processing> needs the attribute 'type'"),
    "two of one name": (network_of(processing("a", OSC), processing("a", OSC)), 3, "processing 'a' already exists: see line 2"),
    "a position of words": (second("<processing id='a' type='b' position='here'/>"), 2, 'position must be two numbers such as "12,34"'),
    "a comma in a number": (osc("\n<Frequency>440,5</Frequency>"), 3, r"a\.Frequency takes a number, not '440,5'"),
    "no number": (osc("<Frequency></Frequency>"), 2, r"a\.Frequency takes a number"),
    "not finite": (osc("<Frequency>nan</Frequency>"), 2, r"a\.Frequency takes a number"),
    "too large for a float": (osc("<Frequency>1e999</Frequency>"), 2, r"a\.Frequency takes a finite float"),
    "a fraction for an int": (network_of(processing("a", "AudioSink", "\n<NSinks>1.5</NSinks>")), 3, "a whole number"),
    "a number for a bool": (network_of(processing("a", "Deesser", "<PreserveOuts>2</PreserveOuts>")), 2, "0, 1, true or false"),
    "no such choice": (network_of(processing("a", "OutControlSender", "<Mapping>Linar</Mapping>")), 2, "did you mean 'Linear'"),
    "no such parameter": (osc("\n<Frequenzy>1</Frequenzy>"), 3, "a has no parameter 'Frequenzy'; did you mean 'Frequency'"),
    "a parameter twice": (osc("<Phase>1</Phase>", "\n<Phase>1</Phase>"), 3, r"a\.Phase appears twice"),
    "a size that is wrong": (sized('size="3">1 1'), 2, "as many numbers as its attribute size says"),
    "a size that is no number": (sized('size="x">1'), 2, "as many numbers as its attribute size says"),
    "elements in a number": (osc("<Phase><X/></Phase>"), 2, "<X>"),
    "text in a configuration": (osc("loud"), 2, "loud"),
    "text in a nested one": (
        network_of(processing("a", "SMSAnalysisCore", "<PeakDetect>x</PeakDetect>")),
        2,
        "PeakDetect must contain an element",
    ),
    "a wire without in": (second("<port_connection><out>a.b</out></port_connection>"), 2, "one <out> and one <in>"),
    "a wire with two outs": (second("<port_connection><out>a.b</out>\n<out>a.b</out></port_connection>"), 3, "one <out> and one <in>"),
    "an end without dot": (network_of(wire("a", "b.c")), 2, "<out> must be Processing.Connector, not 'a'"),
    "elements in an end": (network_of(wire("<b/>", "b.c")), 2, "only text, not <b>"),
    "an encoding nobody has": ("<?xml version='1.0' encoding='klingon'?><network/>", 1, "encoding"),
    "a null byte": ("<network>\n\0</network>", 2, "not well-formed"),
    "a document type": ("<!DOCTYPE network>\n<network/>", 1, "document types"),
    "an entity that grows": (
        f'<!DOCTYPE network [<!ENTITY a "aaaaaaaaaa">{LAUGHS}]>\n<network>&i;</network>',
        1,
        "document types",
    ),
    "an entity from outside": (
        "<!DOCTYPE network [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>\n<network/>",
        1,
        "document types",
    ),
    "an undeclared entity": (second("&a;"), 2, "not well-formed"),
    "deep nesting": ("<network>\n" + "<a>" * 100_000, 2, "nested too deeply.*50"),
    "deep nesting in a placeholder": (
        network_of(processing("x", "Mystery", "<a>" * 60 + "</a>" * 60)),
        2,
        "nested too deeply.*50",
    ),
    "many attributes": (
        second("<processing " + " ".join(f"a{i}='1'" for i in range(200)) + "/>"),
        2,
        "too many attributes",
    ),
}


class TestWhatIsRefused:
    @pytest.mark.parametrize("case", REFUSED)
    def test_with_file_and_line(self, case: str, clam: Network, written: Written) -> None:
        text, line, why = REFUSED[case]
        path = written("x.clamnetwork", text)
        clam.before = "AudioSink"
        with pytest.raises(FormatError, match=why) as refused:
            clam.load(path)
        assert (refused.value.path, refused.value.line) == (path, line)
        assert list(clam) == ["before"]

    def test_more_bytes_than_a_network_has(self, clam: Network, tmp_path: Path) -> None:
        path = tmp_path / "x.clamnetwork"
        with path.open("wb") as file:
            file.truncate(_xml_tree.MAX_BYTES + 1)  # a sparse file: it takes no room
        with pytest.raises(FormatError, match="the file is too large"):
            clam.load(path)

    def test_a_file_that_is_not_there(self, clam: Network, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            clam.load(tmp_path / "x.clamnetwork")
