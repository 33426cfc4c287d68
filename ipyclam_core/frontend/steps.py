"""The steps of undo and redo: what each statement did, as frozen operations, in a bounded history.

Values that are sent to controls, and volumes, are gestures: a hand on a knob, notes. Playing never pushes the edits of the network out of
reach: values for a control that has been played since the last edit join those before, with all that was played between.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from .operations import Operation, SetControl, SetVolume, summary

Control = tuple[str, str]
"""A processing's name and that of one of its in controls; two empty names for the volume of the network."""

STEPS: Final = 1000
"""Steps that can be undone; older ones are forgotten."""

GESTURES: Final = 16
"""Gestures after an edit that are steps of their own, of controls played for the first time; more of them become one step."""

OPERATIONS: Final = 200_000
"""Operations that all steps hold together: old steps are forgotten earlier where steps are large. The newest always stays."""


class Entry(NamedTuple):
    """An operation, and those that take it back, in the order in which to make them."""

    done: Operation
    inverse: tuple[Operation, ...]


class Step(NamedTuple):
    """The operations of one statement, and their description.

    Attributes
    ----------
    named : its description; ``""`` for that of its operations.
    before, after : numbers of the states of the network between which it leads.
    """

    named: str
    entries: tuple[Entry, ...]
    before: int = 0
    after: int = 0

    @property
    def title(self) -> str:
        """Its description."""
        return self.named or summary([entry.done for entry in self.entries])

    @property
    def weight(self) -> int:
        """The number of its operations."""
        return sum(1 + len(entry.inverse) for entry in self.entries)

    @property
    def is_gesture(self) -> bool:
        """Whether it did nothing but send values to controls, or set the volume."""
        return all(isinstance(entry.done, (SetControl, SetVolume)) for entry in self.entries)


class Past(NamedTuple):
    """Descriptions of steps: those done, oldest first, and those undone, the next to redo first."""

    done: tuple[str, ...]
    undone: tuple[str, ...]


@dataclass
class Steps:
    """The steps that can be undone, oldest first, and those that can be redone, in the order in which they were undone.

    Attributes
    ----------
    floor : the reason why there is nothing before the oldest step.
    state : the number of the network's present state; undoing a step goes back to the number before it.
    saved : for each file, the number of the state that is in it; ``""`` is no file, and the empty network to begin with.
    """

    done: deque[Step] = field(default_factory=deque)
    undone: list[Step] = field(default_factory=list)
    floor: str = ""
    state: int = 0
    saved: dict[str, int] = field(default_factory=lambda: {"": 0})
    _states: int = 0
    _weight: int = 0
    _gestures: list[set[frozenset[Control]]] = field(default_factory=list)
    """For each of the last steps, if all are gestures: the sets of controls that its statements played."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, step: Step) -> None:
        """Add a step that was done; steps undone before can no longer be redone."""
        with self._lock:
            if self.undone or not step.is_gesture:
                self._gestures.clear()
            self.undone.clear()
            self._states += 1
            step = step._replace(before=self.state, after=self._states)
            self.state = self._states
            if step.is_gesture:
                self._play(step)
            else:
                self._push(step)

    def take_done(self) -> Step | None:
        """Take the last step that was done off the history, to undo it."""
        with self._lock:
            self._gestures.clear()
            return self._pop() if self.done else None

    def put_done(self, step: Step) -> None:
        """Put a step there that was redone, or could not be undone."""
        with self._lock:
            self._push(step)

    def forget(self, floor: str) -> None:
        """Begin here: nothing before this moment can be undone, for the reason `floor`."""
        with self._lock:
            self.done.clear()
            self.undone.clear()
            self._gestures.clear()
            self._weight, self.floor = 0, floor

    def past(self) -> Past:
        """All steps in words."""
        with self._lock:
            return Past(tuple(step.title for step in self.done), tuple(step.title for step in reversed(self.undone)))

    def _play(self, step: Step) -> None:
        """One more gesture: a step of its own, or joined with those since the last one on the same controls."""
        played = frozenset(_control(entry) for entry in step.entries)
        first = next((k for k, sets in enumerate(self._gestures) if played in sets), None)
        if first is None and len(self._gestures) >= GESTURES:
            first = 0
        if first is None:
            self._gestures.append({played})
            self._push(step)
            return
        joined = self._gestures[first:]
        steps = [self._pop() for _ in joined]
        self._gestures[first:] = [set().union({played}, *joined)]
        self._push(_joined([*reversed(steps), step]))

    def _push(self, step: Step) -> None:
        self.done.append(step)
        self._weight += step.weight
        while len(self.done) > 1 and (len(self.done) > STEPS or self._weight > OPERATIONS):
            self._weight -= self.done.popleft().weight
            self.floor = "older changes are not kept"
            del self._gestures[: max(0, len(self._gestures) - len(self.done))]

    def _pop(self) -> Step:
        step = self.done.pop()
        self._weight -= step.weight
        return step


def _joined(steps: Sequence[Step]) -> Step:
    """Gestures as one step: each control goes from what it was before the first to what it is after the last."""
    entries: dict[Control, Entry] = {}
    for entry in (entry for step in steps for entry in step.entries):
        control = _control(entry)
        first = entries.get(control)
        if first is not None:
            entry = Entry(_since(entry.done, first.done), first.inverse)
        entries[control] = entry
    return Step("", tuple(entries.values()), steps[0].before, steps[-1].after)


def _since(last: Operation, first: Operation) -> Operation:
    """The last of two gestures on one control, with the value from before the first, for the words."""
    if isinstance(last, SetVolume) and isinstance(first, SetVolume):
        return last._replace(before=first.before)
    assert isinstance(last, SetControl)
    assert isinstance(first, SetControl)
    return last._replace(before=first.before)


def _control(entry: Entry) -> Control:
    if isinstance(entry.done, SetVolume):
        return "", ""
    assert isinstance(entry.done, SetControl)
    return entry.done.name, entry.done.control
