"""The networks that this process has started to play, to stop them all, wherever they are held."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from typing import Final

from ..proxy import CanPanic, CanPlay
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


def panic_all() -> int:
    """Silence every network of this process that plays or pauses, at once, and return how many there were."""
    return _end_all(lambda engine: engine.panic() if isinstance(engine, CanPanic) else engine.stop())


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
    return _end_all(lambda engine: engine.stop())


def _end_all(end: Callable[[CanPlay], None]) -> int:
    """End each that sounds; the number of them."""
    ended, failed = 0, None
    for engine in sounding():
        try:
            with whole():
                end(engine)
            ended += 1
        except Exception as error:  # the others stop all the same
            failed = error
    if failed is not None:
        raise failed
    return ended
