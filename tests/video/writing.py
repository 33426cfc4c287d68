"""Films that are being written."""

from __future__ import annotations

from pathlib import Path

from waiting import eventually


def being_written(name: str) -> None:
    """Wait until the first frames are in the file."""
    eventually(lambda: Path(name).exists() and Path(name).stat().st_size > 20_000)
