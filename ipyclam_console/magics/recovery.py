"""Recovery: %recover."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from IPython.core.error import UsageError
from IPython.core.magic import magics_class

from ipyclam_core.frontend.exploring import Choice, Value

from ..drawing import contents, show
from ..saying import say
from ..session import VARIABLE, Session
from ._line import NetworkMagics, argument, magic, parse

if TYPE_CHECKING:
    from ipyclam_core.frontend.journal import Found

LISTED = 10
"""The most problems that are printed."""


def found() -> list[Found]:
    """The journals of processes that have ended, the newest first."""
    from ipyclam_core.frontend import journal  # not at the start

    return journal.found()


def commands(session: Session) -> Iterator[Choice]:
    """The words that ``%recover`` takes, and the numbers of what it can bring back."""
    yield Value("list", lambda: "show all networks with unsaved changes")
    yield Value("discard", lambda: "delete unsaved changes for good")
    yield from numbers(session)


def numbers(session: Session) -> Iterator[Choice]:
    """The numbers of the networks that can be recovered."""
    for number, one in enumerate(found(), 1):
        yield Value(str(number), lambda one=one: f"{one.title}, {one.told_changes}, {_when(one.ended)}")  # type: ignore[misc]


@magics_class
class RecoveryMagics(NetworkMagics):
    """Magics that bring back what was not saved when a console ended."""

    @magic(
        argument("what", metavar="NUMBER", nargs="?", default="", completes=commands, help="A number of the list, or list, or discard."),
        argument("which", metavar="NUMBER", nargs="?", default="", completes=numbers, help="After discard: a number of the list, or all."),
    )
    def recover(self, line: str) -> None:
        """Bring back changes that were not saved when a console crashed, was killed or its terminal was closed.

        ``%recover`` replaces `net` by the network as it was. %undo brings the network back that was there before. ``%recover list``
        lists the networks with unsaved changes, ``%recover 2`` brings back the second one, ``%recover discard 2`` deletes its
        changes, ``%recover discard all`` deletes all.
        """
        arguments, left = parse(self.recover, line), found()
        if arguments.what == "list":
            self._list(left)
        elif arguments.what == "discard":
            self._discard(left, arguments.which)
        elif arguments.which:
            raise UsageError(f"{arguments.which!r} is one word too many. Type %recover NUMBER, %recover list or %recover discard NUMBER")
        elif not left and not arguments.what:
            say("nothing to recover")
        elif len(left) > 1 and not arguments.what:
            self._list(left)
            say("Type %recover NUMBER to bring one back.")
        else:
            self._recover(_chosen(left, arguments.what or "1"))

    def _recover(self, one: Found) -> None:
        network = self.session.network
        if one.engine != network.engine:
            raise UsageError(
                f"{one.title} is a {one.engine} network, and {VARIABLE} is a {network.engine} network. "
                f"Type {VARIABLE} = Network({one.engine!r}), then %recover {found().index(one) + 1}"
            )
        had = len(network)
        problems = one.recover(network.proxy)
        self.session.journals.take_over(one, network.proxy)
        for problem in problems[:LISTED]:
            say(f"note: {problem}")
        if len(problems) > LISTED:
            say(f"note: {len(problems) - LISTED} more changes could not be made again")
        back = f" %undo brings back the {contents(had, 0).split(',')[0]} before it." if had else ""
        say(f"recovered {one.title}: {contents(len(network), len(network.proxy.wires()))}, not saved yet.{back}")

    def _list(self, left: list[Found]) -> None:
        rows = [(f"{number:<3}", one.title, one.told_changes, one.engine, _when(one.ended)) for number, one in enumerate(left, 1)]
        widths = [max((len(row[k]) for row in rows), default=0) for k in range(5)]
        show(self.shell, ([(f"{text:<{width}}  ", "") for text, width in zip(row, widths, strict=True)] for row in rows))
        if not left:
            say("nothing to recover")

    def _discard(self, left: list[Found], which: str) -> None:
        if not which:
            raise UsageError("say which: %recover discard NUMBER, or %recover discard all")
        chosen = left if which == "all" else [_chosen(left, which)]
        for one in chosen:
            one.discard()
            say(f"discarded {one.title}: {one.told_changes}")
        if not chosen:
            say("nothing to discard")


def _chosen(left: list[Found], which: str) -> Found:
    if which.isdecimal() and 1 <= int(which) <= len(left):
        return left[int(which) - 1]
    named = [one for one in left if which in (one.title, one.name)]
    if len(named) == 1:
        return named[0]
    if named:
        raise UsageError(f"{len(named)} networks are called {which!r}. Type %recover list, then %recover NUMBER")
    raise UsageError(f"there is no {which!r} to recover. Type %recover list to see all")


def _when(seconds: float) -> str:
    try:
        then = time.localtime(seconds)
    except (OverflowError, ValueError, OSError):  # of a damaged journal
        return "at an unknown time"
    return time.strftime("%H:%M" if time.strftime("%x", then) == time.strftime("%x") else "%Y-%m-%d %H:%M", then)
