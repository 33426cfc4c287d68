"""The page of CLAM's types: each with its category, whether ipyclam has it, and what differs.

``python -m clam.clam_page`` in `tests` writes ``docs/reference/clam.md`` from the types of the engine, from what CLAM says of its
own, and from the table of differences; ``make scoreboard`` does it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from ipyclam_core import Network

from .material import types

DOCS: Final = Path(__file__).parents[2] / "docs"
PAGE: Final = DOCS / "reference" / "clam.md"
DIFFERENCES: Final = DOCS / "explanation" / "differences_from_clam.md"
TYPE_PAGES: Final = "../_generated/types/clam"

_ALONE: Final = "has no ports: in a network of CLAM it does nothing"

NOT_HERE: Final[dict[str, str]] = {
    **dict.fromkeys(("SegmentSMSHarmonizer", "SegmentSMSMorph", "SMSTransformationChainIO"), _ALONE),
    "SegmentSMSTimeStretch": f"{_ALONE}, and CLAM itself cannot configure it",
}
"""The types that cannot be here, and why. A type that is in neither is not here yet."""

NOT_IN_CLAM: Final[dict[str, str]] = {
    "RoomImpulseResponseSimulator": "needs a simulator of rooms that was never published",
    "OcclusionFilterControl": "needs the same simulator",
}
"""The types that CLAM's networks name, but CLAM 1.4.1 does not have."""


def differences(text: str) -> dict[str, list[str]]:
    """What differs on purpose, by type: from the table of single types."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in re.findall(r"^\|(.*)\|$", text.partition("## In single types")[2], re.MULTILINE):
        names, clam, ours = (cell.strip() for cell in re.split(r"(?<!\\)\|", row))
        for name in re.findall(r"`(\w+)`", names):
            found[name].append(f"CLAM: {clam}. ipyclam: {ours}")
    return found


def by_category() -> Mapping[str, list[str]]:
    """The names of CLAM's types, by category."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in sorted(types(), key=str.lower):
        category = types()[name]["category"] or "Without a category"
        found[category.removeprefix("[plugin] ")].append(name)
    return dict(sorted(found.items(), key=lambda entry: (entry[0] == "Without a category", entry[0].lower())))


def row(name: str, ours: set[str], differing: Mapping[str, list[str]]) -> str:
    """The row of a type."""
    if name not in ours:
        return f"| {name} | {'no' if name in NOT_HERE else 'not yet'} | {NOT_HERE.get(name, '')} |"
    return f"| [{name}]({TYPE_PAGES}/{name}.md) | yes | {'; '.join(differing.get(name, []))} |"


def lines() -> Iterator[str]:
    ours = {name for name, spec in Network("clam").proxy.types().items() if not spec.origin}  # tests define types of their own
    theirs = types()
    differing = differences(DIFFERENCES.read_text())
    here = len(ours & theirs.keys())
    yield from [
        "# CLAM's types",
        "",
        "Made by `make scoreboard`, from the types of the `clam` engine and those of CLAM 1.4.1.",
        f"ipyclam has {here} of CLAM's {len(theirs)} types. {len(NOT_HERE.keys() - ours)} cannot be here; the table tells why.",
        "A network with a type that is not here loads all the same: the processing is kept, it is silent, and it is saved unchanged.",
        "",
        "[](scoreboard.md) tells how near the sound of each type is to CLAM's.",
        "[](../explanation/differences_from_clam.md) tells what differs in every network.",
        "",
    ]
    for category, names in by_category().items():
        yield from [f"## {category}", "", "| type | here | on purpose otherwise, or why not |", "|:---|:---|:---|"]
        yield from [row(name, ours, differing) for name in names]
        yield ""
    yield from ["## Types that CLAM's networks name, but CLAM lacks", "", "| type | why |", "|:---|:---|"]
    yield from [f"| {name} | {why} |" for name, why in NOT_IN_CLAM.items()]
    yield from ["", "## Types that only ipyclam has", ""]
    own = sorted(ours - theirs.keys() - NOT_IN_CLAM.keys(), key=str.lower)
    yield ", ".join(f"[{name}]({TYPE_PAGES}/{name}.md)" for name in own) + "."


def page() -> str:
    """The page."""
    return "\n".join(lines()) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page())
