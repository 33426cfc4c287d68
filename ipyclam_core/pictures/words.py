"""Text inside SVG."""

from __future__ import annotations

import html
import re

from ..system import display

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def escaped(text: str) -> str:
    """Escape text for XML; characters that XML does not allow become U+FFFD, others that nobody could see as Python writes them."""
    return html.escape(display.escaped(_NOT_XML.sub("\ufffd", text)))
