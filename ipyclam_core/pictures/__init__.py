"""Pictures of networks, types and samples: SVG, PNG, and text.

They are drawn from a `NetworkProxy`, so they work for every engine. They do not depend on IPython.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ..errors import PictureError
from ..system import given

if TYPE_CHECKING:
    from ..proxy import NetworkProxy

SUFFIXES: Final = (".svg", ".png")
"""The suffixes of pictures."""


def shown(proxy: NetworkProxy) -> str | None:
    """The SVG picture of a network for a notebook; None if igraph is not installed."""
    from .network import svg

    try:
        return svg(proxy)
    except PictureError:
        return None


def draw(proxy: NetworkProxy, path: str | os.PathLike[str]) -> None:
    """Write the picture of a network to a file. The suffix selects the format: ``.svg`` or ``.png``.

    Raises
    ------
    ValueError
        The suffix is another one.
    PictureError
        A package is not installed; the message says what to type.
    """
    from .network import svg
    from .png import png

    target = Path(given.path(path))
    suffix = target.suffix.lower()
    if suffix not in SUFFIXES:
        raise ValueError(f"{str(path)!r} is not a picture file. Use a name that ends with {' or '.join(SUFFIXES)}")
    picture = svg(proxy)
    target.write_bytes(png(picture) if suffix == ".png" else picture.encode())
