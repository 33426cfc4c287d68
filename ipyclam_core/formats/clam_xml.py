"""`.clamnetwork`: the XML files of CLAM and its NetworkEditor, read and written.

Reading is more lenient than in CLAM: parameters may have any order or be missing, and bools may be ``true`` and ``false``.
Wires to missing connectors are kept, with a warning; CLAM drops them silently. Types that the engine lacks become
placeholders, which are saved unchanged. Writing is strict: all parameters, in declared order, in the notation of CLAM.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, Final

from ..frontend.code import hand_set
from ..frontend.history import RecordingProxy
from ..system.display import warn
from ._atomic import write_atomically
from ._clam_document import read
from ._clam_reader import build
from ._clam_writer import write
from ._loading import check_size, collector_paused, folder_of, listed, replacing, waiting_text
from ._xml_tree import MAX_BYTES

if TYPE_CHECKING:
    from ..frontend.network import Network

SUFFIX: Final = ".clamnetwork"
DESCRIPTION: Final = "CLAM network (XML)"


@collector_paused()
def save(network: Network, path: str | os.PathLike[str]) -> None:
    """Write `network` to `path`. A crash leaves the old file or the new one.

    Warns (``UserWarning``) of content that CLAM does not read: control values set by hand, and further wires of an in port.

    Raises
    ------
    NotWritable : XML cannot contain a name, or a wire would be read as another wire. Nothing is written.
    """
    with network._proxy.unchanging():
        text = write(network._proxy, folder_of(path))
    check_size(text, path, MAX_BYTES)
    write_atomically(path, text)
    _warn_of_losses(network._proxy, path)


@collector_paused()
def load(network: Network, path: str | os.PathLike[str], trusted: bool = False) -> None:
    """Replace the content of `network` by that of the file, in one undo step.

    Warns (``UserWarning``) of wires that could not be connected, which are kept and saved again, and of parameters that only older
    versions of CLAM had.

    Parameters
    ----------
    trusted : has no effect: XML is never executed.

    Raises
    ------
    FormatError : the file is not valid; the message gives the line. The network is unchanged.
    """
    document = read(path)
    with replacing(network, path):
        reasons, dropped = build(network._proxy, document, path)
    if dropped:
        warn(f"{path} was written by an older version of CLAM. Left out, as they have no effect today: {listed(dropped)}", stacklevel=5)
    if reasons:
        warn(waiting_text(path, reasons), stacklevel=5)


def to_string(network: Network) -> str:
    """The text of the file, with paths relative to the current directory: ``net.xml()``."""
    with network._proxy.unchanging():
        return write(network._proxy, None)


def _warn_of_losses(proxy: RecordingProxy, path: str | os.PathLike[str]) -> None:
    states = [state for state in tuple(proxy.processings().values()) if state.controls]
    held = [f"{state.name}.{control}" for state in states for control in hand_set(proxy, state)]
    if held:
        warn(f"{path} does not contain control values set by hand: {listed(held)}. To keep them, save as .py", stacklevel=6)
    if proxy.info().volume:
        warn(f"{path} does not contain the volume of the network ({proxy.info().volume:g} dB). To keep it, save as .py", stacklevel=6)
    fed = Counter(wire.in_end for wire in tuple(proxy.wires()) if wire.kind == "Port")
    several = [f"{end.processing}.{end.name}" for end, count in fed.items() if count > 1]
    if several:
        warn(f"{path}: CLAM reads only the first wire of an in port. In ports with several: {listed(several)}", stacklevel=6)
