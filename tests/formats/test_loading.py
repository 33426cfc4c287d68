"""Loading is one step, all or nothing; a trusted file is run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from xml_files import Written, network_of, processing

from ipyclam_core import Network, Placeholder
from ipyclam_core.engines.dummy import DummyProxy
from ipyclam_core.errors import FormatError
from ipyclam_core.proxy import ControlSpec, PortSpec, TypeSpec

HEAD = 'from ipyclam_core import Network\n\nnet = Network("dummy")\n'


@pytest.fixture
def full(net: Network) -> Network:
    """A network with something of everything."""
    net.osc, net.sink = net.types.Oscillator, net.types.Sink
    net.osc.Frequency = 220.0
    net.osc._position = (1, 2)
    net.osc.Level = 0.5
    net.x = Placeholder("Mystery", outports=["out"], config={"A": "1"})
    net.osc > net.sink
    net.x > net.sink
    net.description = "full"
    net._title = "Full"
    net._waiting = [("Port", "gone", "1", "sink", "Input")]
    return net


REFUSED = {".py": HEAD + "net.a = net.types.Sink\nimport os\n", ".clamnetwork": network_of(processing("a", "Sink"), "<script/>")}


@pytest.mark.parametrize("suffix", REFUSED)
def test_a_refused_file_leaves_everything_as_it_was(suffix: str, full: Network, written: Written) -> None:
    text, info, changes = full.code(), full._proxy.info(), []
    full.clear()
    full.undo()
    assert full.code() == text
    full.observe(changes.append)
    with pytest.raises(FormatError):
        full.load(written(f"x{suffix}", REFUSED[suffix]))
    assert full.code() == text
    assert full._proxy.info() == info
    full.redo()  # what was undone before can still be done again: the refused load was no step
    assert len(full) == 0


@pytest.mark.parametrize("suffix", [".py", ".clamnetwork"])
@pytest.mark.filterwarnings("ignore:.*(control values set by hand|CLAM reads only the first wire)")
@pytest.mark.filterwarnings("ignore:.*1 wire could not be connected, but is kept")
def test_a_load_is_one_step_that_can_be_undone(suffix: str, full: Network, tmp_path: Path) -> None:
    full.save(tmp_path / f"x{suffix}")
    other = Network("dummy")
    other.before = other.types.Source
    other.load(tmp_path / f"x{suffix}")
    loaded = other.code()
    other.undo()
    assert list(other) == ["before"]
    other.redo()
    assert other.code() == loaded


def test_a_warning_names_the_line_that_loads_or_saves(net: Network, written: Written, tmp_path: Path) -> None:
    net.load(written("one.py", HEAD + "net.osc = net.types.Oscillator\nnet.osc.Pitch = 3\n"))
    waiting = network_of(processing("a", "Sink"), "<port_connection><out>a.1</out><in>a.2</in></port_connection>")
    with pytest.warns(UserWarning, match="set by hand") as saving:
        net.save(tmp_path / "x.clamnetwork")
    with pytest.warns(UserWarning, match="could not be connected") as loading:
        net.load(written("y.clamnetwork", waiting))
    with pytest.warns(UserWarning, match="jack") as elsewhere:
        net.load(written("x.py", HEAD.replace("dummy", "jack")))
    assert {warning.filename for heard in (saving, loading, elsewhere) for warning in heard} == {__file__}


def test_a_file_for_another_engine_loads_with_a_warning_where_its_types_are_here(net: Network, written: Written) -> None:
    path = written("x.py", HEAD.replace("dummy", "jack") + "net.a = net.types.Sink\n")
    with pytest.warns(UserWarning, match=r"x\.py is a network of the jack engine\. It was loaded into the dummy engine"):
        net.load(path)
    assert list(net) == ["a"]
    with pytest.raises(FormatError, match="no type 'jack_client'"):
        net.load(written("x.py", HEAD.replace("dummy", "jack") + "net.a = net.types.jack_client\n"))


@pytest.mark.parametrize("trusted", [False, True])
def test_a_file_of_a_later_format_loads_with_a_warning(trusted: bool, net: Network, written: Written) -> None:
    path = written("x.py", "# ipyclam network, format 99\n" + HEAD + "net.a = net.types.Sink\n")
    with pytest.warns(UserWarning, match=r"x\.py has format 99, newer than 1: parts may be missing") as heard:
        net.load(path, trusted=trusted)
    assert list(net) == ["a"]
    assert [warning.filename for warning in heard] == [__file__]


class TestTrustedFiles:
    def test_are_run(self, net: Network, written: Written) -> None:
        path = written("x.py", HEAD + "for i in range(3):\n    net[f'osc{i}'] = net.types.Oscillator\nnet.osc0.Pitch = 3\n")
        net.before = net.types.Sink
        net.load(path, trusted=True)
        assert list(net) == ["osc0", "osc1", "osc2"]
        assert net.osc0.Pitch.value == 3.0
        net.undo()
        assert list(net) == ["before"]

    def test_give_the_same_as_when_they_are_read(self, full: Network, tmp_path: Path) -> None:
        full.save(tmp_path / "x.py")
        read, run = Network("dummy"), Network("dummy")
        read.load(tmp_path / "x.py")
        run.load(tmp_path / "x.py", trusted=True)
        assert read.code() == run.code() == full.code()
        assert read == run == full

    def test_do_not_run_what_is_for_the_program_alone(self, net: Network, written: Written) -> None:
        net.load(written("x.py", HEAD + "if __name__ == '__main__':\n    raise SystemExit(1)\n"), trusted=True)

    @pytest.mark.parametrize(
        ("text", "line", "why"),
        [
            (HEAD + "\n1 / 0\n", 5, "the file raised ZeroDivisionError: division by zero"),
            (HEAD + "net.a = = 1\n", 4, "this is not valid Python"),
            ("x = 1\n", None, "a network file must make one network, not 0"),
            (HEAD + "other = Network('dummy')\n", None, "a network file must make one network, not 2"),
        ],
    )
    def test_are_refused_when_they_fail(self, text: str, line: int | None, why: str, full: Network, written: Written) -> None:
        before = full.code()
        with pytest.raises(FormatError, match=why) as refused:
            full.load(written("x.py", text), trusted=True)
        assert refused.value.line == line
        assert full.code() == before


class TestPlaceholdersWhoseTypeIsThereByNow:
    SPEC = TypeSpec(
        "Mystery", inports=[PortSpec("in")], outports=[PortSpec("out")], incontrols=[ControlSpec("gain")],
        config={"A": 0, "On": False, "Gains": (1.0, 2.0), "Inner": {"X": 0.5}},
    )  # fmt: skip

    @pytest.fixture
    def able(self) -> Network:
        return Network(DummyProxy([self.SPEC]))

    def test_become_the_real_thing_and_their_texts_values(self, able: Network, written: Written) -> None:
        config = '{"A": "3", "On": "true", "Gains": {"@size": "2", "#text": "5 6"}, "Inner": {"X": "1.5"}}'
        able.load(
            written(
                "x.py",
                f'net.x = Placeholder("Mystery", inports=["in"], config={config})\nnet.y = Placeholder("Mystery", config={{"A": 4}})\n',
            )
        )
        assert able.x._config == {"A": 3, "On": True, "Gains": (5.0, 6.0), "Inner": {"X": 1.5}}
        assert able.y.A == 4
        assert not any(state.placeholder for state in able._proxy.processings().values())

    def test_keep_wires_that_the_real_thing_has_not(self, able: Network, written: Written) -> None:
        text = 'net.x = Placeholder("Mystery", inports=["in", "other"])\nnet.y = net.types.Mystery\n'
        text += 'net.y.out > net.x["in"]\nnet.y.out > net.x.other\n'
        with pytest.warns(UserWarning, match=r"1 wire could not be connected, but is kept.*y\.out > x\.other"):
            able.load(written("x.py", text))
        assert len(able._proxy.wires()) == 1
        assert [(w.source, w.target_connector) for w in able._proxy.info().waiting] == [("y", "other")]

    def test_a_wire_between_things_that_always_were_real_is_refused(self, able: Network, written: Written) -> None:
        with pytest.raises(FormatError, match="has no 'other'"):
            able.load(written("x.py", "net.x = net.types.Mystery\nnet.x.out > net.x.other\n"))

    def test_a_value_that_the_real_thing_does_not_take_is_refused(self, able: Network, written: Written) -> None:
        with pytest.raises(FormatError, match=r"x\.A takes a whole number, not 'loud'") as refused:
            able.load(written("x.py", '\nnet.x = Placeholder("Mystery", config={"A": "loud"})\n'))
        assert refused.value.line == 2


class TestFileParameters:
    @pytest.mark.parametrize("suffix", [".py", ".clamnetwork"])
    def test_a_saved_network_finds_its_files_from_everywhere(
        self, suffix: str, net: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        here, sounds, elsewhere = tmp_path / "here", tmp_path / "sounds", tmp_path / "a" / "b"
        for folder in (here, sounds, elsewhere):
            folder.mkdir(parents=True)
        monkeypatch.chdir(here)
        net.player, net.absolute, net.empty = net.types.Player, net.types.Player, net.types.Player
        net.player.File = "../sounds/voice.wav"
        net.absolute.File = "/music/voice.wav"
        path = tmp_path / "nets" / f"x{suffix}"
        path.parent.mkdir()
        net.save(path)
        monkeypatch.chdir(elsewhere)
        other = Network("dummy")
        other.load(path)
        assert other.player.File == os.path.join("..", "..", "sounds", "voice.wav")
        assert [other.absolute.File, other.empty.File] == ["/music/voice.wav", ""]
        monkeypatch.chdir(here)
        other.load(path)
        assert other == net

    def test_what_the_file_says_is_relative_to_the_file(self, net: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "nets").mkdir()
        monkeypatch.chdir(tmp_path)
        net.player = net.types.Player
        net.player.File = "nets/voice.wav"
        net.save("nets/x.py")
        text = Path("nets/x.py").read_text()
        assert 'net = Network("dummy", relative_to=__file__)' in text
        assert 'net.player.File = "voice.wav"' in text
        net.save("nets/x.clamnetwork")
        assert "<File>voice.wav</File>" in Path("nets/x.clamnetwork").read_text()

    @pytest.mark.parametrize("name", ["./a.wav", "a//b", "../here/a.wav", "x/../a", ".", "..", "a/", "././a", " ", "\n", "~", "C:\\a"])
    @pytest.mark.parametrize("suffix", [".py", ".clamnetwork"])
    def test_a_path_comes_back_however_it_is_spelled(
        self, name: str, suffix: str, net: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for folder in ("here", "there", "here/below"):
            (tmp_path / folder).mkdir()
        monkeypatch.chdir(tmp_path / "here")
        net.player = net.types.Player
        net.player.File = name
        for folder in (".", "../there", "..", "below"):
            net.save(f"{folder}/x{suffix}")
            other = Network("dummy")
            other.load(f"{folder}/x{suffix}")
            assert other.player.File == name
            if suffix == ".py":
                other.load(f"{folder}/x{suffix}", trusted=True)
                assert other.player.File == name
