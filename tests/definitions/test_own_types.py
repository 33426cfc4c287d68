"""Processing types of one's own: at once in ``net.types``, heard, swapped while they play, saved by reference."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from waiting import eventually

from ipyclam_core import Network
from ipyclam_core.declare import config, in_control, in_port, out_control, out_port, processing
from ipyclam_core.errors import DefinitionError, EngineError, FormatError

RAMP = '''
from ipyclam_core.declare import config, in_control, out_port, processing

@processing(category="Mine")
class {name}:
    """A sawtooth."""
    Frequency = config(480.0, unit="Hz")
    Pitch = in_control(from_config="Frequency")
    audio = out_port("Audio Output")
    class State:
        phase: float
    def step(state, Pitch, sample_rate):
        state.phase = (state.phase + Pitch / sample_rate) % 1.0
        return {gain} * state.phase
'''


def define_ramp(gain: float) -> None:
    @processing(category="Mine")
    class PromptRamp:
        """A sawtooth."""

        Frequency = config(480.0, unit="Hz")
        Pitch = in_control(from_config="Frequency")
        audio = out_port("Audio Output")

        class State:
            phase: float

        def step(state, Pitch, sample_rate):
            state.phase = (state.phase + Pitch / sample_rate) % 1.0
            return gain * state.phase


def network(type_name: str) -> Network:
    net = Network("clam")
    net.ramp = net.types[type_name]
    net.sink = net.types.AudioSink
    _ = net.ramp > net.sink
    return net


def test_a_type_is_there_at_once_and_sounds_as_its_function_says() -> None:
    net = Network("clam")
    define_ramp(1.0)
    assert "PromptRamp" in net.types
    assert net.types.PromptRamp.category == "Mine"
    assert "A sawtooth." in net.types.PromptRamp.doc
    heard = network("PromptRamp").render(frames=100, sample_rate=48000)[:, 0]
    assert np.allclose(heard, (np.arange(1, 101) * 0.01) % 1.0, atol=1e-6)


def test_a_type_defined_anew_takes_over_where_it_plays_and_keeps_its_state() -> None:
    define_ramp(1.0)
    net = network("PromptRamp")
    net.ramp.Frequency = 0.01  # far from its wrap, however slow the machine

    def last() -> float:
        return float(net.ramp["Audio Output"].samples(64)[-1])

    try:
        net.play("clock", sample_rate=48000)
        eventually(lambda: last() > 0.002)
        before = last()
        define_ramp(-1.0)
        eventually(lambda: last() < 0.0)
        after = last()
    finally:
        net.stop()
    assert -after >= before  # the phase went on from where it was: it had not begun anew


def test_parameters_and_wires_that_still_fit_survive_another_definition() -> None:
    @processing()
    class Shape:
        Depth = config(0.25)
        Old = config(1.0)
        one = out_port("One")
        two = out_port("Two")

        def step(Depth, Old):
            return Depth, Old

    net = Network("clam")
    net.shape = net.types.Shape
    net.shape.Depth = 0.75
    net.sink = net.types.AudioSink
    net.sink.NSinks = 2
    _ = net.shape.One > net.sink["1"]
    _ = net.shape.Two > net.sink["2"]

    with pytest.warns(UserWarning, match=r"^the connectors of Shape have changed. These wires were removed: shape\['Two'\] > sink\['2'\]$"):

        @processing()
        class Shape:
            Depth = config(0.25)
            New = config(3)
            one = out_port("One")

            def step(Depth):
                return Depth

    assert net.shape.Depth == 0.75
    assert net.shape.New == 3
    assert "Old" not in dir(net.shape)
    assert net.render(frames=2).tolist() == [[0.75, 0.0], [0.75, 0.0]]


def test_all_three_forms_can_be_written_at_the_prompt() -> None:
    @processing()
    class Doubler:
        into = in_port("In")
        out = out_port("Out")

        def process(into, out):
            for i in range(len(out)):
                out[i] = 2.0 * into[i]

    @processing()
    class Offset:
        Amount = config(0.5)
        value = in_control("Value")
        out = out_control("Result")

        def receive(value, Amount, out):
            out.send(value + Amount)

    @processing()
    class Level:
        value = in_control("Value")
        out = out_port("Out")

        def step(value):
            return value

    net = Network("clam")
    for name in ("Offset", "Level", "Doubler"):
        net[name] = net.types[name]
    net.sink = net.types.AudioSink
    _ = net.Offset.Result > net.Level.Value
    _ = net.Level.Out > net.Doubler.In
    _ = net.Doubler.Out > net.sink
    net.Offset.Value = 1.0
    assert net.render(frames=4).ravel().tolist() == [3.0, 3.0, 3.0, 3.0]


def test_a_network_names_the_file_that_defines_its_types(tmp_path: Path) -> None:
    (tmp_path / "my_types.py").write_text(RAMP.format(name="FileRamp", gain=0.5))
    net = Network("clam", types=[str(tmp_path / "my_types.py")])
    net.ramp = net.types.FileRamp
    net.sink = net.types.AudioSink
    _ = net.ramp > net.sink
    path = tmp_path / "song.py"
    net.save(path)
    assert 'net = Network("clam", types=["my_types.py"], relative_to=__file__)' in path.read_text()
    again = Network("clam")
    again.load(path)
    assert again == net
    alone = "import runpy; net = runpy.run_path('song.py')['net']; print(net.render(frames=2, sample_rate=48000).ravel().tolist())"
    done = subprocess.run([sys.executable, "-c", alone], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.stderr == ""
    assert np.allclose(eval(done.stdout), [0.005, 0.01])


def test_a_file_whose_types_are_not_defined_is_refused_and_nothing_of_them_is_run(tmp_path: Path) -> None:
    (tmp_path / "evil.py").write_text("raise SystemExit('this ran')")
    path = tmp_path / "song.py"
    path.write_text('from ipyclam_core import Network\n\nnet = Network("clam", types=["evil.py"], relative_to=__file__)\n')
    net = Network("clam")
    with pytest.raises(FormatError, match=r"song.py, line 3: .* types of 'evil.py' are not defined.*\(%run evil.py\).*trusted=True"):
        net.load(path)


def test_a_type_of_the_prompt_cannot_be_saved_with_its_network_and_that_is_said(tmp_path: Path) -> None:
    code = RAMP.format(name="Homeless", gain=1.0) + (
        "import warnings\n"
        "from ipyclam_core import Network\n"
        "net = Network('clam')\n"
        "net.ramp = net.types.Homeless\n"
        "with warnings.catch_warnings(record=True) as heard:\n"
        "    warnings.simplefilter('always')\n"
        "    net.save('song.py')\n"
        "print([str(warning.message) for warning in heard])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert "types defined at the prompt are not in the file: Homeless" in done.stdout, done.stderr


def test_a_class_derived_from_another_has_what_that_has():
    net = Network()

    class Shaped:
        Amount = config(2.0)
        audio = in_port("In")
        output = out_port("Out")
        amount = in_control("Amount", from_config="Amount")

        def step(audio, amount):
            return audio * amount

    @processing(category="Tests")
    class TwiceShaped(Shaped):
        output = out_port("Twice")
        Amount = config(3.0)

        def process(audio, output, amount):
            for i in range(len(output)):
                output[i] = audio[i] * amount * amount

    @processing(category="Tests")
    class Unshaped(TwiceShaped):
        amount = None

        def step(audio):
            return audio

    assert [spec.name for spec in TwiceShaped.__processing__.spec.outports] == ["Twice"]
    assert TwiceShaped.__processing__.form == "process"
    assert [spec.name for spec in Unshaped.__processing__.spec.incontrols] == []
    for name in ("TwiceShaped", "Unshaped"):
        net[name], net[f"{name} out"] = net.types[name], net.types.AudioSink
    net["in"] = net.types.AudioSource
    net["in"] > net.TwiceShaped > net["TwiceShaped out"]
    net["in"] > net.Unshaped > net["Unshaped out"]
    sound = net.render(frames=8, inputs=np.ones(8, np.float32))
    assert sound[:, 0].tolist() == [9.0] * 8
    assert sound[:, 1].tolist() == [1.0] * 8


def test_a_class_that_is_derived_from_a_type_is_none_itself(net):
    @processing(category="Tests")
    class Whole:
        audio = in_port("In")
        output = out_port("Out")

        def step(audio):
            return audio

    class NotYet(Whole):
        pass

    with pytest.raises(TypeError, match="made from a type"):
        net.x = NotYet


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("Mended1", "x = 1\n1 / 0\n", r"^.*broken.py, line 2: ZeroDivisionError: division by zero$"),
        ("Mended2", "def x(:\n", r"^.*broken.py, line 1: SyntaxError: invalid syntax$"),
        ("Mended3", "import nowhere_at_all\n", r"^.*broken.py, line 1: ModuleNotFoundError: No module named 'nowhere_at_all'$"),
    ],
)
def test_a_file_of_types_that_fails_is_said_with_its_line(tmp_path: Path, name: str, text: str, message: str) -> None:
    path = tmp_path / "broken.py"
    path.write_text(text)
    with pytest.raises(EngineError, match=message):
        Network("clam", types=[str(path)])
    path.write_text(RAMP.format(name=name, gain=1.0))
    assert name in Network("clam", types=[str(path)]).types


@pytest.mark.parametrize("origin", ["nowhere.py", "nowhere_at_all", "nowhere.at.all"])
def test_types_of_a_module_or_file_that_is_not_there(origin: str) -> None:
    with pytest.raises(FileNotFoundError, match=rf"there is no (file|module) '{origin}' to define processing types"):
        Network("clam", types=[origin])


def test_a_definition_that_fails_has_no_traceback_through_our_files() -> None:
    with pytest.raises(DefinitionError) as refused:

        @processing()
        class Wrong:
            audio = out_port()

            def step():
                return nowhere  # noqa: F821

    ours = [entry for entry in refused.traceback if "ipyclam_core" in str(entry.path)]
    assert [entry.name for entry in ours] == ["enter"]


def test_block_and_step_both_hear_of_a_value_that_arrived():
    @processing()
    class Ticking:
        out = out_control()
        sound = out_port()

        def process(out, sound):
            out.send(1.0)
            for k in range(len(sound)):
                sound[k] = 0.0

    @processing()
    class Counting:
        Gate = in_control()
        in_block = out_port()
        in_step = out_port()

        class State:
            blocks: float
            steps: float

        def block(state, Gate_arrived):
            state.blocks += Gate_arrived

        def step(state, Gate_arrived):
            state.steps += Gate_arrived
            return state.blocks, state.steps

    net = Network()
    net.tick, net.count, net.out = net.types.Ticking, net.types.Counting, net.types.AudioSink
    net.out.NInputs = 2
    net.tick.out > net.count.Gate
    net.count.in_block > net.out.Input1
    net.count.in_step > net.out.Input2
    heard = net.render(frames=640, block_size=64)[::64]
    assert heard[-1, 0] >= 9
    assert heard[:, 0].tolist() == heard[:, 1].tolist()


def test_an_out_port_that_is_not_filled_is_silent():
    @processing()
    class Lazy:
        """Fills the first ten frames of each block only."""

        sound = out_port()

        def process(sound):
            for k in range(min(10, len(sound))):
                sound[k] = 1.0

    net = Network()
    net.saw, net.lazy, net.gain, net.out = net.types.Saw, net.types.Lazy, net.types.Gain, net.types.AudioSink
    net.out.NInputs = 2
    net.saw > net.gain > net.out.Input1
    net.lazy.sound > net.out.Input2
    heard = net.render(frames=640, block_size=64)[:, 1].reshape(10, 64)
    assert (heard[:, :10] == 1).all()
    assert (heard[:, 10:] == 0).all()


@pytest.mark.parametrize("listed_first", [True, False])
def test_a_type_of_ones_own_may_have_the_name_of_one_of_ipyclam_s(listed_first: bool) -> None:
    """Their names are everyday words. A module of ours that is imported later does not take it back."""
    code = f"""
from ipyclam_core import Network
from ipyclam_core.declare import in_port, out_port, processing

net = Network("clam")
if {listed_first}:
    assert len(net.types.Gate.spec.parameters) > 1

@processing()
class Gate:
    audio = in_port("Mine")
    output = out_port("Output")

    def step(audio):
        return audio

net.types.search("gate")
net.gate, net.comp, net.out = net.types.Gate, net.types.Compressor, net.types.AudioSink
net.comp > net.gate > net.out
net.render(0.01)
print([port.name for port in net.gate._inports])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert (done.stdout, done.stderr) == ("['Mine']\n", "")
