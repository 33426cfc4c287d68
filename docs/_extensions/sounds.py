"""The sound of each processing type's example, and its picture: rendered when the documentation is built.

Both are written to the folder `sounds` of the built documentation, beside the sounds that the effects are fed with. They are made
again when ipyclam or the examples have changed. A first build compiles every type, in one process for each processor; as
the compiled code is kept in ipyclam's cache, the tests and later builds find it there.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import socket
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import patches
import sound_pictures
import soundfile
import sources

from ipyclam_core import Network

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ipyclam_core.proxy import TypeSpec

    Samples = NDArray[np.float32]

LOUDNESS = 0.1
"""The root of the mean square that a sound is amplified or attenuated to, unless it would have a peak above `PEAK`."""
PEAK = 0.7
FADE = 480
"""Frames of the ramps at the beginning and end of a sound, without which one would hear clicks."""
LAYOUT = "0 45 left\n0 135 rear left\n0 -135 rear right\n0 -45 right\n"
DECODING = "0.25 0.4 0.4 0\n0.25 -0.4 0.4 0\n0.25 -0.4 -0.4 0\n0.25 0.4 -0.4 0\n"
PORT = "9000"
"""The UDP port in the examples of Open Sound Control; a free one takes its place."""


def write(folder: Path, specs: Mapping[str, TypeSpec]) -> None:
    """Write the sounds and pictures that are missing or outdated."""
    key, kept = key_of_sources(), folder / "key"
    if kept.exists() and kept.read_text() == key and all(path.exists() for name in specs for path in files(folder, name)):
        return
    kept.unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in sources.SOURCES.items():
        soundfile.write(folder / f"{name}.flac", make(), sources.RATE)
    names = list(specs)
    write_some(folder, names[:1])  # which compiles what all of them need
    processes = os.cpu_count() or 1
    parts = [part for k in range(4 * processes) if (part := names[1 + k :: 4 * processes])]
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        list(pool.map(partial(write_some, folder), parts))
    kept.write_text(key)


def files(folder: Path, name: str) -> tuple[Path, Path]:
    """The sound of a type, and its picture."""
    return folder / f"{name}.mp3", folder / f"{name}.svg"


def key_of_sources() -> str:
    """Changes when a source file of ipyclam or of the documentation does."""
    root = Path(__file__).parents[2]
    digest = hashlib.sha256()
    for path in sorted([*(root / "ipyclam_core").rglob("*.py"), *Path(__file__).parent.glob("*.py")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def write_some(folder: Path, names: Sequence[str]) -> None:
    for name in names:
        sound, picture = files(folder, name)
        samples = heard(render(name))
        soundfile.write(sound, samples, sources.RATE, format="MP3", subtype="MPEG_LAYER_III", compression_level=0.4)
        picture.write_text(sound_pictures.svg(samples[:, 0], sources.RATE))


def render(name: str) -> Samples:
    """What the example of a type of the clam engine plays, a column for each channel."""
    net = Network("clam")
    here = Path.cwd()
    example = patches.example(net.types[name].spec)
    with tempfile.TemporaryDirectory() as folder:
        try:
            os.chdir(folder)
            Path("square.layout").write_text(LAYOUT)
            Path("square.decoding").write_text(DECODING)
            soundfile.write("drums.flac", sources.drums(), sources.RATE)
            soundfile.write("hall.wav", sources.hall(0), sources.RATE)
            soundfile.write("cellar.wav", sources.hall(1), sources.RATE)
            soundfile.write("hall_emissor_1-1-1_receptor_2-2-1.wav", sources.hall(2), sources.RATE)
            Path("tune.mid").write_bytes(sources.tune())
            Path("choir.sdif").write_bytes(sources.choir())
            Path("head.hrtfs").write_text("".join(sources.ear(azimuth) for azimuth in range(0, 360, 30)))
            Path("melody.txt").write_text("\n".join(["220", "330", "440", "275", "330", "550", "440", "495"]))
            Path("walk.choreo").write_text("".join(f"{k} 50 90 0 -90 0 0 0 {2 - k / 24:g} 1 0\n" for k in range(97)))
            exec(example.code.replace(PORT, str(free_port())), {"net": net})  # our own statements
            played: dict[str, Any] = {"inputs": sources.SOURCES[example.source]()} if example.source else {"seconds": sources.SECONDS}
            return np.asarray(net.render(**played, sample_rate=sources.RATE))
        finally:
            net.close()
            os.chdir(here)


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def heard(channels: Samples) -> Samples:
    """The same with at most two channels, at a moderate level. More than two go to the left and to the right in turn."""
    stereo = np.stack([channels[:, k::2].mean(axis=1) for k in range(min(channels.shape[1], 2))], axis=1)
    peak, loudness = float(np.abs(stereo).max()), float(np.sqrt(np.square(stereo).mean()))
    if not 0.0 < peak < np.inf:
        raise ValueError("the example of a processing type is silent, or has NaN in its output")
    faded = stereo * min(LOUDNESS / loudness, PEAK / peak)
    ramp = np.linspace(0.0, 1.0, FADE)[:, None]
    faded[:FADE] *= ramp
    faded[-FADE:] *= ramp[::-1]
    return faded.astype(np.float32)
