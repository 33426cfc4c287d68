"""The toolbar below the prompt: state, device, load, late blocks, position and levels."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from IPython.core.interactiveshell import InteractiveShell

from ipyclam_core.frontend.network import Network
from ipyclam_core.frontend.sounding import playing_besides
from ipyclam_core.proxy import Levels, Status
from ipyclam_core.system.display import escaped

from .magics.transport import clock
from .meters import meters
from .patience import NoAnswer, Patience
from .session import VARIABLE, Session

REFRESH = 0.5
"""Seconds between looks at the engine, and between redraws while it plays."""

CLIP = "CLIP"
"""Samples have been clipped since %status was typed last."""

ALARM = "noreverse bold bg:ansired fg:ansiwhite"
"""The style of that word."""

_BETWEEN = " · "
_NO_LEVELS = Levels()


def install(shell: InteractiveShell, session: Session) -> Callable[[], None]:
    """Show the toolbar if there is a terminal. Call the returned function to remove it."""
    prompt = getattr(shell, "pt_app", None)
    if prompt is None:  # Jupyter, or --simple-prompt
        return lambda: None
    toolbar = Toolbar(session)
    before = prompt.bottom_toolbar, prompt.refresh_interval

    def after_cell(*_: object) -> None:
        set_pace(shell)

    def remove() -> None:
        shell.events.unregister("post_run_cell", after_cell)
        prompt.bottom_toolbar, prompt.refresh_interval = before

    prompt.bottom_toolbar = toolbar
    shell.events.register("post_run_cell", after_cell)
    return remove


def set_pace(shell: InteractiveShell) -> None:
    """From the next prompt on, redraw the toolbar periodically while the network plays."""
    prompt = getattr(shell, "pt_app", None)
    if prompt is not None and isinstance(prompt.bottom_toolbar, Toolbar):
        prompt.refresh_interval = REFRESH if prompt.bottom_toolbar.status().state == "playing" else 0.0


class Toolbar:
    """The toolbar's text. prompt_toolkit asks for it at each key, so not every call asks the engine."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._patience = Patience(0.1)
        self._status: Status | None = Status()
        self._levels = Levels()
        self._limited = 0, 0  # the blocks that the limiter had turned down at the last look, and at the one before
        self._asked: tuple[float, object] = (0.0, None)

    def __call__(self) -> str | list[tuple[str, str]]:
        held = self._session.shell.user_ns.get(VARIABLE)
        if not isinstance(held, Network):
            self._asked = 0.0, None  # or this would keep a network playing
            return ""
        now = time.monotonic()
        if now - self._asked[0] > REFRESH / 2 or self._asked[1] is not held.proxy:
            self._asked = now, held.proxy
            self._status, self._levels = self._look(held)
            self._limited = self._levels.blocks, self._limited[0]
        if self._status is None:
            return f" the {held.engine} engine does not respond"
        before, clip, after = self.shown(self._status, self._levels).partition(CLIP)
        return [("", before), (ALARM, clip), ("", after)] if self._session.clips(self._levels) else before + clip + after

    def shown(self, status: Status, levels: Levels = _NO_LEVELS) -> str:
        """A status as the toolbar shows it."""
        news = sorted(filter(self._counts, status.messages), key=harmless)
        alarms = [CLIP] if levels.clipped and self._session.clips(levels) else []
        if levels.blocks and self._limited[0] > self._limited[1]:
            alarms.append(f"limiter -{levels.reduction:.1f} dB")
        width = shutil.get_terminal_size().columns - 2
        recording = f"recording {self._session.recording}" if self._session.recording else ""
        recording = f"recorded {self._session.recorded}" if self._session.recorded else recording
        return escaped(f" {status_line(status, recording, news, levels, alarms, width)}")

    def _counts(self, message: str) -> bool:
        """Whether a message is new, or tells of something that is not heard."""
        return message not in self._session.shown_messages or "silent" in message

    def status(self) -> Status:
        """The status now."""
        self._asked = 0.0, None
        self()
        return self._status or Status()

    def _look(self, network: Network) -> tuple[Status | None, Levels]:
        try:
            return self._patience.ask(network.proxy, lambda: (_status(network), network.levels()))
        except NoAnswer:
            return None, _NO_LEVELS
        except Exception:  # the toolbar is drawn at every key: nothing may come out of it
            return Status(), _NO_LEVELS


def harmless(message: str) -> bool:
    """Whether a message tells how a network plays, and not of a trouble."""
    return message.startswith("feedback loop")


def _status(network: Network) -> Status:
    """The status of a network; what it says first is of others that play."""
    status = network.status()
    others = playing_besides(network.proxy)
    if not others:
        return status
    said = f"{others} other network{' plays' if others == 1 else 's play'}: %stop --all"
    return replace(status, messages=(said, *status.messages))


def status_line(
    status: Status,
    recording: str = "",
    news: Sequence[str] = (),
    levels: Levels = _NO_LEVELS,
    alarms: Sequence[str] = (),
    width: int = 0,
) -> str:
    """The facts of a status in a row. What is most urgent comes first, and the levels only where the `width` has room for them."""
    facts: list[str] = [status.state, *alarms]
    if status.device:  # a server has one while nothing plays
        facts += [status.device, f"load {status.load:.0%}", f"xruns {status.xruns}", clock(status.position)]
    others = [recording]
    others += news[:1]
    if status.state == "playing" and levels.sinks:
        facts.append(meters(levels, width - len(_row([*facts, "", *others])) - len(_BETWEEN)))
    return _row([*facts, *others])


def _row(facts: Sequence[str]) -> str:
    return _BETWEEN.join(filter(None, facts))
