"""CLAM's examples of how to write a processing type: kept for its files."""

from __future__ import annotations

from ...declare import config, processing


@processing(category="Usage Examples", source="CLAM FilenameUsageExample", synonyms=("picture", "image"))
class FilenameUsageExample:
    """Does nothing: CLAM's example of parameters that are files. The files are not opened."""

    ImageInput = config("", type="file")
    ImageOutput = config("", type="outfile")

    def receive():
        pass
