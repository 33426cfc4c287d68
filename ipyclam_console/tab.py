"""Matchers as IPython takes them: they never raise, and are imported when tab is pressed for the first time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from IPython.core.completer import CompletionContext, SimpleCompletion, SimpleMatcherResult, context_matcher

Match = Callable[[CompletionContext], SimpleMatcherResult]

PRIORITY = 1000
"""Before all of IPython's own, which evaluate."""


def matcher(name: str, make: Callable[[], Match]) -> Match:
    """The matcher that `make` makes, in the form in which IPython takes it."""
    made: list[Match] = []

    def match(context: CompletionContext) -> SimpleMatcherResult:
        try:
            if not made:
                made.append(make())
            return made[0](context)
        except Exception:  # an error at tab must not disturb the line
            return result([], "")

    context_matcher(identifier=f"ipyclam.{name}", priority=PRIORITY)(match)
    return match


def result(matches: list[SimpleCompletion], fragment: str, suppress: bool | set[str] = False) -> SimpleMatcherResult:
    """The result of a matcher. `suppress` hides the completions of other matchers, even if this one has none."""
    return {
        "completions": matches if matches or not suppress else _Nothing(),
        "matched_fragment": fragment,
        "suppress": suppress,
        "ordered": True,
    }


class _Nothing(Sequence[SimpleCompletion]):
    """No completions, in the one form that IPython counts as some: it heeds `suppress` only where there are some."""

    def __len__(self) -> int:
        return 1

    def __getitem__(self, index: Any) -> Any:
        raise IndexError(index)
