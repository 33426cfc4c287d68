"""Controls in text files: recorded, and played again. `_number_tables.py` describes the files."""

from __future__ import annotations

import numpy as np
from numpy import float64, int64

from ...declare import Array, config, in_control, in_port, out_control, processing
from ...declare.maths import publish, published
from .._ticks import FIRST, ticks
from ._drains import COUNTERS, DRAINED, FILLED, problem_of_target
from ._number_tables import problem_of, table_of
from ._trace_drain import TraceDrain

NUMBERS = 1 << 18  # in the ring of a writer: an hour of one control, seconds of a thousand


def send_row(state, row, outputs):
    """Send the values of a row of the table that differ from those sent before; the file may have changed since it was chosen."""
    for k in range(min(len(outputs), state.columns, len(state.sent))):
        value = state.table[row * state.columns + k]
        if value != state.sent[k]:
            outputs[k].send(value)
            state.sent[k] = value


def prepared(path):
    """The table of a file as one array, and its shape."""
    table = table_of(path)
    flat = table.reshape(-1) if table.size else np.zeros(1)
    flat.flags.writeable = False
    return {"table": flat, "rows": table.shape[0], "columns": table.shape[1]}


@processing(category="Controls", source="CLAM ControlTraceReader", synonyms=("automation", "player", "sequencer", "csv", "envelope"))
class ControlTraceReader:
    """Plays the controls in a text file: the numbers of one line every 512 frames, each column to an output.

    A value is sent when it changes. After the last line nothing more is sent.
    """

    TraceFile = config("", type="file", doc="a text file, as `ControlTraceWriter` writes it")
    outputs = out_control("output", count="columns")

    class State:
        sent: Array[float64]
        place: int64
        next: int64

    class Prepared:
        table: Array[float64]
        rows: int64
        columns: int64

    def problem(TraceFile):
        return problem_of(TraceFile, "TraceFile")

    def ports(TraceFile):
        return {"columns": table_of(TraceFile).shape[1]}

    def initial(TraceFile):
        return {"sent": np.full(max(table_of(TraceFile).shape[1], 1), np.nan), "place": FIRST}

    def prepare(TraceFile):
        return prepared(TraceFile)

    def process(state, outputs, frames):
        passed = ticks(state, frames)
        if passed > 0 and state.next < state.rows:
            state.next = min(state.next + passed, state.rows)
            send_row(state, state.next - 1, outputs)


@processing(category="Controls", source="CLAM ControlTraceWriter", synonyms=("automation", "recorder", "log", "csv", "export"))
class ControlTraceWriter:
    """Records controls to a text file: a line every 512 frames, with the latest value of each input."""

    TraceFile = config("", type="outfile")
    NumberOfInputs = config(1.0, minimum=1.0, maximum=1024.0)
    inputs = in_control("input", count="inputs")

    class State:
        ring: Array[float64]
        counters: Array[int64]
        capacity: int64
        lost: int64
        place: int64

    def problem(TraceFile):
        return problem_of_target(TraceFile, "TraceFile")

    def ports(NumberOfInputs):
        return {"inputs": int(NumberOfInputs)}

    def initial(NumberOfInputs):
        columns = int(NumberOfInputs)
        rows = NUMBERS // columns
        return {"ring": np.zeros(rows * columns), "counters": np.zeros(COUNTERS, np.int64), "capacity": rows, "place": FIRST}

    def companion(state, TraceFile, NumberOfInputs):
        return TraceDrain(state, TraceFile, int(NumberOfInputs))

    def process(state, inputs, frames):
        for _ in range(ticks(state, frames)):
            filled = state.counters[FILLED]
            if filled - published(state.counters, DRAINED) < state.capacity:
                base = filled % state.capacity * len(inputs)
                for k in range(len(inputs)):
                    state.ring[base + k] = inputs[k]
                publish(state.counters, FILLED, filled + 1)
            else:
                state.lost += 1


@processing(category="[plugin] 3D Audio", source="CLAM ControlSequencer", synonyms=("automation", "sequencer", "csv", "player"))
class ControlSequencer:
    """Plays the controls in a text file: `ControlsPerSecond` lines a second, each column to an output. The last line stays.

    A value is sent when it changes.
    """

    Filename = config("", type="file", doc="a text file of numbers")
    SampleRate = config(48000, minimum=1, unit="Hz", doc="kept for CLAM's files: the rate is the network's")
    NumberOfColumns = config(1, minimum=1, maximum=1024)
    ControlsPerSecond = config(24, minimum=1)
    sync = in_port("sync")
    outputs = out_control("output", count="NumberOfColumns")

    class State:
        sent: Array[float64]
        line: float64

    class Prepared:
        table: Array[float64]
        rows: int64
        columns: int64

    def problem(Filename, NumberOfColumns):
        return problem_of(Filename, "Filename", NumberOfColumns)

    def initial(NumberOfColumns):
        return {"sent": np.full(NumberOfColumns, np.nan)}

    def prepare(Filename):
        return prepared(Filename)

    def process(state, sync, ControlsPerSecond, outputs, sample_rate, frames):
        if state.rows > 0 and len(outputs) <= state.columns:
            send_row(state, min(int(state.line), state.rows - 1), outputs)
            state.line += ControlsPerSecond * frames / sample_rate
