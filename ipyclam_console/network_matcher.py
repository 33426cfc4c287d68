"""The completers of paths, as one matcher, which never waits long and never runs what is typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from IPython.core.completer import CompletionContext, IPCompleter, SimpleCompletion, SimpleMatcherResult

from ipyclam_core.frontend.exploring import is_handle, is_ours, network_of
from ipyclam_core.frontend.network import Network

from .completers._asked import Asked
from .completers._completer import completers
from .completers._offers import shown
from .completers._typed import Step, names_in, path_in_with, read
from .patience import Patience
from .tab import result

EVALUATING = {f"IPCompleter.{name}_matcher" for name in ("jedi", "python", "dict_key", "python_func_kw")}
"""The matchers of IPython that may run ``>`` when a person has turned jedi or ``unsafe`` on."""


class NetworkMatcher:
    """Completes paths that begin with a variable that holds a network.

    Parameters
    ----------
    completer : the completer of the shell, for its namespaces.
    patience : how long to wait for an engine.
    """

    def __init__(self, completer: IPCompleter, patience: Patience) -> None:
        self._completer = completer
        self._patience = patience

    def __call__(self, context: CompletionContext) -> SimpleMatcherResult:
        lines = context.full_text.split("\n")
        before = "\n".join([*lines[: context.cursor_line], context.text_until_cursor])
        after = context.line_with_cursor[context.cursor_position :]
        typed = read(before, after)
        found = self._root(typed.owner.root, before) if typed is not None else None
        if typed is None or found is None:
            return self._guard(context)
        begin = found[0]
        network = network_of(begin) if is_handle(begin) else None
        if not is_handle(begin) and (typed.relation != "argument" or typed.owner.steps):  # of a class, only its call
            return self._guard(context)
        asked = Asked(typed, network, lambda name: self._root(name, before), self._variables())
        alone = typed.relation in ("attribute", "item")
        try:
            matches, alone = self._patience.ask(begin if network is None else network, lambda: _ask(asked, alone))
        except Exception:  # an engine may raise anything
            matches = []
        if matches or alone:
            return result(matches, typed.fragment, alone or EVALUATING)
        return self._guard(context)

    def _guard(self, context: CompletionContext) -> SimpleMatcherResult:
        """Nothing; and where jedi or an unsafe evaluation are on, nothing of theirs where they could run an arrow."""
        careful = not self._completer.use_jedi and self._completer.evaluation in ("forbidden", "minimal", "limited")
        if careful or not (self._names_a_network(context.full_text) or self._may_connect(context.full_text)):
            return result([], "")
        return result([], "", EVALUATING)

    def _names_a_network(self, text: str) -> bool:
        return any(is_handle(self._variable(name)) for name in names_in(text))

    def _may_connect(self, text: str) -> bool:
        """Whether something that is connected may hide in what the cell names, a list of ports say."""
        held = [value for space in self._namespaces() for value in tuple(space.values())]
        return any(arrow in text for arrow in ("<", ">", "/", "connect")) and any(issubclass(type(value), Network) for value in held)

    def _root(self, name: str, before: str) -> tuple[object, tuple[Step, ...]] | None:
        """The handle that a name stands for: a variable, or the target of a ``with`` statement in this cell."""
        path = path_in_with(before, name)
        if path is None or path.root == name:
            held = self._variable(name)
            return (held, ()) if is_ours(held) else None
        found = self._root(path.root, before)
        return (found[0], (*found[1], *path.steps)) if found is not None else None

    def _variables(self) -> Iterator[str]:
        """The variables that people have made."""
        for space in self._namespaces():
            yield from (name for name, held in tuple(space.items()) if not name.startswith("_") and is_handle(held))

    def _variable(self, name: str) -> object:
        return next((space[name] for space in self._namespaces() if name in space), None)

    def _namespaces(self) -> Iterator[Mapping[str, object]]:
        for space in (self._completer.namespace, self._completer.global_namespace):
            if isinstance(space, Mapping):
                yield space


def _ask(asked: Asked, alone: bool) -> tuple[list[SimpleCompletion], bool]:
    for complete in completers():
        answer = complete(asked)
        if answer is not None:
            return shown(answer, asked.typed), answer.alone
    return [], alone
