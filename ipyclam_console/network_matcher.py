"""The completers of paths, as one matcher, which never waits long and never runs what is typed."""

from __future__ import annotations

from collections.abc import Mapping

from IPython.core.completer import CompletionContext, IPCompleter, SimpleCompletion, SimpleMatcherResult

from ipyclam_core.errors import IpyclamError

from .completers._asked import Asked, root
from .completers._completer import completers
from .completers._offers import shown
from .completers._typed import names_in, read
from .patience import NoAnswer, Patience
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
        found = root(self._variable(typed.owner.root)) if typed is not None else None
        if typed is None or found is None:
            return self._guard(context)
        asked = Asked(typed, found[0], lambda name: root(self._variable(name)))
        alone = typed.relation in ("attribute", "item")
        try:
            matches, alone = self._patience.ask(found[0], lambda: _ask(asked, alone))
        except (NoAnswer, IpyclamError):
            matches = []
        if matches or alone:
            return result(matches, typed.fragment, alone or EVALUATING)
        return self._guard(context)

    def _guard(self, context: CompletionContext) -> SimpleMatcherResult:
        """Nothing; and where jedi or an unsafe evaluation are on, nothing of theirs about cells that name a network."""
        careful = not self._completer.use_jedi and self._completer.evaluation in ("forbidden", "minimal", "limited")
        if careful or not any(root(self._variable(name)) for name in names_in(context.full_text)):
            return result([], "")
        return result([], "", EVALUATING)

    def _variable(self, name: str) -> object:
        for namespace in (self._completer.namespace, self._completer.global_namespace):
            if isinstance(namespace, Mapping) and name in namespace:
                return namespace[name]
        return None


def _ask(asked: Asked, alone: bool) -> tuple[list[SimpleCompletion], bool]:
    for complete in completers():
        answer = complete(asked)
        if answer is not None:
            return shown(answer, asked.typed), answer.alone
    return [], alone
