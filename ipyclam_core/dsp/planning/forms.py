"""The forms of frames: how long the rows are at each port, which depends on what comes before it."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace

from ...declare.declaration import Declared
from .score import Node, Score, number

Form = Mapping[str, int]
BUFFER = 512
"""The frames of a buffer that is cut out of a block signal: CLAM's block, whatever that of the device is."""


class Forms:
    """The forms of the frames at the ports of a score's nodes."""

    def __init__(self, score: Score) -> None:
        self._score = score
        self._known: dict[tuple[int, int], Form] = {}
        self._asked: set[tuple[int, int]] = set()

    def of_node(self, node: Node) -> dict[str, SimpleNamespace]:
        """The forms at its in ports, as its functions take them."""
        ports = [item.attribute for item, _ in node.items("inports")]
        found = {name: SimpleNamespace(**self.of_in_port(node, ports.index(name))) for name in node.type.forms if name in ports}
        return {**node.type.forms, **found}

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
        for ends in node.wires:
            if ends[2] == node.row and self._score.is_edge(ends) and node.map.declared["inports", ends[3]][2] == k:
                source = self._score.by_row[ends[0]]
                out, _, place = source.map.declared["outports", ends[1]]
                if out.frame is None:  # a block signal, in pieces
                    return dict.fromkeys(item.frame.lengths, BUFFER)
                return self.of_out_port(source, place)
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


def reformed(score: Score) -> list[tuple[Node, dict[str, SimpleNamespace]]]:
    """The nodes whose memory depends on the forms of frames that have changed, with the forms as they are."""
    found: list[tuple[Node, dict[str, SimpleNamespace]]] = []
    if not any(type_.heeds_forms for type_ in score.types):
        return found
    forms = Forms(score)
    for node in score.by_row.values():
        if node.type.heeds_forms and node.instance is not None:
            now = forms.of_node(node)
            if now != node.instance.forms:
                found.append((node, now))
    return found
