"""The forms of frames: how long the rows are at each port, which depends on what comes before it."""

from __future__ import annotations

from collections.abc import Mapping

from ...declare.declaration import Declared
from .score import Node
from .streams import Streams, number

Form = Mapping[str, int]
BUFFER = 512
"""The frames of a buffer that is cut out of a block signal: CLAM's block, whatever that of the device is."""


class Forms:
    """The forms of the frames at the ports of the nodes of some streams."""

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self._known: dict[tuple[int, int], Form] = {}
        self._asked: set[tuple[int, int]] = set()

    def of_out_port(self, node: Node, k: int) -> Form:
        """The lengths of the rows of an out port's frames, by name."""
        key = node.row, k
        if key not in self._known:
            item = node.items("outports")[k][0]
            assert item.frame is not None
            if key in self._asked:  # it depends on itself
                return dict(item.frame.lengths)
            self._asked.add(key)
            self._known[key] = self._find(node, item)
            self._asked.discard(key)
        return self._known[key]

    def of_in_port(self, node: Node, k: int) -> Form:
        """The form of the frames that an in port reads: those of its data type where nothing is connected."""
        item = node.items("inports")[k][0]
        assert item.frame is not None
        for e in self._streams.wires_into(node, k):
            ends = self._streams.ends[e]
            if self._streams.out_item(ends).frame is None:  # a block signal, in pieces
                return dict.fromkeys(item.frame.lengths, BUFFER)
            return self.of_out_port(self._streams.score.by_row[ends.source], ends.out)
        return dict(item.frame.lengths)

    def _find(self, node: Node, item: Declared) -> Form:
        if item.copies:
            return self._of_attribute(node, item.copies)
        form = {}
        for name, said in item.lengths:
            attribute, _, length = said.partition(".") if isinstance(said, str) else ("", "", "")
            form[name] = self._of_attribute(node, attribute)[length] if length else number(node, said)
        return form

    def _of_attribute(self, node: Node, attribute: str) -> Form:
        places = [k for k, (item, _) in enumerate(node.items("inports")) if item.attribute == attribute]
        if not places:  # declared with count, and there are none
            item = next(item for item in node.type.items_of("inports") if item.attribute == attribute)
            assert item.frame is not None
            return dict(item.frame.lengths)
        return self.of_in_port(node, places[0])
