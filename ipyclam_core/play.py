"""``python -m ipyclam_core.play FILE NAME [--held]``: the network in FILE as a JACK client called NAME, until standard input ends.

The engine ``jack`` runs this for each network file that it starts as a client. It prints ``playing`` when playback has
started. Its ports are not connected: the engine does that. With ``--held`` it opens none of the files that the network names,
to read or to write, until it reads the line ``play``.
"""

from __future__ import annotations

import sys

from .errors import IpyclamError
from .frontend.network import Network


def main() -> int:
    """Play until the end of standard input."""
    path, name, *options = sys.argv[1:]
    network = Network("clam", hold_files="--held" in options)
    try:
        network.load(path)
        network.play(device=f"jack:{name}")
    except (IpyclamError, OSError) as error:
        print(error, flush=True)
        return 1
    print("playing", flush=True)
    for line in sys.stdin:
        if line.strip() == "play":
            network.play(device=f"jack:{name}")
    network.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
