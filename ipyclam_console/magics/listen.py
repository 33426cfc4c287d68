"""Hearing in a notebook: %listen."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Sequence
from typing import TYPE_CHECKING

from IPython.core.error import UsageError
from IPython.core.magic import magics_class, no_var_expand

from ipyclam_core.system.display import number

from ..interactive import in_notebook
from ..interrupt import interruptible
from ..progress import progress
from ..saying import say
from ._expressions import handles, quoted
from ._line import NetworkMagics, argument, magic, parse, seconds
from .look import processings
from .transport import DEFAULT_RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ipyclam_core.frontend.connectors import Connector

DEFAULT_SECONDS = 2.0


@magics_class
class ListenMagics(NetworkMagics):
    """Magics for the ears, in a notebook."""

    @magic(
        argument(
            "words", metavar="[PORT] SECONDS", nargs="*", completes=processings, help="Ports, if not the sinks; and how long. Default: 2."
        ),
    )
    @no_var_expand
    def listen(self, line: str) -> None:
        """Render the network, and show an audio player in the notebook. Playback is not disturbed.

        With ports, it renders those instead of the sinks. The samples are not normalized; levels above 1 are clipped, and said.
        In a terminal, type %play or %render instead.

        Examples: ``%listen 2``, ``%listen net.osc 2``
        """
        words = parse(self.listen, quoted(line)).words
        try:
            duration = seconds(words.pop()) if words and _is_duration(words[-1]) else DEFAULT_SECONDS
        except ArgumentTypeError as error:
            raise UsageError(str(error)) from None
        if not in_notebook(self.shell):
            length = number(duration)
            raise UsageError(f"%listen shows a player in a notebook. Here type %play {length} to hear it, or %render out.wav {length}")
        from IPython.display import Audio, display

        network = self.session.network
        rate = self.session.sample_rate or round(network.status().sample_rate) or DEFAULT_RATE
        samples = self._rendered(words, duration, rate)
        if not len(samples):
            say("interrupted before the first frame")
            return
        if not samples.size:
            raise UsageError("there is nothing to hear: the network has no sink. Name a port, such as %listen net.osc 2")
        peak = round(float(abs(samples).max()), 3)
        if peak > 1.0:
            say(f"the peak is {number(peak)}: samples above 1 are clipped")
        clipped = samples.clip(-1.0, 1.0).T
        display(Audio(clipped[0] if len(clipped) == 1 else clipped, rate=rate, normalize=False))

    def _rendered(self, words: Sequence[str], duration: float, rate: int) -> NDArray[np.float32]:
        """The sound, ``(frames, channels)`` of at most two channels; what is done of it after Ctrl-C."""
        from ipyclam_core.video.hearing import ports_of, rendered, stereo

        with interruptible() as wish, progress(self.shell, "rendering", duration) as show:

            def heard(frames: int) -> bool:
                show(frames / rate)
                return not wish.is_set()

            if not words:
                samples = self.session.network.render(duration, sample_rate=rate, progress=heard)
            else:
                import numpy as np

                ports = [port for handle in handles(self.session, words, "PORT") for port in _ports(ports_of(handle), handle)]
                samples = np.stack(rendered(ports, duration, rate, heard)[0], axis=1)
            show(len(samples) / rate)
            return stereo(samples)


def _ports(found: Sequence[Connector], handle: object) -> Sequence[Connector]:
    if not found:
        raise UsageError(f"{handle!r} is not an audio out port, such as net.osc, nor a number of seconds")
    return found


def _is_duration(word: str) -> bool:
    """Whether a word is meant as a number of seconds."""
    return word[:1].isdigit() or word[:1] in ".-"
