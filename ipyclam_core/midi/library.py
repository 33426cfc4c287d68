"""The optional packages for MIDI, and the error that names the command which installs them."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

INSTALL: Final = "pip install 'ipyclam[midi]'"


def missing(package: str, use: str) -> str:
    """Why something cannot be done without a package, or ``""`` if it is installed.

    Parameters
    ----------
    package : the name to import.
    use : the beginning of the sentence, such as ``"MIDI files need mido"``.
    """
    try:
        found = find_spec(package) is not None
    except ImportError:  # so says the finder that leaves out the current folder
        found = False
    return "" if found else f"{use}. Install it in a terminal: {INSTALL}"
