"""Pressing tab, as a person does: at the end of a line, or in the middle of it."""

from __future__ import annotations

from IPython.core.completer import Completion, provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell


class Tab:
    """Presses tab at the end of what is typed, or at the ``¦`` in it."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell

    def rows(self, typed: str) -> list[Completion]:
        """What the shell offers."""
        before, _, after = typed.partition("¦")
        with provisionalcompleter():
            return list(self.shell.Completer.completions(before + after, len(before)))

    def lines(self, typed: str) -> list[str]:
        """The lines that would stand before the cursor, one for each row."""
        before = typed.partition("¦")[0]
        return [before[: row.start] + row.text for row in self.rows(typed)]

    def says(self, typed: str) -> dict[str, str]:
        """What is put in place of the word that was begun, and what its row says."""
        return {row.text: row.type for row in self.rows(typed)}
