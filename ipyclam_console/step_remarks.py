"""What a statement at the prompt has done that one may not expect: a dimmed line says it, once for each control or wire.

It may have sent a value that is not used as it is, or changed a parameter on which wires depend.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import takewhile
from weakref import WeakKeyDictionary

from IPython.core.interactiveshell import InteractiveShell

from ipyclam_core.frontend.history import RecordingProxy
from ipyclam_core.frontend.names import expression
from ipyclam_core.frontend.network import Network
from ipyclam_core.frontend.operations import Configure, Connect, SetControl
from ipyclam_core.frontend.steps import Step
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
        new = [*takewhile(lambda step: step.after > seen, reversed(tuple(proxy.steps.done)))]
        found = [text for text in (*_of_wires(new), *_of_values(proxy, new)) if text not in said]
        for text in found[:MOST]:
            said.add(text)
            remark(shell, text)

    def remove() -> None:
        shell.events.unregister("pre_run_cell", before_cell)
        shell.events.unregister("post_run_cell", after_cell)

    shell.events.register("pre_run_cell", before_cell)
    shell.events.register("post_run_cell", after_cell)
    return remove


def _of_wires(steps: Iterable[Step]) -> Iterator[str]:
    """The wires that were lost because a changed parameter has taken away a connector."""
    for entry in (entry for step in steps for entry in step.entries if isinstance(entry.done, Configure)):
        for lost in (done.wire for done in entry.inverse if isinstance(done, Connect)):
            ends = (f"{end.processing}[{end.name!r}]" for end in (lost.out_end, lost.in_end))
            yield f"removed, as a connector has gone: {' > '.join(f'{VARIABLE}.{end}' for end in ends)}. To undo that: {VARIABLE}.undo()"


def _of_values(proxy: RecordingProxy, steps: Iterable[Step]) -> Iterator[str]:
    """The values that were sent to controls, the last of each."""
    last: dict[tuple[str, str], SetControl] = {}
    for done in (entry.done for step in steps if step.is_gesture for entry in reversed(step.entries)):
        if isinstance(done, SetControl):
            last.setdefault((done.name, done.control), done)
    for sent in last.values():
        yield from _remarks(proxy, sent)


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
