"""Looking: %types, %tree."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from IPython.core.error import UsageError
from IPython.core.magic import magics_class

from ipyclam_core.frontend.exploring import Member, items

from ..drawing import drawn_tree, drawn_types, show
from ..overview import overview
from ..session import Session
from ._line import NetworkMagics, argument, magic, parse

_NO_TERMINAL = (100, 40)
"""Columns and rows where nobody says how many there are: in a notebook, in a file."""


def types(session: Session) -> Iterator[Member]:
    """The processing types."""
    return items(session.snapshot.types)


def processings(session: Session) -> Iterator[Member]:
    """The processings of ``net``."""
    return items(session.snapshot)


@magics_class
class LookMagics(NetworkMagics):
    """Magics that show ``net``."""

    @magic(
        argument(
            "text",
            metavar="TEXT",
            nargs="*",
            completes=types,
            help="Words to find in the types' names, synonyms, categories, documentation, ports and parameters.",
        ),
    )
    def types(self, line: str) -> None:
        """List the processing types, or those that every word of TEXT fits.

        Examples: ``%types``, ``%types low pass``. ``net.types.Oscillator?`` shows everything about one.
        """
        words = " ".join(parse(self.types, line).text)
        network = self.session.network
        found = network.types.search(words)
        if not found:
            raise UsageError(f"no type of the {network.engine} engine fits {words!r}. To list them all: %types")
        show(self.shell, drawn_types(found, in_full=bool(words)))

    @magic(
        argument("processings", metavar="PROCESSING", nargs="*", completes=processings, help="Draw these only."),
        argument("--all", action="store_true", help="Show every processing and every wire in a row of its own."),
        argument("--code", action="store_true", help="Print the network as the statements that one types, with exact values."),
    )
    def tree(self, line: str) -> None:
        """Draw the network as text: each processing, the values that differ from the defaults, and its wires.

        Numbered processings of one type and wiring share a row, such as ``osc1 ... osc50  (50 Saw)``; so do their wires. --all shows
        each. If the drawing needs more rows than the terminal has, each processing gets one row. Processings you name are shown in
        full, with their incoming wires. Numbers are rounded; --code shows exact ones.

        Examples: ``%tree``, ``%tree osc``, ``%tree "any name"``, ``%tree --all``, ``%tree --code``
        """
        arguments = parse(self.tree, line)
        network = self.session.network
        if arguments.code:
            if arguments.processings or arguments.all:
                raise UsageError("--code shows the whole network. Type %tree --code, or %tree PROCESSING")
            show(self.shell, [[(row, "")] for row in network.code().split("\n")])
            return
        names = [network[name].name for name in arguments.processings]
        columns, rows = shutil.get_terminal_size(_NO_TERMINAL)
        engine = network.proxy
        lines = list(drawn_tree(network, engine, columns, names, arguments.all))
        if len(lines) > rows and not names:
            lines = list(overview(engine, network.state, columns, arguments.all))
        show(self.shell, lines)
