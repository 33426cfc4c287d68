"""Watching signals: %scope, %meter."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from typing import Protocol

from IPython.core.error import UsageError
from IPython.core.magic import magics_class, no_var_expand

from ipyclam_core.frontend.connectors import Connector
from ipyclam_core.frontend.monitoring import heard, network_of, signals, sinks
from ipyclam_core.frontend.network import Network

from ..drawing import Line, show
from ..interactive import in_notebook
from ..live import animate, has_screen
from ._expressions import handles, quoted
from ._line import NetworkMagics, argument, magic, parse, seconds
from .look import processings

PORTS = "Ports, controls or processings, such as net.osc or osc. Default: the inputs of the sinks."

LONGEST = 2.0
"""Seconds from left to right, of a port."""

_LOOK = 1.0
"""Seconds between looks for the sinks of a network."""

_WHOLE = 0.4
"""Seconds of samples that a drawing shows at most."""

_WIDEST = 100
_TALL = 12
"""Columns and rows for each signal, of a drawing that does not move."""


class Drawing(Protocol):
    """A scope or a meter."""

    def draw(self, columns: int, rows: int) -> list[Line]:
        """The rows of a drawing."""


@magics_class
class WatchMagics(NetworkMagics):
    """Magics that show what ``net`` plays."""

    @magic(
        argument("ports", metavar="PORT", nargs="*", completes=processings, help=PORTS),
        argument("--span", metavar="SECONDS", type=seconds, help="Time from left to right. Default: 0.02 for ports, 10 for controls."),
    )
    @no_var_expand
    def scope(self, line: str) -> None:
        """Oscilloscope: draw the waveform of ports while they play, until you press a key.

        It begins at a rising zero crossing, so that a steady tone stands still. Of controls, it draws the values over time.
        Where there is no terminal, it draws once.

        Examples: ``%scope``, ``%scope net.osc``, ``%scope net.osc["Audio Output"] net.lfo --span 0.005``
        """
        from ..scope import Scope, picture

        arguments = parse(self.scope, quoted(line))
        network, chosen = self._chosen(arguments.ports)
        if (arguments.span or 0.0) > LONGEST and any(signal.kind == "Port" for signal in chosen()):
            raise UsageError(f"a port is shown for at most {LONGEST:g} seconds, not {arguments.span:g}. A control can be shown for longer")
        if in_notebook(self.shell):
            _fill(network)
            from IPython.display import display

            for signal in chosen():
                display(picture(signal, network.status(), arguments.span))
            return
        self._show(network, Scope(chosen, network.status, arguments.span), len(chosen()) * _TALL)

    @magic(argument("ports", metavar="PORT", nargs="*", completes=processings, help=PORTS))
    @no_var_expand
    def meter(self, line: str) -> None:
        """Level meters: show peak and RMS of ports in dBFS while they play, until you press a key.

        The bar is bright up to the RMS and thin up to the peak. A mark holds the highest peak for 2 seconds.
        Where there is no terminal, it shows them once.

        Examples: ``%meter``, ``%meter net.osc net.out``
        """
        from ..levels import Meter

        arguments = parse(self.meter, quoted(line))
        network, chosen = self._chosen(arguments.ports)
        for signal in chosen():
            if signal.kind == "Control":
                raise UsageError(f"{signal!r} is a control, and has no level. To show its value: %scope {signal!r}")
        self._show(network, Meter(chosen, network.status), len(chosen()) + 2)

    def _show(self, network: Network, drawing: Drawing, rows: int) -> None:
        if has_screen(self.shell):
            animate(self.shell, drawing.draw)
        else:
            _fill(network)
            show(self.shell, drawing.draw(min(shutil.get_terminal_size((_WIDEST, 0)).columns, _WIDEST), max(rows, _TALL)))

    def _chosen(self, words: Sequence[str]) -> tuple[Network, _Named]:
        """The signals that a line names, or those of the sinks, and their network. Raises an error where they have no samples."""
        if words:
            named = signals(handles(self.session, words, "PORT"))
            if not named:
                raise UsageError("there is nothing to show. Name a port, such as net.osc")
            network, chosen = network_of(named[0]), _Named(named)
        else:
            network = self.session.network
            chosen = _Lately(network)
        for signal in chosen():
            if signal.kind == "Port":
                heard(signal, 1)
        return network, chosen


def _fill(network: Network) -> None:
    """Wait until ports that have just been asked for the first time have samples for a whole drawing."""
    begin, until = network.status().position, time.monotonic() + 2 * _WHOLE
    while network.state == "playing" and network.status().position < begin + _WHOLE and time.monotonic() < until:
        time.sleep(_WHOLE / 20)


class _Named:
    """Signals that were named."""

    def __init__(self, found: Sequence[Connector]) -> None:
        self._found = found

    def __call__(self) -> Sequence[Connector]:
        return self._found


class _Lately(_Named):
    """The inputs of the sinks of a network, looked for from time to time."""

    def __init__(self, network: Network) -> None:
        super().__init__(sinks(network))
        self._network, self._looked = network, time.monotonic()

    def __call__(self) -> Sequence[Connector]:
        now = time.monotonic()
        if now - self._looked > _LOOK:
            self._looked, self._found = now, sinks(self._network)
        return self._found
