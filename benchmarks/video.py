"""How fast `VideoSink` is, against `cat` into the same encoder, matplotlib's FFMpegWriter and PNG frames through a pipe.

Run it with ``python benchmarks/video.py [--frames N] [--rounds N]``; the last two take ``pip install matplotlib``. Every
way writes the same frames, start-up and end of the encoder included. In a round each way has its turn, in the other order
every second round; what is told is the median over the rounds of the ratio within a round, and its quartiles in brackets.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import os
import resource
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ipyclam_core.video import VideoSink, encoders, views
from ipyclam_core.video.film import Film

SIZES = ((480, 640), (1080, 1920))
ENCODERS = (("mencoder", ".avi"), ("ffmpeg", ".avi"), ("ffmpeg", ".mp4"), ("bundled", ".mp4"))
RATE = 25
Frames = NDArray[np.uint8]
Way = Callable[[Frames, Path], None]


def frames(size: tuple[int, int], count: int) -> Frames:
    """A second of moving bgra pictures as long as `count` frames: neither flat nor noise."""
    y, x = np.mgrid[: size[0], : size[1]].astype(np.float32)
    made = np.empty((count, *size, 4), np.uint8)
    for k in range(count):
        made[k, ..., 0] = 127 + 120 * np.sin(x / 37 + k / 5)
        made[k, ..., 1] = 127 + 120 * np.sin((x + y) / 53 - k / 7)
        made[k, ..., 2] = 127 + 120 * np.sin(np.hypot(x - size[1] / 2, y - size[0] / 2) / 19 - k / 3)
        made[k, ..., 3] = 255
    return made


def by_sink(encoder: str) -> Way:
    def write(pictures: Frames, path: Path) -> None:
        with VideoSink(pictures.shape[1:3], path, RATE, encoder=encoder) as sink:
            for picture in pictures:
                sink.run(picture)

    return write


def by_cat(encoder: str) -> Way:
    def write(pictures: Frames, path: Path) -> None:
        with subprocess.Popen(["cat", path.parent / "frames.raw"], stdout=subprocess.PIPE) as cat:
            command = command_of(encoder, pictures.shape[1:3], path)
            subprocess.run(command, stdin=cat.stdout, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    return write


def by_png(pictures: Frames, path: Path) -> None:
    from PIL import Image

    command = ["ffmpeg", "-v", "error", "-y", "-f", "image2pipe", "-c:v", "png", "-r", str(RATE), "-i", "-"]
    with subprocess.Popen([*command, *arguments_of(pictures, path), path], stdin=subprocess.PIPE) as encoder:
        assert encoder.stdin is not None
        for picture in pictures:
            buffer = io.BytesIO()
            Image.fromarray(np.ascontiguousarray(picture[..., 2::-1])).save(buffer, "png")
            encoder.stdin.write(buffer.getvalue())


def by_matplotlib_as_it_comes(pictures: Frames, path: Path) -> None:
    by_matplotlib(pictures, path.with_suffix(".mp4"), ())


def by_matplotlib_like_the_sink(pictures: Frames, path: Path) -> None:
    by_matplotlib(pictures, path, arguments_of(pictures, path))


def by_matplotlib(pictures: Frames, path: Path, arguments: Sequence[str]) -> None:
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import animation, pyplot

    height, width = pictures.shape[1:3]
    figure = pyplot.figure(figsize=(width / 100, height / 100), dpi=100)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    image = axes.imshow(pictures[0, ..., 2::-1], aspect="auto")
    writer = animation.FFMpegWriter(fps=RATE, extra_args=list(arguments))
    with writer.saving(figure, str(path), 100):
        for picture in pictures:
            image.set_data(picture[..., 2::-1])
            writer.grab_frame()
    pyplot.close(figure)


def command_of(encoder: str, size: Sequence[int], path: Path) -> list[str]:
    """What the sink starts."""
    _, module, program = encoders.choose(encoder, path.suffix)
    return module.encode(program, Film.of(size, path, RATE, "bgra", None, 7), path)


def arguments_of(pictures: Frames, path: Path) -> list[str]:
    """What the sink tells ffmpeg of the film: codec, quality, colours, container."""
    command = command_of("ffmpeg", pictures.shape[1:3], path)
    return command[command.index("-an") + 1 : -1]


def seconds(pictures: Frames, rounds: int, ways: Mapping[str, Way], suffix: str) -> dict[str, list[float]]:
    """Seconds that each way takes in each round; a round before them is not counted."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    with tempfile.TemporaryDirectory() as folder:
        pictures.tofile(Path(folder, "frames.raw"))
        for turn in range(rounds + 1):
            for name in sorted(ways, reverse=turn % 2 == 1):
                path = Path(folder, f"film{suffix}")
                path.unlink(missing_ok=True)
                start = time.perf_counter()
                ways[name](pictures, path)
                if turn:
                    taken[name].append(time.perf_counter() - start)
    return taken


def ratio(slower: Sequence[float], faster: Sequence[float]) -> str:
    low, middle, high = statistics.quantiles((a / b for a, b in zip(slower, faster, strict=True)), method="inclusive")
    return f"{middle:6.2f} [{low:.2f} {high:.2f}]"


def against_cat(pictures: Frames, rounds: int) -> Iterator[str]:
    for encoder, suffix in ENCODERS:
        taken = seconds(pictures, rounds, {"sink": by_sink(encoder), "cat": by_cat(encoder)}, suffix)
        speed = len(pictures) / statistics.median(taken["sink"])
        yield f"{ratio(taken['cat'], taken['sink'])} of cat, {encoder} {suffix} ({speed:.0f} frames/s)"


def against_others(pictures: Frames, rounds: int) -> Iterator[str]:
    """The sink as it comes, then both with one encoder, told the same.

    There `cat` shows what the encoder lets anybody reach: of H.264 a picture takes it half of what matplotlib needs to draw
    one, and on two processors the one is done while the other is.
    """
    peers: dict[str, Way] = {}
    if importlib.util.find_spec("PIL"):
        peers["PNG frames through a pipe"] = by_png
    if importlib.util.find_spec("matplotlib"):
        peers["FFMpegWriter as it comes"] = by_matplotlib_as_it_comes
        peers["FFMpegWriter with MPEG-4 like the sink's"] = by_matplotlib_like_the_sink
    taken = seconds(pictures, rounds, {"sink": by_sink("auto"), **peers}, ".avi")
    for name in peers:
        yield f"{ratio(taken[name], taken['sink'])} times {name}"
    if importlib.util.find_spec("matplotlib"):
        for suffix in (".avi", ".mp4"):
            ways = {"sink": by_sink("ffmpeg"), "cat": by_cat("ffmpeg"), "matplotlib": by_matplotlib_like_the_sink}
            taken = seconds(pictures, rounds, ways, suffix)
            reached = ratio(taken["matplotlib"], taken["cat"]).strip()
            yield f"{ratio(taken['matplotlib'], taken['sink'])} times FFMpegWriter, both ffmpeg {suffix} with one codec (cat {reached})"


def drawing(count: int = 300) -> Iterator[str]:
    """Milliseconds of CPU that a 640 x 480 frame of each view takes, of a saw that rises."""
    heard = np.cumsum(np.linspace(0.002, 0.05, 48_000 * 14)).astype(np.float32) % 1 - 0.5
    for name in views.registry.names():
        view = views.create(name, title="osc.Audio Output")
        for k in range(10, 10 + count):
            if k == 30:
                start = time.process_time()
            view.draw(heard[k * 1920 - view.window : k * 1920])
        yield f"640x480 {name:12} {(time.process_time() - start) / (count - 20) * 1000:.2f} ms of CPU a frame"


def memory(count: int) -> str:
    """How much more memory this process holds after `count` frames than after the first hundred."""
    picture = frames((480, 640), 1)[0][:, ::-1]  # not contiguous: the way that copies
    with tempfile.TemporaryDirectory() as folder, VideoSink((480, 640), Path(folder) / "film.avi", RATE) as sink:
        for _ in range(100):
            sink.run(picture)
        before = _resident()
        for _ in range(count - 100):
            sink.run(picture)
        return f"memory over {count} frames: {(_resident() - before) / 1e6:+.1f} MB"


def _resident() -> float:
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=300, help="of 640x480; a fifth of that of 1920x1080")
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    for size in SIZES:
        pictures = frames(size, options.frames if size[0] < 1000 else options.frames // 5)
        for line in against_cat(pictures, options.rounds):
            print(f"{size[1]}x{size[0]} {line}", flush=True)
        for line in against_others(pictures, max(2, options.rounds // 2)):
            print(f"{size[1]}x{size[0]} {line}", flush=True)
    for module, package in (("PIL", "pillow"), ("matplotlib", "matplotlib")):
        if importlib.util.find_spec(module) is None:
            print(f"Not measured, as it is not installed: {package} (pip install {package})")
    for line in drawing():
        print(line, flush=True)
    print(memory(10_000))


if __name__ == "__main__":
    main()
