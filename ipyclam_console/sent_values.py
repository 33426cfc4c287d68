"""Values that were sent to controls at the prompt and may not do as one expects: a dimmed line says why, once for each control."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import takewhile
from weakref import WeakKeyDictionary

from IPython.core.interactiveshell import InteractiveShell

from ipyclam_core.frontend.history import RecordingProxy
from ipyclam_core.frontend.names import expression
from ipyclam_core.frontend.network import Network
from ipyclam_core.frontend.operations import SetControl
from ipyclam_core.proxy import ConnectorId, ControlSpec

from .saying import remark
from .session import VARIABLE

MOST = 3
"""The most lines after a cell."""


def install(shell: InteractiveShell) -> Callable[[], None]:
    """Say so from now on. Call the returned function to undo this."""
    looked: WeakKeyDictionary[RecordingProxy, int] = WeakKeyDictionary()
    told: WeakKeyDictionary[RecordingProxy, set[str]] = WeakKeyDictionary()

    def before_cell(*_: object) -> None:
        if isinstance(held := shell.user_ns.get(VARIABLE), Network):
            looked[held.proxy] = held.proxy.steps.state

    def after_cell(*_: object) -> None:
        held = shell.user_ns.get(VARIABLE)
        if not isinstance(held, Network):
            return
        proxy, seen = held.proxy, looked.get(held.proxy, 0)
        if seen == proxy.steps.state:
            return
        said = told.setdefault(proxy, set())
        found = [text for sent in _sent(proxy, seen) for text in _remarks(proxy, sent) if text not in said]
        for text in found[:MOST]:
            said.add(text)
            remark(shell, text)

    def remove() -> None:
        shell.events.unregister("pre_run_cell", before_cell)
        shell.events.unregister("post_run_cell", after_cell)

    shell.events.register("pre_run_cell", before_cell)
    shell.events.register("post_run_cell", after_cell)
    return remove


def _sent(proxy: RecordingProxy, since: int) -> Iterator[SetControl]:
    """The values that were sent after a state of the network, the last of each control."""
    last: dict[tuple[str, str], SetControl] = {}
    new = takewhile(lambda step: step.after > since, reversed(tuple(proxy.steps.done)))
    for step in new:
        for done in (entry.done for entry in step.entries if step.is_gesture):
            if isinstance(done, SetControl):
                last.setdefault((done.name, done.control), done)
    yield from last.values()


def _remarks(proxy: RecordingProxy, sent: SetControl) -> Iterator[str]:
    state = proxy.processings().get(sent.name)
    spec = None if state is None else state.connectors.find("Control", "In", sent.control)
    if not isinstance(spec, ControlSpec) or sent.value is None:
        return
    processings, end = proxy.processings(), ConnectorId(sent.name, "Control", "In", sent.control)
    text = expression(processings, end, VARIABLE)
    for peer in tuple(proxy.peers(end))[:1]:
        yield f"{expression(processings, peer, VARIABLE)} drives {text}: the next value that it sends replaces yours"
    low, high = spec.minimum, spec.maximum
    if (low is not None and sent.value < low) or (high is not None and sent.value > high):
        yield f"{text} has the range {_range(low, high)}, and this value is outside of it"


def _range(low: float | None, high: float | None) -> str:
    if high is None:
        return f"from {low:g}"
    return f"up to {high:g}" if low is None else f"{low:g} to {high:g}"
