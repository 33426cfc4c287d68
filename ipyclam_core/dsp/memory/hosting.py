"""The table of a plugin that runs in this process: everything the audio thread needs to run it.

Its address is in the first cell of the processing's memory. All words are int64.
"""

from __future__ import annotations

from typing import Final

RUN: Final = 0  # address of the plugin's function run(handle, frames); 0 while there is none
HANDLE: Final = 1
IN_PORTS: Final = 2  # the numbers of each
OUT_PORTS: Final = 3
IN_CONTROLS: Final = 4
OUT_CONTROLS: Final = 5
SENT: Final = 6  # 1 once the out controls have been sent
HEAD_WORDS: Final = 8

# after the head, for each port: address of its samples, `CAPACITY` of them
CAPACITY: Final = 4096
"""Frames in one call of ``run``: longer blocks take several."""

# after the ports, for each in control, then for each out control:
CONTROL_CELL: Final = 0  # offset of its value in the processing's memory
CONTROL_COUNT: Final = 1  # offset of its count of arrivals, or of sendings
CONTROL_TARGET: Final = 2  # address of the plugin's own value, a float32
CONTROL_LOWEST: Final = 3  # float64
CONTROL_HIGHEST: Final = 4  # float64
CONTROL_KIND: Final = 5  # FLOAT, INT or BOOL
CONTROL_WORDS: Final = 6

FLOAT: Final = 0
INT: Final = 1
BOOL: Final = 2
