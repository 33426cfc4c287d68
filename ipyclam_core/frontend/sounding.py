"""The networks that this process has started to play, to stop them all, wherever they are held."""

from __future__ import annotations

import threading
import weakref
from typing import Final

from ..proxy import CanPlay
from ..system.interrupts import whole

_begun: Final[weakref.WeakSet[CanPlay]] = weakref.WeakSet()
_lock = threading.RLock()  # collecting a network may happen within


def begun(engine: CanPlay) -> None:
    """It has been asked to play."""
    with _lock:
        _begun.add(engine)


def sounding() -> list[CanPlay]:
    """The engines that play now, or pause."""
    with _lock:
        engines = list(_begun)
    return [engine for engine in engines if engine.status().state != "stopped"]


def playing_besides(proxy: object) -> int:
    """The number of other networks that play besides this one, given as `Network.proxy`."""
    own = getattr(proxy, "inner", proxy)
    return sum(engine is not own and engine.status().state == "playing" for engine in sounding())


def stop_all() -> int:
    """Stop every network that plays in this process, and return how many there were.

    It reaches networks that no variable holds. A network that nothing holds at all stops by itself.

    Examples
    --------
    >>> from ipyclam_core import Network, stop_all
    >>> net = Network("dummy")
    >>> net.play()
    >>> stop_all()
    1
    """
    stopped, failed = 0, None
    for engine in sounding():
        try:
            with whole():
                engine.stop()
            stopped += 1
        except Exception as error:  # the others stop all the same
            failed = error
    if failed is not None:
        raise failed
    return stopped
