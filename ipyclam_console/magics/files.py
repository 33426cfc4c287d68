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
from ..interactive import asked, in_notebook, is_interactive
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

        A name without a suffix gets ``.py``. A line with an option or a range of lines (``%save session.py 1-20``)
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
            raise UsageError("this network has no file yet. Type %save FILE.py")
        if not path.name.lower().endswith(suffixes()):
            raise UsageError(f"a network is saved as {' or '.join(suffixes())}, not {path.suffix}. Type %save {path.stem}.py")
        if not _may_replace(session, path):
            say("not saved")
            return None
        with shown_warnings():
            network.save(path)
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


def load(session: Session, name: str, *, trusted: bool = False, quiet: bool = False) -> None:
    """Load a file into ``net`` and print what it contains, unless `quiet`."""
    network, path = session.network, Path(os.path.expanduser(name))
    if not path.suffix and not path.exists():
        path = path.with_name(f"{path.name}.py")
    had, unsaved = len(network), network.modified
    with shown_warnings():
        network.load(path, trusted=trusted)
    back = f". What was there before was not saved: %undo brings back its {contents(had, 0).split(',')[0]}" if had and unsaved else ""
    if not quiet:
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
    if len(words) == 1:
        return True
    return words[0].endswith(suffixes()) and not words[0].endswith(".py") and not any(RANGE.fullmatch(word) for word in words[1:])


def _may_replace(session: Session, path: Path) -> bool:
    """Whether a file may be written: a person is asked before one is lost."""
    own = session.network.proxy.file == os.path.abspath(path)
    if not path.is_file() or (own and not session.network.proxy.file_has_changed):
        return True
    if not own and not _is_network_file(path):
        raise UsageError(f"{path} already exists and is not a network file. Choose another name, or delete it first")
    what = f"{path} was changed by another program since it was opened here" if own else f"{path} already exists"
    if is_interactive(session.shell) and not in_notebook(session.shell):
        return asked(f"{what}. Replace it? [y/n] ").lower() in ("y", "yes")
    if own:
        raise UsageError(f"{what}. Save under another name, or open it again: %open {path}")
    return True


def _is_network_file(path: Path) -> bool:
    """Whether a file may be replaced by a network: only Python code that somebody wrote may not."""
    if path.suffix != ".py":
        return True
    with path.open(encoding="utf-8", errors="replace") as file:
        begin = file.read(4096)
    return not begin.strip() or "ipyclam" in begin
