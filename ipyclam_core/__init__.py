"""ipyclam: explore, build, play and save live networks of audio processings.

>>> from ipyclam_core import Network
>>> net = Network("dummy")

Processing types of your own are written with what is in `ipyclam_core.declare`.
"""

# ruff: noqa: E402
from .system import imports

imports.install()  # before anything else is imported

from .frontend.network import Network
from .frontend.placeholder import Placeholder
from .frontend.sounding import stop_all

__all__ = ["Network", "Placeholder", "stop_all"]
