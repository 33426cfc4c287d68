"""The reference of the console: what the magics and the command say of themselves."""

from __future__ import annotations

import importlib
import inspect
import os
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from IPython.core.magic import Magics

import ipyclam_console.magics


def pages(root: Path) -> dict[str, str]:
    return {"magics.md": "\n".join(magics()), "command_line.md": "\n".join(command_line())}


def magics() -> Iterator[str]:
    """Every magic, in the words of its parser and of its docstring."""
    yield from ["# Magics", "", "`%load_ext ipyclam_console` brings them to any IPython; in `ipyclam_console` they are there.", ""]
    for info in pkgutil.iter_modules(ipyclam_console.magics.__path__):
        if info.name.startswith("_"):
            continue
        module = importlib.import_module(f"ipyclam_console.magics.{info.name}")
        for family in vars(module).values():
            if inspect.isclass(family) and issubclass(family, Magics) and family.__module__ == module.__name__:
                for name, function in vars(family).items():
                    if hasattr(function, "parser"):
                        yield from magic(name, function)


def magic(name: str, function: Any) -> Iterator[str]:
    text = inspect.cleandoc(function.parser.format_help().replace("::\n\n  %", "", 1))
    usage, _, rest = text.partition("\n\n")
    yield from [f"## %{name}", "", "```text", usage.strip(), "", rest.strip(), "```", ""]


def command_line() -> list[str]:
    """What `ipyclam_console --help` says."""
    command = [str(Path(sys.executable).with_name("ipyclam_console")), "--help"]
    text = subprocess.run(
        command, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL, env={**os.environ, "COLUMNS": "100"}
    ).stdout
    lines = ["# The command", "", "```text", text.replace(str(Path.home()), "~").strip(), "```", ""]
    return [*lines, "`ipyclam_console --help-all` lists every option, those of IPython too."]
