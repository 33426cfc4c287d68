"""Somebody else's clients: ``python foreign.py NAME PORTS [NAME PORTS ...]``, then commands on its standard input.

PORTS are like ``out:a,in:b,midiout:c,midiin:d``, ``-`` for none. An out port ``send`` plays noise, an in port ``receive``
hears. Each command is answered by one line.
"""

from __future__ import annotations

import sys

import jack
import numpy as np

MAKERS = {"out": "outports", "in": "inports", "midiout": "midi_outports", "midiin": "midi_inports"}
NOISE = np.random.default_rng(1).uniform(-0.5, 0.5, 1 << 16).astype(np.float32)


class Foreign:
    """One client, with its ports."""

    def __init__(self, name: str, ports: str) -> None:
        self.client = jack.Client(name, use_exact_name=True)
        self.ports: dict[str, jack.OwnPort] = {}
        self.sent = self.heard = 0.0
        for port in filter(None, ports.replace("-", "").split(",")):
            self.add(port)
        if {"send", "receive"} & set(self.ports):
            self.client.set_process_callback(self.process)
        self.client.activate()

    def add(self, port: str) -> None:
        kind, _, name = port.partition(":")
        machine = self.client.name == "system"  # on PipeWire somebody has to play the part
        self.ports[name] = getattr(self.client, MAKERS[kind]).register(name, is_physical=machine, is_terminal=machine)

    def process(self, frames: int) -> None:
        if "send" in self.ports:
            self.ports["send"].get_array()[:] = NOISE[:frames]
            self.sent = float(np.sqrt(np.mean(NOISE[:frames] ** 2)))
        if "receive" in self.ports:
            self.heard = float(np.sqrt(np.mean(self.ports["receive"].get_array() ** 2)))


def answer(clients: dict[str, Foreign], words: list[str]) -> object:
    """Do one command; what to say."""
    match words:
        case ["add", name, port]:
            clients[name].add(port)
        case ["drop", name, port]:
            clients[name].ports.pop(port).unregister()
        case ["rename", name, old, new]:
            clients[name].ports[new] = clients[name].ports.pop(old)
            clients[name].ports[new].shortname = new
        case ["alias", name, port, text]:
            clients[name].ports[port].set_alias(text)
        case ["pretty", name, port, text]:
            clients[name].client.set_property(clients[name].ports[port], jack.METADATA_PRETTY_NAME, text)
        case ["new", name, ports]:
            clients[name] = Foreign(name, ports)
        case ["close", name]:
            clients[name].client.deactivate()
            clients.pop(name).client.close()
        case ["cut", name, source, target]:
            clients[name].client.disconnect(source, target)
        case ["gain", name]:
            return clients[name].heard / clients[name].sent if clients[name].sent else 0.0
        case ["storm", times, ports]:
            for time in range(int(times)):
                Foreign(f"storm {time % 7}", ports).client.close()
        case _:
            return f"what is {words}?"
    return "done"


def main() -> None:
    names = sys.argv[1:]
    clients = {name: Foreign(name, ports) for name, ports in zip(names[::2], names[1::2], strict=True)}
    print("ready", flush=True)
    for line in sys.stdin:
        print(answer(clients, line.rstrip("\n").split("|")), flush=True)
    for foreign in clients.values():
        foreign.client.deactivate()
        foreign.client.close()


main()
