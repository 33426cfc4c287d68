"""The ffmpeg of the system: all containers."""

from __future__ import annotations

import re
import shutil
import wave
from fractions import Fraction
from pathlib import Path
from typing import Final

from ..film import Film

RANK: Final = 1
INSTALL: Final = "apt install ffmpeg"

_COMMON: Final = ("-hide_banner", "-nostdin", "-nostats", "-loglevel", "warning", "-progress", "pipe:1", "-y")
_EVEN: Final = "pad=ceil(iw/2)*2:ceil(ih/2)*2"
# one palette per frame, so that memory does not grow with the video
_PALETTES: Final = "split[a][b];[a]palettegen=stats_mode=single[p];[b][p]paletteuse=new=1"


def find() -> str | None:
    return shutil.which("ffmpeg")


def refuses(film: Film, channels: int) -> str:
    slowest, fastest = _RATES[film.suffix]
    if not slowest <= film.rate <= fastest:
        return f"{film.suffix} videos have {slowest} to {fastest} frames per second, not {film.rate}"
    if film.suffix == ".avi" and film.rate.numerator > _MPEG4:
        return f"the rate of .avi videos is a fraction of numbers up to {_MPEG4}, not {film.rate}"
    most = _CHANNELS.get(film.suffix, 0)
    return f"{film.suffix} videos have at most {most} channels of sound, not {channels}" if channels > most else ""


def encode(program: str, film: Film, target: Path) -> list[str]:
    source = ["-f", "rawvideo", "-pix_fmt", film.byteorder, "-video_size", f"{film.width}x{film.height}"]
    rate = ["-framerate", str(film.rate)]
    return [
        program,
        *_COMMON,
        *source,
        *rate,
        "-i",
        "pipe:0",
        "-an",
        *_PICTURES[film.suffix](film),
        *_whole_often(film),
        *_exact_rate(film),
        *_muxer(film),
        str(target),
    ]


def join(program: str, film: Film, video: Path, sound: Path, target: Path) -> list[str]:
    channels = _channels(sound)
    flags = ["-movflags", "+faststart"] if film.suffix == ".mp4" else []
    inputs = ["-i", str(video), "-i", str(sound), "-map", "0:v", "-map", "1:a"]
    return [program, *_COMMON, *inputs, "-c:v", "copy", *_SOUNDS[film.suffix](channels), *flags, "-f", _MUXERS[film.suffix], str(target)]


def doubt(film: Film, frames: int, said: str, target: Path) -> str:
    if not said.rstrip().endswith("progress=end"):
        return "its output does not report the end of the video"
    done = int(re.findall(r"^frame=(\d+)", said, re.MULTILINE)[-1])
    if done != frames:
        return f"it wrote only {done} of {frames} frames"
    believed = re.findall(r"^total_size=(\d+)", said, re.MULTILINE)
    size = target.stat().st_size
    if size == 0 or (believed and size < int(believed[-1])):
        return f"only {size} of {believed[-1] if believed else 'all'} bytes are in the file. Is the disk full?"
    return ""


def _mpeg4(film: Film) -> list[str]:
    name = ["-c:v", film.codec] if film.codec else ["-c:v", "mpeg4", "-vtag", "XVID"]
    return [*name, "-q:v", f"{film.scaled(20, 1):.1f}", *_yuv(film)]


def _h264(film: Film) -> list[str]:
    if film.codec:
        return ["-c:v", film.codec, "-q:v", f"{film.scaled(20, 1):.1f}", *_yuv(film)]
    # measured on drawn views at equal PSNR: superfast takes 3/4 of the time and 1.3 times the bytes, ultrafast 1/2 and 2 times
    return ["-c:v", "libx264", "-preset", "veryfast", "-crf", f"{film.scaled(40, 12):.1f}", *_yuv(film)]


def _vp9(film: Film) -> list[str]:
    name = ["-c:v", film.codec or "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "7"]
    tiles = [] if film.codec else ["-row-mt", "1"]
    return [*name, *tiles, "-crf", f"{film.scaled(55, 15):.0f}", "-b:v", "0", *_yuv(film)]


def _gif(film: Film) -> list[str]:
    return ["-c:v", film.codec or "gif", "-filter_complex", _PALETTES]


def _yuv(film: Film) -> list[str]:
    """yuv420p, which all players can play. It needs even sizes: odd ones are padded."""
    padded = ["-vf", _EVEN] if film.width % 2 or film.height % 2 else []
    return [*padded, "-pix_fmt", "yuv420p"]


def _whole_often(film: Film) -> list[str]:
    """A key frame every two seconds, flushed to disk: for seeking, and so that a killed encoder loses at most that much."""
    return [] if film.suffix == ".gif" else ["-g", str(max(1, round(2 * film.rate))), "-flush_packets", "1"]


def _muxer(film: Film) -> list[str]:
    # fragmented: an mp4 whose encoder was killed is readable up to there
    flags = {".mp4": ["-movflags", "+frag_keyframe+empty_moov+default_base_moof"], ".mkv": ["-cluster_time_limit", "2000"]}
    return [*flags.get(film.suffix, []), "-f", _MUXERS[film.suffix]]


_PICTURES: Final = {".avi": _mpeg4, ".mp4": _h264, ".mkv": _h264, ".webm": _vp9, ".gif": _gif}
_MUXERS: Final = {".avi": "avi", ".mp4": "mp4", ".mkv": "matroska", ".webm": "webm", ".gif": "gif"}


def _exact_rate(film: Film) -> list[str]:
    """Otherwise it takes the nearest of some usual rates, such as 240 for 250."""
    return [] if film.suffix == ".gif" else ["-r", str(film.rate)]


def _channels(sound: Path) -> int:
    with wave.open(str(sound)) as file:
        return int(file.getnchannels())


# AVI cannot store an encoder delay, and Matroska then shifts the frames: audio codecs without delay stay in sync to the sample


def _pcm(channels: int) -> list[str]:
    return ["-c:a", "pcm_s16le"]


def _flac(channels: int) -> list[str]:
    return ["-c:a", "flac"] if channels <= 8 else _pcm(channels)


def _aac(channels: int) -> list[str]:
    """More than two channels get a layout without a channel for low frequencies, which would lose the others."""
    if channels <= 2:
        return ["-c:a", "aac", "-b:a", "192k"]
    order = "|".join(map(str, range(channels)))
    return ["-af", f"channelmap={order}:{_LAYOUTS[channels]}", "-c:a", "aac", "-b:a", f"{96 * channels}k"]


def _opus(channels: int) -> list[str]:
    if channels <= 2:
        return ["-c:a", "libopus", "-b:a", "128k"]
    return ["-c:a", "libopus", "-mapping_family", "255", "-b:a", f"{64 * channels}k"]  # channels that are no loudspeakers of a cinema


_LAYOUTS: Final = {3: "3.0", 4: "4.0", 5: "5.0", 6: "hexagonal", 7: "7.0", 8: "octagonal"}
_SOUNDS: Final = {".avi": _pcm, ".mkv": _flac, ".mp4": _aac, ".webm": _opus}
_CHANNELS: Final = {".avi": 64, ".mkv": 64, ".mp4": 8, ".webm": 64}

_HOUR: Final = Fraction(1, 3600)
_RATES: Final = {
    ".avi": (_HOUR, 1000),
    ".mp4": (_HOUR, 10_000),
    ".mkv": (_HOUR, 1000),  # times are milliseconds
    ".webm": (_HOUR, 1000),
    ".gif": (Fraction(1, 600), 50),  # times are hundredths of a second, and one of them is played as ten
}
_MPEG4: Final = 65_535

SUFFIXES: Final = tuple(_PICTURES)
