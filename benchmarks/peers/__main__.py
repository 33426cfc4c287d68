"""One measurement in a process of its own: ``python -m peers PEER WORKLOAD BLOCK SECONDS OUTPUT``, the result as JSON."""

from __future__ import annotations

import importlib
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from .workloads import WORKLOADS

peer, work, block, seconds, output = sys.argv[1:]
taken = importlib.import_module(f"peers.{peer}").measure(WORKLOADS[work], int(block), float(seconds), Path(output))
print(json.dumps(asdict(taken)), flush=True)
os._exit(0)  # some peers' libraries crash or hang when the interpreter takes them down
