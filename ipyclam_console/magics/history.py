"""The history: %undo, %redo, and %history net."""

from __future__ import annotations

from collections.abc import Iterator

from IPython.core.magic import magics_class

from ipyclam_core.frontend.exploring import Choice, Value

from ..drawing import show
from ..saying import say
from ..session import VARIABLE, Session
from ._line import NetworkMagics, argument, magic, parse, steps


def network(session: Session) -> Iterator[Choice]:
    """The argument with which ``%history`` lists changes of the network."""
    yield Value(VARIABLE, lambda: "changes of the network")


@magics_class
class HistoryMagics(NetworkMagics):
    """Magics that undo and redo changes of ``net``, and list them."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._ipython_history = self.shell.find_line_magic("history")

    @magic(
        argument("times", metavar="TIMES", nargs="?", type=steps, default=1, help="How many steps."),
    )
    def undo(self, line: str) -> None:
        """Undo the last change of the network; %redo redoes it, and ``%history net`` lists the changes."""
        for _ in range(parse(self.undo, line).times):
            say(f"undone: {self.session.network.undo()}")

    @magic(
        argument("times", metavar="TIMES", nargs="?", type=steps, default=1, help="How many steps."),
    )
    def redo(self, line: str) -> None:
        """Redo the last undone change."""
        for _ in range(parse(self.redo, line).times):
            say(f"redone: {self.session.network.redo()}")

    @magic(
        argument("net", metavar=VARIABLE, nargs="?", completes=network, help="List the changes of the network."),
    )
    def history(self, line: str) -> object:
        """List the changes of the network that %undo and %redo can take, oldest first.

        Each has the number of times to type: ``%undo 3`` undoes the last three. Any other line is IPython's own %history,
        which lists what you typed: ``%history``, ``%history -n 1-5``. Example: ``%history net``
        """
        if line.partition(" ")[0].strip("'\"") != VARIABLE:
            return self._ipython_history(line)
        parse(self.history, line)
        done, undone = self.session.network.history
        rows = [("%undo", times, title) for times, title in zip(range(len(done), 0, -1), done, strict=True)]
        rows += [("%redo", times, title) for times, title in enumerate(undone, 1)]
        show(self.shell, ([(f"{word} {times:<5}", "dim"), (title, "")] for word, times, title in rows))
        if not rows:
            say("nothing to undo or redo")
        return None
