"""Views: they draw samples as video frames, with numpy alone, as fast as an encoder takes them.

A view is a module of this folder, or an entry point of the group ``ipyclam.views``, with a function `create`. A view draws
one frame at a time.

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
    """Draws samples as frames.

    Attributes
    ----------
    window : the number of samples for a frame.
    """

    window: int

    def draw(self, samples: ArrayLike) -> Frame:
        """Draw the last samples: a bgra frame ``size + (4,)``. The next call overwrites this array.

        `samples` are floats ``(frames,)`` or ``(frames, channels)``, newest last: `window` of them, or fewer at the beginning.
        """


def create(name: str, **options: Any) -> View:
    """Create the view called `name`, with its options.

    Raises
    ------
    ValueError : there is no view of that name.
    """
    if name not in registry.names():
        raise ValueError(f"there is no view {name!r}{suggest(name, registry.names())}")
    return cast(View, registry.load(name).create(**options))
