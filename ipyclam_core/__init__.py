"""ipyclam: explore, build, play and save live networks of audio processings.

>>> from ipyclam_core import Network
>>> net = Network()

Processing types of your own are written with what is in `ipyclam_core.declare`.
"""

# ruff: noqa: E402
from .system import imports

imports.install()  # before anything else is imported

from .frontend.network import Network
from .frontend.placeholder import Placeholder
from .frontend.sounding import stop_all

__all__ = ["Network", "Placeholder", "__version__", "stop_all"]


def __getattr__(name: str) -> str:
    """``__version__``, read when it is asked for: looking it up takes longer than all imports here."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import version

    return version("ipyclam")
