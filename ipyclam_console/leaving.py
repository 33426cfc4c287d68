"""Leaving with unsaved changes: ``exit`` and Ctrl-D ask once for each network whether to save it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from ipyclam_core.errors import IpyclamError
from ipyclam_core.frontend.network import Network

from .error_display import message_of
from .interactive import asked, in_notebook, is_interactive
from .saying import say
from .session import Session, file_of


def install(shell: InteractiveShell, session: Session) -> Callable[[], None]:
    """Ask before leaving from now on. Call the returned function to end that."""
    if in_notebook(shell) or not hasattr(shell, "ask_exit"):  # the cells of a notebook make its network again
        session.left = True
        return lambda: None
    terminal: Any = shell
    leave, ask = terminal.ask_exit, terminal.ask_yes_no

    def ask_exit() -> None:
        if not is_interactive(shell) or all(_may_go(session, variable, network) for variable, network in unsaved(session)):
            session.left = True
            leave()

    def ask_yes_no(prompt: str, default: str | None = None, interrupt: str | None = None) -> bool:
        """Whether to leave at Ctrl-D: yes, where there is another question to come."""
        return any(True for _ in unsaved(session)) or bool(ask(prompt, default, interrupt))

    terminal.ask_exit, terminal.ask_yes_no = ask_exit, ask_yes_no

    def remove() -> None:
        terminal.ask_exit, terminal.ask_yes_no = leave, ask

    return remove


def unsaved(session: Session) -> Iterator[tuple[str, Network]]:
    """The networks with changes that would be lost, each with a variable that holds it."""
    seen = []
    for variable, held in list(session.shell.user_ns.items()):
        if isinstance(held, Network) and not variable.startswith("_") and held.proxy not in seen:
            seen.append(held.proxy)
            if held.modified and (len(held) or file_of(held) is not None):
                yield variable, held


def _may_go(session: Session, variable: str, network: Network) -> bool:
    """Ask, and save if so wished; False to stay."""
    file = file_of(network)
    name = f"the network {variable}" if file is None else str(file)
    while True:
        answer = asked(f"{name} has unsaved changes: save, discard, cancel? [s/d/c] ").lower()
        if answer in ("d", "discard"):
            return True
        if answer in ("c", "cancel"):
            return False
        if answer in ("s", "save") and _saved(session, network, file or _asked_file(variable)):
            return True


def _saved(session: Session, network: Network, path: Path | None) -> bool:
    if path is None:
        return False
    try:
        network.save(path)
    except (IpyclamError, OSError, ValueError) as error:
        say(message_of(error))
        return False
    say(f"saved {path}")
    return True


def _asked_file(variable: str) -> Path | None:
    """A path for a network that has no file yet; one that exists is not replaced."""
    given = asked(f"file [{variable}.py]: ")
    if given == "cancel":
        return None
    path = Path(os.path.expanduser(given or f"{variable}.py"))
    path = path if path.suffix else path.with_suffix(".py")
    if path.exists():
        say(f"{path} already exists. Choose another name")
        return None
    return path
