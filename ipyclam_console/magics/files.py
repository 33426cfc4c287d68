"""Files: %save, %open."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

from IPython.core.error import UsageError
from IPython.core.magic import magics_class

from ipyclam_core.frontend.files import suffixes

from ..drawing import contents
from ..notes import told_warnings
from ..session import VARIABLE, Session
from ._line import NetworkMagics, argument, magic, network_files, parse

RANGE = re.compile(r"~?\d*/?\d*(-|:)?(~?\d*/?\d*)?")
"""A range of lines as IPython's %save takes it: ``3``, ``1-5``, ``~2/1-~1/3``."""


@magics_class
class FileMagics(NetworkMagics):
    """Magics that read and write network files."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._ipython_save = self.shell.find_line_magic("save")

    @magic(
        argument("file", metavar="FILE", nargs="?", completes=network_files, help="A network file; without, the one opened or saved last."),
    )
    def save(self, line: str) -> object:
        """Save the network, as Python (``.py``) or as CLAM's XML (``.clamnetwork``).

        A crash while saving leaves the old file or the new one.

        IPython's own %save, which saves what you typed, goes on working: it has every line with an option,
        a range of lines (``%save session.py 1-20``), or a name that ends otherwise. ``%save?`` after %unload_ext tells more.

        Examples: ``%save my.py``, ``%save``
        """
        if not is_ours(line):
            return self._ipython_save(line)
        session = self.session
        network, named = session.network, parse(self.save, line).file
        path = session.file if named is None else Path(os.path.expanduser(named))
        if path is None:
            raise UsageError("no file was opened or saved yet; type %save FILE.py")
        if path.is_file() and path != session.file and not _is_network_file(path):
            raise UsageError(f"{path} is there already and no network file; take another name, or delete it")
        with told_warnings():
            network.save(path)
        session.file = path
        print(f"saved {path}: {contents(len(network), len(network.proxy.wires()))}")
        return None

    @magic(
        argument("file", metavar="FILE", completes=network_files, help="A .py or .clamnetwork file."),
        argument("--trusted", action="store_true", help="Run a .py file as Python, instead of reading its statements only."),
    )
    def open(self, line: str) -> None:
        """Replace the content of the network by that of a file, as one step of %undo.

        A file that is refused leaves the network as it was. Example: ``%open my.py``
        """
        arguments = parse(self.open, line)
        load(self.session, arguments.file, trusted=arguments.trusted)


def load(session: Session, name: str, *, trusted: bool = False) -> None:
    """Load a file into ``net`` and say what came of it."""
    network, path = session.network, Path(os.path.expanduser(name))
    with told_warnings():
        network.load(path, trusted=trusted)
    session.file = path
    print(f"{VARIABLE} has {contents(len(network), len(network.proxy.wires()))} from {path}")


def is_ours(line: str) -> bool:
    """Whether a line of %save is about the network, not about what was typed."""
    try:
        words = shlex.split(line)
    except ValueError:
        return True
    if not words:
        return True
    if any(word.startswith("-") for word in words):
        return False
    if words[0].endswith(".py"):
        return len(words) == 1
    return words[0].endswith(suffixes()) and not any(RANGE.fullmatch(word) for word in words[1:])


def _is_network_file(path: Path) -> bool:
    """Whether a file may be replaced by a network: only Python code that somebody wrote may not."""
    if path.suffix != ".py":
        return True
    with path.open(encoding="utf-8", errors="replace") as file:
        begin = file.read(4096)
    return not begin.strip() or "ipyclam" in begin
