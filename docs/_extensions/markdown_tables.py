"""Tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """A table with left-aligned columns, without the columns that are empty in every row. No rows give nothing."""
    cells = [[cell(value) for value in row] for row in rows]
    kept = [k for k in range(len(head)) if any(row[k] for row in cells)]
    if not kept:
        return []
    lines = ["| " + " | ".join(row[k] for k in kept) + " |" for row in cells]
    return ["| " + " | ".join(head[k] for k in kept) + " |", "|" + ":---|" * len(kept), *lines, ""]


def cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ").strip()
