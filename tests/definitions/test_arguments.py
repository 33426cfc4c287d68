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
    assert set(PER_FRAME) == {kind for kind in per_frame if kind not in (arguments.CONTROLS, arguments.SMOOTH_CONTROLS)}
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
        (several_controls_in_step, "step takes 'gains', of which there are as many as 'N' says. Only process can take them"),
        (senders_in_block, "block takes 'level', which is an out control. Only process and receive can send"),
    ],
)
def test_an_argument_that_may_not_stand_there_is_refused(define, message) -> None:
    with pytest.raises(DefinitionError, match=message):
        define()
