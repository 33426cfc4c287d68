"""The forms of frames: how long the rows are at each port, which depends on what comes before it."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import NamedTuple

from ...declare.declaration import Declared
from .lifting import lifted
from .score import Node, NodeWire, Score, number

Form = Mapping[str, int]
BUFFER = 512
"""The frames of a buffer that is cut out of a block signal: CLAM's block, whatever that of the device is."""
LENGTH = "size"
"""The name of the length of a buffer."""


class Forms:
    """The forms of the frames at the ports of a score's nodes; `computing` are the rows that `lifted` finds."""

    def __init__(self, score: Score, computing: set[int] | None = None) -> None:
        self._score = score
        self.lifted = lifted(score) if computing is None else computing
        self._known: dict[tuple[int, int], Form] = {}
        self._asked: set[tuple[int, int]] = set()
        self._went_round = False

    def of_node(self, node: Node) -> dict[str, SimpleNamespace]:
        """The forms at its in ports, as its functions take them."""
        ports = [item.attribute for item, _ in node.items("inports")]
        found = {name: SimpleNamespace(**self.of_in_port(node, ports.index(name))) for name in node.type.forms if name in ports}
        return {**node.type.forms, **found}

    def of_out_port(self, node: Node, k: int) -> Form:
        """The lengths of the rows of an out port's frames, by name."""
        key = node.row, k
        if key in self._known:
            return self._known[key]
        item, number_of_it = node.items("outports")[k]
        if key in self._asked:  # it depends on itself
            self._went_round = True
            return {} if item.frame is None else dict(item.frame.lengths)
        self._asked.add(key)
        form = {LENGTH: self.length(node)} if item.frame is None else self._find(node, item, number_of_it)
        self._asked.discard(key)
        if not self._asked:
            self._went_round = False
        if not self._went_round:  # otherwise it may be another one, seen from itself
            self._known[key] = form
        return form

    def length(self, node: Node) -> int:
        """The length of the buffers that a processing of blocks hears: the longest counts."""
        found = [
            self.of_out_port(source, place).get(LENGTH, 0)
            for ends in node.wires
            if ends[2] == node.row and self._score.is_edge(ends)
            for source, place in [self._source(ends)]
            if self._puts_frames(source, place)
        ]
        longest = max(found, default=0)
        return longest or int(node.queues.get("length", BUFFER))

    def _source(self, ends: NodeWire) -> tuple[Node, int]:
        source = self._score.by_row[ends[0]]
        return source, source.map.declared["outports", ends[1]][2]

    def _puts_frames(self, node: Node, k: int) -> bool:
        return node.row in self.lifted or node.items("outports")[k][0].frame is not None

    def of_in_port(self, node: Node, k: int) -> Form:
        """The form of the frames that an in port reads: those of its data type where nothing is connected."""
        item = node.items("inports")[k][0]
        assert item.frame is not None
        for ends in node.wires:
            if ends[2] == node.row and self._score.is_edge(ends) and node.map.declared["inports", ends[3]][2] == k:
                source, place = self._source(ends)
                if not self._puts_frames(source, place):  # a block signal, in pieces
                    return dict.fromkeys(item.frame.lengths, BUFFER)
                return self.of_out_port(source, place)
        return dict(item.frame.lengths)

    def _find(self, node: Node, item: Declared, k: int) -> Form:
        """The form of the out port of a number among those declared together."""
        if item.copies:
            return self._of_attribute(node, item.copies, k)
        form = {}
        for name, said in item.lengths:
            attribute, _, length = said.partition(".") if isinstance(said, str) else ("", "", "")
            form[name] = self._of_attribute(node, attribute)[length] if length else number(node, said)
        return form

    def _of_attribute(self, node: Node, attribute: str, number_of_it: int = 0) -> Form:
        places = [k for k, (item, _) in enumerate(node.items("inports")) if item.attribute == attribute]
        if not places:  # declared with count, and there are none
            item = next(item for item in node.type.items_of("inports") if item.attribute == attribute)
            assert item.frame is not None
            return dict(item.frame.lengths)
        return self.of_in_port(node, places[number_of_it])


class Reformed(NamedTuple):
    """A node whose memory depends on the frames that it hears, with their forms, and the longest block that it computes."""

    node: Node
    forms: Mapping[str, SimpleNamespace]
    block: int


def reformed(score: Score) -> list[Reformed]:
    """The nodes whose memory is not right for the frames that they hear now."""
    found: list[Reformed] = []
    heeding = any(type_.heeds_forms for type_ in score.types)
    if not heeding and not any(type_.puts_buffers for type_ in score.types):
        return found
    forms = Forms(score)
    for node in score.by_row.values() if heeding else ():
        if node.type.heeds_forms and node.instance is not None:
            now = forms.of_node(node)
            if now != node.instance.forms:
                found.append(Reformed(node, now, score.block))
    for row in forms.lifted:
        node = score.by_row[row]
        if node.type.heeds_block and node.instance is not None and forms.length(node) > node.instance.block_size:
            found.append(Reformed(node, node.instance.forms, forms.length(node)))
    return found
