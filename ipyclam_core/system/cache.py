"""Files kept from one session to the next in the user's cache folder. Each is whole, or missing.

The folder is ``~/.cache/ipyclam`` (``XDG_CACHE_HOME`` is heeded, ``IPYCLAM_CACHE`` names another one). A file that is
damaged, foreign or unreadable counts as missing, and a folder that cannot be written to keeps nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import time
from pathlib import Path
from typing import Final

from .turns import turn

UNUSED_DAYS: Final = 90
LARGEST: Final = 500_000_000  # bytes of all files of one kind
PRUNE_EVERY: Final = 100  # files written, the first of a process among them
DAY: Final = 24 * 3600
_UNFINISHED: Final = ".new"


def folder() -> Path:
    """The cache folder; it may be missing."""
    named = os.environ.get("IPYCLAM_CACHE")
    if named:
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(base) / "ipyclam"


class Cache:
    """The files of one kind.

    Several processes may use them at once: a file appears as a whole, and one that is removed while another process
    wants it is made again.

    Parameters
    ----------
    kind : their folder's name, ``"kernels"``.
    suffix : what their names end with, ``".o"``.
    """

    def __init__(self, kind: str, suffix: str) -> None:
        self._kind, self._suffix = kind, suffix
        self._head = f"ipyclam {kind} 1\n".encode()
        self._written = 0

    @property
    def folder(self) -> Path:
        """Where the files are; it may be missing."""
        return folder() / self._kind

    def read(self, key: str) -> bytes | None:
        """The content written under a key (40 hexadecimal digits); None if it is missing or damaged."""
        try:
            path = self.folder / (key + self._suffix)
            if not path.is_file():  # opening a pipe of that name would block
                return None
            held = path.read_bytes()
            self._use(path)
        except OSError:
            return None
        head = len(self._head) + 32
        content = held[head:]
        whole = held.startswith(self._head) and self._digest(key, content) == held[len(self._head) : head]
        return content if whole else None

    def has(self, key: str) -> bool:
        """Whether there is a file of that key, be it damaged or not."""
        return (self.folder / (key + self._suffix)).is_file()

    def can_write(self) -> bool:
        """Whether `write` keeps anything."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            return False
        return os.access(self.folder, os.W_OK | os.X_OK)

    def write(self, key: str, content: bytes) -> None:
        """Keep `content` under a key, where that is possible. Now and then this removes what has become useless."""
        import tempfile  # slow to import, and seldom needed

        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.folder, prefix=_UNFINISHED)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(self._head + self._digest(key, content) + content)
                os.replace(name, self.folder / (key + self._suffix))
            except OSError:
                os.unlink(name)
        self._written += 1
        if self._written % PRUNE_EVERY == 1:
            self.prune()

    def making(self, key: str) -> contextlib.AbstractContextManager[None]:
        """Enter this to make what is missing, and read it once more: another thread or process that makes it is waited for."""
        self.can_write()
        return turn(self.folder / (_UNFINISHED + key))

    def prune(self) -> None:
        """Remove files that were not used for `UNUSED_DAYS`, and beyond `LARGEST` bytes those unused for longest.

        Only files that `write` may have made are touched.
        """
        ours = re.compile(f"[0-9a-f]{{40}}{re.escape(self._suffix)}")
        now, room = time.time(), LARGEST
        found: list[tuple[float, int, str]] = []
        with contextlib.suppress(OSError), os.scandir(self.folder) as entries:
            for entry in entries:
                unfinished = entry.name.startswith(_UNFINISHED)
                if (unfinished or ours.fullmatch(entry.name)) and entry.is_file(follow_symlinks=False):
                    facts = entry.stat(follow_symlinks=False)
                    if now - facts.st_mtime > (DAY if unfinished else UNUSED_DAYS * DAY):
                        _remove(entry.path)
                    elif not unfinished:
                        found.append((facts.st_mtime, facts.st_size, entry.path))
        for _, size, path in sorted(found, reverse=True):
            room -= size
            if room < 0:
                _remove(path)

    def _digest(self, key: str, content: bytes) -> bytes:
        return hashlib.sha256(key.encode() + content).digest()

    def _use(self, path: Path) -> None:
        """Note that a file is in use: its time of change is the day of its last use."""
        with contextlib.suppress(OSError):  # it may be somebody else's
            if abs(time.time() - path.stat().st_mtime) > DAY:
                os.utime(path)


def _remove(path: str) -> None:
    with contextlib.suppress(OSError):  # another process may have been faster
        os.unlink(path)
