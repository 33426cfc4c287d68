"""What a Python network file may say, and how everything else is refused: with file and line, and before any of it runs."""

from __future__ import annotations

import ast
import runpy
import sys
from pathlib import Path

import pytest
from xml_files import Written

from ipyclam_core import Network
from ipyclam_core.errors import FormatError
from ipyclam_core.formats import _python_interpreter, _python_source

HEAD = 'from ipyclam_core import Network\n\nnet = Network("dummy")\n'


def loaded(text: str, path: Path) -> Network:
    path.write_text(text)
    network = Network("dummy")
    network.load(path)
    return network


class TestWhatIsRead:
    @pytest.mark.parametrize("variable", ["net", "n", "network", "_", "types", "Network_", "ünïcode"])
    def test_every_variable(self, variable: str, tmp_path: Path) -> None:
        text = HEAD.replace("net =", f"{variable} =") + f"{variable}.osc = {variable}.types.Oscillator\n"
        assert list(loaded(text, tmp_path / "x.py")) == ["osc"]

    @pytest.mark.parametrize("call", ["Network()", 'Network("dummy")', "Network(engine='dummy')", 'Network("dummy", relative_to=__file__)'])
    @pytest.mark.filterwarnings("ignore:.*was made for")
    def test_every_way_to_make_the_network(self, call: str, tmp_path: Path) -> None:
        assert list(loaded(f"from ipyclam_core import Network, Placeholder\nnet = {call}\nnet.a = 'Sink'", tmp_path / "x.py")) == ["a"]

    def test_the_text_of_code_without_a_header(self, net: Network, tmp_path: Path) -> None:
        net.osc = net.types.Oscillator
        net.sink = net.types.Sink
        net.osc > net.sink
        assert loaded(net.code(), tmp_path / "x.py") == net
        assert loaded(net.code("n"), tmp_path / "x.py") == net

    def test_what_one_types(self, tmp_path: Path) -> None:
        text = HEAD + "\n".join(
            [
                '"""A network."""',
                "net['two words'] = net.types['Oscillator']; net.osc = 'Oscillator'",
                "net.sink = (net.types.MultiSink)  # a comment",
                "net.sink.NInputs = 3",
                "net.osc.Frequency = +220",
                "net.osc._config.Amplitude = 0.25",
                "net['two words']['Waveform'] = 'saw'",
                "net.env = net.types.Envelope",
                "net.env.Times.Curve.Bend = -1.5",
                "net.env.Times['Attack'] = 1",
                "net.analysis = net.types.Analysis",
                "net.analysis.Bands = [1, 2.5,",
                "    -3]",
                "net.osc.Output > net.sink.Input1",
                "net.sink[1:] < net['two words'].Output",
                "net.osc > net.sink._inports['3']",
                "net.osc.Output / net.sink['3']",
                "net.env.Value > net.osc.Pitch",
                "net.osc.Level = 0.5",
                "net['two words']._incontrols[0].value = 100",
                "net.copy = net.osc.clone()",
                "net.gone = net.types.Sink",
                "del net.gone",
                "with net['two words']._config as c:",
                "    c.Frequency = 110.0",
                "    # in between",
                "",
                "    c['Amplitude'] = 0.125",
                "net.osc._position = (1, -2.5)",
                "net.osc._size = [3, 4]",
                "net.description = 'first\\nsecond'",
            ]
        )
        network = loaded(text, tmp_path / "x.py")
        ran = runpy.run_path(str(tmp_path / "x.py"))
        assert network == ran["net"]
        assert network.code() == ran["net"].code()
        assert len(network._proxy.wires()) == 4

    def test_chains(self, tmp_path: Path) -> None:
        text = HEAD + "net.a = net.types.Oscillator\nnet.b = net.types.Amplifier\nnet.c = net.types.Sink\nnet.a > net.b > net.c\n"
        assert len(loaded(text, tmp_path / "x.py")._proxy.wires()) == 2

    def test_line_ends_of_all_systems_and_a_byte_order_mark(self, tmp_path: Path) -> None:
        for end in ("\r\n", "\r"):
            (tmp_path / "x.py").write_bytes(b"\xef\xbb\xbf" + (HEAD + "net.a = net.types.Sink\n").replace("\n", end).encode())
            network = Network("dummy")
            network.load(tmp_path / "x.py")
            assert list(network) == ["a"]

    def test_texts_that_look_like_code(self, net: Network, tmp_path: Path) -> None:
        for text in ("'''", '"""\nnet.x = 1', "\\", "f'{x}'", "#\n(", "\\\n", "x = ('", "'\"" * 9, "\r\n", "\x0c"):
            net.description = text
            net.save(tmp_path / "x.py")
            other = Network("dummy")
            other.load(tmp_path / "x.py")
            assert other.description == text

    def test_more_than_one_piece_of_statements(self, tmp_path: Path) -> None:
        count = 6000
        text = HEAD + "".join(f"net.osc{i} = net.types.Oscillator\nnet.osc{i}.Frequency = {i}.5\n" for i in range(count))
        assert len(text) > 3 * _python_source._BATCH
        network = loaded(text, tmp_path / "x.py")
        assert len(network) == count
        assert network["osc5999"].Frequency == 5999.5

    def test_a_header_alone_is_an_empty_network(self, net: Network, tmp_path: Path) -> None:
        net.save(tmp_path / "empty.py")
        net.a = net.types.Sink
        net.load(tmp_path / "empty.py")
        assert len(net) == 0


REFUSED = {
    "an empty file": ("", 1, "the file contains no network"),
    "a comment": ("# nothing\n", 1, "the file contains no network"),
    "an import": ("import os\n", 1, r"imports are not allowed .* trust .*: net.load\(\".*x.py\", trusted=True\), in .*%open --trusted$"),
    "an import from elsewhere": ("from os import system\n", 1, "imports other than Network and Placeholder are not allowed"),
    "an import from our inside": ("from ipyclam_core.engines.dummy import DummyProxy\n", 1, "imports other than"),
    "an import of everything": ("from ipyclam_core import *\n", 1, "imports other than"),
    "an import by another name": ("from ipyclam_core import Network as N\n", 1, "imports other than"),
    "a call": (HEAD + "\nprint('hello')\n", 5, "function calls are not allowed"),
    "a call in a value": (HEAD + "net.x = open('{canary}', 'w')", 4, "function calls are not allowed"),
    "a call of a method": (HEAD + "net.save('{canary}')", 4, "function calls are not allowed"),
    "a call of what a call gives": (HEAD + "net.x = Network('dummy').types", 4, "function calls are not allowed"),
    "importing by a call": (HEAD + "__import__('os').system('touch {canary}')", 4, "function calls are not allowed"),
    "an expression that runs": (HEAD + "[open('{canary}', 'w')][0]", 4, "."),
    "a subscript that runs": (HEAD + "net[open('{canary}', 'w')] > net.a", 4, "function calls are not allowed"),
    "a slice that runs": (HEAD + "net.a = 'Sink'\nnet.a[open('{canary}', 'w'):] > net.a", 5, "function calls are not allowed"),
    "a default that runs": (HEAD + "def f(x=open('{canary}', 'w')): pass", 4, "functions are not allowed"),
    "a decorator": (HEAD + "@print\ndef f(): pass", 5, "functions are not allowed"),
    "a class": (HEAD + "class A(metaclass=print): pass", 4, "classes are not allowed"),
    "a lambda": (HEAD + "net.x = lambda: 0", 4, "functions are not allowed"),
    "a comprehension": (HEAD + "net.x = [open('{canary}') for i in 'a']", 4, "comprehensions are not allowed"),
    "a generator": (HEAD + "net.x = (i for i in 'a')", 4, "comprehensions are not allowed"),
    "an f-string": (HEAD + "\nnet.description = f'{1}'", 5, "f-strings are not allowed.*trusted=True"),
    "a raw f-string": (HEAD + "net.description = Rf'''{1}'''", 4, "f-strings are not allowed.*trusted=True"),
    "a walrus": (HEAD + "net.description = (x := 'a')", 4, "assignment expressions .* are not allowed"),
    "a condition": (HEAD + "if net: net.x = 'Sink'", 4, "conditions are not allowed"),
    "a loop": (HEAD + "while True: pass", 4, "loops are not allowed"),
    "a for": (HEAD + "for net.description in 'a': pass", 4, "loops are not allowed"),
    "a try": (HEAD + "try:\n  pass\nfinally:\n  pass", 4, "try statements are not allowed"),
    "an assertion": (HEAD + "assert net", 4, "assert statements are not allowed"),
    "arithmetic": (HEAD + "net.description = 'a' * 1000000000", 4, "arithmetic expressions are not allowed"),
    "powers": (HEAD + "net.x = 9**9**9**9", 4, "arithmetic expressions are not allowed"),
    "an addition": (HEAD + "net.description += 'a'", 4, "augmented assignments are not allowed"),
    "an annotation": (HEAD + "net.description: print('a') = 'a'", 4, "annotations are not allowed"),
    "a variable": (HEAD + "x = 1", 4, "variables such as 'x' are not allowed"),
    "an unknown name": (HEAD + "net.description = __file__", 4, "the name '__file__' is not defined here. The network is called 'net'"),
    "another file to be relative to": (HEAD.replace(")", ", relative_to='/')"), 3, "relative_to=__file__"),
    "a second network": (HEAD + "other = Network('dummy')", 4, "must make only one network"),
    "an option of an engine": ("net = Network('jack', server='x')", 1, "takes only an engine"),
    "two engines": ("net = Network('jack', engine='x')", 1, "the name of one engine"),
    "arguments with a star": ("net = Network(*['dummy'])", 1, "starred expressions are not allowed"),
    "several targets": (HEAD + "net.a = net.b = 'Sink'", 4, "must have one target"),
    "unpacking": (HEAD + "net.a, net.b = 'Sink', 'Sink'", 4, "must have one target"),
    "a dunder": (HEAD + "net.description = net.__class__", 4, "the attribute '__class__' is not allowed"),
    "a dunder of a value": (HEAD + "net.description = ''.__class__", 4, "the attribute '__class__' is not allowed"),
    "a dunder of a processing": (HEAD + "net.a = 'Sink'\nnet.a.__init__.__globals__ > net.a", 5, "the attribute '__init__' is not allowed"),
    "our inside": (HEAD + "net._proxy > net.a", 4, "the attribute '_proxy' is not allowed"),
    "assigning to our inside": (HEAD + "net._proxy = 1", 4, "cannot assign to '_proxy'"),
    "assigning to a dunder": (HEAD + "net.__class__ = 1", 4, "cannot assign to '__class__'"),
    "assigning to a processing's inside": (HEAD + "net.a = 'Sink'\nnet.a._proxy = 1", 5, "cannot assign to '_proxy'"),
    "a method": (HEAD + "net.description = net.save", 4, "the attribute 'save' is not allowed"),
    "a method of a processing": (HEAD + "net.a = 'Sink'\nnet.a.connect > net.a", 5, "the attribute 'connect' is not allowed"),
    "a reserved word": (HEAD + "net.code = 'Sink'", 4, r"net\[\"code\"\]"),
    "the state": (HEAD + "net.state = 'playing'", 4, "'state' is reserved for ipyclam"),
    "deleting the network": (HEAD + "del net", 4, "can delete only processings: del net.x"),
    "deleting an attribute of a processing": (HEAD + "net.a = 'Sink'\ndel net.a.Gain", 5, "can delete only processings: del net.x"),
    "deleting our inside": (HEAD + "del net._proxy", 4, "can delete only processings: del net.x"),
    "with a file": (HEAD + "with open('{canary}', 'w') as f: pass", 4, "function calls are not allowed"),
    "with the network": (HEAD + "with net as f: pass", 4, "with statements other than .* are not allowed"),
    "with nothing to call it by": (HEAD + "net.a = 'Sink'\nwith net.a._config: pass", 5, "with statements other than .* are not allowed"),
    "an expression in a with": (HEAD + "net.a = 'Sink'\nwith net.a._config as c:\n  c.Gain = 1\n  print(c)", 7, "function calls are not"),
    "an equality": (HEAD + "net.a = 'Sink'\nnet.a == net.a", 5, "only > and < .* are allowed here"),
    "a comparison of other things": (HEAD + "'a' > 'b'", 4, "only processings and connectors can be connected"),
    "a comparison of networks": (HEAD + "net > net", 4, "only processings and connectors can be connected"),
    "a statement that does nothing": (HEAD + "net.types", 4, "this statement has no effect"),
    "bytes": (HEAD + "net.description = b'a'", 4, "the literal b'a' is not allowed"),
    "an ellipsis": (HEAD + "net.description = ...", 4, "the literal Ellipsis is not allowed"),
    "a complex number": (HEAD + "net.description = 1j", 4, "the literal 1j is not allowed"),
    "a set": (HEAD + "net.description = {1}", 4, "sets are not allowed"),
    "keys that are no texts": (HEAD + "net.description = {1: 2}", 4, "the keys of a dict must be strings"),
    "a dict in a dict by stars": (HEAD + "net.description = {**{}}", 4, "the keys of a dict must be strings"),
    "a placeholder's secret argument": (HEAD + "net.x = Placeholder('A', secret=1)", 4, "secret"),
    "a placeholder by stars": (HEAD + "net.x = Placeholder(**{'type': 'A'})", 4, r"\*\* is not allowed"),
    "a processing for a type": (HEAD + "net.a = 'Sink'\nnet.b = net.a", 5, r"net.a already exists. To copy it: net.b = net.a.clone\(\)"),
    "no such type": (HEAD + "net.a = net.types.Osillator", 4, "no type 'Osillator'; did you mean 'Oscillator'"),
    "a type of one's own": (
        HEAD + "net.a = net.types.Darken", 4, r"no type 'Darken'.* A type of your own\? Run .* %run mine.py, then net.load\(.*x.py",
    ),
    "no such processing": (HEAD + "net.osc.Frequency = 1.0", 4, "no processing 'osc'"),
    "no such parameter": (HEAD + "net.a = 'Oscillator'\nnet.a.Frequenzy = 1.0", 5, "did you mean 'Frequency'"),
    "a value out of range": (HEAD + "net.a = 'Oscillator'\nnet.a.Amplitude = 2.0", 5, "a float from 0 to 1"),
    "a value that is not finite": (HEAD + "net.a = 'Oscillator'\nnet.a.Frequency = 1e999", 5, "a.Frequency takes"),
    "a taken name": (HEAD + "net.a = 'Sink'\nnet.a = 'Sink'", 5, "net.a already exists"),
    "a wire that is there": (HEAD + "net.a = 'Oscillator'\nnet.b = 'Sink'\n" + "net.a.Output > net.b.Input\n" * 2, 7, "already connected"),
    "no Python": (HEAD + "net.a = = 1", 4, "this is not valid Python: invalid syntax"),
    "an indented line": (HEAD + "  net.a = 'Sink'", 4, "this is not valid Python"),
    "a string without end": (HEAD + "net.description = 'a\n", 4, "unterminated string"),
    "a text without end": (HEAD + 'net.description = """a\n\n', 4, "unterminated string"),
    "a bracket without end": (HEAD + "net.description = (\n", 4, "this is not valid Python"),
    "a bracket that closes nothing": (HEAD + "net.description = 'a')", 4, "unmatched '\\)'"),
    "unexpected backslash": (HEAD + "\\x", 4, "unexpected backslash"),
    "a sign before anything": (HEAD + "net.a = -net", 4, "signs and 'not' before anything but a number are not allowed"),
    "types that no module can have": (HEAD.replace('"dummy"', '"clam", types=["/dev/zero"]'), 3, "names of modules and paths of .py files"),
    "waiting wires that are none": (HEAD + "net._waiting = 5", 4, "_waiting takes a list of wires, not 5"),
    "a waiting wire that is none": (HEAD + "net._waiting = [3.0]", 4, "a waiting wire is a tuple"),
    "a slice with a step of 0": (HEAD + "net.a = 'Mixer'\nnet.a[::0] > net.a", 5, "the step of a slice cannot be 0"),
    "ports of a placeholder by number": (HEAD + "net.a = Placeholder('x', 5)", 4, "inports of a placeholder must be a list"),
    "a name without end": (HEAD + f"net['{'x' * 1001}'] = 'Sink'", 4, "at most 1,000"),
    "a null byte": (HEAD + "\nnet.a\0 = 'Sink'", 5, "null byte"),
    "a very long number": (HEAD + "net.x = " + "9" * 10_000, 4, "this is not valid Python"),
    "deep brackets": (HEAD + "net.x = " + "[" * 100_000, 4, "brackets are nested too deeply. The limit is 40"),
    "deep brackets that close": (HEAD + "net.x = " + "[" * 50 + "]" * 50, 4, "brackets are nested too deeply. The limit is 40"),
    "deep signs": (HEAD + "net.x = " + "-" * 100_000 + "1", 4, "nested too deeply"),
    "deep attributes": (HEAD + "net.x = net" + ".a" * 100_000, 4, "nested too deeply|no processing"),
    "deep attributes that Python takes": (HEAD + "net.x = net" + ".a" * 900, 4, "nested too deeply|no processing"),
    "deep blocks": ("".join(f"{' ' * i}with net.a as b:\n" for i in range(150)), 101, "not valid Python: too many levels of indentation"),
    "a long statement": (HEAD + "net.x = [" + "0, " * 200_000 + "]", 4, "too long for a network file"),
    "one long line": (HEAD + "a" * 1_000_000, 4, "too long for a network file"),
    "many statements in a line": (HEAD + "1;" * 100_000, 4, "this statement has no effect"),
    "a long chain": (HEAD + "net.a" + " > net.a" * 20_000, 4, "no processing 'a'"),
}  # fmt: skip


class TestWhatIsRefused:
    def test_every_part_of_python_has_a_word_of_its_own(self) -> None:
        nodes = [kind for kind in vars(ast).values() if isinstance(kind, type) and kind.__base__ in (ast.stmt, ast.expr)]
        known = _python_interpreter._WORDS | _python_interpreter._OTHERS
        deprecated = {ast.Num, ast.Str, ast.Bytes, ast.NameConstant, ast.Ellipsis} if sys.version_info < (3, 12) else set()
        assert not [kind for kind in nodes if kind not in known and kind not in deprecated]

    @pytest.mark.parametrize("case", REFUSED)
    def test_with_file_and_line_and_nothing_has_run(self, case: str, net: Network, written: Written, tmp_path: Path) -> None:
        text, line, why = REFUSED[case]
        canary = tmp_path / "canary"
        path = written("x.py", text.replace("{canary}", str(canary)))
        net.before = net.types.Source
        before = net.code()
        with pytest.raises(FormatError, match=why) as refused:
            net.load(path)
        assert (refused.value.path, refused.value.line) == (path, line)
        assert str(path) in str(refused.value)
        assert not canary.exists()
        assert net.code() == before

    def test_a_gigabyte_of_parentheses(self, net: Network, tmp_path: Path) -> None:
        path = tmp_path / "x.py"
        with path.open("wb") as file:
            file.write(b"(" * 1000)
            file.truncate(1 << 30)  # a sparse file: it takes no room
        with pytest.raises(FormatError, match=r"x\.py, line 1: the file is too large: 1,073,741,824 bytes"):
            net.load(path)

    @pytest.mark.slow
    def test_many_megabytes_of_what_a_network_does_not_need_are_refused_where_they_begin(self, net: Network, written: Written) -> None:
        for piece in ("(", "()", "'", '\\"""\n', "x", '"""', "'a'", "[0,", "#", "f''", "1\n"):
            path = written("x.py", HEAD + "\nnet.x = " + piece * (4_000_000 // len(piece)))
            with pytest.raises(FormatError) as refused:
                net.load(path)
            assert refused.value.line == 5
            assert len(str(refused.value)) < 1000

    def test_a_file_that_is_not_utf_8(self, net: Network, tmp_path: Path) -> None:
        path = tmp_path / "x.py"
        path.write_bytes(HEAD.encode() + b"net.description = '\xff'\n")
        with pytest.raises(FormatError, match="not UTF-8") as refused:
            net.load(path)
        assert refused.value.line == 4


def test_words_that_became_ours_name_processings_in_older_files(tmp_path):
    path = tmp_path / "old.py"
    path.write_text(
        HEAD + "net.proxy = net.types.Oscillator\nnet.history = net.types.Sink\nnet.proxy.Frequency = 1.0\nnet.proxy > net.history\n"
    )
    net = Network("dummy")
    net.load(path)
    assert list(net) == ["proxy", "history"]
    assert net["proxy"].Frequency == 1.0
    assert 'net["proxy"].Output > net["history"].Input' in net.code()
