"""mencoder, of MPlayer: AVI films of MPEG-4 pictures."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Final

from ..film import Film

RANK: Final = 0
SUFFIXES: Final = (".avi",)  # its mp4 loses the last frame, its mkv has no duration, its webm crashes (tried: MPlayer 1.5)
INSTALL: Final = "apt install mencoder"

_FORMATS: Final = {"bgra": "bgra", "rgba": "rgba", "bgr24": "bgr24", "rgb24": "rgb24", "gray": "y8"}
_COMMON: Final = ("-noconfig", "all", "-quiet")
_FAST: Final = ("-noautoexpand", "-sws", "0")  # no room for subtitles, bilinear colours: a sixth less work (measured)

# Pictures in as many slices: with two a tenth more frames a second, with eight the same PSNR to 0.01 dB and 0.7 % more
# bytes (measured). Not of other codecs: its mjpeg does not begin with threads.
_THREADS: Final = min(8, os.cpu_count() or 1)


def find() -> str | None:
    return shutil.which("mencoder")


def encode(program: str, film: Film, target: Path) -> list[str]:
    rate = f"{float(film.rate):.6f}"
    frames = f"w={film.width}:h={film.height}:fps={rate}:format={_FORMATS[film.byteorder]}"
    codec = film.codec or f"mpeg4:threads={_THREADS}"
    # the name XVID instead of FMP4 is what ordinary players look their decoder up by
    fourcc = [] if film.codec else ["-ffourcc", "XVID"]
    return [
        program, *_COMMON, "-", "-demuxer", "rawvideo", "-rawvideo", frames, "-ofps", rate, "-noskip", "-nosound", *_FAST,
        "-ovc", "lavc", "-lavcopts", f"vcodec={codec}:vqscale={film.scaled(20, 1):.0f}", *fourcc, "-o", str(target),
    ]  # fmt: skip


def join(program: str, film: Film, video: Path, sound: Path, target: Path) -> list[str]:
    # AVI cannot say that a codec begins late: sound that is not encoded stays in sync to the sample
    return [
        program, *_COMMON, str(video), "-audiofile", str(sound), "-ovc", "copy", "-oac", "pcm", "-noskip", "-mc", "0",
        "-o", str(target),
    ]  # fmt: skip


def doubt(film: Film, frames: int, said: str, target: Path) -> str:
    # it exits with 0 on a full disk: what it believes to have written is compared with what is there
    video = re.search(r"Video stream:.*size: (\d+) bytes +([\d.]+) secs", said)
    if not video:
        return "mencoder did not come to its end"
    expected = sum(int(size) for size in re.findall(r"(?:Video|Audio) stream:.*size: (\d+) bytes", said))
    size = target.stat().st_size
    if size < expected:
        return f"only {size} of {expected} bytes are in the file; is the disk full?"
    missing = frames - float(video[2]) * float(film.rate)
    if missing > max(0.5, 0.001 * film.rate):  # one more than was given is half a frame, at whose end Ctrl-C came
        return f"{missing:.0f} of {frames} frames are missing"
    return ""
