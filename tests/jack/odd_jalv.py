"""A program in the place of ``jalv``, whose plugins do not have the ports that they declare: ``ODD_JALV`` says which they have.

It is a client called as ``-n`` says, with ports as `foreign.py` takes them, and answers every command by a prompt. What is
written after ``@`` is for clients of other names than ``amp``: ``in:in,out:out@in:in,out:another``.
"""

from __future__ import annotations

import os
import sys

import jack

MAKERS = {"out": "outports", "in": "inports"}


def main() -> None:
    name = sys.argv[sys.argv.index("-n") + 1]
    amp, _, others = os.environ["ODD_JALV"].partition("@")
    client = jack.Client(name, use_exact_name=True)
    for port in (amp if name == "amp" else others).split(","):
        direction, _, short = port.partition(":")
        getattr(client, MAKERS[direction]).register(short)
    client.activate()
    print("> ", end="", flush=True)
    for _ in sys.stdin:
        print("> ", end="", flush=True)
    client.deactivate()
    client.close()


main()
