"""Which processing was computed in a lane of a program: asked about NaN, perhaps after the program has been replaced.

The audio thread blames a lane of the program that it runs; Python looks some time later. Until then the tables of that
program are kept, and the names of the nodes that have gone since: their rows may belong to others by now.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..memory.arrays import Ints
from ..planning.plan import Program
from ..planning.score import Node, Score


class Blame:
    """The programs of one score that can still be blamed."""

    def __init__(self, score: Score) -> None:
        self._score = score
        self._tables: dict[int, tuple[Ints, Ints]] = {}
        self._gone: list[tuple[int, int, str]] = []  # (the first program without the node, its row, its name)
        self._retired = 0

    def made(self, program: Program, gone: Iterable[Node]) -> None:
        """A program has been posted; the nodes `gone` are in the ones before it only."""
        self._tables[program.number] = (program.rows, program.first)
        self._gone += [(program.number, node.row, node.name) for node in gone]

    def retired(self, program: Program) -> None:
        """The audio thread has done with a program, and with those before it."""
        self._retired = program.number

    def name(self, number: int, run: int, lane: int) -> str:
        """The name of the processing in a lane of a run of a program; ``""`` when that is not known any more."""
        if number not in self._tables:
            return ""
        rows, first = self._tables[number]
        row = int(rows[first[run] + lane])
        for without, there, name in self._gone:
            if there == row and number < without:
                return name
        node = self._score.by_row.get(row)
        return node.name if node is not None else ""

    def forget(self) -> None:
        """Drop what cannot be blamed any more; called after each look, so that a blame noted before has been read."""
        self._tables = {number: tables for number, tables in self._tables.items() if number > self._retired}
        oldest = min(self._tables, default=0)
        self._gone = [entry for entry in self._gone if entry[0] > oldest]
