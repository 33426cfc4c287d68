"""Pictures of networks, types and samples: SVG, PNG, and text.

They are drawn from what a `NetworkProxy` says, so of any engine's network, and know nothing of IPython.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ..errors import PictureError

if TYPE_CHECKING:
    from ..proxy import NetworkProxy

SUFFIXES: Final = (".svg", ".png")
"""What the names of pictures end with."""


def shown(proxy: NetworkProxy) -> str | None:
    """The SVG picture of a network for a notebook; None where what draws it is not installed."""
    from .network import svg

    try:
        return svg(proxy)
    except PictureError:
        return None


def draw(proxy: NetworkProxy, path: str | os.PathLike[str]) -> None:
    """Write the picture of a network to a file, whose suffix says the format: ``.svg`` or ``.png``.

    Raises
    ------
    ValueError
        Another suffix.
    PictureError
        What draws it is not installed; the message says what to type.
    """
    from .network import svg
    from .png import png

    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in SUFFIXES:
        raise ValueError(f"a picture is written to a name that ends in {' or '.join(SUFFIXES)}, not to {str(path)!r}")
    picture = svg(proxy)
    target.write_bytes(png(picture) if suffix == ".png" else picture.encode())
