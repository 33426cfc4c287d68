"""The journals of a session: what was changed and not saved is found by the next session after a crash."""

from __future__ import annotations

import os
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

    def keep(self, networks: Iterable[RecordingProxy], *, forget: bool = False) -> None:
        """Give networks their journals, and say once if one cannot be written.

        A network that no variable holds any more is set aside, to be recovered; or it is forgotten with its unsaved changes.
        """
        from ipyclam_core.frontend.journal import Journal  # not at the start, before the first prompt

        held = list(networks)
        for proxy in held:
            if proxy not in self._held:
                self._held[proxy] = Journal(proxy)
                self._all.append(self._held[proxy])
        for journal in [journal for journal in self._all if journal.proxy not in held]:
            self._set_aside(journal, forget)
        problems = [journal.problem for journal in self._all if journal.problem]
        if problems and problems[0] != self._problem:
            say(f"note: {problems[0]}")
        self._problem = problems[0] if problems else ""

    def take_over(self, found: Found, proxy: RecordingProxy) -> None:
        """Discard a journal that was recovered, once that of the network which has its content now is on disk."""
        journal = self._held.get(proxy)
        if journal is not None:
            journal.flush()
            if not journal.problem:
                found.discard()

    def _set_aside(self, journal: Journal, forget: bool) -> None:
        proxy = journal.proxy
        if proxy is not None:
            self._held.pop(proxy, None)
        self._all.remove(journal)
        if journal.close(remove=forget or (proxy is not None and not proxy.processings())):
            name = f"the network of {os.path.basename(proxy.file)}" if proxy is not None and proxy.file else "a network"
            say(f"note: {name} with unsaved changes has no variable any more. %recover brings it back")

    def close(self, *, remove: bool) -> None:
        """End all journals; `remove` them where the session ended as it should."""
        for journal in self._all:
            journal.close(remove=remove)
        self._all.clear()
