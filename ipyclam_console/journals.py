"""The journals of a session: what was changed and not saved is found by the next session after a crash."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from IPython.core.interactiveshell import InteractiveShell

from ipyclam_core.frontend.history import RecordingProxy

from .saying import say
from .session import Session

if TYPE_CHECKING:
    from ipyclam_core.frontend.journal import Found, Journal


class Journals:
    """A journal for each network that a variable holds, from the first cell after it was made."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._held: WeakKeyDictionary[RecordingProxy, Journal] = WeakKeyDictionary()
        self._all: list[Journal] = []
        self._problem = ""

    def keep(self, *_: object) -> None:
        """Give each network its journal, and say once if one cannot be written."""
        if not is_interactive(self._session.shell) or not self._session.journal:
            return
        from ipyclam_core.frontend.journal import Journal  # not at the start, before the first prompt

        for network in self._session.networks():
            journal = self._held.get(network.proxy)
            if journal is None:
                journal = self._held[network.proxy] = Journal(network.proxy)
                self._all.append(journal)
            file = self._session.file_of(network)
            journal.name = "" if file is None else str(file.absolute())
        problems = [journal.problem for journal in self._all if journal.problem]
        if problems and problems[0] != self._problem:
            say(f"note: {problems[0]}")
        self._problem = problems[0] if problems else ""

    def take_over(self, found: Found) -> None:
        """Discard a journal that was recovered, once that of the network which has its content now is on disk."""
        self.keep()
        journal = self._held.get(self._session.network.proxy)
        if journal is not None:
            journal.flush()
            if not journal.problem:
                found.discard()

    def close(self, *, remove: bool) -> None:
        """End all journals; `remove` them where the session ended as it should."""
        for journal in self._all:
            journal.close(remove=remove)
        self._all.clear()


def install(shell: InteractiveShell, session: Session) -> Callable[[], None]:
    """Keep journals from now on. Call the returned function to end them."""
    journals = session.journals = Journals(session)
    shell.events.register("pre_run_cell", journals.keep)
    shell.events.register("post_run_cell", journals.keep)

    def remove() -> None:
        shell.events.unregister("pre_run_cell", journals.keep)
        shell.events.unregister("post_run_cell", journals.keep)
        journals.close(remove=True)

    return remove


def is_interactive(shell: InteractiveShell) -> bool:
    """Whether a person types: in a terminal, not through a pipe and not in a ``-c`` run; or in a notebook."""
    return bool(getattr(shell.parent, "interact", True)) and (in_notebook(shell) or sys.stdin.isatty())


def in_notebook(shell: InteractiveShell) -> bool:
    """Whether the shell is that of a kernel."""
    return getattr(shell, "kernel", None) is not None


def offer(session: Session) -> None:
    """Print what earlier sessions have left unsaved."""
    from ipyclam_core.frontend.journal import found

    from .magics.recovery import changes_of, name_of

    left = found() if session.journal and is_interactive(session.shell) else []
    if len(left) == 1:
        say(f"{name_of(left[0])}: {changes_of(left[0])} not saved when its console ended. Type %recover to bring them back.")
    elif left:
        say(f"{len(left)} networks have unsaved changes from consoles that ended. Type %recover list to see them.")
