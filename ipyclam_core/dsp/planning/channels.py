"""The mapping of ports of sources and sinks to channels of the device, with fades when it changes.

A channel is a number, or on devices that name theirs (JACK's ports) a name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..memory.fades import Fade
from ..memory.instances import Message
from .score import Node

Channel = int | str
Port = tuple[int, int]
"""A node's row and the number of one of its ports."""


class Channels:
    """The channels in use.

    Parameters
    ----------
    named : whether the device's channels have names.
    spread : whether mono output is played on both left and right.
    """

    def __init__(self, named: bool = False, spread: bool = False) -> None:
        self._named = named
        self._spread = spread
        self._sources: dict[Port, Channel] = {}
        self._links: dict[tuple[Port, Channel], Fade | None] = {}
        self.inputs: list[Channel] = []
        self.outputs: list[Channel] = []
        self.in_order: tuple[list[Channel], list[Channel]] = ([], [])
        """Inputs and outputs without those that only fade out, in the order of the sources and sinks."""
        self.renamed: list[tuple[str, str]] = []
        self.dropped: list[Any] = []
        self.outbox: list[Message] = []

    def update(self, sources: Sequence[Node], sinks: Sequence[Node], ghosts: Sequence[Node], frames: int) -> None:
        """Update the channels, fading over `frames`; ghosts keep their channels."""
        wanted = dict(self._label(list(_ports(sources, "outports"))))
        rows = {node.row for node in ghosts}
        self._rename({port: channel for port, channel in self._sources.items() if port[0] not in rows}, wanted)
        held = {port: channel for port, channel in self._sources.items() if port[0] in rows}
        self._sources = {**wanted, **held}
        self.inputs = list(dict.fromkeys(self._sources.values()))
        played = list(self._label(list(_ports(sinks, "inports"))))
        if self._spread and len(played) == 1:
            played.append((played[0][0], 1))
        self._rename({port: channel for (port, channel), fade in self._links.items() if fade is None or fade.appears}, dict(played))
        self._fade_over(played, frames)
        self.in_order = list(wanted.values()), [channel for _, channel in played]

    def links(self) -> list[tuple[Port, int, Fade | None]]:
        """Sink port, number of the channel and fade of each link."""
        if not self._named:
            return [(port, int(channel), fade) for (port, channel), fade in self._links.items()]
        number = {channel: k for k, channel in enumerate(self.outputs)}
        return [(port, number[channel], fade) for (port, channel), fade in self._links.items()]

    def metered(self) -> dict[Port, int]:
        """The sink ports that play, each with the number of its channel, the first one if it has two."""
        number = {channel: k for k, channel in enumerate(self.outputs)} if self._named else {}
        played: dict[Port, int] = {}
        for (port, channel), fade in self._links.items():
            if fade is None or fade.appears:
                played.setdefault(port, number[channel] if self._named else int(channel))
        return played

    def sources(self) -> list[tuple[Port, int]]:
        """Source port and number of its channel."""
        number = {channel: k for k, channel in enumerate(self.inputs)}
        return [(port, number[channel] if self._named else int(channel)) for port, channel in self._sources.items()]

    @property
    def width(self) -> int:
        """The number of channels to play."""
        return len(self.outputs) if self._named else 1 + max((int(channel) for channel in self.outputs), default=-1)

    def rows(self) -> set[int]:
        """The rows of the nodes that are connected to a channel."""
        return {port[0] for port, _ in self._links}

    def end_fades(self) -> bool:
        """Remove links that have faded out, and completed fades; returns whether anything changed."""
        over = [(key, fade) for key, fade in self._links.items() if fade is not None and fade.over]
        for key, fade in over:
            self.dropped.append(fade.cells)
            if fade.appears:
                self._links[key] = None
            else:
                del self._links[key]
        return bool(over)

    def _label(self, ports: list[tuple[Port, str]]) -> Iterator[tuple[Port, Channel]]:
        """Each port with its channel; duplicate names are numbered."""
        taken: set[Channel] = set()
        for k, (port, name) in enumerate(ports):
            channel: Channel = k
            if self._named:
                plain = name.replace(":", "_").encode()[:180].decode(errors="ignore")
                number, channel = 1, plain
                while channel in taken:
                    number += 1
                    channel = f"{plain} ({number})"
                taken.add(channel)
            yield port, channel

    def _rename(self, before: dict[Port, Channel], wanted: dict[Port, Channel]) -> None:
        """A channel that was only renamed remains the same channel."""
        if not self._named:
            return
        used = set(self._sources.values()) | {channel for _, channel in self._links}
        for port, old in before.items():
            new = wanted.get(port)
            if new is None or new == old or new in used or old in wanted.values():
                continue
            self.renamed.append((str(old), str(new)))
            self._sources = {p: new if c == old else c for p, c in self._sources.items()}
            self._links = {(p, new if c == old else c): fade for (p, c), fade in self._links.items()}

    def _fade_over(self, played: list[tuple[Port, Channel]], frames: int) -> None:
        for key, fade in list(self._links.items()):
            if key in played or (fade is not None and not fade.appears):
                continue
            if not frames:
                del self._links[key]
            elif fade is None:
                self._links[key] = Fade(False, frames)
            else:
                self.outbox += fade.turn()
        for key in played:
            held = self._links.get(key)
            if key not in self._links:
                self._links[key] = Fade(True, frames) if frames else None
            elif held is not None and not held.appears:
                self.outbox += held.turn()
        self.outputs = list(dict.fromkeys([channel for _, channel in (*played, *self._links)]))


def _ports(nodes: Sequence[Node], role: str) -> Iterator[tuple[Port, str]]:
    for node in nodes:
        ports = getattr(node.state.connectors, role)
        for k, port in enumerate(ports):
            yield (node.row, k), node.name if len(ports) == 1 else f"{node.name}_{port.name}"
