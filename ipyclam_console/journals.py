"""The journals of a session: what was changed and not saved is found by the next session after a crash."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from ipyclam_core.frontend.history import RecordingProxy

from .saying import say

if TYPE_CHECKING:
    from ipyclam_core.frontend.journal import Found, Journal


class Journals:
    """A journal for each network that a variable holds, from the first cell after it was made."""

    def __init__(self) -> None:
        self._held: WeakKeyDictionary[RecordingProxy, Journal] = WeakKeyDictionary()
        self._all: list[Journal] = []
        self._problem = ""

    def keep(self, networks: Iterable[tuple[RecordingProxy, str]]) -> None:
        """Give networks their journals, with the paths of their files, and say once if one cannot be written."""
        from ipyclam_core.frontend.journal import Journal  # not at the start, before the first prompt

        for proxy, file in networks:
            journal = self._held.get(proxy)
            if journal is None:
                journal = self._held[proxy] = Journal(proxy)
                self._all.append(journal)
            journal.name = file
        problems = [journal.problem for journal in self._all if journal.problem]
        if problems and problems[0] != self._problem:
            say(f"note: {problems[0]}")
        self._problem = problems[0] if problems else ""

    def take_over(self, found: Found, proxy: RecordingProxy) -> None:
        """Discard a journal that was recovered, once that of the network which has its content now is on disk."""
        journal = self._held.get(proxy)
        if journal is not None:
            journal.name = found.name
            journal.flush()
            if not journal.problem:
                found.discard()

    def close(self, *, remove: bool) -> None:
        """End all journals; `remove` them where the session ended as it should."""
        for journal in self._all:
            journal.close(remove=remove)
        self._all.clear()
