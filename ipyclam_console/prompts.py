"""The toolbar below the prompt: state, device, load, late blocks and position."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from IPython.core.interactiveshell import InteractiveShell

from ipyclam_core.frontend.network import Network
from ipyclam_core.frontend.sounding import playing_besides
from ipyclam_core.proxy import Status
from ipyclam_core.system.display import escaped

from .magics.transport import clock
from .patience import NoAnswer, Patience
from .session import VARIABLE, Session

REFRESH = 0.5
"""Seconds between looks at the engine, and between redraws while it plays."""


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
        self._asked: tuple[float, object] = (0.0, None)

    def __call__(self) -> str:
        held = self._session.shell.user_ns.get(VARIABLE)
        if not isinstance(held, Network):
            self._asked = 0.0, None  # or this would keep a network playing
            return ""
        now = time.monotonic()
        if now - self._asked[0] > REFRESH / 2 or self._asked[1] is not held.proxy:
            self._asked = now, held.proxy
            self._status = self._look(held)
        if self._status is None:
            return f" the {held.engine} engine does not respond"
        return self.shown(self._status)

    def shown(self, status: Status) -> str:
        """A status as the toolbar shows it."""
        news = [message for message in status.messages if message not in self._session.shown_messages]
        return escaped(f" {status_line(status, self._session.recording, news)}")

    def status(self) -> Status:
        """The status now."""
        self._asked = 0.0, None
        self()
        return self._status or Status()

    def _look(self, network: Network) -> Status | None:
        try:
            return self._patience.ask(network.proxy, lambda: _status(network))
        except NoAnswer:
            return None
        except Exception:  # the toolbar is drawn at every key: nothing may come out of it
            return Status()


def _status(network: Network) -> Status:
    """The status of a network; what it says first is of others that play."""
    status = network.status()
    others = playing_besides(network.proxy)
    if not others:
        return status
    said = f"{others} other network{' plays' if others == 1 else 's play'}: %stop --all"
    return replace(status, messages=(said, *status.messages))


def status_line(status: Status, recording: str = "", news: Sequence[str] = ()) -> str:
    """The facts of a status in a row."""
    facts: list[str] = [status.state]
    if status.device:  # a server has one while nothing plays
        facts += [status.device, f"load {status.load:.0%}", f"xruns {status.xruns}", clock(status.position)]
    if recording:
        facts.append(f"recording {recording}")
    facts += news[:1]
    return " · ".join(filter(None, facts))
