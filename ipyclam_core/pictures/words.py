"""Anybody's text inside an SVG."""

from __future__ import annotations

import html
import re

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def escaped(text: str) -> str:
    """As XML takes it; characters it has no way to write become a box."""
    return html.escape(_NOT_XML.sub("\ufffd", text))
