"""The question to a completer: the typed text, and the handles of its paths, over a snapshot of the network.

The handles are the front-end's own. The engine is asked for its processings, wires and types once each at the most, and
nothing that is followed here can change it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any

from ipyclam_core.frontend import exploring
from ipyclam_core.frontend.exploring import Call, Explorable
from ipyclam_core.frontend.snapshot import snapshot
from ipyclam_core.proxy import NetworkProxy

from ._typed import Path, Step, Typed

Roots = Callable[[str], tuple[object, tuple[Step, ...]] | None]
"""From a name in the cell: what of ours a variable holds, and the steps that lead from there to what the name stands for."""


class Asked:
    """One press of tab.

    Parameters
    ----------
    typed : what was typed.
    network : the network that it is about; None where it is about none.
    roots : what names stand for.
    variables : the names of those that people have made.
    """

    def __init__(self, typed: Typed, network: NetworkProxy | None, roots: Roots, variables: Iterable[str] = ()) -> None:
        self.typed = typed
        self._network = network
        self._snapshot = snapshot(network) if network is not None else None
        self._roots = roots
        self._variables = variables

    @cached_property
    def owner(self) -> Explorable | None:
        """The handle that the path before the word leads to."""
        return self.handle(self.typed.owner)

    @cached_property
    def before_last(self) -> Explorable | None:
        """The handle before the last step of the path: the word is assigned to that step, or is an argument of it."""
        return self.handle(self.typed.owner._replace(steps=self.typed.owner.steps[:-1])) if self.typed.owner.steps else None

    @cached_property
    def left(self) -> Explorable | None:
        """The handle on the other side of the arrow."""
        return self.handle(self.typed.left) if self.typed.left is not None else None

    @cached_property
    def called(self) -> Callable[..., Any] | None:
        """The method of ours that is called, or ``__init__`` where a class of ours is."""
        if not self.typed.owner.steps:
            found = self._roots(self.typed.owner.root)
            return exploring.method(found[0], "__init__") if found is not None and issubclass(type(found[0]), type) else None  # type: ignore[arg-type]
        key, subscript = self.typed.owner.steps[-1]
        if self.before_last is None or subscript or not isinstance(key, str) or key.startswith("_"):
            return None
        return exploring.method(type(self.before_last), key)

    @cached_property
    def call(self) -> Call:
        """The arguments before the word."""
        given = (self.handle(each) if isinstance(each, Path) else each for each in self.typed.given)
        return Call(tuple(given), self.typed.listed)

    @cached_property
    def variables(self) -> Sequence[tuple[str, Explorable]]:
        """The variables that hold this network, or something of it."""
        found = ((name, self.handle(Path(name))) for name in self._variables)
        return [(name, handle) for name, handle in found if handle is not None]

    def handle(self, path: Path) -> Explorable | None:
        """The handle that a path leads to; None when it leads nowhere, or to something that needs to be run to be known."""
        found = self._roots(path.root)
        if found is None or not exploring.is_handle(found[0]) or exploring.network_of(found[0]) is not self._network:
            return None
        handle = found[0] if self._snapshot is None else exploring.over(found[0], self._snapshot)
        for key, subscript in (*found[1], *path.steps):
            handle = exploring.follow(handle, key, subscript)
            if not exploring.is_handle(handle):
                return None
        return handle
