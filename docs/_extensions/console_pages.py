"""The reference of the console: what the magics and the command say of themselves."""

from __future__ import annotations

import atexit
import importlib
import inspect
import os
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics
from markdown_tables import table
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
        for name, function in declared():
            yield from magic(name, function, asked)


@contextmanager
def session() -> Iterator[Session]:
    """A console with an empty network, to be asked what tab offers there, where nothing was left unsaved."""
    config = Config()
    config.HistoryManager.enabled = False
    with TemporaryDirectory() as folder, patch.dict(os.environ, IPYCLAM_STATE=folder):
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


def declared() -> Iterator[tuple[str, Any]]:
    """The magics, family by family."""
    for info in pkgutil.iter_modules(ipyclam_console.magics.__path__):
        if info.name.startswith("_"):
            continue
        module = importlib.import_module(f"ipyclam_console.magics.{info.name}")
        for family in vars(module).values():
            if inspect.isclass(family) and issubclass(family, Magics) and family.__module__ == module.__name__:
                yield from ((name, function) for name, function in vars(family).items() if hasattr(function, "parser"))


def magic(name: str, function: Any, asked: Session) -> Iterator[str]:
    parser = function.parser
    usage = re.sub(r"\s+", " ", parser.format_usage()).partition(f"%{name}")[2]
    yield from [f"## %{name}", "", "```{code-block} text", ":class: usage", "", f"%{name}{usage}".strip(), "```", ""]
    yield from [in_markdown(inspect.cleandoc(parser.description or "")), ""]
    yield from table(("Argument", "Description", "Tab offers"), [argument(action, asked) for action in parser._actions])


def argument(action: Any, asked: Session) -> tuple[str, str, str]:
    takes = "" if action.nargs == 0 else action.metavar or action.dest.upper()
    takes = takes.removeprefix("<").removesuffix(">")
    spelt = ", ".join(f"`{f'{option} {takes}'.strip()}`" for option in action.option_strings) or f"`{takes}`"
    return spelt, in_markdown((action.help or "").replace("%%", "%")), ", ".join(dict.fromkeys(values(choices_of(action, asked))))


def in_markdown(text: str) -> str:
    """A docstring or a help text; `<` and the like are what they look like."""
    return re.sub(r"``(.+?)``|([<*_])", lambda found: f"`{found[1]}`" if found[1] else f"\\{found[2]}", text)


def values(choices: Iterable[Choice | Member]) -> Iterator[str]:
    """Those that do not depend on what the network holds."""
    for choice in choices:
        if isinstance(choice, Files):
            yield from (f"`*{suffix}`" for suffix in choice.suffixes)
        elif isinstance(choice, Value):
            yield f"`{choice.value}`"


PLACES = {"Unicode": "TEXT", "Int": "NUMBER"}
"""What stands for the value of an option."""
OPTION = re.compile(r"^(-\S+)\n((?:(?: .*)?\n)*)", re.MULTILINE)
"""An option in the help of the command, and the indented lines below it."""


def command_line() -> Iterator[str]:
    """What `ipyclam_console --help` says, in tables."""
    command = [str(Path(sys.executable).with_name("ipyclam_console")), "--help"]
    text = subprocess.run(
        command, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL, env={**os.environ, "COLUMNS": "100"}
    ).stdout.replace(str(Path.home()), "~")
    head, *sections = re.split(r"^(.+)\n[=-]{3,}\n", text, flags=re.MULTILINE)
    first, usage, *rest = head.strip().split("\n\n")
    yield from ["# The command", "", in_markdown(first), "", "```text", usage, "```", ""]
    yield from [in_markdown(" ".join(each.split())) for each in rest]
    yield ""
    for title, body in zip(sections[::2], sections[1::2], strict=True):
        yield from [f"## {title}", ""]
        if rows := [option(*found) for found in OPTION.findall(f"{body}\n")]:
            yield from table(("Option", "Use", "Default", "Sets"), rows if title == "Options" else [(*row[:3], "") for row in rows])
        else:
            yield from ["```text", inspect.cleandoc(body.partition("\n\nTo see")[0]), "```", ""]
    yield "`ipyclam_console --help-all` lists every option, those of IPython too."


def option(name: str, body: str) -> tuple[str, str, str, str]:
    """A row for an option: its facts are lines of their own in the help."""
    facts = dict(re.findall(r"^ +(Default|Equivalent to): (.*)$", body, re.MULTILINE))
    use = re.sub(r"^ +(Default|Equivalent to|\.\. versionadded).*$", "", body, flags=re.MULTILINE)
    default, sets = facts.get("Default", ""), facts.get("Equivalent to", "").strip("[]")
    return code(name), in_markdown(re.sub(r"`+", "``", " ".join(use.split()))), code(default), "<br>".join(map(code, sets.split(" --")))


def code(text: str) -> str:
    """An option, a value or a setting; what a setting is called is all that matters of it."""
    name = re.sub(r"=<(\w+).*", lambda found: f"={PLACES.get(found[1], 'VALUE')}", text)
    return f"`{name.removeprefix('--') if re.match(r'--[A-Z]', name) else name}`" if name else ""
