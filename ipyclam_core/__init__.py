"""ipyclam: explore, build, play and save live networks of audio processings.

>>> from ipyclam_core import Network
>>> net = Network("dummy")
"""

from .network import Network
from .placeholder import Placeholder

__all__ = ["Network", "Placeholder"]
