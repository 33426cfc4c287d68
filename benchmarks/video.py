"""How fast `VideoSink` is, against `cat` into the same encoder, matplotlib's FFMpegWriter and PNG frames through a pipe.

Run it with ``python benchmarks/video.py [--frames N] [--rounds N]``; the last two take ``pip install matplotlib``. Every
way writes the same frames, with the same encoder where it can, in turns; the best of the rounds counts, and only ratios mean anything.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ipyclam_core.video import VideoSink, encoders, views
from ipyclam_core.video.film import Film

SIZES = ((480, 640), (1080, 1920))
RATE = 25
Frames = NDArray[np.uint8]


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


def by_sink(encoder: str) -> Callable[[Frames, Path], None]:
    def write(pictures: Frames, path: Path) -> None:
        with VideoSink(pictures.shape[1:3], path, RATE, encoder=encoder) as sink:
            for picture in pictures:
                sink.run(picture)

    return write


def by_cat(encoder: str) -> Callable[[Frames, Path], None]:
    def write(pictures: Frames, path: Path) -> None:
        _, module, program = encoders.choose(encoder, path.suffix)
        command = module.encode(program, Film.of(pictures.shape[1:3], path, RATE, "bgra", None, 7), path)
        with subprocess.Popen(["cat", path.parent / "frames.raw"], stdout=subprocess.PIPE) as cat:
            subprocess.run(command, stdin=cat.stdout, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    return write


def by_png(pictures: Frames, path: Path) -> None:
    from PIL import Image

    command = ["ffmpeg", "-v", "error", "-y", "-f", "image2pipe", "-c:v", "png", "-r", str(RATE), "-i", "-", *_like_the_sink(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as encoder:
        assert encoder.stdin is not None
        for picture in pictures:
            buffer = io.BytesIO()
            Image.fromarray(np.ascontiguousarray(picture[..., 2::-1])).save(buffer, "png")
            encoder.stdin.write(buffer.getvalue())


def by_matplotlib(pictures: Frames, path: Path, codec: str = "mpeg4", arguments: Sequence[str] = ("-q:v", "6.7")) -> None:
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import animation, pyplot

    height, width = pictures.shape[1:3]
    figure = pyplot.figure(figsize=(width / 100, height / 100), dpi=100)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    image = axes.imshow(pictures[0, ..., 2::-1], aspect="auto")
    writer = animation.FFMpegWriter(fps=RATE, codec=codec, extra_args=list(arguments))
    with writer.saving(figure, str(path), 100):
        for picture in pictures:
            image.set_data(picture[..., 2::-1])
            writer.grab_frame()
    pyplot.close(figure)


def _like_the_sink(path: Path) -> list[str]:
    return ["-c:v", "mpeg4", "-q:v", "6.7", "-pix_fmt", "yuv420p", str(path)]


def timed(way: Callable[[Frames, Path], None], pictures: Frames, path: Path) -> float:
    start = time.perf_counter()
    way(pictures, path)
    return time.perf_counter() - start


def compare(pictures: Frames, rounds: int, ways: dict[str, Callable[[Frames, Path], None]], suffix: str) -> dict[str, float]:
    """Best seconds of each way."""
    best = dict.fromkeys(ways, float("inf"))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "frames.raw").write_bytes(pictures.tobytes())
        for _ in range(rounds):
            for name, way in ways.items():
                best[name] = min(best[name], timed(way, pictures, Path(folder) / f"film{suffix}"))
    return best


def against_cat(count: int, rounds: int) -> Iterator[str]:
    for size in SIZES:
        pictures = frames(size, count if size[0] < 1000 else count // 4)
        for encoder, suffix in (("mencoder", ".avi"), ("ffmpeg", ".avi"), ("ffmpeg", ".mp4"), ("bundled", ".mp4")):
            best = compare(pictures, rounds, {"sink": by_sink(encoder), "cat": by_cat(encoder)}, suffix)
            speed = len(pictures) / best["sink"]
            yield f"{size[1]}x{size[0]} {encoder:8} {suffix:5} {best['cat'] / best['sink']:6.2f} of cat   ({speed:.0f} frames/s)"


def against_others(count: int, rounds: int) -> Iterator[str]:
    ways: dict[str, Callable[[Frames, Path], None]] = {"sink": by_sink("auto")}
    if importlib.util.find_spec("PIL"):
        ways["PNG frames through a pipe"] = by_png
    if importlib.util.find_spec("matplotlib"):
        ways["matplotlib's FFMpegWriter with the sink's codec"] = by_matplotlib
        ways["matplotlib's FFMpegWriter as it comes"] = lambda pictures, path: by_matplotlib(pictures, path.with_suffix(".mp4"), "h264", ())
    for size in SIZES:
        best = compare(frames(size, count if size[0] < 1000 else count // 4), rounds, ways, ".avi")
        for name in list(ways)[1:]:
            yield f"{size[1]}x{size[0]} {best[name] / best['sink']:6.2f} times {name}"


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
    parser.add_argument("--frames", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    for line in against_cat(options.frames, options.rounds):
        print(line, flush=True)
    for line in against_others(options.frames, options.rounds):
        print(line, flush=True)
    for line in drawing():
        print(line, flush=True)
    print(memory(10_000))


if __name__ == "__main__":
    main()
