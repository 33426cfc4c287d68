"""Where the function of a user-defined type may write: its state and its out ports, and never an in port."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ipyclam_core import Network
from ipyclam_core.declare import Array, in_port, out_port, processing
from ipyclam_core.declare.frames import frame, number, row
from ipyclam_core.errors import DefinitionError

FRAMED = """
import numpy as np
from numpy import float32
from ipyclam_core.data.spectra import Spectrum
from ipyclam_core.declare import Array, config, in_port, out_control, out_port, processing

@processing
class Writing:
    Number = config(2)
    spectrum = in_port("In", Spectrum)
    others = in_port("In {}", Spectrum, count="Number")
    output = out_port("Out", Spectrum, copies="spectrum")
    loud = out_control("Loud")
    class State:
        kept: Array[float32]
        x: float
    def initial():
        return {"kept": np.zeros(8, float32)}
    def process(state, spectrum, others, output, loud):
        STATEMENT
"""
IN_BLOCKS = """
import numpy as np
from ipyclam_core.declare import config, in_port, out_port, processing

@processing
class Writing:
    Number = config(2)
    sound = in_port("In")
    others = in_port("In {}", count="Number")
    output = out_port("Out")
    def process(sound, others, output):
        STATEMENT
"""
IN_PIECES = """
from ipyclam_core.declare import in_port, out_port, processing

@processing
class Writing:
    sound = in_port("In", size=512, hop=256)
    output = out_port("Out", size=256)
    def process(sound, output):
        STATEMENT
"""


def refused(source: str, statement: str, folder: Path) -> str:
    """Why a type with this statement is refused; the line is quoted."""
    file = folder / "writing.py"  # the line of a function is read from its file
    file.write_text(source.replace("STATEMENT", statement))
    with pytest.raises(DefinitionError) as caught:
        exec(compile(file.read_text(), str(file), "exec", dont_inherit=True), {"__name__": f"writing_{folder.name}"})
    assert f"`{statement}`" in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("source", "statement"),
    [
        (FRAMED, "spectrum.top = 5.0"),
        (FRAMED, "spectrum.magnitude[3] = 0.0"),
        (FRAMED, "spectrum.magnitude[:] = 0.0"),
        (FRAMED, "spectrum.magnitude[1:] *= 2.0"),
        (FRAMED, "spectrum.magnitude.fill(0.0)"),
        (FRAMED, "np.add(output.phase, output.phase, spectrum.phase)"),
        (FRAMED, "part = spectrum.phase[2:]; part[0] = 1.0"),
        (FRAMED, "others[1].magnitude[0] = 1.0"),
        (FRAMED, "others[1].top = 1.0"),
        (IN_BLOCKS, "sound[0] = 0.0"),
        (IN_BLOCKS, "others[0][0] = 0.0"),
        (IN_PIECES, "sound[0] = 0.0"),
    ],
)
def test_an_in_port_is_read_only_because_others_read_it_too(source: str, statement: str, tmp_path: Path) -> None:
    said = refused(source, statement, tmp_path)
    assert "an in port can only be read, because other processings read the same memory. Write into the out port" in said


@pytest.mark.parametrize(
    ("statement", "wish"),
    [
        ("output.magnitude = spectrum.phase", "Set its items: output.magnitude[:] = spectrum.phase"),
        ("output.magnitude = 1.0", "Set its items: output.magnitude[:] = ..."),
        ("state.kept = spectrum.phase", "Set its items: state.kept[:] = spectrum.phase"),
        ("output.top = spectrum.magnitude", "is given an array. Give it one item of the array: output.top = spectrum.magnitude[0]"),
        ("output.phase[0] = spectrum.magnitude[1:]", "an item is a number, and is given an array. Give it one item of the array: [0]"),
        ("loud.send(spectrum.magnitude)", "an out control is sent an array, and takes a number. Send one item of the array: [0]"),
        ("output.top = float(state.kept)", "an array is not a number. Take one item of it: [0]"),
        ("output.top = float32(spectrum.phase)", "an array is not a number. Take one item of it: [0]"),
        ("state.x = state.kept", "is given an array. Give it one item of the array: state.x = state.kept[0]"),
    ],
)
def test_an_array_and_a_number_are_not_given_to_one_another(statement: str, wish: str, tmp_path: Path) -> None:
    assert wish in refused(FRAMED, statement, tmp_path)


@pytest.mark.parametrize("statement", ["output.foo = 1", "state.x = spectrum.foo"])
def test_a_field_that_a_frame_does_not_have_is_refused_with_those_that_it_has(statement: str, tmp_path: Path) -> None:
    said = refused(FRAMED, statement, tmp_path)
    assert "a Spectrum has no field 'foo'. Available: 'magnitude', 'phase', 'top'" in said


def test_the_fields_that_are_alike_are_named(tmp_path: Path) -> None:
    assert "has no field 'magnitud'; did you mean 'magnitude'?" in refused(FRAMED, "output.magnitud = 1", tmp_path)


@frame
class Rows:
    """Rows for the tests."""

    rows = row("high", "length")
    one = row("length")
    total = number()


STATEMENTS = {
    "out.one[:] = state.kept": [0, 1, 2, 3, 4, 5],
    "out.one[:] = 7.0": [7] * 6,
    "out.one[:] = state.kept[:1]": [0] * 6,
    "out.one[:] = state.kept[::-1]": [5, 4, 3, 2, 1, 0],
    "out.one[::-1] = state.kept": [5, 4, 3, 2, 1, 0],
    "out.one[:] = state.kept; out.one[1:] = out.one[:-1]": [0, 0, 1, 2, 3, 4],
    "out.one[:] = state.kept; out.one[:-1] = out.one[1:]": [1, 2, 3, 4, 5, 5],
    "out.one[::-1] = state.kept; out.one[::-1][1:] = out.one[::-1][:-1]": [4, 3, 2, 1, 0, 0],
    "out.one[:] = state.kept; out.one[::2] = out.one[::2]": [0, 1, 2, 3, 4, 5],
    "out.one[1:3] = state.kept[4:]": [0, 4, 5, 0, 0, 0],
    "out.rows[1, :] = state.kept; out.one[:] = out.rows[1]": [0, 1, 2, 3, 4, 5],
    "out.rows[:] = state.kept; out.rows[1, 2] = 9; out.rows[:2] = out.rows[1:]; out.one[:] = out.rows[0]": [0, 1, 9, 3, 4, 5],
    "out.rows[:, 1] = 3.0; out.one[:3] = out.rows[:, 1]": [3, 3, 3, 0, 0, 0],
    "out.one[:] = state.kept; out.one[:] += state.kept": [0, 2, 4, 6, 8, 10],
    "out.one[:] = state.kept[:2]": None,
    "out.one[:] = state.kept; out.one[:] = out.one[::-1]": None,
}
"""For each statement, the row that it makes of 0 to 5; None where it cannot: the lengths differ, or a copy would be needed."""


@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.filterwarnings("ignore:set went outside")
def test_an_array_is_given_the_items_of_another_one_with_a_slice(statement: str, tmp_path: Path) -> None:
    scope = {"Rows": Rows, "Array": Array, "in_port": in_port, "out_port": out_port, "processing": processing, "np": np}
    file = tmp_path / "slices.py"
    body = """
        @processing
        class Sets:
            sound = in_port("In", size=64)
            out = out_port("Out", Rows, high=3, length=6)
            class State:
                kept: Array[np.float32]
            def initial():
                return {"kept": np.arange(6, dtype=np.float32)}
            def process(state, out):
                STATEMENT
    """.replace("\n        ", "\n").replace("STATEMENT", statement)
    file.write_text(body)
    exec(compile(body, str(file), "exec", dont_inherit=True), {**scope, "__name__": "slices"})
    net = Network("clam")
    net.source, net.set = net.types.AudioSource, net.types.Sets
    net.source > net.set["In"]
    made = net.set["Out"].render(inputs=np.zeros((64, 1), np.float32), sample_rate=44100)
    wanted = STATEMENTS[statement]
    assert made.one[0].tolist() == ([0.0] * 6 if wanted is None else wanted)
    net.close()


def test_the_decorator_of_a_data_type_needs_no_parentheses() -> None:
    @frame
    class Brief:
        """One number."""

        level = number(1.0)

    assert (Brief.name, frame()(type("Briefer", (), {"level": number()})).name) == ("Brief", "Briefer")
    with pytest.raises(DefinitionError, match=r'the name of a data type is a str: @frame\("Spectrum"\)'):
        frame(3)  # type: ignore[call-overload]
