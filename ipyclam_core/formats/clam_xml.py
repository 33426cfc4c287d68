"""`.clamnetwork`: the XML files of CLAM and its NetworkEditor, read and written.

Reading is more lenient than CLAM is: parameters may come in any order or be missing, bools may be ``true`` and
``false``, and what CLAM drops in silence (wires to connectors that are not there) is warned about and kept. Types that
the engine does not have become placeholders, which are written back as they were read. Writing is strict: every
parameter, in declared order, in CLAM's own notation.
"""

from __future__ import annotations

import os
import warnings
from collections import Counter
from typing import TYPE_CHECKING, Final

from ..frontend.code import hand_set
from ..frontend.history import RecordingProxy
from ._atomic import write_atomically
from ._clam_document import read
from ._clam_reader import build
from ._clam_writer import write
from ._loading import collector_paused, folder_of, listed, replacing, waiting_text

if TYPE_CHECKING:
    from ..frontend.network import Network

SUFFIX: Final = ".clamnetwork"
DESCRIPTION: Final = "CLAM network (XML)"


@collector_paused()
def save(network: Network, path: str | os.PathLike[str]) -> None:
    """Write `network` to `path`: after a crash, the old file or the new one is there.

    Warns (``UserWarning``) of what CLAM does not read: control values set by hand, all but the first wire of an in port.

    Raises
    ------
    NotWritable : a name that XML cannot hold, or a wire that would be read as another. Nothing is written then.
    """
    write_atomically(path, write(network._proxy, folder_of(path)))
    _warn_of_losses(network._proxy, path)


@collector_paused()
def load(network: Network, path: str | os.PathLike[str], trusted: bool = False) -> None:
    """Replace the content of `network` by that of the file, as one step.

    Warns (``UserWarning``) of wires that could not be made, once; they are kept and saved again.

    Parameters
    ----------
    trusted : makes no difference: XML is never executed.

    Raises
    ------
    FormatError : what cannot be read, with file and line; the network is as it was.
    """
    document = read(path)
    with replacing(network, path):
        reasons = build(network._proxy, document, path)
    if reasons:
        warnings.warn(waiting_text(path, reasons), stacklevel=5)


def to_string(network: Network) -> str:
    """The text that `save` writes, with paths relative to the current directory: ``net.xml()``."""
    return write(network._proxy, None)


def _warn_of_losses(proxy: RecordingProxy, path: str | os.PathLike[str]) -> None:
    held = [f"{state.name}.{control}" for state in proxy.processings().values() if state.controls for control in hand_set(proxy, state)]
    if held:
        warnings.warn(f"{path}: control values set by hand are not in this format, .py files keep them: {listed(held)}", stacklevel=6)
    fed = Counter(wire.in_end for wire in proxy.wires() if wire.kind == "Port")
    several = [f"{end.processing}.{end.name}" for end, count in fed.items() if count > 1]
    if several:
        warnings.warn(f"{path}: CLAM reads the first wire only of those into one in port: {listed(several)}", stacklevel=6)
