"""What functions may take stands in one table: whoever checks, compiles, runs or explains it reads it there."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest

import ipyclam_core.declare
from ipyclam_core.declare import arguments, config, in_control, in_port, out_control, out_port, processing
from ipyclam_core.dsp.native.arguments import PER_BLOCK, PER_FRAME
from ipyclam_core.errors import DefinitionError

CORE = Path(ipyclam_core.declare.__file__).parents[1]


def test_every_kind_is_compiled_where_it_may_stand() -> None:
    per_frame = {kind for kind in arguments.KINDS if {"step", "block"} & set(kind.functions)}
    per_block = {kind for kind in arguments.KINDS if {"process", "receive"} & set(kind.functions)}
    assert set(PER_FRAME) == per_frame
    assert set(PER_BLOCK) == per_block


def test_the_documentation_tells_of_every_kind() -> None:
    page = inspect.getdoc(ipyclam_core.declare) or ""
    missing = [kind.name for kind in arguments.KINDS if kind.doc not in " ".join(page.split())]
    assert not missing


def test_a_kind_that_may_not_stand_somewhere_says_why() -> None:
    assert all(kind.refusal for kind in arguments.KINDS if set(kind.functions) != set(arguments.EVERYWHERE))


@pytest.mark.parametrize("folder", ["declare", "dsp"])
def test_nobody_else_decides_by_the_name_of_an_argument(folder: str) -> None:
    """A comparison of a name with "frames" or "sample_rate" is a second table."""
    deciding = []
    for path in (CORE / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Compare) and any(
                isinstance(side, ast.Constant) and side.value in ("frames", "sample_rate") for side in [node.left, *node.comparators]
            ):
                deciding.append(f"{path.relative_to(CORE)}:{node.lineno}")
    assert not deciding


def frames_in_step() -> None:
    @processing()
    class Wrong:
        into = in_port("Input")
        audio = out_port("Output")

        def step(into, frames):
            return into


def ports_in_block() -> None:
    @processing()
    class Wrong:
        into = in_port("Input")
        audio = out_port("Output")

        def block(into):
            pass

        def step(into):
            return into


def ports_in_receive() -> None:
    @processing()
    class Wrong:
        into = in_port("Input")
        value = in_control("Value")

        def receive(into, value):
            pass


def several_controls_in_step() -> None:
    @processing()
    class Wrong:
        N = config(2)
        gains = in_control("Gain {}", count="N")
        audio = out_port("Output")

        def step(gains):
            return gains[0]


def several_controls_in_block() -> None:
    @processing()
    class Wrong:
        N = config(2)
        gains = in_control("Gain {}", count="N")
        audio = out_port("Output")

        def block(gains):
            pass

        def step():
            return 0.0


def out_port_in_receive() -> None:
    @processing()
    class Wrong:
        value = in_control()
        audio = out_port()

        def receive(value, audio):
            audio[0] = value


def out_port_of_a_receive_type() -> None:
    """Nothing would ever fill its samples."""

    @processing()
    class Wrong:
        value = in_control()
        audio = out_port()
        sent = out_control()

        def receive(value, sent):
            sent.send(value)


def several_out_ports_of_a_step_type() -> None:
    """A sample would be written over the table of their addresses."""

    @processing()
    class Wrong:
        N = config(2)
        audio = out_port(count="N")

        def step():
            return 0.5


def sender_of_a_step_type() -> None:
    @processing()
    class Wrong:
        audio = out_port()
        level = out_control()

        def step():
            return 0.0


def block_beside_process() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        class State:
            y: float

        def block(state):
            state.y = 1.0

        def process(state, audio):
            audio[0] = state.y


def out_port_used_in_step() -> None:
    @processing()
    class Wrong:
        audio = out_port()

        def step():
            audio[0] = 1.0  # noqa: F821
            return 1.0


def name_of_arrivals() -> None:
    @processing()
    class Wrong:
        Gate = in_control()
        Gate_arrived = in_control()
        audio = out_port()

        def step(Gate):
            return Gate


def senders_in_block() -> None:
    @processing()
    class Wrong:
        audio = out_port("Output")
        level = out_control("Level")

        def block(level):
            level.send(1.0)

        def step():
            return 0.0


@pytest.mark.parametrize(
    ("define", "message"),
    [
        (frames_in_step, "step takes 'frames', which only a function called once a block can take"),
        (ports_in_block, "block takes 'into', which is an in port. Only step and process can take it"),
        (ports_in_receive, "receive takes 'into', which is an in port. Only step and process can take it"),
        (several_controls_in_step, "step takes 'gains', whose number is given by 'N'. Only process and receive can take them"),
        (several_controls_in_block, "block takes 'gains', whose number is given by 'N'. Only process and receive can take them"),
        (out_port_in_receive, "receive takes 'audio', which is an out port. Only process can take it"),
        (out_port_of_a_receive_type, "a receive type cannot have 'audio', which is an out port. Only process can take it"),
        (several_out_ports_of_a_step_type, "a step type cannot have 'audio', whose number is given by 'N'. Only process can"),
        (sender_of_a_step_type, "a step type cannot have 'level', which is an out control. Only process and receive can send"),
        (block_beside_process, "block is called before the samples of step: a process type has none. Put its statements into process"),
        (out_port_used_in_step, r"step, line \d+, `audio\[0\] = 1.0.*`: it uses 'audio', which is an out port"),
        (name_of_arrivals, "'Gate_arrived' already has a meaning in its functions. Choose another attribute, with name='Gate_arrived'"),
        (senders_in_block, "block takes 'level', which is an out control. Only process and receive can send"),
    ],
)
def test_an_argument_that_may_not_stand_there_is_refused(define, message) -> None:
    with pytest.raises(DefinitionError, match=message):
        define()
