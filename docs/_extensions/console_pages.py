"""The reference of the console: what the magics and the command say of themselves."""

from __future__ import annotations

import atexit
import importlib
import inspect
import os
import pkgutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics
from traitlets.config import Config

import ipyclam_console.magics
from ipyclam_console.magics._line import choices_of
from ipyclam_console.session import VARIABLE, Session
from ipyclam_core import Network
from ipyclam_core.frontend.exploring import Choice, Files, Member, Value


def pages(root: Path) -> dict[str, str]:
    return {"magics.md": "\n".join(magics()), "command_line.md": "\n".join(command_line())}


def magics() -> Iterator[str]:
    """Every magic, in the words of its parser and of its docstring, with what tab offers for its arguments."""
    yield from ["# Magics", "", "`%load_ext ipyclam_console` brings them to any IPython; in `ipyclam_console` they are there.", ""]
    with session() as asked:
        yield from families(asked)


@contextmanager
def session() -> Iterator[Session]:
    """A console with an empty network, to be asked what tab offers there."""
    config = Config()
    config.HistoryManager.enabled = False
    shell = InteractiveShell(config=config)
    try:
        made = Session(shell)
        shell.user_ns[VARIABLE] = Network(made.engine)
        yield made
        made.close()
    finally:
        shell._atexit_once()
        atexit.unregister(shell.atexit_operations)
        shell.restore_sys_module_state()


def families(asked: Session) -> Iterator[str]:
    for info in pkgutil.iter_modules(ipyclam_console.magics.__path__):
        if info.name.startswith("_"):
            continue
        module = importlib.import_module(f"ipyclam_console.magics.{info.name}")
        for family in vars(module).values():
            if inspect.isclass(family) and issubclass(family, Magics) and family.__module__ == module.__name__:
                for name, function in vars(family).items():
                    if hasattr(function, "parser"):
                        yield from magic(name, function, asked)


def magic(name: str, function: Any, asked: Session) -> Iterator[str]:
    text = inspect.cleandoc(function.parser.format_help().replace("::\n\n  %", "", 1))
    usage, _, rest = text.partition("\n\n")
    yield from [f"## %{name}", "", "```text", usage.strip(), "", rest.strip(), "```", ""]
    for action in function.parser._actions:
        if offered := list(values(choices_of(action, asked))):
            yield from [f"Tab offers for `{max(action.option_strings, key=len, default=action.metavar)}`: {', '.join(offered)}.", ""]


def values(choices: Iterable[Choice | Member]) -> Iterator[str]:
    """Those that do not depend on what the network holds."""
    for choice in choices:
        if isinstance(choice, Files):
            yield from (f"`*{suffix}`" for suffix in choice.suffixes)
        elif isinstance(choice, Value):
            yield f"`{choice.value}`"


def command_line() -> list[str]:
    """What `ipyclam_console --help` says."""
    command = [str(Path(sys.executable).with_name("ipyclam_console")), "--help"]
    text = subprocess.run(
        command, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL, env={**os.environ, "COLUMNS": "100"}
    ).stdout
    lines = ["# The command", "", "```text", text.replace(str(Path.home()), "~").strip(), "```", ""]
    return [*lines, "`ipyclam_console --help-all` lists every option, those of IPython too."]
