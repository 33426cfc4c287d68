"""The changelog page, assembled from the fragments in `changelog.d`."""

from __future__ import annotations

from pathlib import Path

KINDS = {"added": "Added", "changed": "Changed", "fixed": "Fixed", "removed": "Removed"}


def pages(root: Path) -> dict[str, str]:
    """Each `changelog.d/NAME.KIND.md` describes one change to users in one or two sentences. KIND is a key of `KINDS`."""
    lines = ["# Changelog", ""]
    fragments = sorted(path for path in (root / "changelog.d").glob("*.md") if path.name != "README.md")
    for kind, title in KINDS.items():
        texts = [path.read_text().strip() for path in fragments if path.name.split(".")[-2] == kind]
        if texts:
            lines += [f"## {title}", "", *(f"- {text}".replace("\n", "\n  ") for text in texts), ""]
    return {"changelog.md": "\n".join(lines)}
