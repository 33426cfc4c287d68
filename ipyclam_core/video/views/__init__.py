"""Views of sound: pictures of samples, drawn by numpy alone, as fast as an encoder takes them.

A module of this folder, or one offered by an entry point of the group ``ipyclam.views``, is a view: its `create` makes
one. A view is asked for a frame at a time.

>>> import numpy as np
>>> from ipyclam_core.video import views
>>> scope = views.create("oscilloscope", size=(240, 320), title="osc")
>>> scope.draw(np.sin(np.arange(scope.window) / 20)).shape
(240, 320, 4)
>>> views.registry.names()
('oscilloscope', 'peaks', 'spectrogram', 'spectrum', 'vumeter')
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np

from ...errors import suggest
from ...registry import Registry

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Frame = NDArray[np.uint8]

registry = Registry("ipyclam_core.video.views", "ipyclam.views")


class View(Protocol):
    """A picture of sound that goes on.

    Attributes
    ----------
    window : how many samples it looks at.
    """

    window: int

    def draw(self, samples: ArrayLike) -> Frame:
        """The frame for the last samples, bgra, ``size + (4,)``; the same array each time, drawn over by the next call.

        `samples` are floats ``(frames,)`` or ``(frames, channels)``, the newest last: `window` of them, or fewer at the beginning.
        """


def create(name: str, **options: Any) -> View:
    """The view called `name`, with the options of its `create`.

    Raises
    ------
    ValueError : no view of that name.
    """
    if name not in registry.names():
        raise ValueError(f"there is no view {name!r}{suggest(name, registry.names())}")
    return cast(View, registry.load(name).create(**options))
