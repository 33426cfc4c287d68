"""What tab promises: it changes nothing, costs little, never raises and never waits long."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from pressing import Tab

from ipyclam_core import Network
from ipyclam_core.engines.dummy import TYPES, DummyProxy
from ipyclam_core.proxy import ConnectorId

TYPED = [
    "net.", "net.osc.", "net.osc.Fre", "net.osc._inports.", "net.osc._config.", "net.types.", 'net["', 'net.osc["Out', "net.osc > net.",
    "net.osc > ", "net.osc.Output > n",
    "net.osc.Output > net.sink.", "net.sink.Input < net.", "net.osc / net.", "net.new = ", "net.osc.Waveform = ", "net.nothing.", "%tree ",
    "%types ", "(ends[0] > ends[1]).", "(out > into).", "y = out > into\ny.", "out.connect(into).",
    "(net.osc > net.sink).", "(net.osc.Output > net.sink).pe", "[net.osc > net.sink][0].", "x = net.osc > net.sink\nx.",
    "net.osc > net.sink > net.", "if net.osc > net.sink: net.", "(net.osc / net.sink).", "net.osc.connect(net.sink).",
    "net.osc.disconnect().",
    "{1: net.osc > net.sink}[1].", "(net.osc > net.sink)[", "len(net.osc > net.sink).", "(y := net.osc > net.sink).",
    'net.play("', 'net.play(device="', "net.bank('x{}', ", "net.bank('x{}', net.types.Oscillator, 2, ", 'net.group("', 'net.group(["',
    "net.osc.name = ", "net.undo().", "net.osc.clone().", "net.clear().", "net.state.", "net.osc._facts.", "net.osc.Output.peers[0].",
    "net.osc.Output.host.", "net.osc.type.", "%play --device ", "%config Session.device = '", "Network(", "net.proxy.", "net.devices.",
]  # fmt: skip


class Counted(DummyProxy):
    """An engine that counts what it is asked."""

    def __init__(self) -> None:
        super().__init__(TYPES)
        self.asked: Counter[str] = Counter()

    def __getattribute__(self, name: str) -> Any:
        if name in ("types", "processings", "wires", "peers", "value", "info", "status", "devices"):
            self.asked[name] += 1
        return super().__getattribute__(name)


class Strange(DummyProxy):
    """An engine that raises what nobody expects, where wires are asked for."""

    def wires(self) -> Any:
        raise ZeroDivisionError


class Hanging(DummyProxy):
    """An engine that stops answering."""

    def __init__(self) -> None:
        super().__init__(TYPES)
        self.free = threading.Event()
        self.free.set()

    def processings(self) -> Any:
        self.free.wait(60)
        return super().processings()

    def types(self) -> Any:
        self.free.wait(60)
        return super().types()

    def devices(self) -> Any:
        self.free.wait(60)
        return super().devices()


class Failing(DummyProxy):
    """An engine that fails at everything."""

    broken = False

    def processings(self) -> Any:
        if self.broken:
            raise ConnectionResetError("the server went away")
        return super().processings()

    types = processings


@pytest.fixture
def hanging(console: InteractiveShell) -> Iterator[Hanging]:
    engine = Hanging()
    console.user_ns["net"] = net = Network(engine)
    net.osc, net.sink = "Oscillator", "Sink"
    engine.free.clear()
    yield engine
    engine.free.set()
    for question in questions():
        question.join()


def questions() -> list[threading.Thread]:
    """Those that have not been answered."""
    return [thread for thread in threading.enumerate() if thread.name == "ipyclam question"]


@pytest.mark.parametrize(("jedi", "evaluation"), [(False, "limited"), (True, "limited"), (False, "unsafe"), (True, "unsafe")])
def test_tab_changes_nothing(net: Network, tab: Tab, jedi: bool, evaluation: str) -> None:
    net.osc, net.sink = net.types.Oscillator, net.types.Sink
    tab.shell.user_ns.update(ends=[net.osc.Output, net.sink.Input], out=net.osc.Output, into=net.sink.Input)
    tab.shell.Completer.use_jedi, tab.shell.Completer.evaluation = jedi, evaluation
    before, heard = net.code(), []
    net.observe(heard.append)
    for typed in TYPED:
        tab.rows(typed)
        assert (net.code(), heard) == (before, []), typed


@pytest.mark.parametrize("size", [2, 300])
def test_tab_asks_the_engine_three_times_at_the_most(console: InteractiveShell, size: int) -> None:
    engine = Counted()
    console.user_ns["net"] = net = Network(engine)
    net.osc, net.sink = "Oscillator", "Sink"
    for number in range(size):
        net[f"mixer {number}"] = "Mixer"
    for typed in TYPED:
        engine.asked.clear()
        Tab(console).rows(typed)
        assert engine.asked.total() <= 3, typed


def test_completions_are_the_same_with_jedi(net: Network, tab: Tab) -> None:
    net.osc = net.types.Oscillator
    without = tab.lines("net.osc.Fre")
    tab.shell.Completer.use_jedi = True
    assert tab.lines("net.osc.Fre") == without


def test_no_more_rows_than_are_shown(net: Network, tab: Tab) -> None:
    for number in range(600):
        net[f"osc{number}"] = "Sink"
    assert len(tab.lines("net.")) == 500
    assert tab.lines("net.osc59") == ["net.osc59", *(f"net.osc59{digit}" for digit in range(10))]


@pytest.mark.slow
@pytest.mark.parametrize(
    "typed", ["net.", "net.osc.", 'net["', "net.new = ", "net.osc > net.", "net.types.", 'net.play("', "%play --device ", "%tree "]
)
def test_an_engine_that_hangs_gives_nothing_and_is_given_up(console: InteractiveShell, hanging: Hanging, typed: str, capfd) -> None:  # type: ignore[no-untyped-def]
    tab = Tab(console)
    assert not [says for says in tab.says(typed).values() if says.startswith(("processing", "config", "type", "value", "device"))]
    asked = questions()
    assert asked
    tab.rows(typed)
    assert questions() == asked  # it is not asked again, and so not waited for again
    assert capfd.readouterr() == ("", "")


def test_an_engine_that_answers_again_is_asked_again(console: InteractiveShell, hanging: Hanging) -> None:
    tab = Tab(console)
    assert tab.lines("net.o") == []
    hanging.free.set()
    for question in questions():
        question.join()
    assert tab.lines("net.o")[0] == "net.osc"


def test_an_engine_that_fails_gives_nothing_and_no_traceback(console: InteractiveShell, capfd) -> None:  # type: ignore[no-untyped-def]
    engine = Failing(TYPES)
    console.user_ns["net"] = net = Network(engine)
    net.osc, net.sink = "Oscillator", "Sink"
    engine.broken = True
    for typed in TYPED:
        assert not [says for says in Tab(console).says(typed).values() if says.startswith(("processing", "config", "outport"))], typed
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("jedi", [False, True])
def test_whatever_an_engine_raises_nothing_else_runs_what_is_typed(console: InteractiveShell, jedi: bool) -> None:
    console.user_ns["net"] = net = Network(Strange(TYPES))
    net.osc, net.sink = "Oscillator", "Sink"
    console.Completer.use_jedi, console.Completer.evaluation = jedi, "unsafe"
    for typed in ("net.osc > net.", "net.osc.Output > net.sink.", "net.osc > ", "(net.osc > net.sink)."):
        offered = {row.strip(".") for row in Tab(console).says(typed)}
        assert not offered & {"osc", "sink", "net.osc", "net.sink", "Input", "play"}, typed
    assert not net.proxy.peers(ConnectorId("osc", "Port", "Out", "Output"))


def test_tab_runs_nothing_of_what_people_have_made(console: InteractiveShell, net: Network) -> None:
    class Own(Network):
        def run(self, *args: Any) -> Any:
            raise AssertionError

        __getattr__ = __getitem__ = __iter__ = __len__ = __dir__ = run
        types = engine = devices = property(run)

    class Liar:
        @property
        def __class__(self) -> Any:
            raise AssertionError

    net.osc, net.sink = "Oscillator", "Sink"
    console.user_ns.update(own=Own(net.proxy), liar=Liar())
    tab = Tab(console)
    assert tab.lines("own.o")[0] == "own.osc"
    assert list(tab.says("own.osc > own.")) == ["osc", "sink"]
    assert "own.types.Mixer" in tab.says("own.new = ")
    assert tab.says("net.osc > ").keys() == {"net.osc", "net.sink"}


NONSENSE = [
        "net.osc[",
        "net.[",
        "net['\\",
        'net["\\x',
        "net[f'",
        "net[b'",
        "net[''''",
        "net.osc > ",
        "> net.",
        "net.\x00",
        "net[" * 500,
        "(" * 5000 + "net.",
    ]  # fmt: skip


def test_nonsense_is_no_error(net: Network, tab: Tab, capfd) -> None:  # type: ignore[no-untyped-def]
    for typed in NONSENSE:
        tab.rows(typed)
    assert capfd.readouterr() == ("", "")
