"""Work that needs Python while the network plays: companions, which fill and empty rings for the audio thread, and the recorder.

They have a thread of their own, so that a slow disk blocks nothing else.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, Any, Final

from ...errors import IpyclamError
from ...proxy import ProcessingState
from ..memory.instances import Instance
from .rounds import Rounds, in_words

if TYPE_CHECKING:
    from .recorder import Recorder

_FAILURES: Final = (Exception, SystemExit)  # a companion may be user code

_NOTICES: Final = 20
"""The number of companions whose messages at the start are reported."""


class Files:
    """The instances that have a companion, and the recorder."""

    def __init__(self) -> None:
        self._served: dict[Instance, None] = {}
        self._starting: deque[tuple[Instance, ProcessingState, Instance]] = deque()
        self._ending: deque[Instance] = deque()
        self._buried: deque[Instance] = deque()
        self._lock = threading.Lock()
        self.recorder: Recorder | None = None
        self.trouble = ""
        self.notices: dict[str, None] = {}
        self.rounds = Rounds()

    def start(self, instance: Instance, state: ProcessingState, former: Instance | None = None) -> None:
        """Start the companion of an instance.

        An instance that replaces another and has no outputs writes to the same file: its companion begins after that of the
        other has ended.
        """
        if instance.type.companion is None:
            return
        if former is not None and former.type.companion is not None and not instance.type.spec.outports:
            self._starting.append((instance, state, former))
        else:
            self._begin(instance, state, former.companion if former is not None else None)

    def end(self, instance: Instance) -> None:
        """End the companion of an instance that is no longer computed."""
        if instance.type.companion is None:
            self._buried.append(instance)
        else:  # its companion may not have begun yet
            self._ending.append(instance)

    def service(self) -> None:
        """One round; it may wait for a disk."""
        with self._lock:
            self.rounds.go(self._end, self._start, self._serve)
        recorder = self.recorder
        if recorder is not None:
            self.rounds.go(recorder.service)

    def bury(self) -> None:
        """Free the memory of ended instances; only in the thread that changes the score."""
        while self._buried:
            self._buried.popleft().close()

    def close(self) -> None:
        """Serve once more, and end everything, after playback has ended."""
        self.service()
        with self._lock:
            for instance in list(self._served):
                self._close(instance)
            self._served.clear()

    def companions(self) -> list[Any]:
        """All companions."""
        return [instance.companion for instance in self._served if instance.companion is not None]

    def _end(self) -> None:
        while self._ending:
            instance = self._ending.popleft()
            for entry in self._waiting(instance):  # it has not begun
                self._starting.remove(entry)
            self._served.pop(instance, None)
            self._close(instance)
            self._buried.append(instance)

    def _start(self) -> None:
        for entry in tuple(self._starting):
            instance, state, former = entry
            if former.companion is None and not self._waiting(former):
                self._starting.remove(entry)
                self._begin(instance, state)

    def _serve(self) -> None:
        for instance in list(self._served):
            companion = instance.companion
            try:
                if companion is not None:
                    companion.service()
                    self.trouble = getattr(companion, "trouble", "") or self.trouble
            except _FAILURES as error:  # the others are still served
                self._note(instance, "failed, and is no longer called", error)
                del self._served[instance]

    def _waiting(self, instance: Instance) -> list[tuple[Instance, ProcessingState, Instance]]:
        """The file stream to begin for an instance: one entry or none."""
        return [entry for entry in tuple(self._starting) if entry[0] is instance]

    def _begin(self, instance: Instance, state: ProcessingState, former: Any = None) -> None:
        try:
            instance.start(state, former)
        except _FAILURES as error:
            self._note(instance, "could not start", error)
        else:
            self._served[instance] = None
            notice = getattr(instance.companion, "notice", "")
            if notice and len(self.notices) < _NOTICES:
                self.notices[notice] = None

    def _close(self, instance: Instance) -> None:
        companion, instance.companion = instance.companion, None
        try:
            if companion is not None:
                companion.close()
                self.trouble = getattr(companion, "trouble", "") or self.trouble  # some errors appear only at the end
        except _FAILURES as error:
            self._note(instance, "could not be closed", error)

    def _note(self, instance: Instance, what: str, error: BaseException) -> None:
        why = str(error) if isinstance(error, IpyclamError) else in_words(error)
        self.trouble = f"the companion of a {instance.type.name} {what}: {why}"
