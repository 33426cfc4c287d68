"""Errors at the prompt: at most three lines, no traceback through our layers, and what to type instead."""

from __future__ import annotations

import pytest
from IPython.core.interactiveshell import InteractiveShell

from ipyclam_core import Network


@pytest.fixture
def says(console: InteractiveShell, net: Network, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    """What the prompt shows when a cell is run that fails."""
    net.osc, net.mix, net.sink = "Oscillator", "Mixer", "Sink"

    def run(cell: str) -> list[str]:
        assert not console.run_cell(cell).success
        out, err = capsys.readouterr()
        return (out + err).rstrip("\n").split("\n")

    return run


@pytest.mark.parametrize(
    ("cell", "line"),
    [
        ("net.osk", "NoSuchProcessing: there is no processing 'osk' in this network; did you mean 'osc'?"),
        ("net.osc.Frequenzy", "NoSuchConnector: osc has no 'Frequenzy'; did you mean 'Frequency'?"),
        ("net.osc.Frequency = 'a'", "ParameterTypeError: osc.Frequency takes a float from 0 to 24000, not 'a' (str)"),
        ("net.new = 'Oscilator'", "NoSuchType: the dummy engine has no type 'Oscilator'; did you mean 'Oscillator'?"),
        ("net.load('nowhere.py')", "FileNotFoundError: nowhere.py: No such file or directory"),
        ("%plya", "UsageError: Line magic function `%plya` not found; did you mean `%play`?"),
        ("%tipes", "UsageError: Line magic function `%tipes` not found; did you mean `%types`?"),
        ("%timeitt 1", "UsageError: Line magic function `%timeitt` not found; did you mean `%timeit`?"),
        ("%undo 1000", "NothingToUndo: there is nothing to undo"),
        ("%play --lop", "UsageError: unrecognized arguments: --lop; did you mean '--loop'?"),
        ("%zzz", "UsageError: Line magic function `%zzz` not found. To list them: %lsmagic"),
        ("%render", "UsageError: the following arguments are required: FILE.wav, SECONDS. Type %render FILE.wav SECONDS"),
        ("%stop now", "UsageError: unrecognized arguments: now. Type %stop"),
        ("%play 1 --colour=red", "UsageError: unrecognized arguments: --colour=red. Available: '--output', '--loop', '--device'"),
    ],
)
def test_one_line_says_it(says, cell: str, line: str) -> None:  # type: ignore[no-untyped-def]
    assert says(cell)[-1] == line
    assert len([shown for shown in says(cell) if not shown.startswith("undone")]) == 1


@pytest.mark.parametrize(
    ("cell", "line"),
    [
        ("net.new = 3", "TypeError: a processing is made from a type such as net.types.Oscillator, not from 3 (int)"),
        ("net[3]", "TypeError: a processing is selected by its name, not by 3 (int)"),
        ("net.osc._outports[7]", "IndexError: net.osc._outports has 1 connector: index 7 is out of range"),
        ("net.group('*').Output = [1]", "ValueError: Output: 1 values for 3 processings. Give one for all, or one for each"),
        ("Network('clam').render()", "TypeError: without inputs, render needs seconds or frames, such as net.render(5)"),
    ],
)
def test_a_builtin_error_that_we_raise_is_one_line_too(says, cell: str, line: str) -> None:  # type: ignore[no-untyped-def]
    assert says(cell) == [line]


@pytest.mark.parametrize(
    ("cell", "line"),
    [
        ("net.types.Sink()", "TypeError: net.types.Sink is a processing type, not a function. To add a processing: net.x = net.types.Sink"),
        ("net.osc()", "TypeError: net.osc is a processing, not a function. For help: net.osc?"),
        ("net()", "TypeError: net is a network, not a function. For help: net?"),
        ("net.types()", 'TypeError: net.types is not a function. To search: net.types.search("filter")'),
        ("a = net.osc; a(1)", "TypeError: a is a processing, not a function. For help: a?"),
        ("net.osc.Frequency(330)", "TypeError: net.osc.Frequency is a value, not a function. To set it: net.osc.Frequency = 330"),
        (
            "net.osc.Pitch(330)",
            "TypeError: net.osc.Pitch is a connector, not a function. To send a value to a control: net.osc.Pitch = 330",
        ),
        (
            "net.save()",
            "TypeError: net.save() missing 1 required positional argument: 'path'. It takes net.save(path)",
        ),
        (
            "net.play(seconds=1)",
            "TypeError: net.play() got an unexpected keyword argument 'seconds'. It takes net.play(device='auto', sample_rate=None, "
            "block_size=None, *, limiter=True). To play for a time: %play 1",
        ),
        ("net.latency = 3", "ReadOnly: net.latency is read-only"),
        ("net.undo(1, 2)", "TypeError: too many arguments for net.undo. It takes net.undo(times=1)"),
        (
            "net.osc.connect()",
            "TypeError: net.osc.connect() missing 1 required positional argument: 'other'. It takes net.osc.connect(other)",
        ),
        (
            "net.osc >> net.sink",
            "TypeError: unsupported operand type(s) for >>: 'Processing' and 'Processing'. To connect: net.osc > net.sink",
        ),
    ],
)
def test_what_python_refuses_by_itself_says_what_to_type(says, cell: str, line: str) -> None:  # type: ignore[no-untyped-def]
    assert says(cell) == [line]


@pytest.mark.parametrize("cell", ["5 .real()", "len(net.osc.Frequency)", "print.x()", "def f(): return net.osc.nope.x\n(lambda: 1)(2)"])
def test_what_is_about_other_things_is_shown_as_python_does(says, cell: str) -> None:  # type: ignore[no-untyped-def]
    assert len(says(cell)) > 3


def test_a_file_that_does_not_exist_is_told_with_one_that_is_meant(says, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "a folder").mkdir()
    (tmp_path / "wobble.py").write_text("")
    assert says("%open woble.py") == ["FileNotFoundError: woble.py: No such file or directory; did you mean 'wobble.py'?"]
    assert says("net.load('nope.py')") == ["FileNotFoundError: nope.py: No such file or directory"]
    assert says("net.save('nowhere/x.py')") == ["FileNotFoundError: nowhere/x.py: there is no folder 'nowhere'"]
    assert says("%open folder.py") == ["IsADirectoryError: folder.py: Is a directory"]
    assert says("net.load('a folder')") == ["FormatError: a folder: a folder, not a network file (.clamnetwork, .py)"]


def test_an_undo_that_is_not_possible_any_more_says_what_becomes_of_it(says, net: Network) -> None:  # type: ignore[no-untyped-def]
    net.osc.Frequency = 220.0
    net._proxy.inner.remove("osc")
    assert says("%undo") == [
        "NoSuchProcessing: there is no processing 'osc' in this network. Available: 'mix', 'sink'",
        "'osc.Frequency 440 -> 220' can no longer be undone or redone, and was removed from the history. Undo continues before it",
    ]


def test_what_fails_by_itself_is_shown_whole(says) -> None:  # type: ignore[no-untyped-def]
    assert len(says("1 / 0")) > 3
    assert len(says("net._proxy.place('osc', 1, 2, 3)")) > 3


def test_a_syntax_error_is_shown_as_ever(says) -> None:  # type: ignore[no-untyped-def]
    assert says("net.osc >")[-1].startswith("SyntaxError")


@pytest.mark.parametrize(
    "cell",
    [
        "net.sink > net.osc", "net.mix['Input 1'] / net.osc.Output", "net.code = 'Sink'", "net.osc = 'Sink'", "del net.nothing",
        "net.osc.Output = 3", "net.render(-1)", "net.save('/nowhere/at/all.py')", "for _ in range(9): net.undo()",
        "net.load('x.unknown')", "net.osc.type = 'Sink'", "with net.osc._config as c:\n    c.Frequency = -1",
        "%open nowhere.py", "%open", "%save", "%save /nowhere/at/all.py", "%play abc", "%play -3", "%play --loop", "%play 1 --output x.txt",
        "%play 1 --output", "%render x.wav", "%render x.wav 0", "%types no such thing", "%tree nothing", "%tree 'unclosed",
        "%status now", "%open a b",
        "%save a.clamnetwork b",
    ],
)  # fmt: skip
def test_at_most_three_lines(says, cell: str) -> None:  # type: ignore[no-untyped-def]
    shown = says(cell)
    assert len(shown) <= 3, shown
    assert not [line for line in shown if "Traceback" in line or "File " in line]


def test_where_in_a_function_of_ones_own(says) -> None:  # type: ignore[no-untyped-def]
    shown = says("def build():\n    net.osk\nbuild()")
    assert shown == ["NoSuchProcessing: there is no processing 'osk' in this network; did you mean 'osc'?", "  in build, line 2: net.osk"]


def test_ones_own_errors_keep_their_traceback(says) -> None:  # type: ignore[no-untyped-def]
    shown = says("def f():\n    return 1/0\nf()")
    assert any("Traceback" in line for line in shown)
    assert any("return" in line for line in shown)


def test_ones_own_file_errors_keep_their_traceback(says) -> None:  # type: ignore[no-untyped-def]
    assert any("Traceback" in line for line in says("open('/nowhere/at/all')"))


def test_an_interrupt_below_our_layers_is_one_line(says, console: InteractiveShell, net: Network) -> None:  # type: ignore[no-untyped-def]
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    net._proxy.inner.play = interrupted  # type: ignore[attr-defined]
    assert says("net.play()") == ["KeyboardInterrupt"]
    assert says("%play") == ["KeyboardInterrupt"]


def test_an_interrupt_of_ones_own_code_keeps_its_traceback(says) -> None:  # type: ignore[no-untyped-def]
    assert any("Traceback" in line for line in says("raise KeyboardInterrupt"))


def test_syntax_errors_are_ipythons(says) -> None:  # type: ignore[no-untyped-def]
    assert any("SyntaxError" in line for line in says("net.osc >"))


def test_tb_shows_the_whole_traceback(says, console: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    says("net.osk")
    console.run_cell("%tb")
    assert "NoSuchProcessing" in capsys.readouterr().out


def test_magics_say_what_is_wrong_when_net_is_no_network(console: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    console.user_ns["net"] = 5
    console.run_cell("%tree")
    del console.user_ns["net"]
    console.run_cell("%undo")
    assert capsys.readouterr().err.splitlines() == [
        "UsageError: net is a int, not a network. Type net = Network()",
        "UsageError: there is no variable net. Type net = Network()",
    ]


@pytest.mark.parametrize(("cell", "line"), [("net.b = Oscillator", "Type net.types.Oscillator"), ("osc > net.mix", "Type net.osc")])
def test_a_name_without_net_says_how_to_type_it(says, cell: str, line: str) -> None:  # type: ignore[no-untyped-def]
    assert says(cell)[-1] == line


def test_a_name_that_nobody_knows_has_no_advice(says) -> None:  # type: ignore[no-untyped-def]
    assert says("nobody")[-1] == "NameError: name 'nobody' is not defined"
