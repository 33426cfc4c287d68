"""Samples that are passed on as one piece."""

from __future__ import annotations

from ..declare.frames import frame, row


@frame("AudioBuffer", size=512)
class AudioBuffer:
    """So many samples, at once."""

    samples = row("size")
