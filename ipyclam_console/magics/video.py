"""Videos: %video."""

from __future__ import annotations

import os
import re
from argparse import ArgumentTypeError, Namespace
from collections.abc import Iterator
from typing import Any

from IPython.core.magic import magics_class, no_var_expand

from ipyclam_core.errors import NoFrames
from ipyclam_core.frontend.exploring import Choice, Files, Value

from ..interrupt import interruptible
from ..progress import progress
from ..saying import say
from ..session import Session
from ._expressions import quoted, value
from ._line import NetworkMagics, argument, expanded, magic, parse, seconds, sounds

DEFAULT_SECONDS = 10.0
"""Default length of a video of a port."""


def films(session: Session) -> Iterator[Choice]:
    """Video files that can be written."""
    from ipyclam_core.video.containers import SUFFIXES

    yield Files(SUFFIXES)


def views(session: Session) -> Iterator[Choice]:
    """Views of sound."""
    from ipyclam_core.video.views import registry

    return (Value(name, lambda: "view") for name in registry.names())


def encoders(session: Session) -> Iterator[Choice]:
    """Programs that write videos."""
    from ipyclam_core.video.encoders import names

    return (Value(name, lambda: "encoder") for name in names())


def size(text: str) -> tuple[int, int]:
    """``WIDTHxHEIGHT``, as (height, width)."""
    found = re.fullmatch(r"(\d+)[xX×](\d+)", text)
    if not found:
        raise ArgumentTypeError(f"{text!r} is not a size. Type WIDTHxHEIGHT, such as 640x480")
    return int(found[2]), int(found[1])


def rate(text: str) -> float:
    """Frames per second."""
    try:
        frames = float(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a number of frames per second") from None
    if not 0 < frames <= 10_000:
        raise ArgumentTypeError(f"frames per second must be above 0 and at most 10000, not {text}")
    return frames


@magics_class
class VideoMagics(NetworkMagics):
    """Magics that make videos."""

    @magic(
        argument("file", metavar="FILE.mp4", completes=films, help="The video to write, such as demo.mp4 or demo.gif."),
        argument("source", metavar="SOURCE", nargs="+", help="What to show: a port, a processing, an array, an iterable or f(t)."),
        argument("--seconds", "-s", metavar="SECONDS", type=seconds, help="Length. Default: 10 s for a port, all frames for an array."),
        argument("--audio", "-a", action="store_true", help="Add the sound of the network."),
        argument("--sound", metavar="FILE.wav", completes=sounds, help="Add this sound: a file, or an expression whose value is samples."),
        argument(
            "--view", "-v", metavar="VIEW", completes=views, several=True, help="One view or several, separated by commas. Tab lists them."
        ),
        argument("--size", metavar="SIZE", type=size, help="WIDTHxHEIGHT in pixels. Default for a port: 640x480."),
        argument("--rate", "-r", metavar="RATE", type=rate, default=25.0, help="Frames per second."),
        argument("--ink", metavar="COLOUR", help="Colour of the drawing, #rrggbb."),
        argument("--background", metavar="COLOUR", help="Colour of the background, #rrggbb."),
        argument("--encoder", metavar="ENCODER", default="auto", completes=encoders, help="Encoder. Tab lists them."),
        argument("--quality", metavar="QUALITY", type=float, default=7.0, help="From 0 (smallest file) to 10 (best picture)."),
    )
    @no_var_expand  # IPython would replace {k} in the SOURCE, which is the user's expression
    def video(self, line: str) -> None:
        """Make a video of a port, or of any source of frames.

        If the network plays, the video shows it live. If it does not, it is rendered, faster than real time.
        Ctrl-C stops, and the video contains the part that is done.

        Examples: ``%video demo.mp4 net.osc["Audio Output"] --seconds 5 --audio --view spectrogram --size 1280x720``,
        ``%video demo.avi frames --rate 30``, ``%video demo.gif "lambda t: picture(t)" --seconds 2``
        """
        from ipyclam_core.video import make  # numpy is not loaded before it is asked for
        from ipyclam_core.video.hearing import ports_of

        arguments = parse(self.video, quoted(line))
        source = value(self.shell, " ".join(arguments.source), "SOURCE")
        length = arguments.seconds
        if length is None and (callable(source) or ports_of(source)):
            length = DEFAULT_SECONDS
        known = length or (len(source) / arguments.rate if hasattr(source, "__len__") else float("inf"))
        arguments.file = expanded(self.shell, arguments.file)
        path = os.path.expanduser(arguments.file)
        with interruptible() as wish, progress(self.shell, f"making {arguments.file}", known) as show:

            def tell(what: str, done: float) -> bool:
                show(done if what == "filming" else 0.0)
                return not wish.is_set()

            try:
                film = make(
                    path,
                    source,
                    length,
                    view=(arguments.view or "oscilloscope").split(","),
                    options=_colours(arguments),
                    size=arguments.size,
                    rate=arguments.rate,
                    audio=self._sound(arguments),
                    encoder=arguments.encoder,
                    quality=arguments.quality,
                    tell=tell,
                )
            except NoFrames:
                if not wish.is_set():
                    raise
                say(f"stopped before the first frame: {arguments.file} was not written")
                return
            show(film.frames / arguments.rate)
        stopped = "stopped; " if wish.is_set() else ""
        height, width = film.size
        made = film.frames / arguments.rate
        say(f"{stopped}wrote {film.filename}: {made:.1f} s, {film.frames} frames of {width} x {height} ({film.encoder})")

    def _sound(self, arguments: Namespace) -> Any:
        if arguments.sound is None:
            return bool(arguments.audio)
        path = os.path.expanduser(expanded(self.shell, arguments.sound))
        return path if os.path.exists(path) or arguments.sound.endswith(".wav") else value(self.shell, arguments.sound, "--sound")


def _colours(arguments: Namespace) -> dict[str, str]:
    named = {"ink": arguments.ink, "background": arguments.background}
    return {name: value for name, value in named.items() if value is not None}
