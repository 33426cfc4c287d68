"""The IPython extension: ``%load_ext ipyclam_console``, in a terminal, in Jupyter, in Qt."""

from __future__ import annotations

import atexit
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import cast
from weakref import WeakKeyDictionary

from IPython.core.interactiveshell import InteractiveShell

from ipyclam_core.errors import IpyclamError
from ipyclam_core.frontend.network import Network
from ipyclam_core.variables import look_in

from . import (
    encodings,
    error_display,
    help_pages,
    idle,
    leaving,
    magics,
    mistaken_load,
    notes,
    paging,
    prompts,
    recordings,
    recovery,
    step_remarks,
    values,
    wires,
)
from .magics._line import NetworkMagics
from .patience import Patience
from .saying import say
from .session import VARIABLE, Session
from .tab import Match, matcher

TAB = 1.0
"""Seconds that a press of tab waits for an engine."""

_loaded: WeakKeyDictionary[InteractiveShell, tuple[Session, ExitStack]] = WeakKeyDictionary()


def load(shell: InteractiveShell) -> None:
    """Put the magics, completers, toolbar and error display into a shell, and a network where it has none."""
    unload(shell)
    with ExitStack() as stack:
        session = Session(shell)
        configurables = cast(list[object], shell.configurables)  # the list of %config
        configurables.append(session)
        stack.callback(configurables.remove, session)
        _set(shell.Completer, stack, use_jedi=False, evaluation="limited")
        if getattr(shell, "pt_app", None) is not None:
            _set(shell, stack, display_completions="column")  # rows have room to say what they are
        _register_magics(shell, session, stack)
        _register_matchers(shell, session, stack)
        stack.callback(look_in(session.variables))
        stack.callback(encodings.install(shell))
        stack.callback(paging.install(shell))
        stack.callback(error_display.install(shell))
        stack.callback(help_pages.install(shell))
        stack.callback(mistaken_load.install(shell))
        stack.callback(notes.install())
        stack.callback(values.install(shell))
        stack.callback(wires.install(shell))
        stack.callback(step_remarks.install(shell))
        stack.callback(prompts.install(shell, session))
        stack.callback(recordings.install(shell, session))
        stack.callback(recovery.install(shell, session))
        stack.callback(leaving.install(shell, session))
        shell.push({"Network": Network}, interactive=False)
        if VARIABLE not in shell.user_ns:
            _make_network(shell, session)
        stack.callback(idle.install(shell, session))
        atexit.register(session.close)
        _loaded[shell] = session, stack.pop_all()


def unload(shell: InteractiveShell) -> None:
    """Remove everything that loading added. Variables stay, and playback continues."""
    _, stack = _loaded.pop(shell, (None, None))
    if stack is not None:
        stack.close()


def session_of(shell: InteractiveShell) -> Session:
    """The session of a shell that has loaded the extension."""
    return _loaded[shell][0]


def _make_network(shell: InteractiveShell, session: Session) -> None:
    """Make the first network; if its engine is missing, the rest works without it."""
    try:
        shell.push({VARIABLE: Network(session.engine, **session.engine_options)}, interactive=False)
    except (IpyclamError, ImportError, TypeError) as error:
        say(f"ipyclam: there is no {VARIABLE}: {error}", file=sys.stderr)


def _set(configurable: object, stack: ExitStack, **values: object) -> None:
    """Set traits until the stack is closed."""
    for name, value in values.items():
        stack.callback(setattr, configurable, name, getattr(configurable, name))
        setattr(configurable, name, value)


def _register_magics(shell: InteractiveShell, session: Session, stack: ExitStack) -> None:
    table = shell.magics_manager.magics["line"]
    owners: dict[str, str] = {}
    for family in _families():
        for name in family.magics["line"]:
            if owners.setdefault(name, family.__module__) != family.__module__:
                raise ValueError(f"both {owners[name]} and {family.__module__} have a magic {name!r}")
            before = shell.find_line_magic(name)  # not the table's entry: IPython makes its own when first asked for
            stack.callback(table.__setitem__, name, before) if before is not None else stack.callback(table.pop, name, None)
        made = family(session)  # it has added itself to the list of %config
        stack.callback(cast(list[object], shell.configurables).remove, made)
        shell.register_magics(made)
        stack.callback(shell.magics_manager.registry.pop, family.__name__, None)


def _families() -> Iterator[type[NetworkMagics]]:
    """Every family of magics in the folder."""
    for info in pkgutil.iter_modules(magics.__path__):
        if not info.name.startswith("_"):
            module = importlib.import_module(f"{magics.__name__}.{info.name}")
            for _, held in inspect.getmembers(module, inspect.isclass):
                if issubclass(held, NetworkMagics) and held.__module__ == module.__name__:
                    yield held


def _register_matchers(shell: InteractiveShell, session: Session, stack: ExitStack) -> None:
    patience = Patience(TAB)

    def paths() -> Match:
        from .network_matcher import NetworkMatcher

        return NetworkMatcher(shell.Completer, patience)

    def arguments() -> Match:
        from .magic_matcher import MagicMatcher

        return MagicMatcher(shell, session, patience)

    for name, make in (("network_matcher", paths), ("magic_matcher", arguments)):
        made = matcher(name, make)
        shell.Completer.custom_matchers.append(made)
        stack.callback(shell.Completer.custom_matchers.remove, made)
