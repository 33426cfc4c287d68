"""SVG as PNG."""

from __future__ import annotations

from ..errors import PictureError


def png(svg: str, scale: float = 2.0) -> bytes:
    """The bytes of a PNG file of an SVG picture, `scale` pixels a unit.

    Raises
    ------
    PictureError : what makes it is not installed; the message says what to type.
    """
    try:
        import resvg_py
    except ImportError:
        raise PictureError("a .png picture takes resvg; type pip install 'ipyclam[pictures]', or take a name that ends in .svg") from None
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=scale))
