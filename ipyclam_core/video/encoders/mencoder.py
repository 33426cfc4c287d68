"""mencoder, a part of MPlayer: MPEG-4 video in AVI."""

from __future__ import annotations

import os
import re
import shutil
from fractions import Fraction
from pathlib import Path
from typing import Final

from ..film import Film

RANK: Final = 0
SUFFIXES: Final = (".avi",)  # its mp4 loses the last frame, its mkv has no duration, its webm crashes (tried: MPlayer 1.5)
INSTALL: Final = "apt install mencoder"

_FORMATS: Final = {"bgra": "bgra", "rgba": "rgba", "bgr24": "bgr24", "rgb24": "rgb24", "gray": "y8"}
_COMMON: Final = ("-noconfig", "all", "-quiet")
_FAST: Final = ("-noautoexpand", "-sws", "0")  # no space for subtitles, bilinear scaling of colours: a sixth less work (measured)

# Slices per frame. Measured: two give a tenth more frames per second; eight give the same PSNR to 0.01 dB and 0.7 % more bytes.
# Not for other codecs: mjpeg fails with threads.
_THREADS: Final = min(8, os.cpu_count() or 1)


def find() -> str | None:
    return shutil.which("mencoder")


def refuses(film: Film, channels: int) -> str:
    if not 0.001 <= film.rate <= 1000 or not _exact(film.rate):
        return f"mencoder writes 0.001 to 1000 frames per second, in steps of 0.000001, not {film.rate}"
    return f"mencoder writes 1 or 2 channels of sound, not {channels}" if channels > 2 else ""


def _exact(rate: Fraction) -> bool:
    """It takes decimals, and knows those of television."""
    return (rate * 1_000_000).denominator == 1 or rate.denominator == 1001


def encode(program: str, film: Film, target: Path) -> list[str]:
    rate = f"{float(film.rate):.6f}"
    frames = f"w={film.width}:h={film.height}:fps={rate}:format={_FORMATS[film.byteorder]}"
    codec = film.codec or f"mpeg4:threads={_THREADS}"
    # players find their decoder by the name XVID, not by FMP4
    fourcc = [] if film.codec else ["-ffourcc", "XVID"]
    return [
        program, *_COMMON, "-", "-demuxer", "rawvideo", "-rawvideo", frames, "-ofps", rate, "-noskip", "-nosound", *_FAST,
        "-ovc", "lavc", "-lavcopts", f"vcodec={codec}:vqscale={film.scaled(20, 1):.0f}", *fourcc, "-o", str(target),
    ]  # fmt: skip


def join(program: str, film: Film, video: Path, sound: Path, target: Path) -> list[str]:
    # AVI cannot store an encoder delay: PCM stays in sync to the sample
    return [
        program, *_COMMON, str(video), "-audiofile", str(sound), "-ovc", "copy", "-oac", "pcm", "-noskip", "-mc", "0",
        "-o", str(target),
    ]  # fmt: skip


def doubt(film: Film, frames: int, said: str, target: Path) -> str:
    # it exits with 0 on a full disk: compare the size it reports with the size of the file
    video = re.search(r"Video stream:.*size: (\d+) bytes +([\d.]+) secs", said)
    if not video:
        return "its output does not report the end of the video"
    expected = sum(int(size) for size in re.findall(r"(?:Video|Audio) stream:.*size: (\d+) bytes", said))
    size = target.stat().st_size
    if size < expected:
        return f"only {size} of {expected} bytes are in the file. Is the disk full?"
    missing = frames - float(video[2]) * float(film.rate)
    if missing > max(0.5, 0.001 * film.rate):  # after Ctrl-C it may report one frame more than it received
        return f"{missing:.0f} of {frames} frames are missing"
    return ""
