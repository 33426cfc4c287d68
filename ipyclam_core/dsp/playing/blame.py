"""The name of the processing computed in a lane of a program, to report the source of NaN, even after the program was replaced.

The audio thread blames a lane of its current program; Python reads this later. Until then the tables of that program are
kept, with the names of nodes removed since, whose rows may have been reused.
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
        """A program has been posted; the nodes `gone` are only in earlier programs."""
        self._tables[program.number] = (program.rows, program.first)
        self._gone += [(program.number, node.row, node.name) for node in gone]

    def retired(self, program: Program) -> None:
        """The audio thread no longer uses a program, or any earlier one."""
        self._retired = program.number

    def name(self, number: int, run: int, lane: int) -> str:
        """The name of the processing in a lane of a run of a program; ``""`` if it is not known any more."""
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
        """Drop programs that cannot be blamed any more; called after each `look` of the watch, which has read any earlier blame."""
        self._tables = {number: tables for number, tables in self._tables.items() if number > self._retired}
        oldest = min(self._tables, default=0)
        self._gone = [entry for entry in self._gone if entry[0] > oldest]
