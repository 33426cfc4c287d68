"""Pages generated from the code at each build of the documentation.

They are written to `docs/_generated`, which git ignores. Each function in `MAKERS` returns its pages: relative path -> text.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import changelog
import console_pages
import processing_types
import sounds

if TYPE_CHECKING:
    from sphinx.application import Sphinx

MAKERS = [changelog.pages, processing_types.pages, console_pages.pages]


def write_pages(app: Sphinx) -> None:
    """Update `_generated`. Unchanged pages are not written again, so Sphinx need not read them again."""
    folder = Path(app.srcdir) / "_generated"
    pages = {folder / path: text for make in MAKERS for path, text in make(Path(app.srcdir).parent).items()}
    for path in folder.rglob("*.md") if folder.exists() else ():
        if path not in pages:
            path.unlink()
    for path, text in pages.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text() != text:
            path.write_text(text)


def write_sounds(app: Sphinx) -> None:
    """Render what the pages of the processing types play and show."""
    if app.builder.format == "html":
        types = processing_types.types_of(processing_types.SOUNDING)
        sounds.write(Path(app.outdir) / "sounds", {each.spec.name: each.spec for each in types})


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("builder-inited", write_pages, priority=100)
    app.connect("builder-inited", write_sounds)
    return {"parallel_read_safe": True}
