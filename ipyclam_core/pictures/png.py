"""Converts SVG to PNG."""

from __future__ import annotations

from ..errors import PictureError


def png(svg: str, scale: float = 2.0) -> bytes:
    """The bytes of a PNG file of an SVG picture, with `scale` pixels per unit.

    Raises
    ------
    PictureError : resvg is not installed; the message says what to type.
    """
    try:
        import resvg_py
    except ImportError:
        raise PictureError(".png pictures need resvg. Save as .svg, or install it in a terminal: pip install resvg-py") from None
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=scale))
