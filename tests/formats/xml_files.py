"""The text of small `.clamnetwork` files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

Written = Callable[[str, str], Path]
"""What the fixture `written` is: writes a file of that name and text."""


def network_of(*elements: str) -> str:
    """A network, one element a line; the first is in line 2."""
    return "<network id='Unnamed'>\n" + "\n".join(elements) + "\n</network>\n"


def processing(name: str, type: str, *children: str) -> str:
    return f'<processing id="{name}" type="{type}">{"".join(children)}</processing>'


def wire(out: str, into: str, kind: str = "port") -> str:
    return f"<{kind}_connection><out>{out}</out><in>{into}</in></{kind}_connection>"
