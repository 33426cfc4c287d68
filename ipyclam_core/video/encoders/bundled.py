"""The ffmpeg inside the package imageio-ffmpeg: all containers, installed with pip."""

from __future__ import annotations

import shutil
from typing import Final

from .ffmpeg import SUFFIXES, doubt, encode, join, refuses

__all__ = ["INSTALL", "RANK", "SUFFIXES", "doubt", "encode", "find", "join", "refuses"]

RANK: Final = 2
INSTALL: Final = "pip install 'ipyclam[video]'"


def find() -> str | None:
    try:
        import imageio_ffmpeg

        return shutil.which(str(imageio_ffmpeg.get_ffmpeg_exe()))
    except (ImportError, RuntimeError):  # RuntimeError: the package has no ffmpeg for this platform
        return None
