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
from ..notes import shown_warnings
from ..saying import say
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
        argument("file", metavar="FILE", nargs="?", completes=network_files, help="A network file. Default: the one opened or saved last."),
    )
    def save(self, line: str) -> object:
        """Save the network, as Python (``.py``) or as CLAM's XML (``.clamnetwork``).

        If saving is interrupted, the old file stays as it was.

        A name without a suffix gets ``.py``. A line with an option, a range of lines (``%save session.py 1-20``) or another suffix
        is passed to IPython's own %save, which saves what you typed. ``%save?`` after %unload_ext shows its help.

        Examples: ``%save my``, ``%save my.clamnetwork``, ``%save``
        """
        if not is_ours(line):
            return self._ipython_save(line)
        session = self.session
        network, named = session.network, parse(self.save, line).file
        path = session.file if named is None else Path(os.path.expanduser(named))
        if path is not None and named is not None and not path.suffix:
            path = path.with_name(f"{path.name}.py")
            say(f"To save what you typed instead: %save {named} 1-20")
        if path is None:
            raise UsageError("no file has been opened or saved yet. Type %save FILE.py")
        if path.is_file() and path != session.file and not _is_network_file(path):
            raise UsageError(f"{path} already exists and is not a network file. Choose another name, or delete it first")
        with shown_warnings():
            network.save(path)
        session.file = path
        say(f"saved {path}: {contents(len(network), len(network.proxy.wires()))}")
        return None

    @magic(
        argument("file", metavar="FILE", completes=network_files, help="A .py or .clamnetwork file."),
        argument("--trusted", action="store_true", help="Run a .py file as Python code, instead of only parsing it."),
    )
    def open(self, line: str) -> None:
        """Replace the network by the one in a file. %undo brings the old one back.

        After an error, the network is as it was. Example: ``%open my.py``
        """
        arguments = parse(self.open, line)
        load(self.session, arguments.file, trusted=arguments.trusted)


def load(session: Session, name: str, *, trusted: bool = False) -> None:
    """Load a file into ``net`` and print what it contains."""
    network, path = session.network, Path(os.path.expanduser(name))
    had, unsaved = len(network), network.modified
    with shown_warnings():
        network.load(path, trusted=trusted)
    session.file = path
    back = f". What was there before was not saved: %undo brings back its {contents(had, 0).split(',')[0]}" if had and unsaved else ""
    say(f"{VARIABLE} has {contents(len(network), len(network.proxy.wires()))} from {path}{back}")


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
    if words[0].endswith(".py") or not Path(words[0]).suffix:
        return len(words) == 1
    return words[0].endswith(suffixes()) and not any(RANGE.fullmatch(word) for word in words[1:])


def _is_network_file(path: Path) -> bool:
    """Whether a file may be replaced by a network: only Python code that somebody wrote may not."""
    if path.suffix != ".py":
        return True
    with path.open(encoding="utf-8", errors="replace") as file:
        begin = file.read(4096)
    return not begin.strip() or "ipyclam" in begin
