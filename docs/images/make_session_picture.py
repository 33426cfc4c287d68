"""Make the picture of a console session: ``python docs/images/make_session_picture.py``.

The session is typed into a real terminal, and the terminal's screen is written as SVG, with its colours.
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from terminal import Terminal  # noqa: E402 - the line above makes it importable

COLUMNS, ROWS = 104, 37
CELL = 12.2  # width of a character in rich's SVG
SESSION = """
net.osc = net.types.SimpleOscillator
net.amp = net.types.AudioAmplifier
net.out = net.types.AudioSink
net.osc.Frequenzy = 330
net.osc.Frequency = 330
net.osc > net.amp > net.out
%tree
"""
LAST = "net.amp."  # and Tab
BACKGROUND, INK = (27, 30, 37), (214, 218, 224)
COLOURS = [BACKGROUND, (240, 113, 120), (166, 209, 137), (229, 200, 144), (130, 170, 255), (199, 146, 234), (128, 203, 196), INK]
THEME = TerminalTheme(BACKGROUND, INK, COLOURS, [tuple(min(255, part + 25) for part in colour) for colour in COLOURS])


def session() -> str:
    """The screen after the session, with escape sequences for its colours."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Terminal(Path(folder), {"IPYCLAM_STATE": folder}, columns=COLUMNS, rows=ROWS) as terminal,
    ):
        terminal.begin("ipyclam_console --colors=linux")
        for line in SESSION.strip().splitlines():
            terminal.run(line)
        terminal.type(LAST)
        terminal.keys("Tab")
        terminal.wait("incontrol")
        return terminal.coloured()


def svg(screen: str, title: str) -> str:
    """A picture of a terminal's screen that loads no font."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(screen), no_wrap=True, overflow="crop")
    picture = console.export_svg(title=title, theme=THEME, unique_id="session")
    picture = re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL).replace("Fira Code, monospace", "monospace")
    return re.sub(
        r'(<text class="session-r\d+" x=")([\d.]+)(" y="[\d.]+" textLength=")([\d.]+)("[^>]*>)((?:&#160;)*)([^<]*?)((?:&#160;)*)<',
        bare,
        picture,
    )


def bare(text: re.Match[str]) -> str:
    """A text without leading and trailing spaces, at the same position: some viewers drop such spaces."""
    before, x, between, length, after, left, words, right = text.groups()
    spaces, trailing = left.count(";"), right.count(";")
    x, length = float(x) + spaces * CELL, float(length) - (spaces + trailing) * CELL
    return f"{before}{x:.1f}{between}{length:.1f}{after}{words}</text>" if words else ""


if __name__ == "__main__":
    (HERE / "session.svg").write_text(svg(session(), "ipyclam_console"))
